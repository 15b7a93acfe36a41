"""Les contributions sur les pensions de retraite : CSG, CRDS, contribution de solidarité pour l'autonomie, assurance maladie."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.cotisations.taux_remplacement import TauxCsgRemplacement
from legislation.entites import Individu


class csg_deductible_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG déductible sur les pensions de retraite"
    reference = ["CSS, art. L136-8, II, 2°, III et III bis", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        taux = parameters(period).cotisations.csg.retraites.deductible[individu("taux_csg_remplacement", period)]
        return taux * individu("retraite_brute", period)


class csg_non_deductible_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG non déductible sur les pensions de retraite"
    reference = ["CSS, art. L136-8, II, 2°, III et III bis", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        taux = parameters(period).cotisations.csg.retraites.non_deductible[individu("taux_csg_remplacement", period)]
        return taux * individu("retraite_brute", period)


class crds_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CRDS sur les pensions de retraite"
    reference = "Ordonnance 96-50 du 24 janvier 1996, art. 14 et 19"

    def formula(individu, period, parameters):
        soumise = individu("taux_csg_remplacement", period) != TauxCsgRemplacement.exonere
        return np.where(soumise, parameters(period).cotisations.autres_contributions.crds * individu("retraite_brute", period), 0.0)


class casa_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Contribution additionnelle de solidarité pour l'autonomie, si la CSG est due au taux médian ou normal"
    reference = ["CASF, art. L14-10-4, 1° bis", "CSS, art. L137-41"]

    def formula(individu, period, parameters):
        taux = individu("taux_csg_remplacement", period)
        soumise = (taux == TauxCsgRemplacement.median) | (taux == TauxCsgRemplacement.normal)
        return np.where(soumise, parameters(period).cotisations.autres_contributions.casa * individu("retraite_brute", period), 0.0)


class cotisation_maladie_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Assurance maladie sur les pensions complémentaires, si la CSG est due"
    reference = "CSS, art. L131-2 et D242-8"

    def formula(individu, period, parameters):
        soumise = individu("taux_csg_remplacement", period) != TauxCsgRemplacement.exonere
        taux = parameters(period).cotisations.autres_contributions.maladie_retraites_complementaires
        return np.where(soumise, taux * individu("retraite_complementaire_brute", period), 0.0)


class retraite_imposable(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions de retraite imposables : le brut, moins la cotisation d'assurance maladie et la CSG déductible"
    reference = ["CGI, art. 83, 1° et 158, 5, a", "CGI, art. 154 quinquies, I"]

    def formula(individu, period):
        return individu("retraite_brute", period) - individu("cotisation_maladie_retraite", period) - individu("csg_deductible_retraite", period)


class retraite_nette(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions de retraite nettes, avant impôt sur le revenu"
    reference = "CSS, art. L136-8 et L131-2"

    def formula(individu, period):
        contributions = individu("csg_non_deductible_retraite", period) + individu("crds_retraite", period) + individu("casa_retraite", period)
        return individu("retraite_imposable", period) - contributions
