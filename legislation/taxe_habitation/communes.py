"""The communes' yearly tables: voted rates, average rental values, allowances, name, EPCI, population.

The files travel with the figures of the law, in `parameters/communes/`; that folder's README describes their columns,
units and sources. They are found there from a checkout as from an installed wheel. pyarrow is loaded when a table is read.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from engine.errors import DataError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import pyarrow as pa

_SUFFIX = ".parquet"


def _folder() -> Traversable:
    return files("parameters") / "communes"


def years_of_communes() -> tuple[int, ...]:
    """Return the tax years for which there is a table of the communes, in order."""
    names = [entry.name for entry in _folder().iterdir()]
    return tuple(sorted(int(name.removesuffix(_SUFFIX)) for name in names if name.endswith(_SUFFIX)))


def communes(year: int) -> pa.Table:
    """Return the table of all communes of one tax year, one row a commune, sorted by `code_insee`.

    Rates are fractions, amounts whole euros; 0 means zero or missing. Raises DataError for a year without a table.
    """
    from pyarrow import parquet  # noqa: PLC0415 - a cold start does without pyarrow

    years = years_of_communes()
    if year not in years:
        raise DataError(f"There is no table of the communes for the year {year}: the known years are {', '.join(map(str, years))}.")
    with (_folder() / f"{year}{_SUFFIX}").open("rb") as stream:
        return parquet.read_table(stream)
