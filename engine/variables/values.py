"""What a value of each type is: how one given value, or a column of them, becomes what the engine computes with.

Money is float64 and counts are int64. Nothing is cut on the way in: decimals given for a whole number, a text that is too
long or a number where a truth value belongs are errors that name variable, type and value. Numbers may be written as sums,
as tests of the law do: `"1000*2+1"`. Python's own arithmetic reckons them, whole numbers of any size exactly.
"""

from __future__ import annotations

import ast
import datetime
import math
import operator
import re
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from engine.errors import EnumMemberNotFoundError, PeriodError, VariableValueError
from engine.periods import instant
from engine.variables.enums import Enum, EnumArray, EnumType, unknown_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

Value = bool | int | float | str | datetime.date | Enum
ValueType = type[bool] | type[int] | type[float] | type[str] | type[datetime.date] | type[Enum]

DEFAULTS: Final[dict[Any, Value]] = {bool: False, int: 0, float: 0.0, str: "", datetime.date: datetime.date(1970, 1, 1)}
DTYPES: Final[dict[Any, np.dtype[Any]]] = {
    bool: np.dtype(np.bool_),
    int: np.dtype(np.int64),
    float: np.dtype(np.float64),
    str: np.dtype(np.object_),
    datetime.date: np.dtype("datetime64[D]"),
}
EXPECTED: Final[dict[Any, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    datetime.date: "a date, as `2018-01-31`",
}

_PLAIN_INT: Final = re.compile(r"\s*[+-]?[0-9][0-9_]*\s*")
_ARITHMETIC: Final = re.compile(r"(?:[0-9_+\-*/().,eE\s]|round|floor|ceil|abs){1,200}")
# A power beyond this is no amount of anything.
_LARGEST_EXPONENT: Final = 64
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {"round": round, "floor": math.floor, "ceil": math.ceil, "abs": abs}
_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**63 - 1
_OPERATIONS: Final[dict[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


class Typed(Protocol):
    """What reading a value needs to know of a variable."""

    @property
    def name(self) -> str:
        """The variable's name."""

    @property
    def value_type(self) -> Any:
        """The variable's type of value."""

    @property
    def possible_values(self) -> type[Enum] | None:
        """The enumeration, where the type is Enum."""

    @property
    def max_length(self) -> int | None:
        """The greatest length of a text."""


# One value


def check_value(variable: Typed, value: object, *, lenient: bool = False) -> Value:
    """Return one given value as the variable's type: bool, int, float, str, date or a member of its enumeration.

    Numbers may be given as arithmetic texts, dates as texts, members by name or position. `lenient` takes what OpenFisca
    takes too: it drops the decimals of a number given for whole ones and the end of a text that is too long, writes out a
    truth or a number given for a text, and takes a list of one for its element. Raises VariableValueError or EnumMemberNotFoundError.
    """
    if lenient and isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0 and not isinstance(value, EnumArray)):
        value = value.astype("datetime64[D]").item() if value.dtype.kind == "M" else value.item()
    value_type = variable.value_type
    if value_type is float:
        return _float(variable, value)
    if value_type is int:
        return _int(variable, value, lenient=lenient)
    if value_type is bool:
        return _bool(variable, value)
    if value_type is str:
        return _text(variable, value, lenient=lenient)
    if value_type is datetime.date:
        return _date(variable, value)
    return _member(variable, value)


def _wrong(variable: Typed, value: object, why: str = "") -> VariableValueError:
    expected = EXPECTED.get(variable.value_type) or "a member of its enumeration"
    return VariableValueError(f"Variable `{variable.name}` expects {expected}; got {value!r}{why}.")


def _number(variable: Typed, value: object) -> int | float:
    if isinstance(value, str):
        return _evaluate(variable, value)
    if isinstance(value, int | float):
        return value
    raise _wrong(variable, value)


def _float(variable: Typed, value: object) -> float:
    number = _number(variable, value)
    if isinstance(number, int) and abs(number) > _LARGEST:
        raise _wrong(variable, value, ", which is too large")
    return float(number)


def _int(variable: Typed, value: object, *, lenient: bool) -> int:
    number = _number(variable, value)
    if isinstance(number, float):
        if not (number.is_integer() or (lenient and math.isfinite(number))):
            raise _wrong(variable, value)
        number = int(number)
    if not _SMALLEST <= number <= _LARGEST:
        raise _wrong(variable, value, ", which is too large")
    return int(number)


def _bool(variable: Typed, value: object) -> bool:
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    raise _wrong(variable, value)


def _text(variable: Typed, value: object, *, lenient: bool = False) -> str:
    # a code such as 75056 loses its quotes in YAML and JSON; its digits are all there
    is_written = isinstance(value, int | float if lenient else int) and (lenient or not isinstance(value, bool))
    text = str(value) if is_written else value.decode() if isinstance(value, bytes) else value
    if not isinstance(text, str):
        raise _wrong(variable, value)
    if variable.max_length is not None and len(text) > variable.max_length:
        if lenient:
            return text[: variable.max_length]
        raise _wrong(variable, value, f", which has {len(text)} characters and not at most {variable.max_length}")
    return text


def _date(variable: Typed, value: object) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        try:
            return instant(value).date
        except PeriodError as error:
            raise _wrong(variable, value, f" ({error})") from error
    raise _wrong(variable, value)


def _member(variable: Typed, value: object) -> Enum:
    cls = _enumeration(variable)
    if isinstance(value, EnumArray) and value.size == 1:
        value = value.decode().item()
    if isinstance(value, str | Enum) or (isinstance(value, int) and not isinstance(value, bool)):
        try:
            found: Enum = cls.enums[cls.encode([value])[0]]
        except EnumMemberNotFoundError as error:
            raise EnumMemberNotFoundError(f"Variable `{variable.name}`: {error}") from error
        return found
    raise EnumMemberNotFoundError(f"Variable `{variable.name}`: {unknown_member(cls, value)}")


def _enumeration(variable: Typed) -> type[Enum]:
    if variable.possible_values is None:
        raise VariableValueError(f"Variable `{variable.name}` has no enumeration: `possible_values` is missing.")
    return variable.possible_values


# Sums written as texts


def _evaluate(variable: Typed, text: str) -> int | float:
    """Return the value of `"1000*2+1"`: numbers with + - * / **, parentheses, and round, floor, ceil, abs; whole numbers exactly."""
    if _PLAIN_INT.fullmatch(text):
        return int(text)
    if not _ARITHMETIC.fullmatch(text):
        raise _wrong(variable, text)
    try:
        result = _evaluate_node(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, OverflowError, TypeError) as error:
        raise _wrong(variable, text, f" ({error})") from error
    if result is None or not math.isfinite(result):
        raise _wrong(variable, text, ": expected numbers with + - * / **, parentheses, round, floor, ceil or abs")
    return result


def _evaluate_node(node: ast.AST) -> int | float | None:
    """Return the value of a syntax tree of plain arithmetic, or None where it holds anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int | float) else None
    if isinstance(node, ast.Call):
        return _evaluate_call(node)
    if isinstance(node, ast.UnaryOp):
        operands = [_evaluate_node(node.operand)]
    elif isinstance(node, ast.BinOp):
        operands = [_evaluate_node(node.left), _evaluate_node(node.right)]
    else:
        return None
    operation = _OPERATIONS.get(type(node.op))
    if operation is None or None in operands or (operation is operator.pow and not _is_small_power(*operands)):
        return None
    result: int | float | complex = operation(*operands)
    return None if isinstance(result, complex) else result


def _is_small_power(base: Any, exponent: Any) -> bool:
    # powers of powers would take for ever: what is taken to a power is an amount itself
    return bool(abs(base) <= _LARGEST and abs(exponent) <= _LARGEST_EXPONENT)


def _evaluate_call(node: ast.Call) -> int | float | None:
    """Return the value of a call of one of the functions of sums, or None for any other."""
    function = _FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) and not node.keywords else None
    operands = [_evaluate_node(argument) for argument in node.args]
    if function is None or None in operands:
        return None
    result: int | float = function(*operands)
    return result


# A column of values


def cast_array(variable: Typed, values: ArrayLike, *, lenient: bool = False) -> NDArray[Any]:
    """Return a column of given values in the variable's type, one per row; the very same array where it has it already.

    Texts come back as an array of Python texts, members as an EnumArray. A column of mixed values is read one by one, as
    `check_value` does. Raises VariableValueError or EnumMemberNotFoundError that names variable, row and value.
    """
    value_type = variable.value_type
    if isinstance(value_type, EnumType):
        return _cast_members(variable, values)
    dtype = DTYPES[value_type]
    array = _column(values)
    if isinstance(array, EnumArray):
        raise _wrong(variable, array)
    kind = array.dtype.kind
    if kind == dtype.kind and value_type is not str:
        return array.astype(dtype, copy=False)
    if dtype.kind in "fib" and kind in "biuf":
        return _cast_numbers(variable, array, dtype, lenient=lenient)
    if value_type is str and kind == "U" and variable.max_length is None:
        return array.astype(dtype)
    return _cast_one_by_one(variable, array, dtype, lenient=lenient)


def _column(values: ArrayLike) -> NDArray[Any]:
    """Return the values as numpy rows. A list of mixed values keeps them: numpy would turn [1, "2+3"] into texts."""
    if isinstance(values, np.ndarray):
        return values
    if isinstance(values, list | tuple) and len(set(map(type, values))) > 1:
        return np.array(values, dtype=np.object_)
    return np.asarray(values)


def _cast_members(variable: Typed, values: ArrayLike) -> EnumArray:
    cls = _enumeration(variable)
    try:
        return cls.encode(values)
    except EnumMemberNotFoundError as error:
        raise EnumMemberNotFoundError(f"Variable `{variable.name}`: {error}") from error
    except VariableValueError as error:
        raise VariableValueError(f"Variable `{variable.name}`: {error}") from error


def _cast_numbers(variable: Typed, array: NDArray[Any], dtype: np.dtype[Any], *, lenient: bool) -> NDArray[Any]:
    """Convert numbers of one kind to another, refusing what would change."""
    if dtype.kind == "f":
        return array.astype(dtype)
    if dtype.kind == "b":
        fits = (array == 0) | (array == 1)
    elif array.dtype.kind == "f":
        # 2**63 is the first float that int64 cannot hold
        fits = (array >= _SMALLEST) & (array < -float(_SMALLEST)) & (lenient | (np.trunc(array) == array))
    else:
        fits = array <= np.asarray(_LARGEST, dtype=np.uint64) if array.dtype.kind == "u" else np.ones(array.shape, dtype=np.bool_)
    if not fits.all():
        row = int(np.flatnonzero(~fits)[0])
        raise _wrong(variable, array.flat[row].item(), f" in row {row}")
    return array.astype(dtype)


def _cast_one_by_one(variable: Typed, array: NDArray[Any], dtype: np.dtype[Any], *, lenient: bool) -> NDArray[Any]:
    result = np.empty(array.size, dtype=dtype)
    texts: dict[str, Value] = {}
    for row, value in enumerate(array.ravel().tolist() if array.dtype.kind != "M" else array.ravel()):
        read = texts.get(value) if type(value) is str else None
        if read is None:
            try:
                read = check_value(variable, value, lenient=lenient)
            except VariableValueError as error:
                raise VariableValueError(f"{error} (row {row})") from error
            if type(value) is str:
                texts[value] = read
        result[row] = read
    return result.reshape(array.shape)
