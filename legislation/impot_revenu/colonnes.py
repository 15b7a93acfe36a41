"""Les cases de la déclaration et les résultats du programme officiel, et les variables d'ici qui leur correspondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from legislation.impot_revenu.foyer_composition import SituationFamiliale, Territoire

if TYPE_CHECKING:
    from collections.abc import Mapping

DECLARANT, CONJOINT, PERSONNE_A_CHARGE = range(3)

SITUATIONS: Mapping[str, SituationFamiliale] = {
    "0AC": SituationFamiliale.celibataire,
    "0AM": SituationFamiliale.marie,
    "0AO": SituationFamiliale.pacse,
    "0AD": SituationFamiliale.divorce,
    "0AV": SituationFamiliale.veuf,
}
"""Chaque case cochée dit une situation de famille."""

REGION = "REGCO"
TERRITOIRES: Mapping[int, Territoire] = {
    0: Territoire.metropole,
    1: Territoire.metropole,
    5: Territoire.guadeloupe_martinique_reunion,
    6: Territoire.guyane_mayotte,
}


@dataclass(frozen=True)
class CaseIndividu:
    """Une case d'une personne : la variable, et le rang de la personne dans le foyer."""

    variable: str
    rang: int


INDIVIDUS: Mapping[str, CaseIndividu] = {
    "0DA": CaseIndividu("annee_naissance", DECLARANT),
    "0DB": CaseIndividu("annee_naissance", CONJOINT),
    "0AP": CaseIndividu("invalide", DECLARANT),
    "0AF": CaseIndividu("invalide", CONJOINT),
    "1AJ": CaseIndividu("salaires", DECLARANT),
    "1BJ": CaseIndividu("salaires", CONJOINT),
    "1CJ": CaseIndividu("salaires", PERSONNE_A_CHARGE),
    "1AP": CaseIndividu("allocations_chomage", DECLARANT),
    "1BP": CaseIndividu("allocations_chomage", CONJOINT),
    "1AK": CaseIndividu("frais_professionnels_reels", DECLARANT),
    "1BK": CaseIndividu("frais_professionnels_reels", CONJOINT),
    "1AS": CaseIndividu("pensions_retraite", DECLARANT),
    "1BS": CaseIndividu("pensions_retraite", CONJOINT),
    "1AZ": CaseIndividu("pensions_invalidite", DECLARANT),
    "1BZ": CaseIndividu("pensions_invalidite", CONJOINT),
    "1AO": CaseIndividu("pensions_alimentaires_percues", DECLARANT),
    "1BO": CaseIndividu("pensions_alimentaires_percues", CONJOINT),
}

FOYER: Mapping[str, str] = {
    "0BT": "parent_isole",
    "0AL": "enfant_eleve_seul",
    "0AW": "ancien_combattant",
    "0AS": "ancien_combattant",
    "0CF": "enfants_a_charge",
    "0CG": "enfants_a_charge_invalides",
    "0CH": "enfants_en_alternance",
    "0CI": "enfants_en_alternance_invalides",
    "0DJ": "enfants_majeurs_rattaches",
    "0CR": "autres_personnes_invalides",
    "2OP": "option_bareme",
    "2TR": "interets",
    "2DC": "dividendes",
    "2CK": "prelevement_forfaitaire_non_liberatoire",
    "2CG": "capitaux_deja_preleves",
    "2BH": "capitaux_deja_preleves_csg_deductible",
    "4BE": "loyers_micro_foncier",
    "4BA": "revenus_fonciers_nets",
    "4BC": "deficit_foncier_imputable",
    "6DE": "csg_deductible_patrimoine",
    "6EL": "pension_enfant_majeur",
    "6GI": "pension_enfant_majeur_jugement_2006",
    "6GU": "autres_pensions_versees",
    "7AC": "cotisations_syndicales",
    "7CD": "depenses_dependance",
    "7DB": "depenses_emploi_domicile",
    "7EA": "enfants_au_college",
    "7EC": "enfants_au_lycee",
    "7EF": "enfants_dans_le_superieur",
    "7DG": "emploi_domicile_invalidite",
    "7DQ": "emploi_domicile_premiere_annee",
    "7EB": "enfants_en_alternance_au_college",
    "7ED": "enfants_en_alternance_au_lycee",
    "7EG": "enfants_en_alternance_dans_le_superieur",
    "7GA": "garde_premier_enfant",
    "7GB": "garde_deuxieme_enfant",
    "7GC": "garde_troisieme_enfant",
    "7GE": "garde_premier_enfant_en_alternance",
    "7GF": "garde_deuxieme_enfant_en_alternance",
    "7GG": "garde_troisieme_enfant_en_alternance",
    "7UD": "dons_aide_aux_personnes",
    "7UF": "dons_aux_oeuvres",
}

SANS_EFFET = tuple(f"0{lettre}{rang}" for lettre in "FGHIJR" for rang in range(10))
"""Les années de naissance des personnes à charge, dont rien ne dépend ici."""

JUGEES = ("NBPT", "RRBG", "RNI", "REVKIRE", "ID11", "DEC11", "IHAUTREVT", "CSG", "PSOL", "IRNET", "IRESTIT", "CIGARD", "CIADCRE", "CISYND", "RDONS", "RHEBE")
"""Les résultats sur lesquels une ligne est comparée."""

RESULTATS: Mapping[str, str] = {
    "NBPT": "nombre_parts",
    "TSPRT": "salaires_pensions_nets",
    "RRBG": "revenu_brut_global",
    "RNG": "revenu_net_global",
    "RB01": "revenu_imposable",
    "RNI": "revenu_imposable",
    "ABVIE": "abattement_age_invalidite",
    "RDCSG": "csg_deductible_totale",
    "DDPA": "pensions_alimentaires_deductibles",
    "REVKIRE": "revenu_fiscal_reference_annee",
    "ID11": "droits_avant_refaction",
    "IDOM11": "droits_simples",
    "IDRS2": "impot_plafonne",
    "PLAFQF": "quotient_familial_plafonne",
    "TXMARJ": "taux_marginal",
    "TXMOYIMP": "taux_moyen",
    "DEC11": "decote",
    "IPROP": "impot_proportionnel",
    "IHAUTREVT": "contribution_hauts_revenus",
    "CSG": "csg_crds_patrimoine",
    "PSOL": "prelevement_solidarite",
    "RED": "reductions_impot",
    "IAD11": "impot_apres_reductions",
    "IAMD1": "impot_et_contribution_avant_credits",
    "IAMD2": "impot_avant_credits",
    "IINET": "impot_a_payer",
    "IINETIR": "impot_et_contribution_nets",
    "IRPSNET": "solde_recouvre",
    "IRNET": "impot_net",
    "IRESTIT": "restitution",
    "CIGARD": "credit_garde_enfants",
    "CIADCRE": "credit_emploi_domicile",
    "CISYND": "credit_cotisations_syndicales",
    "CI2CK": "credit_prelevement_forfaitaire",
    "RDONS": "reduction_dons",
    "RHEBE": "reduction_dependance",
}
"""Les résultats du programme que ces formules calculent."""
