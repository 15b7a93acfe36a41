"""L'arrondi des prestations : au centime le plus proche ; la CRDS retenue sur elles, au centime inférieur.

Les montants publiés chaque année par instruction ministérielle sont des pourcentages de la base mensuelle, arrondis au centime.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Valeurs: TypeAlias = Any

CENTIMES = 100
TOLERANCE = 5e-7


def au_centime(montant: Valeurs) -> Valeurs:
    """Retourne le montant, positif ou nul, arrondi au centime le plus proche, le demi-centime vers le haut."""
    return np.floor(CENTIMES * montant + 0.5 + TOLERANCE) / CENTIMES


def au_centime_inferieur(montant: Valeurs) -> Valeurs:
    """Retourne le montant, positif ou nul, sans ses fractions de centime."""
    return np.floor(CENTIMES * montant + TOLERANCE) / CENTIMES
