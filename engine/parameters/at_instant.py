"""The law's figures at an instant, as formulas read them: `parameters(period).a.b.c`, `["c"]`, iteration over names, look-up by arrays.

What is read is worked out when first read and kept in the facade, so that reading it again is a look in a dictionary.
A facade knows its branch and its date and nothing of any run. `RecordedParametersAtInstant` also tells a recorder what is read:
(full name, date, what was found), so that a run knows which figures a result rests on, and a reform which results it leaves alone.
What is told is exactly what `ParameterNode.read(name, date)` gives:

    a figure            ("a.b", date, 5.5); None where there is none at that date
    a scale             ("a.bareme", date, the scale)
    a look-up           ("a.zones[*].taux", date, the table of all keys)
    the names present   ("a", date, ("b", "bareme")) where a formula goes through them or asks whether one is there

One facade may be read by several threads: what two of them work out at once is equal, and one of them stays.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

from engine.errors import ParameterError, ParameterNotFoundError, nearest_or_first
from engine.parameters.dated_values import Sort
from engine.parameters.look_up import key_text
from engine.parameters.vectors import VectorialParameters, look_up

if TYPE_CHECKING:
    from engine.parameters.items import Table
    from engine.parameters.look_up import LookUpTable
    from engine.parameters.tree import ParameterNode

Recorder = Callable[[str, str, Any], None]

_SCALARS: Final = (bool, int, float, Enum, np.bool_, np.integer, np.floating)
_LEAVES: Final = (Sort.FIGURE, Sort.SCALE)


class _NoNumber:
    """What formulas may take for a figure, and is none: a branch or a table takes no part in a calculation."""

    def _no_number(self) -> str:
        """Say what it is, and what was expected."""
        raise NotImplementedError

    def _refused(self, *_: object, **__: object) -> NoReturn:
        raise ParameterError(self._no_number())

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __pow__ = _refused
    __lt__ = __le__ = __gt__ = __ge__ = __neg__ = __float__ = __int__ = __array__ = _refused


class ParametersAtInstant(_NoNumber):
    """A branch of the tree at a date. Its attributes are its children: values, scales, tables and branches.

    Reading what is absent, or has no value at that date, raises ParameterNotFoundError (an AttributeError, so that `hasattr` answers).
    All of its own names begin with an underscore, so that none hides a child.
    """

    _node: ParameterNode
    _date: str

    def __init__(self, node: ParameterNode, date: str) -> None:
        self.__dict__.update(_node=node, _date=date)

    def __getattr__(self, name: str) -> Any:
        """Work out a child when it is first read, and keep it as an attribute."""
        if name.startswith("__"):  # what Python's protocols ask every object for
            raise AttributeError(name)
        child = self._child(name)
        found = self.__dict__[name] = child.at_date(self._date) if child.sort not in _LEAVES else self._leaf(child)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        raise ParameterError(f"`{self._node.name}.{name}` cannot be set: the law at an instant is read-only. A reform changes the tree: `tree.updated(...)`.")

    def __getitem__(self, key: Any) -> Any:
        """Return a child by name, or look figures up by an array of keys (numpy or symbolic, or a list)."""
        if isinstance(key, str):
            return getattr(self, key)
        if isinstance(key, _SCALARS):
            return getattr(self, self._name_of(key))
        keys = np.asarray(key, dtype="datetime64[D]") if isinstance(key, datetime.date) else key
        return VectorialParameters.chosen(self._node.choices_at(self._date), keys, self._tell)

    def _name_of(self, key: Any) -> str:
        text = key_text(key)
        if isinstance(key, bool | np.bool_):  # files write true or True
            return next((name for name in self._node.children if name.lower() == text), text)
        return text

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the children that are there at that date."""
        return iter(self._present())

    def __len__(self) -> int:
        """Return the number of children that are there at that date."""
        return len(self._present())

    def __contains__(self, name: object) -> bool:
        """Tell whether a child of that name is there at that date."""
        return name in self._present()

    def __bool__(self) -> bool:
        """Hold always: a branch without children is a branch."""
        return True

    def __repr__(self) -> str:
        """Show name and date."""
        return f"<{self._node.name or 'The law'} at {self._date}>"

    def _no_number(self) -> str:
        what = f"`{self._node.name}` is a branch of the law's figures" if self._node.name else "These are all of the law's figures"
        return f"{what}, not a figure: name one below it.{nearest_or_first('', self._node.children)}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep branch and date; all else is worked out again. A recorder is not kept: it belongs to its run."""
        return (ParametersAtInstant, (self._node, self._date))

    @property
    def _name(self) -> str:
        """The full name of the branch."""
        return self._node.name

    @property
    def _instant_str(self) -> str:
        """The date, as text."""
        return self._date

    @property
    def _children(self) -> dict[str, Any]:
        """The children that are there at that date, by name."""
        return {name: getattr(self, name) for name in self._present()}

    def _present(self) -> tuple[str, ...]:
        return self._node.present_at(self._date)

    def _child(self, name: str) -> Any:
        child = self._node.children.get(name)
        if child is None:
            what = f"Parameter `{self._node.name}`" if self._node.name else "The law"
            raise ParameterNotFoundError(f"{what} has no `{name}` (read at {self._date}).", name, self._node.children)
        return child

    def _leaf(self, child: Any) -> Any:
        value = child.at_date(self._date)
        if value is None:
            raise ParameterNotFoundError(f"Parameter `{child.name}` has no value at {self._date}: {child.spans()}.")
        return value

    def _tell(self, name: str, value: Any) -> None:
        """Tell the recorder, where there is one."""


class RecordedParametersAtInstant(ParametersAtInstant):
    """A branch at a date that tells a recorder each figure read. Branches are kept as attributes; figures are told again each time."""

    _recorder: Recorder
    _kept: dict[str, tuple[str, Any]]

    def __init__(self, node: ParameterNode, date: str, recorder: Recorder) -> None:
        super().__init__(node, date)
        self.__dict__.update(_recorder=recorder, _kept={})

    def __getattr__(self, name: str) -> Any:
        """Return a child, and tell the recorder if it is a figure, a scale, or absent."""
        if name.startswith("__"):
            raise AttributeError(name)
        kept = self._kept.get(name)
        if kept is None:
            child = self._node.children.get(name)
            if child is not None and child.sort not in _LEAVES:
                below = self.__dict__[name] = child.recorded_at(self._date, self._recorder)
                return below
            full_name = f"{self._node.name}.{name}" if self._node.name else name
            if child is None or not child.is_present(self._date):
                self._tell(full_name, None)
            kept = self._kept[name] = (full_name, self._leaf(self._child(name)))
        self._recorder(kept[0], self._date, kept[1])
        return kept[1]

    def _present(self) -> tuple[str, ...]:
        names = super()._present()
        self._tell(self._node.name, names)
        return names

    def _tell(self, name: str, value: Any) -> None:
        self._recorder(name, self._date, value)


class TableAtInstant(_NoNumber):
    """A table by code at a date: the figure of one code, or of an array of codes."""

    def __init__(self, table: Table, date: str, recorder: Recorder | None = None) -> None:
        self._table = table
        self._date = date
        self._recorder = recorder

    def __getitem__(self, key: Any) -> Any:
        """Return the figure of a code (text, whole number, member of an enumeration), or the figures of an array of them.

        A code without a figure raises ParameterNotFoundError, in an array LookUpError.
        """
        if not isinstance(key, (str, *_SCALARS)):
            return look_up(self._choices(), key)
        value = self._one(key)
        if value is None:
            codes = self._table.present_at(self._date)
            raise ParameterNotFoundError(f"Parameter `{self._table.name}` has no value for `{key_text(key)}` at {self._date}.", key_text(key), codes)
        return value

    def get(self, key: Any, default: float | str | None = None) -> Any:
        """Return the figure of a code, or the figures of an array of them, and `default` where there is none.

        For an array, the default is a number where the figures are numbers, a text where they are texts.
        """
        if not isinstance(key, (str, *_SCALARS)):
            table = self._choices()
            return look_up(table if default is None else table.with_default(default), key)
        value = self._one(key)
        return default if value is None else value

    def _one(self, code: Any) -> Any:
        value = self._table.value_at(code, self._date)
        self._tell(f"{self._table.name}.{key_text(code)}", value)
        return value

    def _choices(self) -> LookUpTable:
        table = self._table.table_at(self._date)
        self._tell(table.name, table)
        return table

    def __iter__(self) -> Iterator[str]:
        """Go through the codes that have a value at that date."""
        self._tell(self._table.name, self._table.present_at(self._date))
        return iter(self._table.present_at(self._date))

    def __len__(self) -> int:
        """Return the number of codes that have a value at that date."""
        return len(list(iter(self)))

    def __contains__(self, code: object) -> bool:
        """Tell whether a code has a value at that date."""
        return code in list(iter(self))

    def __bool__(self) -> bool:
        """Hold always."""
        return True

    def __repr__(self) -> str:
        """Show name and date."""
        return f"<{self._table.name} at {self._date}>"

    def _no_number(self) -> str:
        return f"`{self._table.name}` is a table, not a figure: expected that of a code, as `{self._table.name.rpartition('.')[2]}[code]`."

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep table and date, not the recorder, which belongs to its run."""
        return (TableAtInstant, (self._table, self._date))

    def _tell(self, name: str, value: Any) -> None:
        if self._recorder is not None:
            self._recorder(name, self._date, value)
