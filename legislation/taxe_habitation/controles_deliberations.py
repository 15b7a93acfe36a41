"""Contrôles des délibérations et des taux de la commune, de l'EPCI et du département (codes 101 à 306, 810 et 110).

Un contrôle est un couple (code, condition) ; le premier dont la condition est remplie donne le code de retour. Ils ne
dépendent que de la commune : ils sont faits une fois par commune, non une fois par avis.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Commune
from legislation.taxe_habitation.arrondis import POUR_CENT, dizaine_inferieure, plancher
from legislation.taxe_habitation.autorites import (
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    FORFAIT,
    GENERAL,
    HANDICAP,
    SPECIAL,
)
from legislation.taxe_habitation.deliberations import Deliberation
from legislation.taxe_habitation.nomenclatures import CodeAncienRegime, Indicateur, OuiNon

# Les bornes en pourcentage d'une valeur locative sont contrôlées à un euro près.
MARGE = 1
# Depuis 2016, l'abattement en faveur des handicapés est modulable (10 à 20 %) : il a un minimum.
HANDICAP_MODULABLE = 2016


def premier_code(controles):
    """Retourne, ligne par ligne, le code du premier contrôle dont la condition est remplie, 0 s'il n'y en a pas.

    `controles` est une liste de couples (code, condition), dans l'ordre où le programme les fait ; un code est un nombre, ou le
    résultat d'une autre suite de contrôles.
    """
    codes = [np.int64(code) if isinstance(code, int) else code for code, _ in controles]
    return np.select([condition for _, condition in controles], codes, default=np.int64(0))


def _minimum(taux, valeur_locative):
    return dizaine_inferieure(taux * valeur_locative - MARGE)


def _maximum(pourcentage, valeur_locative):
    return plancher(pourcentage / POUR_CENT * valeur_locative + MARGE)


def _abattement_handicap_hors_bornes(deliberation, period, legaux):
    """Retourne si l'abattement en faveur des handicapés sort de ses bornes ; avant 2016, il n'a qu'un maximum."""
    taux, quotite, moyenne = deliberation.taux(HANDICAP), deliberation.quotite(HANDICAP), deliberation.valeur_locative_moyenne
    trop_haut = quotite > legaux.handicap.taux_maximal / POUR_CENT * moyenne + MARGE
    if period.start.year < HANDICAP_MODULABLE:
        return trop_haut
    trop_bas = quotite < legaux.handicap.taux_minimal / POUR_CENT * moyenne - MARGE
    return (taux > 0) & (trop_bas | trop_haut)


def _controles_abattements_commune(commune, period, p):
    """Les abattements de la commune, avant ajustement, sont dans les bornes légales."""
    outre_mer = commune("outre_mer", period)
    avant = Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT)
    legaux, legaux_outre_mer = p.abattements.metropole, p.abattements.outre_mer
    moyenne = avant.valeur_locative_moyenne
    rangs_1_2, rang_3 = avant.quotite(CHARGES_RANGS_1_2), avant.quotite(CHARGES_RANG_3)
    taux_outre_mer = legaux_outre_mer.charges.taux_bas / POUR_CENT
    minimum_1_2 = _minimum(np.where(outre_mer, taux_outre_mer, legaux.charges_rangs_1_2.taux_minimal / POUR_CENT), moyenne)
    minimum_3 = _minimum(np.where(outre_mer, taux_outre_mer, legaux.charges_rang_3.taux_minimal / POUR_CENT), moyenne)
    maximum = _maximum(legaux.general.taux_maximal, moyenne)
    regime_local = commune("a_un_regime_local", period)
    moyenne_appliquee = Deliberation(commune, period, COMMUNE).valeur_locative_moyenne
    return [
        (101, (moyenne_appliquee == 0) | (moyenne_appliquee > p.controles.valeur_locative_moyenne_maximale)),
        (102, ~regime_local & (rangs_1_2 < minimum_1_2)),
        (103, (outre_mer | (rang_3 > 0)) & (rang_3 < minimum_3)),
        (104, ~outre_mer & (avant.taux(GENERAL) != FORFAIT) & (avant.quotite(GENERAL) > maximum)),
        (105, avant.quotite(SPECIAL) > maximum),
        (106, regime_local & ((rangs_1_2 > 0) | (rang_3 > 0))),
        (107, ~regime_local & (rangs_1_2 == 0)),
        (108, ~regime_local & (rang_3 == 0)),
    ]


def _controles_situation_commune(commune, period, p):
    """Les indications sur la commune sont cohérentes entre elles : régime local, outre-mer, taux de 2000."""
    outre_mer = commune("outre_mer", period)
    taux_outre_mer = p.abattements.outre_mer.general
    taux_general = Deliberation(commune, period, COMMUNE).taux(GENERAL)
    taux_2000, reference = commune("taux_global_2000", period), commune("valeur_locative_moyenne_outre_mer", period)
    alsace = commune("code_alsace_moselle", period) != Indicateur.vide
    avant = Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT)
    return [
        (109, commune("code_ancien_regime", period) != CodeAncienRegime.vide),
        (111, commune("appartenance_epci", period) == Indicateur.invalide),
        (112, (taux_2000 < p.controles.taux_global_2000_minimal) | (taux_2000 > p.controles.taux_global_2000_maximal)),
        (114, alsace & (commune("minimum_alsace_moselle", period) == 0)),
        (115, reference > p.controles.valeur_locative_moyenne_maximale),
        (116, outre_mer & (reference == 0)),
        (117, ~outre_mer & (reference != 0)),
        (118, outre_mer & (taux_general != taux_outre_mer.taux_bas) & (taux_general != taux_outre_mer.taux_haut)),
        (119, _abattement_handicap_hors_bornes(avant, period, p.abattements.metropole)),
    ]


def _controles_2003(commune, period):
    """Ce que l'on sait de 2003 permet la comparaison avec l'année."""
    en_2003 = Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT.en_2003)
    meme_commune = commune("meme_commune_2003", period)
    meme_epci = commune("meme_epci_2003", period)
    alsace_2003 = commune("alsace_moselle_2003", period)
    comparable = (meme_commune == OuiNon.oui) & (alsace_2003 == OuiNon.non)
    return [
        (152, comparable & (en_2003.quotite(CHARGES_RANGS_1_2) == 0)),
        (153, comparable & (en_2003.quotite(CHARGES_RANG_3) == 0)),
        (154, meme_commune == OuiNon.invalide),
        (155, meme_epci == OuiNon.invalide),
        (156, alsace_2003 == OuiNon.invalide),
    ]


def _controles_epci(commune, period, p):
    """Les abattements et le taux de l'EPCI sont dans les bornes légales, et il n'y en a pas sans EPCI."""
    avant = Deliberation(commune, period, EPCI_AVANT_AJUSTEMENT)
    legaux = p.abattements.metropole
    moyenne = avant.valeur_locative_moyenne
    rangs_1_2, rang_3 = avant.quotite(CHARGES_RANGS_1_2), avant.quotite(CHARGES_RANG_3)
    maximum = _maximum(legaux.general.taux_maximal, moyenne)
    sans_epci = ~commune("epci_a_fiscalite_propre", period)
    moyenne_appliquee = Deliberation(commune, period, EPCI).valeur_locative_moyenne
    return [
        (201, moyenne_appliquee > p.controles.valeur_locative_moyenne_maximale),
        (202, (rangs_1_2 > 0) & (rangs_1_2 < _minimum(legaux.charges_rangs_1_2.taux_minimal / POUR_CENT, moyenne))),
        (203, (rang_3 > 0) & (rang_3 < _minimum(legaux.charges_rang_3.taux_minimal / POUR_CENT, moyenne))),
        (204, avant.quotite(GENERAL) > maximum),
        (205, avant.quotite(SPECIAL) > maximum),
        (206, sans_epci & (commune("delibere_des_quotites_epci_avant_ajustement", period) | (moyenne != 0))),
        (211, sans_epci & (commune("taux_epci", period) != 0)),
        (212, _abattement_handicap_hors_bornes(avant, period, legaux)),
    ]


def _controles_departement(commune, period, p):
    """Les abattements du département, tels qu'ils étaient en 2010, sont dans les bornes légales."""
    departement = Deliberation(commune, period, DEPARTEMENT)
    legaux = p.abattements.metropole
    moyenne = departement.valeur_locative_moyenne
    maximum = _maximum(legaux.general.taux_maximal, moyenne)
    return [
        (302, departement.quotite(CHARGES_RANGS_1_2) > _maximum(legaux.charges_rangs_1_2.taux_maximal, moyenne)),
        (303, departement.quotite(CHARGES_RANG_3) > _maximum(legaux.charges_rang_3.taux_maximal, moyenne)),
        (304, departement.quotite(GENERAL) > maximum),
        (305, departement.quotite(SPECIAL) > maximum),
        (306, departement.quotite(HANDICAP) > legaux.handicap.taux_minimal / POUR_CENT * moyenne + MARGE),
    ]


def _controles_taux(commune, period, p):
    """L'agglomération nouvelle n'a plus de taux, et la somme des autres ne dépasse pas le maximum."""
    return [
        (810, commune("taux_agglomeration_nouvelle", period) != 0),
        (110, commune("somme_des_taux", period) > p.controles.somme_des_taux_maximale),
    ]


class code_deliberations_commune_epci(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait des délibérations de la commune et de l'EPCI (codes 101 à 212), 0 si tous le sont"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        de_la_commune = _controles_abattements_commune(commune, period, p) + _controles_situation_commune(commune, period, p)
        return premier_code(de_la_commune + _controles_2003(commune, period) + _controles_epci(commune, period, p))


class code_deliberations_departement(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait des délibérations du département et des taux (codes 302 à 306, 810 et 110), 0 si tous le sont"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        return premier_code(_controles_departement(commune, period, p) + _controles_taux(commune, period, p))
