"""Operations between entities: reading the row one belongs to, and adding up one's members.

A link says to which row of a group each member belongs (-1: to none) and with which role. Reading along a link, in either
direction, is a gather; summing up members is a reduction. Both know the link by name only: the rows come when a
population is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import EntityError
from engine.graph.bounds import ROWS_EXPONENT, within
from engine.graph.folding import cast
from engine.graph.nodes import INPUT_EXPONENT, DType, Graph, Leaf, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.graph.operations import Array


@dataclass(frozen=True, eq=False)
class Link:
    """To which row of `group` each row of `member` belongs, and with which role.

    `index` holds one row number of the group per member, -1 where it belongs to none; `roles` one role number (its place
    among the group's flattened roles) per member, None where the group has no roles.
    """

    member: str
    group: str
    index: Array
    group_count: int
    roles: Array | None = None
    is_identity: bool = field(init=False)
    is_total: bool = field(init=False)
    _held: dict[tuple[tuple[int, ...] | None, int], Array] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Check the rows and find out whether the link is one to one in the same order, and whether everybody belongs."""
        index = self.index
        if len(index) and (int(index.min()) < -1 or int(index.max()) >= self.group_count):
            raise EntityError(f"The link from `{self.member}` to `{self.group}` names rows outside 0..{self.group_count - 1} (-1 for none).")
        if self.roles is not None and len(self.roles) != len(index):
            raise EntityError(f"The link from `{self.member}` to `{self.group}` has {len(index)} rows and {len(self.roles)} roles.")
        identity = len(index) == self.group_count and bool(np.array_equal(index, np.arange(self.group_count)))
        object.__setattr__(self, "is_identity", identity)
        object.__setattr__(self, "is_total", identity or not len(index) or int(index.min()) >= 0)

    @cached_property
    def positions(self) -> Array:
        """Each member's place among the members of its row, counted from 0 in order of appearance."""
        order = np.argsort(self.index, kind="stable")
        grouped = self.index[order]
        first = np.searchsorted(grouped, grouped, side="left")
        result = np.empty(len(order), dtype=np.int64)
        result[order] = np.arange(len(order)) - first
        return result

    @cached_property
    def ends(self) -> Array | None:
        """Where the members of each row end, where they lie side by side in the order of rows: row i has those from `ends[i]` to `ends[i + 1]`; else None."""
        if not self.is_total or (self.index[1:] < self.index[:-1]).any():
            return None
        return np.searchsorted(self.index, np.arange(self.group_count + 1))

    def holders(self, role_numbers: tuple[int, ...] | None, nth: int = 0) -> Array:
        """Return, for each row of the group, its n-th member that has one of the roles (None: any), or -1."""
        found = self._held.get((role_numbers, nth))
        if found is None:
            found = self._held[role_numbers, nth] = self._find_holders(role_numbers, nth)
        return found

    def _find_holders(self, role_numbers: tuple[int, ...] | None, nth: int) -> Array:
        belongs = self.index >= 0
        if role_numbers is not None:
            belongs &= np.isin(self.member_roles, role_numbers)
        rows = np.flatnonzero(belongs)
        groups = self.index[rows]
        order = np.argsort(groups, kind="stable")
        rows, groups = rows[order], groups[order]
        chosen = np.arange(len(groups)) - np.searchsorted(groups, groups, side="left") == nth
        result = np.full(self.group_count, -1, dtype=np.int64)
        result[groups[chosen]] = rows[chosen]
        return result

    @property
    def member_roles(self) -> Array:
        """Return each member's role number. Raises EntityError where the population was given without roles."""
        if self.roles is None:
            raise EntityError(f"The population does not say which role each `{self.member}` has in its `{self.group}`.")
        return self.roles


def values_of_members(leaf: MemberLeaf, links: Mapping[tuple[str, str], Link]) -> Array:
    """Return what a link tells of each member: its role's number, or its place among the members."""
    link = links[leaf.member, leaf.group]
    return link.positions if leaf.what == "position" else link.member_roles


@dataclass(frozen=True)
class Gather:
    """Read, for each row of one entity, a row of another.

    Downwards (`up` False) each member reads the row it belongs to. Upwards each row of the group reads its n-th member
    among those with one of the roles. Rows that find nobody get the default.
    """

    member: str
    group: str
    up: bool
    default: Any
    roles: tuple[int, ...] | None = None
    nth: int = 0

    @property
    def link(self) -> tuple[str, str]:
        """Return the link's name."""
        return (self.member, self.group)

    def __str__(self) -> str:
        """Show the direction."""
        return f"{self.group}<-{self.member}[{self.roles},{self.nth}]" if self.up else f"{self.member}<-{self.group}"


@dataclass(frozen=True)
class Reduce:
    """Sum up, or compare, the values of a row's members: sum, any, all, min, max."""

    how: str
    member: str
    group: str

    @property
    def link(self) -> tuple[str, str]:
        """Return the link's name."""
        return (self.member, self.group)

    def __str__(self) -> str:
        """Show how and along which link."""
        return f"{self.how} {self.member}->{self.group}"


@dataclass(frozen=True)
class Whole:
    """Whether any row, or all rows, of the population hold: one truth for everybody."""

    how: str

    def __str__(self) -> str:
        """Show how."""
        return f"{self.how} of the population"


@dataclass(frozen=True)
class MemberLeaf(Leaf):
    """What a link tells of each member: its role's number, or its place among the members."""

    what: str
    member: str
    group: str

    def __str__(self) -> str:
        """Show what and along which link."""
        return f"{self.what} of {self.member} in {self.group}"


def gather(graph: Graph, node: Node, operation: Gather, *, total: bool) -> Node:
    """Return the node that reads another entity's rows; a constant stays one where everybody finds a row (`total`)."""
    target = operation.group if operation.up else operation.member
    if node.is_constant and (total or bool(node.value == operation.default)):
        return node
    default = graph.constant(node.dtype.type(operation.default)).exponent if node.dtype.kind == "f" else 0
    exponent = None if node.exponent is None or default is None else max(node.exponent, default)
    return graph.node(operation, (node,), node.dtype, target, exponent)


_NEUTRAL: dict[str, Any] = {"sum": 0, "any": False, "all": True}


def reduce(graph: Graph, node: Node, operation: Reduce) -> Node:
    """Return the node that sums up members: sums of truths and whole numbers are whole numbers, any and all are truths.

    Rows without members give 0, False, True, and for min and max plus and minus infinity, so these are real numbers.
    """
    dtype, source = _reduction_types(operation.how, node.dtype)
    node = cast(graph, node, source)
    neutral = _NEUTRAL.get(operation.how)
    if node.is_constant and neutral is not None and bool(node.value == neutral):
        return graph.constant(dtype.type(neutral))
    exponent = within(node.exponent + ROWS_EXPONENT, dtype) if operation.how == "sum" and node.exponent is not None and dtype.kind == "f" else None
    return graph.node(operation, (node,), dtype, operation.group, INPUT_EXPONENT if dtype.kind in "bi" else exponent)


def _reduction_types(how: str, dtype: DType) -> tuple[DType, DType]:
    if how in {"any", "all"}:
        return np.dtype(bool), np.dtype(bool)
    if how == "sum" and dtype.kind in "biu":
        return np.dtype(np.int64), dtype
    return np.dtype(np.float64), np.dtype(np.float64)


def whole(graph: Graph, node: Node, how: str) -> Node:
    """Return the node of one truth for the whole population."""
    node = cast(graph, node, np.dtype(bool))
    if node.is_constant:
        return node
    return graph.node(Whole(how), (node,), np.dtype(bool), None, 1)


def reduced(operation: Reduce, values: Array, index: Array, count: int, dtype: DType, *, everybody: bool = False) -> Array:
    """Return the reduction of real values: `index` gives each value's group, -1 for none, and `count` is the number of groups.

    With `everybody` there is none without a group.
    Members are taken in their order, so the result does not depend on how the population is cut into blocks.
    """
    if not everybody and len(index) and int(index.min()) < 0:
        belongs = index >= 0
        values, index = values[belongs], index[belongs]
    return _REDUCTIONS[operation.how](values, index, count).astype(dtype, copy=False)


def _sum(values: Array, index: Array, count: int) -> Array:
    if values.dtype.kind in "iu" and len(values) and max(int(values.max()), -int(values.min())) * len(values) > 2**53:
        total = np.zeros(count, dtype=np.int64)  # exact where a float64 sum might not be
        np.add.at(total, index, values)
        return total
    return np.bincount(index, weights=values, minlength=count)


def _any(values: Array, index: Array, count: int) -> Array:
    return np.bincount(index[values], minlength=count) > 0


def _all(values: Array, index: Array, count: int) -> Array:
    return np.equal(np.bincount(index[~values], minlength=count), 0)


def _extreme(start: float, function: np.ufunc) -> Callable[[Array, Array, int], Array]:
    def compute(values: Array, index: Array, count: int) -> Array:
        result = np.full(count, start)
        function.at(result, index, values)
        return result

    return compute


_REDUCTIONS: dict[str, Callable[[Array, Array, int], Array]] = {
    "sum": _sum,
    "any": _any,
    "all": _all,
    "min": _extreme(np.inf, np.minimum),
    "max": _extreme(-np.inf, np.maximum),
}
