"""The parts of a reform: each figure of the law that it changes, each variable that it puts out of force, and the rules that it writes anew.

Each part may be applied without the others. What cannot be is one part: the threshold and the rate of a bracket that comes or goes,
thresholds of a scale that would overlap if one moved alone, and rules written anew with the figures that came with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from analysis.figure_words import words_of
from engine.parameters import Parameter
from engine.parameters.items import Bracket, Container, Scale, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.legislation import Legislation
    from engine.parameters import ParameterNode
    from engine.traces import FigureRead

RULES: Final = "règles"
_FIRST_DAY: Final = "0001-01-01"


@dataclass(frozen=True)
class Change:
    """An item of the parameter tree before and after; None where it is not there."""

    path: str
    before: Any
    after: Any

    @property
    def known(self) -> Any:
        """The item that is there, that of the reform first."""
        return self.after if self.after is not None else self.before

    def differs_at(self, date: str) -> bool:
        """Whether a formula that reads it at a date may read something else."""
        if all(isinstance(item, Parameter | None) for item in (self.before, self.after)):
            return bool(self.value(date) != self.value(date, after=True))
        return True

    def value(self, date: str, *, after: bool = False) -> Any:
        """Return the figure at a date; None where there is none, or it is no figure."""
        item = self.after if after else self.before
        return item.at_date(date) if isinstance(item, Parameter) else None

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates at which the item changes, before or after, ascending."""
        figures = [figure for item in (self.before, self.after) for figure in (item.figures.values() if isinstance(item, Bracket) else (item,))]
        return tuple(sorted({date for figure in figures if figure is not None for date in figure.change_dates}))


@dataclass(frozen=True)
class Part:
    """One part: figures that change together, or rules (`rules` are names of variables)."""

    name: str
    label: str
    changes: tuple[Change, ...] = ()
    rules: tuple[str, ...] = ()
    unit: str = ""
    reference: tuple[str, ...] = ()

    def told(self, first: str, last: str) -> tuple[str, str]:
        """Return the figures before and after, in words, at the first day between two at which they differ."""
        texts = []
        for change in self.changes:
            dates = [first, *(date for date in change.dates if first < date <= last), *change.dates]
            at = next((date for date in dates if change.differs_at(date)), first)
            texts.append((_told(change, at, after=False), _told(change, at, after=True)))
        if self.rules:
            texts.append(("en vigueur", "neutralisée" if self.name != RULES else "réécrites"))
        return " ; ".join(text for text, _ in texts), " ; ".join(text for _, text in texts)


def _told(change: Change, date: str, *, after: bool) -> str:
    item = change.after if after else change.before
    if item is None:
        return "–"
    if isinstance(item, Bracket):
        return ", ".join(str(figure.at_date(date)) for figure in item.figures.values())
    value = change.value(date, after=after)
    return "…" if not isinstance(item, Parameter) else "–" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, eq=False)
class ReformParts:
    """Two laws, and the parts in which they differ, in the order of their names."""

    before: Legislation
    after: Legislation
    parts: tuple[Part, ...]
    _touched: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Legislation, after: Legislation) -> ReformParts:
        """Return the parts in which a reformed law differs from another."""
        rules = [name for name in sorted({*before.variables, *after.variables}) if before.variables.get(name) is not after.variables.get(name)]
        alone = [name for name in rules if name in before.variables and name in after.variables and after.variables[name].is_neutralized]
        anew = tuple(name for name in rules if name not in alone)
        changes = list(_changes(before.parameters, after.parameters, ""))
        with_rules = [change for change in changes if anew and None in (change.before, change.after) and "[" not in change.path]
        found = [
            Part(name, f"{before.variables[name].label or name}, mise hors vigueur", rules=(name,), reference=tuple(before.variables[name].reference))
            for name in alone
        ]
        if anew:
            found.append(Part(RULES, f"Règles écrites à nouveau : {', '.join(anew)}", tuple(with_rules), anew))
        others = [change for change in changes if not any(change is each for each in with_rules)]
        found += [_together(group, before, after) for group in _groups(others, before.parameters, after.parameters)]
        return cls(before, after, tuple(sorted(found, key=lambda part: part.name)))

    def law(self, chosen: Iterable[int]) -> Legislation:
        """Return the law with some of the parts, by number."""
        some = set(chosen)
        if not some:
            return self.before
        if len(some) == len(self.parts):
            return self.after
        tree, rules = self.before.parameters, dict(self.before.variables)
        base = self.before
        for part in (self.parts[number] for number in sorted(some)):
            for change in part.changes:
                tree = _changed(tree, change)
            for name in part.rules:
                rules.pop(name, None)
                if name in self.after.variables:
                    rules[name] = self.after.variables[name]
            base = self.after if part.name == RULES else base
        variables = MappingProxyType(rules) if any(self.parts[number].rules for number in some) else self.before.variables
        return replace(base, parameters=tree, variables=variables, baseline=self.before)

    def touched(self, read: FigureRead) -> frozenset[int]:
        """Return the numbers of the parts that may change what a formula read."""
        key = (read.name, read.instant)
        found = self._touched.get(key)
        if found is None:
            branch = _branch(read.name)
            found = frozenset(
                number
                for number, part in enumerate(self.parts)
                if any(_is_on_one_way(branch, _branch(change.path)) and change.differs_at(read.instant) for change in part.changes)
            )
            self._touched[key] = found
        return found

    @cached_property
    def by_rule(self) -> dict[str, int]:
        """The part that changes a variable's rule, by name."""
        return {name: number for number, part in enumerate(self.parts) for name in part.rules}

    @cached_property
    def of_structure(self) -> frozenset[int]:
        """The parts that bring items into the tree or take them away: what a formula found to be there is not told by the figures it read."""
        return frozenset(number for number, part in enumerate(self.parts) if any(None in (change.before, change.after) for change in part.changes))


# Differences of trees


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:
    """Give the items that differ, as deep as they may be changed alone."""
    if before is after:
        return
    is_figure = all(isinstance(item, Parameter) for item in (before, after))
    if is_figure and (before.starts, before.values) == (after.starts, after.values):
        return  # nothing but its description
    containers = all(isinstance(item, Container) and not isinstance(item, Table) for item in (before, after))
    alike = containers and type(before) is type(after) and getattr(before, "kind", None) == getattr(after, "kind", None)
    if is_figure or not alike:
        yield Change(path, before, after)
        return
    for name in dict.fromkeys((*before.child_names(), *after.child_names())):
        below = f"{path}{name}" if name.startswith("[") else f"{path}.{name}" if path else name
        yield from _changes(before.get(name), after.get(name), below)


def _groups(changes: list[Change], before: ParameterNode, after: ParameterNode) -> list[list[Change]]:
    """Return the changes in groups of those that cannot be made one without the other."""
    leader = {change.path: change.path for change in changes}

    def found(path: str) -> str:
        while leader[path] != path:
            path = leader[path]
        return path

    for one, other in _bound(changes, before, after):
        if one in leader and other in leader:
            first, second = sorted((found(one), found(other)))
            leader[second] = first
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(found(change.path), []).append(change)
    return list(groups.values())


def _bound(changes: list[Change], before: ParameterNode, after: ParameterNode) -> Iterator[tuple[str, str]]:
    """Give the pairs of paths that must change together: within a bracket that comes or goes, and thresholds that would overlap."""
    dates: dict[str, set[str]] = {}
    for change in changes:
        if "[" in change.path:
            dates.setdefault(change.path.partition("[")[0], set()).update(date for date in (_FIRST_DAY, *change.dates) if change.differs_at(date))
    for path, differing in dates.items():
        scales = (before.child(path), after.child(path))
        if not all(isinstance(scale, Scale) for scale in scales):
            continue
        for date in sorted(differing):
            yield from _bound_at(path, scales, date)


def _bound_at(path: str, scales: tuple[Scale, Scale], date: str) -> Iterator[tuple[str, str]]:
    ranges: list[tuple[str, Any, Any]] = []
    for position in range(max(len(scale.brackets) for scale in scales)):
        name = f"{path}[{position}]"
        brackets = [scale.brackets[position] if position < len(scale.brackets) else None for scale in scales]
        values = [{} if each is None else {key: figure.at_date(date) for key, figure in each.figures.items()} for each in brackets]
        present = [bool(each) and None not in each.values() for each in values]
        if present[0] != present[1]:
            names = list(dict.fromkeys(key for each in values for key in each))
            yield from ((f"{name}.{names[0]}", f"{name}.{key}") for key in names[1:])
        thresholds: list[Any] = [each["threshold"] for each, is_there in zip(values, present, strict=True) if is_there]
        if thresholds:
            low, high = min(thresholds), max(thresholds)
            yield from ((each, f"{name}.threshold") for each, _, other in ranges if other >= low)
            ranges.append((f"{name}.threshold", low, high))


def _together(changes: list[Change], before: Legislation, after: Legislation) -> Part:
    words = [words_of((before if change.after is None else after).parameters, change.path, (change.dates or ("",))[-1]) for change in changes]
    units = list(dict.fromkeys(each.unit for each in words))
    name, scale = changes[0].path, changes[0].path.partition("[")[0]
    if len(changes) > 1:
        name = f"{scale}{{{', '.join(change.path.removeprefix(scale) for change in changes)}}}"
    label = " ; ".join(dict.fromkeys(each.label for each in words))
    reference = tuple(dict.fromkeys(text for each in words for text in each.reference))
    return Part(name, label, tuple(changes), unit=units[0] if len(units) == 1 else "", reference=reference)


def _changed(tree: ParameterNode, change: Change) -> ParameterNode:
    if change.before is not None and change.after is not None:
        return tree.replaced(change.path, change.after)
    if isinstance(change.known, Bracket):
        path = change.path.rpartition("[")[0]
        scale = tree.child(path)
        if change.after is not None:
            return tree.replaced(path, scale.with_bracket(change.after))
        return tree.replaced(path, replace(scale, brackets=tuple(bracket for bracket in scale.brackets if bracket.name != change.path)))
    return tree.without_child(change.path) if change.after is None else tree.with_child(change.path, change.after)


def _branch(name: str) -> str:
    return name.partition("[")[0]


def _is_on_one_way(one: str, other: str) -> bool:
    return one == other or not one or one.startswith(f"{other}.") or other.startswith(f"{one}.")
