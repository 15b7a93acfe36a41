"""The source of functions: the syntax tree of the very function that a code object was made from, each file read once."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import CodeType

FunctionNode = ast.FunctionDef | ast.Lambda
_MOST_WRAPPERS: Final = 8


class Sources:
    """Finds functions in files."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._assigned: dict[ast.AST, frozenset[str]] = {}

    def node(self, code: CodeType) -> FunctionNode | None:
        """Return the tree of a function, or None where its file has none there, or two of which either may be meant."""
        found = self._file(code.co_filename).functions.get((code.co_name, code.co_firstlineno), [])
        return found[0] if len(found) == 1 else None

    def later_globals(self, file: str) -> frozenset[str]:
        """Return the names that functions of a file make global: they mean something once these were called."""
        return self._file(file).later_globals

    def _file(self, file: str) -> _File:
        found = self._files.get(file)
        if found is None:
            found = self._files[file] = _read(file)
        return found

    def assigned(self, node: ast.AST) -> frozenset[str]:
        """Return the names that a function, or a loop, gives values to."""
        found = self._assigned.get(node)
        if found is None:
            found = self._assigned[node] = frozenset(_assigned_names(node))
        return found


@dataclass(frozen=True)
class _File:
    """A file's functions, by name and first line, and the names that they make global."""

    functions: dict[tuple[str, int], list[FunctionNode]]
    later_globals: frozenset[str]


def _read(file: str) -> _File:
    try:
        tree = ast.parse(Path(file).read_bytes(), file)
    except (OSError, SyntaxError, ValueError):
        return _File({}, frozenset())
    made_global: set[str] = set()
    found: dict[tuple[str, int], list[FunctionNode]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            line = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            found.setdefault((node.name, line), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault(("<lambda>", node.lineno), []).append(node)
        elif isinstance(node, ast.Global):
            made_global |= set(node.names)
    return _File(found, frozenset(made_global))


def _assigned_names(node: ast.AST) -> set[str]:
    names: set[str] = set()
    for below in ast.walk(node):
        if isinstance(below, ast.Name) and isinstance(below.ctx, ast.Store | ast.Del):
            names.add(below.id)
        elif isinstance(below, ast.FunctionDef | ast.ClassDef):
            names.add(below.name)
        elif isinstance(below, ast.alias):
            names.add((below.asname or below.name).partition(".")[0])
        elif isinstance(below, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and below.name:
            names.add(below.name)
        elif isinstance(below, ast.arg):
            names.add(below.arg)
    return names


def plain_function(value: Any) -> FunctionType | None:
    """Return the Python function behind a callable: behind a cache, a wrapper that says what it wraps, or a method."""
    for _ in range(_MOST_WRAPPERS):
        if isinstance(value, FunctionType) and not hasattr(value, "__wrapped__"):
            return value
        value = next((found for name in ("__wrapped__", "__func__", "function") if (found := getattr(value, name, None)) is not None), None)
    return None


@lru_cache(maxsize=1024)
def root_of(file: str) -> str:
    """Return the package that a file lies in: the first folder below the entry of Python's path that leads there.

    Without such an entry it is the outermost package around the file, or the file's own folder.
    """
    path = Path(file)
    entries = [Path(entry) for entry in sys.path if entry and path.is_relative_to(entry)]
    if not entries:  # a package that a finder of its own brings, as one being worked on
        return next((str(folder) for folder in reversed(path.parents) if (folder / "__init__.py").is_file()), str(path.parent))
    entry = max(entries, key=lambda each: len(each.parts))
    steps = path.relative_to(entry).parts
    return str(entry / steps[0]) if len(steps) > 1 else str(path)
