"""L'allocation de solidarité aux personnes âgées (CSS, art. L815-1 à L815-14, R815-1 à R815-34 et D815-1 à D815-2).

Elle porte les ressources d'une personne ou d'un couple âgé à un plafond. Les ressources sont celles de trois mois, ou de douze si trois
mois dépassent le quart du plafond. Comme pour le RSA, chaque mois est calculé comme si la demande y prenait effet. Le montant est le droit :
ce que les familles demandent est autre chose (`recours_aspa`).
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime_inferieur
from legislation.prestations.periodes import annee_des_revenus, lu, mois_des_revenus, mois_passes
from legislation.prestations.personnes import MOIS_PAR_AN

MOIS_PAR_TRIMESTRE = 3


class inapte_au_travail(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Reconnu inapte au travail, ou ancien déporté, ancien combattant ou mère ouvrière, ce qui abaisse l'âge de l'allocation"
    reference = ["CSS, art. R815-1", "CSS, art. L351-7 et L351-8"]


class valeur_des_biens(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    unit = "currency"
    label = "Valeur des biens mobiliers et immobiliers, sans la résidence principale, avec ceux donnés depuis moins de dix ans"
    documentation = "Si elle n'est pas donnée, les revenus du patrimoine déclarés comptent à la place de ceux que ces biens sont censés procurer."
    reference = ["CSS, art. L815-9", "CSS, art. R815-22 et R815-25"]


class aspa_beneficiaire(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Allocataire ou conjoint dont l'âge ouvre droit à l'allocation de solidarité aux personnes âgées"
    documentation = "L'allocation prend effet le premier jour du mois qui suit."
    reference = ["CSS, art. L815-1", "CSS, art. R815-1 et R815-33"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aspa
        parent = individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)
        inapte = lu(individu, "inapte_au_travail", period) | (lu(individu, "taux_incapacite", period) >= loi.taux_incapacite)
        return parent & (individu("age_en_mois", period) > MOIS_PAR_AN * np.where(inapte, loi.age_minimum_inaptitude, loi.age_minimum))


def brut_ou_net(individu, sorte, mois):
    """Retourne les salaires, le chômage ou les pensions bruts d'un mois, ou nets si une population ne donne pas le brut."""
    brut, net = sorte
    return individu(brut if individu.known_periods(brut) else net, mois_des_revenus(individu, mois))


class revenus_professionnels_aspa(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus professionnels du mois, salaires bruts"
    documentation = "Les bénéfices et les rémunérations des gérants comptent pour un douzième de l'année ; les salaires sont nets si le brut n'est pas donné."
    reference = ["CSS, art. R815-22", "Circulaire CNAV 2015-59 du 25 novembre 2015"]

    def formula(individu, period):
        annee = annee_des_revenus(individu, period.this_year)
        independants = individu("benefices_nets", annee) + individu("remunerations_gerants", annee)
        return np.maximum(0.0, brut_ou_net(individu, ("salaire_brut", "salaire_net"), period) + independants / MOIS_PAR_AN)


class pensions_et_allocations_aspa(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions brutes, allocations de chômage et allocation aux adultes handicapés du mois, sans ses majorations"
    documentation = "L'allocation aux adultes handicapés est un avantage d'invalidité : elle est due d'abord."
    reference = ["CSS, art. R815-22", "CSS, art. L821-1"]

    def formula(individu, period):
        annee = annee_des_revenus(individu, period.this_year)
        annuelles = individu("pensions_invalidite", annee) + individu("pensions_alimentaires_percues", annee)
        brutes = brut_ou_net(individu, ("retraite_brute", "retraite_nette"), period) + brut_ou_net(individu, ("chomage_brut", "chomage_net"), period)
        return brutes + annuelles / MOIS_PAR_AN + individu("aah", period)


class revenu_des_biens_aspa(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenu annuel que les biens sont censés procurer, ou, si leur valeur n'est pas donnée, revenus du patrimoine déclarés"
    reference = "CSS, art. R815-22 et R815-25"

    def formula(individu, period, parameters):
        valeur = lu(individu, "valeur_des_biens", period)
        declares = individu("revenus_du_patrimoine_declares", annee_des_revenus(individu, period.this_year))
        return np.where(valeur > 0, parameters(period).prestations.aspa.rendement_des_biens * valeur, np.maximum(0.0, declares))


def du_couple(famille, nom, period):
    """Retourne la somme d'un montant de l'allocataire et de son conjoint."""
    return famille.demandeur(nom, period) + famille.conjoint(nom, period)


def selon_le_couple(famille, period, loi):
    """Retourne le chiffre de la loi d'un couple, ou d'une personne seule."""
    return np.where(famille("en_couple", period), loi.couple, loi.personne_seule)


def ressources_annualisees(famille, period, parameters, mois):
    """Retourne les ressources des mois qui précèdent, au nombre de `mois`, rapportées à une année : les revenus professionnels après leur abattement."""
    loi = parameters(period).prestations.aspa
    smic = loi.heures_par_mois * parameters(period.this_year).cotisations.smic.horaire
    passes = mois_passes(period, tuple(range(1, mois + 1)))
    abattement = selon_le_couple(famille, period, loi.abattement) * smic * mois / MOIS_PAR_TRIMESTRE
    professionnels = sum(du_couple(famille, "revenus_professionnels_aspa", passe) for passe in passes)
    autres = sum(du_couple(famille, "pensions_et_allocations_aspa", passe) for passe in passes)
    return (np.maximum(0.0, professionnels - abattement) + autres) * MOIS_PAR_AN / mois + du_couple(famille, "revenu_des_biens_aspa", period)


class ressources_aspa(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles de l'allocataire et de son conjoint, d'après trois mois, ou douze si elles dépassent ainsi le plafond"
    reference = ["CSS, art. L815-9", "CSS, art. R815-22 à R815-29"]

    def formula(famille, period, parameters):
        de_trois_mois = ressources_annualisees(famille, period, parameters, MOIS_PAR_TRIMESTRE)
        plafond = selon_le_couple(famille, period, parameters(period).prestations.aspa.plafond)
        return np.where(de_trois_mois <= plafond, de_trois_mois, ressources_annualisees(famille, period, parameters, MOIS_PAR_AN))


class aspa(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de solidarité aux personnes âgées, de l'allocataire et de son conjoint"
    documentation = "Sans conditions de séjour ni non-recours. Le maximum est celui d'un couple si tous deux y ont droit ; son plafond vaut dans tous les cas."
    reference = ["CSS, art. L815-1, L815-4 et L815-9", "CSS, art. D815-1 et D815-2"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aspa
        beneficiaires = famille.sum(famille.members("aspa_beneficiaire", period))
        maximum = np.where(beneficiaires > 1, loi.montant_maximum.couple, loi.montant_maximum.personne_seule)
        reste = np.maximum(0.0, selon_le_couple(famille, period, loi.plafond) - famille("ressources_aspa", period))
        return np.where(beneficiaires > 0, au_centime_inferieur(np.minimum(maximum, reste) / MOIS_PAR_AN), 0.0)
