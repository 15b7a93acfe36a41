"""Packages of OpenFisca beside its core, as its web API: whoever has one declares it, for the engine knows none.

A distribution declares it as an entry point, in its pyproject.toml:

    [project.entry-points."bareme.openfisca"]
    openfisca_web_api = "web_api.openfisca:modules"

where `modules` is a function that returns the names of each module, by the module's full name:

    def modules():
        return {"openfisca_web_api": {}, "openfisca_web_api.app": {"create_app": create_app}}

It is called when somebody imports the package. `provide` declares the same from code that is imported anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Final

Table = Mapping[str, Mapping[str, object]]

GROUP: Final = "bareme.openfisca"

# What Barème answers itself, whatever else is installed under that name, and what is missing where nobody declares it
MISSING: Final = {
    "openfisca_web_api": "The distribution of Barème that is installed here brings no web API that could stand in for OpenFisca's",
}

_PROVIDED: dict[str, Callable[[], Table]] = {}


def provide(package: str, modules: Callable[[], Table]) -> None:
    """Declare the modules of a package; the last declaration holds."""
    _PROVIDED[package] = modules


def table_of(package: str) -> Table | None:
    """Return the modules of a package, each with its names; None where nobody declares it."""
    if package not in _PROVIDED:
        declared = next(iter(entry_points(group=GROUP, name=package)), None)
        if declared is None:
            return None
        provide(package, declared.load())
    return _PROVIDED[package]()
