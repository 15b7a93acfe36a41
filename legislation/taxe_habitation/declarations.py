"""Déclarer par programme les variables qui se répètent d'une autorité à l'autre, sous la forme qu'aurait une classe écrite à la main."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable


def declarer(espace: dict[str, object], nom: str, **attributs: object) -> None:
    """Déclare la variable `nom` dans le module dont `espace` est l'espace de noms (`globals()`) ; `attributs` sont ceux de la classe (None : pas donné)."""
    donnes = {attribut: valeur for attribut, valeur in attributs.items() if valeur is not None}
    espace[nom] = type(nom, (Variable,), {"__module__": espace["__name__"], **donnes})


def formule(regle: Callable[..., Any], *sujets: object) -> Callable[..., Any]:
    """Retourne la formule qui applique une règle à des sujets fixés (une autorité, un abattement…) : `regle(entité, période, *sujets)`."""

    def formula(entite, period):
        return regle(entite, period, *sujets)

    formula.__doc__ = regle.__doc__
    return formula


def formule_parametree(regle: Callable[..., Any], *sujets: object) -> Callable[..., Any]:
    """Retourne la même formule pour une règle qui lit des chiffres de la loi : `regle(entité, période, paramètres, *sujets)`."""

    def formula(entite, period, parameters):
        return regle(entite, period, parameters, *sujets)

    formula.__doc__ = regle.__doc__
    return formula
