"""Les ressources des aides personnelles au logement (CCH, art. R822-2 à R822-21).

Jusqu'en 2020, celles de l'avant-dernière année. Depuis janvier 2021, les salaires, allocations de chômage et pensions sont ceux de douze
mois, du treizième au deuxième qui précèdent ; les pensions alimentaires et les frais réels, ceux de l'année précédente ; le reste, celui
de l'avant-dernière. Chaque mois est calculé comme s'il ouvrait un trimestre.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH, DateUnit
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.entites import Famille, FoyerFiscal, Individu, Menage
from legislation.impot_revenu.salaires_pensions import deduction_de_dix_pour_cent
from legislation.prestations.montant_forfaitaire import forfait_logement_entier
from legislation.prestations.periodes import annee_des_revenus, donne_des_mois, lu, lu_annee, mois_des_revenus, mois_passes
from legislation.prestations.personnes import MOIS_PAR_AN

DEUXIEME_AU_TREIZIEME_MOIS = tuple(range(2, 14))
DEUX_DERNIERS_MOIS = (1, 2)


class boursier(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Étudiant titulaire d'une bourse de l'enseignement supérieur qui n'est pas imposable"
    reference = "CCH, art. R822-20"


def annee_passee(vue, period, annees):
    """Retourne l'année qui précède d'autant d'années celle du droit, ou la première dont les revenus sont donnés."""
    return annee_des_revenus(vue, period.this_year.offset(-annees, DateUnit.YEAR))


def annee_fiscale(period):
    """Retourne l'année des revenus dont les minimums et maximums de déduction sont connus quand le droit est calculé : la précédente."""
    return period.this_year.offset(-1, DateUnit.YEAR)


def de_douze_mois(individu, period, mensuel, annuel):
    """Retourne un revenu imposable de la période de référence ; par douzièmes de l'année, si rien n'est donné mois par mois."""
    passes = mois_passes(period, DEUXIEME_AU_TREIZIEME_MOIS)
    if donne_des_mois(individu, mensuel):
        return sum(individu(mensuel, mois_des_revenus(individu, mois, mensuel)) for mois in passes)
    return sum(individu(annuel, annee_des_revenus(individu, mois.this_year)) for mois in passes) / MOIS_PAR_AN


class salaires_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Salaires et rémunérations de gérant de la période de référence, imposables"
    reference = "CCH, art. R822-3 et R822-4"

    def formula(individu, period):
        annee = annee_passee(individu, period, 2)
        return individu("salaires", annee) + individu("remunerations_gerants", annee)

    def formula_2021(individu, period):
        gerants = individu("remunerations_gerants", annee_passee(individu, period, 2))
        return de_douze_mois(individu, period, "salaire_imposable", "salaires") + gerants


class chomage_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocations de chômage de la période de référence, imposables"
    reference = "CCH, art. R822-3 et R822-4"

    def formula(individu, period):
        return individu("allocations_chomage", annee_passee(individu, period, 2))

    def formula_2021(individu, period):
        return de_douze_mois(individu, period, "chomage_imposable", "allocations_chomage")


class traitements_nets_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Salaires et allocations de chômage de la période de référence, nets des frais professionnels"
    documentation = "Depuis 2021, les frais réels sont ceux de l'année précédente."
    reference = ["CCH, art. R822-3 et R822-4", "CGI, art. 83, 3°"]

    def formula(individu, period):
        return individu("salaires_nets_de_frais", annee_passee(individu, period, 2))

    def formula_2021(individu, period, parameters):
        loi = parameters(annee_fiscale(period)).impot_revenu.deductions.salaires
        bruts = individu("salaires_logement", period) + individu("chomage_logement", period)
        reels = individu("frais_professionnels_reels", annee_passee(individu, period, 1))
        return bruts - np.maximum(deduction_de_dix_pour_cent(bruts, loi.minimum, loi), reels)


class autres_revenus_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions et revenus du patrimoine de la période de référence, nets de leurs abattements"
    documentation = "Depuis 2021, le maximum de l'abattement sur les pensions est compté par personne ; les pensions versées sont de l'avant-dernière année."
    reference = "CCH, art. R822-3 et R822-4"

    def formula(individu, period):
        annee = annee_passee(individu, period, 2)
        return individu("revenu_net_categoriel", annee) - individu("salaires_nets_de_frais", annee) - individu("benefices_nets", annee)

    def formula_2021(individu, period, parameters):
        loi = parameters(annee_fiscale(period)).impot_revenu.deductions.pensions
        ancienne = annee_passee(individu, period, 2)
        alimentaires = individu("pensions_alimentaires_percues", annee_passee(individu, period, 1))
        retraites = de_douze_mois(individu, period, "retraite_imposable", "pensions_retraite")
        pensions = retraites + individu("pensions_invalidite", ancienne) + alimentaires
        communs = np.where(individu.has_role(FoyerFiscal.DECLARANT), individu.foyer_fiscal("revenus_communs_nets", ancienne), 0.0)
        return pensions - deduction_de_dix_pour_cent(pensions, loi.minimum, loi) + communs


class chomeur_indemnise(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Personne en chômage total indemnisé depuis deux mois"
    reference = "CCH, art. R822-14"

    def formula(individu, period):
        passes = mois_passes(period, DEUX_DERNIERS_MOIS)
        sans_salaire = sum(individu("salaire_net", mois_des_revenus(individu, mois)) for mois in (*passes, period)) <= 0
        indemnise = [individu("chomage_net", mois_des_revenus(individu, mois)) > 0 for mois in passes]
        return sans_salaire & indemnise[0] & indemnise[1]


class nouveau_retraite(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Personne qui perçoit une pension de retraite depuis un mois et ne travaille plus"
    documentation = "La pension d'invalidité n'est connue que par année : elle n'est pas regardée."
    reference = "CCH, art. R822-13"

    def formula(individu, period):
        (dernier,) = mois_passes(period, (1,))
        sans_salaire = sum(individu("salaire_net", mois_des_revenus(individu, mois)) for mois in (dernier, period)) <= 0
        return sans_salaire & (individu("retraite_nette", mois_des_revenus(individu, dernier)) > 0)


class rsa_presume_logement(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "Famille qui perçoit le RSA, son aide au logement atteignant le forfait logement"
    documentation = (
        "Le RSA déduit ce forfait dans la limite de l'aide, et l'aide dépend du RSA : le forfait entier rompt le cercle. "
        "Une famille qui ne demande pas le RSA ne le perçoit pas."
    )
    reference = ["CCH, art. R822-17", "CASF, art. L262-2 et R262-10"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.rsa
        reste = famille("rsa_montant_forfaitaire", period) - famille("rsa_ressources", period) - forfait_logement_entier(famille, period, loi)
        du = famille.any(famille.members("rsa_beneficiaire", period)) & (reste >= loi.minimum)
        return du & lu_annee(famille, "recours_rsa", period.this_year)


class part_comptee_activite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "/1"
    label = "Fraction des revenus d'activité que comptent les aides au logement : aucune au RSA, moindre pour un chômeur ou un nouveau retraité"
    documentation = "Sans la neutralisation des revenus d'un chômeur qui n'est plus indemnisé (R822-15), que la population ne distingue pas d'un inactif."
    reference = "CCH, art. R822-13, R822-14 et R822-17"

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.ressources
        abattement = np.where(individu("nouveau_retraite", period), loi.retraite, np.where(individu("chomeur_indemnise", period), loi.chomage, 0.0))
        return np.where(au_rsa(individu, period), 0.0, 1 - abattement)


class part_comptee_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "/1"
    label = "Fraction des allocations de chômage que comptent les aides au logement : aucune au RSA, moindre pour un nouveau retraité"
    reference = "CCH, art. R822-13 et R822-17"

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.ressources
        return np.where(au_rsa(individu, period), 0.0, np.where(individu("nouveau_retraite", period), 1 - loi.retraite, 1.0))


def au_rsa(individu, period):
    """Dit quels parents sont d'une famille qui percevait le RSA le mois précédent."""
    (dernier,) = mois_passes(period, (1,))
    parent = individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)
    return parent & individu.famille("rsa_presume_logement", dernier)


class revenus_activite_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus d'activité de la période de référence que comptent les aides au logement"
    reference = ["CCH, art. R822-4 et R822-5", "CCH, art. R822-13, R822-14 et R822-17"]

    def formula(individu, period):
        nets = part_des_salaires(individu, period) * individu("traitements_nets_logement", period)
        revenus = nets + individu("benefices_nets", annee_passee(individu, period, 2))
        return np.where(revenus > 0, revenus * individu("part_comptee_activite", period), revenus)


def part_des_salaires(individu, period):
    """Retourne la part des salaires dans les traitements d'une personne, l'autre étant celle du chômage."""
    salaires, chomage = individu("salaires_logement", period), individu("chomage_logement", period)
    return np.where(chomage > 0, salaires / np.maximum(salaires + chomage, 1.0), 1.0)


class revenus_logement(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Ressources d'une personne que comptent les aides au logement ; d'un enfant du foyer, ce qui excède un plafond"
    reference = ["CCH, art. R822-2 à R822-6", "CCH, art. R822-13"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.ressources
        chomage = (1 - part_des_salaires(individu, period)) * individu("traitements_nets_logement", period)
        chomage = chomage * individu("part_comptee_chomage", period)
        revenus = individu("revenus_activite_logement", period) + chomage + individu("autres_revenus_logement", period)
        enfant = individu.has_role(Famille.ENFANT) | individu.has_role(Menage.ENFANT)
        return np.where(enfant, np.maximum(revenus - loi.plafond_enfant, 0.0), revenus)


class ressources_menage_logement(Variable):
    value_type = float
    entity = Menage
    definition_period = MONTH
    unit = "currency"
    label = "Ressources de toutes les personnes qui vivent au foyer"
    reference = "CCH, art. R822-2"

    def formula(menage, period):
        return menage.sum(menage.members("revenus_logement", period))


class abattement_double_activite(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Abattement sur les ressources d'un couple dont les deux membres travaillent"
    reference = "CCH, art. R822-7"

    def formula(famille, period, parameters):
        loi = parameters(period).prestations
        regle = loi.aides_au_logement.ressources
        minimum = regle.bmaf_double_activite * loi.base_mensuelle
        revenus = famille.demandeur("revenus_activite_logement", period), famille.conjoint("revenus_activite_logement", period)
        return np.where((revenus[0] >= minimum) & (revenus[1] >= minimum), regle.double_activite, 0.0)


class ressources_aides_au_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles des aides au logement"
    documentation = (
        "Un étudiant locataire a un plancher de ressources jusqu'en 2020, un montant forfaitaire depuis 2021. Ni le patrimoine sans revenus (R822-22), "
        "ni la neutralisation des revenus d'un chômeur qui n'est plus indemnisé (R822-15)."
    )
    reference = ["CCH, art. R822-2 à R822-7", "CCH, art. R822-20 et R822-21"]

    def formula(famille, period, parameters):
        plancher = np.where(lu(famille.demandeur, "etudiant", period), forfait_etudiant(famille, period, parameters), 0.0)
        return np.maximum(ressources_du_foyer(famille, period), plancher)

    def formula_2021(famille, period, parameters):
        limite = parameters(period).prestations.aides_au_logement.ressources.etudiants.age_limite
        jeune = lu(famille.demandeur, "etudiant", period) & (famille.demandeur("age", period) < limite)
        return np.where(jeune, forfait_etudiant(famille, period, parameters), ressources_du_foyer(famille, period))


def ressources_du_foyer(famille, period):
    """Retourne les ressources du ménage d'une famille, ou les siennes seules en colocation, après l'abattement de double activité."""
    menage = famille.demandeur.menage
    propres = famille.sum(famille.members("revenus_logement", period))
    foyer = np.where(lu_annee(menage, "colocation", period.this_year), propres, menage("ressources_menage_logement", period))
    return np.maximum(0.0, foyer - famille("abattement_double_activite", period))


def forfait_etudiant(famille, period, parameters):
    """Retourne les ressources d'un étudiant locataire, moindres s'il est boursier."""
    loi = parameters(period).prestations.aides_au_logement.ressources.etudiants
    return loi.forfait - np.where(lu(famille.demandeur, "boursier", period), loi.minoration_boursier, 0.0)
