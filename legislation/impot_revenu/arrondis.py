"""L'arrondi de l'impôt sur le revenu : à l'euro le plus proche, le demi-euro vers le haut, à chaque étape que la déclaration arrondit.

Le programme de l'administration ajoute au demi-euro une petite tolérance, pour qu'un montant qui tombe juste au-dessous par la
seule imprécision du calcul en virgule flottante soit arrondi vers le haut.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Valeurs: TypeAlias = Any

TOLERANCE = 5e-5


def arrondi(montant: Valeurs) -> Valeurs:
    """Retourne le montant, positif ou nul, arrondi à l'euro le plus proche, en virgule flottante (CGI, art. 193 et 1657, 1)."""
    return np.floor(montant + 0.5 + TOLERANCE)
