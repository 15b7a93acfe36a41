"""Bodies that the OpenAPI document shows: they are of the law that Barème ships, and no other law has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from web_api.service import Service

SITUATION = {
    "individus": {"elle": {"foyer_fiscal": "foyer", "foyer_fiscal_role": "declarant", "annee_naissance": 1980, "salaires": 30000}},
    "foyers_fiscaux": {"foyer": {"impot_a_payer": None}},
}
REFORM = {"parameters": {"impot_revenu.decote.personne_seule": {"2022-01-01": 900}}}


def calculations(service: Service) -> dict[str, Any] | None:
    """Return a situation under a reform."""
    return {"situations": [SITUATION], "period": "2022", "reform": REFORM} if service.is_own_law else None


def explanations(service: Service) -> dict[str, Any] | None:
    """Return a result to explain."""
    return {"situation": SITUATION, "variable": "impot_a_payer", "period": "2022", "depth": 3} if service.is_own_law else None


def missing(service: Service) -> dict[str, Any] | None:
    """Return a result whose missing inputs are looked for."""
    return {"situation": SITUATION, "variable": "impot_a_payer", "period": "2022", "most": 5} if service.is_own_law else None
