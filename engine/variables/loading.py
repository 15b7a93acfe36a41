"""Finding the variables of a law: in a module, in a package of modules, in a file or a directory outside packages.

A law made of importable packages is read with `from_modules("legislation.taxe_habitation")`. A file outside packages is run as
a module of its own, named after its path; reading it again runs it again. Mistakes in several files are reported together.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import VariableDefinitionError, nearest
from engine.variables.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def from_module(module: ModuleType) -> list[type[Variable]]:
    """Return the variables that the module itself writes, in its order. Classes whose name begins with `_` are bases for others."""
    return [
        value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Variable) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


def from_modules(*names: str) -> Iterator[type[Variable]]:
    """Yield the variables of modules or packages and all modules below them, importing each module when its turn comes.

    Raises VariableDefinitionError that names file, line and reason, where a module cannot be imported.
    """
    for name in names:
        module = _import(name)
        yield from from_module(module)
        if hasattr(module, "__path__"):
            below = sorted(found.name for found in pkgutil.iter_modules(module.__path__) if found.name != "__main__")
            yield from from_modules(*(f"{name}.{child}" for child in below))


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise VariableDefinitionError(f"Module `{name}` cannot be read: {_describe(error)}") from error


def from_file(path: str | Path) -> list[type[Variable]]:
    """Run a Python file and return the variables that it writes. Raises VariableDefinitionError where it cannot be run."""
    file = Path(path).resolve()
    if not file.is_file():
        siblings = [sibling.name for sibling in file.parent.glob("*.py")] if file.parent.is_dir() else []
        raise VariableDefinitionError(f"There is no file {path}.{nearest(file.name, siblings)}")
    name = "law of " + str(file).replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise VariableDefinitionError(f"{path} is not a Python file: expected a name that ends with .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise VariableDefinitionError(f"{path} cannot be read: {_describe(error)}") from error
    return from_module(module)


def from_directory(path: str | Path) -> list[type[Variable]]:
    """Run the Python files of a directory and of those below it, by name, and return the variables that they write.

    Raises VariableDefinitionError that lists every file that cannot be run.
    """
    directory = Path(path)
    if not directory.is_dir():
        raise VariableDefinitionError(f"There is no directory {path}.")
    found: list[type[Variable]] = []
    problems: list[str] = []
    for file in sorted(directory.rglob("*.py")):
        try:
            found += from_file(file)
        except VariableDefinitionError as error:
            problems.append(str(error))
    if problems:
        raise VariableDefinitionError("\n".join(problems))
    return found


def _describe(error: Exception) -> str:
    """Return kind, message, file and line of what went wrong while a module ran."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} ({error.filename}:{error.lineno})"
    place = ""
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file != __file__ and not file.startswith("<frozen"):
            place = f" ({file}:{step.tb_lineno})"
        step = step.tb_next
    return f"{type(error).__name__}: {error}{place}"
