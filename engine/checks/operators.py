"""Operators between values: what is plain is worked out, what differs by period is kept, arrays stay arrays, enumerations are compared with care."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, Final

from engine.checks.attributes import member_meant
from engine.checks.dated import CONTAINERS, FAILED, Dated, attempt, is_plain
from engine.checks.findings import Kind
from engine.checks.values import ARRAY, UNKNOWN, Column, Figures, Listing, LocalFunction, Method, Names, Rows
from engine.errors import nearest
from engine.variables import Enum, EnumType

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


def _is_in(one: Any, other: Any) -> bool:
    return one in other


def _is_not_in(one: Any, other: Any) -> bool:
    return one not in other


COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: _is_in,
    ast.NotIn: _is_not_in,
}
_LARGEST_POWER: Final = 64
_LONGEST_REPEATED: Final = 1_000


class Operators:
    """Applies operators on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def binary(self, node: ast.BinOp | ast.AugAssign, left: Any, right: Any, frame: Frame) -> Any:
        """Return what an operator between two values gives."""
        function = BINARY.get(type(node.op))
        if isinstance(left, Column) or isinstance(right, Column):
            return ARRAY
        if function is None or _is_huge(node.op, left, right):
            return UNKNOWN
        if function is operator.add and isinstance(left, list) and isinstance(right, list):
            return Listing([*left, *right])
        if function is operator.add and isinstance(left, tuple) and isinstance(right, tuple):
            return (*left, *right)
        if isinstance(node.op, ast.BitAnd) and isinstance(left, Listing) and isinstance(right, Listing):
            return self.reading.items.common(left, right, frame)
        return self._worked_out(function, left, right)

    def unary(self, node: ast.UnaryOp, value: Any) -> Any:
        """Return what an operator before a value gives."""
        return ARRAY if isinstance(value, Column) else self._worked_out(UNARY[type(node.op)], value)

    def _worked_out(self, function: Callable[..., Any], *values: Any) -> Any:
        if all(is_plain(value) for value in values):
            found = attempt(function, *values)
            return UNKNOWN if found is FAILED else found
        operands = [self.reading.times.of(value) for value in values]
        if any(operand is None for operand in operands):
            return UNKNOWN
        return self.reading.times.dated(function, *operands) or UNKNOWN

    # Comparisons

    def compare(self, node: ast.Compare, how: ast.cmpop, pair: tuple[Any, Any], frame: Frame) -> Any:
        """Return what a comparison of two values gives, and note comparisons that cannot hold."""
        left, right = pair
        if isinstance(how, ast.Is | ast.IsNot) and (left is None or right is None):
            return self._is_none(how, right if left is None else left)
        if isinstance(how, ast.In | ast.NotIn) and isinstance(right, Figures | Names):
            return self._is_present(left, right.figures if isinstance(right, Names) else right, wanted=isinstance(how, ast.In))
        if isinstance(left, Column) or isinstance(right, Column):
            if isinstance(how, ast.Eq | ast.NotEq):
                self._check_enumeration(node, left, right, frame)
                self._check_enumeration(node, right, left, frame)
            return ARRAY
        return self._worked_out(COMPARE[type(how)], left, right)

    def _is_none(self, how: ast.cmpop, value: Any) -> Any:
        if isinstance(value, Dated):
            return self._worked_out(COMPARE[type(how)], value, None)
        if value is UNKNOWN:
            return UNKNOWN
        known = isinstance(value, (Rows, Figures, Names, Column, Method, LocalFunction, *CONTAINERS))
        return isinstance(how, ast.IsNot) if known else COMPARE[type(how)](value, None)

    def _is_present(self, name: Any, figures: Figures, *, wanted: bool) -> Any:
        """Return, period by period, whether something of that name is below a branch."""
        if not isinstance(name, str):
            return UNKNOWN
        present = self.reading.figures.presence(figures, name)
        return self.truth(present if wanted else self.reading.times.calendar.all & ~present)

    def truth(self, holds: int) -> Any:
        """Return the truth that holds for some periods, and for no others."""
        whole = self.reading.times.calendar.all
        if holds in (0, whole):
            return holds == whole
        return self.reading.times.dated(_bit, holds, self.reading.times.position)

    def _check_enumeration(self, node: ast.AST, column: Any, other: Any, frame: Frame) -> None:
        rule = column.rule if isinstance(column, Column) else None
        kinds = rule.possible_values if rule is not None else None
        if rule is None or kinds is None or isinstance(other, EnumType):
            return
        if isinstance(other, str) and other not in kinds.__members__:
            message = f"`{rule.name}` is compared with `{other}`, which is no member of `{kinds.__name__}`.{member_meant(kinds, other)}"
            self.reading.notes.error(Kind.ENUM, message, node, frame)
        elif isinstance(other, str) and not rule.is_lenient:  # OpenFisca lets it through: it is false for everybody
            message = f"`{rule.name}` is compared with the text `{other}`: expected a member, write `{kinds.__name__}.{other}`."
            self.reading.notes.error(Kind.ENUM, message, node, frame)
        elif isinstance(other, Enum) and other.name not in kinds.__members__:
            message = f"`{rule.name}` is compared with `{type(other).__name__}.{other.name}`; its values are members of `{kinds.__name__}`."
            self.reading.notes.error(Kind.ENUM, f"{message}{nearest(other.name, kinds.__members__)}", node, frame)
        elif isinstance(other, Enum) and type(other).__name__ != kinds.__name__:
            message = f"`{rule.name}` is compared with a member of `{type(other).__name__}`; its values are members of `{kinds.__name__}`."
            self.reading.notes.error(Kind.ENUM, message, node, frame)


def _bit(holds: int, position: int) -> bool:
    return bool(holds >> position & 1)


def _is_huge(how: ast.operator, left: Any, right: Any) -> bool:
    """Whether working the operation out could take more memory or time than there is."""
    if isinstance(how, ast.Pow):
        return not (isinstance(right, int | float) and abs(right) <= _LARGEST_POWER)
    if isinstance(how, ast.Mult):
        many = [each for each in (left, right) if isinstance(each, int)]
        return any(isinstance(each, str | bytes | list | tuple) for each in (left, right)) and bool(many) and max(many) > _LONGEST_REPEATED
    return False
