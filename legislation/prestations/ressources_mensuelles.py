"""Les ressources d'un mois qui entrent dans le revenu de solidarité active et la prime d'activité (CASF, art. R262-6 à R262-14 ; CSS, art. R844-1 à R844-5)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH, YEAR, DateUnit
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.entites import Famille, FoyerFiscal, Individu
from legislation.prestations.periodes import annee_des_revenus, mois_des_revenus
from legislation.prestations.personnes import MOIS_PAR_AN


class loge_sans_charge(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Logé à titre gratuit, ou propriétaire de son logement sans remboursement d'emprunt"
    reference = ["CASF, art. R262-9", "CSS, art. R844-3"]


class revenus_professionnels_du_mois(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus professionnels du mois, nets des cotisations et contributions sociales"
    documentation = "Les bénéfices des professions non salariées et les rémunérations des gérants comptent pour un douzième de l'année."
    reference = ["CASF, art. R262-8 et R262-12", "CSS, art. R844-1"]

    def formula(individu, period):
        mois, annee = mois_des_revenus(individu, period), annee_des_revenus(individu, period.this_year)
        independants = individu("benefices_nets", annee) + individu("remunerations_gerants", annee)
        return np.maximum(0.0, individu("salaire_net", mois) + independants / MOIS_PAR_AN)


class revenus_de_remplacement_du_mois(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocations de chômage, pensions, pensions alimentaires déclarées et allocation aux adultes handicapés, perçues dans le mois"
    reference = ["CASF, art. L262-3 et R262-6", "CSS, art. L842-4 et R844-2", "CSS, art. R815-22"]

    def formula(individu, period):
        mois, annee = mois_des_revenus(individu, period), annee_des_revenus(individu, period.this_year)
        annuels = individu("pensions_invalidite", annee) + individu("pensions_alimentaires_percues", annee)
        pensions = individu("retraite_nette", mois) + annuels / MOIS_PAR_AN
        return individu("chomage_net", mois) + pensions + individu("aah_et_majorations", period)


class revenus_du_patrimoine_declares(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Revenus de capitaux et fonciers de l'année, comptés au premier déclarant"
    reference = ["CASF, art. L262-3 et R262-6", "CSS, art. L842-4, 5°"]

    def formula(individu, period):
        foyer = individu.foyer_fiscal
        capitaux = foyer("interets", period) + foyer("dividendes", period)
        fonciers = foyer("loyers_micro_foncier", period) + foyer("revenus_fonciers_nets", period)
        return np.where(individu.has_role(FoyerFiscal.DECLARANT), capitaux + fonciers, 0.0)


class membre_du_foyer_social(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Allocataire, conjoint ou personne à charge au sens du RSA et de la prime d'activité"
    reference = ["CASF, art. R262-3", "CSS, art. R842-3"]

    def formula(individu, period):
        parent = individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)
        return parent | individu("a_charge_du_foyer_social", period)


class revenus_professionnels_foyer(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Revenus professionnels du mois, de tout le foyer"
    reference = ["CASF, art. R262-6", "CSS, art. L842-3"]

    def formula(famille, period):
        return famille.sum(famille.members("revenus_professionnels_du_mois", period) * famille.members("membre_du_foyer_social", period))


class revenus_de_remplacement_foyer(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Revenus de remplacement et pensions du mois, de tout le foyer"
    reference = ["CASF, art. R262-6", "CSS, art. L842-4"]

    def formula(famille, period):
        return famille.sum(famille.members("revenus_de_remplacement_du_mois", period) * famille.members("membre_du_foyer_social", period))


def patrimoine_du_foyer(famille, period, annees):
    """Retourne le douzième des revenus du patrimoine déclarés il y a tant d'années, de tout le foyer."""
    annee = annee_des_revenus(famille, period.this_year.offset(-annees, DateUnit.YEAR))
    return famille.sum(famille.members("revenus_du_patrimoine_declares", annee) * famille.members("membre_du_foyer_social", period)) / MOIS_PAR_AN


class prestations_familiales_comptees(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Prestations familiales du mois que comptent les ressources du RSA et de la prime d'activité"
    documentation = (
        "Sans la majoration pour âge, l'allocation forfaitaire, l'allocation de rentrée scolaire ni la prime à la naissance ; le complément familial "
        "sans sa majoration ; l'allocation de base d'un parent isolé à partir du quatrième mois de l'enfant."
    )
    reference = ["CASF, art. R262-10-1 et R262-11", "CSS, art. R844-4 et R844-5"]

    def formula(famille, period):
        allocations = famille("allocations_familiales_base", period) + famille("complement_degressif", period)
        nourrisson = famille("foyer_social_isole", period) & (famille("age_du_plus_jeune", period) <= MOIS_AVANT_ALLOCATION_COMPTEE)
        paje = np.where(nourrisson, 0.0, famille("paje_allocation_base", period))
        return allocations + famille("complement_familial_non_majore", period) + paje + famille("allocation_soutien_familial_comptee", period)


MOIS_AVANT_ALLOCATION_COMPTEE = 3
"""CASF, art. R262-11, 2° : jusqu'au dernier jour du mois où l'enfant atteint trois mois."""
