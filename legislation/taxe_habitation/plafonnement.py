"""Le plafonnement de la taxe d'habitation selon le revenu (CGI, art. 1414 A) : ce qui excède 3,44 % du revenu est dégrevé.

Deux cas. Si le revenu du foyer, après abattement, atteint quinze euros, le plafonnement est partiel. Au-dessous, il est
total : la réduction due à la hausse des taux ne laisse à payer qu'une part, d'autant plus faible que le revenu de la cote l'est
au regard de l'abattement.

Les fonctions de ce fichier servent à la cote et à la dépendance isolée calculée à part (`dependances.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from legislation.taxe_habitation.arrondis import POUR_CENT, Valeurs, arrondi, arrondi_decimal
from legislation.taxe_habitation.parts import montant_selon_parts


@dataclass(frozen=True)
class Plafonnement:
    """Ce qui excède la part du revenu, la réduction due à la hausse des taux, et ce qui reste à dégrever après elle."""

    reduction: Valeurs
    plafond: Valeurs


def plafonner(somme: Valeurs, reduction_theorique: Valeurs, revenu: Valeurs, loi: Any) -> Plafonnement:
    """Retourne le plafonnement d'une somme de cotisations ; une réduction inférieure au seuil de quinze euros n'est pas appliquée."""
    excedent = np.maximum(0, somme - arrondi(loi.taux_revenu * revenu))
    reduction = np.where(reduction_theorique >= loi.seuil_reduction_taux, np.minimum(reduction_theorique, excedent), 0)
    return Plafonnement(reduction, excedent - reduction)


def part_du_revenu_dans_l_abattement(revenu: Valeurs, parts: Valeurs, zone: Valeurs, loi: Any) -> Valeurs:
    """Retourne, en pourcentage entier, le revenu de la cote rapporté à l'abattement du foyer ; zéro si le foyer n'a pas de parts.

    Le programme divise en simple précision : cela ne change le résultat qu'aux égalités exactes.
    """
    abattement = np.where(parts == 0, 0, montant_selon_parts(loi.abattement_revenu_1414_A_I[zone], parts))
    diviseur = np.where(abattement == 0, 1, abattement).astype(np.float32)
    rapport = np.where(abattement == 0, np.float32(0), revenu.astype(np.float32) / diviseur)
    return arrondi_decimal((np.float32(POUR_CENT) * rapport).astype(np.float64), 0)


def majoration_degrevement_total(a_payer: Valeurs, pourcentage: Valeurs) -> Valeurs:
    """Retourne ce que le plafonnement total dégrève en plus de ce qui reste à payer, selon la part du revenu dans l'abattement."""
    return np.maximum(0.0, arrondi_decimal(a_payer * (POUR_CENT - pourcentage) / POUR_CENT, 0)).astype(np.int64)
