"""Branches chosen row by row: `parameters(period).zones[zone].loyer`, and further keys after that.

`Branches` is what can be chosen, without any keys: the children of a branch under their labels. It is the same between two changes of the
law and is kept with the branch. `VectorialParameters` adds the keys, real or symbolic. Keys after keys (`a[x].b[y]`) become a position:
one table gives the row's place among the first labels, one among the second, and a third holds the figure of each pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from engine.errors import ParameterError, ParameterNotFoundError, nearest
from engine.parameters.dated_values import Described, Sort
from engine.parameters.look_up import LookUpTable

EVERY: Final = "[*]"
_STEP: Final = re.compile(r"[^.\[\]]+|\[\*\]")

Tell = Callable[[str, Any], None]


def look_up(table: LookUpTable, keys: Any) -> Any:
    """Return the figures of an array of keys; of a symbolic array, the symbol that stands for them."""
    return keys.look_up(table) if hasattr(keys, "look_up") else table(keys if hasattr(keys, "dtype") else np.asarray(keys))


class Branches:
    """What an array of keys chooses among: items of the tree at a date, each under its label; None where a label has none.

    `name` is the full name with `[*]` for the keys; `date` a day at which to read and `since` that from which all holds.
    `width` is None where rows are looked up by label, else rows are looked up by position (after several keys).
    """

    def __init__(self, name: str, date: str, since: str, items: dict[str, Described | None], *, by_position: bool = False) -> None:
        self.name = name
        self.date = date
        self.since = since
        self.items = items
        self.by_position = by_position
        self._below: dict[str, Branches | LookUpTable] = {}

    def child(self, name: str) -> Branches | LookUpTable:
        """Return what the branches have under a name: a look-up table of figures, or branches again.

        Raises ParameterNotFoundError where no branch has it at that date, ParameterError where it is not of one sort.
        """
        found = self._below.get(name)
        if found is None:
            items = {label: self._get(item, name) for label, item in self.items.items()}
            if not any(items.values()):
                known = dict.fromkeys(each for item in self.items.values() for each in self._names(item))
                raise ParameterNotFoundError(f"Parameter `{self.name}` has no `{name}` at {self.date}.{nearest(name, known)}")
            found = self._below.setdefault(name, self._made(f"{self.name}.{name}", items, by_position=self.by_position))
        return found

    def every(self) -> tuple[LookUpTable, LookUpTable, Branches | LookUpTable]:
        """Return what a further array of keys needs: the place of a row's first label, that of its second, and what each pair has.

        The place of a pair is the first place times the number of second labels, plus the second.
        """
        first, second = tuple(self.items), tuple(dict.fromkeys(each for item in self.items.values() for each in self._names(item)))
        name = f"{self.name}{EVERY}"
        found = self._below.get(EVERY)
        if found is None:
            pairs = {f"{label}.{each}": self._get(item, each) for label, item in self.items.items() for each in second}
            found = self._below.setdefault(EVERY, self._made(name, pairs, by_position=True))
        return LookUpTable(self.name, self.since, first, np.arange(len(first))), LookUpTable(name, self.since, second, np.arange(len(second))), found

    def below(self, step: str) -> Branches | LookUpTable | None:
        """Return what a step of a name as `a[*].b[*]` leads to, or None where it leads nowhere."""
        if step == EVERY:
            return self.every()[2]
        return self.child(step) if any(self._get(item, step) is not None for item in self.items.values()) else None

    def table(self) -> LookUpTable:
        """Return the look-up table of items that are figures. Raises ParameterError where they are something else."""
        sorts = {item.sort: label for label, item in self.items.items() if item is not None}
        if set(sorts) - {Sort.FIGURE}:
            told = ", ".join(f"`{label}` is a {sort.value}" for sort, label in sorts.items())
            raise ParameterError(
                f"Parameter `{self.name}` cannot be looked up by an array: {told}. Expected figures, or branches that all have the same figures."
            )
        figures = [(label, None if item is None else item.at_date(self.date)) for label, item in self.items.items()]  # type: ignore[attr-defined]
        if self.by_position:
            return LookUpTable.by_position(self.name, self.since, tuple(self.items), [value for _, value in figures])
        present = [(label, value) for label, value in figures if value is not None]
        return LookUpTable.of(self.name, self.since, (label for label, _ in present), [value for _, value in present])

    def chosen(self) -> Branches | LookUpTable:
        """Return the look-up table where the items are figures, else the branches themselves."""
        return self._made(self.name, self.items, by_position=self.by_position)

    def _made(self, name: str, items: dict[str, Described | None], *, by_position: bool) -> Branches | LookUpTable:
        branches = Branches(name, self.date, self.since, items, by_position=by_position)
        return branches if {item.sort for item in items.values() if item is not None} == {Sort.BRANCH} else branches.table()

    def _get(self, item: Any, name: str) -> Any:
        below = None if item is None else item.get(name)
        return below if below is not None and below.is_present(self.date) else None

    def _names(self, item: Any) -> tuple[str, ...]:
        return () if item is None else tuple(name for name in item.child_names() if self._get(item, name) is not None)


class VectorialParameters:
    """A branch chosen row by row: `.x` gives each row's figure; where `x` is a branch, it is chosen row by row too.

    `keys` are the rows' labels, or their positions where the branches are looked up by position.
    """

    def __init__(self, branches: Branches, keys: Any, tell: Tell) -> None:
        self._branches = branches
        self._keys = keys
        self._tell = tell

    @classmethod
    def chosen(cls, found: Branches | LookUpTable, keys: Any, tell: Tell) -> Any:
        """Return the figures of the rows, or the branches chosen by them."""
        if isinstance(found, Branches):
            return cls(found, keys, tell)
        tell(found.name, found)
        return look_up(found, keys)

    def __getattr__(self, name: str) -> Any:
        """Return each row's figure of that name, or the branch of that name chosen row by row."""
        if name.startswith("__"):  # what Python's protocols ask every object for
            raise AttributeError(name)
        return self.chosen(self._branches.child(name), self._keys, self._tell)

    def __getitem__(self, key: Any) -> Any:
        """Return what `.name` gives, for a text; choose further by another array of keys."""
        if isinstance(key, str):
            return getattr(self, key)
        first, second, found = self._branches.every()
        places = self._keys if self._branches.by_position else look_up(first, self._keys)
        return self.chosen(found, places * len(second.keys) + look_up(second, key), self._tell)

    def __iter__(self) -> Iterator[Any]:
        """Refuse: rows are many, and there is one calculation for all of them."""
        raise ParameterError(f"Parameter `{self._branches.name}` is chosen row by row and cannot be gone through: read one of its figures, `.name`.")


def read(tree: Any, name: str, date: str) -> Any:
    """Return what formulas that read `name` at `date` would find: see `ParameterNode.read`."""
    steps = _STEP.findall(name)
    item: Any = tree
    for position, step in enumerate(steps):
        if isinstance(item, Branches):
            item = item.below(step)
        elif isinstance(item, LookUpTable):
            return None
        elif step == EVERY:
            item = item.choices_at(date) if item.sort in (Sort.BRANCH, Sort.TABLE) else None
        elif item.sort is Sort.TABLE:
            return item.value_at(step, date) if position == len(steps) - 1 else None
        else:
            item = item.get(step) if item.sort is Sort.BRANCH else None
        if item is None:
            return None
    if isinstance(item, Branches | LookUpTable):
        return item
    return item.at_date(date) if item.sort in (Sort.FIGURE, Sort.SCALE) else item.present_at(date)
