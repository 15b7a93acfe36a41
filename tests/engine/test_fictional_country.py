"""The law of Ostrea: every kind of variable, period and scale, against figures reckoned by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CycleError, FormulaError, SpiralError
from engine.population import Population
from engine.simulation import Simulation
from engine.yaml_tests import collect, run
from fictional_country import country, country_with_loops

CASES = collect([Path(__file__).parents[1] / "fictional_country" / "cases"])
LAW = country_with_loops()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case):
    (outcome,) = run([case], LAW)
    assert outcome.passed, str(outcome)


def test_a_cycle_tells_its_chain():
    simulation = Simulation(country_with_loops(), Population.aligned(1, list(LAW.entities), LAW.links))
    with pytest.raises(CycleError, match="hen at 2020-01 -> egg at 2020-01 -> hen at 2020-01"):
        simulation.calculate("hen", "2020-01")


def test_a_spiral_without_end_is_an_error():
    simulation = Simulation(country_with_loops(), Population.aligned(1, list(LAW.entities), LAW.links))
    with pytest.raises((SpiralError, FormulaError), match="`savings`"):
        simulation.calculate("savings", "2020")


# Results do not depend on block size or threads, nor on the order in which they are asked for


def island(seed, households):
    """Return a population of so many households, and inputs."""
    random = np.random.default_rng(seed)
    persons = int(households * 2.4) + 1
    counts = {"person": persons, "household": households, "tax_household": households, "dwelling": households + 2, "town": 3}
    home = random.integers(0, households, persons)
    links = {
        ("person", "household"): (home, random.integers(0, 3, persons)),
        ("person", "tax_household"): (home, random.integers(0, 2, persons)),
        ("household", "dwelling"): (random.permutation(households), np.zeros(households)),
        ("dwelling", "town"): random.integers(0, 3, households + 2),
    }
    inputs = {
        ("salary", "2020"): random.lognormal(9, 1, persons),
        ("occupation", "2020"): random.integers(0, 4, persons),
        ("birth_date", "eternity"): np.datetime64("1940-01-01") + random.integers(0, 30_000, persons),
        ("nets_owned", "2020"): random.integers(0, 9, persons),
        ("rent", "2020"): random.integers(0, 5_000, households).astype(float),
        ("heating", "2020"): random.integers(0, 3, households),
        ("floor_area", "eternity"): random.uniform(10, 300, households + 2),
        ("town_code", "eternity"): np.array(["A1", "B2", "007"], dtype=object),
        ("has_harbour", "2020"): np.array([True, False, False]),
    }
    return Population(counts, links), inputs


RESULTS = ("disposable_income", "share_of_receipts", "lives_by_the_sea", "solidarity_levy", "stamp_duty", "lucky_number", "hearth_tax_receipts")


def results_of(population, inputs, names=RESULTS, **options):
    simulation = Simulation(LAW, population, **options)
    for (name, at), values in inputs.items():
        simulation.set_input(name, at, values)
    return {name: simulation.calculate(name, "2020").tolist() for name in names}


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(1, 60), st.integers(1, 50), st.integers(1, 3), st.permutations(RESULTS))
def test_blocks_threads_and_order_do_not_matter(seed, households, block_rows, threads, names):
    population, inputs = island(seed, households)
    assert results_of(population, inputs, names, block_rows=block_rows, threads=threads) == results_of(population, inputs, threads=1)


def test_calculate_output_adds_up_or_divides():
    population, inputs = island(1, 5)
    simulation = Simulation(country(), population)
    simulation.set_input("salary", "2020", inputs["salary", "2020"])
    assert simulation.calculate_output("salary", "2020") == pytest.approx(inputs["salary", "2020"])
    assert simulation.calculate_output("income_tax", "2020-03") == pytest.approx(simulation.calculate("income_tax", "2020") / 12)
