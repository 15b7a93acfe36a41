from importlib.resources import files

import numpy as np
import pytest

from engine.legislation import Legislation
from engine.parameters import load_parameters
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import from_modules
from legislation.taxe_habitation.entites import ENTITES

FOYERS_PAR_COTE = 3


@pytest.fixture(scope="session")
def loi():
    return Legislation.make(ENTITES, from_modules("legislation.taxe_habitation"), load_parameters(str(files("parameters"))))


@pytest.fixture(scope="session")
def calculer(loi):
    """Computes variables of bills, each with a dwelling and a commune of its own and three tax households, in the order of the roles."""

    def calculate(annee, entrees, *variables):
        rows = max(len(values) // (FOYERS_PAR_COTE if loi.variable(name).entity.key == "foyer_fiscal" else 1) for name, values in entrees.items())
        each = np.arange(rows)
        population = Population(
            {"cote": rows, "local": rows, "commune": rows, "foyer_fiscal": FOYERS_PAR_COTE * rows},
            {
                ("cote", "local"): each,
                ("local", "commune"): each,
                ("foyer_fiscal", "cote"): (np.repeat(each, FOYERS_PAR_COTE), np.tile(np.arange(FOYERS_PAR_COTE), rows)),
            },
        )
        simulation = Simulation(loi, population)
        for name, values in entrees.items():
            simulation.set_input(name, annee, values)
        results = [simulation.calculate(name, annee) for name in variables]
        plain = [values.decode_to_str().tolist() if hasattr(values, "decode_to_str") else values.tolist() for values in results]
        return plain[0] if len(plain) == 1 else plain

    return calculate
