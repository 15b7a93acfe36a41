"""The parameter tree as its files say it.

A directory is a branch, `index.yaml` describes it, and each other `.yaml` or `.yml` file is a figure, a scale, a table or a branch of its own:

    figure    {values: {2015-01-01: 5, 2018-01-01: {value: 6, metadata: {…}, reference: …, unit: …}}}, or the dates alone
    scale     {brackets: [{threshold: figure, rate | amount | average_rate: figure}], metadata: {type: …}}
    table     {table: {2015-01-01: {"01": 5, "2A": 6}}} or {table: {"01": {2015-01-01: 5}}}
    branch    {name: any of these, …}

Each may carry description, documentation, metadata, reference and unit. Files are read in the order of their names, and all that is
wrong with them is told at once.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from engine.errors import Problem, nearest
from engine.parameters.amount_scales import SCALES
from engine.parameters.dated_values import Described, Detail, Parameter, Value, Values
from engine.parameters.dates import day_after, is_date, looks_like_date
from engine.parameters.items import Bracket, Scale, Table, joined
from engine.parameters.misspelt_keys import meant, nearest_key
from engine.parameters.tree import ParameterNode
from engine.parameters.yaml_text import YamlMapping, line_of, plain, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ENDINGS: Final = (".yaml", ".yml")
PASSED_OVER: Final = ".article.yaml"  # the text of the law around its figures lies beside them
_INDEX: Final = "index"
_DESCRIBED: Final = ("description", "documentation", "metadata", "reference", "unit")
_OF_VALUE: Final = ("value", "metadata", "reference", "unit")
_VALUE_NAMES: Final = tuple(dict.fromkeys(scale.value_name for scale in SCALES.values()))
_FORMS: Final = "a figure (`values`, or dates), a scale (`brackets`), a table (`table`) or a branch of them"
_CONTENTS: Final = ("values", "brackets", "table")
_ABSENT: Final = object()


class Reader:
    """Reads items of the tree and gathers what is wrong with them."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict
        self.problems: list[Problem] = []

    def problem(self, place: tuple[str, int | None], message: str) -> None:
        """Add one problem at a file and line."""
        file, line = place
        self.problems.append(Problem(file if line is None else f"{file}:{line}", message))

    # --- Files ------------------------------------------------------------------------------------------------------

    def directory(self, path: Path, name: str = "", relative: str = "") -> ParameterNode:
        """Return the branch that a directory holds. Files of other kinds, texts of articles and hidden files are passed over."""
        described: dict[str, Any] = {"file": relative or None}
        children: dict[str, Described] = {}
        places: dict[str, str] = {}
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            stem, dot, ending = entry.name.rpartition(".")
            below = f"{relative}{entry.name}"
            is_directory = entry.is_dir()
            if entry.name.startswith(".") or entry.name == "__pycache__" or not (is_directory or dot + ending in ENDINGS):
                continue
            if entry.name.endswith(PASSED_OVER):
                continue
            key = entry.name if is_directory else stem
            if key in places:
                self.problem((below, None), f"`{joined(name, key)}` is described twice; it stands already in {places[key]}.")
                continue
            places[key] = f"{below}/" if is_directory else below
            if key == _INDEX and not is_directory:
                described = self._index(path / entry.name, below)
            elif self._is_name(key, (below, None)):
                child = (
                    self.directory(path / entry.name, joined(name, key), f"{below}/")
                    if is_directory
                    else self.file(path / entry.name, joined(name, key), below)
                )
                if child is not None:
                    children[key] = child
        return ParameterNode(name, children={key: children[key] for key in sorted(children)}, **described)

    def file(self, path: Path, name: str, relative: str) -> Described | None:
        """Return the item that a file holds, or None where it holds none."""
        data = self._yaml(path, relative)
        return None if data is _ABSENT else self.item(data, name, (relative, 1))

    def _yaml(self, path: Path, relative: str) -> Any:
        try:
            text = path.read_bytes()
        except OSError as error:
            self.problem((relative, None), f"this file cannot be read: {error.strerror}.")
            return _ABSENT
        data, problems = read_yaml(text, relative)
        self.problems.extend(problems)
        return _ABSENT if problems and data is None else data

    def _index(self, path: Path, relative: str) -> dict[str, Any]:
        data = self._yaml(path, relative)
        if data is None or data is _ABSENT:
            return {"file": relative, "line": 1}
        if not isinstance(data, dict):
            self.problem((relative, 1), f"expected a mapping with the keys {_listed(_DESCRIBED)}.")
            return {"file": relative, "line": 1}
        self.known_keys(data, _DESCRIBED, (relative, 1))
        return self._described(data, (relative, 1))

    # --- Items ------------------------------------------------------------------------------------------------------

    def item(self, data: Any, name: str, place: tuple[str, int | None]) -> Described | None:
        """Return the item that a mapping describes: what it is shows in its keys. None where it is none."""
        if not isinstance(data, dict):
            self.problem(place, f"`{name}` is {_told(data)}: expected a mapping that holds {_FORMS}.")
            return None
        if "values" in data:
            self.known_keys(data, ("values", *_DESCRIBED), place)
            return self._figure(data["values"], name, (place[0], line_of(data, "values", place[1])), self._described(data, place))
        if "brackets" in data:
            self.known_keys(data, ("brackets", *_DESCRIBED), place)
            return self._scale(data, name, place)
        if self._is_table(data):
            self.known_keys(data, ("table", *_DESCRIBED), place)
            return self._table(data["table"], name, (place[0], line_of(data, "table", place[1])), self._described(data, place))
        if any(self._is_dated(key) for key in data):
            return self._figure(data, name, place, {"file": place[0], "line": place[1]})
        return self._branch(data, name, place)

    def _is_table(self, data: Mapping[Any, Any]) -> bool:
        """Tell whether a mapping with a key `table` is a table, not a branch that has a child of that name."""
        rows = data.get("table")
        if not isinstance(rows, dict) or {"values", "brackets", "table", *_DESCRIBED} & set(rows):
            return False
        if any(isinstance(below, dict) for key, below in data.items() if key not in ("table", *_DESCRIBED)):
            return False
        if any(self._is_dated(key) for key in rows):
            return any(isinstance(row, dict) and not {"value", "expected"} & set(row) for row in rows.values())
        return all(isinstance(row, dict) and any(self._is_dated(key) for key in row) for row in rows.values())

    def _is_dated(self, key: Any) -> bool:
        return looks_like_date(str(key)[:10])

    def _branch(self, data: Mapping[Any, Any], name: str, place: tuple[str, int | None]) -> ParameterNode:
        children: dict[str, Described] = {}
        for key, below in data.items():
            key_text, at = str(key), (place[0], line_of(data, key, place[1]))
            if key_text not in _DESCRIBED and self._is_name(key_text, at):
                if not isinstance(below, dict):
                    near = nearest_key(key_text, (*_CONTENTS, *_DESCRIBED))
                    self.problem(at, f"`{joined(name, key_text)}` is {_told(below)}: expected a mapping that holds {_FORMS}.{near}")
                    continue
                if self.strict and self._is_misspelt(key_text, below, data, name, at):
                    continue
                child = self.item(below, joined(name, key_text), at)
                if child is not None:
                    children[key_text] = child
        return ParameterNode(name, children=children, **self._described(data, place))

    def _is_misspelt(self, key: str, below: Mapping[Any, Any], data: Mapping[Any, Any], name: str, at: tuple[str, int | None]) -> bool:
        """Tell whether a key stands where `values` or `table` was meant, and say so: it holds what these hold, and is called nearly so."""
        rest = {each: value for each, value in data.items() if str(each) != key}
        if meant(key, "values") and any(self._is_dated(each) for each in below):
            right, what = "values", "the dates and values of a figure"
        elif meant(key, "table") and self._is_table({**rest, "table": below}):
            right, what = "table", "a table by code"
        else:
            return False
        as_name = f"Where `{key}` is a name of the law, its dates stand under `values` below it."
        self.problem(at, f"`{joined(name, key)}` holds {what}: expected the key `{right}`. Did you mean `{right}`? {as_name}")
        return True

    def _described(self, data: Mapping[str, Any], place: tuple[str, int | None]) -> dict[str, Any]:
        """Return the description, metadata, reference and unit of an item, checked."""
        for key in ("description", "documentation"):
            if not isinstance(data.get(key), str | None):
                self.problem((place[0], line_of(data, key, place[1])), f"`{key}` is {_told(data[key])}: expected a text.")
        metadata = self._metadata(data, place)
        unit = self._unit(data, place) or metadata.get("unit")
        return {
            "description": data.get("description"),
            "documentation": data.get("documentation"),
            "metadata": metadata,
            "reference": plain(data["reference"]) if "reference" in data else metadata.get("reference"),
            "unit": unit if isinstance(unit, str) else None,
            "file": place[0],
            "line": place[1],
        }

    def _metadata(self, data: Mapping[str, Any], place: tuple[str, int | None]) -> dict[str, Any]:
        metadata = data.get("metadata")
        if metadata is None:
            return {}
        if not isinstance(metadata, dict):
            self.problem((place[0], line_of(data, "metadata", place[1])), f"`metadata` is {_told(metadata)}: expected a mapping.")
            return {}
        for key in metadata:
            if key == "unit" or str(key).endswith("_unit"):
                self._unit(metadata, place, key)
        return plain(metadata)  # type: ignore[no-any-return]

    def _unit(self, data: Mapping[str, Any], place: tuple[str, int | None], key: str = "unit") -> str | None:
        unit = data.get(key)
        if isinstance(unit, str | None) or not self.strict:
            return None if unit is None else str(unit)
        self.problem((place[0], line_of(data, key, place[1])), f"`{key}` is {_told(unit)}: expected a text, as `currency`, `/1` or `year`.")
        return None

    # --- Figures ----------------------------------------------------------------------------------------------------

    def _figure(self, dated: Any, name: str, place: tuple[str, int | None], described: dict[str, Any]) -> Parameter:
        found: dict[str, Value] = {}
        details: dict[str, Detail] = {}
        for date, at, data in self._dated(dated, name, place):
            value = data
            if isinstance(data, dict):
                if "expected" in data:
                    continue
                self.known_keys(data, _OF_VALUE, at)
                value = data.get("value", _ABSENT)
                if any(data.get(key) is not None for key in ("metadata", "reference", "unit")):
                    metadata = self._metadata(data, at)
                    reference = plain(data["reference"]) if "reference" in data else metadata.get("reference")
                    details[date] = Detail(metadata, reference, self._unit(data, at) or metadata.get("unit"))
            elif data == "expected":
                continue
            found[date] = self._value(value, name, date, at)
        ordered = sorted(found)
        return Parameter(name, starts=tuple(ordered), values=tuple(found[date] for date in ordered), details=details, **described)

    def _dated(self, dated: Any, name: str, place: tuple[str, int | None]) -> Iterable[tuple[str, tuple[str, int | None], Any]]:
        """Go through the entries of a mapping by date that have one."""
        if not isinstance(dated, dict):
            self.problem(place, f"`{name}` has {_told(dated)} for values: expected a mapping of dates (`2015-01-31`) and values.")
            return
        for key, data in dated.items():
            date, at = str(key), (place[0], line_of(dated, key, place[1]))
            if not self.strict and is_date(date[:10]) and len(date) > len("2015-01-31"):
                date = day_after(date[:10]) or date[:10]  # OpenFisca compares texts: `2015-01-31-01` comes after 2015-01-31, before 2015-02-01
            if is_date(date):
                yield date, at, data
            else:
                why = "there is no such day" if looks_like_date(date) else "expected a date written `2015-01-31`"
                self.problem(at, f"`{date}` cannot date a value of `{name}`: {why}.{nearest_key(date, (*_CONTENTS, *_DESCRIBED))}")

    def _value(self, value: Any, name: str, date: str, at: tuple[str, int | None]) -> Value:
        """Return a value as the tree keeps it."""
        if value is _ABSENT:
            self.problem(at, f"`{name}` at {date} has no `value`: expected `value: …` (null for the end of the figure).")
        elif isinstance(value, list):
            return Values(self._value(item, name, date, at) for item in value)
        elif value is None or isinstance(value, bool | int | float | str):
            if value == value or not self.strict:  # noqa: PLR0124 - not a number is the one value that differs from itself
                return value
            self.problem(at, f"`{name}` at {date} is not a number (NaN): expected a value, or null for the end of the figure.")
        else:
            self.problem(at, f"`{name}` at {date} is {_told(value)}: expected a number, true, false, a text, a list of them, or null.")
        return None

    # --- Scales and tables ------------------------------------------------------------------------------------------

    def _scale(self, data: Mapping[str, Any], name: str, place: tuple[str, int | None]) -> Scale | None:
        described, listed = self._described(data, place), data["brackets"]
        if not isinstance(listed, list):
            self.problem((place[0], line_of(data, "brackets", place[1])), f"`brackets` of `{name}` is {_told(listed)}: expected a list of brackets.")
            return None
        brackets = [self.bracket(bracket, f"{name}[{i}]", (place[0], line_of(data, "brackets", place[1]))) for i, bracket in enumerate(listed)]
        value_names = {key for bracket in brackets if bracket for key in bracket.figures if key != "threshold"}
        if len(value_names) > 1:
            self.problem(place, f"the brackets of `{name}` have {' and '.join(sorted(value_names))}: expected one of them throughout.")
            return None
        value_name = next(iter(value_names), None)
        kind = described["metadata"].get("type") or next(
            (kind for kind, scale in SCALES.items() if scale.value_name == value_name and kind != "single_amount"), "marginal_rate"
        )
        if kind not in SCALES:
            self.problem(
                (place[0], line_of(data, "metadata", place[1])), f"`{name}` is of the type `{kind}`: expected {_listed(SCALES)}.{nearest(str(kind), SCALES)}"
            )
            return None
        if value_name and SCALES[kind].value_name != value_name:
            self.problem(place, f"`{name}` is of the type `{kind}`, so each bracket has `{SCALES[kind].value_name}`; it has `{value_name}`.")
            return None
        return Scale(name, brackets=tuple(bracket for bracket in brackets if bracket), kind=kind, **described)

    def bracket(self, data: Any, name: str, place: tuple[str, int | None]) -> Bracket | None:
        """Return the bracket that a mapping describes, or None where it is none."""
        if not isinstance(data, dict):
            self.problem(place, f"`{name}` is {_told(data)}: expected a mapping with `threshold` and one of {_listed(_VALUE_NAMES)}.")
            return None
        place = (place[0], data.line if isinstance(data, YamlMapping) else place[1])
        self.known_keys(data, ("threshold", *_VALUE_NAMES, *_DESCRIBED), place)
        figures: dict[str, Parameter] = {}
        for key in ("threshold", *_VALUE_NAMES):
            if key in data:
                figure = self.item(data[key], f"{name}.{key}", (place[0], line_of(data, key, place[1])))
                if isinstance(figure, Parameter):
                    figures[key] = self._numeric(figure)
                elif figure is not None:
                    self.problem((place[0], line_of(data, key, place[1])), f"`{name}.{key}` is no figure: expected dates (`2015-01-31`) and values.")
        if "threshold" not in data or len(set(data) & set(_VALUE_NAMES)) != 1:
            self.problem(place, f"`{name}` has {_listed(data) or 'nothing'}: expected `threshold` and one of {_listed(_VALUE_NAMES)}.")
            return None
        return Bracket(name, figures=figures, **self._described(data, place)) if len(figures) == 2 else None  # noqa: PLR2004 - threshold and value

    def _numeric(self, figure: Parameter) -> Parameter:
        for date, value in zip(figure.starts, figure.values, strict=True):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                self.problem((figure.file or "", figure.line), f"`{figure.name}` at {date} is {_told(value)}: expected a number or null.")
        return figure

    def _table(self, data: Mapping[str, Any], name: str, place: tuple[str, int | None], described: dict[str, Any]) -> Table:
        snapshots: dict[str, dict[str, Value]] = {}
        if any(self._is_dated(key) for key in data):
            for date, at, codes in self._dated(data, name, place):
                if isinstance(codes, dict | None):
                    snapshots[date] = self._rows(codes or {}, name, date, at)
                else:
                    self.problem(at, f"`{name}` at {date} is {_told(codes)}: expected a mapping of codes and values.")
            return Table.of_snapshots(name, snapshots, **described)
        figures = {}
        for code, dated in data.items():
            at = (place[0], line_of(data, code, place[1]))
            if self._is_name(str(code), at):
                figures[str(code)] = self._figure(dated, joined(name, str(code)), at, {})
        for date in sorted({date for figure in figures.values() for date in figure.starts}):
            snapshots[date] = {code: figure.at_date(date) for code, figure in figures.items()}
        return Table.of_snapshots(name, snapshots, **described)

    def _rows(self, codes: Mapping[Any, Any], name: str, date: str, place: tuple[str, int | None]) -> dict[str, Value]:
        """Return the codes and values of a table at a date."""
        rows: dict[str, Value] = {}
        for code, value in codes.items():
            at = (place[0], line_of(codes, code, place[1]))
            if self._is_name(str(code), at):
                rows[str(code)] = self._value(value, joined(name, str(code)), date, at)
        return rows

    # --- Names ------------------------------------------------------------------------------------------------------

    def _is_name(self, name: str, place: tuple[str, int | None]) -> bool:
        if name and not set(name) & set(".[]"):
            return True
        self.problem(place, f"`{name}` cannot be a name: expected a text without `.`, `[` and `]`, which part the names in a path.")
        return False

    def known_keys(self, data: Mapping[str, Any], known: Iterable[str], place: tuple[str, int | None]) -> None:
        """Add a problem for each key that means nothing."""
        names = tuple(known)
        for key in data:
            if key not in names:
                self.problem(
                    (place[0], line_of(data, key, place[1])), f"the key `{key}` means nothing here: expected {_listed(names)}.{nearest_key(str(key), names)}"
                )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _told(value: Any) -> str:
    """Say what a value is, for a message."""
    if value is None:
        return "empty"
    kinds: dict[type, str] = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", tuple: "a list"}
    kind = kinds.get(type(value), "a mapping" if isinstance(value, dict) else f"of type {type(value).__name__}")
    return f"{kind}, `{value}`" if isinstance(value, bool | int | float | str) else kind
