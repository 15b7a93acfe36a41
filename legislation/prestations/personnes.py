"""Ce que les prestations demandent de chaque personne : son âge, sa résidence, ses études, le soutien de ses parents."""

from __future__ import annotations

import numpy as np

from engine.periods import ETERNITY, MONTH
from engine.variables import Enum, Variable, set_input_dispatch_by_period, set_input_divide_by_period
from legislation.entites import Famille, Individu
from legislation.prestations.periodes import annee_de_la_naissance, mois_des_revenus

MOIS_PAR_AN = 12


class PriveDeSoutien(Enum):
    non = "Non"
    un_parent = "De l'aide d'un parent"
    deux_parents = "De l'aide de ses deux parents"


class mois_naissance(Variable):
    value_type = int
    default_value = 1
    entity = Individu
    definition_period = ETERNITY
    label = "Mois de naissance, de 1 à 12"


class residence_alternee(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Enfant en résidence alternée, dont les parents partagent les allocations familiales et la charge fiscale"
    documentation = "Pour l'impôt sur le revenu, celle de décembre."
    reference = ["CSS, art. L521-2", "CGI, art. 194, I"]


class etudiant(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Élève, étudiant, stagiaire ou apprenti"
    reference = ["CASF, art. L262-4, 3°", "CSS, art. L842-2, 3°"]


class prive_de_soutien(Variable):
    value_type = Enum
    possible_values = PriveDeSoutien
    default_value = PriveDeSoutien.non
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Enfant orphelin, non reconnu, ou dont un parent n'assume pas l'entretien"
    reference = "CSS, art. L523-1"


class pension_alimentaire_enfant(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Pension alimentaire perçue pour cet enfant, par mois, qui réduit l'allocation de soutien familial"
    documentation = "Le parent la déclare aussi parmi ses pensions alimentaires perçues, que les ressources comptent."
    reference = "CSS, art. L523-1, I, 4°"


class age_en_mois(Variable):
    value_type = int
    entity = Individu
    definition_period = MONTH
    label = "Âge atteint dans le mois, en mois ; négatif avant la naissance"
    documentation = (
        "Une condition qui cesse d'être remplie avec un âge fait cesser le droit dès ce mois ; une condition remplie avec un âge "
        "l'ouvre le mois suivant (CSS, art. R552-2 et R552-3)."
    )

    def formula(individu, period):
        annee = individu("annee_naissance", annee_de_la_naissance(individu, period))
        return MOIS_PAR_AN * (period.start.year - annee) + period.start.month - individu("mois_naissance", period)


class age(Variable):
    value_type = int
    entity = Individu
    definition_period = MONTH
    label = "Âge atteint dans le mois, en années"

    def formula(individu, period):
        return np.floor(individu("age_en_mois", period) / MOIS_PAR_AN).astype(np.int64)


class remuneration_enfant(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Rémunération nette du mois"
    reference = "CSS, art. R512-2"

    def formula(individu, period):
        return individu("salaire_net", mois_des_revenus(individu, period))


class remuneration_compatible(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "La rémunération de l'enfant n'excède pas la limite, ou il est d'âge scolaire"
    reference = "CSS, art. L512-3 et R512-2"

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.personnes_a_charge
        limite = loi.part_du_smic * loi.heures_par_mois * parameters(period).cotisations.smic.horaire
        return (individu("age", period) < loi.age_fin_obligation_scolaire) | (individu("remuneration_enfant", period) <= limite)


class enfant_a_charge_prestations(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge au sens des prestations familiales"
    documentation = "Un enfant compte dès le mois qui suit sa naissance."
    reference = ["CSS, art. L512-3", "CSS, art. R552-2 et R552-3"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.personnes_a_charge
        ne = individu("age_en_mois", period) > 0
        jeune = individu("age", period) < loi.age_limite
        return individu.has_role(Famille.ENFANT) & ne & jeune & individu("remuneration_compatible", period)
