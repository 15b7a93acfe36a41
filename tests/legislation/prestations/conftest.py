import numpy as np
import pytest

from engine.population import Population
from engine.simulation import Simulation
from legislation import france
from legislation.entites import Famille, FoyerFiscal


@pytest.fixture(scope="session")
def law():
    """The French law."""
    return france()


@pytest.fixture(scope="session")
def families(law):
    """Makes a simulation of alike families: `adults` and `children` are their birth years, `rows` how many; inputs are set by name."""

    def simulation(adults, children, rows, year, months=1):
        persons = len(adults) + len(children)
        each = np.repeat(np.arange(rows), persons)
        in_family = ["demandeur", "conjoint"][: len(adults)] + ["enfant"] * len(children)
        in_tax = ["declarant", "conjoint"][: len(adults)] + ["personne_a_charge"] * len(children)
        family_roles = np.tile([[role.key for role in Famille.roles].index(key) for key in in_family], rows)
        tax_roles = np.tile([[role.key for role in FoyerFiscal.roles].index(key) for key in in_tax], rows)
        links = {("individu", "famille"): (each, family_roles), ("individu", "foyer_fiscal"): (each, tax_roles)}
        made = Simulation(law, Population({"individu": rows * persons, "famille": rows, "foyer_fiscal": rows}, links))
        made.set_input("annee_naissance", year, np.tile([*adults, *children], rows))
        made.set_input("mois_naissance", "eternity", np.full(rows * persons, months))
        return made

    return simulation


@pytest.fixture(scope="session")
def of_first_adult():
    """Spreads one amount a family over its persons: the first has it, the others have nothing."""

    def column(amounts, persons):
        spread = np.zeros(len(amounts) * persons)
        spread[::persons] = amounts
        return spread

    return column


@pytest.fixture(scope="session")
def every_month():
    """Sets a monthly variable to the same amounts in every month of a year."""

    def give(simulation, name, year, amounts):
        for month in range(1, 13):
            simulation.set_input(name, f"{year}-{month:02d}", np.array(amounts, dtype=float))

    return give
