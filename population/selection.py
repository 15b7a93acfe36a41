"""Choosing rows of results by an expression: `--where "(net_a_payer > 1000) & (affectation == 'habitation')"`.

The expression is read as a tree in which only arithmetic, comparisons, `&`, `|`, `~`, a few functions, numbers and the results'
names may stand: no attributes, no calls of Python, no files, and no power of whole numbers that would never end, so that an
expression of anybody's is safe to run. numexpr evaluates it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError, nearest
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from population.results import EntityResults, Result

FUNCTIONS = frozenset({"where", "abs", "floor", "ceil", "sqrt"})
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitAnd, ast.BitOr, ast.BitXor)
MOST_CHARACTERS = 10_000
PERIOD_SIGN = "@"
ALIAS = "result_{}"
PARENTHESES = "each comparison in parentheses, as `(a > 1) & (b < 3)`"
EXPECTED = f"arithmetic, comparisons, `&`, `|`, `~`, and {', '.join(sorted(FUNCTIONS))} over numbers and results"


def select_rows(groups: Sequence[EntityResults], expression: str) -> list[EntityResults]:
    """Return the results of the rows for which the expression holds, over results and return codes by their columns' names.

    A row is left out where the law refuses a result that the expression uses; one that uses return codes alone may choose refused rows.
    Raises DataError for a name that is no result, for a result that is no number (a member of an enumeration may be compared), for
    what is no truth of each row, and for results of several entities whose rows are not the same.
    """
    columns = {result.name: result for group in groups for result in (*group.refusals, *group.results)}
    rows = {len(result.values) for result in columns.values()}
    if len(rows) != 1:
        raise DataError(f"The results of {', '.join(group.entity for group in groups)} have different rows: `{expression}` cannot choose among them at once.")
    holds = _holds(columns, expression, rows.pop())
    return [_chosen(group, holds) for group in groups]


def _chosen(group: EntityResults, holds: NDArray[np.bool_]) -> EntityResults:
    return replace(
        group,
        ids={key: values[holds] for key, values in group.ids.items()},
        results=tuple(result.taken(holds) for result in group.results),
        refusals=tuple(result.taken(holds) for result in group.refusals),
        weights=None if group.weights is None else group.weights[holds],
    )


def _holds(columns: Mapping[str, Result], expression: str, rows: int) -> NDArray[np.bool_]:
    import numexpr  # noqa: PLC0415 - its import costs more than most commands take

    reading = _Reading(expression, columns)
    first = next(iter(columns))
    try:
        found = np.asarray(numexpr.evaluate(reading.read(), local_dict=reading.arrays, global_dict={}))
    except (SyntaxError, TypeError, ValueError, NotImplementedError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"`{expression}` cannot be evaluated: {error}") from error
    if found.dtype != bool or found.shape != (rows,):
        raise DataError(f"`{expression}` is not true or false for each row: expected a comparison, as `{first} > 0`.")
    for result in reading.used:
        if result.refused is not None:
            found = found & ~result.refused
    return found


@dataclass(frozen=True)
class _Reading:
    """Turns an expression into one for numexpr; `arrays` is what its names then stand for, `used` the results that it reads."""

    expression: str
    columns: Mapping[str, Result]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    used: list[Result] = field(default_factory=list)

    def read(self) -> str:
        """Return the text for numexpr. Raises DataError for what has no place in it, SyntaxError for what is no expression."""
        if len(self.expression) > MOST_CHARACTERS:
            raise DataError(f"The expression has {len(self.expression):,} characters: expected at most {MOST_CHARACTERS:,}.")
        text = self.expression.strip()
        for number, name in enumerate(self.columns):
            if PERIOD_SIGN in name:
                text = re.sub(rf"(?<!\w){re.escape(name)}(?![\w-])", ALIAS.format(number), text)
        return ast.unparse(self._node(ast.parse(text, mode="eval").body))

    def _node(self, node: ast.expr, *, power: bool = False) -> ast.expr:
        """Return an expression for numexpr. Within a power whole numbers become float: a power of theirs may never end."""
        found: ast.expr | None = None
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                found = ast.Constant(float(value)) if power and type(value) is int else node
            case ast.Name(id=name):
                found = self._number(name)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert()):
                found = ast.UnaryOp(node.op, self._node(node.operand, power=power))
            case ast.BinOp() if isinstance(node.op, OPERATORS):
                power = power or isinstance(node.op, ast.Pow)
                found = ast.BinOp(self._node(node.left, power=power), node.op, self._node(node.right, power=power))
            case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()]):
                found = self._comparison(node)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
                found = ast.Call(node.func, [self._node(each, power=power) for each in node.args], [])
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Compare():
                raise DataError(f"`{self.expression}` cannot be evaluated: write `&` for and, `|` for or, `~` for not, and {PARENTHESES}.")
        if found is None:
            raise DataError(f"`{self.expression}` cannot be evaluated: `{ast.unparse(node)}` has no place in it. Expected {EXPECTED}.")
        return found

    def _comparison(self, node: ast.Compare) -> ast.expr:
        """Return a comparison; that of an enumeration or a text with a text is done here, and stands as a truth of each row."""
        left, right, operator = node.left, node.comparators[0], node.ops[0]
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            left, right = right, left
        if not (isinstance(right, ast.Constant) and isinstance(right.value, str)):
            return ast.Compare(self._node(left), node.ops, [self._node(right)])
        if not isinstance(left, ast.Name) or not isinstance(operator, ast.Eq | ast.NotEq):
            raise DataError(f"`{self.expression}` cannot be evaluated: a text may only be compared with a result, by == or !=.")
        result = self._result(left.id)
        name = f"{left.id}_is_{len(self.arrays)}"
        self.arrays[name] = _equals(result, right.value)
        chosen = ast.Name(name, ast.Load())
        return chosen if isinstance(operator, ast.Eq) else ast.UnaryOp(ast.Invert(), chosen)

    def _number(self, name: str) -> ast.expr:
        result = self._result(name)
        if isinstance(result.values, EnumArray):
            example = result.values.possible_values.names[0]
            raise DataError(f"`{self.expression}` compares `{result.name}` with no member of it: expected as `{result.name} == '{example}'`.")
        if result.values.dtype.kind not in "bif":
            raise DataError(f"`{self.expression}` compares `{result.name}`: expected numbers or truths only.")
        self.arrays[name] = result.values
        return ast.Name(name, ast.Load())

    def _result(self, name: str) -> Result:
        by_name = {ALIAS.format(number) if PERIOD_SIGN in of else of: result for number, (of, result) in enumerate(self.columns.items())}
        if name not in by_name:
            raise DataError(f"`{name}` in `{self.expression}` is not among the results asked for.{nearest(name, self.columns)}")
        self.used.append(by_name[name])
        return by_name[name]


def _equals(result: Result, text: str) -> NDArray[np.bool_]:
    """Return for each row whether a result is the member of that name, or that text."""
    values = result.values
    if not isinstance(values, EnumArray):
        if values.dtype.kind in "biufM":
            raise DataError(f"`{result.name}` holds no texts: it cannot be compared with '{text}'.")
        return np.asarray(values == text)
    names = values.possible_values.names.tolist()
    if text not in names:
        raise DataError(f"`{text}` is no member of `{result.name}`: expected one of {', '.join(names)}.{nearest(text, names)}")
    return np.asarray(values.view(np.ndarray) == names.index(text))
