"""What tells one law from any other, across processes: its variables, the files in which they are written, the figures of a reform.

The figures of the law that is reformed are not part of it: whoever uses something that was kept compares the figures that it rests
on. A law has an identity only where all of its code lies in packages, and in files as they were when the process began: what a script
defines, or what was edited since, may be other code than the files tell.
"""

from __future__ import annotations

import enum
import hashlib
import sys
import time
import types
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine import user_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.legislation import Legislation
    from engine.variables import Formula, Rule

_STARTED: Final = time.time()
# Compiled files are made from the others.
_PASSED_OVER: Final = (".pyc",)
# Packages known by their version alone, which the law's code may use but is not part of.
_KNOWN_BY_VERSION: Final = frozenset({"numpy", "engine", "pytest", "_pytest", "hypothesis"})
_PLAIN: Final = (bool, int, float, str, bytes, type(None))


def identity_of(law: Legislation, of_rules: bytes | None) -> bytes | None:
    """Return a digest of all that decides how the law computes, the figures of the law that is reformed left out.

    None where that cannot be told from files. `of_rules` is `identity_of_rules` of the law, which many reforms of it share.
    """
    if of_rules is None:
        return None
    entities = [(entity, [role.key for role in entity.flattened_roles]) for entity in law.entities.values()]
    about = repr((np.__version__, law.name, law.max_spiral_loops, entities, _reformed(law))).encode("utf-8", "surrogateescape")
    return user_cache.digest(b"\0".join([of_rules, about]))


def content_identity_of(law: Legislation) -> bytes | None:
    """Return the same by what files hold, not where they lie or when they changed: two machines have the same law where it is equal.

    None where that cannot be told from files, or where files changed since the process began. Slower than `identity_of`: it reads them all.
    """
    formulas = [formula for rule in law.variables.values() for formula in rule.formulas]
    packages = _packages_of(formulas)
    described = [_described(rule, _name_of) for rule in law.variables.values()]
    if packages is None or None in described or _identity_of_files(packages, _helpers(formulas)) is None:
        return None
    in_packages = {(f"{root.name}/{file.relative_to(root).as_posix()}", file) for root in packages for file in root.rglob("*") if _counts(file)}
    others = {(file.name, file) for file in _helpers(formulas) if not any(file.is_relative_to(root) for root in packages)}
    parts = [f"{name}:{hashlib.blake2b(file.read_bytes()).hexdigest()}".encode() for name, file in sorted(in_packages | others)]
    return identity_of(law, user_cache.digest(b"\0".join([*parts, repr(described).encode("utf-8", "surrogateescape")])))


def _counts(file: Path) -> bool:
    return file.is_file() and not file.name.endswith(_PASSED_OVER)


def _name_of(file: str) -> str:
    return Path(file).name


def identity_of_rules(rules: Mapping[str, Rule]) -> bytes | None:
    """Return a digest of variables and of the files in which they are written; None where files do not tell it."""
    formulas = [formula for rule in rules.values() for formula in rule.formulas]
    roots = _packages_of(formulas)
    if roots is None:
        return None
    described = [_described(rule) for rule in rules.values()]
    files = _identity_of_files(roots, _helpers(formulas))
    if files is None or None in described:
        return None
    return user_cache.digest(b"\0".join([files, repr(described).encode("utf-8", "surrogateescape")]))


def _packages_of(formulas: list[Formula]) -> set[Path] | None:
    """Return the packages in which formulas are written, and Barème's engine; None where some are written in no package."""
    packages = {_package_of(Path(file).parent) for file in {formula.file for formula in formulas}}
    found = {package for package in packages if package is not None}
    return found | {Path(__file__).parent} if len(found) == len(packages) else None


def files_of(law: Legislation) -> set[Path]:
    """Return the files of the packages in which formulas are written, and of modules beside them that they use; not Barème's own engine."""
    formulas = [formula for rule in law.variables.values() for formula in rule.formulas]
    written = {Path(formula.file) for formula in formulas}
    packages = {_package_of(file.parent) for file in written} - {None, Path(__file__).parent}
    return written | _helpers(formulas) | {file for package in packages if package is not None for file in package.rglob("*.py")}


def _identity_of_files(roots: set[Path], others: set[Path]) -> bytes | None:
    """Return what tells packages, and files beside them, from any others; None where one changed since the process began."""
    parts: list[bytes] = []
    for root in sorted(roots):
        found, newest = user_cache.identity_of_files(root, lambda name: not name.endswith(_PASSED_OVER))
        if newest > _STARTED - user_cache.FRESH_SECONDS:
            return None
        parts += [str(root).encode(), found]
    for file in sorted(others):
        about = file.stat()
        if about.st_mtime > _STARTED - user_cache.FRESH_SECONDS:
            return None
        parts.append(f"{file}:{about.st_size}:{about.st_mtime_ns}".encode())
    return user_cache.digest(b"\0".join(parts))


def _helpers(formulas: list[Formula]) -> set[Path]:
    """Return the files of the modules that formulas' modules use, and that these use, beside Python's own."""
    found: dict[str, Path] = {}
    pending = {written_function(formula).__module__ for formula in formulas}
    seen: set[str] = set()
    while pending:
        module = sys.modules.get(pending.pop())
        if module is None or module.__name__ in seen:
            continue
        seen.add(module.__name__)
        if getattr(module, "__file__", None):
            found[module.__name__] = Path(str(module.__file__))
        for value in vars(module).values():
            name = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
            top = name.partition(".")[0] if isinstance(name, str) else ""
            if top and top not in sys.stdlib_module_names and top not in _KNOWN_BY_VERSION and name not in seen:
                pending.add(str(name))
    return {file for file in found.values() if file.is_file()}


def written_function(formula: Formula) -> Any:
    """Return the function that was written, without what engine.openfisca puts around it."""
    return getattr(formula.function, "function", formula.function)


def _reformed(law: Legislation) -> list[tuple[str, str]]:
    """Return the figures in which a reform differs from the law that is no reform, by name."""
    base = law
    while base.baseline is not None:
        base = base.baseline
    found: list[tuple[str, str]] = []
    pending: list[tuple[str, Any, Any]] = [("", base.parameters, law.parameters)]
    while pending:
        name, one, other = pending.pop()
        if one is other:
            continue
        if hasattr(one, "children") and hasattr(other, "children"):
            pending += [(f"{name}.{step}", one.children.get(step), other.children.get(step)) for step in {**one.children, **other.children}]
        else:
            found.append((name, repr(other)))
    return sorted(found)


def _described(rule: Rule, named: Callable[[str], str] = str) -> tuple[object, ...] | None:
    """Return what a rule adds to the code of its formulas; None where a formula was made from what no file says."""
    bound = [_bound(written_function(formula)) for formula in rule.formulas]
    if None in bound:
        return None
    formulas = [(formula.start, named(formula.file), formula.line, formula.arity) for formula in rule.formulas]
    kind = None if rule.possible_values is None else [member.name for member in rule.possible_values]
    flags = (rule.is_neutralized, rule.is_lenient, rule.max_length, rule.annualized_over)
    return rule.name, rule.dtype.str, rule.entity.key, rule.definition_period.value, str(rule.default_value), kind, formulas, bound, rule.end, flags


def _bound(function: Any) -> str | None:
    """Return the values that a function was made with (a closure, defaults) as text, None where they are more than plain values and functions."""
    if not isinstance(function, types.FunctionType):
        return None
    try:
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # a cell that holds nothing yet
        return None
    values = [*cells, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    texts = _texts(values)
    return None if texts is None else f"{function.__qualname__}({', '.join(texts)})"


def _texts(values: Iterable[Any]) -> list[str] | None:
    """Return values as text: plain ones, functions, tuples and frozen records of these; None where there is any other."""
    found: list[str] = []
    for value in values:
        text = _text(value)
        if text is None:
            return None
        found.append(text)
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, types.FunctionType):
        return _bound(value)
    if isinstance(value, enum.Enum):
        return f"{type(value).__module__}.{type(value).__qualname__}.{value.name}"
    if type(value) is tuple:
        texts = _texts(value)
        return None if texts is None else f"({', '.join(texts)})"
    if is_dataclass(value) and not isinstance(value, type) and value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        texts = _texts(getattr(value, each.name) for each in fields(value))
        return None if texts is None else f"{type(value).__module__}.{type(value).__qualname__}({', '.join(texts)})"
    return None


@lru_cache(maxsize=4096)
def _package_of(directory: Path) -> Path | None:
    """Return the outermost package that a directory belongs to, or None where it belongs to none."""
    above = directory
    while not (above / "__init__.py").is_file():
        if above.parent == above or not _is_below_package(above.parent):
            return None
        above = above.parent
    while (above.parent / "__init__.py").is_file():
        above = above.parent
    return above


def _is_below_package(directory: Path) -> bool:
    """Whether some directory above is a package: parts of packages may lack their `__init__.py`."""
    return any((above / "__init__.py").is_file() for above in (directory, *directory.parents))
