"""Operations row by row: what they give, and how they are run on a block of rows.

Result types come from applying the operation to one-element arrays, so that they are numpy's own, whatever its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.nodes import DType, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

Array = np.ndarray[Any, DType]
BOOL = np.dtype(bool)
TEXT = np.dtype(object)
# numpy has these ufuncs under no public name: its functions of texts call them.
_OF_TEXTS = {"startswith", "endswith", "str_len", "isdigit", "isalpha", "isnumeric", "isdecimal"}


@dataclass(frozen=True)
class Elementwise:
    """A function of arrays that works row by row: a numpy ufunc, or any function with numpy's rules for types."""

    function: Callable[..., Any]
    keywords: tuple[tuple[str, Hashable], ...] = ()

    def __str__(self) -> str:
        """Show the function's name."""
        return getattr(self.function, "__name__", str(self.function))

    def result(self, operands: Sequence[Node]) -> DType:
        """Return the type that the function gives for operands of these types; a table of the law has a type of its own."""
        known: DType | None = getattr(self.function, "dtype", None)
        if known is not None:
            return known
        return _result(self, tuple((node.value if node.operation.weak else None, node.dtype) if node.is_constant else node.dtype for node in operands))

    def run(self, arrays: Sequence[Any], out: Array | None) -> Any:
        """Return the function's result for arrays of equal length and scalars; a ufunc writes it into `out`."""
        if out is not None:
            return self.function(*arrays, out=out, **dict(self.keywords))
        return self.function(*arrays, **dict(self.keywords))


@dataclass(frozen=True)
class Repeat:
    """The same value for each row of an entity, where a constant must not fold: its look-up may be an error of some rows."""

    entity: str

    def __str__(self) -> str:
        """Show the entity."""
        return f"for each {self.entity}"


@dataclass(frozen=True)
class Cast:
    """A change of type, with numpy's rules for `astype`."""

    dtype: DType

    def __str__(self) -> str:
        """Show the type."""
        return f"as {self.dtype}"

    def result(self, operands: Sequence[Node]) -> DType:
        """Return the type asked for."""
        del operands
        return self.dtype

    def run(self, arrays: Sequence[Any], out: Array | None) -> Any:
        """Return the array in the type asked for."""
        (array,) = arrays
        if out is None or array.dtype == TEXT:
            return array.astype(self.dtype)
        np.copyto(out, array, casting="unsafe")
        return out


@lru_cache(maxsize=20_000)
def _result(operation: Elementwise, types: tuple[Any, ...]) -> DType:
    samples = [_sample(kind) for kind in types]
    with np.errstate(all="ignore"):
        dtype = np.asarray(operation.function(*samples, **dict(operation.keywords))).dtype
    return TEXT if dtype.kind in "US" else dtype


def _sample(kind: Any) -> Any:
    if not isinstance(kind, tuple):
        return sample_of(kind)
    weak, dtype = kind
    return sample_of(dtype) if weak is None else weak


def sample_of(dtype: DType) -> Array:
    """Return an array of one element of that type, to try an operation on."""
    if dtype == TEXT:
        return np.array([""], dtype=object)
    return np.zeros(1, dtype=dtype) if dtype.kind in "Mm" else np.ones(1, dtype=dtype)


def where(condition: Any, chosen: Any, other: Any) -> Any:
    """Return `chosen` where the condition holds and `other` elsewhere, as numpy.where; texts stay Python's texts."""
    result = np.where(condition, chosen, other)
    return result.astype(object) if result.dtype.kind in "US" else result


def select(*operands: Any) -> Any:
    """Return, row by row, the choice of the first condition that holds: conditions, then as many choices, then the default.

    Conditions that hold nowhere in the block cost nothing but the question: an ordered list of controls is nearly free.
    """
    count = len(operands) // 2
    conditions, choices, default = operands[:count], operands[count:-1], operands[-1]
    rows = next((len(operand) for operand in operands if isinstance(operand, np.ndarray)), 1)
    is_text = any(isinstance(each, str) or getattr(each, "dtype", BOOL) == TEXT for each in (*choices, default))
    result = np.empty(rows, TEXT if is_text else np.result_type(*choices, default))
    result[...] = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        if condition.any():
            np.putmask(result, condition, choice)
    return result


@dataclass(frozen=True)
class IsIn:
    """Membership in a fixed list, as a function to put in an operation."""

    candidates: tuple[Hashable, ...]
    invert: bool = False
    __name__ = "is in"

    def __call__(self, values: Any) -> Any:
        """Return whether each value is in the list."""
        if values.dtype == TEXT:  # numpy compares all with each candidate, a fifth as fast
            found = np.fromiter(map(frozenset(self.candidates).__contains__, values.tolist()), np.bool_, len(values))
            return ~found if self.invert else found
        return np.isin(values, np.array(self.candidates), invert=self.invert)


@dataclass(frozen=True)
class Decode:
    """The function from an enumeration's positions to its members' names."""

    names: tuple[str, ...]
    __name__ = "name of member"

    def __call__(self, positions: Any) -> Any:
        """Return the names."""
        return np.array(self.names, dtype=object)[positions]


@dataclass(frozen=True)
class Encode:
    """The function from members' names to their positions in an enumeration."""

    possible_values: Any
    __name__ = "position of member"

    @property
    def dtype(self) -> DType:
        """The type of the positions, known without trying a name."""
        found: DType = self.possible_values.dtype
        return found

    def __call__(self, names: Any) -> Any:
        """Return the positions. Raises EnumMemberNotFoundError."""
        return np.asarray(self.possible_values.encode(names)).view(np.ndarray)


@dataclass(frozen=True)
class OfTexts:
    """A ufunc of numpy's texts, as `startswith`, with its other arguments fixed: done on Python's texts."""

    function: np.ufunc
    others: tuple[Any, ...]

    @staticmethod
    def suits(ufunc: np.ufunc, others: Sequence[Any]) -> bool:
        """Whether a ufunc works on texts alone, and nothing else that it is given varies by row."""
        return ufunc.__name__ in _OF_TEXTS and not any(np.ndim(each) for each in others)

    @classmethod
    def of(cls, ufunc: np.ufunc, others: Sequence[Any]) -> OfTexts:
        """Return the function for a ufunc and its other arguments, texts or numbers."""
        plain = (each.item() if isinstance(each, np.ndarray | np.generic) else each for each in others)
        return cls(ufunc, tuple(each.decode() if isinstance(each, bytes) else each for each in plain))

    @property
    def __name__(self) -> str:
        """The ufunc's name."""
        return self.function.__name__

    def __call__(self, values: Any) -> Any:
        """Return the ufunc's result."""
        return self.function(np.asarray(values).astype(np.str_), *self.others)


def to_text(values: Any) -> Any:
    """Return values as Python's texts."""
    return np.array([str(value) for value in np.asarray(values).tolist()], dtype=object)


def masked(values: Array, mask: Array, out: Array | None = None) -> Array:
    """Return floats where the mask has ones and zero where it has none; the bits are kept as they are."""
    bits = np.asarray(values, dtype=np.float64).view(np.int64)
    result = np.bitwise_and(bits, mask, out=None if out is None else out.view(np.int64))
    return result.view(np.float64)


def takes_out(operation: Any) -> bool:
    """Whether the operation can write its result into a buffer given to it."""
    if isinstance(operation, Elementwise):
        return isinstance(operation.function, np.ufunc) or operation.function is masked
    return isinstance(operation, Cast)


class TextArray:
    """Texts as whole numbers and the distinct texts they stand for, so that text costs no more than numbers."""

    __slots__ = ("codes", "texts")

    def __init__(self, codes: Array, texts: Array) -> None:
        self.codes = codes
        self.texts = texts

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def __getitem__(self, rows: Any) -> TextArray:
        """Return some of the rows."""
        return TextArray(self.codes[rows], self.texts)

    def decoded(self) -> Array:
        """Return the texts themselves, row by row."""
        return self.texts[self.codes]

    @classmethod
    def encode(cls, values: Array) -> TextArray:
        """Return the texts of an array with the distinct ones found."""
        listed = values.tolist()
        numbers = {value: number for number, value in enumerate(dict.fromkeys(listed))}
        codes = np.fromiter(map(numbers.__getitem__, listed), dtype=np.int64, count=len(listed))
        texts = np.empty(max(len(numbers), 1), dtype=object)
        texts[:] = list(numbers) or [""]
        return cls(codes.astype(np.min_scalar_type(max(len(numbers) - 1, 0))), texts)
