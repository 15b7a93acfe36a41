"""Les colonnes des fichiers de l'administration pour la position des revenus des redevables (ksfc)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from legislation.entites import Cote, FoyerFiscal
from legislation.taxe_habitation import nomenclatures_local as nomenclatures
from legislation.taxe_habitation.colonnes import Colonne, Genre, Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.entities import Role


@dataclass(frozen=True)
class ColonneFoyer(Colonne):
    """Une colonne qui concerne l'un des foyers de la cote : celui qui y a ce rôle."""

    role: Role = field(kw_only=True)


ROLES = {"1": Cote.PREMIER_REDEVABLE, "2": Cote.SECOND_REDEVABLE, "r": Cote.RATTACHES}
SAISIES_FOYER: dict[str, tuple[str, Genre, Mapping[str, Any] | None]] = {
    "revfe": ("revenu_fiscal_reference", Genre.entier, None),
    "nbpar": ("nombre_parts_fiscales", Genre.entier, None),
    "front": ("travailleur_frontalier", Genre.code, nomenclatures.CODES_TRAVAILLEUR_FRONTALIER),
    "annir": ("annee_revenus", Genre.entier, None),
}
RESULTATS_REDEVABLE = {
    "seuil": ("position_revenu_redevable", Genre.code, nomenclatures.CODES_POSITION_REVENU),
    "revim": ("revenu_fiscal_reference", Genre.entier, None),
    "serfrc": ("tranche_revenu_redevable", Genre.code, nomenclatures.CODES_TRANCHE_REVENU),
    "seuilb": ("position_revenu_maintien_redevable", Genre.code, nomenclatures.CODES_POSITION_REVENU_MAINTIEN),
}
RESULTATS_COTE = {
    "seuil": ("position_revenu_cote", Genre.code, nomenclatures.CODES_POSITION_REVENU),
    "revim": ("revenu_redevables", Genre.entier, None),
    "serfrc": ("tranche_revenu_cote", Genre.code, nomenclatures.CODES_TRANCHE_REVENU),
    "seuilb": ("position_revenu_maintien_cote", Genre.code, nomenclatures.CODES_POSITION_REVENU_MAINTIEN),
}
RESULTATS_TOUT_LE_FOYER = {
    "seuil": ("droit_plafonnement", Genre.code, nomenclatures.CODES_DROIT_PLAFONNEMENT),
    "revim": ("revenu_tout_le_foyer", Genre.entier, None),
    "serfrc": ("tranche_revenu_foyer", Genre.code, nomenclatures.CODES_TRANCHE_REVENU),
    "seuilb": ("position_revenu_maintien_foyer", Genre.code, nomenclatures.CODES_POSITION_REVENU_MAINTIEN),
}


def _cote(variable: str, genre: Genre, codes: Mapping[str, Any] | None = None) -> Colonne:
    return Colonne((variable,), Cote, genre, () if codes is None else (codes,))


def _foyer(role: Role, variable: str, genre: Genre, codes: Mapping[str, Any] | None) -> Colonne:
    return ColonneFoyer((variable,), FoyerFiscal, genre, () if codes is None else (codes,), role=role)


KSFC = Module(
    nom="ksfc",
    libelle="Position des revenus parmi les limites de l'article 1417",
    entite=Cote,
    entrees={
        "e4.antax": _cote("annee_imposition", Genre.entier),
        "e4.csdi": _cote("direction", Genre.texte),
        "e4.cnua": _cote("composition_cote", Genre.code, nomenclatures.CODES_COMPOSITION_COTE),
        **{f"e4.rede_{lettre}.{champ}": _foyer(role, *saisie) for lettre, role in ROLES.items() for champ, saisie in SAISIES_FOYER.items()},
    },
    sorties={
        "s4.revff": _cote("revenu_tout_le_foyer_apres_abattement", Genre.entier),
        "s4.npaff": _cote("parts_tout_le_foyer", Genre.entier),
        **{f"s4.reds_{lettre}.{champ}": _foyer(ROLES[lettre], *resultat) for lettre in "12" for champ, resultat in RESULTATS_REDEVABLE.items()},
        **{f"s4.reds_c.{champ}": _cote(*resultat) for champ, resultat in RESULTATS_COTE.items()},
        **{f"s4.reds_f.{champ}": _cote(*resultat) for champ, resultat in RESULTATS_TOUT_LE_FOYER.items()},
    },
    code_retour="code_retour_revenus",
    colonne_annee="e4.antax",
)
