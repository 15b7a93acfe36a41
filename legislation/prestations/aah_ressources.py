"""Les ressources qui entrent dans l'allocation aux adultes handicapés (CSS, art. R821-4 à R821-4-4, D821-8-1 et D821-9).

Qui travaille voit ses revenus de trois mois comptés ; les autres, ceux de l'avant-dernière année. Tout est rapporté à une année. Les
revenus d'activité du bénéficiaire sont en partie exclus. Ceux de son conjoint comptaient, après un abattement, jusqu'à septembre 2023.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH, DateUnit
from engine.variables import Variable
from legislation.entites import FoyerFiscal, Individu
from legislation.prestations.montant_forfaitaire import TROIS_DERNIERS_MOIS
from legislation.prestations.periodes import annee_des_revenus, mois_des_revenus, mois_passes
from legislation.prestations.personnes import MOIS_PAR_AN
from legislation.prestations.ressources_annuelles import PREMIERE_ANNEE

TRIMESTRES_PAR_AN = 4


def annualise(individu, period, brut, imposable, net):
    """Retourne ce que trois mois ont donné d'imposable, rapporté à une année ; le net, si une population ne donne ni brut ni imposable."""
    nom = imposable if individu.known_periods(brut) or individu.known_periods(imposable) else net
    return TRIMESTRES_PAR_AN * sum(individu(nom, mois_des_revenus(individu, mois)) for mois in mois_passes(period, TROIS_DERNIERS_MOIS))


def chiffres_de_l_impot(parameters, period):
    """Retourne les chiffres de l'impôt sur le revenu du mois, ou les premiers connus."""
    return parameters(max(period.this_year, PREMIERE_ANNEE)).impot_revenu


def deduction(revenus, loi):
    """Retourne la déduction ou l'abattement que l'impôt sur le revenu admet sur les revenus d'une année, entre son minimum et son maximum."""
    return np.minimum(np.minimum(np.maximum(loi.taux * revenus, loi.minimum), loi.maximum), revenus)


def avant_derniere_annee(individu, period):
    """Retourne l'année civile de référence : l'avant-dernière."""
    return annee_des_revenus(individu, period.this_year.offset(-2, DateUnit.YEAR))


def apres_exclusion(revenus, loi, smic_horaire):
    """Retourne la part comptée des revenus d'activité d'une année : peu de ceux jusqu'à une fraction du SMIC, davantage de ceux au-delà."""
    seuil = MOIS_PAR_AN * loi.seuil * loi.heures_par_mois * smic_horaire
    premiers = np.minimum(revenus, seuil)
    return (1 - loi.taux_jusqu_au_seuil) * premiers + (1 - loi.taux_au_dela) * (revenus - premiers)


class travaille_aah(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "A des revenus d'activité dans les trois mois précédents : ce sont alors ses revenus de ces mois qui comptent"
    reference = "CSS, art. R821-4-1, I et II"

    def formula(individu, period):
        return sum(individu("revenus_professionnels_du_mois", mois) for mois in mois_passes(period, TROIS_DERNIERS_MOIS)) > 0


class activite_de_trois_mois_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus d'activité des trois mois précédents, nets de la déduction pour frais, rapportés à une année"
    documentation = "Les bénéfices et les rémunérations des gérants sont les derniers connus."
    reference = ["CSS, art. R821-4-1, II", "CSS, art. R532-3"]

    def formula(individu, period, parameters):
        annee = avant_derniere_annee(individu, period)
        salaires = annualise(individu, period, "salaire_brut", "salaire_imposable", "salaire_net") + individu("remunerations_gerants", annee)
        nets = salaires - deduction(salaires, chiffres_de_l_impot(parameters, period).deductions.salaires)
        return np.maximum(0.0, nets + individu("benefices_nets", annee))


class chomage_de_trois_mois_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocations de chômage des trois mois précédents, nettes de la déduction pour frais, rapportées à une année"
    reference = ["CSS, art. R821-4-1, II", "CSS, art. R532-3"]

    def formula(individu, period, parameters):
        chomage = annualise(individu, period, "chomage_brut", "chomage_imposable", "chomage_net")
        return chomage - deduction(chomage, chiffres_de_l_impot(parameters, period).deductions.salaires)


class pensions_de_trois_mois_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions des trois mois précédents, nettes de l'abattement de l'impôt sur le revenu, rapportées à une année"
    reference = ["CSS, art. R821-4-1, II", "CSS, art. R532-3"]

    def formula(individu, period, parameters):
        annee = annee_des_revenus(individu, period.this_year)
        annuelles = individu("pensions_invalidite", annee) + individu("pensions_alimentaires_percues", annee)
        pensions = annualise(individu, period, "retraite_brute", "retraite_imposable", "retraite_nette") + annuelles
        return pensions - deduction(pensions, chiffres_de_l_impot(parameters, period).deductions.pensions)


class revenus_communs_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus communs du foyer fiscal dans l'avant-dernière année, comptés au premier déclarant"
    reference = ["CSS, art. R532-3", "CSS, art. R821-4"]

    def formula(individu, period):
        communs = individu.foyer_fiscal("revenus_communs_nets", avant_derniere_annee(individu, period))
        return np.where(individu.has_role(FoyerFiscal.DECLARANT), communs, 0.0)


class part_comptee_apres_cessation_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "/1"
    label = (
        "Part comptée des revenus d'activité et de chômage de l'avant-dernière année de qui ne travaille plus : rien, s'il n'a pas de revenu de remplacement"
    )
    reference = ["CSS, art. R821-4-4", "CSS, art. R532-5"]

    def formula(individu, period, parameters):
        passes = mois_passes(period, TROIS_DERNIERS_MOIS)
        chomage = sum(individu("chomage_net", mois_des_revenus(individu, mois)) for mois in passes)
        pensions = sum(individu("avantages_vieillesse_invalidite", mois) for mois in passes)
        return np.where(chomage + pensions > 0, 1 - parameters(period).prestations.aah.activite.cessation, 0.0)


class ressources_activite_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus d'activité comptés, rapportés à une année, après l'exclusion d'une partie"
    documentation = "Le SMIC est celui du dernier mois regardé. Sans les six mois de cumul entier à la reprise du travail."
    reference = ["CSS, art. L821-3", "CSS, art. D821-9, 2°"]

    def formula(individu, period, parameters):
        d_avant = np.maximum(0.0, individu("revenu_professionnel_net", avant_derniere_annee(individu, period)))
        cesses = individu("part_comptee_apres_cessation_aah", period) * d_avant
        revenus = np.where(individu("travaille_aah", period), individu("activite_de_trois_mois_aah", period), cesses)
        dernier = mois_passes(period, TROIS_DERNIERS_MOIS)[0]
        return apres_exclusion(revenus, parameters(period).prestations.aah.activite, parameters(dernier).cotisations.smic.horaire)


class ressources_autres_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Autres revenus comptés, rapportés à une année, sans ceux que le foyer fiscal a en commun"
    reference = ["CSS, art. R821-4, R821-4-1 et R821-4-4", "CSS, art. R532-3 et R532-5"]

    def formula(individu, period, parameters):
        annee, taux = avant_derniere_annee(individu, period), parameters(period).prestations.aah.abattement_pensions
        professionnel = individu("revenu_professionnel_net", annee)
        chomage = np.maximum(0.0, individu("salaires_nets_de_frais", annee) + individu("benefices_nets", annee) - professionnel)
        propres = individu("revenu_net_categoriel", annee) - professionnel - individu("revenus_communs_aah", period)
        non_compte = (1 - individu("part_comptee_apres_cessation_aah", period)) * chomage
        d_avant = propres - non_compte - taux * individu("pensions_nettes_d_abattement", annee)
        courants = individu("chomage_de_trois_mois_aah", period) + (1 - taux) * individu("pensions_de_trois_mois_aah", period)
        return np.where(individu("travaille_aah", period), courants, d_avant)


class revenus_de_conjoint_annee_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus de l'avant-dernière année que compte à une personne son conjoint qui ne travaille pas, avant abattement et sans les revenus communs"
    reference = "CSS, art. R821-4"

    def formula(individu, period):
        return individu("revenu_net_categoriel", avant_derniere_annee(individu, period)) - individu("revenus_communs_aah", period)


class revenus_de_conjoint_trimestre_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus de trois mois que compte à une personne son conjoint qui travaille, rapportés à une année, avant abattement et sans les revenus communs"
    reference = "CSS, art. R821-4-1"

    def formula(individu, period):
        return sum(individu(nom, period) for nom in ("activite_de_trois_mois_aah", "chomage_de_trois_mois_aah", "pensions_de_trois_mois_aah"))
