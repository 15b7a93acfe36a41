"""Contrôles du calcul des régimes d'abattement (codes 2301 à 2476), faits avant de les établir.

Les six délibérations dont les régimes dépendent sont contrôlées l'une après l'autre, chacune avec sa série de codes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.taxe_habitation.arrondis import Colonne, est_parmi
from legislation.taxe_habitation.autorites import (
    ABSENT,
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    FORFAIT,
    GENERAL,
    HANDICAP,
    SPECIAL,
)
from legislation.taxe_habitation.controles_deliberations import Controles, Deliberation, premier_code
from legislation.taxe_habitation.entites import Commune
from legislation.taxe_habitation.nomenclatures import Beneficiaire, CodeAncienRegime, Indicateur, OuiNon
from legislation.taxe_habitation.situation import DIRECTION_MAYOTTE

SERIES = (
    (2300, COMMUNE_AVANT_AJUSTEMENT),
    (2320, EPCI_AVANT_AJUSTEMENT),
    (2340, DEPARTEMENT),
    (2360, COMMUNE_AVANT_AJUSTEMENT.en_2003),
    (2380, EPCI_AVANT_AJUSTEMENT.en_2003),
    (2400, DEPARTEMENT.en_2003),
)


def _hors_bornes(taux: Colonne, bornes: Any) -> Colonne:
    """Retourne si un taux est porté (ni blanc, ni zéro, ni forfait) sans être entre les bornes légales."""
    return (taux > bornes.taux_maximal) | ((taux > 0) & (taux < bornes.taux_minimal))


def _taux_irregulier(deliberation: Deliberation, p: Any, outre_mer: Colonne) -> Colonne:
    legaux, legaux_outre_mer = p.abattements.metropole, p.abattements.outre_mer
    general, special, handicap = deliberation.taux(GENERAL), deliberation.taux(SPECIAL), deliberation.taux(HANDICAP)
    rangs_1_2, rang_3 = deliberation.taux(CHARGES_RANGS_1_2), deliberation.taux(CHARGES_RANG_3)
    bas, haut = legaux_outre_mer.charges.taux_bas, legaux_outre_mer.charges.taux_haut
    en_metropole = (
        _hors_bornes(general, legaux.general)
        | _hors_bornes(rangs_1_2, legaux.charges_rangs_1_2)
        | _hors_bornes(rang_3, legaux.charges_rang_3)
        | _hors_bornes(special, legaux.special)
        | (special == FORFAIT)
    )
    en_outre_mer = (
        ~est_parmi(general, ABSENT, 0, legaux_outre_mer.general.taux_bas, legaux_outre_mer.general.taux_haut)
        | ~est_parmi(rangs_1_2, ABSENT, 0, bas, haut)
        | ~est_parmi(rang_3, ABSENT, 0, bas, haut)
        | ~est_parmi(special, ABSENT, 0)
    )
    return np.where(outre_mer, en_outre_mer, en_metropole) | _hors_bornes(handicap, legaux.handicap) | (handicap == FORFAIT)


def _controles_serie(serie: int, deliberation: Deliberation, plafond: Colonne, p: Any, outre_mer: Colonne) -> Controles:
    moyenne = deliberation.valeur_locative_moyenne
    special, general, handicap = deliberation.quotite(SPECIAL), deliberation.quotite(GENERAL), deliberation.quotite(HANDICAP)
    rangs_1_2, rang_3 = deliberation.quotite(CHARGES_RANGS_1_2), deliberation.quotite(CHARGES_RANG_3)
    return [
        (serie + 1, moyenne < 0),
        (serie + 2, special < 0),
        (serie + 3, general < 0),
        (serie + 4, rangs_1_2 < 0),
        (serie + 5, rang_3 < 0),
        (serie + 6, moyenne > p.controles.valeur_locative_moyenne_maximale_regime),
        (serie + 7, special > plafond),
        (serie + 8, general > plafond),
        (serie + 9, rangs_1_2 > plafond),
        (serie + 10, rang_3 > plafond),
        (serie + 11, (rangs_1_2 > 0) & (rang_3 == 0)),
        (serie + 12, (rangs_1_2 == 0) & (rang_3 > 0)),
        (serie + 13, _taux_irregulier(deliberation, p, outre_mer)),
        (serie + 15, handicap < 0),
        (serie + 16, handicap > plafond),
    ]


def _controles_indicateurs(commune: Any, period: Any) -> Controles:
    alsace = commune("code_alsace_moselle", period)
    minimum = commune("minimum_alsace_moselle", period)
    epci = commune("appartenance_epci", period)
    meme_commune, meme_epci = commune("meme_commune_2003", period), commune("meme_epci_2003", period)
    de_l_epci = Deliberation(commune, period, EPCI)
    hors_nomenclature = (
        (alsace == Indicateur.invalide)
        | (commune("code_ancien_regime", period) == CodeAncienRegime.invalide)
        | (epci == Indicateur.invalide)
        | (meme_commune == OuiNon.invalide)
        | (meme_epci == OuiNon.invalide)
        | (commune("alsace_moselle_2003", period) == OuiNon.invalide)
    )
    charges_epci = (de_l_epci.quotite(CHARGES_RANGS_1_2) != 0) | (de_l_epci.quotite(CHARGES_RANG_3) != 0)
    return [
        (2422, hors_nomenclature),
        (2423, ((minimum > 0) & (alsace != Indicateur.oui)) | ((minimum == 0) & (alsace == Indicateur.oui))),
        (2421, (epci != Indicateur.oui) & ((meme_epci == OuiNon.oui) | charges_epci)),
    ]


def _controles_gemapi_et_tse(commune: Any, period: Any, p: Any) -> Controles:
    institution, taux = commune("institution_gemapi", period), commune("taux_gemapi", period)
    connue = est_parmi(institution, *_institutions_gemapi(period.start.year))
    incoherent = (taux != 0) & (institution == Beneficiaire.vide)
    if period.start.year == 2015:
        incoherent = incoherent | ((taux == 0) & (institution != Beneficiaire.vide))
    autres_tse_possibles = np.isin(commune("departement", period), p.departements_autres_tse)
    return [
        (2475, ~connue),
        (2476, incoherent | (taux > p.controles.taux_gemapi_maximal)),
        (2425, (commune("taux_autres_tse", period) != 0) & ~autres_tse_possibles),
    ]


def _institutions_gemapi(annee: int) -> tuple[Beneficiaire, ...]:
    """Retourne qui peut avoir institué la taxe GEMAPI : personne avant 2015, un syndicat mixte à partir de 2016."""
    if annee < 2015:
        return (Beneficiaire.vide,)
    if annee < 2016:
        return (Beneficiaire.vide, Beneficiaire.commune, Beneficiaire.epci)
    return (Beneficiaire.vide, Beneficiaire.commune, Beneficiaire.epci, Beneficiaire.syndicat_mixte)


class code_regimes_abattement(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait du calcul des régimes d'abattement (codes 2301 à 2476), 0 si tous le sont"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ktac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        outre_mer = commune("outre_mer", period)
        mayotte = commune("direction_commune", period) == DIRECTION_MAYOTTE
        plafond = np.where(mayotte, p.controles.plafond_quotite_mayotte, p.controles.plafond_quotite)
        controles: Controles = []
        for serie, autorite in SERIES:
            controles += _controles_serie(serie, Deliberation(commune, period, autorite), plafond, p, outre_mer)
        return premier_code(controles + _controles_indicateurs(commune, period) + _controles_gemapi_et_tse(commune, period, p))


class code_retour_regimes(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Code de retour du calcul des régimes d'abattement demandé seul : 0 si les régimes sont établis"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ktac"

    def formula(commune, period, parameters):
        annee = commune("annee_deliberations", period)
        p = parameters(period).taxe_habitation.controles
        annee_inconnue = (annee < p.premiere_annee) | (annee > p.derniere_annee)
        return np.where(annee_inconnue, 1, commune("code_regimes_abattement", period))
