"""Les retenues sur les allocations de chômage : retraite complémentaire, puis CSG et CRDS, que le SMIC journalier limite.

La participation à la retraite complémentaire ne peut entamer l'allocation minimale ; ni la CSG, ni la CRDS, dans cet ordre, ne
peuvent porter au-dessous du SMIC journalier l'allocation nette de cette participation.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.cotisations.taux_remplacement import TauxCsgRemplacement
from legislation.entites import Individu

JOURS_PAR_MOIS = 365 / 12
"""Jours d'un mois moyen : un douzième de l'allocation d'une année entière."""


class jours_indemnises(Variable):
    value_type = float
    default_value = JOURS_PAR_MOIS
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    unit = "day"
    label = "Jours indemnisés du mois ; par défaut, ceux d'un mois moyen"
    reference = "Règlement d'assurance chômage, art. 24"


class salaire_journalier_reference(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    unit = "currency"
    label = "Salaire journalier de référence ; s'il n'est pas donné, celui qui donne droit à l'allocation"
    reference = "Règlement d'assurance chômage, art. 13 et 14"

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.chomage.allocation
        journaliere = individu("chomage_brut", period) / individu("jours_indemnises", period)
        avec_partie_fixe = np.maximum(0.0, journaliere - loi.partie_fixe) / loi.part_avec_partie_fixe
        return np.minimum(avec_partie_fixe, journaliere / loi.part_seule)


class participation_retraite_complementaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Participation d'un chômeur au financement de sa retraite complémentaire"
    reference = "Règlement d'assurance chômage, art. 19"

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.chomage
        jours = individu("jours_indemnises", period)
        disponible = np.maximum(0.0, individu("chomage_brut", period) - loi.allocation_minimale * jours)
        return np.minimum(loi.retraite_complementaire * individu("salaire_journalier_reference", period) * jours, disponible)


class chomage_soumis_csg(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de chômage soumise à la CSG, avant abattement : nette de la participation à la retraite complémentaire"
    reference = "CSS, art. L136-1-2 et L136-2"

    def formula(individu, period):
        return individu("chomage_brut", period) - individu("participation_retraite_complementaire", period)


class assiette_csg_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Assiette de la CSG et de la CRDS sur l'allocation de chômage"
    reference = "CSS, art. L136-2, I"

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations
        return loi.csg.salaires.assiette.calc(individu("chomage_soumis_csg", period), factor=loi.plafond_securite_sociale.mensuel)


class chomage_au_dessus_du_smic(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Ce que CSG et CRDS peuvent prendre à l'allocation sans la porter au-dessous du SMIC journalier, arrondi à l'euro supérieur"
    reference = ["CSS, art. L136-1-2", "Unédic, fiche Retenues sociales sur les allocations"]

    def formula(individu, period, parameters):
        smic = parameters(period).cotisations.smic
        seuil = np.ceil(smic.horaire * smic.heures_par_jour)
        return np.maximum(0.0, individu("chomage_soumis_csg", period) - seuil * individu("jours_indemnises", period))


class csg_deductible_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG déductible sur l'allocation de chômage"
    reference = ["CSS, art. L136-8, II, 1° et III", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.csg.chomage
        taux = individu("taux_csg_remplacement", period)
        deductible, total = loi.deductible[taux], loi.deductible[taux] + loi.non_deductible[taux]
        limite = individu("chomage_au_dessus_du_smic", period) / np.where(total > 0, total, 1.0)
        return deductible * np.minimum(individu("assiette_csg_chomage", period), limite)


class csg_non_deductible_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CSG non déductible sur l'allocation de chômage"
    reference = ["CSS, art. L136-8, II, 1° et III", "CGI, art. 154 quinquies, I"]

    def formula(individu, period, parameters):
        loi = parameters(period).cotisations.csg.chomage
        taux = individu("taux_csg_remplacement", period)
        non_deductible, total = loi.non_deductible[taux], loi.deductible[taux] + loi.non_deductible[taux]
        limite = individu("chomage_au_dessus_du_smic", period) / np.where(total > 0, total, 1.0)
        return non_deductible * np.minimum(individu("assiette_csg_chomage", period), limite)


class crds_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "CRDS sur l'allocation de chômage"
    reference = "Ordonnance 96-50 du 24 janvier 1996, art. 14 et 19"

    def formula(individu, period, parameters):
        csg = individu("csg_deductible_chomage", period) + individu("csg_non_deductible_chomage", period)
        due = parameters(period).cotisations.autres_contributions.crds * individu("assiette_csg_chomage", period)
        soumis = individu("taux_csg_remplacement", period) != TauxCsgRemplacement.exonere
        return np.where(soumis, np.minimum(due, np.maximum(0.0, individu("chomage_au_dessus_du_smic", period) - csg)), 0.0)


class chomage_imposable(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de chômage imposable"
    reference = ["CGI, art. 79 et 83, 1°", "CGI, art. 154 quinquies, I"]

    def formula(individu, period):
        return individu("chomage_soumis_csg", period) - individu("csg_deductible_chomage", period)


class chomage_net(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de chômage nette, avant impôt sur le revenu"
    reference = "CSS, art. L136-1-2"

    def formula(individu, period):
        return individu("chomage_imposable", period) - individu("csg_non_deductible_chomage", period) - individu("crds_chomage", period)
