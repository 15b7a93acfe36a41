"""The household: units of consumption, disposable income as the sum of what is received less what is paid, standard of living."""

import numpy as np
import pytest

from engine.population import Population
from engine.simulation import Simulation


@pytest.fixture(scope="module")
def household(law, every_month):
    """A couple with two children, of 15 and 8 years, and a retired person who lives alone."""
    links = {
        ("individu", "famille"): ([0, 0, 0, 0, 1], [0, 1, 2, 2, 0]),
        ("individu", "foyer_fiscal"): ([0, 0, 0, 0, 1], [0, 1, 2, 2, 0]),
        ("individu", "menage"): ([0, 0, 0, 0, 1], [0, 1, 2, 2, 0]),
    }
    simulation = Simulation(law, Population({"individu": 5, "famille": 2, "foyer_fiscal": 2, "menage": 2}, links))
    simulation.set_input("annee_naissance", 2022, [1980, 1982, 2007, 2014, 1950])
    every_month(simulation, "salaire_net", 2022, [2_000, 750, 0, 0, 0])
    every_month(simulation, "retraite_nette", 2022, [0, 0, 0, 0, 1_500])
    simulation.set_input("salaires", 2022, [25_000.0, 9_300, 0, 0, 0])
    simulation.set_input("pensions_retraite", 2022, [0, 0, 0, 0, 18_600.0])
    simulation.set_input("enfants_a_charge", 2022, [2, 0])
    simulation.set_input("interets", 2022, [0.0, 1_000.0])
    return simulation


def test_units_count_adults_from_fourteen_on(household):
    assert household.calculate("unites_de_consommation", 2022).tolist() == pytest.approx([1 + 0.5 + 0.5 + 0.3, 1])


def test_disposable_income_is_what_is_received_less_what_is_paid(household):
    benefits = household.calculate("prestations_de_la_famille", 2022)
    tax = household.calculate("impots_et_pensions_du_foyer", 2022)
    assert benefits[0] > 12 * 130
    assert tax[1] > 0
    expected = np.array([33_000, 19_000]) + benefits - tax
    assert household.calculate("revenu_disponible", 2022) == pytest.approx(expected)
    assert household.calculate("niveau_de_vie", 2022) == pytest.approx(expected / [2.3, 1])


def test_income_of_reference_is_that_of_the_first_declarants_household(household):
    assert household.calculate("revenu_fiscal_de_reference_du_menage", 2022).tolist() == household.calculate("revenu_fiscal_reference_annee", 2022).tolist()
