"""La CSG et la CRDS sur les salaires ; le salaire net, et le salaire imposable que la déclaration de revenus reprend."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_divide_by_period
from legislation.entites import Individu


class prevoyance_employeur(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Part de l'employeur dans la prévoyance complémentaire : par défaut, celle qui est obligatoire pour les cadres"
    documentation = "Soumise à la CSG et à la CRDS sans abattement, et non imposable dans la limite de l'article 83, 1° quater du CGI."
    reference = ["ANI du 17 novembre 2017 relatif à la prévoyance des cadres, art. 1er", "CSS, art. L136-1-1"]

    def formula(individu, period, parameters):
        taux = parameters(period).cotisations.retraite_complementaire.prevoyance_cadres
        plafonne = np.minimum(individu("salaire_brut_prive", period), individu("plafond_securite_sociale", period))
        return np.where(individu("est_cadre", period), taux * plafonne, 0.0)


class assiette_csg_salaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Assiette de la CSG et de la CRDS sur le salaire"
    reference = "CSS, art. L136-2, I"

    def formula(individu, period, parameters):
        bareme = parameters(period).cotisations.csg.salaires.assiette
        abattu = bareme.calc(individu("salaire_brut", period), factor=individu("plafond_securite_sociale", period))
        return abattu + individu("prevoyance_employeur", period)


class csg_deductible_salaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG déductible sur le salaire"
    reference = ["CSS, art. L136-8, I, 1°", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        return parameters(period).cotisations.csg.salaires.deductible * individu("assiette_csg_salaire", period)


class csg_non_deductible_salaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG non déductible sur le salaire"
    reference = ["CSS, art. L136-8, I, 1°", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        return parameters(period).cotisations.csg.salaires.non_deductible * individu("assiette_csg_salaire", period)


class crds_salaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CRDS sur le salaire"
    reference = "Ordonnance 96-50 du 24 janvier 1996, art. 14 et 19"

    def formula(individu, period, parameters):
        return parameters(period).cotisations.autres_contributions.crds * individu("assiette_csg_salaire", period)


class salaire_imposable(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Salaire imposable : le brut, moins les cotisations et la CSG déductible"
    reference = ["CGI, art. 83, 1° à 2°", "CGI, art. 154 quinquies, I"]

    def formula(individu, period):
        return individu("salaire_brut", period) - individu("cotisations_salariales", period) - individu("csg_deductible_salaire", period)


class salaire_net(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Salaire net, avant impôt sur le revenu"
    reference = "Code du travail, art. R3243-1"

    def formula(individu, period):
        return individu("salaire_imposable", period) - individu("csg_non_deductible_salaire", period) - individu("crds_salaire", period)
