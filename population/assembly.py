"""Tables of several entities put together: which row belongs to which, in what role, and the rows that only links speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import Problem
from population.columns import Columns, Link
from population.layout import Identifier, LinkTo, RoleIn, Weight
from population.values import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from engine.entities import Entity
    from population.checked import Problems, Table


def own_ids(table: Table, entity: Entity, problems: Problems, hint: str = "") -> pa.Array | None:
    """Return the identifiers of a table's rows, each of which must stand once (else that is noted).

    None where it has none; null where one is empty, which is noted already.
    """
    meaning = Identifier(entity)
    ids = table.values.get(meaning)
    if ids is None:
        return None
    encoded = ids.dictionary_encode()
    if len(encoded.dictionary) == len(ids) - ids.null_count:
        return ids
    codes = encoded.indices.fill_null(-1).to_numpy()
    _, first = np.unique(codes, return_index=True)
    repeated = np.setdiff1d(np.flatnonzero(codes >= 0), first)
    first_row = dict(zip(codes[first].tolist(), first.tolist(), strict=True))

    def says(row: int) -> str:
        return f"`{ids[row]}` names row {table.rows.number(first_row[int(codes[row])])} already.{hint}"

    problems.add_faults(table.rows, (table.columns[meaning], Faults(repeated, says)))
    return ids


def roles_of(table: Table | None, group: Entity, count: int) -> NDArray[np.int16] | None:
    """Return the role of each member row in a group; the first one where no column says it; None where the group names no roles."""
    if not group.flattened_roles:
        return None
    said = table.values.get(RoleIn(group)) if table is not None else None
    return np.zeros(count, np.int16) if said is None else said.astype(np.int16)


class Assembly:
    """Puts the tables of several entities together, and notes what does not fit."""

    def __init__(self, tables: Mapping[str, Table], entities: Mapping[str, Entity], links: Sequence[tuple[Entity, Entity]], problems: Problems) -> None:
        self._tables = tables
        self._entities = entities
        self._links = links
        self._problems = problems
        self._ids = {key: own_ids(table, entities[key], problems) for key, table in tables.items()}
        self._counts = {key: table.rows.count for key, table in tables.items()}
        self._linked: dict[tuple[str, str], Link] = {}

    def columns(self) -> Columns:
        """Return the population. Raises TableError where rows are linked to nothing, twice, or in roles that are taken."""
        for group in self._members_first():
            members = [member for member, of in self._links if of is group]
            if group.key not in self._tables:
                self._make_rows(group, members)
            for member in members:
                index = self._index(member, group)
                if index is not None:
                    self._linked[member.key, group.key] = (index, self._roles(member, group, index))
        self._problems.raise_if_any()
        return Columns(
            counts=self._counts,
            links=self._linked,
            inputs={place: values for table in self._tables.values() for place, values in table.inputs().items()},
            weights={key: table.values[Weight()] for key, table in self._tables.items() if Weight() in table.values},
            ids={key: values.to_numpy(zero_copy_only=False) for key, values in self._ids.items() if values is not None},
        )

    def _members_first(self) -> list[Entity]:
        """Return the entities in an order in which each one's members come before it."""
        left = list(self._entities.values())
        ordered: list[Entity] = []
        while left:
            ready = [entity for entity in left if not any(group is entity and member in left for member, group in self._links)]
            ordered += ready
            left = [entity for entity in left if entity not in ready]
        return ordered

    def _make_rows(self, group: Entity, members: Sequence[Entity]) -> None:
        """Give a group without a table a row for each identifier that its members name, or for each row of its one member entity."""
        said = [self._tables[member.key].values[LinkTo(group)] for member in members if self._says_link(member, group)]
        named = [ids for ids in said if ids is not None]
        ids = pc.unique(pa.concat_arrays(named)).drop_null() if named else None
        self._ids[group.key] = ids
        self._counts[group.key] = max((self._counts[member.key] for member in members), default=0) if ids is None else len(ids)

    def _says_link(self, member: Entity, group: Entity) -> bool:
        return member.key in self._tables and LinkTo(group) in self._tables[member.key].columns

    def _index(self, member: Entity, group: Entity) -> NDArray[np.int64] | None:
        """Return the group's row of each member row, or None where that is not known (then the problems say why)."""
        count = self._counts[member.key]
        if not self._says_link(member, group):
            alone = all(other is member or not self._counts[other.key] for other, of in self._links if of is group)
            if not count or (alone and group.key not in self._tables):
                return np.arange(count, dtype=np.int64)
            where = self._tables[member.key].file if member.key in self._tables else f"no table of `{member.key}`"
            self._problems.add(Problem(where, f"expected a column `{group.key}_id` that says to which {group.key} each {member.key} belongs"))
            return None
        table = self._tables[member.key]
        wanted, ids = table.values[LinkTo(group)], self._ids[group.key]
        if wanted is None:
            return None
        if ids is None:
            of_group = self._tables.get(group.key)
            if of_group is not None and Identifier(group) not in of_group.columns:
                self._problems.add(Problem(of_group.file, f"expected a column `{group.key}_id`: the rows of {table.file} name theirs"))
            return None
        index = pc.index_in(wanted, value_set=ids, skip_nulls=True)
        if index.null_count:
            missing = np.flatnonzero(pc.and_(index.is_null(), wanted.is_valid()).to_numpy(zero_copy_only=False))
            file = self._tables[group.key].file
            faults = Faults(missing, lambda row: f"there is no {group.key} `{wanted[row]}` in {file}")
            self._problems.add_faults(table.rows, (table.columns[LinkTo(group)], faults))
            return None
        found: NDArray[np.int64] = index.to_numpy().astype(np.int64)
        return found

    def _roles(self, member: Entity, group: Entity, index: NDArray[np.int64]) -> NDArray[np.int16] | None:
        """Return the role of each member row in its group, and note rows whose role is said nowhere or taken already."""
        table = self._tables.get(member.key)
        roles = roles_of(table, group, len(index))
        if roles is None or table is None:
            return roles
        if RoleIn(group) in table.columns:
            self._check_places(table, group, index, roles)
        elif len(group.flattened_roles) > 1 and self._says_link(member, group):
            keys = ", ".join(role.key for role in group.flattened_roles)
            self._problems.add(Problem(table.file, f"expected a column `{group.key}_role` with the role of each row: {keys}"))
        return roles

    def _check_places(self, table: Table, group: Entity, index: NDArray[np.int64], roles: NDArray[np.int16]) -> None:
        for code, role in enumerate(group.flattened_roles):
            if role.max is None or table.values[RoleIn(group)] is None:
                continue
            rows = np.flatnonzero(roles == code)
            excess = rows[_ranks(index[rows]) >= role.max]
            taken = f"its {group.key} has {role.max} `{role.key}` already, and may have no more"
            faults = Faults(excess, lambda _, taken=taken: taken)  # type: ignore[misc]
            self._problems.add_faults(table.rows, (table.columns[RoleIn(group)], faults))


def _ranks(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row how many rows before it have the same group."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    ranks = np.empty(len(groups), np.int64)
    ranks[order] = np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))
    return ranks
