"""Laws of the benefits: what more income and more children never do, where they end, and which months they look at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FAMILY_BENEFITS = ["allocations_familiales", "complement_familial", "allocation_rentree_scolaire", "paje_allocation_base", "paje_prime_naissance"]
ALL = [*FAMILY_BENEFITS, "allocation_soutien_familial", "rsa", "prime_activite"]
LEAST_PAID = 6 + 15  # below these RSA and prime d'activité are not paid
SMALL_RISES = 1.0

births = st.lists(st.integers(2000, 2021), max_size=5)
few = settings(max_examples=15, deadline=None)


@few
@given(children=births, incomes=st.lists(st.integers(0, 150_000), min_size=1, max_size=10), couple=st.booleans(), month=st.integers(1, 12))
def test_no_benefit_is_negative_and_more_income_never_raises_family_benefits(families, of_first_adult, children, incomes, couple, month):
    adults = [1985, 1986][: 1 + couple]
    incomes = np.sort(np.array(incomes, dtype=float))
    simulation = families(adults, children, len(incomes), 2022)
    simulation.set_input("revenu_net_categoriel", 2020, of_first_adult(incomes, len(adults) + len(children)))
    for name in ALL:
        amounts = simulation.calculate(name, f"2022-{month:02d}")
        assert (amounts >= 0).all()
        if name in FAMILY_BENEFITS:
            assert (np.diff(amounts) <= 0.05).all(), name


@pytest.mark.parametrize("children", [[2010, 2012], [2004, 2008, 2012], [2019, 2021], [2021]])
def test_above_all_ceilings_only_a_quarter_of_the_allocations_familiales_is_left(families, of_first_adult, children):
    simulation = families([1985, 1986], children, 2, 2022)
    simulation.set_input("revenu_net_categoriel", 2020, of_first_adult(np.array([0.0, 500_000.0]), 2 + len(children)))
    poor, rich = simulation.calculate("allocations_familiales", "2022-08")
    assert rich == pytest.approx(poor / 4, abs=0.05)
    for name in FAMILY_BENEFITS[1:]:
        assert simulation.calculate(name, "2022-08")[1] == 0


@few
@given(children=st.lists(st.integers(2006, 2018), max_size=4), couple=st.booleans(), step=st.integers(5, 60), year=st.sampled_from([2019, 2022, 2024]))
def test_earning_more_never_leaves_less(families, of_first_adult, every_month, children, couple, step, year):
    wages = np.arange(0, 3500, step, dtype=float)
    adults = [1985, 1986][: 1 + couple]
    simulation = families(adults, children, len(wages), year)
    every_month(simulation, "salaire_net", year, of_first_adult(wages, len(adults) + len(children)))
    simulation.set_input("revenu_net_categoriel", year - 2, np.zeros(len(wages) * (len(adults) + len(children))))
    rsa, prime = (simulation.calculate(name, f"{year}-09") for name in ("rsa", "prime_activite"))
    assert (np.diff(rsa) <= 0.01).all()
    assert (np.diff(rsa + wages) >= -LEAST_PAID).all()
    assert (np.maximum.accumulate(wages + rsa + prime) - (wages + rsa + prime) <= LEAST_PAID + SMALL_RISES).all()
    assert (rsa[wages > 3000] == 0).all()


@few
@given(children=st.lists(st.integers(2006, 2018), max_size=3), wages=st.lists(st.integers(0, 3000), min_size=1, max_size=6))
def test_what_is_not_given_of_the_past_is_as_in_the_first_month_given(families, of_first_adult, every_month, children, wages):
    wages = of_first_adult(np.array(wages, dtype=float), 1 + len(children))
    one_year, four_years = (families([1985], children, len(wages) // (1 + len(children)), 2022) for _ in range(2))
    every_month(one_year, "salaire_net", 2022, wages)
    one_year.set_input("salaires", 2022, 12 * wages)
    one_year.set_input("loge_sans_charge", 2022, np.ones(len(wages) // (1 + len(children)), dtype=bool))
    for year in range(2019, 2023):
        four_years.set_input("loge_sans_charge", year, np.ones(len(wages) // (1 + len(children)), dtype=bool))
        four_years.set_input("annee_naissance", year, np.tile([1985, *children], len(wages) // (1 + len(children))))
        every_month(four_years, "salaire_net", year, wages)
        four_years.set_input("salaires", year, 12 * wages)
    for name in ("rsa_ressources", "prime_activite_beneficiaire", "revenus_professionnels_foyer"):
        for month in ("2022-01", "2022-02", "2022-12"):
            assert one_year.calculate(name, month).tolist() == four_years.calculate(name, month).tolist()
    for month in ("2022-01", "2022-06"):
        assert one_year.calculate("prime_activite", month) == pytest.approx(four_years.calculate("prime_activite", month), abs=0.02)


def test_rsa_looks_at_the_three_months_before_and_from_march_2025_at_those_before_the_last(families):
    simulation = families([1985], [], 1, 2025)
    for month in range(1, 13):
        simulation.set_input("salaire_net", f"2024-{month:02d}", [0.0])
        simulation.set_input("salaire_net", f"2025-{month:02d}", [300.0 * (month == 2)])
    base = {month: simulation.calculate("rsa_montant_forfaitaire", f"2025-{month:02d}")[0] for month in range(1, 8)}
    paid = {month: round(base[month] - simulation.calculate("rsa", f"2025-{month:02d}")[0], 2) for month in range(1, 8)}
    assert paid == {1: 0, 2: 0, 3: 0, 4: 100, 5: 100, 6: 100, 7: 0}


def test_a_year_of_every_benefit_is_found_for_every_year(families, every_month):
    for year in range(2017, 2026):
        simulation = families([1985, 1986], [year - 1, year - 8, year - 15], 1, year)
        every_month(simulation, "salaire_net", year, [1_000, 0, 0, 0, 0])
        simulation.set_input("salaires", year, [12_400.0, 0, 0, 0, 0])
        assert 11_000 < simulation.calculate("prestations_de_la_famille", year)[0] < 18_000
