"""Reforms as data: what changes in the parameter tree, by path.

    taxe_habitation.seuils.plafond: {2018-01-01: 5000}                        # from that day on, for ever
    impot_revenu.bareme.brackets[1].rate: {2018-01-01: {value: 0.15, stop: 2018-12-31, reference: …}}
    impot_revenu: {bareme: {"[2]": {threshold: {2018-01-01: 30000}}}}         # the same, branch by branch
    taxe_habitation.nouveau: {description: …, values: {2018-01-01: 3}}        # a whole item, new or in the place of another
    impot_revenu.bareme.brackets[2]: {2018-01-01: null}                       # a scale: see scale_updates.py
    impot_revenu.bareme.brackets: {2018-01-01: [{threshold: 0, rate: 0}, {threshold: 9000, rate: 0.2}]}
    impot_revenu.bareme.brackets.add: {2018-01-01: {threshold: 200000, rate: 0.5}}

Everything that is wrong is told at once.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from engine.errors import ParameterError, ParameterFileError, PeriodError
from engine.parameters.dated_values import Parameter
from engine.parameters.dates import date_text, is_date, looks_like_date
from engine.parameters.items import Bracket, Container, Scale, joined, segments_of
from engine.parameters.reading import Reader
from engine.parameters.scale_updates import ADD, BRACKETS, ScaleUpdates
from engine.parameters.yaml_text import in_order, line_of, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.parameters.tree import ParameterNode

_DEFINES: Final = ("values", "brackets", "table")
_OF_CHANGE: Final = ("value", "stop", "reference", "metadata")
_FORMS: Final = "expected dates and values, as `{2018-01-01: 5}`, or `{values: …}`, `{brackets: …}` or `{table: …}` for a whole item"


def updated_from_data(tree: ParameterNode, data: Mapping[Any, Any], *, file: str = "data") -> ParameterNode:
    """Return the tree with the changes that the data describe; `file` is how messages name them.

    A value holds from its date on, for ever or until `stop` (included). Raises ParameterFileError that lists every problem, with the nearest names.
    """
    changes = _Changes(tree, file)
    if isinstance(data, dict):
        changes.branch(data, "", None)
    else:
        changes.reader.problem((file, None), f"expected a mapping of paths and changes, not {type(data).__name__}.")
    changes.scales.check(changes.tree)
    if changes.reader.problems:
        raise ParameterFileError(in_order(changes.reader.problems))
    return changes.tree


class _Changes:
    """A tree being changed."""

    def __init__(self, tree: ParameterNode, file: str) -> None:
        self.tree = tree
        self.file = file
        self.reader = Reader()
        self.scales = ScaleUpdates(tree, self.reader)

    def branch(self, data: Mapping[Any, Any], path: str, line: int | None) -> None:
        """Apply changes by the paths below a branch."""
        for key, change in data.items():
            place = (self.file, line_of(data, key, line))
            try:
                self.change(reduce(joined, segments_of(str(key)), path), change, place)
            except (ParameterError, PeriodError) as error:
                self.reader.problem(place, f"{error}{self.elsewhere(str(key)) if not path else ''}")

    def change(self, path: str, data: Any, place: tuple[str, int | None]) -> None:
        """Apply one change. Raises ParameterError or PeriodError for what is wrong with it."""
        if not isinstance(data, dict) or not data:
            self.reader.problem(place, f"`{path}` is given {data!r}: {_FORMS}.")
        elif any(key in data for key in _DEFINES) and not isinstance(data.get(BRACKETS), dict):
            self.define(path, data, place)
        elif path.endswith((f".{BRACKETS}", f".{ADD}")) and not self.exists(path):
            self.change_scale(path, data, place)
        elif any(_is_dated(key) for key in data):
            self.update(path, data, place)
        elif not self.exists(path) and self.exists(path.rpartition("[")[0]) and "threshold" in data:
            self.add_bracket(path, data, place)
        else:
            self.tree.child(path)
            self.branch(data, path, place[1])

    def elsewhere(self, path: str) -> str:
        """Return, for a message, the paths that end as one of which the law does not know the beginning; an empty text where there are none."""
        first, *rest = segments_of(path) or ("",)
        if first in self.tree.child_names():
            return ""
        named = (item.name for item in self.tree.descendants() if item.name.endswith(f".{first}"))
        found = [reduce(joined, rest, name) for name in named if self.exists(reduce(joined, rest, name))]
        return f" Did you mean {' or '.join(f'`{name}`' for name in found[:3])}?" if found else ""

    def exists(self, path: str) -> bool:
        """Tell whether there is an item at a path."""
        item: Any = self.tree
        for segment in segments_of(path):
            item = item.get(segment) if isinstance(item, Container) else None
            if item is None:
                return False
        return True

    def change_scale(self, path: str, data: Mapping[Any, Any], place: tuple[str, int | None]) -> None:
        """Replace the brackets of a scale, or add some, from dates on."""
        branch = path.removesuffix(f".{ADD}") if path.endswith(f".{ADD}") else path
        scale_path = branch.removesuffix(f".{BRACKETS}")
        scale = self.tree.child(scale_path)
        if not isinstance(scale, Scale):
            self.tree.child(branch)  # tells what is there instead
            self.tree.child(path)
        if branch == path and not any(_is_dated(key) for key in data):
            self.branch(data, path, place[1])
            return
        for date, (change, at) in self.dated(path, data, place):
            change_of_scale = self.scales.replaced if branch == path else self.scales.added
            changed = change_of_scale(self.tree.child(scale_path), date, change, at)
            if changed is not None:
                self.tree = self.tree.replaced(scale_path, changed)

    def update(self, path: str, data: Mapping[Any, Any], place: tuple[str, int | None]) -> None:
        """Give a figure other values from their dates on; null for a bracket takes it away."""
        item = self.tree.child(path)
        if not isinstance(item, Parameter | Bracket):
            self.tree.updated(path, value=None)  # tells what is there instead
        for date, (change, at) in self.dated(path, data, place):
            how = change if isinstance(change, dict) else {"value": change}
            self.reader.known_keys(how, _OF_CHANGE, at)
            if "value" not in how:
                self.reader.problem(at, f"`{path}` at {date} has no `value`: expected `value: …` (null for the end of the figure).")
                continue
            known = {key: plain(how[key]) for key in _OF_CHANGE if how.get(key) is not None}
            try:
                self.update_once(path, {"value": None, **known, "start": date}, at)
            except (ParameterError, PeriodError) as error:
                self.reader.problem(at, str(error))

    def update_once(self, path: str, how: dict[str, Any], at: tuple[str, int | None]) -> None:
        """Give a figure one other value. Raises ParameterError or PeriodError for one that does not fit."""
        item = self.tree.child(path)
        if isinstance(item, Bracket):
            if how["value"] is not None:
                message = f"`{path}` is a bracket: expected null to take it away, or its {' and '.join(f'`.{name}`' for name in item.figures)}."
                raise ParameterError(message)
            self.scales.note(path.rpartition("[")[0], how["start"], at)
            for name in item.figures:
                self.tree = self.tree.updated(f"{path}.{name}", **how)
            return
        check_after_the_first(item, how["start"])
        scale_path, _, figure = path.rpartition("[")
        if figure and isinstance(self.tree.child(scale_path), Scale):
            self.scales.note(scale_path, how["start"], at)
        self.tree = self.tree.updated(path, **how)

    def dated(self, path: str, data: Mapping[Any, Any], place: tuple[str, int | None]) -> list[tuple[str, tuple[Any, tuple[str, int | None]]]]:
        """Return the changes by date, ascending, each with its place; what is no date is a problem."""
        dated: dict[str, tuple[Any, tuple[str, int | None]]] = {}
        for key, change in data.items():
            at = (place[0], line_of(data, key, place[1]))
            if isinstance(key, str) and not is_date(key):
                self.reader.problem(
                    at,
                    f"`{key}` cannot date a value of `{path}`: {'there is no such day' if looks_like_date(key) else 'expected a date written `2015-01-31`'}.",
                )
            else:
                dated[date_text(key)] = (change, at)
        return sorted(dated.items())

    def define(self, path: str, data: Mapping[Any, Any], place: tuple[str, int | None]) -> None:
        """Put a whole item in its place, new or instead of another."""
        item = self.reader.item(data, path, place)
        if item is not None:
            self.tree = self.tree.replaced(path, item) if self.exists(path) else self.tree.with_child(path, item)

    def add_bracket(self, path: str, data: Mapping[Any, Any], place: tuple[str, int | None]) -> None:
        """Add a bracket at the end of a scale."""
        parent, _, position = path.rpartition("[")
        scale = self.tree.child(parent)
        if not isinstance(scale, Scale) or f"[{position}" != f"[{len(scale.brackets)}]":
            self.tree.child(path)
        bracket = self.reader.bracket(data, path, place)
        if bracket is not None:
            self.tree = self.tree.replaced(parent, scale.with_bracket(bracket))


def check_after_the_first(figure: Parameter, date: str) -> None:
    """Raise ParameterError where a date comes before the first value of a figure: the law was another then, or is not known here."""
    if figure.starts and date < figure.starts[0]:
        raise ParameterError(f"`{figure.name}` has values from {figure.starts[0]} on: {date} comes before the first.")


def _is_dated(key: Any) -> bool:
    return not isinstance(key, str) or looks_like_date(key[:10])
