"""Les arrondis du programme de calcul de la taxe d'habitation, et les deux petites fonctions dont toutes les formules usent.

Tous les montants sont en euros entiers ; un produit d'une base par un taux est arrondi à l'euro le plus proche, le
demi-euro vers le haut, avec une tolérance de seize unités de la dernière décimale binaire : un produit qui tombe juste
au-dessous du demi-euro par la seule imprécision du calcul en virgule flottante est arrondi vers le haut.

Les fonctions travaillent ligne par ligne, sur des tableaux numpy comme sur les tableaux symboliques du moteur.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import numpy as np

# Une valeur par ligne (tableau numpy, tableau symbolique du moteur), ou la même pour toutes.
Valeurs: TypeAlias = Any

EPSILON = 2.0**-52
TOLERANCE = 1 + 16 * EPSILON
POUR_CENT = 100
POUR_UN_POUR_CENT = 0.01  # le programme multiplie un pourcentage, il ne divise pas : le dernier bit peut en dépendre


def plancher(nombre: Valeurs) -> Valeurs:
    """Retourne l'entier immédiatement inférieur ou égal, à la tolérance près (FL du programme), en virgule flottante."""
    return np.floor(TOLERANCE * nombre)


def arrondi(montant: Valeurs) -> Valeurs:
    """Retourne le montant arrondi à l'euro le plus proche, le demi-euro vers le haut (RD du programme), en entier.

    CGI, art. 1724 et 1657, 1 : les bases, cotisations et dégrèvements sont arrondis à l'euro le plus proche.
    """
    return plancher(montant + 0.5).astype(np.int64)


def moitie(montant: Valeurs) -> Valeurs:
    """Retourne la moitié, arrondie à l'euro le plus proche, d'un montant entier positif ou nul : c'est `arrondi(montant / 2)`."""
    return (montant + 1) >> 1  # le décalage d'un bit divise par deux


def est_inferieur_a_un_arrondi(montant: Valeurs, centiemes: Valeurs) -> Valeurs:
    """Retourne si un montant entier est inférieur à `arrondi(centiemes / 100)`, en nombres entiers : 100 × (montant + 1) <= centiemes + 50."""
    return POUR_CENT * montant + POUR_CENT // 2 <= centiemes


def dizaine_inferieure(montant: Valeurs) -> Valeurs:
    """Retourne la dizaine d'euros immédiatement inférieure (TEN du programme), en virgule flottante."""
    return 10 * plancher(montant / 10)


def arrondi_decimal(nombre: Valeurs, decimales: int) -> Valeurs:
    """Retourne le nombre arrondi à ce nombre de décimales, en virgule flottante (RN du programme)."""
    puissance = 10.0**decimales
    return np.floor(0.5 + (1 + EPSILON) * nombre * puissance) / puissance


def est_parmi(code: Valeurs, *membres: Any) -> Valeurs:
    """Retourne, ligne par ligne, si un code est l'un des membres donnés de sa nomenclature."""
    return reduce(or_, [code == membre for membre in membres])
