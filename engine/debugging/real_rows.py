"""What a formula sees when it is debugged: the same entities as ever, that answer with numpy's own arrays.

A law is run on symbols, whose values are not known while a formula runs. Here each answer of a view (`engine/views.py`) is made real at
once, so that a legal coder reads numbers at the prompt, and numpy itself does the formula's operations.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.graph.array import SymbolicArray
from engine.graph.nodes import Data
from engine.variables import EnumArray
from engine.views import EntityView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.debugging.session import Session

_MOST_IDS = 6
# what takes values of the rows themselves, not of their members
_OF_OWN_ROWS = frozenset({"project", "get_rank", "value_from_partner"})


class RealRows:
    """The rows of an entity, seen by a formula that is debugged: `rows("salary", period)` is an array with a value for each."""

    def __init__(self, view: EntityView, session: Session) -> None:
        self._view = view
        self._session = session

    def __call__(self, name: str, period: Any = None, options: Sequence[Any] | None = None) -> Any:
        """Return the values of a variable, a copy of one's own."""
        return self._real(self._view(name, period, options))

    def __getattr__(self, name: str) -> Any:
        """Return what the view has under that name: other rows, a method, or values."""
        if name.startswith("__"):
            raise AttributeError(name)
        # a package's formula that asks for its simulation gets that of the case
        found = getattr(replace(self._view, law=_Running(self._session)) if name == "simulation" else self._view, name)
        return self._method(name, found) if callable(found) and not isinstance(found, EntityView) else self._real(found)

    def _method(self, name: str, method: Any) -> Any:
        def with_real_values(*given: Any, **named: Any) -> Any:
            return self._real(method(*(self._given(each, name) for each in given), **{key: self._given(each, name) for key, each in named.items()}))

        return with_real_values

    def _real(self, value: Any) -> Any:
        """Return what a view answered with real values in the place of symbols."""
        if isinstance(value, SymbolicArray):
            values = value.real()
            return EnumArray(values, value.possible_values) if value.possible_values is not None else values
        if isinstance(value, EntityView):
            return RealRows(value, self._session)
        if isinstance(value, tuple | list):
            return type(value)(self._real(each) for each in value)
        if isinstance(getattr(value, "population", None), EntityView):  # what a package knows of one variable
            return _RealHolder(value, self)
        return value

    def _given(self, value: Any, method: str) -> Any:
        """Return what a formula hands to a view as the view expects it: arrays as values of their entity."""
        if isinstance(value, RealRows):
            return value._view  # noqa: SLF001 - of the same class
        if not isinstance(value, np.ndarray) or value.ndim != 1:
            return value
        entity = self._entity_of(value, method)
        if entity is None:
            return value  # of no entity's length: the view says so
        array = value.view(np.ndarray)
        array = array.astype(object) if array.dtype.kind in "US" else array
        leaf = self._session.graph.leaf(Data(array), array.dtype, entity, bounded=array.dtype.kind in "biu")
        return SymbolicArray(self._session, leaf, entity, getattr(value, "possible_values", None))

    def _entity_of(self, array: Any, method: str) -> str | None:
        """Return the entity whose values an array has: that of the members for sums and the like, nearest first; an array does not say."""
        own, entities = self._view.entity.key, self._session.entities
        below = [own]
        for key in below:
            below += [other.key for other in entities.values() if key in other.belongs_to and other.key not in below]
        nearest = below if method in _OF_OWN_ROWS or len(below) == 1 else below[1:]
        ordered = dict.fromkeys((*nearest, own, *entities))
        return next((key for key in ordered if self._session.count(key) == len(array)), None)

    def __repr__(self) -> str:
        """Show whose rows these are: their entity, number and ids."""
        key = self._view.entity.key
        ids = self._session.ids(key)
        shown = ", ".join(ids[:_MOST_IDS]) + (", …" if len(ids) > _MOST_IDS else "")
        seen = " seen from other rows" if self._view.path else ""
        return f"<{key}{seen}: {self._session.count(key)} {'row' if len(ids) == 1 else 'rows'}: {shown}>"


class _Running:
    """What a view needs of a law to tell the simulation that runs it."""

    def __init__(self, session: Session) -> None:
        self.run = session.simulation
        self.rows = session.rows


class _RealHolder:
    """What a package's formula asks about one variable (`rows.get_holder`), with real values."""

    def __init__(self, holder: Any, rows: RealRows) -> None:
        self._holder = holder
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._holder, name)
        return self._rows._method(name, found) if callable(found) else self._rows._real(found)  # noqa: SLF001 - two sides of one facade


class RealFigures:
    """The law's figures: `parameters(period).a.b`, as formulas read them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, at: Any) -> Any:
        """Return the figures at a period's start."""
        return self._session.figures(at)

    def __repr__(self) -> str:
        """Say how it is used."""
        return "<the figures of the law: parameters(period)>"
