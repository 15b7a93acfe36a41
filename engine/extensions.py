"""Extensions: packages that add variables and figures to a law without changing what is there, as a town's benefits to a country's.

An extension is an importable package: its modules hold variables in the class form, its folder `parameters` figures of the law.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import ReformError
from engine.parameters import load_parameters
from engine.variables import define_all, from_modules

if TYPE_CHECKING:
    from engine.legislation import Legislation


def extended(legislation: Legislation, package: str) -> Legislation:
    """Return the law with the variables and figures of an extension.

    Raises ReformError where the package cannot be imported or a variable exists already, VariableDefinitionError,
    ParameterFileError and ParameterError where what it holds is wrong or the law has such a figure.
    """
    try:
        module = importlib.import_module(package)
    except ImportError as error:
        raise ReformError(f"The extension `{package}` cannot be imported: {error}.") from error
    rules = define_all(from_modules(package))
    taken = [f"`{name}` ({legislation.variable(name).place})" for name in rules if name in legislation.variables]
    if taken:
        raise ReformError(f"The extension `{package}` adds variables that are there already: {', '.join(taken)}. A reform may update or replace them.")
    law = legislation.with_rules(rules)
    for folder in getattr(module, "__path__", ()):
        figures = Path(folder) / "parameters"
        if figures.is_dir():
            law = law.with_parameters(law.parameters.merged(load_parameters(figures)))
    return law if legislation.made_by is None else law.named_by(extended, legislation, package)
