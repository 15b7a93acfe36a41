"""Telling a chain of rules: steps numbered in the order in which they are met, equal periods once, zeros folded, depth bounded."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.explanation.figures import plain, told
from engine.explanation.model import INPUT, Datum, Explanation, FigureTold, Folded, Reading, Step, ValueTold
from engine.variables import Enum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.explanation.chain import Chain, Link
    from engine.traces import Key, Traced


class Teller:
    """Makes an explanation of a chain; `depth` is the number of levels told, None for all."""

    def __init__(self, chain: Chain, depth: int | None, sources: Callable[[Datum], str]) -> None:
        self.chain = chain
        self.depth = depth
        self.sources = sources
        self.numbers: dict[Key, int] = {}
        self._reads: dict[Key, list[Key]] = {}
        self._groups_of: dict[Key, list[list[Key]]] = {}
        self.folded: dict[Key, Folded] = {}
        self.figures: dict[tuple[str, str], int] = {}
        self.figures_told: list[FigureTold] = []

    def explanation(self, row: int, **said: str) -> Explanation:
        """Return the explanation."""
        chain = self.chain
        keys = self._number()
        steps = tuple(self._step(chain.links[key]) for key in keys)
        live = [link for link in chain.links.values() if link.is_live]
        names = {(read.name, read.instant) for link in live if link.traced is not None for read in link.traced.figures}
        first = chain.links[chain.key]
        return Explanation(
            law=chain.simulation.legislation.name,
            variable=chain.key[0],
            period=str(chain.key[1]),
            row=row,
            id=chain.related.id(first.rule.entity.key, next(iter(first.rows))),
            steps=steps,
            figures=tuple(self.figures_told),
            data=tuple(self._data(live)),
            steps_folded=len(live) - len(keys),
            figures_folded=len(names - set(self.figures)),
            **said,
        )

    # Which steps, in which order

    def _number(self) -> list[Key]:
        """Number the steps: breadth first for the depth, so that each is told as near to the result as it is read."""
        levels: dict[Key, int] = {self.chain.key: 1}
        queue = [self.chain.key]
        for key in queue:
            for read in self._told_by(key, levels[key]):
                if read not in levels:
                    levels[read] = levels[key] + 1
                    queue.append(read)
        order: list[Key] = []
        pending = [self.chain.key]
        seen: set[Key] = set()
        while pending:  # numbered as a reader meets them
            key = pending.pop()
            if key not in seen:
                seen.add(key)
                order.append(key)
                pending.extend(reversed(self._reads[key]))
        self.numbers = {key: number for number, key in enumerate(order, start=1)}
        return order

    def _told_by(self, key: Key, level: int) -> list[Key]:
        """Return the steps that a step tells, and note what it folds."""
        chain, link = self.chain, self.chain.links[key]
        zero: list[Key] = []
        kept: list[Key] = []
        folds = not chain.all and not chain.is_zero(link)
        for read in link.read:
            (zero if folds and chain.is_zero(chain.links[read]) else kept).append(read)
        groups = self._groups(kept)
        is_deep = self.depth is not None and level >= self.depth
        self._reads[key] = [] if is_deep else [group[0] for group in groups]
        self._groups_of[key] = [] if is_deep else groups
        self.folded[key] = Folded(_names(link.at_default), _names(zero), _names(link.without_effect), _names(kept) if is_deep else ())
        return self._reads[key]

    def _groups(self, keys: Sequence[Key]) -> list[list[Key]]:
        """Return the readings, those of one variable with the same values at several periods together."""
        if self.chain.all:
            return [[key] for key in keys]
        groups: dict[Any, list[Key]] = {}
        for key in keys:
            link = self.chain.links[key]
            values = tuple((value.row, value.value) for value in self._values(link))
            groups.setdefault((key[0], link.kind, values), []).append(key)
        return list(groups.values())

    # What each says

    def _step(self, link: Link) -> Step:
        rule, traced, key = link.rule, link.traced, link.key
        formula = traced.formula if traced is not None else None
        return Step(
            number=self.numbers[key],
            variable=rule.name,
            label=rule.label,
            entity=rule.entity.key,
            period=str(key[1]),
            unit=rule.unit,
            kind=link.kind,
            values=tuple(self._values(link)),
            references=tuple(rule.reference),
            formula_since=str(formula.start) if formula is not None else None,
            formula_place=_place(formula.file, formula.line) if formula is not None else "",
            formula_says=_first_paragraph(formula.documentation) if formula is not None else "",
            figures=tuple(self._figures(link, traced)) if traced is not None else (),
            reads=tuple(Reading(self.numbers[group[0]], tuple(str(at) for _, at in group[1:])) for group in self._groups_of[key]),
            folded=self.folded[key],
        )

    def _figures(self, link: Link, traced: Traced) -> Iterable[int]:
        tree = self.chain.simulation.legislation.parameters
        for read in traced.figures:
            place = self.figures.get((read.name, read.instant))
            if place is None:
                figure = told(tree, read, link.looked_up)
                if figure is None:
                    continue
                place = self.figures[read.name, read.instant] = len(self.figures_told)
                self.figures_told.append(figure)
            yield place

    def _values(self, link: Link) -> Iterable[ValueTold]:
        entity = link.rule.entity.key
        if link.node.is_constant:
            value, label = _plain(link, link.node.value)
            yield ValueTold(value, label=label)
            return
        for row in sorted(link.rows):
            value, label = _plain(link, self.chain.value(link, row))
            yield ValueTold(value, int(self.chain.related.rows[entity][row]), self.chain.related.id(entity, row), label)

    def _data(self, live: Iterable[Link]) -> Iterable[Datum]:
        for link in live:
            if link.kind == INPUT:
                for value in self._values(link):
                    assert value.row is not None
                    said = (link.rule.name, link.rule.label, link.rule.entity.key, value.id, value.row, str(link.key[1]), value.value)
                    datum = Datum(*said, source="")
                    yield Datum(*said, source=self.sources(datum))


def _plain(link: Link, value: Any) -> tuple[Any, str]:
    """Return a value as JSON knows it, and the label of an enumeration's member."""
    kinds = link.rule.possible_values
    if isinstance(value, Enum):
        return value.name, str(value.value)
    if kinds is not None:
        member = kinds.enums[int(value)]
        return member.name, str(member.value)
    if link.rule.dtype.kind == "b":
        return bool(value), ""
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]")), ""
    return plain(value), ""


def _names(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in keys))


def _place(file: str, line: int) -> str:
    """Return where a formula is written, by the last parts of the path: where it is installed says nothing."""
    return f"{'/'.join(PurePath(file).parts[-3:])}:{line}"


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())
