"""What a formula did wrong, in the words of somebody who writes one: what was expected there, and what to write instead.

Barème's own errors say so already. Here are those of Python and numpy, which know nothing of formulas: an array asked whether it is true,
a name or an attribute that there is not.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import traceback
from enum import EnumMeta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import BaremeError, nearest, nearest_or_first

if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_ARRAYS: Final = (
    "type SymbolicArray doesn't define",
    "The truth value of an array",
    "can only convert an array of size 1",
    "only length-1 arrays can be",
    "only 0-dimensional arrays can be",
)
_FIGURES: Final = "figures"
"""The name of what formulas get as `parameters`: a method, called with a period."""
_OF_PYTHON: Final = ("'", "module", "type object", "partially initialized")
_IN_PLACE_OF: Final = {"max": "np.maximum", "min": "np.minimum", "floor": "np.floor", "ceil": "np.ceil", "round": "np.round", "trunc": "np.trunc"}
_OF_SEVERAL: Final = {"any": " | ", "all": " & "}
_TYPES: Final = {"float": "float", "int": "int", "bool": "bool"}
_OPERATORS: Final[dict[type[ast.AST], str]] = {ast.And: "&", ast.Or: "|"}
_WORDS: Final[dict[type[ast.AST], str]] = {ast.And: "and", ast.Or: "or", ast.If: "if", ast.While: "while", ast.IfExp: "if", ast.Assert: "assert"}
_HERE: Final = str(Path(__file__).parent)
_NUMPY: Final = str(Path(np.__file__).parent)
_LONGEST_SHOWN: Final = 120


Place = tuple[int | None, int | None]
"""Line and column."""


def told(error: BaseException) -> str:
    """Return what a formula did wrong, a sentence or more."""
    text = str(error) if isinstance(error, BaremeError) else _told(error)
    return text if text.endswith((".", "?")) else f"{text}."


def _told(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, ValueError | TypeError) and message.startswith(_OF_ARRAYS):
        return _one_answer_of_many(error)
    if isinstance(error, AttributeError) and error.name is not None:
        return _attribute(error.name, error.obj, message)
    if isinstance(error, NameError) and error.name is not None:
        return f"NameError: {message}.{nearest(error.name, _names_at(error))}"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


# Names


def _attribute(name: str, of: Any, message: str) -> str:
    if getattr(of, "__name__", "") == _FIGURES and callable(of):
        return f"the figures of the law are those of a day: expected `parameters(period).{name}`, not `parameters.{name}`"
    if isinstance(of, EnumMeta):
        return f"`{of.__name__}` has no member `{name}`.{nearest_or_first(name, of.__members__)}"
    said = f"AttributeError: {message}" if message.startswith(_OF_PYTHON) else message
    said = said if said.endswith((".", "?")) else f"{said}."
    return said if "Did you mean" in said or "Expected" in said else f"{said}{nearest(name, _attributes_of(of))}"


def _attributes_of(of: Any) -> list[str]:
    return [each for each in dir(of) if not each.startswith("_")]


def _names_at(error: BaseException) -> Iterable[str]:
    """Return the names that mean something where a name meant nothing."""
    frame = next((frame for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__)))), None)
    return [] if frame is None else [*frame.f_locals, *frame.f_globals, *vars(builtins)]


# An array asked for one answer


def _one_answer_of_many(error: BaseException) -> str:
    """Say what to write in the place of what asks an array of many rows for one answer, by the line that asks."""
    node, array = _asking(error)
    said = f"`{array}` is an array, with a value for each row" if array else "an array has a value for each row"
    asking, instead = _asking_and_instead(node, array) if isinstance(node, ast.expr) else _of_statement(node, array)
    return f"{said}, and {asking} for one answer. A formula runs once for all rows: write {instead}."


def _of_statement(node: Any, array: str) -> tuple[str, str]:
    if node is None:
        in_general = "`np.where(condition, …, …)` for `if`, `&`, `|` and `~` for `and`, `or` and `not`, `np.maximum` and `np.minimum` for `max` and `min`"
        return "here it is asked", f"{in_general}, with each comparison in brackets"
    return f"`{_WORDS[type(node)]}` asks", f"`np.where({array or 'condition'}, …, …)`, what holds where it is true and where it is not"


def _asking_and_instead(node: ast.expr, array: str) -> tuple[str, str]:
    """Say what part of an expression asks for one answer, and what to write instead."""
    if isinstance(node, ast.BoolOp):
        operands = f" {_OPERATORS[type(node.op)]} ".join(_in_brackets(each) for each in node.values)
        return f"`{_WORDS[type(node.op)]}` asks", f"`{operands}`"
    if isinstance(node, ast.UnaryOp):
        operand = _in_brackets(node.operand)
        return "`not` asks", f"`~{operand}`{f' (`{operand} == 0` where it is a number)' if isinstance(node.operand, ast.Name | ast.Call) else ''}"
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        found = f"np.isin({_source(node.left)}, {_source(node.comparators[0])})"
        return "`in` asks", f"`{'~' if isinstance(node.ops[0], ast.NotIn) else ''}{found}`"
    if isinstance(node, ast.Compare):
        return "two comparisons in one ask", f"`{_comparisons(node)}`"
    if isinstance(node, ast.IfExp):
        return "`if` asks", f"`np.where({_source(node.test)}, {_source(node.body)}, {_source(node.orelse)})`"
    return (f"`{_source(node.func)}()` asks", _in_place_of(node)) if isinstance(node, ast.Call) else _of_statement(None, array)


def _asking(error: BaseException) -> tuple[Any, str]:
    """Return what asks an array for one answer, None where that is not known, and the text of the array."""
    places = [each for each in traceback.extract_tb(error.__traceback__) if not each.filename.startswith((_HERE, _NUMPY, "<"))]
    if not places or places[-1].lineno is None or places[-1].colno is None:
        return None, ""
    last = places[-1]
    start, stop = (last.lineno, last.colno), (last.end_lineno, last.end_colno)
    try:
        tree = ast.parse("".join(linecache.getlines(last.filename)))
    except SyntaxError:
        return None, ""
    around: list[ast.AST] = []
    asked: ast.AST | None = None
    for node in ast.walk(tree):  # from the outside to the inside
        if not isinstance(node, ast.expr | ast.If | ast.While | ast.Assert):
            continue
        if _holds(node, start, stop):
            around.append(node)
            asked = node if _is_at(node, start, stop) else asked
    asking = next((node for node in reversed(around) if _asks(node, start, stop)), None)
    if isinstance(asking, ast.Call):
        asked = next(iter(asking.args), None)
    elif isinstance(asking, ast.BoolOp):
        asked = asking.values[0] if asked is asking else asked
    elif isinstance(asking, ast.UnaryOp):
        asked = asking.operand
    elif isinstance(asking, ast.Compare):
        asked = _first_comparison(asking)
    return asking, "" if asked is None else _source(asked)


def _first_comparison(node: ast.Compare) -> ast.expr:
    return node.left if isinstance(node.ops[0], ast.In | ast.NotIn) else ast.Compare(node.left, node.ops[:1], node.comparators[:1])


def _asks(node: ast.AST, start: Place, stop: Place) -> bool:
    """Whether a part of the source asks what stands between two places for one answer."""
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        test = node.test
        return _holds(test, start, stop)
    if isinstance(node, ast.Compare):
        return len(node.ops) > 1 or isinstance(node.ops[0], ast.In | ast.NotIn)
    if isinstance(node, ast.Call):
        return _is_at(node, start, stop)
    return isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _holds(node: Any, start: Place, stop: Place) -> bool:
    """Whether an expression or a statement stands around two places."""
    return bool((node.lineno, node.col_offset) <= start and stop <= (node.end_lineno, node.end_col_offset))


def _is_at(node: Any, start: Place, stop: Place) -> bool:
    return bool((node.lineno, node.col_offset) == start and (node.end_lineno, node.end_col_offset) == stop)


def _in_place_of(node: ast.Call) -> str:
    """Say what to write for a call of one of Python's functions."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    arguments = ", ".join(_source(each) for each in node.args)
    if name in _OF_SEVERAL and len(node.args) == 1 and isinstance(node.args[0], ast.List | ast.Tuple):
        return f"`{_OF_SEVERAL[name].join(_in_brackets(each) for each in node.args[0].elts)}`"
    if name in _TYPES and node.args:
        return f"`{_in_brackets(node.args[0])}.astype({name})`"
    if name in _IN_PLACE_OF:
        return f"`{_IN_PLACE_OF[name]}({arguments})`"
    return "what works row by row, as numpy's functions and operators do"


def _comparisons(node: ast.Compare) -> str:
    sides = [node.left, *node.comparators]
    pairs = [ast.Compare(left, [how], [right]) for left, how, right in zip(sides, node.ops, sides[1:], strict=False)]
    return " & ".join(_in_brackets(pair) for pair in pairs)


def _in_brackets(node: ast.expr) -> str:
    """Return an expression as an operand: in brackets where it has an operator of its own."""
    source = _source(node)
    return source if isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.Constant) else f"({source})"


def _source(node: ast.AST) -> str:
    source = ast.unparse(node)
    return source if len(source) <= _LONGEST_SHOWN else f"{source[: _LONGEST_SHOWN - 1]}…"
