"""Reforms: what someone wants to change in the law, as data or as code.

As data, a YAML file (`read_reform`), for whoever changes figures only:

    title: Higher allowance
    base: bill.yaml                                                  # what it amends; without it, the law in force
    parameters:
      family.child_allowance: {2020-01-01: 60}                       # from that day on
      income.tax.scale.brackets[1].rate: {2020-01-01: {value: 0.12, stop: 2020-12-31}}
    neutralize: [sea_dues]

`base` names another reform, by its file (from the folder of this one) or its dotted name: that one is applied first, and `layers`
gives both, as parliament has a draft bill and the amendments to it. How scales change is said in engine/parameters/updates.py.

As code, a class, for whoever changes rules; a function from a law to a law does as well:

    class flat_tax(Reform):
        name = "Flat tax"

        def apply(self, law):
            return law.replacing(income_tax).neutralizing("sea_dues")

Either is called with a law and gives another, which shares all that it does not change; the law itself stays as it is.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import BaremeError, ParameterFileError, Problem, ReformError, nearest
from engine.legislation import Legislation
from engine.parameters import YamlMapping, read_yaml, updated_from_data
from engine.parameters.yaml_text import in_order, line_of

_KEYS: Final = ("title", "name", "description", "reference", "base", "parameters", "neutralize")
_IN_FORCE: Final = ("law in force", "droit en vigueur")
_ENDINGS: Final = (".yaml", ".yml")


class Reform:
    """A change of the law. A reform written as code derives from this class and says `apply`."""

    name: str = ""
    title: str = ""
    description: str = ""
    reference: str | tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What a reader is told it is: its title, else its name, else that of its class."""
        return self.title or self.name or type(self).__name__

    def apply(self, law: Legislation) -> Legislation:
        """Return the reformed law, made with the law's `with_parameters`, `with_variable`, `replacing`, `updating` and `neutralizing`."""
        raise NotImplementedError

    def __call__(self, legislation: Legislation) -> Legislation:
        """Return the reformed law. Raises ReformError where the reform does not fit the law, with all that is wrong where it is data."""
        try:
            reformed = self.apply(legislation)
        except ReformError:
            raise
        except BaremeError as error:
            raise ReformError(f"The reform `{self.words}` does not fit the law: {error}") from error
        if not isinstance(reformed, Legislation):
            raise ReformError(f"The reform `{self.words}` gave {reformed!r}: expected the reformed law. Does `apply` end with `return law`?")
        is_named = reformed.made_by is not None or legislation.made_by is None
        return reformed if is_named else reformed.named_by(_applied, self, legislation)


def _applied(reform: Reform, law: Legislation) -> Legislation:
    """Return a reformed law: how another process makes it."""
    return reform(law)


@dataclass(frozen=True)
class DataReform(Reform):
    """A reform of figures: changes by path, and variables put out of force. `file` is where it was read."""

    name: str = ""
    title: str = ""
    description: str = ""
    reference: str | tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    neutralize: tuple[str, ...] = ()
    file: str = "data"
    line: int | None = None

    def apply(self, law: Legislation) -> Legislation:
        """Return the law with other figures and without the variables put out of force. Raises ReformError that lists all problems."""
        problems: list[Problem] = []
        tree = law.parameters
        try:
            tree = updated_from_data(tree, self.parameters, file=self.file) if self.parameters else tree
        except ParameterFileError as error:
            problems += error.problems
        place = f"{self.file}:{self.line}" if self.line else self.file
        for name in self.neutralize:
            if name not in law.variables:
                problems.append(Problem(place, f"there is no variable `{name}` to neutralize.{nearest(name, law.variables)}"))
        _raise_any(problems)
        law = law if tree is law.parameters else law.with_parameters(tree)
        return law.with_rules({name: law.variable(name).neutralized() for name in self.neutralize}) if self.neutralize else law


@dataclass(frozen=True)
class CodeReform(Reform):
    """A reform that is a function from a law to a law."""

    function: Callable[[Legislation], Legislation]
    name: str = ""

    def apply(self, law: Legislation) -> Legislation:
        """Return what the function gives."""
        return self.function(law)


@dataclass(frozen=True)
class Chain(Reform):
    """Reforms one after the other: each is applied to what the one before gave."""

    reforms: tuple[Reform, ...]
    name: str = ""

    def apply(self, law: Legislation) -> Legislation:
        """Return the law after all reforms."""
        for reform in self.reforms:
            law = reform(law)
        return law


@dataclass(frozen=True)
class Amendment(Chain):
    """A reform and what it amends, the last of its reforms: each is a layer of its own over the law in force."""

    title: str = ""
    description: str = ""
    reference: str | tuple[str, ...] = ()


def layers(reform: Reform) -> tuple[Reform, ...]:
    """Return the reforms that lie over the law in force one after the other: a draft bill and its amendment, or the reform alone."""
    return tuple(layer for each in reform.reforms for layer in layers(each)) if isinstance(reform, Amendment) else (reform,)


def amended(base: Reform, amendment: Reform) -> Amendment:
    """Return a reform as an amendment of another, which is applied first."""
    last = layers(amendment)[-1]
    return Amendment((*layers(base), *layers(amendment)), name=last.name, title=last.title, description=last.description, reference=last.reference)


def chained(*reforms: Reform | Callable[[Legislation], Legislation]) -> Reform:
    """Return one reform that applies several, in their order."""
    each = tuple(reform if isinstance(reform, Reform) else _from_function(reform) for reform in reforms)
    return Chain(each, " + ".join(reform.words for reform in each))


# Reading


def read_reform(source: str | Path) -> Reform:
    """Return the reform of a YAML file, or the one in code that a dotted name as `reforms.flat_tax.flat_tax` says.

    A file that holds a list holds reforms to be chained. Raises ReformError with all that is wrong, by file and line.
    """
    return _read(str(source), ())


def _read(source: str, readers: tuple[Path, ...]) -> Reform:
    """Return a reform that the files of `readers` ask for, the last of them directly."""
    path = Path(source)
    return _read_file(path, readers) if path.suffix in _ENDINGS else _imported(source)


def reform_from_data(data: Mapping[str, Any], *, file: str = "data") -> DataReform:
    """Return the reform that a mapping in the form of the files describes. Raises ReformError with all that is wrong."""
    problems: list[Problem] = []
    reform = _from_data(data, file, problems)
    base = data.get("base")
    if base is not None and base not in _IN_FORCE:
        problems.append(Problem(file, "`base`: data in memory amend the law in force; `amended(base, reform)` puts one reform over another."))
    _raise_any(problems)
    assert reform is not None
    return reform


def _raise_any(problems: list[Problem]) -> None:
    if problems:
        raise ReformError("\n".join(str(problem) for problem in problems))


def _read_file(path: Path, readers: tuple[Path, ...]) -> Reform:
    try:
        text = path.read_bytes()
    except OSError as error:
        siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        raise ReformError(f"{path}: there is no such file ({error.strerror}).{nearest(path.name, siblings)}") from error
    data, problems = read_yaml(text, str(path))
    if problems:
        _raise_any(problems)
    readers = (*readers, path.resolve())
    reforms = [_with_base(each, _from_data(each, str(path), problems), path, problems, readers) for each in (data if isinstance(data, list) else [data])]
    _raise_any(in_order(problems))
    found = [reform for reform in reforms if reform is not None]
    return chained(*found) if isinstance(data, list) else found[0]


def _with_base(data: Any, reform: DataReform | None, path: Path, problems: list[Problem], readers: tuple[Path, ...]) -> Reform | None:
    """Return a reform with what it amends; problems of that are added to the list."""
    base = data.get("base") if isinstance(data, Mapping) else None
    if base is None or base in _IN_FORCE or not isinstance(base, str):
        return reform
    place = f"{path}:{line_of(data, 'base')}"
    source = path.parent / base if base.endswith(_ENDINGS) else base
    if isinstance(source, Path) and source.resolve() in readers:
        problems.append(Problem(place, f"`base`: {base} amends this reform itself, or is it: expected the reform that is applied before."))
        return reform
    try:
        below = _read(str(source), readers)
    except ReformError as error:
        problems += [Problem(place, f"`base`: {line}") for line in str(error).splitlines()]
        return reform
    return None if reform is None else amended(below, reform)


def _from_data(data: Any, file: str, problems: list[Problem]) -> DataReform | None:
    """Return the reform of a mapping, or None where it is none; problems are added to the list."""
    line = data.line if isinstance(data, YamlMapping) else None
    place = f"{file}:{line}" if line else file
    if not isinstance(data, Mapping):
        problems.append(Problem(place, f"expected a reform: a mapping with some of {', '.join(_KEYS)}; got {data!r}."))
        return None

    known = len(problems)

    def wrong(key: str, message: str) -> None:
        line_of_key = data.lines.get(key) if isinstance(data, YamlMapping) else None
        problems.append(Problem(f"{file}:{line_of_key}" if line_of_key else file, message))

    for key in data:
        if key not in _KEYS:
            wrong(key, f"unknown key `{key}` of a reform: expected some of {', '.join(_KEYS)}.{nearest(str(key), _KEYS)}")
    parameters = data.get("parameters")
    parameters = {} if parameters is None else parameters
    if not isinstance(parameters, Mapping):
        wrong("parameters", f"`parameters`: expected a mapping of paths to dates and values; got {parameters!r}.")
    names = _names(data, wrong)
    texts = {key: _text(data, key, wrong) for key in ("title", "name", "description")}
    texts["name"] = texts["name"] or texts["title"]
    reference = data.get("reference") or ()
    if not isinstance(reference, str | list | tuple):
        wrong("reference", f"`reference`: expected a text, or a list of texts; got {reference!r}.")
    base = data.get("base")
    if base is not None and not isinstance(base, str):
        wrong("base", f"`base`: expected the file of a reform, or `{_IN_FORCE[0]}`; got {base!r}.")
    if len(problems) > known:
        return None
    lines = data.lines if isinstance(data, YamlMapping) else {}
    return DataReform(
        **texts,
        reference=reference if isinstance(reference, str) else tuple(reference),
        parameters=parameters,
        neutralize=tuple(names),
        file=file,
        line=lines.get("neutralize", line),
    )


def _names(data: Mapping[str, Any], wrong: Callable[[str, str], None]) -> list[str]:
    """Return the variables that a reform puts out of force."""
    names = data.get("neutralize")
    names = [] if names is None else [names] if isinstance(names, str) else names
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        wrong("neutralize", f"`neutralize`: expected a list of names of variables; got {names!r}.")
        return []
    return list(names)


def _text(data: Mapping[str, Any], key: str, wrong: Callable[[str, str], None]) -> str:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        wrong(key, f"`{key}`: expected a text; got {value!r}.")
    return value if isinstance(value, str) else ""


def _imported(name: str) -> Reform:
    """Return a reform in code by its dotted name: a class, an object, or a function from a law to a law."""
    module_name, _, attribute = name.rpartition(".")
    if not module_name:
        raise ReformError(f"`{name}` is no reform: expected a YAML file, or a dotted name as `package.module.name`.")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise ReformError(f"The reform `{name}` cannot be imported: {error}.") from error
    found = getattr(module, attribute, None)
    if isinstance(found, type) and issubclass(found, Reform):
        return found()
    if isinstance(found, Reform):
        return found
    if found is None or isinstance(found, type) or not callable(found):
        raise ReformError(f"`{module_name}` has no reform `{attribute}`.{nearest(attribute, vars(module))}")
    return _from_function(found)


def _from_function(function: Callable[[Legislation], Legislation]) -> CodeReform:
    return CodeReform(function, getattr(function, "__name__", ""))
