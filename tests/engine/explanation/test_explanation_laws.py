"""What an explanation leaves out could be anything: laws that nobody thought of, over worlds of any shape."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.explanation import explain
from engine.explanation.model import DEFAULT, FORMULA, INPUT
from graph_law import same, simulate
from random_laws import DEFAULTS, INPUTS, linked_worlds, random_laws


@settings(max_examples=200, deadline=None)
@given(random_laws(), linked_worlds(), st.data())
def test_no_datum_that_is_not_told_changes_the_result(law_, world, data):
    legislation = law_.legislation()
    name = data.draw(st.sampled_from(sorted(law_.formulas)))
    simulation = simulate(legislation, world.population, world.values)
    row = data.draw(st.integers(0, world.counts[name.split("_")[0]] - 1))
    explanation = explain(simulation, name, "2020", row)
    result = simulation.calculate(name, "2020")[row]
    value = explanation.result.values[0].value
    assert same(np.array([value]), np.array([result]))
    told = {(datum.variable, datum.row) for datum in explanation.data}
    amounts = st.integers(-40, 80).map(lambda number: number / 4)
    others = {
        given_name: np.array([each if (given_name, place) in told else data.draw(amounts) for place, each in enumerate(values)], dtype=float)
        for given_name, values in world.values.items()
    }
    assert same(np.asarray(simulate(legislation, world.population, others).calculate(name, "2020")[row : row + 1]), np.array([result]))


@settings(max_examples=100, deadline=None)
@given(random_laws(), linked_worlds(), st.data())
def test_steps_hold_together(law_, world, data):
    legislation = law_.legislation()
    name = data.draw(st.sampled_from(sorted(law_.formulas)))
    simulation = simulate(legislation, world.population, world.values)
    row = data.draw(st.integers(0, world.counts[name.split("_")[0]] - 1))
    everything = data.draw(st.booleans())
    explanation = explain(simulation, name, "2020", row, everything=everything, depth=data.draw(st.sampled_from([None, None, 1, 2])))
    assert [step.number for step in explanation.steps] == list(range(1, len(explanation.steps) + 1))
    read = {each.step for step in explanation.steps for each in step.reads}
    assert read | {1} == set(range(1, len(explanation.steps) + 1))
    for step in explanation.steps:
        values = np.asarray(simulation.calculate(step.variable, step.period))
        for value in step.values:
            assert same(np.array([value.value]), values[value.row : value.row + 1] if value.row is not None else values[:1]) or not len(values)
        kind = FORMULA if step.variable not in INPUTS else DEFAULT if step.variable in DEFAULTS else INPUT
        assert step.kind == kind
        if not step.reads and not step.folded.below_depth:
            assert step.leaf in {"input", "default", "parameter"}
