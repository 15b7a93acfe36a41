"""Les montants qui croissent avec les parts de quotient familial : seuils de l'article 1417 et abattement de l'article 1414 A, I.

Le législateur fixe un montant pour la première part, un autre pour chacune des quatre premières demi-parts
supplémentaires, et un dernier pour toutes les suivantes ; un quart de part compte pour la moitié de la demi-part de son
rang.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from legislation.taxe_habitation.arrondis import Valeurs, moitie

# Parts multipliées par 100 : une part vaut 100, une demi-part 50, un quart de part 25.
PART = 100
DEMI_PART = 50
QUART_DE_PART = 25
DERNIERE_PART_DETAILLEE = 300


class BaremeSelonParts(Protocol):
    """Les six figures d'un barème : nœud de paramètres, ou nœud consulté par zone (une figure par ligne)."""

    premiere_part: Any
    premiere_demi_part: Any
    deuxieme_demi_part: Any
    troisieme_demi_part: Any
    quatrieme_demi_part: Any
    demi_part_supplementaire: Any


def montant_selon_parts(bareme: BaremeSelonParts, parts: Valeurs) -> Valeurs:
    """Retourne le montant d'un barème pour un nombre de parts, en euros entiers.

    `parts` est multiplié par 100 (250 pour deux parts et demie). Une part ou moins compte pour une part. La première
    demi-part compte au-delà de 125, la deuxième au-delà de 175, et ainsi de suite ; à 125, 175, 225 ou 275 justes, le quart
    de part compte pour la moitié (arrondie) de la demi-part de son rang. Au-delà de 300, chaque demi-part compte pour le
    montant des demi-parts supplémentaires, et un dernier quart de part pour la moitié (arrondie) de ce montant.

    CGI, art. 1417, I et II ; CGI, art. 1414 A, I.
    """
    montant = bareme.premiere_part
    quart_de_part = PART + QUART_DE_PART
    for demi_part in (bareme.premiere_demi_part, bareme.deuxieme_demi_part, bareme.troisieme_demi_part, bareme.quatrieme_demi_part):
        montant = montant + np.where(parts > quart_de_part, demi_part, np.where(parts == quart_de_part, moitie(demi_part), 0))
        quart_de_part += DEMI_PART
    au_dela = parts - DERNIERE_PART_DETAILLEE
    # Le rang du quart de part où l'on se trouve, compté depuis zéro part, est impair : un quart reste à compter.
    reste_un_quart = (au_dela > 0) & (parts // QUART_DE_PART % 2 == 1)
    demi_parts = (np.maximum(au_dela - np.where(reste_un_quart, QUART_DE_PART, 0), 0) + DEMI_PART // 2) // DEMI_PART
    return montant + demi_parts * bareme.demi_part_supplementaire + np.where(reste_un_quart, moitie(bareme.demi_part_supplementaire), 0)
