"""Les années d'imposition qui se calculent : toute autre est refusée avec le code de retour 1.

Le programme de l'administration s'arrête à 2017 ; pour les années suivantes, la dernière est celle dont les chiffres sont dans les paramètres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legislation.taxe_habitation.arrondis import Valeurs


def annee_inconnue(annee: Valeurs, bornes: Any) -> Valeurs:
    """Retourne, ligne par ligne, si l'année est hors de celles qui se calculent (paramètres `controles`)."""
    return (annee < bornes.premiere_annee) | (annee > bornes.derniere_annee)
