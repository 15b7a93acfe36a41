"""Les années d'imposition que le programme sait calculer : toute autre est refusée avec le code de retour 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legislation.taxe_habitation.arrondis import Valeurs


def annee_inconnue(annee: Valeurs, bornes: Any) -> Valeurs:
    """Retourne, ligne par ligne, si l'année est hors de celles que le programme connaît (paramètres `controles`)."""
    return (annee < bornes.premiere_annee) | (annee > bornes.derniere_annee)
