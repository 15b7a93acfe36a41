"""Enumerations: variables whose value is one of a few named cases, as the occupancy status of a dwelling.

A legal coder writes the cases with their labels; arrays hold the position of each row's case in one or two bytes.

    class Affectation(Enum):
        habitation = "Habitation"
        dependance = "Dépendance"

    affectation == Affectation.habitation      # one comparison of small integers

Positions have no order and no sum: all but `==` and `!=` is an error. Two classes of the same name and the same members are
equal, because a file of the law may be loaded more than once.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from engine.errors import EnumMemberNotFoundError, VariableDefinitionError, VariableValueError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

_MOST_LABELS_SHOWN: Final = 12


class _SameLabel:
    """Stands for a label that another member has too while the class is made, so that Python does not merge the two."""


class EnumType(enum.EnumType):
    """The class of enumerations: keeps members of equal labels apart, numbers them, and compares classes by content."""

    _names_: NDArray[np.str_]
    _members_: NDArray[np.object_]
    _positions_: dict[str, int]

    def __new__(metacls, name: str, bases: tuple[type, ...], namespace: Any, **options: Any) -> EnumType:
        """Return the enumeration with its members numbered in order of writing."""
        doubles: dict[str, object] = {}
        seen: set[object] = set()
        for member_name in getattr(namespace, "_member_names", ()):
            label = namespace[member_name]
            if isinstance(label, str | int | float):
                if label in seen:
                    doubles[member_name] = label
                    dict.__setitem__(namespace, member_name, _SameLabel())
                seen.add(label)
        cls = super().__new__(metacls, name, bases, namespace, **options)
        members: list[Any] = list(cls)
        for index, member in enumerate(members):
            member.index = index
            if member.name in doubles:
                member._value_ = doubles[member.name]
        cls._names_ = np.array([member.name for member in members], dtype=np.str_)
        cls._members_ = np.empty(len(members), dtype=np.object_)
        cls._members_[:] = members
        cls._positions_ = {member.name: index for index, member in enumerate(members)}
        cls._names_.flags.writeable = False
        cls._members_.flags.writeable = False
        return cls

    @property
    def names(cls) -> NDArray[np.str_]:
        """The names of the members, in order; read-only."""
        return cls._names_

    @property
    def indices(cls) -> NDArray[np.signedinteger[Any]]:
        """The positions of the members, in the type of the arrays."""
        return np.arange(len(cls._positions_), dtype=cls.dtype)

    @property
    def enums(cls) -> NDArray[np.object_]:
        """The members, in order; read-only."""
        return cls._members_

    @property
    def dtype(cls) -> np.dtype[np.signedinteger[Any]]:
        """The integer type that holds a position: int8 up to 127 members, then int16, then int32."""
        count = len(cls._positions_)
        return np.dtype(np.int8 if count <= np.iinfo(np.int8).max else np.int16 if count <= np.iinfo(np.int16).max else np.int32)

    def is_same_as(cls, other: EnumType) -> bool:
        """Return whether both classes have the same name and the same members in the same order."""
        return cls is other or (cls.__name__ == other.__name__ and list(cls._positions_) == list(other._positions_))

    def __eq__(cls, other: object) -> bool:
        """Return whether `other` is this enumeration, perhaps loaded another time."""
        return isinstance(other, EnumType) and cls.is_same_as(other)

    def __hash__(cls) -> int:
        """Return a hash equal for classes of the same name."""
        return hash(cls.__name__)


class Enum(enum.Enum, metaclass=EnumType):
    """The base of enumerations. A member has a `name`, its label as `value`, and its position as `index`."""

    index: int

    # numpy leaves operators with a member to the other side, and functions such as `np.where` to `__array_function__`
    __array_ufunc__ = None

    def __eq__(self, other: object) -> Any:
        """Return whether `other` is the same member, row by row where `other` is a numpy array."""
        if self is other:
            return True
        if isinstance(other, Enum):
            return self.name == other.name and type(self).__name__ == type(other).__name__
        if isinstance(other, EnumArray):
            return other == self
        if isinstance(other, np.ndarray):
            return _equal_to_member(other, self)
        if isinstance(other, np.integer):
            return bool(other == self.index)
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        """Return the contrary of `==`."""
        equal = self.__eq__(other)
        return ~equal if isinstance(equal, np.ndarray) else equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        """Return a hash equal for members of the same class name and name."""
        return hash(self._name_)

    def __array_function__(self, function: Any, types: Iterable[type], args: Any, kwargs: Any) -> Any:
        """Let `np.where` and `np.select` choose between members over numpy arrays; arrays of other kinds decide for themselves."""
        return _choose(function, types, args, kwargs)

    @classmethod
    def encode(cls, values: ArrayLike | EnumArray | Sequence[Any]) -> EnumArray:
        """Return the positions of the given names, members or positions, one per row.

        Raises EnumMemberNotFoundError for what is no member, with the nearest names, and VariableValueError for values of another kind.
        """
        return _encode(cls, values)


def unknown_member(cls: EnumType, value: object) -> EnumMemberNotFoundError:
    """Return the error for a value that is no member of the class."""
    names = list(cls._positions_)
    by_label = next((f" `{value}` is the label of `{member.name}`." for member in cls._members_ if member.value == value), "")
    shown = ", ".join(names[:_MOST_LABELS_SHOWN]) + (", …" if len(names) > _MOST_LABELS_SHOWN else "")
    return EnumMemberNotFoundError(f"`{cls.__name__}` has no member {value!r}.{by_label or nearest(str(value), names)} Expected one of {shown}.")


class EnumArray(np.ndarray[Any, np.dtype[Any]]):
    """Positions in an enumeration, one per row, that know their enumeration (`possible_values`).

    Rows compare with a member, with another such array, or with positions. All other arithmetic raises TypeError.
    """

    possible_values: EnumType

    def __new__(cls, positions: ArrayLike, possible_values: EnumType) -> Self:
        """Return the positions, unchecked, as an array of the enumeration; without a copy where they have its type."""
        array = np.asarray(positions, dtype=possible_values.dtype).view(cls)
        array.possible_values = possible_values
        return array

    def __array_finalize__(self, source: Any) -> None:
        """Pass the enumeration on to views, slices and copies."""
        if source is not None and hasattr(source, "possible_values"):
            self.possible_values = source.possible_values

    def _positions_of(self, other: object) -> Any:
        mine = self.possible_values
        if isinstance(other, Enum):
            theirs: EnumType = type(other)
            return other.index if theirs is mine else mine._positions_.get(other.name, -1) if theirs.__name__ == mine.__name__ else NotImplemented
        if isinstance(other, EnumArray):
            return other.view(np.ndarray) if other.possible_values == mine else NotImplemented
        if isinstance(other, EnumType):
            return other.indices if other == mine else NotImplemented
        if isinstance(other, np.ndarray) and other.dtype.kind in "OU":
            return _encode(mine, other).view(np.ndarray)
        is_positions = isinstance(other, int | np.integer) or (isinstance(other, np.ndarray) and other.dtype.kind in "iu")
        return other if is_positions else NotImplemented

    def __eq__(self, other: object) -> Any:
        """Return, row by row, whether the case is the given member, or the other array's case."""
        if _is_foreign(other):
            return NotImplemented
        positions = self._positions_of(other)
        if positions is NotImplemented:
            raise self._misuse("==", other)
        return self.view(np.ndarray) == positions

    def __ne__(self, other: object) -> Any:
        """Return the contrary of `==`, row by row."""
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else ~equal

    __hash__ = None

    def _misuse(self, operation: str, other: object) -> TypeError:
        name = self.possible_values.__name__
        shown = f"{type(other).__name__}.{other.name}" if isinstance(other, Enum) else f"{type(other).__name__}"
        return TypeError(f"`{operation}` between rows of `{name}` and {shown}: expected a comparison by == or != with a member of `{name}`, or rows of it.")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Allow `np.equal` and `np.not_equal`; refuse every other operation, as positions have neither order nor sum."""
        others = [value for value in inputs if value is not self]
        if any(_is_foreign(other) for other in others):
            return NotImplemented
        if method == "__call__" and not kwargs and ufunc in (np.equal, np.not_equal):
            other = others[0] if others else self
            return self == other if ufunc is np.equal else self != other
        raise self._misuse(ufunc.__name__, others[0] if others else self)

    def __array_function__(self, function: Any, types: Iterable[type], args: Any, kwargs: Any) -> Any:
        """Keep the enumeration through numpy's functions that choose, join or repeat rows."""
        return _choose(function, types, args, kwargs)

    def __setitem__(self, rows: Any, value: Any) -> None:
        """Set rows to a member, a name, or other rows of the enumeration."""
        many = isinstance(value, np.ndarray | list | tuple)
        positions = _encode(self.possible_values, value if many else [value]).view(np.ndarray)
        self.view(np.ndarray)[rows] = positions if many else positions[0]

    def decode(self) -> NDArray[np.object_]:
        """Return the member of each row."""
        decoded: NDArray[np.object_] = self.possible_values.enums[self.view(np.ndarray)]
        return decoded

    def decode_to_str(self) -> NDArray[np.str_]:
        """Return the name of each row's member."""
        decoded: NDArray[np.str_] = self.possible_values.names[self.view(np.ndarray)]
        return decoded

    def __repr__(self) -> str:
        """Return the enumeration and the names of the rows."""
        return f"EnumArray({self.possible_values.__name__}: {np.array2string(self.decode_to_str(), separator=', ')})"

    def __str__(self) -> str:
        """Return the names of the rows."""
        return str(self.decode_to_str())

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what `copy` and `pickle` need to make the array again."""
        return EnumArray, (self.view(np.ndarray), self.possible_values)


def _is_foreign(value: object) -> bool:
    """Return whether a value is neither Python's, nor numpy's, nor an enumeration's, so that its own class answers for it."""
    return type(value).__module__ != "builtins" and not isinstance(value, np.ndarray | np.generic | Enum | EnumType)


def _equal_to_member(array: NDArray[Any], member: Enum) -> NDArray[np.bool_]:
    """Compare plain numpy rows with a member: names, members, or positions."""
    if array.dtype.kind == "U":
        return np.asarray(array == member.name)
    if array.dtype.kind == "O":
        equal = [value == member.name if isinstance(value, str) else bool(value == member) for value in array.ravel()]
        return np.array(equal, dtype=np.bool_).reshape(array.shape)
    if array.dtype.kind in "iu":
        return np.asarray(array == member.index)
    raise TypeError(f"`==` between rows of type {array.dtype} and {type(member).__name__}.{member.name}: expected names, members or positions.")


# numpy's functions whose result holds rows of what they are given
_GIVE_ROWS: Final = frozenset({np.where, np.select, np.choose, np.full_like})
# and those that would reckon with positions
_RECKON: Final = frozenset(
    {np.sum, np.prod, np.cumsum, np.cumprod, np.mean, np.average, np.median, np.std, np.var, np.min, np.max, np.diff, np.dot, np.clip, np.round}
)


def _choose(function: Any, types: Iterable[type], args: Any, kwargs: Any) -> Any:
    """Run one of numpy's functions over rows and members of an enumeration, and give rows of it back.

    Members stand for their positions. Arrays that are neither numpy's nor an EnumArray are left to their own class.
    """
    if not all(issubclass(kind, np.ndarray | Enum) for kind in types):
        return NotImplemented
    found: list[EnumType] = []
    plain_args = _to_positions(args, found)
    plain_kwargs = _to_positions(kwargs, found)
    cls = found[0]
    if any(kind != cls for kind in found):
        names = " and ".join(sorted({kind.__name__ for kind in found}))
        raise TypeError(f"`np.{function.__name__}` over rows of different enumerations, {names}: expected one.")
    if function in _RECKON:
        raise TypeError(f"`np.{function.__name__}` over rows of `{cls.__name__}`: its members have neither order nor sum.")
    result = function(*plain_args, **plain_kwargs)
    if not isinstance(result, np.ndarray) or result.dtype.kind not in "iu":
        return result
    if function in _GIVE_ROWS:
        return _encode_positions(cls, result)
    return EnumArray(result, cls) if result.dtype == cls.dtype else result


def _to_positions(value: Any, found: list[EnumType]) -> Any:
    """Return an argument with members and rows of an enumeration replaced by positions; the enumerations met are added to `found`."""
    if isinstance(value, EnumArray):
        found.append(value.possible_values)
        return value.view(np.ndarray)
    if isinstance(value, Enum):
        found.append(type(value))
        return np.array(value.index, dtype=type(value).dtype)
    if isinstance(value, list | tuple):
        return type(value)(_to_positions(item, found) for item in value)
    if isinstance(value, dict):
        return {key: _to_positions(item, found) for key, item in value.items()}
    return value


def _encode(cls: EnumType, values: Any) -> EnumArray:
    if isinstance(values, EnumArray):
        theirs = values.possible_values
        return values if theirs is cls else EnumArray(values.view(np.ndarray), cls) if theirs == cls else _encode(cls, values.decode())
    array = values if isinstance(values, np.ndarray) else np.asarray(values) if _is_homogeneous(values) else np.array(values, dtype=np.object_)
    if array.dtype.kind in "iu":
        return _encode_positions(cls, array)
    if array.dtype.kind in "OU" or array.size == 0:
        return _encode_names(cls, array)
    raise VariableValueError(f"`{cls.__name__}` expects names, members or positions; got values of type {array.dtype}.")


def _is_homogeneous(values: Any) -> bool:
    """Return whether numpy may choose the type: not for lists that mix texts with numbers, which it would turn into texts."""
    return not isinstance(values, list | tuple) or len({type(value) for value in values}) == 1


def _encode_positions(cls: EnumType, positions: NDArray[Any]) -> EnumArray:
    count = len(cls._positions_)
    wrong = (positions < 0) | (positions >= count)
    if wrong.any():
        first = positions[wrong].flat[0]
        raise EnumMemberNotFoundError(f"`{cls.__name__}` has no member at position {first}: expected 0 to {count - 1}.")
    return EnumArray(positions, cls)


def _encode_names(cls: EnumType, values: NDArray[Any]) -> EnumArray:
    position_of = cls._positions_
    flat = values.ravel().tolist()
    if values.dtype.kind == "O" and set(map(type, flat)) != {str}:
        flat = [_name_of(cls, value) for value in flat]
    found = {name: position_of.get(name, -1) for name in dict.fromkeys(flat)}
    positions = np.fromiter(map(found.__getitem__, flat), cls.dtype, len(flat))
    if flat and positions.min() < 0:
        raise unknown_member(cls, flat[int(np.argmin(positions))])
    return EnumArray(positions.reshape(values.shape), cls)


def _name_of(cls: EnumType, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Enum) and type(value).__name__ == cls.__name__:
        return value.name
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and 0 <= value < len(cls._positions_):
        return str(cls._names_[value])
    raise unknown_member(cls, value)


def check_enum(value: object) -> EnumType:
    """Return `value` as an enumeration with members. Raises VariableDefinitionError where it is none."""
    if isinstance(value, EnumType) and len(value._positions_):
        return value
    raise VariableDefinitionError(f"expected a class that derives from Enum and has members; got {value!r}")
