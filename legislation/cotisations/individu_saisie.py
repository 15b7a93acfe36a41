"""Ce que l'on sait de chaque personne, mois par mois : salaires, allocations et pensions brutes, et la condition du salarié."""

from __future__ import annotations

from engine.periods import MONTH
from engine.variables import Enum, Variable, set_input_dispatch_by_period, set_input_divide_by_period
from legislation.entites import Individu


class CategorieSalarie(Enum):
    prive_non_cadre = "Salarié non cadre du secteur privé"
    prive_cadre = "Cadre du secteur privé"
    fonctionnaire = "Fonctionnaire titulaire"


class salaire_brut(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Salaire brut du mois ; pour un fonctionnaire, primes comprises"
    reference = "CSS, art. L136-1-1 et L242-1"


class categorie_salarie(Variable):
    value_type = Enum
    possible_values = CategorieSalarie
    default_value = CategorieSalarie.prive_non_cadre
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Catégorie de salarié, dont dépendent ses cotisations"
    reference = ["ANI du 17/11/2017 instituant le régime Agirc-Arrco", "Code des pensions civiles et militaires de retraite, art. L2"]


class quotite_travail(Variable):
    value_type = float
    default_value = 1.0
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    unit = "/1"
    label = "Durée du travail, en fraction du temps plein : le plafond est réduit d'autant"
    reference = "CSS, art. R242-2"


class alsace_moselle(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Salarié affilié au régime local d'assurance maladie d'Alsace-Moselle"
    reference = "CSS, art. L325-1"


class primes_fonction_publique(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Primes d'un fonctionnaire, comprises dans son salaire brut : elles ne sont pas soumises à la retenue pour pension"
    reference = "Code des pensions civiles et militaires de retraite, art. L61"


class chomage_brut(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Allocation de chômage (aide au retour à l'emploi), brute"
    reference = "Code du travail, art. L5422-1"


class retraite_brute(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Pensions de retraite brutes, de base et complémentaires"
    reference = "CSS, art. L136-1-2"


class retraite_complementaire_brute(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Dont pensions complémentaires, qui sont soumises à la cotisation d'assurance maladie"
    reference = "CSS, art. L131-2 et D242-8"
