"""Tables of results: each knows its title and the label and unit of each column, and goes to Arrow, pandas, polars and any reader of Arrow.

A figure with a sampling error has a column `<name>_erreur` beside it. A cell that is empty has no figure, or one that is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ERROR = "_erreur"
EUROS, HOUSEHOLDS, SHARE, COUNT, TAX_HOUSEHOLDS, EUROS_PER_UNIT = "€", "ménages", "part", "nombre", "foyers fiscaux", "€ par unité de consommation"
MONEY = (EUROS, EUROS_PER_UNIT)
VALUE = "valeur"
"""Of a column whose unit each row says, in the column `unite`."""


@dataclass(frozen=True)
class Column:
    """A column: its name in files, its label for readers, and the unit of its figures (empty for texts)."""

    name: str
    label: str
    unit: str = ""
    has_error: bool = False


WHO = (Column("annee", "Année", COUNT), Column("comparaison", "Comparaison"))
"""What tells a row's year, and which laws it compares."""


@dataclass(frozen=True)
class Table:
    """One table of results. `columns` are those of figures and texts; the data hold one more for each error."""

    name: str
    title: str
    columns: tuple[Column, ...]
    data: pa.Table
    note: str = ""

    @classmethod
    def of(cls, name: str, title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], note: str = "") -> Table:
        """Return a table of rows; figures that are not numbers (NaN) are empty."""
        rows = list(rows)
        arrays, fields = [], []
        for field in (field for column in columns for field in fields_of(column)):
            arrays.append(pa.array([_plain(row.get(field.name)) for row in rows], field.type))
            fields.append(field)
        return cls(name, title, tuple(columns), pa.table(arrays, schema=pa.schema(fields)), note)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as mappings."""
        found: list[dict[str, Any]] = self.data.to_pylist()
        return found

    def to_arrow(self) -> pa.Table:
        """Return the data as an Arrow table, whose fields carry label and unit."""
        return self.data

    def to_pandas(self) -> Any:
        """Return a pandas data frame; pandas must be installed."""
        return self.data.to_pandas()

    def to_polars(self) -> Any:
        """Return a polars data frame; polars must be installed."""
        import polars as pl  # noqa: PLC0415 - optional: only for those who have it

        return pl.from_arrow(self.data)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Hand the data to any library that reads Arrow's C stream, as pandas, polars and DuckDB do."""
        return self.data.__arrow_c_stream__(requested_schema)

    @property
    def has_amounts(self) -> bool:
        """Whether some column is in euros."""
        return any(column.unit in (*MONEY, VALUE) for column in self.columns)

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        from analysis.html_tables import html_table  # noqa: PLC0415 - that module knows tables

        return "\n".join((f"<h4>{escape(self.title)}</h4>", *html_table(self)))

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def with_amounts(self, change: Callable[[int], float]) -> Table:
        """Return the table with amounts in euros multiplied by what the function gives for the year of each row."""
        factors = np.array([change(year) for year in self.data["annee"].to_pylist()])
        by_row = np.ones(len(factors))
        if "unite" in self.data.column_names:  # figures of several units in one column
            by_row = np.where(np.isin(self.data["unite"].to_numpy(zero_copy_only=False), MONEY), factors, 1.0)
        data = self.data
        for column in self.columns:
            if column.unit in (*MONEY, VALUE):
                for field in fields_of(column):
                    position = data.schema.get_field_index(field.name)
                    values = data.column(position).to_numpy(zero_copy_only=False) * (by_row if column.unit == VALUE else factors)
                    data = data.set_column(position, data.schema.field(position), pa.array(values, pa.float64(), from_pandas=True))
        return replace(self, data=data)


def fields_of(column: Column) -> list[pa.Field]:
    """Return the Arrow fields of a column: its own, and that of its error."""
    known = {"label": column.label, **({"unit": column.unit} if column.unit else {})}
    kind = pa.string() if not column.unit else pa.int64() if column.unit == COUNT else pa.float64()
    found = [pa.field(column.name, kind, metadata=known)]
    if column.has_error:
        found.append(pa.field(column.name + ERROR, pa.float64(), metadata={**known, "label": f"{column.label} : erreur d'échantillonnage"}))
    return found


def concatenated(tables: Sequence[Table]) -> Table:
    """Return tables of one name, of several years, as one."""
    return replace(tables[0], data=pa.concat_tables([table.data for table in tables]))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
