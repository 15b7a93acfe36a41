"""Laws of the housing benefits: what more income and more rent never do, one row against many, and what is given or not given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.population import Population
from engine.simulation import Simulation
from legislation.descriptions.menages import StatutOccupation
from legislation.entites import Famille, FoyerFiscal, Menage
from legislation.prestations.logement_loue import ZoneApl

ZONES = ["zone_1", "zone_2", "zone_3"]
A_EURO = 1.011  # the aid is rounded down to the euro, the rate to five digits
CLOSE = 0.02

few = settings(max_examples=6, deadline=None)
sorted_amounts = st.lists(st.integers(0, 45_000), min_size=2, max_size=12).map(lambda amounts: np.sort(np.array(amounts, dtype=float)))


@pytest.fixture(scope="session")
def tenants(law):
    """Makes a simulation of alike families, each in its rented home; rents by month, one a family."""

    def simulation(adults, children, rents, year, zone="zone_2", tenure="locataire_prive"):
        rows, persons = len(rents), adults + children
        each = np.repeat(np.arange(rows), persons)
        places = [0, 1][:adults] + [2] * children
        roles = {group: np.tile(places, rows) for group in (Famille, FoyerFiscal, Menage)}
        links = {("individu", group.key): (each, numbers) for group, numbers in roles.items()}
        made = Simulation(law, Population({"individu": rows * persons, "famille": rows, "foyer_fiscal": rows, "menage": rows}, links))
        made.set_input("annee_naissance", year, np.tile([year - 40] * adults + [year - 9] * children, rows))
        made.set_input("loyer_annuel", year, 12.0 * np.asarray(rents))
        made.set_input("zone_apl", year, ZoneApl.encode(np.array([zone] * rows, dtype=object)))
        made.set_input("statut_occupation", year, StatutOccupation.encode(np.array([tenure] * rows, dtype=object)))
        return made

    return simulation


@few
@given(st.integers(1, 2), st.integers(0, 5), sorted_amounts, st.integers(50, 1_500), st.sampled_from(ZONES), st.integers(2017, 2025))
def test_more_resources_never_give_more_aid(tenants, adults, children, resources, rent, zone, year):
    for tenure in ("locataire_prive", "locataire_hlm"):
        simulation = tenants(adults, children, np.full(len(resources), float(rent)), year, zone, tenure)
        simulation.set_input("ressources_aides_au_logement", f"{year}-03", resources)
        aid, reduction = (simulation.calculate(name, f"{year}-03") for name in ("aides_au_logement_brutes", "reduction_loyer_solidarite"))
        assert (aid >= 0).all()
        assert (np.diff(aid + reduction) <= CLOSE).all()
        assert (aid <= rent + simulation.calculate("forfait_charges_logement", f"{year}-03")).all()


@few
@given(st.integers(1, 2), st.integers(0, 4), st.lists(st.integers(0, 600), min_size=2, max_size=12), st.integers(0, 20_000), st.sampled_from(ZONES))
def test_more_rent_never_gives_less_aid_below_the_rents_at_which_it_declines(tenants, adults, children, rents, resources, zone):
    rents = np.sort(np.array(rents, dtype=float))
    simulation = tenants(adults, children, rents, 2022, zone)
    simulation.set_input("ressources_aides_au_logement", "2022-05", np.full(len(rents), float(resources)))
    aid = simulation.calculate("aides_au_logement_brutes", "2022-05")
    assert (np.diff(aid) >= -A_EURO).all()


def test_a_rent_at_which_the_aid_ends_leaves_nothing(tenants):
    ceiling = 268.87  # of a person alone in zone II in August 2022
    simulation = tenants(1, 0, ceiling * np.array([1, 2.5, 2.8, 3.1, 4]), 2022)
    full, still_full, half, *none = simulation.calculate("aides_au_logement_brutes", "2022-08")
    assert full == still_full
    assert half == pytest.approx((full + 5) / 2 - 5, abs=1.1)
    assert none == [0, 0]


@few
@given(wages=st.lists(st.integers(0, 2_500), min_size=2, max_size=8), children=st.integers(0, 3), year=st.sampled_from([2019, 2020, 2021, 2022, 2024]))
def test_earning_more_never_gives_more_aid(tenants, of_first_adult, every_month, wages, children, year):
    wages = np.sort(np.array(wages, dtype=float))
    simulation = tenants(1, children, np.full(len(wages), 500.0), year)
    every_month(simulation, "salaire_net", year, of_first_adult(wages, 1 + children))
    every_month(simulation, "salaire_imposable", year, of_first_adult(1.035 * wages, 1 + children))
    assert (np.diff(simulation.calculate("aides_au_logement", f"{year}-10")) <= CLOSE).all()


@few
@given(wages=st.lists(st.integers(0, 2_500), min_size=2, max_size=6), rent=st.integers(100, 900), couple=st.booleans())
def test_one_row_is_as_it_is_among_many(tenants, of_first_adult, every_month, wages, rent, couple):
    persons = 2 + couple
    wages = np.array(wages, dtype=float)
    many = tenants(1 + couple, 1, np.full(len(wages), float(rent)), 2023)
    every_month(many, "salaire_brut", 2023, of_first_adult(wages, persons))
    amounts = many.calculate("aides_au_logement", "2023-06")
    for wage, amount in zip(wages, amounts, strict=True):
        one = tenants(1 + couple, 1, [float(rent)], 2023)
        every_month(one, "salaire_brut", 2023, of_first_adult([wage], persons))
        assert one.calculate("aides_au_logement", "2023-06").tolist() == [amount]


def test_where_no_home_is_given_there_is_no_aid_and_no_household_is_asked_for(families, every_month):
    simulation = families([1985], [2015], 2, 2022)
    every_month(simulation, "salaire_brut", 2022, [0.0, 0.0, 1500.0, 0.0])
    assert simulation.calculate("aides_au_logement", "2022-03").tolist() == [0, 0]
    assert simulation.calculate("rsa_forfait_logement", "2022-03").tolist() == [0, 0]


def test_an_aid_that_is_given_stands_before_the_formula(tenants):
    simulation = tenants(1, 0, [500.0, 500.0], 2022)
    simulation.set_input("aides_au_logement", 2022, [1200.0, 0.0])
    assert simulation.calculate("aides_au_logement", "2022-03").tolist() == [100, 0]


def test_rsa_takes_the_calculated_aid_into_account_and_the_aid_leaves_out_what_who_is_on_rsa_earned(tenants, every_month):
    simulation = tenants(1, 0, [500.0, 500.0], 2022)
    for month in range(1, 13):
        simulation.set_input("salaire_imposable", f"2021-{month:02d}", [1500.0, 0.0])
        simulation.set_input("salaire_net", f"2021-{month:02d}", [1450.0, 0.0])
    every_month(simulation, "salaire_net", 2022, [0.0, 0.0])
    every_month(simulation, "salaire_imposable", 2022, [0.0, 0.0])
    assert simulation.calculate("rsa_forfait_logement", "2022-05")[0] > 0
    worked, never = simulation.calculate("aides_au_logement", "2022-03")
    assert worked < never
    worked, never = simulation.calculate("aides_au_logement", "2022-06")
    assert worked == never


def test_the_unemployed_and_the_newly_retired_have_part_of_their_earnings_left_out(tenants, every_month):
    simulation = tenants(1, 0, [500.0] * 3, 2022)
    for month in range(1, 13):
        simulation.set_input("salaire_imposable", f"2021-{month:02d}", [1000.0] * 3)
        simulation.set_input("salaire_net", f"2021-{month:02d}", [1000.0] * 3)
        simulation.set_input("salaire_net", f"2022-{month:02d}", [1000.0, 0.0, 0.0])
        simulation.set_input("chomage_net", f"2022-{month:02d}", [0.0, 800.0, 0.0])
        simulation.set_input("retraite_nette", f"2022-{month:02d}", [0.0, 0.0, 900.0])
    assert simulation.calculate("part_comptee_activite", "2022-04").tolist() == [1, 0.7, 0.7]
    assert simulation.calculate("part_comptee_activite", "2022-02").tolist() == [1, 1, 0.7]
