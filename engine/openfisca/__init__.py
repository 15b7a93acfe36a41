"""The names of OpenFisca-Core, for existing country packages, over the modules of the engine.

    from engine import openfisca

    openfisca.activate()
    from openfisca_france import FranceTaxBenefitSystem

Packages run as they are: what they import as `openfisca_core` is Barème. `python -m engine.openfisca SCRIPT` and
`python -m engine.openfisca -m MODULE` do the same for a script or a module. What stands in for OpenFisca's web API is declared
with `provide` (see provided.py).
"""

from __future__ import annotations

from engine.openfisca.finder import activate
from engine.openfisca.provided import provide

__all__ = ["activate", "provide"]
