"""YAML as the law's files use it: with the line of every key, no key twice, and dates left as texts.

PyYAML's C parser does the parsing. What a plain word means is decided here, in one place: dates, and codes with a leading zero (`01`, `075`), stay texts;
1e-3 is a number, as everywhere but in YAML 1.1; the rest is as in YAML 1.1 (`yes` and `on` are true). Keys are always the text as written.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from engine.errors import Problem

_BASE: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 64

_PLAIN: Final = "plain"
_TEXT: Final = "tag:yaml.org,2002:str"
_COLLECTIONS: Final = frozenset(("MappingNode", "SequenceNode", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))
_NUMBER_STARTS: Final = frozenset("+-.0123456789")
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?(?:(?:0|[1-9][0-9_]*)(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_READERS: Final[dict[str, Any]] = {"tag:yaml.org,2002:float": float, "tag:yaml.org,2002:int": int, "tag:yaml.org,2002:null": lambda _: None}


class YamlMapping(dict[str, Any]):
    """A mapping that knows the line at which it begins (`line`) and that of each key (`lines`), counted from 1."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


def line_of(data: Any, key: str, otherwise: int | None = None) -> int | None:
    """Return the line of a key of a mapping that was read from a file; `otherwise` for other mappings."""
    return data.lines.get(key, otherwise) if isinstance(data, YamlMapping) else otherwise


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return problems by file and line."""

    def place(problem: Problem) -> tuple[str, int]:
        file, _, line = problem.place.rpartition(":")
        return (file, int(line)) if line.isdecimal() else (problem.place, 0)

    return sorted(problems, key=place)


def plain(data: Any) -> Any:
    """Return what was read as ordinary dictionaries and lists."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list) else data


class _Loader(_BASE):  # type: ignore[misc]
    """PyYAML's loader, which tells plain words from quoted ones and leaves their meaning to us."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Return the tag of a node that has none of its own."""
        del value
        return (_PLAIN if implicit[0] else _TEXT) if kind is yaml.ScalarNode else kind.__name__


def read_yaml(text: str | bytes, file: str) -> tuple[Any, list[Problem]]:
    """Return what a YAML text holds, and all that is wrong with it. Mappings are YamlMapping; `file` is how messages name the text.

    Where the text is no YAML at all, None is returned with the problem.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        return None, [Problem(f"{file}{line}", f"this is not YAML: {error.problem or error.context}.")]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [Problem(file, f"this is not YAML, or not in UTF-8: {' '.join(str(error).split())}.")]
    reading = _Reading(file)
    data = None if node is None else reading.value(node, 0)
    return (None if reading.too_deep else data), reading.problems


class _Reading:
    """One document being read, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.too_deep = False

    def value(self, node: yaml.Node, depth: int) -> Any:
        """Return what a node of the document holds."""
        if depth > _DEEPEST:
            self.too_deep = True
            self._problem(node, f"this is nested more than {_DEEPEST} deep, or holds itself.")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _COLLECTIONS:
            self._problem(node, f"the tag `{node.tag}` is not supported: expected an ordinary mapping or list.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        return [self.value(item, depth + 1) for item in node.value]

    def _problem(self, node: yaml.Node, message: str) -> None:
        self.problems.append(Problem(f"{self.file}:{node.start_mark.line + 1}", message))

    def _mapping(self, node: yaml.MappingNode, depth: int) -> YamlMapping:
        mapping = YamlMapping(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                self._problem(key_node, "a list or a mapping cannot be a key: expected a text.")
            elif key == "<<" and key_node.tag == _PLAIN:
                self._problem(key_node, "`<<` (merging mappings) is not supported: write the keys out.")
            elif key in mapping:
                self._problem(key_node, f"the key `{key}` stands twice; it stands already at line {mapping.lines[key]}.")
            else:
                mapping.lines[key] = key_node.start_mark.line + 1
                mapping[key] = self.value(value_node, depth + 1)
        return mapping

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag == _PLAIN:
            return plain_word(node.value)
        if node.tag == _TEXT:
            return node.value
        reader = _READERS.get(node.tag)
        if reader is None:
            self._problem(node, f"the tag `{node.tag}` is not supported: expected a number, a text, true, false or null.")
            return None
        try:
            return reader(node.value)
        except ValueError:
            self._problem(node, f"`{node.value}` is not what its tag says.")
            return None


def plain_word(text: str) -> Any:
    """Return what a word without quotes means: a number, true, false, null or a text."""
    if text[:1] in _NUMBER_STARTS:
        if _WHOLE.fullmatch(text):
            return int(text.replace("_", ""))
        if _DECIMAL.fullmatch(text):
            return float(text.replace("_", ""))
    return _WORDS.get(text, text)
