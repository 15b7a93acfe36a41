"""Calls of Python's own functions and of methods of lists, texts and dates; and those that ask what an object has."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from engine.checks.dated import FAILED, PURE_FUNCTIONS, Dated, applied, attempt, is_plain, method
from engine.checks.frames import Catch
from engine.checks.values import ARRAY, UNKNOWN, Column, Figures, Listing, Names, OneOf, Record, Rows, is_same

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping

    from engine.checks.calls import Given
    from engine.checks.frames import Frame
    from engine.checks.reading import Reading

# what works with the places of a list, whatever stands there
_OF_PLACES: Final[frozenset[Any]] = frozenset({enumerate, zip, list, tuple, reversed, len, dict, set, frozenset})
_SETS: Final = (set, frozenset)
_CHANGES: Final = frozenset({"append", "extend", "update", "insert", "setdefault", "add"})
_MOST_COPIED: Final = 1_000


class BuiltinCalls:
    """Reads calls of Python's own functions on behalf of one formula."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._own: Mapping[Any, Callable[[Given, ast.Call, Frame], Any]] = {
            hasattr: self._has,
            getattr: self._get,
            globals: lambda _, __, frame: frame.world,
            map: self._map,
            isinstance: self._is_instance,
            operator.itemgetter: lambda *_: UNKNOWN,
        }

    def knows(self, function: Any) -> bool:
        """Whether this is one of the functions that are worked out here."""
        return attempt(hash, function) is not FAILED and (function in self._own or function in PURE_FUNCTIONS)

    def call(self, function: Any, given: Given, node: ast.Call, frame: Frame) -> Any:
        """Return what one of these functions gives."""
        own = self._own.get(function)
        if own is not None:
            return own(given, node, frame)
        arguments, named = given
        if function in _OF_PLACES:
            return self._of_places(function, given, frame)
        if any(_is_array(value) for value in arguments):
            return ARRAY
        return self._worked_out(lambda *values: applied(function, tuple(named), *values), *arguments, *named.values(), key=(function, tuple(named)))

    def _worked_out(self, function: Callable[..., Any], *values: Any, key: Any = None) -> Any:
        if all(is_plain(value) for value in values):
            found = attempt(function, *values)
            return UNKNOWN if found is FAILED else Listing(found) if type(found) is list else Record(found) if type(found) is dict else found
        operands = [self.reading.times.of(value) for value in values]
        if any(operand is None for operand in operands):
            return UNKNOWN
        if key is None:
            return self.reading.times.dated(function, *operands) or UNKNOWN
        return self.reading.times.dated(_Applied(*key), *operands) or UNKNOWN

    def _of_places(self, function: Any, given: Given, frame: Frame) -> Any:
        """Return a list of the same values in another form, whatever they are."""
        arguments, named = given
        if any(isinstance(value, Dated) for value in arguments) and function not in _SETS:
            return self._worked_out(function, *arguments, key=(function, tuple(named)))
        lists = [self._as_list(value, frame) for value in arguments]
        if any(each is None for each in lists):
            return UNKNOWN
        # a set is kept as a list: its members need not be known
        found = attempt(lambda: (list if function in _SETS else function)(*lists, **named))
        if found is FAILED or isinstance(found, int):
            return UNKNOWN if found is FAILED else found
        return tuple(found) if function is tuple else Record(found) if function is dict else Listing(found)

    def _as_list(self, value: Any, frame: Frame) -> Any:
        if isinstance(value, dict | str | range) or (not isinstance(value, list | tuple) and value.__class__ is int):
            return value
        turns = self.reading.statements.turns(value, frame)
        if turns is None:
            return None
        return [each if window & frame.window == frame.window else OneOf(((each, window),)) for each, window in turns]

    # What an object has

    def _has(self, given: Given, _: ast.Call, __: Frame) -> Any:
        value, name = given[0] if len(given[0]) == 2 else (UNKNOWN, UNKNOWN)  # noqa: PLR2004 - an object and a name
        if isinstance(value, Figures) and isinstance(name, str):
            present = self.reading.times.calendar.all if name.startswith("_") else self.reading.figures.presence(value, name)
            return self.reading.operators.truth(present)
        return UNKNOWN

    def _get(self, given: Given, node: ast.Call, frame: Frame) -> Any:
        arguments, _ = given
        if len(arguments) == 3:  # noqa: PLR2004 - with a default
            return self._get_or_default(arguments, node, frame)
        value, name = arguments if len(arguments) == 2 else (UNKNOWN, UNKNOWN)  # noqa: PLR2004
        if isinstance(name, Dated) and isinstance(value, Figures):
            return self.reading.figures.item(value, name, node, frame)
        return self.reading.attributes.of(value, name, node, frame) if isinstance(name, str) else self._handed(value, node, frame)

    def _get_or_default(self, arguments: tuple[Any, ...], node: ast.Call, frame: Frame) -> Any:
        value, name, default = arguments
        if not isinstance(value, Figures) or not isinstance(name, str):
            caught, frame.caught = frame.caught, Catch()
            found = self.reading.attributes.of(value, name, node, frame) if isinstance(name, str) else UNKNOWN
            frame.caught = caught
            return found if is_same(found, default) else UNKNOWN if found is UNKNOWN else OneOf(((found, frame.window), (default, frame.window)))
        present = self.reading.figures.presence(value, name)
        whole, alternatives = frame.window, [(default, frame.window & ~present)]
        frame.window = whole & present
        if frame.window:
            alternatives.append((self.reading.attributes.of(value, name, node, frame), frame.window))
        frame.window = whole
        return OneOf(tuple((each, window) for each, window in alternatives if window))

    def _handed(self, value: Any, node: ast.Call, frame: Frame) -> Any:
        if isinstance(value, Figures):
            self.reading.notes.parameter_read(node, frame, understood=False)
        if isinstance(value, Rows):
            self.reading.notes.variable_read(node, frame, understood=False)
        return UNKNOWN

    def _is_instance(self, given: Given, _: ast.Call, __: Frame) -> Any:
        value, kind = given[0] if len(given[0]) == 2 else (UNKNOWN, UNKNOWN)  # noqa: PLR2004
        if not is_plain(value):
            return UNKNOWN
        found = attempt(isinstance, value, kind)
        return UNKNOWN if found is FAILED else found

    def _map(self, given: Given, node: ast.Call, frame: Frame) -> Any:
        function, values = given[0] if len(given[0]) == 2 else (UNKNOWN, UNKNOWN)  # noqa: PLR2004
        turns = self.reading.statements.turns(values, frame)
        each_turn = [UNKNOWN] if turns is None else [each for each, _ in turns]
        found = [self.reading.calls.of(function, ((each,), {}), node, frame) for each in each_turn]
        return UNKNOWN if turns is None else Listing(found)

    # Methods

    def method(self, receiver: Any, name: str, given: Given, node: ast.AST, frame: Frame) -> Any:
        """Return what a method of a list, a mapping, a text or a date gives; lists that the formula made are changed."""
        arguments, named = given
        if isinstance(receiver, Names):
            return self._method_of_names(receiver, name, node, frame)
        if isinstance(receiver, Listing | Record) and name in _CHANGES:
            return self._changed(receiver, name, arguments, frame)
        if isinstance(receiver, dict) and name in {"get", "items", "keys", "values", "copy"}:
            return self._method_of_mapping(receiver, name, arguments)
        if isinstance(receiver, str) and name == "join" and len(arguments) == 1:
            return self._join(receiver, arguments[0], frame)
        return self._worked_out(_Called(name, tuple(named)), receiver, *arguments, *named.values())

    def _changed(self, receiver: Listing | Record, name: str, arguments: tuple[Any, ...], frame: Frame) -> Any:
        """Change a list or mapping of the formula. What is added for some periods only is there for these."""
        if isinstance(receiver, Listing):
            name = {"add": "append", "update": "extend"}.get(name, name)
            if name == "append" and frame.window != self.reading.window:
                arguments = tuple(OneOf(((each, frame.window),)) for each in arguments)
        found = attempt(lambda: getattr(receiver, name)(*arguments))
        return UNKNOWN if found is FAILED else found

    def _method_of_mapping(self, receiver: dict[Any, Any], name: str, arguments: tuple[Any, ...]) -> Any:
        if name == "get":
            key, default = (*arguments, None)[:2] if arguments else (UNKNOWN, None)
            if isinstance(key, Dated | OneOf | Column) or key is UNKNOWN:
                return UNKNOWN
            found = attempt(receiver.get, key, default)
            return UNKNOWN if found is FAILED else found
        if name == "copy":
            return Record(receiver) if len(receiver) <= _MOST_COPIED else UNKNOWN
        return Listing(getattr(receiver, name)())

    def _method_of_names(self, names: Names, name: str, node: ast.AST, frame: Frame) -> Any:
        found = self.reading.figures.names(names.figures)
        if found is None or name not in {"keys", "items", "values"}:
            return UNKNOWN
        pairs = []
        for each, window in found:
            inner = frame.window
            frame.window = inner & window
            if frame.window:
                value = UNKNOWN if name == "keys" else self.reading.figures.below(names.figures, each, node, frame)
                pairs.append((each if name == "keys" else value if name == "values" else (each, value), window))
            frame.window = inner
        return Listing(OneOf((pair,)) for pair in pairs)

    def _join(self, receiver: str, parts: Any, frame: Frame) -> Any:
        turns = self.reading.statements.turns(parts, frame)
        texts = [each for each, _ in turns or ()]
        return receiver.join(texts) if turns is not None and all(isinstance(each, str) for each in texts) else UNKNOWN


class _Applied:
    """One of Python's functions as an operation; equal to another of the same function."""

    __slots__ = ("function", "names")

    def __init__(self, function: Any, names: tuple[str, ...]) -> None:
        self.function = function
        self.names = names

    def __call__(self, *values: Any) -> Any:
        """Apply the function."""
        return applied(self.function, self.names, *values)

    def __eq__(self, other: object) -> bool:
        """Whether the other is the same function with the same names."""
        return isinstance(other, _Applied) and (self.function, self.names) == (other.function, other.names)

    def __hash__(self) -> int:
        """Hash by function and names."""
        return hash((self.function, self.names))


class _Called:
    """A method by its name as an operation; the last arguments go by `names`."""

    __slots__ = ("name", "names")

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        self.name = name
        self.names = names

    def __call__(self, receiver: Any, *arguments: Any) -> Any:
        """Call the method."""
        return method(receiver, self.name, self.names, *arguments)

    def __eq__(self, other: object) -> bool:
        """Whether the other is a method of the same name, with the same names of arguments."""
        return isinstance(other, _Called) and (self.name, self.names) == (other.name, other.names)

    def __hash__(self) -> int:
        """Hash by name."""
        return hash((self.name, self.names))


def _is_array(value: Any) -> bool:
    return isinstance(value, Column) or (isinstance(value, list | tuple) and any(_is_array(each) for each in value))
