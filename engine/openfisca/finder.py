"""Answering `import openfisca_core…` with Barème's own modules, whether or not OpenFisca-Core is installed."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from typing import TYPE_CHECKING

from engine.openfisca import provided
from engine.openfisca.names import modules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

CORE = "openfisca_core"


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of OpenFisca-Core in a table of names, and makes them of Barème's objects; so for packages beside the core."""

    def __init__(self, table: provided.Table) -> None:
        self.tables: dict[str, provided.Table] = {CORE: table}

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        """Return how to make a module, or None for one that is not ours."""
        del path, target
        package = fullname.partition(".")[0]
        if package not in self.tables and package in provided.MISSING:
            self.tables[package] = provided.table_of(package) or {}
        table = self.tables.get(package)
        if table is None or (table and fullname not in table):
            return None
        is_package = any(name.startswith(f"{fullname}.") for name in table)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def exec_module(self, module: ModuleType) -> None:
        """Fill a module with its names. All of its own modules stand in it too, as `openfisca_core.periods` after `import openfisca_core`.

        Raises ImportError that says what is missing, for a package that nobody declares.
        """
        package = module.__name__.partition(".")[0]
        table = self.tables[package]
        if not table:
            del self.tables[package]
            raise ImportError(f"{provided.MISSING[package]}: nobody declares `{package}` (see engine/openfisca/provided.py).", name=package)
        vars(module).update(table[module.__name__])
        for name in table:
            parent, _, last = name.rpartition(".")
            if parent == module.__name__ and last not in vars(module):
                importlib.import_module(name)


def activate() -> None:
    """Let `openfisca_core` be Barème from now on, in this process. Whatever was imported of another one is forgotten.

    All modules are made at once: a finder that comes before ours later, as pytest's, would find another OpenFisca-Core on the disk.
    """
    if any(isinstance(finder, Finder) for finder in sys.meta_path):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] in (CORE, *provided.MISSING)]:
        del sys.modules[name]
    sys.meta_path.insert(0, Finder(modules()))
    importlib.import_module(CORE)
