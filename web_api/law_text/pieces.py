"""The pieces of a sentence of the law: text, figures `{impot_revenu.decote.taux}`, and what follows from figures `{= 2 * impot_revenu.decote.couple}`.

A unit other than the parameter's own stands behind a bar: `{taxe_habitation.coefficient | number}`. A path that begins with a dot lies under the path
that the paragraph or the article names as `under`.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_RELATIVE: Final = re.compile(r"(?<![\w\]])\.(?=[A-Za-z_])")
_OPERATIONS: Final[dict[type[ast.operator], tuple[str, Callable[[float, float], float]]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
}
_BY_SIGN: Final = dict(_OPERATIONS.values())

Terms = float | str | tuple[str, Any, Any]
"""An expression: a number, the path of a figure, or (sign, left, right)."""


@dataclass(frozen=True)
class Text:
    """Words."""

    text: str


@dataclass(frozen=True)
class Figure:
    """A figure that one may amend, by its path; `unit` where it is told in another than the parameter's."""

    path: str
    unit: str | None = None


@dataclass(frozen=True)
class Derived:
    """What follows from figures: it is told, and follows them, but is not amended itself."""

    source: str
    terms: Terms
    unit: str | None = None


Piece = Text | Figure | Derived


def pieces_of(sentence: str, under: str = "") -> tuple[Piece, ...]:
    """Return the pieces of a sentence. Raises DataError for a hole that holds no path and no expression."""
    found: list[Piece] = []
    rest = 0
    words = " ".join(sentence.split())
    for hole in _HOLE.finditer(words):
        if hole.start() > rest:
            found.append(Text(words[rest : hole.start()]))
        found.append(_piece(hole[1], under))
        rest = hole.end()
    if rest < len(words):
        found.append(Text(words[rest:]))
    if any("{" in each.text or "}" in each.text for each in found if isinstance(each, Text)):
        raise DataError(f"`{words}` has a brace that is not closed, or not opened.")
    return tuple(found)


def paths_in(terms: Terms) -> Iterator[str]:
    """Go through the paths of an expression."""
    if isinstance(terms, str):
        yield terms
    elif isinstance(terms, tuple):
        yield from paths_in(terms[1])
        yield from paths_in(terms[2])


def value_of(terms: Terms, figure: Callable[[str], float | None]) -> float | None:
    """Return what an expression is, None where one of its figures is not in force or it divides by nothing. Float noise is rounded away."""
    found = _value(terms, figure)
    return _tidy(found) if found is not None and math.isfinite(found) else None


def _value(terms: Terms, figure: Callable[[str], float | None]) -> float | None:
    if isinstance(terms, str):
        return figure(terms)
    if not isinstance(terms, tuple):
        return terms
    sign, left, right = terms[0], _value(terms[1], figure), _value(terms[2], figure)
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    return _BY_SIGN[sign](left, right)


def _tidy(value: float) -> float:
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _piece(hole: str, under: str) -> Figure | Derived:
    content, _, unit = (part.strip() for part in hole.partition("|"))
    is_derived = content.startswith("=")
    source = _RELATIVE.sub(f"{under}.", content.removeprefix("=").strip())
    try:
        terms = _terms(ast.parse(source, mode="eval").body)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"`{{{hole}}}` is no figure: expected the path of a parameter, or `= ` and paths and numbers with + - * / between.") from error
    if is_derived:
        return Derived(source, terms, unit or None)
    if not isinstance(terms, str):
        raise DataError(f"`{{{hole}}}` is reckoned from figures: expected `{{= {source}}}`.")
    return Figure(terms, unit or None)


def _terms(node: ast.expr) -> Terms:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return (_OPERATIONS[type(node.op)][0], _terms(node.left), _terms(node.right))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return _path(node)


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_path(node.value)}.{node.attr}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        return f"{_path(node.value)}[{node.slice.value}]"
    raise ValueError(ast.dump(node))
