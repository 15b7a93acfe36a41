"""The array that a formula sees: a handle on a node, which records what is done to it.

A formula is plain numpy code. Operators and numpy functions on a symbolic array make nodes instead of numbers; `x[mask] = 1`
rebinds the handle to a choice, so in-place code works while nodes stay immutable. What cannot be recorded (iteration,
`float()`, a write to some row numbers) gets copies of real arrays from the session, which notes that it happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.errors import CalculationError, EntityError
from engine.graph import folding
from engine.graph.members import as_index, comparable, possible_values_of
from engine.graph.moving_figures import MovingFigure
from engine.graph.nodes import Data, DType, Graph, Node, are_same
from engine.graph.operations import TEXT, Array, Decode, Elementwise, OfTexts, Repeat, to_text, where
from engine.graph.operators import Operators
from engine.graph.relations import whole
from engine.graph.repeats import SCALARS, question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Session(Protocol):
    """What a symbolic array needs of the run that it belongs to."""

    graph: Graph

    def rows(self, entity: str | None) -> int:
        """Return the number of rows of an entity; the formula that asks is called with real arrays from now on."""
        ...

    def values(self, node: Node, entity: str | None) -> Array:
        """Return the real values of a node; the formula that asks is called with real arrays from now on."""
        ...

    def answer(self, node: Node) -> bool:
        """Return a truth about the population that decides what a formula does next; it becomes a guard of the graph."""
        ...

    def is_repeated(self, array: Array) -> bool:
        """Whether an array that a formula made by itself repeats one value, since all that it walked through does."""
        ...


class SymbolicArray(Operators):
    """An array of the rows of one entity whose values are not known yet. It behaves as a numpy array of one dimension.

    `mask` is the node of the mask by which rows were picked out (`x[mask]`), None where they are all there;
    `possible_values` the enumeration whose positions the values are.
    """

    __slots__ = ("_cell", "entity", "mask", "possible_values", "session")

    ndim = 1
    # Above EnumArray's and every other array's, so that mixed operations come here.
    __array_priority__ = 1_000.0
    __hash__ = None

    def __init__(self, session: Session, node: Node, entity: str | None, possible_values: Any = None, mask: Node | None = None) -> None:
        self.session = session
        self._cell = [node]  # shared by views, so that writing into a view writes into its base
        self.entity = entity
        self.possible_values = possible_values
        self.mask = mask

    @property
    def node(self) -> Node:
        """Return the node that the handle stands for now."""
        return self._cell[0]

    def rebind(self, node: Node, entity: str | None = None) -> None:
        """Make the handle, and its views, stand for another node."""
        self._cell[0] = node
        self.entity = self.entity or entity

    def real(self) -> Array:
        """Return the real values, a copy of one's own; a formula that asks is called with real arrays."""
        values = self.session.values(self.node, self.entity)
        return values.copy() if self.mask is None else values[self.session.values(self.mask, self.entity)]

    def write_real(self, values: Array) -> None:
        """Make the handle stand for real values that a formula wrote."""
        node = operand(self.session, values.astype(self.dtype, copy=False), self.entity)
        self.rebind(folding.cast(self.session.graph, node, self.dtype))

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

    def __repr__(self) -> str:
        """Show the node; no value is computed."""
        return f"<symbolic {self.node!r}>"

    def __getattr__(self, name: str) -> Any:
        """Return any other method or attribute of numpy's arrays, of the real values."""
        if name.startswith("_") or not hasattr(np.ndarray, name):
            raise AttributeError(f"An array in a formula has no `{name}`.")
        if name in _WRITES:
            return lambda *args, **keywords: on_real(getattr(np.ndarray, name), (self, *args), keywords)
        return getattr(self.real(), name)

    # Numpy's protocols

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] | None = None, **keywords: Any) -> Any:
        """Record a ufunc; reductions and the like are done on real arrays."""
        if method == "__call__" and out is None and not keywords:
            return self.applied(ufunc, inputs)
        return self._recorded(ufunc, method, inputs, out, keywords)

    def applied(self, function: Any, values: Sequence[Any], record_anew: Callable[[], Any] | None = None) -> Any:
        """Return what a function row by row gives: at once where the same was asked before, else recorded (as a ufunc, if nothing else is said)."""
        asked = question(SymbolicArray, function, values)
        known = self.session.graph.repeats.get(asked)
        if known is not None:
            return SymbolicArray(self.session, *known)
        result = record_anew() if record_anew is not None else self._recorded(function, "__call__", tuple(values), None, {})
        if asked is not None and result.__class__ is SymbolicArray:
            self.session.graph.repeats.remember(asked, result)
        return result

    def _recorded(self, ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], out: tuple[Any, ...] | None, keywords: dict[str, Any]) -> Any:
        target = out[0] if out else None
        if method == "__call__" and inputs[0] is self and self.dtype == TEXT and out is None and OfTexts.suits(ufunc, inputs[1:]):
            return record(self.session, Elementwise(OfTexts.of(ufunc, inputs[1:])), (self,))
        recorded = method == "__call__" and ufunc.nout == 1 and ufunc.signature is None and not set(keywords) - {"dtype", "where"}
        if not recorded or (target is not None and not isinstance(target, SymbolicArray)):
            return on_real(getattr(ufunc, method), inputs, {**keywords, **({"out": out} if out else {})})
        chosen = keywords.pop("where", True)
        if ufunc in _COMPARES:
            inputs = comparable(self.session, inputs)
        elif any(possible_values_of(each) is not None for each in inputs):
            raise TypeError(f"`{ufunc.__name__}` does not work on an enumeration: its members can only be compared, by == and !=.")
        result = record(self.session, Elementwise(ufunc, tuple(keywords.items())), inputs)
        if target is None:
            return result if chosen is True else on_real(ufunc, inputs, {"where": chosen, **keywords})
        if not np.can_cast(result.dtype, target.dtype, "same_kind"):
            raise TypeError(f"Cannot cast `{ufunc.__name__}` output from {result.dtype} to {target.dtype} with casting rule 'same_kind'.")
        if chosen is True:
            target.rebind(folding.cast(self.session.graph, result.node, target.dtype), result.entity)
        else:
            target[chosen] = result
        return target

    def __array_function__(self, function: Any, types: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Record a numpy function, or do it on real arrays where it is not one of those that work row by row."""
        del types
        from engine.graph.functions import FUNCTIONS  # noqa: PLC0415 - functions.py makes symbolic arrays: it stands above this module

        handler = FUNCTIONS.get(function)
        result = handler(self.session, *args, **keywords) if handler else NotImplemented
        return on_real(function, args, keywords) if result is NotImplemented else result

    def __array__(self, dtype: DType | None = None, copy: bool | None = None) -> Array:  # noqa: FBT001 - numpy's protocol
        """Return the real values, a copy of one's own."""
        if copy is False:
            raise ValueError("The values of a symbolic array cannot be had without a copy.")
        return self.real() if dtype is None else self.real().astype(dtype)

    def __iter__(self) -> Iterator[Any]:
        """Walk through the real values."""
        return iter(self.real())

    def __eq__(self, other: object) -> Any:
        """Compare row by row; an enumeration's member is compared by position."""
        return self.applied(np.equal, (self, other))

    def __ne__(self, other: object) -> Any:
        """Compare row by row; an enumeration's member is compared by position."""
        return self.applied(np.not_equal, (self, other))

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
            view._cell = self._cell
            return view
        if isinstance(index, SymbolicArray) and index.dtype == bool and self.mask is None and index.mask is None:
            return SymbolicArray(self.session, self.node, self.entity or index.entity, self.possible_values, index.node)
        return self.real()[real(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        """Rebind to a choice: `x[mask] = value` takes `value` where the mask holds; other indices write real arrays."""
        if _is_everything(index):
            mask = self.session.graph.constant(np.True_)
        elif isinstance(index, SymbolicArray) and index.dtype == bool and self.mask is None and index.mask is None:
            mask = index.node
        else:
            written = self.real()
            written[real(index)] = real(as_index(value, (self,)))
            self.write_real(written)
            return
        if isinstance(value, SymbolicArray) and value.mask is not None:
            if not are_same(value.mask, mask):
                raise CalculationError("`x[mask] = y[other]` picks rows by one mask and writes them through another: use the same mask, or np.where.")
            value = SymbolicArray(self.session, value.node, value.entity, value.possible_values)
        entity = self.entity or mask.entity
        given = folding.cast(self.session.graph, operand(self.session, as_index(value, (self,)), entity), self.dtype)
        handles = [SymbolicArray(self.session, node, node.entity) for node in (mask, given, self.node)]
        chosen = record(self.session, Elementwise(where), handles)
        self.rebind(chosen.node, chosen.entity)

    # Methods of arrays that are recorded

    def astype(self, dtype: Any, **keywords: Any) -> SymbolicArray:
        """Return the values in another type."""
        del keywords  # copy, order and casting change nothing for immutable values
        target = np.dtype(dtype)
        if target.kind in "US":
            target = TEXT
            if self.dtype != TEXT:
                return record(self.session, Elementwise(to_text), (self,))
        return SymbolicArray(self.session, folding.cast(self.session.graph, self.node, target), self.entity, mask=self.mask)

    def copy(self, order: str = "C") -> SymbolicArray:
        """Return a handle of its own."""
        del order
        return SymbolicArray(self.session, self.node, self.entity, self.possible_values, self.mask)

    def round(self, decimals: int = 0) -> SymbolicArray:
        """Return the values rounded to the nearest, halves to even."""
        rounding = Elementwise(np.round, (("decimals", decimals),))
        rounded: SymbolicArray = self.applied(rounding, (self,), lambda: record(self.session, rounding, (self,)))
        return rounded

    def clip(self, *bounds: Any, **keywords: Any) -> SymbolicArray:
        """Return the values kept between two bounds."""
        return np.clip(self, *bounds, **keywords)  # type: ignore[no-any-return]

    def fill(self, value: Any) -> None:
        """Write one value everywhere."""
        self[:] = value

    def any(self, **keywords: Any) -> Any:
        """Return whether any row holds; the answer is a guard of the graph."""
        return self._truth("any", keywords)

    def all(self, **keywords: Any) -> Any:
        """Return whether all rows hold; the answer is a guard of the graph."""
        return self._truth("all", keywords)

    def _truth(self, how: str, keywords: Mapping[str, Any]) -> Any:
        if self.mask is not None or keywords:
            return getattr(self.real(), how)(**keywords)
        return np.bool_(self.session.answer(whole(self.session.graph, self.node, how)))

    def decode(self) -> Array:
        """Return the members of the enumeration, from real values."""
        return np.array(list(self.possible_values), dtype=object)[self.real()]

    def decode_to_str(self) -> SymbolicArray:
        """Return the names of the enumeration's members, as text."""
        return record(self.session, Elementwise(Decode(tuple(member.name for member in self.possible_values))), (self,))

    def look_up(self, table: Any) -> SymbolicArray:
        """Return, row by row, the figure that a table of the law gives for this key (the parameters' protocol)."""
        if self.possible_values is not None:
            table = table.for_enum(tuple(member.name for member in self.possible_values))
        return record(self.session, Elementwise(table), (self._unfolded(table),))

    def _unfolded(self, table: Any) -> SymbolicArray:
        """Return row by row a default key that the table lacks (its look-up is an error of the rows that choose it alone), or that chooses what moves."""
        node = self.node
        if not node.is_constant or self.entity is None:
            return self
        _, missing = table.values_and_missing(np.array([node.value], dtype=node.dtype))
        if missing is None and not table.moves:
            return self
        repeated = self.session.graph.node(Repeat(self.entity), (node,), node.dtype, self.entity, node.exponent)
        return SymbolicArray(self.session, repeated, self.entity, self.possible_values, self.mask)


_COMPARES = {np.equal, np.not_equal}
# Methods of numpy's arrays that write into the array itself.
_WRITES = {"sort", "put", "partition", "resize", "setfield"}


def _is_everything(index: Any) -> bool:
    return index is Ellipsis or (isinstance(index, slice) and index == slice(None))


def real(value: Any) -> Any:
    """Return a value with every symbolic array in it, at any depth of lists and tuples, as a real one."""
    if isinstance(value, SymbolicArray):
        return value.real()
    if isinstance(value, list | tuple):
        return type(value)(real(each) for each in value)
    if isinstance(value, dict):
        return {key: real(each) for key, each in value.items()}
    return value


def on_real(call: Callable[..., Any], args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Return what a function gives for real arrays; the symbolic arrays that it wrote into stand for what it wrote."""
    copies: dict[int, tuple[SymbolicArray, Array]] = {}

    def realised(value: Any) -> Any:
        if isinstance(value, SymbolicArray):
            return copies.setdefault(id(value), (value, value.real()))[1]
        if isinstance(value, list | tuple):
            return type(value)(realised(each) for each in value)
        return value

    result = call(*(realised(each) for each in args), **{key: realised(each) for key, each in keywords.items()})
    for handle, copy in copies.values():
        if handle.mask is None and not _is_same(copy, handle.session.values(handle.node, handle.entity)):
            handle.write_real(copy)
        if result is copy:
            result = handle
    return result


def _is_same(left: Array, right: Array) -> bool:
    return bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fmM"))


def operand(session: Session, value: Any, entity: str | None) -> Node:
    """Return the node for anything that a formula combines with a symbolic array of `entity`."""
    if isinstance(value, SymbolicArray):
        return value.node
    if value.__class__ in SCALARS:
        return session.graph.constant(value)
    if isinstance(value, MovingFigure):
        return value.node(session.graph, entity)
    value = as_index(value)
    if isinstance(value, bytes):  # texts of a bounded length are bytes for some
        value = value.decode()
    array = np.asarray(value)
    if array.ndim == 0:
        return session.graph.constant(value if isinstance(value, bool | int | float | str | np.generic) else array[()])
    return session.graph.constant(array[0]) if session.is_repeated(array) else _data(session, array, entity)


def _data(session: Session, array: Array, entity: str | None) -> Node:
    """Return the node for an array of a formula's own making, which has one value for each row, or one for all."""
    count = session.rows(entity)
    if array.shape == (1,) and count != 1:
        return session.graph.constant(array[0])
    if entity is None or array.shape != (count,):
        raise CalculationError(f"A formula combines values of `{entity}` with an array of shape {array.shape}; expected ({count},).")
    data = Data(array.astype(object) if array.dtype.kind in "US" else array)
    return session.graph.leaf(data, data.array.dtype, entity, bounded=array.dtype.kind in "biu")


def record(session: Session, operation: Any, values: Sequence[Any]) -> SymbolicArray:
    """Return the handle for an operation row by row on symbolic arrays, real arrays and scalars.

    Raises EntityError where they describe different entities, CalculationError where they are rows of different masks.
    """
    entity: str | None = None
    masks: list[Node | None] = []
    for value in values:
        if isinstance(value, SymbolicArray):
            if value.entity is not None and value.entity != entity:
                if entity is not None:
                    names = f"`{entity}` and `{value.entity}`"
                    raise EntityError(f"`{operation}` mixes values of {names}: bring them to one entity first, with a sum or a projection.")
                entity = value.entity
            if (value.mask is not None or not value.node.is_constant) and not any(are_same(value.mask, mask) for mask in masks):
                masks.append(value.mask)
    if len(masks) > 1:
        raise CalculationError(f"`{operation}` combines rows picked out by a mask with all rows, or with rows of another mask: pick all by the same mask.")
    node = folding.apply(session.graph, operation, [operand(session, value, entity) for value in values])
    return SymbolicArray(session, node, node.entity or entity, mask=masks[0] if masks else None)
