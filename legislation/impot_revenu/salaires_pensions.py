"""Les traitements, salaires et pensions, nets des frais professionnels et de l'abattement de 10 % (CGI, art. 83 et 158, 5, a)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal, Individu
from legislation.impot_revenu.arrondis import arrondi

if TYPE_CHECKING:
    from legislation.impot_revenu.arrondis import Valeurs


def deduction_de_dix_pour_cent(bruts: Valeurs, minimum: Valeurs, loi: Any) -> Valeurs:
    """Retourne la déduction forfaitaire, entre son minimum et son maximum, qui n'excède pas les salaires."""
    return np.minimum(np.minimum(np.maximum(arrondi(loi.taux * bruts), minimum), loi.maximum), bruts)


class remunerations_gerants(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Rémunérations des gérants et associés (cases 1GB, 1HB), et ce qui est imposé comme elles : sans cotisations de salarié"
    documentation = "Nettes de leurs cotisations sociales. Une population peut y compter d'autres revenus imposés comme des salaires, étrangers par exemple."
    reference = "CGI, art. 62"


class salaires_bruts(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Salaires et revenus de remplacement, avant déduction des frais professionnels"
    reference = ["CGI, art. 79", "CGI, art. 62"]

    def formula(individu, period):
        return individu("salaires", period) + individu("allocations_chomage", period) + individu("remunerations_gerants", period)


class deduction_forfaitaire(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Déduction forfaitaire de 10 % pour frais professionnels, entre son minimum et son maximum"
    documentation = "Jusqu'aux revenus de 2017, un demandeur d'emploi de longue durée avait un minimum plus élevé."
    reference = ["CGI, art. 83, 3°", "Loi 2018-1317 du 28 décembre 2018, art. 30"]

    def formula(individu, period, parameters):
        loi = parameters(period).impot_revenu.deductions.salaires
        minimum = np.where(individu("demandeur_emploi_longue_duree", period), loi.minimum_demandeur_emploi, loi.minimum)
        return deduction_de_dix_pour_cent(individu("salaires_bruts", period), minimum, loi)

    def formula_2018(individu, period, parameters):
        loi = parameters(period).impot_revenu.deductions.salaires
        return deduction_de_dix_pour_cent(individu("salaires_bruts", period), loi.minimum, loi)


class frais_reels_retenus(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Les frais réels sont retenus : ils excèdent la déduction forfaitaire"
    reference = "CGI, art. 83, 3°"

    def formula(individu, period):
        return individu("frais_professionnels_reels", period) > individu("deduction_forfaitaire", period)


class frais_professionnels(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Frais professionnels : la déduction forfaitaire, ou les frais réels s'ils sont supérieurs"
    reference = "CGI, art. 83, 3°"

    def formula(individu, period):
        return np.maximum(individu("deduction_forfaitaire", period), individu("frais_professionnels_reels", period))


class pensions_brutes(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Pensions, retraites, rentes et pensions alimentaires perçues, avant abattement"
    reference = "CGI, art. 79 et 158, 5, a"

    def formula(individu, period):
        return individu("pensions_retraite", period) + individu("pensions_invalidite", period) + individu("pensions_alimentaires_percues", period)


class abattement_pensions_individuel(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Abattement de 10 % sur les pensions d'une personne, avant le maximum du foyer"
    reference = "CGI, art. 158, 5, a"

    def formula(individu, period, parameters):
        loi = parameters(period).impot_revenu.deductions.pensions
        brutes = individu("pensions_brutes", period)
        return np.minimum(np.maximum(arrondi(loi.taux * brutes), loi.minimum), brutes)


class abattement_pensions(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Abattement de 10 % sur les pensions du foyer"
    reference = "CGI, art. 158, 5, a"

    def formula(foyer, period, parameters):
        maximum = parameters(period).impot_revenu.deductions.pensions.maximum
        return np.minimum(foyer.sum(foyer.members("abattement_pensions_individuel", period)), maximum)


class salaires_pensions_nets(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Traitements, salaires et pensions, nets des frais et de l'abattement"
    reference = "CGI, art. 83 et 158, 5, a"

    def formula(foyer, period):
        salaires = foyer.sum(foyer.members("salaires_bruts", period) - foyer.members("frais_professionnels", period))
        return salaires + foyer.sum(foyer.members("pensions_brutes", period)) - foyer("abattement_pensions", period)
