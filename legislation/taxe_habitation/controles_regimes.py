"""Contrôles du calcul des régimes d'abattement (codes 2301 à 2476), faits avant de les établir.

Les six délibérations dont les régimes dépendent sont contrôlées l'une après l'autre, chacune avec sa série de codes.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Commune
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.arrondis import est_parmi
from legislation.taxe_habitation.autorites import (
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
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.deliberations import Deliberation
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
# Qui peut avoir institué la taxe GEMAPI, depuis quelle année.
INSTITUTIONS_GEMAPI = {
    2014: (Beneficiaire.vide,),
    2015: (Beneficiaire.vide, Beneficiaire.commune, Beneficiaire.epci),
    2016: (Beneficiaire.vide, Beneficiaire.commune, Beneficiaire.epci, Beneficiaire.syndicat_mixte),
}
# La première année seulement, une taxe GEMAPI instituée doit avoir un taux.
PREMIERE_ANNEE_GEMAPI = 2015


def _hors_bornes(taux, bornes):
    """Retourne si un taux est porté (ni blanc, ni zéro, ni forfait) sans être entre les bornes légales."""
    return (taux > bornes.taux_maximal) | ((taux > 0) & (taux < bornes.taux_minimal))


def _ni_bas_ni_haut(taux, legal):
    """Retourne si un taux est porté, ou forfaitaire, sans être l'un des deux taux légaux."""
    return ((taux > 0) & (taux != legal.taux_bas) & (taux != legal.taux_haut)) | (taux == FORFAIT)


def _taux_irregulier(deliberation, p, outre_mer):
    legaux, legaux_outre_mer = p.abattements.metropole, p.abattements.outre_mer
    general, special, handicap = deliberation.taux(GENERAL), deliberation.taux(SPECIAL), deliberation.taux(HANDICAP)
    rangs_1_2, rang_3 = deliberation.taux(CHARGES_RANGS_1_2), deliberation.taux(CHARGES_RANG_3)
    en_metropole = (
        (general > legaux.general.taux_maximal)
        | _hors_bornes(rangs_1_2, legaux.charges_rangs_1_2)
        | _hors_bornes(rang_3, legaux.charges_rang_3)
        | (special > legaux.special.taux_maximal)
    )
    en_outre_mer = (
        _ni_bas_ni_haut(general, legaux_outre_mer.general)
        | _ni_bas_ni_haut(rangs_1_2, legaux_outre_mer.charges)
        | _ni_bas_ni_haut(rang_3, legaux_outre_mer.charges)
        | (special > 0)
    )
    forfait_interdit = (special == FORFAIT) | (handicap == FORFAIT)
    return np.where(outre_mer, en_outre_mer, en_metropole) | forfait_interdit | _hors_bornes(handicap, legaux.handicap)


def _controles_serie(serie, deliberation, plafond, p, outre_mer):
    """Une délibération n'a ni montant négatif ou trop élevé, ni abattement de charges d'un seul rang, ni taux irrégulier."""
    moyenne = deliberation.valeur_locative_moyenne
    special, general, handicap = deliberation.quotite(SPECIAL), deliberation.quotite(GENERAL), deliberation.quotite(HANDICAP)
    rangs_1_2, rang_3 = deliberation.quotite(CHARGES_RANGS_1_2), deliberation.quotite(CHARGES_RANG_3)
    porte_rangs_1_2, porte_rang_3 = rangs_1_2 != 0, rang_3 != 0
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
        (serie + 11, porte_rangs_1_2 & ~porte_rang_3),
        (serie + 12, ~porte_rangs_1_2 & porte_rang_3),
        (serie + 13, _taux_irregulier(deliberation, p, outre_mer)),
        (serie + 15, handicap < 0),
        (serie + 16, handicap > plafond),
    ]


def _controles_indicateurs(commune, period):
    """Les indications sur la commune et l'EPCI sont dans leurs nomenclatures et cohérentes entre elles."""
    alsace, minimum = commune("code_alsace_moselle", period), commune("minimum_alsace_moselle", period)
    epci, meme_epci = commune("appartenance_epci", period), commune("meme_epci_2003", period)
    de_l_epci = Deliberation(commune, period, EPCI)
    hors_nomenclature = (
        (alsace == Indicateur.invalide)
        | (commune("code_ancien_regime", period) == CodeAncienRegime.invalide)
        | (epci == Indicateur.invalide)
        | (commune("meme_commune_2003", period) == OuiNon.invalide)
        | (meme_epci == OuiNon.invalide)
        | (commune("alsace_moselle_2003", period) == OuiNon.invalide)
    )
    charges_epci = (de_l_epci.quotite(CHARGES_RANGS_1_2) != 0) | (de_l_epci.quotite(CHARGES_RANG_3) != 0)
    return [
        (2422, hors_nomenclature),
        (2423, ((minimum > 0) & (alsace != Indicateur.oui)) | ((minimum == 0) & (alsace == Indicateur.oui))),
        (2421, (epci != Indicateur.oui) & ((meme_epci == OuiNon.oui) | charges_epci)),
    ]


def _controles_gemapi_et_tse(commune, period, p):
    """La taxe GEMAPI a un taux là où elle est instituée ; les autres taxes spéciales d'équipement, dans leurs départements."""
    annee = period.start.year
    institution, taux = commune("institution_gemapi", period), commune("taux_gemapi", period)
    possibles = INSTITUTIONS_GEMAPI[max(debut for debut in INSTITUTIONS_GEMAPI if debut <= annee)]
    incoherent = (taux != 0) & (institution == Beneficiaire.vide)
    if annee == PREMIERE_ANNEE_GEMAPI:
        incoherent = incoherent | ((taux == 0) & (institution != Beneficiaire.vide))
    autres_tse_possibles = np.isin(commune("departement", period), p.departements_autres_tse)
    return [
        (2475, ~est_parmi(institution, *possibles)),
        (2476, incoherent | (taux > p.controles.taux_gemapi_maximal)),
        (2425, commune("autres_tse_percues", period) & ~autres_tse_possibles),
    ]


def _premier_code_des_regimes(commune, period, p, plafond):
    """Retourne le code du premier contrôle non satisfait, les quotités étant au plus égales à un plafond."""
    outre_mer = commune("outre_mer", period)
    controles = []
    for serie, autorite in SERIES:
        controles += _controles_serie(serie, Deliberation(commune, period, autorite), plafond, p, outre_mer)
    return premier_code(controles + _controles_indicateurs(commune, period) + _controles_gemapi_et_tse(commune, period, p))


class code_regimes_abattement(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait des régimes d'abattement dans le calcul de la cote (codes 2301 à 2476), 0 si tous le sont"
    documentation = "Le calcul de la cote ne transmet pas la direction : le plafond plus haut des quotités de Mayotte n'y joue pas."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        return _premier_code_des_regimes(commune, period, p, p.controles.plafond_quotite)


class code_retour_regimes(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Code de retour du calcul des régimes d'abattement demandé seul : 0 si les régimes sont établis"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ktac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        mayotte = commune("direction_commune", period) == DIRECTION_MAYOTTE
        plafond = np.where(mayotte, p.controles.plafond_quotite_mayotte, p.controles.plafond_quotite)
        inconnue = annee_inconnue(commune("annee_deliberations", period), p.controles)
        return np.where(inconnue, 1, _premier_code_des_regimes(commune, period, p, plafond))
