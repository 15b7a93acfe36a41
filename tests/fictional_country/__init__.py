"""The law of Ostrea, an island that does not exist: a small country to test the engine without a real one.

Its currency is the shell. It has variables of every type and period, scales of every kind, and the formulas that are hard
to record: one that asks a question of the whole population, one that walks row by row, one that writes through a mask.
"""

from pathlib import Path

from engine.legislation import Legislation
from engine.parameters import load_parameters
from fictional_country import dwellings, households, loops, persons
from fictional_country.entities import ENTITIES

PARAMETERS = Path(__file__).parent / "parameters"
VARIABLES = (*persons.VARIABLES, *households.VARIABLES, *dwellings.VARIABLES)


def country(**options):
    """Return the legislation; each call makes a new one."""
    return Legislation.make(ENTITIES, VARIABLES, load_parameters(PARAMETERS), name="Ostrea", **options)


def country_with_loops(**options):
    """Return the legislation with the variables that need themselves."""
    return Legislation.make(ENTITIES, (*VARIABLES, *loops.VARIABLES), load_parameters(PARAMETERS), name="Ostrea", **options)
