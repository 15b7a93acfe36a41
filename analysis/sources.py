"""Populations from wherever users have them: files, a folder, or tables in memory (pandas, polars, Arrow), as columns for a year.

Tables in memory are written to a temporary Arrow file and read as files are: one reader checks every cell, wherever it comes from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, SupportsIndex

from engine.errors import DataError, nearest
from engine.periods import ETERNITY, YEAR, Period, period
from population.columns import Columns
from population.france.schema import read_population
from population.tables import read_flat_table, read_tables, tables_in

if TYPE_CHECKING:
    from engine.legislation import Legislation

_KNOWN: Final = "a file, a folder with a table for each entity, a mapping of entities to tables, or Columns"


def columns_of(population: Any, law: Legislation, year: int) -> Columns:
    """Return a population as columns at a year.

    `population` is a flat table (a file, or a table in memory), a folder with a file for each entity (`menage.parquet`, …), a
    mapping of entities to such tables, or Columns. A folder that `bareme population make` wrote goes to the year with what its communes voted.
    Raises TableError with all that is wrong, DataError for what is no population.
    """
    if isinstance(population, Columns):
        return population
    if isinstance(population, Mapping):
        with tempfile.TemporaryDirectory() as folder:
            return read_tables({entity: _as_file(table, Path(folder), entity) for entity, table in population.items()}, law, year)
    if isinstance(population, str | Path):
        path = Path(population)
        if not path.exists():
            siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
            raise DataError(f"{path}: there is no such file or folder.{nearest(path.name, siblings)}")
        return read_population(tables_in(path, law), law, year) if path.is_dir() else read_flat_table(path, law, year)
    with tempfile.TemporaryDirectory() as folder:
        return read_flat_table(_as_file(population, Path(folder), "table"), law, year)


def _as_file(table: Any, folder: Path, name: str) -> Path:
    """Return the file of a table; one in memory is written first."""
    if isinstance(table, str | Path):
        return Path(table)
    import pyarrow as pa  # noqa: PLC0415 - only for tables in memory
    from pyarrow import feather  # noqa: PLC0415

    if not hasattr(table, "__arrow_c_stream__"):
        raise DataError(f"The table of `{name}` is of type {type(table).__name__}: expected {_KNOWN}.")
    path = folder / f"{name}.arrow"
    read = pa.table(table)
    feather.write_feather(_decoded(read.drop_columns([column for column in read.column_names if column.startswith("__index_")])), path)
    return path


def _decoded(table: Any) -> Any:
    """Return the table with large and view texts, as polars and pandas have them, as plain ones."""
    import pyarrow as pa  # noqa: PLC0415 - only for tables in memory

    for position, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type):
            table = table.set_column(position, field.name, table.column(position).cast(pa.string()))
    return table


def at_year(columns: Columns, known: int, year: int) -> Columns:
    """Return columns of one year as those of another: the same persons and amounts, every period moved by as many years."""
    if known == year:
        return columns
    return replace(columns, inputs={(name, _moved(when, year - known)): values for (name, when), values in columns.inputs.items()})


def year_of(columns: Columns) -> int:
    """Return the year of most of the columns' inputs. Raises DataError where no input has one."""
    years = [when.start.year for _, when in columns.inputs if when.unit != ETERNITY]
    if not years:
        raise DataError("The population has no input with a year: expected at least one.")
    return max(sorted(set(years)), key=years.count)


def _moved(when: Period, years: int) -> Period:
    return when if when.unit == ETERNITY else period(str(when.offset(years, YEAR)))


def years_of(year: Any, default: int) -> tuple[int, ...]:
    """Return the years asked for, one or several, ascending. Raises DataError where there are none, or one is no whole number."""
    is_several = isinstance(year, Iterable) and not isinstance(year, str)
    asked = list(year) if is_several else [default if year is None else year]
    if wrong := [each for each in asked if not isinstance(each, SupportsIndex)]:
        raise DataError(f"{wrong[0]!r} is no year: expected a whole number, as 2022.")
    if not asked:
        raise DataError("Expected at least one year.")
    return tuple(sorted({index(each) for each in asked}))
