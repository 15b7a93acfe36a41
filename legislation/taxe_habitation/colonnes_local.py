"""Les colonnes des fichiers de l'administration pour les locaux : valeur locative (kvlc) et logements vacants (ktvc, kcvc)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from legislation.entites import Commune, Cote, Local
from legislation.taxe_habitation.colonnes import Colonne, Genre, Module
from legislation.taxe_habitation.nomenclatures import CODES_AFFECTATION, CODES_ROLE
from legislation.taxe_habitation.nomenclatures_local import CODES_LOCATION_RURALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.entities import Entity

ENTIERS_LOCAL = {
    "antax": "annee_imposition_local",
    "vlb7l": "valeur_locative_reference_principale",
    "vlb7c": "valeur_locative_reference_parties_communes",
    "txzrr": "taux_exoneration_location_rurale",
}
TEXTES_LOCAL = {"csdi": "direction_local", "dep": "departement_local", "cne": "code_commune_local"}
EXONERATIONS_VOTEES = {
    "cxcn1": "exoneration_votee_gites_ruraux",
    "cxcn2": "exoneration_votee_meubles_de_tourisme",
    "cxcn3": "exoneration_votee_chambres_d_hotes",
}


def _entier(variable: str, entite: Entity) -> Colonne:
    return Colonne((variable,), entite, Genre.entier)


def _texte(variable: str, entite: Entity) -> Colonne:
    return Colonne((variable,), entite, Genre.texte)


def _code(variable: str, entite: Entity, codes: Mapping[str, Any]) -> Colonne:
    return Colonne((variable,), entite, Genre.code, (codes,))


def _local(prefixe: str) -> dict[str, Colonne]:
    colonnes = {champ: _entier(variable, Local) for champ, variable in ENTIERS_LOCAL.items()}
    colonnes |= {champ: _texte(variable, Local) for champ, variable in TEXTES_LOCAL.items()}
    colonnes["aff"] = _code("affectation_local", Local, CODES_AFFECTATION)
    colonnes["cxloz"] = _code("location_rurale", Local, CODES_LOCATION_RURALE)
    return {f"{prefixe}.{champ}": colonne for champ, colonne in colonnes.items()}


KVLC = Module(
    nom="kvlc",
    libelle="Valeur locative d'un local",
    entite=Local,
    entrees={
        **_local("e1"),
        "e9.antax": _entier("annee_deliberations", Commune),
        "e9.dep": _texte("departement", Commune),
        "e9.cne": _texte("code_commune", Commune),
        **{f"e9.{champ}": _code(variable, Commune, CODES_LOCATION_RURALE) for champ, variable in EXONERATIONS_VOTEES.items()},
    },
    sorties={
        "s1.vlbll": _entier("valeur_locative_principale", Local),
        "s1.vlblc": _entier("valeur_locative_parties_communes", Local),
        "s1.vlblt": _entier("valeur_locative_imposable", Local),
        "s1.vlxm1": _entier("valeur_locative_exoneree_gite_rural", Local),
        "s1.vlxm2": _entier("valeur_locative_exoneree_meuble_de_tourisme", Local),
        "s1.vlxm3": _entier("valeur_locative_exoneree_chambre_d_hotes", Local),
    },
    code_retour="code_retour_valeur_locative",
    colonne_annee="e1.antax",
)
KTVC = Module(
    nom="ktvc",
    libelle="Base et taux de la taxe sur les logements vacants d'un local",
    entite=Local,
    entrees={
        **_local("e6.e1_l"),
        "e6.atlvl": _entier("annee_entree_tlv_local", Local),
        "e6.atlvc": _entier("annee_entree_tlv_commune", Commune),
    },
    sorties={
        "s6.vlbll": _entier("valeur_locative_tlv_principale", Local),
        "s6.vlblc": _entier("valeur_locative_tlv_parties_communes", Local),
        "s6.vlblt": _entier("base_tlv_local", Local),
        "s6.txtlv": _entier("taux_tlv_local_pour_mille", Local),
    },
    code_retour="code_retour_logement_vacant",
    colonne_annee="e6.e1_l.antax",
)
KCVC = Module(
    nom="kcvc",
    libelle="Avis de taxe sur les logements vacants",
    entite=Cote,
    entrees={
        "e7.antax": _entier("annee_imposition", Cote),
        "e7.btlv1": _entier("base_tlv_premiere_annee", Cote),
        "e7.btlv2": _entier("base_tlv_annees_suivantes", Cote),
    },
    sorties={
        "s7.cotv1": _entier("cotisation_tlv_premiere_annee", Cote),
        "s7.cotv2": _entier("cotisation_tlv_annees_suivantes", Cote),
        "s7.cotiv": _entier("cotisation_tlv", Cote),
        "s7.frait": _entier("frais_gestion_tlv", Cote),
        "s7.frai5": _entier("frais_assiette_recouvrement_tlv", Cote),
        "s7.totlv": _entier("total_tlv", Cote),
        "s7.netap": _entier("net_a_payer_tlv", Cote),
        "s7.codro": _code("code_role_tlv", Cote, CODES_ROLE),
    },
    code_retour="code_retour_cote_tlv",
    colonne_annee="e7.antax",
)
