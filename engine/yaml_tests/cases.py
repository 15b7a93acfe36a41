"""Cases of tests in YAML: what a file says, checked key by key, with the line of everything.

    - name: A weaver pays income tax
      period: 2020
      absolute_error_margin: 0.01
      input: {salary: {2020: 24000}}
      output: {income_tax: 1689.6}

A file holds one case or a list. A case that is badly written is kept with its problems, and fails when it is run, so that
one bad file hides no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import PeriodError, Problem, nearest
from engine.parameters import YamlMapping, read_yaml
from engine.periods import Period
from engine.periods import period as as_period

_ENDINGS: Final = (".yaml", ".yml")


@dataclass(frozen=True)
class Margin:
    """How far a number may be from what is expected: by variable, and for all others."""

    of_variable: Mapping[str, float]
    default: float | None = None

    def of(self, variable: str) -> float | None:
        """Return the margin of a variable, or None."""
        return self.of_variable.get(variable, self.default)


NO_MARGIN: Final = Margin({})


@dataclass(frozen=True)
class Case:
    """One case: a situation (`input`) and values expected of it (`output`), under a law changed by reforms and extensions.

    `folder` is where paths to reforms start. `problems` are the mistakes in how it is written.
    """

    file: str
    line: int
    name: str = ""
    description: str = ""
    period: Period | None = None
    input: Mapping[str, Any] | None = None
    output: Mapping[str, Any] | None = None
    absolute_error_margin: Margin = NO_MARGIN
    relative_error_margin: Margin = NO_MARGIN
    reforms: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    parameters: Mapping[str, Any] | None = None
    max_spiral_loops: int | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> str:
        """Return file and line, for messages."""
        return f"{self.file}:{self.line}"

    def matches(self, name_filter: str) -> bool:
        """Whether a filter chooses the case: by a part of the file's name or of the case's, or by a keyword."""
        return name_filter in Path(self.file).stem or name_filter in self.name or name_filter in self.keywords


def collect(paths: Iterable[str | Path], name_filter: str | None = None) -> list[Case]:
    """Return the cases of YAML files, and of those in directories and below, in order of names.

    `name_filter` keeps cases by a part of the file's name, a part of the case's name, or one of its keywords.
    """
    cases: list[Case] = []
    for path in paths:
        found = Path(path)
        files = sorted(each for each in found.rglob("*") if each.suffix in _ENDINGS) if found.is_dir() else [found]
        for file in files:
            cases += read_cases(file)
    return cases if name_filter is None else [case for case in cases if case.problems or case.matches(name_filter)]


def read_cases(file: Path) -> list[Case]:
    """Return the cases of one file."""
    try:
        text = file.read_bytes()
    except OSError as error:
        return [_broken(file, [Problem(str(file), f"it cannot be read: {error.strerror}.")])]
    data, problems = read_yaml(text, str(file))
    if problems:
        return [_broken(file, problems)]
    documents = data if isinstance(data, list) else [] if data is None else [data]
    return [_read_case(document, str(file)) for document in documents]


def _broken(file: Path, problems: list[Problem]) -> Case:
    return Case(str(file), 1, file.name, problems=tuple(problems))


def _read_case(document: Any, file: str) -> Case:
    if not isinstance(document, YamlMapping):
        return Case(file, 1, problems=(Problem(file, f"expected a case, a mapping with {', '.join(_KEYS)}; got {document!r}."),))
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for key, value in document.items():
        place = f"{file}:{document.lines[key]}"
        form = _KEYS.get(key)
        if form is None:
            problems.append(Problem(place, f"unknown key `{key}`: expected one of {', '.join(_KEYS)}.{nearest(key, _KEYS)}"))
            continue
        if not form.fits(value):
            problems.append(Problem(place, f"`{key}`: expected {form.expected}; got {value!r}."))
            continue
        try:
            found[key] = form.read(value)
        except PeriodError as error:
            problems.append(Problem(place, f"`{key}`: {error}"))
    if "output" not in document:
        problems.append(Problem(f"{file}:{document.line}", f"`output` is missing: expected the values to check.{nearest('output', document)}"))
    return Case(file, document.line, **found, problems=tuple(problems))


# What each key may be: whether a value will do, and what is made of it


@dataclass(frozen=True)
class _Key:
    expected: str
    fits: Callable[[Any], bool]
    read: Callable[[Any], Any]


def _is_text(value: Any) -> bool:
    return not isinstance(value, dict | list | None)


def _are_texts(value: Any) -> bool:
    return value is None or (all(_is_text(each) for each in value) if isinstance(value, list) else _is_text(value))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in ([] if value is None else value if isinstance(value, list) else [value]))


def _is_size(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0)


def _are_sizes(value: Any) -> bool:
    return all(_is_size(each) for each in value.values()) if isinstance(value, Mapping) else _is_size(value)


def _margin(value: Any) -> Margin:
    margins = dict(value) if isinstance(value, Mapping) else {"default": value}
    default = margins.pop("default", None)
    return Margin({name: float(size) for name, size in margins.items() if size is not None}, None if default is None else float(default))


_TEXT: Final = _Key("a text", _is_text, str)
_TEXTS: Final = _Key("a text, or a list of texts", _are_texts, _texts)
_MAPPING: Final = _Key("a mapping", lambda value: value is None or isinstance(value, Mapping), lambda value: value or {})
_OUTPUT: Final = _Key(
    "a mapping of variables, or of entities, to the values expected", lambda value: isinstance(value, Mapping) and bool(value), lambda value: value
)
_MARGIN: Final = _Key("a number that is not negative, or such numbers by variable (and `default`)", _are_sizes, _margin)
_COUNT: Final = _Key("a whole number that is not negative", lambda value: _is_size(value) and not isinstance(value, float), lambda value: value)
_PERIOD: Final = _Key("a period", lambda value: value is None or _is_text(value), lambda value: None if value is None else as_period(value))

_KEYS: Final[Mapping[str, _Key]] = {
    "name": _TEXT,
    "description": _TEXT,
    "period": _PERIOD,
    "input": _MAPPING,
    "output": _OUTPUT,
    "absolute_error_margin": _MARGIN,
    "relative_error_margin": _MARGIN,
    "reforms": _TEXTS,
    "extensions": _TEXTS,
    "keywords": _TEXTS,
    "parameters": _MAPPING,
    "max_spiral_loops": _COUNT,
}
