"""The figures of the law that a formula read, told with their date, unit and reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.explanation.model import FigureTold
from engine.parameters import LookUpTable
from engine.parameters.dated_values import Sort
from engine.parameters.items import segments_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.parameters import ParameterNode
    from engine.traces import FigureRead

EVERY_KEY = "[*]"
SHARE = "/1"


def told(tree: ParameterNode, read: FigureRead, looked_up: Mapping[str, list[Any]]) -> FigureTold | None:
    """Return a figure as it was read; None where the formula asked only which figures there are.

    `looked_up` are the values found in tables for the rows explained, by the table's name.
    """
    name = read.name.partition(EVERY_KEY)[0]
    item = _item(tree, name)
    references = tuple(dict.fromkeys(references_of(tree, name)))
    description = _text(item.description) if item is not None else ""
    unit = (item.unit or "") if item is not None else ""
    if isinstance(read.value, LookUpTable):
        values = looked_up.get(read.value.name, [])
        return FigureTold(read.name, read.instant, read.value.date, values[0] if len(values) == 1 else values, unit, description, references)
    if item is None or item.sort is Sort.BRANCH:
        return None
    if item.sort is Sort.FIGURE:
        dated = item.dated_value_at(read.instant)
        if dated is None:
            return FigureTold(read.name, read.instant, item.since(read.instant), None, unit, description, references)
        own = tuple(dict.fromkeys(texts_of(dated.reference)))
        return FigureTold(read.name, read.instant, dated.start, plain(dated.value), dated.unit or unit, description, own or references)
    if hasattr(read.value, "thresholds"):
        brackets = tuple((float(low), float(high)) for low, high in zip(read.value.thresholds, read.value.values, strict=True))
        since = max((date for date in item.change_dates if date <= read.instant), default="")
        unit = SHARE if "rate" in getattr(item, "kind", "") else unit
        return FigureTold(read.name, read.instant, since, None, unit, description, references or _of_brackets(item, read.instant), brackets)
    return FigureTold(read.name, read.instant, "", plain(read.value), unit, description, references)


def _item(tree: ParameterNode, name: str) -> Any:
    item: Any = tree
    for segment in segments_of(name):
        item = item.get(segment) if hasattr(item, "get") else None
    return item


def references_of(tree: ParameterNode, name: str) -> Iterator[str]:
    """Yield the references of an item, or those of the nearest branch above it that has some."""
    while name:
        item = _item(tree, name)
        found = list(texts_of(item.reference)) if item is not None else []
        if found:
            yield from found
            return
        name = name.rpartition(".")[0]


def _of_brackets(scale: Any, instant: str) -> tuple[str, ...]:
    """Return the references of a scale's own figures in force at an instant."""
    found: dict[str, None] = {}
    for number in scale.child_names():
        bracket = scale.get(number)
        for part in bracket.child_names() if bracket is not None and hasattr(bracket, "child_names") else ():
            figure = bracket.get(part)
            dated = figure.dated_value_at(instant) if hasattr(figure, "dated_value_at") else None
            found.update(dict.fromkeys(texts_of(dated.reference) if dated is not None else ()))
    return tuple(found)


def texts_of(reference: Any) -> Iterator[str]:
    """Yield references as texts, whatever form the law's files give them: a title with its address is one."""
    if reference is None:
        return
    if isinstance(reference, Mapping):
        title, address = reference.get("title"), reference.get("href")
        if title or address:
            yield f"{title} ({address})" if title and address else str(title or address)
            return
        for key, value in reference.items():
            for text in texts_of(value):
                yield f"{key}: {text}"
    elif isinstance(reference, str):
        yield reference
    elif isinstance(reference, list | tuple):
        for value in reference:
            yield from texts_of(value)
    else:
        yield str(reference)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def looked_up(tables: Iterable[tuple[LookUpTable, Any]]) -> dict[str, list[Any]]:
    """Return the values found in tables, each once, by the table's name."""
    found: dict[str, dict[Any, None]] = {}
    for table, value in tables:
        found.setdefault(table.name, {})[plain(value)] = None
    return {name: list(values) for name, values in found.items()}


def _text(value: Any) -> str:
    return str(value or "").strip()
