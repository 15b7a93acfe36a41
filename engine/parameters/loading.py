"""Loading the parameter tree, and keeping it on disk so that the next start parses no YAML.

The kept tree is used only where it was made from the very files that are there now (names, sizes, times of change), by this version of
the format and of Python (engine/user_cache.py tells where it is, and whose). It holds nothing but the classes of the tree: whatever
else it names is refused, not run.
"""

from __future__ import annotations

import io
import pickle
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine import collector, user_cache
from engine.errors import ParameterFileError, Problem
from engine.parameters.dated_values import Detail, Parameter, Values
from engine.parameters.items import Bracket, Scale, Table
from engine.parameters.reading import ENDINGS, Reader
from engine.parameters.tree import ParameterNode
from engine.parameters.yaml_text import in_order

if TYPE_CHECKING:
    import os

FORMAT: Final = 3
"""The version of what is kept: to be raised whenever what reading gives changes. Changes of the classes' fields are seen without."""

_CLASSES: Final = (ParameterNode, Scale, Bracket, Table, Parameter, Detail)
_FIELDS: Final = [(each.__name__, [field.name for field in fields(each)]) for each in _CLASSES]

_MAGIC: Final = b"bareme parameters\n"


def load_parameters(directory: str | os.PathLike[str], *, cache: bool = True, strict: bool = True) -> ParameterNode:
    """Return the tree of a directory of parameter files.

    With `cache`, it is taken from the user's cache directory where nothing has changed since it was kept there. Not `strict`: what OpenFisca
    lets through in its packages' files is let through here: `2015-01-31-01` as a date, a number as a unit, a figure called `value`.
    Raises ParameterFileError that lists every problem of every file.
    """
    path = Path(directory)
    if not path.is_dir():
        raise ParameterFileError([Problem(str(directory), "there is no such directory: expected one of parameter files.")])
    kept = _kept_file(path, strict=strict) if cache else None
    if kept is None:
        return _read(path, strict=strict)
    identity, newest = _identity(path)
    with collector.at_rest():
        tree = _kept_tree(kept, identity)
    if tree is None:
        tree = _read(path, strict=strict)
        if time.time() - newest > user_cache.FRESH_SECONDS:
            _keep(kept, identity, tree)
    return tree


def load_parameter_file(file: str | os.PathLike[str], name: str = "", *, strict: bool = True) -> Any:
    """Return the item that one file holds: a figure, a scale, a table or a branch. Raises ParameterFileError."""
    path = Path(file)
    reader = Reader(strict=strict)
    item = reader.file(path, name or path.stem, path.name)
    return _without_problems(item, reader)


def parameters_from_data(data: Any, name: str = "", *, file: str = "data", strict: bool = True) -> Any:
    """Return the item that data in the form of the files describes: a branch, a figure, a scale or a table. Raises ParameterFileError."""
    reader = Reader(strict=strict)
    return _without_problems(reader.item(data, name, (file, None)), reader)


def _read(path: Path, *, strict: bool) -> ParameterNode:
    reader = Reader(strict=strict)
    with collector.at_rest():
        tree = reader.directory(path)
    _without_problems(tree, reader)
    return tree


def _without_problems(item: Any, reader: Reader) -> Any:
    if reader.problems or item is None:
        raise ParameterFileError(in_order(reader.problems))
    return item


# --- What is kept on disk -------------------------------------------------------------------------------------------


def _kept_file(directory: Path, *, strict: bool) -> Path | None:
    """Return the file that keeps this directory's tree, or None where nothing is to be kept."""
    try:
        return user_cache.cache_file("parameters", str(directory.resolve()), strict, FORMAT, _FIELDS)
    except (RuntimeError, OSError):  # a path that cannot be resolved
        return None


def _identity(directory: Path) -> tuple[bytes, float]:
    """Return what tells these files from any others, and when the last of them changed (seconds)."""
    return user_cache.identity_of_files(directory, lambda name: name.endswith(ENDINGS))


class _TreeUnpickler(pickle.Unpickler):
    """Reads trees, and makes nothing but their classes: a file that names another is refused."""

    _allowed: Final = {(each.__module__, each.__qualname__): each for each in (*_CLASSES, Values)}

    def find_class(self, module_name: str, global_name: str) -> Any:
        """Return a class of the tree. Raises UnpicklingError for any other."""
        found = self._allowed.get((module_name, global_name))
        if found is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a parameter tree")
        return found


def _kept_tree(file: Path, identity: bytes) -> ParameterNode | None:
    """Return the tree kept for these files, or None where there is none that may be used."""
    payload = user_cache.kept(file, _MAGIC, identity)
    if payload is None:
        return None
    try:
        tree = _TreeUnpickler(io.BytesIO(payload)).load()
    except Exception:  # noqa: BLE001 - a kept file, whatever is wrong with it, is read anew from the law's own files
        return None
    return tree if isinstance(tree, ParameterNode) else None


def _keep(file: Path, identity: bytes, tree: ParameterNode) -> None:
    """Keep a tree; where that cannot be done, do without."""
    user_cache.keep(file, _MAGIC, identity, pickle.dumps(tree, protocol=pickle.HIGHEST_PROTOCOL))
