"""The French law: entities, variables and figures, as one legislation.

Each tax or benefit has a folder here for its formulas and one in `parameters/` for its figures.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.legislation import Legislation


@cache
def france() -> Legislation:
    """Return the French law as it stands in this package; made once per process.

    Raises ParameterFileError or VariableDefinitionError, with every problem, where its files are wrong.
    """
    # imported here, so that importing the package costs nothing
    from engine.legislation import Legislation  # noqa: PLC0415
    from engine.parameters import load_parameters  # noqa: PLC0415
    from engine.variables import from_modules  # noqa: PLC0415
    from legislation.entites import ENTITES  # noqa: PLC0415
    from legislation.taxe_habitation.codes_retour import codes_retour_par_variable, libelles_codes_retour  # noqa: PLC0415

    with as_file(files("parameters")) as directory:
        parameters = load_parameters(directory)
    return Legislation.make(
        ENTITES,
        from_modules(
            "legislation.taxe_habitation",
            "legislation.impot_revenu",
            "legislation.descriptions",
            "legislation.cotisations",
            "legislation.prestations",
            "legislation.menages",
        ),
        parameters,
        name="France",
        refusals=codes_retour_par_variable(),
        refusal_labels=libelles_codes_retour(parameters),
    ).named_by(france)
