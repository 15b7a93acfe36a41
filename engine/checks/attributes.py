"""What follows a dot: of rows, of figures, of dates, of enumerations, modules and what else Python has."""

from __future__ import annotations

import inspect
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from engine.checks import dated
from engine.checks.dated import CONTAINERS, SCALARS, Dated
from engine.checks.figures import has_no_attribute
from engine.checks.findings import Kind
from engine.checks.values import ARRAY, UNKNOWN, Column, Figures, Instance, Method, Names, Rows
from engine.entities import Entity
from engine.errors import nearest
from engine.variables import Enum, EnumType

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

_ABSENT = object()


class Attributes:
    """Reads attributes on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._readers: list[tuple[Any, Callable[[Any, str, ast.AST, Frame], Any]]] = [
            (Rows, reading.variables.attribute),
            (Figures, reading.figures.attribute),
            (Column, lambda column, name, *_: _of_column(column, name)),
            (Dated, self._of_dated),
            (EnumType | ModuleType | Entity, self._of_known),
        ]

    def of(self, value: Any, name: str, node: ast.AST, frame: Frame) -> Any:
        """Return an attribute of a value, and note where there is none."""
        for kinds, read in self._readers:
            if isinstance(value, kinds):
                return read(value, name, node, frame)
        return self._of_object(value, name)

    def _of_dated(self, value: Dated, name: str, node: ast.AST, frame: Frame) -> Any:
        figure = has_no_attribute(value, name)
        if figure is not None:
            message = f"There is no parameter `{figure}.{name}`: `{figure}` is a figure, nothing stands below it."
            self.reading.notes.error(Kind.PARAMETER, message, node, frame)
            return UNKNOWN
        found = self.reading.times.dated(dated.attribute, value, name)
        return Method(value, name) if _is_method(value, name, frame) else found or UNKNOWN

    def _of_known(self, value: Any, name: str, node: ast.AST, frame: Frame) -> Any:
        """Return an attribute of what is known whole: an enumeration, a module or an entity."""
        found = getattr(value, name, _ABSENT)
        if found is not _ABSENT:
            return found
        if isinstance(value, EnumType):
            message = f"`{value.__name__}` has no member `{name}`.{member_meant(value, name)}"
            self.reading.notes.error(Kind.ENUM, message, node, frame)
        else:
            told = f"`{value.key}`" if isinstance(value, Entity) else f"The module `{value.__name__}`"
            what = "role" if isinstance(value, Entity) else "attribute"
            kind = Kind.ENTITY if isinstance(value, Entity) else Kind.NAME
            self.reading.notes.error(kind, f"{told} has no {what} `{name}`.{nearest(name, vars(value))}", node, frame)
        return UNKNOWN

    def _of_object(self, value: Any, name: str) -> Any:
        """Return an attribute of any other object, without running anything of its own."""
        if isinstance(value, Instance) and name in value.fields:
            return value.fields[name]
        if isinstance(value, Enum) or (isinstance(value, type) and not name.startswith("__")):
            return getattr(value, name, UNKNOWN)
        if isinstance(value, SCALARS):
            found = dated.attempt(dated.attribute, value, name)
            return UNKNOWN if found is dated.FAILED else Method(value, name) if callable(found) else found
        if isinstance(value, tuple) and name in getattr(value, "_fields", ()):
            return getattr(value, name)
        if isinstance(value, (*CONTAINERS, Names)):
            return Method(value, name)
        return self._static(value, name)

    def _static(self, value: Any, name: str) -> Any:
        if not type(value).__module__ or isinstance(value, Method) or value is UNKNOWN:
            return UNKNOWN
        found = inspect.getattr_static(value.kind if isinstance(value, Instance) else value, name, _ABSENT)
        if isinstance(found, property) and found.fget is not None:
            return self.reading.calls.follow(found.fget, ((value,), {}))
        if isinstance(found, FunctionType | classmethod):
            return Method(value, name)
        if isinstance(found, staticmethod):
            return found.__func__
        if inspect.ismemberdescriptor(found):  # a slot
            return dated_or_unknown(lambda: object.__getattribute__(value, name))
        return UNKNOWN if found is _ABSENT or hasattr(type(found), "__get__") else found


def member_meant(kinds: EnumType, name: str) -> str:
    """Return a hint at the member that was meant: the one of that label, or of the nearest name."""
    labelled = next((member.name for member in kinds.enums if member.value == name), None)
    return nearest(name, kinds.__members__) if labelled is None else f" It is the label of `{labelled}`."


def dated_or_unknown(read: Any) -> Any:
    """Return what reading gives, UNKNOWN where it fails."""
    found = dated.attempt(read)
    return UNKNOWN if found is dated.FAILED else found


def _is_method(value: Dated, name: str, frame: Frame) -> bool:
    """Whether an attribute of a dated value is a method, by its value at some period."""
    for _, each in dated.at_positions(value, frame.window):
        if each is not dated.FAILED:
            return callable(getattr(each, name, None))
    return False


def _of_column(column: Column, name: str) -> Any:
    if name == "possible_values":
        return column.rule.possible_values if column.rule is not None and column.rule.possible_values is not None else UNKNOWN
    return Method(column if name == "copy" else ARRAY, name)
