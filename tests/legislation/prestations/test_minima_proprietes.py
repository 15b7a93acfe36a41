"""Laws of ASPA and AAH: what they bring incomes up to, what more income never does, what a spouse changes, and that nobody has AAH without a rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import catalogue

few = settings(max_examples=15, deadline=None)
CENTS = 0.011


@few
@given(pensions=st.lists(st.integers(0, 2_500), min_size=1, max_size=10), couple=st.booleans(), year=st.sampled_from([2018, 2022, 2025]))
def test_aspa_brings_an_old_family_up_to_the_ceiling_and_no_further(law, families, of_first_adult, every_month, pensions, couple, year):
    adults = [1940, 1942][: 1 + couple]
    simulation = families(adults, [], len(pensions), year)
    every_month(simulation, "retraite_nette", year, of_first_adult(np.array(pensions, dtype=float), len(adults)))
    ceilings = law.parameters.at(f"{year}-12-01").prestations.aspa.plafond
    ceiling = float(ceilings.couple if couple else ceilings.personne_seule) / 12
    amounts = simulation.calculate("aspa", f"{year}-12")
    assert amounts == pytest.approx(np.maximum(0, ceiling - np.array(pensions)), abs=CENTS)


@few
@given(wages=st.lists(st.integers(0, 4_000), min_size=2, max_size=12), year=st.sampled_from([2019, 2022, 2024]))
def test_working_more_never_raises_aah_nor_takes_more_than_it_gives(families, of_first_adult, every_month, wages, year):
    wages = np.sort(np.array(wages, dtype=float))
    simulation = families([1980], [], len(wages), year)
    simulation.set_input("taux_incapacite", year, np.full(len(wages), 0.8))
    every_month(simulation, "salaire_net", year, of_first_adult(wages, 1))
    amounts = simulation.calculate("aah", f"{year}-12")
    assert (np.diff(amounts) <= CENTS).all()
    assert (np.diff(wages + amounts) >= -CENTS).all()


@few
@given(incomes=st.lists(st.integers(0, 60_000), min_size=1, max_size=8), kept=st.booleans())
def test_a_spouses_income_does_not_count_from_october_2023_and_who_kept_the_couples_reckoning_loses_nothing(families, incomes, kept):
    count = len(incomes)
    simulation = families([1980, 1982], [2012], count, 2023)
    simulation.set_input("taux_incapacite", 2023, np.tile([0.8, 0, 0], count))
    simulation.set_input("aah_calcul_conjugal_conserve", 2023, np.full(3 * count, kept))
    simulation.set_input("revenu_net_categoriel", 2021, np.tile([0.0, 1.0, 0.0], count) * np.repeat(incomes, 3))
    before, after = (simulation.calculate("aah", month)[::3] for month in ("2023-09", "2023-10"))
    assert after == pytest.approx(971.37)
    assert (before <= after).all()


def test_without_a_rate_of_incapacity_nobody_has_aah(families, every_month):
    for year in range(2017, 2026):
        simulation = families([1985, 1940], [year - 20], 1, year)
        every_month(simulation, "salaire_net", year, [0, 0, 0])
        assert simulation.calculate("aah_et_majorations", f"{year}-08").tolist() == [0, 0, 0]


def test_the_benefits_of_a_family_hold_aspa_and_the_aah_of_each_person(families):
    simulation = families([1950, 1980], [1998], 1, 2022)
    simulation.set_input("taux_incapacite", 2022, [0.0, 0.8, 0.8])
    aspa, of_persons = simulation.calculate("aspa", "2022-12")[0], simulation.calculate("aah_et_majorations", "2022-12")
    assert aspa == pytest.approx(1_480.24 - 956.65, abs=CENTS)
    assert of_persons.tolist() == pytest.approx([0, 956.65, 956.65])
    assert simulation.calculate("prestations_nettes", "2022-12")[0] == pytest.approx(aspa + of_persons.sum())


def test_the_effect_of_a_reform_of_them_is_measured(law):
    assert {"aspa", "aah"} <= {measure.name for measure in catalogue().of_law(law)}


def test_who_asks_for_rsa_asks_for_aspa_unless_it_is_said(families):
    simulation = families([1950], [], 2, 2022)
    simulation.set_input("recours_rsa", 2022, [True, False])
    assert simulation.calculate("recours_aspa", 2022).tolist() == [True, False]
