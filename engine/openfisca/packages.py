"""Country packages by name: the system that one declares, with extensions and reforms; and what to say where there is none of that name."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BaremeError, DataError, ReformError, nearest
from engine.openfisca.finder import CORE, activate
from engine.openfisca.provided import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from engine.openfisca.systems import TaxBenefitSystem

SYSTEM = "CountryTaxBenefitSystem"
_WORD = "openfisca"


def country_system(package: str, extensions: Iterable[str] = (), reforms: Iterable[str] = ()) -> TaxBenefitSystem:
    """Return the system of an installed country package, with extensions and then reforms, each in the order given.

    `openfisca_core` is Barème's from then on. Reforms are dotted names as `openfisca_country_template.reforms.add_new_tax.add_new_tax`.
    Raises DataError where a package is not there or is no country package, ReformError for a reform.
    """
    activate()
    module = imported(package)
    declared = getattr(module, SYSTEM, None)
    if declared is None:
        raise DataError(f"`{package}` declares no `{SYSTEM}`: it is no country package. An extension of one is named by --extensions.")
    system: TaxBenefitSystem = declared()
    for extension in extensions:
        load_extension(system, extension)
    for reform in reforms:
        system = reformed(system, reform)
    return system


def imported(package: str) -> ModuleType:
    """Import a package. Raises DataError that says how to install it, or what it lacks itself."""
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{package}.".startswith(f"{error.name}."):
            raise DataError(f"`{package}` cannot be imported, for it needs `{error.name}`: pip install {error.name}") from error
        raise DataError(_not_installed(package)) from error
    except (ImportError, TypeError, ValueError) as error:  # the last two: a name that no module has, as `.` or the empty text
        raise DataError(f"`{package}` cannot be imported: {error}") from error


def load_extension(system: TaxBenefitSystem, extension: str) -> None:
    """Add an extension's variables and parameters. Raises DataError where there is no package of that name."""
    imported(extension)
    try:
        system.load_extension(extension)
    except BaremeError as error:
        raise DataError(f"The extension `{extension}` does not fit: {error}") from error


def reformed(system: TaxBenefitSystem, reform: str) -> TaxBenefitSystem:
    """Return the system under a reform named by its dotted name. Raises ReformError where there is none, or it does not fit."""
    try:
        return system.apply_reform(reform)
    except ImportError as error:
        raise ReformError(f"The reform `{reform}` cannot be imported: {error}.") from error
    except ReformError:
        raise
    except ValueError as error:
        module: Any = importlib.import_module(reform.rpartition(".")[0]) if "." in reform else None
        raise ReformError(f"{error}{nearest(reform.rpartition('.')[2], vars(module)) if module else ''}") from error


def installed_packages() -> list[str]:
    """Return the names of installed packages that speak of OpenFisca in their name, less OpenFisca-Core's own."""
    found = {module.name for module in pkgutil.iter_modules() if module.ispkg} | set(importlib.metadata.packages_distributions())
    return sorted(name for name in found if _WORD in name and name.isidentifier() and name not in (CORE, *MISSING))


def _not_installed(package: str) -> str:
    installed = installed_packages()
    distribution = package.partition(".")[0].replace("_", "-")
    listed = f" Installed here: {', '.join(installed)}." if installed else ""
    where = f"--editable {Path.cwd()}" if Path(package).is_dir() else distribution
    return f"There is no package `{package}`.{nearest(package, installed)}{listed}\nTo install it: pip install --no-deps {where}"
