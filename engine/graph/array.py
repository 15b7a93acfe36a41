"""The array that a formula sees: a handle on a node, which records what is done to it.

A formula is plain numpy code. Operators and numpy functions on a symbolic array make nodes instead of numbers; `x[mask] = 1`
rebinds the handle to a choice, so in-place code works while nodes stay immutable. What cannot be recorded (iteration,
`float()`, a boolean index that changes the length) gets real arrays from the session, which notes that it happened.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from engine.errors import CalculationError
from engine.graph import folding
from engine.graph.nodes import Data, DType, Graph, Node, common_entity
from engine.graph.operations import TEXT, Array, Elementwise, where


class Session(Protocol):
    """What a symbolic array needs of the run that it belongs to."""

    graph: Graph

    def rows(self, entity: str | None) -> int:
        """Return the number of rows of an entity; whoever asks binds the graph to this population."""
        ...

    def values(self, node: Node, entity: str | None) -> Array:
        """Return the real values of a node; the formula that asks can no longer be recorded."""
        ...

    def answer(self, node: Node) -> Any:
        """Return one value that decides what a formula does next; it becomes a guard of the graph."""
        ...


class SymbolicArray(NDArrayOperatorsMixin):
    """An array of the rows of one entity whose values are not known yet. It behaves as a numpy array of one dimension."""

    __slots__ = ("_cell", "entity", "mask", "possible_values", "session")

    ndim = 1
    # Above EnumArray's and every other array's, so that mixed operations come here.
    __array_priority__ = 1_000.0

    def __init__(self, session: Session, node: Node, entity: str | None, possible_values: Any = None, mask: Node | None = None) -> None:
        self.session = session
        self.mask = mask  # the rows that were picked out by `x[mask]`; None: all of them
        self._cell = [node]  # shared by views, so that writing into a view writes into its base
        self.entity = entity
        self.possible_values = possible_values

    @property
    def node(self) -> Node:
        """Return the node that the handle stands for now."""
        return self._cell[0]

    # What numpy arrays tell about themselves

    @property
    def dtype(self) -> DType:
        """Return the type of the values."""
        return self.node.dtype

    @property
    def shape(self) -> tuple[int]:
        """Return the number of rows, as a tuple; a formula that asks is called with real arrays."""
        return (len(self),)

    @property
    def size(self) -> int:
        """Return the number of rows; a formula that asks is called with real arrays."""
        return len(self)

    def __len__(self) -> int:
        """Return the number of rows; a formula that asks is called with real arrays."""
        return self.session.rows(self.entity) if self.mask is None else len(self.real())

    def real(self) -> Array:
        """Return the real values; a formula that asks is called with real arrays."""
        values = self.session.values(self.node, self.entity)
        return values if self.mask is None else values[self.session.values(self.mask, self.entity)]

    def __repr__(self) -> str:
        """Show the node; no value is computed."""
        return f"<symbolic {self.node!r}>"

    __hash__ = None  # type: ignore[assignment]

    # Numpy's protocols

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] | None = None, **keywords: Any) -> Any:
        """Record a ufunc; reductions and the like are done on real arrays."""
        usable = not keywords or set(keywords) == {"dtype"}
        if method != "__call__" or ufunc.nout != 1 or ufunc.signature is not None or not usable:
            return getattr(ufunc, method)(*real(inputs), **real(keywords), **({"out": out} if out else {}))
        if ufunc in _COMPARES and any(possible_values_of(each) is not None for each in inputs):
            inputs = tuple(_as_index(each) for each in inputs)
        result = record(self.session, Elementwise(ufunc, tuple(keywords.items())), inputs)
        if out is None:
            return result
        (target,) = out
        if not isinstance(target, SymbolicArray):
            raise CalculationError(f"`{ufunc.__name__}` cannot write symbolic values into a real array: write `x = np.{ufunc.__name__}(…)` instead.")
        if not np.can_cast(result.dtype, target.dtype, "same_kind"):
            raise TypeError(f"Cannot cast `{ufunc.__name__}` output from {result.dtype} to {target.dtype} with casting rule 'same_kind'.")
        target.rebind(folding.cast(self.session.graph, result.node, target.dtype), result.entity)
        return target

    def __array_function__(self, function: Any, types: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Record a numpy function, or do it on real arrays where it is not one of those that work row by row."""
        del types
        from engine.graph.functions import FUNCTIONS  # functions.py makes symbolic arrays: it stands above this module

        handler = FUNCTIONS.get(function)
        result = handler(self.session, *args, **keywords) if handler else NotImplemented
        return function(*real(args), **real(keywords)) if result is NotImplemented else result

    def __array__(self, dtype: DType | None = None, copy: bool | None = None) -> Array:  # noqa: FBT001 - numpy's protocol
        """Return the real values."""
        del copy
        return np.asarray(self.real(), dtype=dtype)

    def __iter__(self) -> Iterator[Any]:
        """Walk through the real values."""
        return iter(self.real())

    def __eq__(self, other: object) -> Any:
        """Compare row by row; an enumeration's member or class is compared by index."""
        return np.equal(self, _as_index(other))

    def __ne__(self, other: object) -> Any:
        """Compare row by row; an enumeration's member or class is compared by index."""
        return np.not_equal(self, _as_index(other))

    def __bool__(self) -> bool:
        """Return the truth of an array of one row, as numpy does; anything else is ambiguous."""
        return bool(self.real())

    def __float__(self) -> float:
        """Return the value of an array of one row."""
        return float(self.real().item())

    def __int__(self) -> int:
        """Return the value of an array of one row."""
        return int(self.real().item())

    # Indexing

    def __getitem__(self, index: Any) -> Any:
        """Return a view for `x[:]`, the rows of a mask for `x[mask]`, and real values for every other index."""
        if _is_everything(index):
            view = SymbolicArray(self.session, self.node, self.entity, self.possible_values, self.mask)
            view._cell = self._cell  # noqa: SLF001 - a view writes into its base
            return view
        if isinstance(index, SymbolicArray) and index.dtype == bool and self.mask is None and index.mask is None:
            return SymbolicArray(self.session, self.node, self.entity or index.entity, self.possible_values, index.node)
        return self.real()[real(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        """Rebind to a choice: `x[mask] = value` takes `value` where the mask holds."""
        mask = self.session.graph.constant(np.True_) if _is_everything(index) else operand(self.session, index, self.entity)
        if mask.dtype != bool or self.mask is not None:
            raise CalculationError("Only a mask of true and false can be written through in a formula: `x[mask] = value`.")
        if isinstance(value, SymbolicArray) and value.mask is not None:
            if value.mask is not mask:
                raise CalculationError("`x[mask] = y[other]` picks rows by one mask and writes them through another: use the same mask, or np.where.")
            value = SymbolicArray(self.session, value.node, value.entity, value.possible_values)
        index = SymbolicArray(self.session, mask, mask.entity)
        chosen = record(self.session, Elementwise(where), (index, _as_index(value), self))
        self.rebind(folding.cast(self.session.graph, chosen.node, self.dtype), chosen.entity)

    def rebind(self, node: Node, entity: str | None) -> None:
        """Make the handle, and its views, stand for another node."""
        self._cell[0] = node
        self.entity = self.entity or entity

    # Methods of arrays

    def astype(self, dtype: Any, **keywords: Any) -> SymbolicArray:
        """Return the values in another type."""
        del keywords  # copy, order and casting change nothing for immutable values
        target = np.dtype(dtype)
        if target.kind in "US":
            target = TEXT
            if self.dtype != TEXT:
                return record(self.session, Elementwise(_to_text), (self,))
        return SymbolicArray(self.session, folding.cast(self.session.graph, self.node, target), self.entity, mask=self.mask)

    def copy(self, order: str = "C") -> SymbolicArray:
        """Return a handle of its own."""
        del order
        return SymbolicArray(self.session, self.node, self.entity, self.possible_values, self.mask)

    def round(self, decimals: int = 0) -> SymbolicArray:
        """Return the values rounded to the nearest, halves to even."""
        return np.round(self, decimals)  # type: ignore[call-overload, no-any-return]

    def clip(self, lower: Any = None, upper: Any = None) -> SymbolicArray:
        """Return the values kept between two bounds."""
        return np.clip(self, lower, upper)  # type: ignore[no-any-return]

    def fill(self, value: Any) -> None:
        """Write one value everywhere."""
        self[:] = value

    def any(self) -> Any:
        """Return whether any row holds; the answer is a guard of the graph."""
        if self.mask is not None:
            return self.real().any()
        return self.session.answer(_reduced(self, "any"))

    def all(self) -> Any:
        """Return whether all rows hold; the answer is a guard of the graph."""
        if self.mask is not None:
            return self.real().all()
        return self.session.answer(_reduced(self, "all"))

    def sum(self, **keywords: Any) -> Any:
        """Return the total over the population, from real values."""
        return self.real().sum(**keywords)

    def min(self) -> Any:
        """Return the smallest value of the population, from real values."""
        return self.real().min()

    def max(self) -> Any:
        """Return the largest value of the population, from real values."""
        return self.real().max()

    def mean(self) -> Any:
        """Return the mean over the population, from real values."""
        return self.real().mean()

    def tolist(self) -> list[Any]:
        """Return the real values as a list."""
        return self.real().tolist()  # type: ignore[no-any-return]

    def decode(self) -> Array:
        """Return the members of the enumeration, from real values."""
        return np.array(list(self.possible_values), dtype=object)[np.asarray(self)]

    def decode_to_str(self) -> SymbolicArray:
        """Return the names of the enumeration's members, as text."""
        names = tuple(member.name for member in self.possible_values)
        return record(self.session, Elementwise(Decode(names)), (self,))

    def look_up(self, table: Any) -> SymbolicArray:
        """Return, row by row, the figure that a table of the law gives for this key (the parameters' protocol)."""
        if self.possible_values is not None:
            table = table.for_enum(tuple(member.name for member in self.possible_values))
        return record(self.session, Elementwise(table), (self,))


class Decode:
    """The function from an enumeration's index to its member's name."""

    __name__ = "name of member"

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __eq__(self, other: object) -> bool:
        """Tell whether the names are the same."""
        return isinstance(other, Decode) and other.names == self.names

    def __hash__(self) -> int:
        """Hash by the names."""
        return hash(self.names)

    def __call__(self, indices: Array) -> Array:
        """Return the names."""
        return np.array(self.names, dtype=object)[indices]


_COMPARES = {np.equal, np.not_equal}


def _to_text(values: Array) -> Array:
    return np.array([str(value) for value in np.asarray(values).tolist()], dtype=object)


def _reduced(array: SymbolicArray, how: str) -> Node:
    from engine.graph.relations import whole  # relations.py needs nodes only; kept local to keep this module's imports few

    return whole(array.session.graph, array.node, how)


def _is_everything(index: Any) -> bool:
    return index is Ellipsis or (isinstance(index, slice) and index == slice(None))


def possible_values_of(value: Any) -> Any:
    """Return the enumeration that a value belongs to, or None."""
    if isinstance(value, enum.Enum):
        return type(value)
    return getattr(value, "possible_values", None)


def _as_index(value: Any) -> Any:
    """Return an enumeration's member, or an array of members, as indices; anything else as it is."""
    if isinstance(value, enum.Enum):
        return type(value).dtype.type(value.index)  # type: ignore[attr-defined]
    if isinstance(value, np.ndarray) and getattr(value, "possible_values", None) is not None:
        return value.view(np.ndarray)
    return value


def real(value: Any) -> Any:
    """Return a value with every symbolic array in it, at any depth of lists and tuples, as a real one."""
    if isinstance(value, SymbolicArray):
        return value.real()
    if isinstance(value, list | tuple):
        return type(value)(real(each) for each in value)
    if isinstance(value, dict):
        return {key: real(each) for key, each in value.items()}
    return value


def operand(session: Session, value: Any, entity: str | None) -> Node:
    """Return the node for anything that a formula combines with a symbolic array of `entity`."""
    if isinstance(value, SymbolicArray):
        return value.node
    if isinstance(value, enum.Enum):
        return session.graph.constant(type(value).dtype.type(value.index))  # type: ignore[attr-defined]
    if isinstance(value, bool | int | float | str | np.generic):
        return session.graph.constant(value)
    array = np.asarray(value)
    if array.ndim == 0:
        return session.graph.constant(array[()])
    if array.ndim == 1 and len(array) == 1 and session.rows(entity) != 1:
        return session.graph.constant(array[0])
    if entity is None or array.ndim != 1 or len(array) != session.rows(entity):
        expected = f"({session.rows(entity)},)" if entity else "no array"
        raise CalculationError(f"A formula combined values of `{entity}` with an array of shape {array.shape}; expected {expected}.")
    data = Data(array.astype(object) if array.dtype.kind in "US" else array)
    return session.graph.leaf(data, data.array.dtype, entity, finite=array.dtype.kind in "biu")


def record(session: Session, operation: Any, values: Sequence[Any]) -> SymbolicArray:
    """Return the handle for an operation row by row on symbolic arrays, real arrays and scalars."""
    handles = [value for value in values if isinstance(value, SymbolicArray)]
    masks = {id(handle.mask): handle.mask for handle in handles if not handle.node.is_constant or handle.mask is not None}
    if len(masks) > 1:
        raise CalculationError(f"`{operation}` combines rows picked out by a mask with all rows, or with rows of another mask: pick all by the same mask.")
    entity = common_entity([handle.node for handle in handles], what=str(operation))
    entity = entity or next((handle.entity for handle in handles if handle.entity), None)
    node = folding.apply(session.graph, operation, [operand(session, value, entity) for value in values])
    return SymbolicArray(session, node, node.entity or entity, mask=next(iter(masks.values()), None))
