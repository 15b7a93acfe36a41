"""Laws 4 and 9 on laws that nobody thought of: plans, buffers, levels and links of any shape give what variable by variable gives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.periods import period
from graph_law import same, simulate
from random_laws import DEFAULTS, INPUTS, PlainRun, linked_worlds, random_laws

BLOCKS, THREADS = st.sampled_from([None, 1, 2, 3, 1000, 1000]), st.sampled_from([1, 1, 2])


def check(law_, world, simulation, names):
    wanted = PlainRun(world, law_.formulas).run()
    found = simulation.calculate_all([(name, "2020") for name in names])
    for name in names:
        result = found[name, period("2020")]
        assert same(result, wanted[name]), f"{name} is {result!r}, not {wanted[name]!r}"


@settings(max_examples=400)
@given(random_laws(), linked_worlds(), BLOCKS, THREADS)
def test_a_random_law_gives_what_plain_loops_give(law_, world, block_rows, threads):
    simulation = simulate(law_.legislation(), world.population, world.values, block_rows=block_rows, threads=threads)
    check(law_, world, simulation, law_.wanted)


@settings(max_examples=100)
@given(random_laws(), linked_worlds(), st.data())
def test_results_asked_one_by_one_and_for_other_populations(law_, world, data):
    legislation = law_.legislation()
    simulation = simulate(legislation, world.population, world.values)
    for name in data.draw(st.permutations(sorted(law_.formulas))):
        check(law_, world, simulation, [name])
    other = data.draw(linked_worlds())
    check(law_, other, simulate(legislation, other.population, other.values, block_rows=2), sorted(law_.formulas))


@settings(max_examples=60)
@given(random_laws(), linked_worlds(), st.data())
def test_a_reform_of_one_formula(law_, world, data):
    """The results of a reform are those of a law written so from the start, and its base is as before."""
    legislation = law_.legislation()
    simulation = simulate(legislation, world.population, world.values)
    names = sorted(law_.formulas)
    check(law_, world, simulation, names)
    changed = data.draw(st.sampled_from(names))
    other = type(law_)({**law_.formulas, changed: f"({law_.formulas[changed]}) * 2 + 1"}, law_.wanted)
    reform = legislation.with_rules({changed: other.legislation().variable(changed)})
    check(other, world, simulation.under(reform), names)
    check(law_, world, simulation, names)


@settings(max_examples=60)
@given(random_laws(), linked_worlds(), st.lists(st.sets(st.sampled_from(sorted(set(INPUTS) - set(DEFAULTS)))), min_size=2, max_size=4), st.data())
def test_laws_that_share_what_formulas_gave_are_as_laws_made_anew(law_, world, selections, data):
    """Whatever was asked before, under which reform and with which inputs given, a law gives what it gives made anew."""
    kept = law_.legislation()
    names = sorted(law_.formulas)
    changed = data.draw(st.sampled_from(names))
    other = type(law_)({**law_.formulas, changed: f"({law_.formulas[changed]}) * 2 + 1"}, law_.wanted)
    reform = kept.with_rules({changed: other.legislation().variable(changed)})
    for chosen in selections:
        inputs = {name: values for name, values in world.values.items() if name in chosen}
        for shared, formulas in data.draw(st.permutations([(kept, law_), (reform, other)])):
            found, anew = (simulate(law, world.population, inputs) for law in (shared, formulas.legislation()))
            for name in data.draw(st.permutations(names)):
                assert same(np.asarray(found.calculate(name, "2020")), np.asarray(anew.calculate(name, "2020"))), name
