"""The country's chapter of a note, from the result of a run as `GET /v1/impacts/<id>` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from web_api.notes.model import Cell, Column, Figure, Grid, Part
from web_api.notes.written import count, euros, large, share
from web_api.words import say, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROUPINGS: Final = ("deciles_niveau_de_vie", "deciles_revenu_fiscal", "types_de_famille", "ages", "statuts_occupation")
ORDER: Final = ("amendement", "reforme", "ensemble", "projet")
ERROR: Final = "_erreur"
TOTAL: Final = "total"

Row = dict[str, Any]


def country_part(result: Mapping[str, Any] | None, language: str) -> Part:
    """Return the chapter; one sentence where nothing has been computed."""
    if result is None:
        return Part(say(language, "notes.country"), (say(language, "notes.not_computed"),))
    tables = {table["name"]: table["rows"] for table in result["tables"]}
    grids = tuple(grid for comparison in _comparisons(tables) for grid in _Chapter(tables, comparison, language).grids())
    population = result["population"].get("name") or result["population"].get("identity") or ""
    sentences = (*result["cautions"], *result["notes"], *([say(language, "notes.population", population=population)] if population else []))
    return Part(say(language, "notes.country"), tuple(str(each) for each in sentences), grids)


def _comparisons(tables: Mapping[str, list[Row]]) -> list[str]:
    present = dict.fromkeys(row["comparaison"] for row in tables["budget"])
    return sorted(present, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


class _Chapter:
    """The tables of one comparison."""

    def __init__(self, tables: Mapping[str, list[Row]], comparison: str, language: str) -> None:
        self.tables = {name: [row for row in rows if row.get("comparaison") == comparison] for name, rows in tables.items()}
        self.comparison = comparison
        self.language = language

    def grids(self) -> Iterator[Grid]:
        """Give the tables that there are."""
        yield self._budget()
        yield self._groups("ensemble", self.t("everybody"))
        for name in GROUPINGS:
            if self.tables.get(name):
                yield self._groups(name, self.of_country(f"by_{name}"))
        if self.tables.get("foyers_imposes"):
            yield self._taxed()

    def t(self, key: str) -> str:
        """Return the note's words."""
        return say(self.language, f"notes.{key}")

    def of_country(self, key: str, otherwise: str = "") -> str:
        """Return the words of the country's panel, where it has them."""
        full = f"country.{key}"
        return say(self.language, full) if full in words(self.language) else otherwise or key

    def _title(self, title: str) -> str:
        return f"{title} – {self.of_country(f'comparison_{self.comparison}', self.t('amended'))}"

    def _budget(self) -> Grid:
        rows = self.tables["budget"]
        moved = [row for row in rows if row["mesure"] == TOTAL or abs(row["effet_budget"] or 0.0) >= 0.5]  # noqa: PLR2004 - half a euro
        cells = tuple((self.of_country(f"measure_{row['mesure']}", row["libelle"]), *self._budget_cells(row)) for row in moved)
        columns = (Column(self.t("measure"), is_text=True), *(Column(self.t(key), "€") for key in ("before", "after", "budget_effect", "error")))
        strong = frozenset(place for place, row in enumerate(moved) if row["mesure"] == TOTAL)
        return Grid(f"budget_{self.comparison}", self._title(self.t("budget")), columns, cells, strong)

    def _budget_cells(self, row: Row) -> Iterator[Cell]:
        yield large(row["avant"], None, self.language)
        yield large(row["apres"], None, self.language)
        yield large(row["effet_budget"], None, self.language, is_signed=True)
        yield large(row["effet_budget" + ERROR], None, self.language)

    def _groups(self, name: str, title: str) -> Grid:
        columns = (
            Column(self.t("group"), is_text=True),
            Column(self.t("number_of_households")),
            Column(self.t("mean_effect"), "€"),
            Column(self.t("error"), "€"),
            Column(self.t("gaining")),
            Column(self.t("losing")),
        )
        rows = tuple((self._group_name(row), *self._group_cells(row)) for row in self.tables[name])
        return Grid(f"{name}_{self.comparison}", self._title(title), columns, rows)

    def _group_name(self, row: Row) -> str:
        return str(row.get("groupe") or self.t("everybody"))

    def _group_cells(self, row: Row) -> Iterator[Cell]:
        yield count(row["menages"], self.language)
        yield euros(row["effet_moyen"], self.language, is_signed=True)
        yield euros(row["effet_moyen" + ERROR], self.language)
        yield share(row["part_gagnants"], self.language)
        yield share(row["part_perdants"], self.language)

    def _taxed(self) -> Grid:
        rows = self.tables["foyers_imposes"]
        names = [
            name for name, value in rows[0].items() if name not in ("annee", "comparaison") and not name.endswith(ERROR) and isinstance(value, float | int)
        ]
        cells = tuple((self.of_country(f"taxed_{name}", name), _count_of(row, name, self.language)) for row in rows for name in names)
        columns = (Column(self.t("tax_households"), is_text=True), Column(self.t("number")))
        return Grid(f"taxed_{self.comparison}", self._title(self.t("taxed")), columns, cells)


def _count_of(row: Row, name: str, language: str) -> Figure:
    return count(row[name], language)
