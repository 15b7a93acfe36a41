"""Les cotisations des salariés : sécurité sociale, chômage, retraite complémentaire ; retenues des fonctionnaires.

Les tranches se comptent en plafonds de la sécurité sociale, du mois et de la durée du travail du salarié.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.cotisations.individu_saisie import CategorieSalarie
from legislation.entites import Individu


class plafond_securite_sociale(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Plafond de la sécurité sociale du mois, réduit selon la durée du travail"
    reference = "CSS, art. D242-17 et R242-2"

    def formula(individu, period, parameters):
        return parameters(period).cotisations.plafond_securite_sociale.mensuel * individu("quotite_travail", period)


class est_cadre(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Cadre du secteur privé"
    reference = "ANI du 17/11/2017 relatif à la prévoyance des cadres, art. 2"

    def formula(individu, period):
        return individu("categorie_salarie", period) == CategorieSalarie.prive_cadre


class salaire_brut_prive(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Salaire brut du secteur privé ; nul pour un fonctionnaire"
    reference = "CSS, art. L311-2 et L711-1"

    def formula(individu, period):
        fonctionnaire = individu("categorie_salarie", period) == CategorieSalarie.fonctionnaire
        return np.where(fonctionnaire, 0.0, individu("salaire_brut", period))


class cotisation_vieillesse(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Assurance vieillesse, plafonnée et déplafonnée"
    reference = "CSS, art. L241-3 et D242-4"

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.salaires
        salaire = individu("salaire_brut_prive", period)
        plafonnee = loi.vieillesse_plafonnee.calc(salaire, factor=individu("plafond_securite_sociale", period))
        return plafonnee + loi.vieillesse_deplafonnee * salaire


class cotisation_maladie(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Assurance maladie : régime général jusqu'à la fin de 2017, régime local d'Alsace-Moselle"
    reference = ["CSS, art. D242-3", "CSS, art. L242-13 et D242-20"]

    def formula_2017(individu, period, parameters):
        loi = parameters(period).cotisations.salaires
        return (loi.maladie + loi.alsace_moselle * individu("alsace_moselle", period)) * individu("salaire_brut_prive", period)

    def formula_2018(individu, period, parameters):
        taux = parameters(period).cotisations.salaires.alsace_moselle * individu("alsace_moselle", period)
        return taux * individu("salaire_brut_prive", period)


class cotisation_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    end = "2018-09-30"
    unit = "currency"
    label = "Assurance chômage, jusqu'à quatre plafonds"
    reference = ["Code du travail, art. L5422-9", "Loi 2017-1836 du 30 décembre 2017, art. 8, VI"]

    def formula(individu, period, parameters):
        bareme = parameters(period).cotisations.salaires.chomage
        return bareme.calc(individu("salaire_brut_prive", period), factor=individu("plafond_securite_sociale", period))


class cotisation_retraite_complementaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Retraite complémentaire : Arrco, Agirc, AGFF et CET jusqu'à la fin de 2018, ensuite Agirc-Arrco et contributions d'équilibre"
    documentation = "Avant 2019, un cadre paie au moins la garantie minimale de points, selon sa durée du travail."
    reference = [
        "Convention collective nationale du 14 mars 1947, art. 6 et annexe I, art. 4 bis",
        "Accord du 10 février 2001, art. 6",
        "ANI du 17 novembre 2017 instituant le régime Agirc-Arrco, art. 32 à 38",
    ]

    def formula_2017(individu, period, parameters):
        loi = parameters(period).cotisations.retraite_complementaire.avant_2019
        salaire, plafond = individu("salaire_brut_prive", period), individu("plafond_securite_sociale", period)
        garantie = np.where(salaire > 0, loi.garantie_minimale_points * individu("quotite_travail", period), 0.0)
        agirc = np.maximum(loi.agirc.calc(salaire, factor=plafond), garantie)
        cadre = loi.arrco_cadres.calc(salaire, factor=plafond) + agirc
        cadre = cadre + loi.agff_cadres.calc(salaire, factor=plafond) + loi.cet_cadres.calc(salaire, factor=plafond)
        non_cadre = loi.arrco_non_cadres.calc(salaire, factor=plafond) + loi.agff_non_cadres.calc(salaire, factor=plafond)
        return np.where(individu("est_cadre", period), cadre, non_cadre)

    def formula_2019(individu, period, parameters):
        loi = parameters(period).cotisations.retraite_complementaire
        salaire, plafond = individu("salaire_brut_prive", period), individu("plafond_securite_sociale", period)
        technique = np.where(salaire > plafond, loi.contribution_equilibre_technique.calc(salaire, factor=plafond), 0.0)
        return loi.agirc_arrco.calc(salaire, factor=plafond) + loi.contribution_equilibre_general.calc(salaire, factor=plafond) + technique


class cotisation_apec(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Cotisation des cadres à l'association pour l'emploi des cadres"
    reference = "ANI du 12 juillet 2011 relatif à l'Apec"

    def formula(individu, period, parameters):
        bareme = parameters(period).cotisations.retraite_complementaire.apec
        cotisation = bareme.calc(individu("salaire_brut_prive", period), factor=individu("plafond_securite_sociale", period))
        return np.where(individu("est_cadre", period), cotisation, 0.0)


class traitement_indiciaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Traitement indiciaire d'un fonctionnaire : son salaire brut, moins les primes"
    reference = "Code général de la fonction publique, art. L712-1"

    def formula(individu, period):
        fonctionnaire = individu("categorie_salarie", period) == CategorieSalarie.fonctionnaire
        return np.where(fonctionnaire, individu("salaire_brut", period) - individu("primes_fonction_publique", period), 0.0)


class retenues_fonctionnaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Retenue pour pension et retraite additionnelle d'un fonctionnaire"
    reference = ["Code des pensions civiles et militaires de retraite, art. L61", "Décret 2004-569 du 18 juin 2004, art. 2 et 3"]

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.fonction_publique
        traitement = individu("traitement_indiciaire", period)
        primes = np.minimum(individu("primes_fonction_publique", period), loi.retraite_additionnelle.limite * traitement)
        return loi.pension_civile * traitement + loi.retraite_additionnelle.taux * primes


class contribution_exceptionnelle_solidarite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    end = "2017-12-31"
    unit = "currency"
    label = "Contribution exceptionnelle de solidarité d'un fonctionnaire"
    reference = ["Code du travail, art. L5423-26 à L5423-32 et R5423-52", "Loi 2017-1837 du 30 décembre 2017, art. 112"]

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations
        contribution = loi.fonction_publique.contribution_exceptionnelle_solidarite
        retenues, traitement = individu("retenues_fonctionnaire", period), individu("traitement_indiciaire", period)
        nette = individu("salaire_brut", period) - individu("salaire_brut_prive", period) - retenues
        due = contribution.taux * np.minimum(nette, contribution.plafonds * loi.plafond_securite_sociale.mensuel)
        return np.where(traitement - retenues > contribution.seuil, due, 0.0)


class cotisations_salariales(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Cotisations à la charge du salarié, toutes déductibles, hors CSG et CRDS"
    reference = "CGI, art. 83, 1° à 2°"

    def formula(individu, period):
        securite_sociale = individu("cotisation_vieillesse", period) + individu("cotisation_maladie", period)
        complementaire = individu("cotisation_retraite_complementaire", period) + individu("cotisation_apec", period)
        fonctionnaire = individu("retenues_fonctionnaire", period) + individu("contribution_exceptionnelle_solidarite", period)
        return securite_sociale + individu("cotisation_chomage", period) + complementaire + fonctionnaire
