"""Les ressources de l'avant-dernière année : les revenus nets catégoriels de l'impôt sur le revenu (CSS, art. R532-1 à R532-3)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR, DateUnit, period
from engine.variables import Variable
from legislation.entites import Famille, FoyerFiscal, Individu
from legislation.prestations.periodes import annee_des_revenus

PREMIERE_ANNEE = period("2017")
"""La première année dont l'impôt sur le revenu a les chiffres : avant elle, les siens servent."""


class salaires_nets_de_frais(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Salaires et revenus de remplacement, nets des frais professionnels"
    reference = "CGI, art. 83"

    def formula(individu, period, parameters):
        loi = parameters(PREMIERE_ANNEE).impot_revenu.deductions.salaires
        bruts = individu("salaires_bruts", period)
        forfait = np.minimum(np.minimum(np.maximum(loi.taux * bruts, loi.minimum), loi.maximum), bruts)
        return bruts - np.maximum(forfait, individu("frais_professionnels_reels", period))

    def formula_2017(individu, period):
        return individu("salaires_bruts", period) - individu("frais_professionnels", period)


class pensions_nettes_d_abattement(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Pensions nettes de l'abattement, dont le maximum est partagé entre les membres du foyer fiscal"
    reference = "CGI, art. 158, 5, a"

    def formula(individu, period, parameters):
        loi = parameters(PREMIERE_ANNEE).impot_revenu.deductions.pensions
        brutes = individu("pensions_brutes", period)
        return brutes - np.minimum(np.minimum(np.maximum(loi.taux * brutes, loi.minimum), loi.maximum), brutes)

    def formula_2017(individu, period):
        foyer = individu.foyer_fiscal
        propre = individu("abattement_pensions_individuel", period)
        du_foyer = foyer("abattements_pensions_des_membres", period)
        part = np.where(du_foyer > 0, propre / np.maximum(du_foyer, 1), 0.0)
        return individu("pensions_brutes", period) - part * foyer("abattement_pensions", period)


class abattements_pensions_des_membres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Somme des abattements sur les pensions, avant le maximum du foyer"
    reference = "CGI, art. 158, 5, a"

    def formula(foyer, period):
        return foyer.sum(foyer.members("abattement_pensions_individuel", period))


class revenu_professionnel_net(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Revenu professionnel : salaires nets des frais, et bénéfices des professions non salariées"
    reference = ["CSS, art. R522-2", "CSS, art. R531-1"]

    def formula(individu, period):
        bruts, salaires = individu("salaires_bruts", period), individu("salaires", period) + individu("remunerations_gerants", period)
        part = np.where(bruts > 0, salaires / np.maximum(bruts, 1), 0.0)
        return part * individu("salaires_nets_de_frais", period) + individu("benefices_nets", period)


class revenus_communs_nets(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus du foyer qui ne sont pas d'une personne, moins les charges et l'abattement que les prestations admettent"
    documentation = "Avant 2017, sans charges ni abattement, dont les chiffres manquent."
    reference = "CSS, art. R532-3"

    def formula(foyer, period):
        return foyer("interets", period) + foyer("dividendes", period) + foyer("loyers_micro_foncier", period) + foyer("revenus_fonciers_nets", period)

    def formula_2017(foyer, period):
        capitaux = foyer("capitaux_mobiliers_au_bareme", period) + foyer("capitaux_mobiliers_au_taux_forfaitaire", period)
        fonciers = foyer("revenus_fonciers", period) - foyer("deficit_foncier_imputable", period)
        return capitaux + fonciers - foyer("pensions_alimentaires_deductibles", period) - foyer("abattement_age_invalidite", period)


class revenu_net_categoriel(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Revenus nets catégoriels d'une personne ; ceux du foyer fiscal sont comptés au premier déclarant"
    documentation = "Peut être donné : il tient alors lieu de déclaration de revenus pour les prestations."
    reference = "CSS, art. R532-3"

    def formula(individu, period):
        propres = individu("salaires_nets_de_frais", period) + individu("pensions_nettes_d_abattement", period)
        communs = np.where(individu.has_role(FoyerFiscal.DECLARANT), individu.foyer_fiscal("revenus_communs_nets", period), 0.0)
        return propres + individu("benefices_nets", period) + communs


class ressources_prestations_familiales(Variable):
    value_type = float
    entity = Famille
    definition_period = YEAR
    unit = "currency"
    label = "Ressources de l'avant-dernière année de l'allocataire et de son conjoint"
    documentation = "La période est l'année du droit. Sans les abattements et neutralisations des changements de situation (R532-4 à R532-7)."
    reference = ["CSS, art. R532-1", "CSS, art. R532-3"]

    def formula(famille, period):
        reference = annee_des_revenus(famille, period.offset(-2, DateUnit.YEAR))
        return np.maximum(0.0, famille.demandeur("revenu_net_categoriel", reference) + famille.conjoint("revenu_net_categoriel", reference))
