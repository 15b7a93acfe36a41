"""Contrôles des délibérations et des taux de la commune, de l'EPCI et du département (codes 101 à 306, 810 et 110).

Un contrôle est un couple (code, condition) ; le premier dont la condition est remplie donne le code de retour. Ils ne
dépendent que de la commune : ils sont faits une fois par commune, non une fois par avis.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.taxe_habitation.arrondis import POUR_CENT, Colonne, dizaine_inferieure, plancher
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
    VALEUR_LOCATIVE_MOYENNE,
    Autorite,
    delibere,
)
from legislation.taxe_habitation.entites import Commune
from legislation.taxe_habitation.nomenclatures import CodeAncienRegime, Indicateur, OuiNon

Controles: TypeAlias = list[tuple[int, Colonne]]
AVANT = COMMUNE_AVANT_AJUSTEMENT
# Les bornes en pourcentage d'une valeur locative sont contrôlées à un euro près.
MARGE = 1


def premier_code(controles: Controles) -> Colonne:
    """Retourne, ligne par ligne, le code du premier contrôle dont la condition est remplie, 0 s'il n'y en a pas."""
    codes = [np.int64(code) if isinstance(code, int) else code for code, _ in controles]
    return np.select([condition for _, condition in controles], codes, default=np.int64(0))


class Deliberation:
    """Les chiffres délibérés par une autorité, lus à la demande : `deliberation.quotite(GENERAL)`."""

    def __init__(self, commune: Any, period: Any, autorite: Autorite) -> None:
        self._commune = commune
        self._period = period
        self._autorite = autorite

    def taux(self, abattement: Any) -> Colonne:
        """Retourne le taux d'un abattement, en pourcentage, ou FORFAIT, ABSENT ou ILLISIBLE."""
        return self._commune(delibere(abattement.taux, self._autorite), self._period)

    def quotite(self, abattement: Any) -> Colonne:
        """Retourne le montant d'un abattement, en euros."""
        return self._commune(delibere(abattement.quotite, self._autorite), self._period)

    @property
    def valeur_locative_moyenne(self) -> Colonne:
        """Retourne la valeur locative moyenne, en euros."""
        return self._commune(delibere(VALEUR_LOCATIVE_MOYENNE, self._autorite), self._period)

    def a_des_quotites(self) -> Colonne:
        """Retourne si l'un au moins des quatre abattements autres que celui des handicapés a un montant."""
        return (
            (self.quotite(GENERAL) != 0) | (self.quotite(CHARGES_RANGS_1_2) != 0) | (self.quotite(CHARGES_RANG_3) != 0) | (self.quotite(SPECIAL) != 0)
        )

    def a_des_taux(self) -> Colonne:
        """Retourne si l'un au moins des quatre abattements autres que celui des handicapés a un taux."""
        return (self.taux(GENERAL) > 0) | (self.taux(CHARGES_RANGS_1_2) > 0) | (self.taux(CHARGES_RANG_3) > 0) | (self.taux(SPECIAL) > 0)


def _minimum(pourcentage: Colonne, valeur_locative: Colonne) -> Colonne:
    return dizaine_inferieure(pourcentage / POUR_CENT * valeur_locative - MARGE)


def _maximum(pourcentage: Colonne, valeur_locative: Colonne) -> Colonne:
    return plancher(pourcentage / POUR_CENT * valeur_locative + MARGE)


def _abattement_handicap_hors_bornes(deliberation: Deliberation, legaux: Any) -> Colonne:
    taux, quotite, moyenne = deliberation.taux(HANDICAP), deliberation.quotite(HANDICAP), deliberation.valeur_locative_moyenne
    trop_bas = quotite < legaux.handicap.taux_minimal / POUR_CENT * moyenne - MARGE
    trop_haut = quotite > legaux.handicap.taux_maximal / POUR_CENT * moyenne + MARGE
    return (taux > 0) & (trop_bas | trop_haut)


def _controles_commune(commune: Any, period: Any, p: Any) -> Controles:
    outre_mer = commune("outre_mer", period)
    avant = Deliberation(commune, period, AVANT)
    appliquee = Deliberation(commune, period, COMMUNE)
    legaux = p.abattements.metropole
    legaux_outre_mer = p.abattements.outre_mer
    moyenne = avant.valeur_locative_moyenne
    rangs_1_2, rang_3 = avant.quotite(CHARGES_RANGS_1_2), avant.quotite(CHARGES_RANG_3)
    alsace = commune("code_alsace_moselle", period) != Indicateur.vide
    ancien_regime = commune("code_ancien_regime", period) != CodeAncienRegime.vide
    regime_local = alsace | ancien_regime
    minimum_1_2 = np.where(outre_mer, _minimum(legaux_outre_mer.charges.taux_bas, moyenne), _minimum(legaux.charges_rangs_1_2.taux_minimal, moyenne))
    minimum_3 = np.where(outre_mer, _minimum(legaux_outre_mer.charges.taux_bas, moyenne), _minimum(legaux.charges_rang_3.taux_minimal, moyenne))
    maximum = _maximum(legaux.general.taux_maximal, moyenne)
    appliquee_moyenne = appliquee.valeur_locative_moyenne
    taux_general = appliquee.taux(GENERAL)
    reference_outre_mer = commune("valeur_locative_moyenne_outre_mer", period)
    plus_haute = p.controles.valeur_locative_moyenne_maximale
    sans_epci = ~commune("epci_a_fiscalite_propre", period)
    taux_2000 = commune("taux_global_2000", period)
    return [
        (101, (appliquee_moyenne == 0) | (appliquee_moyenne > plus_haute)),
        (102, ~regime_local & (rangs_1_2 < minimum_1_2)),
        (103, (rang_3 > 0) & (rang_3 < minimum_3)),
        (104, ~outre_mer & (avant.taux(GENERAL) != FORFAIT) & (avant.quotite(GENERAL) > maximum)),
        (105, avant.quotite(SPECIAL) > maximum),
        (106, regime_local & ((rangs_1_2 != 0) | (rang_3 != 0))),
        (107, ~regime_local & (rangs_1_2 == 0)),
        (108, ~regime_local & (rang_3 == 0)),
        (109, ancien_regime),
        (111, commune("appartenance_epci", period) == Indicateur.invalide),
        (112, (taux_2000 < p.controles.taux_global_2000_minimal) | (taux_2000 > p.controles.taux_global_2000_maximal)),
        (114, alsace & (commune("minimum_alsace_moselle", period) == 0)),
        (115, reference_outre_mer > plus_haute),
        (116, outre_mer & (reference_outre_mer == 0)),
        (117, ~outre_mer & (reference_outre_mer != 0)),
        (118, outre_mer & (taux_general != legaux_outre_mer.general.taux_bas) & (taux_general != legaux_outre_mer.general.taux_haut)),
        (119, _abattement_handicap_hors_bornes(avant, legaux)),
    ]


def _controles_2003(commune: Any, period: Any) -> Controles:
    en_2003 = Deliberation(commune, period, AVANT.en_2003)
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


def _controles_epci(commune: Any, period: Any, p: Any) -> Controles:
    avant = Deliberation(commune, period, EPCI_AVANT_AJUSTEMENT)
    appliquee = Deliberation(commune, period, EPCI)
    legaux = p.abattements.metropole
    moyenne = avant.valeur_locative_moyenne
    rangs_1_2, rang_3 = avant.quotite(CHARGES_RANGS_1_2), avant.quotite(CHARGES_RANG_3)
    maximum = _maximum(legaux.general.taux_maximal, moyenne)
    sans_epci = ~commune("epci_a_fiscalite_propre", period)
    return [
        (201, appliquee.valeur_locative_moyenne > p.controles.valeur_locative_moyenne_maximale),
        (202, (rangs_1_2 > 0) & (rangs_1_2 < _minimum(legaux.charges_rangs_1_2.taux_minimal, moyenne))),
        (203, (rang_3 > 0) & (rang_3 < _minimum(legaux.charges_rang_3.taux_minimal, moyenne))),
        (204, avant.quotite(GENERAL) > maximum),
        (205, avant.quotite(SPECIAL) > maximum),
        (206, sans_epci & avant.a_des_quotites()),
        (211, sans_epci & (commune("taux_epci", period) != 0)),
        (212, _abattement_handicap_hors_bornes(avant, legaux)),
    ]


def _controles_departement(commune: Any, period: Any, p: Any) -> Controles:
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


class code_deliberations_commune_epci(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait des délibérations de la commune et de l'EPCI (codes 101 à 212), 0 si tous le sont"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        return premier_code(_controles_commune(commune, period, p) + _controles_2003(commune, period) + _controles_epci(commune, period, p))


class code_deliberations_departement(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Premier contrôle non satisfait des délibérations du département et des taux (codes 302 à 306, 810 et 110), 0 si tous le sont"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(commune, period, parameters):
        p = parameters(period).taxe_habitation
        somme_des_taux = (
            commune("taux_commune", period)
            + commune("taux_syndicat", period)
            + commune("taux_tse", period)
            + commune("taux_epci", period)
            + commune("taux_autres_tse", period)
            + commune("taux_gemapi", period)
        )
        taux_controles = [
            (810, commune("taux_agglomeration_nouvelle", period) != 0),
            (110, somme_des_taux > p.controles.somme_des_taux_maximale),
        ]
        return premier_code(_controles_departement(commune, period, p) + taux_controles)
