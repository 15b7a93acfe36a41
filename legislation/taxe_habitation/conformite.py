"""Comparing our results with the official ones, row by row, on vector files of the taxe d'habitation program.

A file is read (`vecteurs.py`), its inputs are turned into columns per entity with the module's column table, the rows of each
tax year are calculated by whoever calls (the engine, or another runner: `Calculator`), and every output and return code is
compared with the file's. A row compares on its return code, and on all outputs where the official code is 0.

Each row of a file is a case of its own: one bill, one dwelling, one commune, and three tax households, in the order of the
bill's roles. Columns of tax households hold three rows per case, side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.errors import Problem, TableError, nearest
from engine.graph.operations import TextArray
from legislation.entites import Cote, FoyerFiscal
from legislation.taxe_habitation.colonnes import Colonne, Genre, Module
from legislation.taxe_habitation.colonnes_cote import MODULES as MODULES_OF_THE_BILL
from legislation.taxe_habitation.colonnes_foyer import KSFC, ColonneFoyer
from legislation.taxe_habitation.colonnes_local import KCVC, KTVC, KVLC
from legislation.taxe_habitation.rapport import Mismatch, Report
from legislation.taxe_habitation.vecteurs import ID, RETURN_CODE, TextColumn, VectorTable, read_vectors, table_error

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[Any]

MODULES: Mapping[str, Module] = MODULES_OF_THE_BILL | {module.nom: module for module in (KSFC, KVLC, KTVC, KCVC)}
VARIANTS = ("default", "iliad")
"""The builds of the program: the one that was published, and the one that caps isolated dependencies itself (ILIAD)."""

KNOWN_YEARS = (2014, 2017)
"""First and last year of the program. Rows of other years are refused by the program; they are calculated with the nearest year."""

HOUSEHOLDS = len(Cote.flattened_roles)
"""Tax households per bill."""

ACCEPTED = "0"

Columns = Mapping[str, Mapping[str, Any]]
"""Entity key -> variable -> column: numbers, positions in an enumeration, or TextArray."""


class Calculator(Protocol):
    """What computes the rows of one tax year: it gets the inputs as columns per entity and returns each wanted variable's column."""

    def __call__(self, module: Module, year: int, variant: str, columns: Columns, names: Sequence[str]) -> Mapping[str, Array]:
        """Return the columns of `names`, each as long as its entity has rows (three times the number of cases for tax households)."""
        ...


def check(path: str | Path, module: Module | str | None, calculate: Calculator, *, variant: str = "default", shown: int = 20) -> Report:
    """Compare one vector file with what `calculate` gives and return the report; `shown` mismatches are kept in full.

    `module` is one of MODULES, its name, or None to find it by the file's columns. Raises TableError that lists all problems of the file.
    """
    if variant not in VARIANTS:
        raise TableError([Problem(str(path), f"there is no variant `{variant}`: expected one of {', '.join(VARIANTS)}.")])
    table = read_vectors(path)
    chosen = _module(table, module)
    likely = find_module(list(table.columns))
    hint = f"it looks like a file of module {likely.nom}, not {chosen.nom}." if likely is not None and likely.nom != chosen.nom else ""
    table.check_columns([*chosen.entrees, *chosen.sorties], hint)
    if not table.rows:
        raise TableError([Problem(table.name, "the file has no rows: there is nothing to compare.")])
    inputs = read_columns(table, chosen)
    comparison = _Comparison(table, chosen, shown)
    for year, rows in _years(table, chosen, inputs).items():
        columns = {entity: {name: _taken(column, entity, rows) for name, column in of_entity.items()} for entity, of_entity in inputs.items()}
        comparison.compare(rows, calculate(chosen, year, variant, columns, comparison.names))
    return comparison.report(variant)


def find_module(columns: Sequence[str]) -> Module | None:
    """Return the module whose inputs these columns name, or None where no module has any of them."""
    common = {module.nom: len(set(module.entrees) & set(columns)) / len(module.entrees) for module in MODULES.values()}
    best = max(common, key=lambda name: common[name])
    return MODULES[best] if common[best] else None


def _module(table: VectorTable, module: Module | str | None) -> Module:
    if isinstance(module, Module):
        return module
    found = find_module(list(table.columns)) if module is None else MODULES.get(module)
    if found is None:
        known = ", ".join(MODULES)
        what = "its columns are those of no module" if module is None else f"there is no module `{module}`{nearest(module, MODULES)}"
        raise TableError([Problem(table.name, f"{what}: expected one of {known}.")])
    return found


# --- Inputs: texts to columns per entity -----------------------------------------------------------------------------


def read_columns(table: VectorTable, module: Module) -> dict[str, dict[str, Any]]:
    """Return the inputs as columns per entity. Raises TableError that lists every text that cannot be read."""
    problems: list[Problem] = []
    inputs: dict[str, dict[str, Any]] = {}
    for name, colonne in module.entrees.items():
        of_entity = inputs.setdefault(colonne.entite.key, {})
        for variable, column in _decoded(table, name, colonne, problems).items():
            if isinstance(colonne, ColonneFoyer):
                households = of_entity.setdefault(variable, np.zeros(HOUSEHOLDS * table.rows, column.dtype))
                households[_rank(colonne) :: HOUSEHOLDS] = column
            else:
                of_entity[variable] = column
    if problems:
        raise table_error(problems)
    return inputs


def _decoded(table: VectorTable, name: str, colonne: Colonne, problems: list[Problem]) -> dict[str, Any]:
    """Return a column's values by variable; each distinct text is read once."""
    column = table.columns[name]
    try:
        values = colonne.lire(column.texts)
    except ValueError:
        problems += _unreadable(table, name, colonne)
        return {}
    if colonne.genre is Genre.texte:
        texts = np.array([text.strip() for text in column.texts] or [""], dtype=object)
        return {variable: TextArray(column.codes, texts) for variable in values}
    return {variable: of_texts[column.codes] for variable, of_texts in values.items()}


def _unreadable(table: VectorTable, name: str, colonne: Colonne) -> list[Problem]:
    column = table.columns[name]
    problems = []
    for code, text in enumerate(column.texts):
        if not _can_read(colonne, [text]):
            row = int(np.argmax(column.codes == code))
            problems.append(Problem(table.place(row, name), f"`{text}` cannot be read as `{colonne.genre.value}`."))
    return problems


def _can_read(colonne: Colonne, texts: list[str]) -> bool:
    try:
        colonne.lire(texts)
    except ValueError:
        return False
    return True


def _rank(colonne: ColonneFoyer) -> int:
    return Cote.flattened_roles.index(colonne.role)


def _years(table: VectorTable, module: Module, inputs: Columns) -> dict[int, Array]:
    """Return the positions of the rows of each tax year."""
    colonne = module.entrees[module.colonne_annee]
    years = np.clip(inputs[colonne.entite.key][colonne.variables[0]], *KNOWN_YEARS)
    return {int(year): np.flatnonzero(years == year) for year in np.unique(years)} if table.rows else {}


def _taken(column: Any, entity: str, rows: Array) -> Any:
    if entity == FoyerFiscal.key:
        rows = (rows[:, np.newaxis] * HOUSEHOLDS + np.arange(HOUSEHOLDS)).ravel()
    return column[rows]


# --- Outputs: comparing ----------------------------------------------------------------------------------------------


class _Comparison:
    """Gathers what differs, column by column, as the years of a file are calculated."""

    def __init__(self, table: VectorTable, module: Module, shown: int) -> None:
        self.table = table
        self.module = module
        self.shown = shown
        self.names = list(dict.fromkeys([module.code_retour, *(name for colonne in module.sorties.values() for name in colonne.variables)]))
        self.equal = np.ones(table.rows, dtype=np.bool_)
        self.counts: dict[str, int] = {}
        self.first: list[tuple[int, int, Mismatch]] = []

    def compare(self, rows: Array, results: Mapping[str, Array]) -> None:
        """Compare the results of some rows of the file with what the file says."""
        official = self.table.columns[RETURN_CODE]
        code = self.module.code_retour
        self._column(RETURN_CODE, rows, {code: np.asarray(results[code])}, Colonne((code,), self.module.entite, Genre.entier))
        accepted = official.texts.index(ACCEPTED) if ACCEPTED in official.texts else -1
        kept = official.codes[rows] == accepted
        for name, colonne in self.module.sorties.items():
            step = slice(_rank(colonne), None, HOUSEHOLDS) if isinstance(colonne, ColonneFoyer) else slice(None)
            values = {variable: np.asarray(results[variable])[step][kept] for variable in colonne.variables}
            self._column(name, rows[kept], values, colonne)

    def _column(self, name: str, rows: Array, values: Mapping[str, Array], colonne: Colonne) -> None:
        column = self.table.columns[name]
        codes = column.codes[rows]
        equal = _expected(column, codes, colonne)(codes, values)
        if equal.all():
            return
        wrong = np.flatnonzero(~equal)
        self.equal[rows[wrong]] = False
        self.counts[name] = self.counts.get(name, 0) + len(wrong)
        order = list(self.table.columns).index(name)
        for position in wrong[: self.shown]:
            row = int(rows[position])
            mismatch = Mismatch(self.table.columns[ID].text(row), name, column.text(row), _written(colonne, values, int(position)))
            self.first.append((row, order, mismatch))

    def report(self, variant: str) -> Report:
        """Return what was found."""
        first = tuple(mismatch for _, _, mismatch in sorted(self.first, key=lambda found: found[:2])[: self.shown])
        return Report(self.table.name, self.module.nom, variant, self.table.rows, int(self.equal.sum()), dict(self.counts), first)


def _expected(column: TextColumn, codes: Array, colonne: Colonne) -> Callable[[Array, Mapping[str, Array]], Array]:
    """Return what tells, row by row, whether values are those of the file.

    Each text that occurs is read once. One that cannot be read, or that we would write otherwise, equals nothing.
    """
    used = [int(code) for code in np.unique(codes)]
    if not _can_read(colonne, [column.texts[code] for code in used]):
        used = [code for code in used if _can_read(colonne, [column.texts[code]])]
    texts = [column.texts[code] for code in used]
    read = colonne.lire(texts)
    readable = np.zeros(len(column.texts), dtype=np.bool_)
    readable[used] = [written == text for written, text in zip(colonne.ecrire(read), texts, strict=True)]
    expected = {variable: np.zeros(len(column.texts), of_texts.dtype) for variable, of_texts in read.items()}
    for variable, of_texts in read.items():
        expected[variable][used] = of_texts

    def equal(codes: Array, values: Mapping[str, Array]) -> Array:
        same = readable[codes]
        for variable, of_texts in expected.items():
            same &= of_texts[codes] == values[variable]
        return same

    return equal


def _written(colonne: Colonne, values: Mapping[str, Array], position: int) -> str:
    """Return our text of one row; for a code that has no text, its position in the enumeration."""
    row = {variable: of_variable[position : position + 1] for variable, of_variable in values.items()}
    try:
        return colonne.ecrire(row)[0]
    except KeyError:
        return " ".join(f"{variable}={of_row[0]}" for variable, of_row in row.items())
