"""La loi sans la baisse de 2020 : ce qu'il faudrait payer si la loi de finances pour 2020 n'avait pas allégé les premières tranches.

Le barème, la décote et la réduction de 20 % sous condition de revenu des revenus de 2019 restent en vigueur, revalorisés chaque année comme le barème l'a été,
et arrondis à l'euro comme la loi le fait. La réforme vaut pour les revenus de 2020 à 2025 ; l'effet de la baisse est l'opposé du sien. Pour la baisse
elle-même, sur les revenus de 2019, voir `baisse_premieres_tranches_2020.yaml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.reform import Reform, reform_from_data
from legislation.impot_revenu import impot_brut

if TYPE_CHECKING:
    from engine.legislation import Legislation

REVALORISATIONS = {2020: 1.002, 2021: 1.014, 2022: 1.054, 2023: 1.048, 2024: 1.018, 2025: 1.009}
"""Coefficient du barème de chaque année : lois de finances pour 2021 à 2026, art. 2 ou 4, qui portent la première tranche de 10 064 à 11 600 euros."""

REVALORISES = (
    "bareme.brackets[2].threshold",
    "bareme.brackets[3].threshold",
    "bareme.brackets[4].threshold",
    "decote.personne_seule",
    "decote.couple",
    "reduction_sous_condition.plafond_taux_plein",
    "reduction_sous_condition.plafond",
    "reduction_sous_condition.majoration_demi_part",
)
RECONDUITS = ("bareme.brackets[1].rate", "decote.taux", "reduction_sous_condition.taux")
DERNIERE_ANNEE = 2019


def revalorises(montant: float) -> dict[str, int]:
    """Retourne un montant de 2019, revalorisé et arrondi à l'euro chaque année, par date."""
    par_date = {}
    for annee, coefficient in REVALORISATIONS.items():
        montant = int(montant * coefficient + 0.5)
        par_date[f"{annee}-01-01"] = montant
    return par_date


class reduction_sous_condition_de_revenu(impot_brut.reduction_sous_condition_de_revenu):
    end = "2025-12-31"


class sans_baisse_2020(Reform):
    """La loi sans la baisse de 2020."""

    name = "Sans la baisse de 2020"
    description = "Le barème, la décote et la réduction de 20 % des revenus de 2019, revalorisés jusqu'aux revenus de 2025."
    reference = ("CGI, art. 197, I", "Loi 2019-1479 du 28 décembre 2019 de finances pour 2020, art. 2, I, 3°")

    def apply(self, law: Legislation) -> Legislation:
        """Return the law in which the finance law for 2020 lowered nothing."""
        changes: dict[str, Any] = {}
        for path in (*REVALORISES, *RECONDUITS):
            value = law.parameters.child(f"impot_revenu.{path}").at(f"{DERNIERE_ANNEE}-01-01")
            changes[f"impot_revenu.{path}"] = revalorises(value) if path in REVALORISES else {f"{min(REVALORISATIONS)}-01-01": value}
        return reform_from_data({"name": self.name, "parameters": changes})(law).replacing(reduction_sous_condition_de_revenu)
