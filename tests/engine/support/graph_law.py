"""What tests of the engine share: a way to write a law in a few lines, and a fictional country.

The country: persons live in houses and file with tax households, which cross each other; houses stand in towns. Some
persons belong to nobody.
"""

from __future__ import annotations

import numpy as np

from engine.entities import Entity, Role
from engine.legislation import Legislation
from engine.parameters import parameters_from_data
from engine.periods import YEAR
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import Enum, Variable

HEAD = Role("head", "heads", max=1)
PARTNER = Role("partner", "partners", max=1)
CHILD = Role("child", "children")
FIRST = Role("first", max=1)
SECOND = Role("second", max=1)
DECLARANT = Role("declarant", "declarants", max=2, subroles=(FIRST, SECOND))
DEPENDANT = Role("dependant", "dependants")

PERSON = Entity("person", "persons", is_person=True, belongs_to=("house", "tax"))
HOUSE = Entity("house", "houses", roles=(HEAD, PARTNER, CHILD), belongs_to=("town",))
TAX = Entity("tax", "taxes", roles=(DECLARANT, DEPENDANT))
TOWN = Entity("town", "towns")
COUNTRY = (PERSON, HOUSE, TAX, TOWN)
ROW = Entity("row", "rows", is_person=True)


class Kind(Enum):
    owner = "Owner"
    tenant = "Tenant"
    guest = "Guest"


def variable(name, entity, formula=None, value_type=float, definition_period=YEAR, **attributes):
    """Return a variable's class; `formula` may be a dict of vintages by name of function."""
    said = {"value_type": value_type, "entity": entity, "definition_period": definition_period, **attributes}
    if value_type is Enum:
        said = {"possible_values": Kind, "default_value": Kind.owner, **said}
    formulas = formula if isinstance(formula, dict) else {"formula": formula} if formula else {}
    return type(name, (Variable,), {**said, **formulas})


def figures(**values):
    """Return a tree of figures that hold since 2000; a dict is a branch."""

    def data(value):
        return {key: data(each) for key, each in value.items()} if isinstance(value, dict) else {"values": {"2000-01-01": {"value": value}}}

    return parameters_from_data(data(values))


def law(*variables, entities=(ROW,), **options):
    """Return a law of these variables' classes; `parameters` may be given."""
    parameters = options.pop("parameters", None) or figures(nothing=0)
    return Legislation.make(entities, variables, parameters, **options)


def rows(count):
    """Return a population of rows that belong to nothing."""
    return Population({"row": count})


def simulate(legislation, population, inputs, at="2020", **options):
    """Return a simulation with these inputs, by name or by (name, period)."""
    simulation = Simulation(legislation, population, **options)
    for key, values in inputs.items():
        name, when = key if isinstance(key, tuple) else (key, at)
        simulation.set_input(name, when, values)
    return simulation


class Counter:
    """Counts how often each formula is run; `counted(name, formula)` wraps one."""

    def __init__(self):
        self.calls = {}

    def counted(self, name, function):
        def formula(entity, period, parameters):
            self.calls[name] = self.calls.get(name, 0) + 1
            return function(entity, period, parameters)

        return formula

    def take(self):
        """Return the counts so far and start anew."""
        calls, self.calls = self.calls, {}
        return calls


def same(left, right):
    """Whether two arrays hold the same values of the same type; NaN equals NaN, -0.0 equals 0.0."""
    left, right = np.asarray(left), np.asarray(right)
    if left.dtype.kind in "US":
        left = left.astype(object)
    if right.dtype.kind in "US":
        right = right.astype(object)
    if left.dtype != right.dtype or left.shape != right.shape:
        return False
    return bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fmM"))
