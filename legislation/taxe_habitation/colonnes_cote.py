"""Les colonnes des fichiers de l'administration pour la cote (kcac), les régimes d'abattement (ktac) et la dépendance (kdec)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from legislation.entites import Commune, Cote
from legislation.taxe_habitation import nomenclatures
from legislation.taxe_habitation.autorites import (
    AUTRES_TSE,
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    GEMAPI,
    GENERAL,
    HANDICAP,
    SPECIAL,
    SYNDICAT,
    TSE,
    VALEUR_LOCATIVE_MOYENNE,
    applicable,
    delibere,
)
from legislation.taxe_habitation.colonnes import Colonne, Genre, Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.entities import Entity

OUI_NON = {"N": False, "O": True}

# La lettre de chaque autorité dans les fichiers.
LETTRES_SAISIES = {
    "c": COMMUNE,
    "q": EPCI,
    "d": DEPARTEMENT,
    "o": COMMUNE.en_2003,
    "i": EPCI.en_2003,
    "p": DEPARTEMENT.en_2003,
    "f": COMMUNE_AVANT_AJUSTEMENT,
    "j": COMMUNE_AVANT_AJUSTEMENT.en_2003,
    "r": EPCI_AVANT_AJUSTEMENT,
    "m": EPCI_AVANT_AJUSTEMENT.en_2003,
}
LETTRES_SUIVEUSES = {
    "s": SYNDICAT,
    "n": TSE,
    "g": AUTRES_TSE,
    "e": GEMAPI,
    "y": SYNDICAT.en_2003,
    "v": TSE.en_2003,
    "b": AUTRES_TSE.en_2003,
    "a": GEMAPI.en_2003,
}
LETTRES_REGIMES = LETTRES_SAISIES | LETTRES_SUIVEUSES
# Les régimes de 2003 avant ajustement ne servent qu'à dire si une seconde liquidation est demandée.
LETTRES_BASES = {lettre: autorite for lettre, autorite in LETTRES_REGIMES.items() if lettre not in "jm"}

TAUX = {"txbas": GENERAL, "tpac1": CHARGES_RANGS_1_2, "tpac3": CHARGES_RANG_3, "txspe": SPECIAL, "txhan": HANDICAP}
QUOTITES = {"abspe": SPECIAL, "abbas": GENERAL, "apac1": CHARGES_RANGS_1_2, "apac3": CHARGES_RANG_3, "abhan": HANDICAP}
BASES = {
    "abgen": "abattement_general",
    "abpac": "abattement_charges",
    "abp12": "abattement_charges_rangs_1_2",
    "abspe": "abattement_special",
    "abhan": "abattement_handicap",
    "vlntt": "valeur_locative_nette",
    "vlnex": "base_exoneree",
    "bnimp": "base_imposable",
}


def _entier(variable: str, entite: Entity) -> Colonne:
    return Colonne((variable,), entite, Genre.entier)


def _code(entite: Entity, *variables_et_codes: tuple[str, Mapping[str, Any]]) -> Colonne:
    variables, codes = zip(*variables_et_codes, strict=True)
    return Colonne(variables, entite, Genre.code, codes)


ENTIERS_COTE = {
    "antax": "annee_imposition",
    "vlbpc": "valeur_locative_brute_principale",
    "vlbsc": "valeur_locative_brute_secondaire",
    "nbpac": "personnes_a_charge",
    "nbera": "enfants_residence_alternee",
    "revim": "revenu_fiscal_reference_cote",
    "revff": "revenu_plafonnement_foyer",
    "napin": "net_a_payer_initial",
    "npaff": "parts_foyer",
}
CODES_COTE: dict[str, tuple[str, Mapping[str, Any]]] = {
    "tyimp": ("type_imposition", nomenclatures.CODES_TYPE_IMPOSITION),
    "aff": ("affectation", nomenclatures.CODES_AFFECTATION),
    "permo": ("personne_morale", nomenclatures.CODES_PERSONNE_MORALE),
    "grrev": ("groupe_revision", nomenclatures.CODES_GROUPE_REVISION),
    "indaths": ("personne_morale_majoree", nomenclatures.CODES_PERSONNE_MORALE_MAJOREE),
    "tax": ("nature_taxation", nomenclatures.CODES_NATURE_TAXATION),
    "degex": ("exoneration", nomenclatures.CODES_EXONERATION),
    "rgsor": ("rang_sortie_exoneration", nomenclatures.CODES_RANG_SORTIE),
    "abatk": ("abattement_sortie_exoneration", nomenclatures.CODES_ABATTEMENT_SORTIE),
    "rgsork": ("troisieme_annee_sortie", nomenclatures.CODES_TROISIEME_ANNEE_SORTIE),
    "champ": ("champ_audiovisuel", nomenclatures.CODES_CHAMP_AUDIOVISUEL),
    "qtvrt": ("television", nomenclatures.CODES_TELEVISION),
    "degtv": ("degrevement_audiovisuel", nomenclatures.CODES_DEGREVEMENT_AUDIOVISUEL),
    "codni": ("revenu_sous_seuil_1417_I", nomenclatures.CODES_REVENU_SOUS_SEUIL),
    "codsh": ("handicap", nomenclatures.CODES_HANDICAP),
    "cnat": ("nature_redevable", nomenclatures.CODES_NATURE_REDEVABLE),
    "regul": ("regularisation", nomenclatures.CODES_REGULARISATION),
}
CODES_COMMUNE: dict[str, tuple[str, Mapping[str, Any]]] = {
    "cocnq": ("appartenance_epci", nomenclatures.CODES_APPARTENANCE_EPCI),
    "codef": ("code_alsace_moselle", nomenclatures.CODES_ALSACE_MOSELLE),
    "codeg": ("code_ancien_regime", nomenclatures.CODES_ANCIEN_REGIME),
    "cneg3": ("meme_commune_2003", nomenclatures.CODES_OUI_NON),
    "cnqg3": ("meme_epci_2003", nomenclatures.CODES_OUI_NON),
    "cnam3": ("alsace_moselle_2003", nomenclatures.CODES_OUI_NON),
    "indthlv": ("institution_thlv", nomenclatures.CODES_INSTITUTION_THLV),
    "indgem": ("institution_gemapi", nomenclatures.CODES_INSTITUTION_GEMAPI),
    "indmths": ("institution_majoration", nomenclatures.CODES_OUI_NON),
}
REELS_COMMUNE = {
    "timpc": "taux_commune",
    "tisyn": "taux_syndicat",
    "titsn": "taux_tse",
    "tiagn": "taux_agglomeration_nouvelle",
    "tig00": "taux_global_2000",
    "timpq": "taux_epci",
    "timpd": "taux_departement",
    "titgp": "taux_autres_tse",
    "timpe": "taux_gemapi",
    "timths": "taux_majoration_residences_secondaires",
}
ENTIERS_COMMUNE = {
    "antax": "annee_deliberations",
    "abmos": "minimum_alsace_moselle",
    "vmd89": "valeur_locative_moyenne_outre_mer",
}
TEXTES_COMMUNE = {"dep": "departement", "cne": "code_commune", "csdi": "direction_commune"}
SCALAIRES_KTAC = ("antax", "dep", "csdi", "tisyn", "cocnq", "titsn", "abmos", "codef", "codeg", "vmd89", "cneg3", "cnqg3", "cnam3", "titgp", "timpe", "indgem")


def _deliberations(prefixe: str) -> dict[str, Colonne]:
    colonnes = {}
    for lettre, autorite in LETTRES_SAISIES.items():
        groupe = f"{prefixe}.cole_{lettre}"
        for champ, abattement in TAUX.items():
            colonnes[f"{groupe}.{champ}"] = Colonne((delibere(abattement.taux, autorite),), Commune, Genre.taux)
        for champ, abattement in QUOTITES.items():
            colonnes[f"{groupe}.{champ}"] = _entier(delibere(abattement.quotite, autorite), Commune)
        colonnes[f"{groupe}.vlmoy"] = _entier(delibere(VALEUR_LOCATIVE_MOYENNE, autorite), Commune)
    return colonnes


def _scalaires_commune(prefixe: str) -> dict[str, Colonne]:
    colonnes = {champ: _entier(variable, Commune) for champ, variable in ENTIERS_COMMUNE.items()}
    colonnes |= {champ: Colonne((variable,), Commune, Genre.reel) for champ, variable in REELS_COMMUNE.items()}
    colonnes |= {champ: Colonne((variable,), Commune, Genre.texte) for champ, variable in TEXTES_COMMUNE.items()}
    colonnes |= {champ: _code(Commune, codes) for champ, codes in CODES_COMMUNE.items()}
    return {f"{prefixe}.{champ}": colonne for champ, colonne in colonnes.items()}


def _cote(prefixe: str, *champs: str) -> dict[str, Colonne]:
    colonnes = {champ: _entier(variable, Cote) for champ, variable in ENTIERS_COTE.items()}
    colonnes |= {champ: _code(Cote, codes) for champ, codes in CODES_COTE.items()}
    colonnes["csdi"] = Colonne(("direction",), Cote, Genre.texte)
    return {f"{prefixe}.{champ}": colonnes[champ] for champ in champs or colonnes}


def _bases() -> dict[str, Colonne]:
    colonnes = {}
    for lettre, autorite in LETTRES_BASES.items():
        for champ, resultat in BASES.items():
            colonnes[f"s2.cols_{lettre}.{champ}"] = _entier(f"{resultat}_{autorite.nom}", Cote)
        droit = f"droit_abattement_special_{autorite.nom}"
        colonnes[f"s2.cols_{lettre}.absps"] = _code(Cote, (droit, nomenclatures.CODES_DROIT_ABATTEMENT_SPECIAL))
    return colonnes


def _regimes() -> dict[str, Colonne]:
    colonnes = {}
    for lettre, autorite in LETTRES_REGIMES.items():
        groupe = f"s8.colb_{lettre}"
        for champ, abattement in TAUX.items():
            colonnes[f"{groupe}.{champ}"] = Colonne((applicable(abattement.taux, autorite),), Commune, Genre.taux)
        for champ, abattement in QUOTITES.items():
            colonnes[f"{groupe}.{champ}"] = _entier(applicable(abattement.quotite, autorite), Commune)
        colonnes[f"{groupe}.vlmoy"] = _entier(applicable(VALEUR_LOCATIVE_MOYENNE, autorite), Commune)
        colonnes[f"{groupe}.abmos"] = _entier(applicable("minimum_alsace_moselle", autorite), Commune)
        for champ in ("codef", "codeg"):
            variable, codes = CODES_COMMUNE[champ]
            colonnes[f"{groupe}.{champ}"] = _code(Commune, (applicable(variable, autorite), codes))
    return colonnes


RESULTATS_COTE = {
    "vlbri": "valeur_locative_retenue",
    "vlbni": "valeur_locative_non_retenue",
    "cotid": "cotisation_departement",
    "cotic": "cotisation_commune",
    "cotiq": "cotisation_epci",
    "cotis": "cotisation_syndicat",
    "cotin": "cotisation_tse",
    "cotia": "cotisation_agglomeration_nouvelle",
    "cotigp": "cotisation_autres_tse",
    "cotie": "cotisation_gemapi",
    "redta": "reduction_taux_plafonnement",
    "redaa": "reduction_abattements",
    "redsa": "reduction_seuil_degrevement",
    "frait": "frais_gestion",
    "frai4": "frais_assiette",
    "prelt": "prelevement_base_elevee",
    "majths": "majoration_residences_secondaires",
    "coticm": "cotisation_commune_majoree",
    "somrc": "somme_cotisations",
    "degpl": "degrevement",
    "totth": "taxe_habitation_apres_degrevement",
    "netth": "taxe_habitation_nette",
    "somrp": "somme_cotisations_principale",
    "redtt": "reduction_taux",
    "pre02": "prelevement_base_elevee_taux_principal",
    "pre12": "prelevement_base_elevee_taux_secondaire",
    "pre17": "prelevement_base_elevee_taux_secondaire_superieur",
    "cottv": "cotisation_audiovisuel",
    "fratv": "frais_audiovisuel",
    "somtv": "somme_audiovisuel",
    "mdgtv": "montant_degrevement_audiovisuel",
    "nettv": "net_audiovisuel",
    "netap": "net_a_payer",
    "plart": "plafond_apres_reduction_taux",
    "napdt": "montant_regularisation",
    "somr3": "somme_cotisations_2003",
    "dgpl3": "plafond_2003_affiche",
    "redt3": "reduction_taux_2003",
    "majoc": "majoration_plafonnement_total",
    "pmajc": "degrevement_total_plafonnement",
    "preths": "prelevement_residences_secondaires",
    "fgest_cq": "frais_gestion_commune_epci",
    "fgest_s": "frais_gestion_syndicat",
    "fgest_ng": "frais_gestion_tse",
    "fgest_e": "frais_gestion_gemapi",
    "far_cq": "frais_assiette_commune_epci",
    "far_s": "frais_assiette_syndicat",
    "far_ng": "frais_assiette_tse",
    "far_e": "frais_assiette_gemapi",
}
FLAGS = {"cndl": "double_liquidation_commune", "cudl": "double_liquidation_epci"}
RESULTATS_DEPENDANCE = {
    "redta": "dependance_reduction_taux_appliquee",
    "redaa": "dependance_reduction_abattements",
    "redsa": "dependance_reduction_seuil",
    "plart": "dependance_plafond",
    "degpl": "dependance_degrevement",
    "dgpl3": "dependance_plafond_2003",
    "totth": "dependance_apres_degrevement",
    "netth": "dependance_nette",
    "majoc": "dependance_majoration",
    "pmajc": "dependance_degrevement_total",
}
SAISIES_DEPENDANCE = {
    "somrp": "dependance_somme_cotisations",
    "redtc": "dependance_reduction_taux",
    "sdrpa": "cumul_cotisations",
    "mdega": "cumul_degrevements",
    "mdgta": "cumul_degrevements_ancien",
    "redat": "cumul_reductions_taux_theoriques",
    "redtr": "cumul_reductions_taux_appliquees",
    "redar": "cumul_reductions_abattements",
    "redsr": "cumul_reductions_seuil",
}
ROLE_AUDIOVISUEL = _code(
    Cote,
    ("television", nomenclatures.CODES_TELEVISION),
    ("role_audiovisuel_degrevement", nomenclatures.CODES_ROLE_AUDIOVISUEL),
    ("role_audiovisuel_rang_sortie", nomenclatures.CODES_RANG_SORTIE),
)

KCAC = Module(
    nom="kcac",
    libelle="Calcul de la cote",
    entite=Cote,
    entrees=_cote("e2") | {colonne: valeur for colonne, valeur in _scalaires_commune("e3").items() if colonne != "e3.csdi"} | _deliberations("e3"),
    sorties={
        **{f"s2.{champ}": _entier(variable, Cote) for champ, variable in RESULTATS_COTE.items()},
        **{f"s2.{champ}": _code(Commune, (variable, OUI_NON)) for champ, variable in FLAGS.items()},
        "s2.codro": _code(Cote, ("code_role", nomenclatures.CODES_ROLE)),
        "s2.roltv": ROLE_AUDIOVISUEL,
        "s2.signe": _code(Cote, ("signe_regularisation", nomenclatures.CODES_SIGNE)),
        **_bases(),
    },
    code_retour="code_retour_cote",
    colonne_annee="e3.antax",
)
KTAC = Module(
    nom="ktac",
    libelle="Régimes d'abattement des collectivités",
    entite=Commune,
    entrees=_deliberations("e8") | {colonne: valeur for colonne, valeur in _scalaires_commune("e8").items() if colonne.removeprefix("e8.") in SCALAIRES_KTAC},
    sorties=_regimes() | {f"s8.{champ}": _code(Commune, (variable, OUI_NON)) for champ, variable in FLAGS.items()},
    code_retour="code_retour_regimes",
    colonne_annee="e8.antax",
)
KDEC = Module(
    nom="kdec",
    libelle="Plafonnement d'une dépendance isolée",
    entite=Cote,
    entrees=_cote("e5", "antax", "degex", "revim", "revff", "regul", "napin", "csdi", "npaff")
    | {f"e5.{champ}": _entier(variable, Cote) for champ, variable in SAISIES_DEPENDANCE.items()},
    sorties={
        **{f"s5.dns_5.{champ}": _entier(variable, Cote) for champ, variable in RESULTATS_DEPENDANCE.items()},
        "s5.dns_5.codro": _code(Cote, ("dependance_code_role", nomenclatures.CODES_ROLE)),
        "s5.signe": _code(Cote, ("dependance_signe_regularisation", nomenclatures.CODES_SIGNE)),
        "s5.napdt": _entier("dependance_montant_regularisation", Cote),
    },
    code_retour="code_retour_dependance",
    colonne_annee="e5.antax",
)
MODULES = {module.nom: module for module in (KCAC, KTAC, KDEC)}
