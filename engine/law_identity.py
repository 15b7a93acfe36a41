"""What tells one law from any other, across processes: its variables, the files in which they are written, the figures of a reform.

The figures of the law that is reformed are not part of it: whoever uses something that was kept compares the figures that it rests
on. A law has an identity only where all of its code lies in packages: what a script defines may change without any file changing.
"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import user_cache

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.variables import Rule

# What the law's code does not depend on: figures are compared one by one, and compiled files are made from the others.
_PASSED_OVER = (".yaml", ".yml", ".pyc", ".md")


def identity_of(law: Legislation) -> bytes | None:
    """Return a digest of all that decides how the law computes, the figures left out; None where it has code outside packages, or fresh code."""
    roots: set[Path] = {Path(__file__).parent}
    for file in {formula.file for rule in law.variables.values() for formula in rule.formulas}:
        root = _package_of(Path(file).parent)
        if root is None:
            return None
        roots.add(root)
    files: list[bytes] = []
    for root in sorted(roots):
        found, newest = user_cache.identity_of_files(root, lambda name: not name.endswith(_PASSED_OVER))
        if time.time() - newest < user_cache.FRESH_SECONDS:
            return None
        files += [str(root).encode(), found]
    described = [_described(rule) for rule in law.variables.values()]
    entities = [(entity, [role.key for role in entity.flattened_roles]) for entity in law.entities.values()]
    about = repr((np.__version__, law.name, law.max_spiral_loops, entities, described, _reformed(law))).encode("utf-8", "surrogateescape")
    return user_cache.digest(b"\0".join([*files, about]))


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


def _described(rule: Rule) -> tuple[object, ...]:
    """Return what a rule adds to the code of its formulas."""
    formulas = [(formula.start, formula.file, formula.line, formula.arity) for formula in rule.formulas]
    kind = None if rule.possible_values is None else [member.name for member in rule.possible_values]
    flags = (rule.is_neutralized, rule.is_lenient, rule.max_length, rule.annualized_over)
    return rule.name, rule.dtype.str, rule.entity.key, rule.definition_period.value, str(rule.default_value), kind, formulas, rule.end, flags


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
