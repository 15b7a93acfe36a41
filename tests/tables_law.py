"""A small law that tests of tables and commands share: taxpayers of bills, bills for dwellings, dwellings in communes."""

import datetime

import numpy as np

from engine.entities import Entity, Role
from engine.legislation import Legislation
from engine.parameters import ParameterNode
from engine.periods import ETERNITY, MONTH, YEAR
from engine.variables import ADD, Enum, Variable, set_input_divide_by_period

COMMUNE = Entity("commune", "communes")
LOCAL = Entity("local", "locaux", belongs_to=("commune",))
COTE = Entity("cote", "cotes", belongs_to=("local",), roles=(Role("premier", max=1), Role("second", max=1), Role("autres")))
FOYER = Entity("foyer", "foyers", belongs_to=("cote",))


class Statut(Enum):
    proprietaire = "Propriétaire"
    locataire = "Locataire"
    heberge = "Hébergé"


class taux(Variable):
    value_type = float
    entity = COMMUNE
    definition_period = YEAR


class nom(Variable):
    value_type = str
    max_length = 10
    entity = COMMUNE
    definition_period = YEAR


class valeur(Variable):
    value_type = int
    entity = LOCAL
    definition_period = YEAR


class statut(Variable):
    value_type = Enum
    possible_values = Statut
    default_value = Statut.locataire
    entity = COTE
    definition_period = YEAR


class loyer(Variable):
    value_type = float
    entity = COTE
    definition_period = MONTH


class salaire(Variable):
    value_type = float
    entity = FOYER
    definition_period = MONTH
    set_input = set_input_divide_by_period


class couple(Variable):
    value_type = bool
    entity = FOYER
    definition_period = YEAR


class naissance(Variable):
    value_type = datetime.date
    entity = FOYER
    definition_period = ETERNITY


class revenu(Variable):
    value_type = float
    entity = FOYER
    definition_period = YEAR

    def formula(foyer, period):
        return foyer("salaire", period, options=[ADD])


class impot(Variable):
    value_type = float
    entity = COTE
    definition_period = YEAR
    label = "Impôt de la cote"
    unit = "currency"
    reference = ["Loi, art. 1", "Loi, art. 2"]

    def formula(cote, period):
        return cote.local("valeur", period) * cote.local.commune("taux", period)


class revenu_de_la_cote(Variable):
    value_type = float
    entity = COTE
    definition_period = YEAR

    def formula(cote, period):
        return cote.sum(cote.members("revenu", period))


class loge(Variable):
    value_type = Enum
    possible_values = Statut
    default_value = Statut.locataire
    entity = COTE
    definition_period = YEAR

    def formula(cote, period):
        return cote("statut", period)


class code_refus(Variable):
    value_type = int
    entity = COTE
    definition_period = YEAR

    def formula(cote, period):
        return np.select([cote.local("valeur", period) < 0, cote.local.commune("taux", period) > 1], [7, 9], default=0)


VARIABLES = (taux, nom, valeur, statut, loyer, salaire, couple, naissance, revenu, impot, revenu_de_la_cote, loge, code_refus)


def small_law():
    """Return the law, in which bills for dwellings of a negative value (7), or in communes with a rate over 1 (9), are refused."""
    return Legislation.make([FOYER, COTE, LOCAL, COMMUNE], VARIABLES, ParameterNode(""), name="petite loi", refusals={"cote": "code_refus"})
