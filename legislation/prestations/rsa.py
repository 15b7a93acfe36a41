"""Le revenu de solidarité active (CASF, art. L262-2 à L262-12 et R262-1 à R262-14).

Le droit est réexaminé chaque trimestre, d'après les ressources des trois mois qui le précèdent ; la loi laisse chaque foyer avoir ses
trimestres. Ici, chaque mois est calculé comme s'il en ouvrait un : la moyenne de foyers dont les trimestres diffèrent.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.montant_forfaitaire import DEUXIEME_AU_QUATRIEME_MOIS, TROIS_DERNIERS_MOIS, coefficient_forfaitaire, forfait_logement
from legislation.prestations.periodes import lu, mois_passes
from legislation.prestations.ressources_mensuelles import patrimoine_du_foyer


class rsa_beneficiaire(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Personne dont l'âge et la situation ouvrent droit au RSA : vingt-cinq ans, ou un enfant à charge ; non étudiante, sauf à être isolée"
    reference = "CASF, art. L262-4, 1° et 3°"

    def formula(individu, period, parameters):
        famille = individu.famille
        parent = individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)
        assez_age = individu("age", period) >= parameters(period).prestations.rsa.age_minimum
        des_enfants, isole = famille("personnes_a_charge_foyer_social", period) > 0, famille("foyer_social_isole", period)
        return parent & (assez_age | des_enfants | isole) & (~lu(individu, "etudiant", period) | isole)


class rsa_montant_forfaitaire(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Montant forfaitaire du foyer, majoré pour une personne isolée"
    reference = ["CASF, art. L262-2 et L262-9", "CASF, art. R262-1 et R262-2"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.rsa
        return au_centime(loi.montant_de_base * coefficient_forfaitaire(famille, period, loi.montant_forfaitaire))


class rsa_ressources(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources du foyer : moyenne des revenus de trois mois, et prestations familiales du mois"
    documentation = "Les trois derniers mois ; depuis mars 2025, du quatrième au deuxième mois qui précèdent. Sans neutralisation de revenus perdus."
    reference = ["CASF, art. L262-3", "CASF, art. R262-6 et R262-7", "Décret 2024-1055 du 22 novembre 2024"]

    def formula(famille, period):
        return moyenne_des_revenus(famille, period, TROIS_DERNIERS_MOIS) + famille("prestations_familiales_comptees", period)

    def formula_2025_03(famille, period):
        return moyenne_des_revenus(famille, period, DEUXIEME_AU_QUATRIEME_MOIS) + famille("prestations_familiales_comptees", period)


def moyenne_des_revenus(famille, period, reculs):
    """Retourne la moyenne des revenus du foyer dans les mois qui précèdent d'autant de mois."""
    passes = mois_passes(period, reculs)
    noms = ("revenus_professionnels_foyer", "revenus_de_remplacement_foyer", "aspa")
    revenus = sum(famille(nom, mois) for nom in noms for mois in passes)
    return (revenus + sum(patrimoine_du_foyer(famille, mois, annees=0) for mois in passes)) / len(passes)


class rsa_forfait_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Forfait logement déduit du RSA"
    reference = "CASF, art. R262-9 et R262-10"

    def formula(famille, period, parameters):
        return forfait_logement(famille, period, parameters(period).prestations.rsa)


class rsa(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Revenu de solidarité active"
    documentation = "Sans conditions de séjour ni non-recours. L'obligation de faire valoir ses autres droits n'est pas vérifiée."
    reference = ["CASF, art. L262-2", "CASF, art. R262-39"]

    def formula(famille, period, parameters):
        ressources = famille("rsa_ressources", period) + famille("rsa_forfait_logement", period)
        montant = au_centime(np.maximum(0.0, famille("rsa_montant_forfaitaire", period) - ressources))
        ouvert = famille.any(famille.members("rsa_beneficiaire", period))
        return np.where(ouvert & (montant >= parameters(period).prestations.rsa.minimum), montant, 0.0)
