"""The parameter tree as OpenFisca's packages handle it: nodes whose children they add, rename, share and take away in place.

Barème's tree is immutable. A facade stands before each item that a package touches and keeps what it did; `frozen` gives the
engine's tree. What nobody touched is the engine's own item, and freezing twice without a change gives the same tree, so that
the law made of it, and its kept graphs, stay.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from engine.errors import ParameterNotFoundError, nearest
from engine.openfisca.named import under_own_name
from engine.parameters import Parameter as LawParameter
from engine.parameters import ParameterNode as LawNode
from engine.parameters import ParametersAtInstant, parameters_from_data
from engine.parameters import Scale as LawScale
from engine.parameters import load_parameter_file as load_law_file
from engine.parameters import load_parameters as load_law
from engine.parameters.dated_values import as_value
from engine.parameters.items import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.periods import InstantLike

ALLOWED_PARAM_TYPES = (float, int, bool, type(None), list)
COMMON_KEYS = {"description", "metadata", "unit", "reference", "documentation"}
FILE_EXTENSIONS = {".yaml", ".yml"}
ParameterNodeAtInstant = ParametersAtInstant


class _Facade:
    """What stands before one item of the law's tree; `_made` are the items given so far, by full name."""

    def begin(self, item: Any) -> None:
        """Stand before an item."""
        self._item = item
        self._made: dict[str, Any] = {}
        self._renamed: dict[str, tuple[Any, Any]] = {}
        self._metadata: dict[str, Any] | None = None
        self.name: str = item.name
        self.description: str | None = item.description
        self.documentation: str | None = item.documentation

    @classmethod
    def of(cls, item: Any) -> Self:
        """Return the facade of an item of the law's tree."""
        made = cls.__new__(cls)
        made.begin(item)
        return made

    @property
    def file_path(self) -> str | None:
        """The file that the item was read from."""
        found: str | None = self._item.file
        return found

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata, which packages change in place."""
        if self._metadata is None:
            self._metadata = copy.deepcopy(dict(self._item.metadata))
        return self._metadata

    @metadata.setter
    def metadata(self, value: dict[str, Any]) -> None:
        self._metadata = value

    def _described(self, item: Any) -> Any:
        """Return an item with the metadata and description that a package gave it."""
        changes: dict[str, Any] = {}
        if self._metadata is not None and self._metadata != item.metadata:
            changes["metadata"] = copy.deepcopy(self._metadata)
        if self.description != item.description:
            changes["description"] = self.description
        return replace(item, **changes) if changes else item

    def _parts(self, name: str) -> dict[str, Any]:
        """Return the fields that hold other items, frozen under the full name; none where nobody looked at them."""
        del name
        return {}

    def frozen(self, name: str | None = None) -> Any:
        """Return the engine's item under a full name (its own by default): the same one again where nothing has changed."""
        name = self.name if name is None else name
        made = self._made.get(name)
        if made is None:
            made = self._item if self._item.name == name else self._item.renamed(name)
        described = self._described(made)
        parts = {key: value for key, value in self._parts(name).items() if not _is_same(getattr(described, key), value)}
        found = replace(described, **parts) if parts else described
        self._made[name] = found
        return found

    def clone(self) -> Self:
        """Return a copy that can be changed by itself."""
        return copy.deepcopy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy what a package may change; the law's own items are immutable and shared."""
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for key, value in self.__dict__.items():
            made.__dict__[key] = {} if key in {"_made", "_renamed"} else value if key == "_item" else copy.deepcopy(value, memo)
        return made

    def get_at_instant(self, instant: InstantLike) -> Any:
        """Return what holds at an instant."""
        return self.frozen().at(instant)

    __call__ = get_at_instant


def _is_same(mine: Any, other: Any) -> bool:
    if isinstance(mine, tuple):
        return len(mine) == len(other) and all(one is two or (type(one) is type(two) and one == two) for one, two in zip(mine, other, strict=True))
    return list(mine) == list(other) and all(mine[key] is other[key] for key in other)


def facade(item: Any) -> Any:
    """Return the facade of an item of the law's tree."""
    if isinstance(item, LawNode):
        return ParameterNode.of(item)
    if isinstance(item, LawScale):
        return ParameterScale.of(item)
    return Parameter.of(item) if isinstance(item, LawParameter) else _TableFacade.of(item)


class _TableFacade(_Facade):
    """A table by code: Barème's own form, which packages for OpenFisca do not write."""


class ParameterNode(_Facade):
    """A branch of the tree. `children` is the source of truth and may be changed in place."""

    _children: dict[str, Any] | None

    def __init__(self, name: str = "", directory_path: str | None = None, data: Any = None, file_path: str | None = None) -> None:
        if directory_path is not None:
            item = load_law(directory_path, strict=False).renamed(name)
        elif data:
            item = _read(LawNode, data, name, file_path)
        else:
            item = LawNode(name, file=file_path)
        self.begin(item)

    def begin(self, item: Any) -> None:
        """Stand before an item."""
        super().begin(item)
        self._children = None

    @property
    def children(self) -> dict[str, Any]:
        """The children by name, in order."""
        if self._children is None:
            self._children = {name: facade(child) for name, child in self._item.children.items()}
        return self._children

    @children.setter
    def children(self, value: dict[str, Any]) -> None:
        self._children = value

    def _parts(self, name: str) -> dict[str, Any]:
        if self._children is None:
            return {}
        return {"children": {key: freeze(child, joined(name, key)) for key, child in self._children.items()}}

    def frozen(self, name: str | None = None) -> Any:
        """Return the engine's branch; where it stands under another name than its own, it remembers its own for formulas that ask."""
        found = super().frozen(name)
        if found.name == self.name:
            return found
        renamed = self._renamed.get(found.name)
        if renamed is None or renamed[0] is not found:
            renamed = self._renamed[found.name] = (found, under_own_name(found, self.name))
        return renamed[1]

    def __getattr__(self, name: str) -> Any:
        """Return a child. Raises ParameterNotFoundError, an AttributeError, with the nearest names."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.children:
            raise ParameterNotFoundError(f"Parameter `{self.name}` has no `{name}`.{nearest(name, self.children)}")
        return self.children[name]

    def __setattr__(self, name: str, value: Any) -> None:
        """Put a child in its place, or set one of the node's own attributes."""
        if isinstance(value, _Facade):
            self.children[name] = value
        else:
            super().__setattr__(name, value)

    def __getitem__(self, name: str) -> Any:
        """Return a child."""
        return self.children[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the children."""
        return iter(self.children)

    def add_child(self, name: str, child: Any) -> None:
        """Add a child. Raises ValueError where there is one of that name."""
        if name in self.children:
            raise ValueError(f"`{self.name}` has a child `{name}` already.")
        if not isinstance(child, _Facade):
            raise TypeError(f"`{name}` is no parameter: {child!r}.")
        self.children[name] = child

    def merge(self, other: ParameterNode) -> None:
        """Take over the children of another branch, branch by branch where both have one. Raises ValueError for what both have else."""
        for name, child in other.children.items():
            mine = self.children.get(name)
            if isinstance(mine, ParameterNode) and isinstance(child, ParameterNode):
                mine.merge(child)
            else:
                self.add_child(name, child)

    def get_descendants(self) -> Iterator[Any]:
        """Go through everything below, branches before their children."""
        for child in self.children.values():
            yield child
            if isinstance(child, ParameterNode):
                yield from child.get_descendants()


class Parameter(_Facade):
    """A figure of the law with its dated values, which `update` changes."""

    _values: list[ParameterAtInstant] | None

    def __init__(self, name: str, data: Any, file_path: str | None = None) -> None:
        plain = data if isinstance(data, dict) and ("values" in data or any(isinstance(key, str) and key[:1].isdigit() for key in data)) else {"values": data}
        self.begin(_read(LawParameter, plain, name, file_path))

    def begin(self, item: Any) -> None:
        """Stand before an item."""
        super().begin(item)
        self._values = None

    @property
    def values_list(self) -> list[ParameterAtInstant]:
        """The values with their dates, the latest first; each may be changed in place."""
        if self._values is None:
            dated = reversed(self._item.dated_values)
            self._values = [ParameterAtInstant(self.name, each.start, _as_list(each.value), {**self.metadata, **each.metadata}) for each in dated]
        return self._values

    @values_list.setter
    def values_list(self, value: list[ParameterAtInstant]) -> None:
        self._values = value

    def _parts(self, name: str) -> dict[str, Any]:
        del name
        return {} if self._values is None else self._dated()

    def _dated(self) -> dict[str, Any]:
        dated = sorted(self._values or (), key=lambda each: each.instant_str)
        return {"starts": tuple(each.instant_str for each in dated), "values": tuple(as_value(each.value, self.name) for each in dated)}

    @property
    def values_history(self) -> Self:
        """The parameter itself, as older packages call it."""
        return self

    def get_at_instant(self, instant: InstantLike) -> Any:
        """Return the value in force at an instant, a list where the figure is one; None where there is none."""
        return _as_list(super().get_at_instant(instant))

    __call__ = get_at_instant

    def update(self, period: Any = None, start: Any = None, stop: Any = None, value: Any = None) -> None:
        """Give the figure another value from `start` to `stop`, both included, or over a period; None takes it away."""
        from engine.periods import period as as_period  # noqa: PLC0415 - `period` is OpenFisca's name for the argument

        over = None if period is None else as_period(period)
        if self._values is not None:
            self._item, self._values = replace(self._item, **self._dated()), None
        self._item = self._item.updated(period=over, start=start, stop=stop, value=value)
        self._made.clear()


def _as_list(value: Any) -> Any:
    return [_as_list(each) for each in value] if isinstance(value, tuple) else value


class ParameterAtInstant:
    """One dated value of a figure."""

    def __init__(self, parameter_name: str, instant_str: str, value: Any = None, metadata: dict[str, Any] | None = None) -> None:
        self.name = f"{parameter_name}[{instant_str}]"
        self.instant_str = instant_str
        self.value = value
        self.metadata = metadata or {}

    def __eq__(self, other: object) -> bool:
        """Whether name, date and value are the same."""
        return isinstance(other, ParameterAtInstant) and (self.name, self.value) == (other.name, other.value)

    def __hash__(self) -> int:
        """Hash by name, which holds the date."""
        return hash(self.name)

    def __repr__(self) -> str:
        """Show date and value."""
        return f"ParameterAtInstant({{{self.instant_str!r}: {self.value!r}}})"


class ParameterScaleBracket(_Facade):
    """One bracket of a scale: `threshold`, and `rate`, `amount` or `average_rate`."""

    _children: dict[str, Any] | None

    def __init__(self, name: str = "", data: Any = None, file_path: str | None = None) -> None:
        scale = _read(LawScale, {"brackets": [data]}, name, file_path)
        self.begin(scale.brackets[0])

    def begin(self, item: Any) -> None:
        """Stand before an item."""
        super().begin(item)
        self._children = None

    @property
    def children(self) -> dict[str, Any]:
        """The figures by name."""
        if self._children is None:
            self._children = {name: facade(figure) for name, figure in self._item.figures.items()}
        return self._children

    def _parts(self, name: str) -> dict[str, Any]:
        return {} if self._children is None else {"figures": {key: freeze(child, f"{name}.{key}") for key, child in self._children.items()}}

    def __getattr__(self, name: str) -> Any:
        """Return a figure of the bracket."""
        if name.startswith("_") or name not in self.children:
            raise AttributeError(name)
        return self.children[name]


class ParameterScale(_Facade):
    """A scale of the law; `brackets` may be changed in place."""

    _brackets: list[ParameterScaleBracket] | None

    def __init__(self, name: str, data: Any, file_path: str | None = None) -> None:
        self.begin(_read(LawScale, data, name, file_path))

    def begin(self, item: Any) -> None:
        """Stand before an item."""
        super().begin(item)
        self._brackets = None

    @property
    def brackets(self) -> list[ParameterScaleBracket]:
        """The brackets, in order."""
        if self._brackets is None:
            self._brackets = [ParameterScaleBracket.of(bracket) for bracket in self._item.brackets]
        return self._brackets

    @brackets.setter
    def brackets(self, value: list[ParameterScaleBracket]) -> None:
        self._brackets = value

    def _parts(self, name: str) -> dict[str, Any]:
        return {} if self._brackets is None else {"brackets": tuple(freeze(each, f"{name}[{i}]") for i, each in enumerate(self._brackets))}


def freeze(child: Any, name: str) -> Any:
    """Return the engine's item of a child under its full name."""
    return child.frozen(name) if isinstance(child, _Facade) else child.renamed(name)


def load_parameter_file(file_path: str, name: str = "") -> Any:
    """Return the facade of what a file, or a directory, of the law's figures holds."""
    path = Path(file_path)
    return ParameterNode(name, directory_path=file_path) if path.is_dir() else facade(load_law_file(path, name, strict=False))


def _read(kind: type, data: Any, name: str, file_path: str | None) -> Any:
    item = parameters_from_data(data, name, file=file_path or "data", strict=False)
    if not isinstance(item, kind):
        raise TypeError(f"`{name}` is described as {type(item).__name__}; expected {kind.__name__}.")
    return item


Bracket = ParameterScaleBracket
Scale = ParameterScale
ValuesHistory = Parameter
