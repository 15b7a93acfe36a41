"""De quels mois et de quelle année les revenus et les situations sont lus, quand la population ne dit rien du passé.

Le droit d'un mois se fonde sur les revenus des mois précédents, et sur ceux de l'avant-dernière année. Une population, un cas type,
ne donnent souvent que l'année étudiée : tout y serait alors sans ressources au début. Si rien n'est donné jusqu'à la période que la
loi demande, la première période donnée en tient lieu : des revenus constants. Si quelque chose l'est, la période de la loi est lue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.periods import DateUnit

if TYPE_CHECKING:
    from engine.periods import Period

REVENUS_MENSUELS = ("salaire_brut", "salaire_net", "chomage_brut", "chomage_net", "retraite_brute", "retraite_nette")
"""Les variables d'un mois qui disent qu'une population donne les revenus de ce mois."""

REVENUS_ANNUELS = (
    "salaires",
    "allocations_chomage",
    "pensions_retraite",
    "remunerations_gerants",
    "benefices_professionnels",
    "recettes_micro_bic_ventes",
    "recettes_micro_bic_services",
    "recettes_micro_bnc",
    "interets",
    "dividendes",
    "revenus_fonciers_nets",
    "revenu_net_categoriel",
)
"""Les variables d'une année qui disent qu'une population donne les revenus de cette année."""


def _donnees(vue: Any, noms: tuple[str, ...]) -> list[Period]:
    return sorted({periode for nom in noms for periode in vue.known_periods(nom)})


def _ou_premiere(periode: Period, donnees: list[Period]) -> Period:
    return periode if not donnees or donnees[0] <= periode else donnees[0]


def mois_des_revenus(vue: Any, mois: Period, *autres: str) -> Period:
    """Retourne le mois dont les revenus sont lus pour `mois` : lui-même, ou le premier mois donné s'il lui est postérieur.

    `autres` : les variables dont une valeur dit, elle aussi, que la population donne les revenus d'un mois.
    """
    return _ou_premiere(mois, _donnees(vue, (*REVENUS_MENSUELS, *autres)))


def donne_des_mois(vue: Any, *autres: str) -> bool:
    """Dit si la population donne des revenus mois par mois, et non seulement année par année."""
    return bool(_donnees(vue, (*REVENUS_MENSUELS, *autres)))


def annee_des_revenus(vue: Any, annee: Period) -> Period:
    """Retourne l'année dont les revenus sont lus pour `annee` : elle-même, ou la première année donnée si elle lui est postérieure."""
    mensuelles = {mois.this_year for mois in _donnees(vue, REVENUS_MENSUELS)}
    return _ou_premiere(annee, sorted({*_donnees(vue, REVENUS_ANNUELS), *mensuelles}))


def annee_de_la_naissance(vue: Any, mois: Period) -> Period:
    """Retourne une année pour laquelle l'année de naissance est donnée : celle du mois, ou la première, car elle ne change pas."""
    donnees = _donnees(vue, ("annee_naissance",))
    return mois.this_year if mois.this_year in donnees or not donnees else donnees[0]


def lu(vue: Any, nom: str, mois: Period) -> Any:
    """Retourne une situation donnée mois par mois, celle du premier mois donné si rien n'est donné jusqu'à `mois`."""
    return vue(nom, _ou_premiere(mois, _donnees(vue, (nom,))))


def lu_annee(vue: Any, nom: str, annee: Period) -> Any:
    """Retourne une situation donnée année par année, celle de la première année donnée si rien n'est donné jusqu'à `annee`."""
    return vue(nom, _ou_premiere(annee, _donnees(vue, (nom,))))


def mois_passes(mois: Period, reculs: tuple[int, ...]) -> list[Period]:
    """Retourne les mois qui précèdent `mois` d'autant de mois."""
    return [mois.offset(-recul, DateUnit.MONTH) for recul in reculs]
