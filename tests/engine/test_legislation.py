"""A law and its reforms: each is another law that shares what it does not change (law 2)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.entities import Entity
from engine.errors import EntityError, FormulaError, VariableDefinitionError, VariableNameConflictError, VariableNotFoundError
from engine.legislation import Legislation
from engine.periods import MONTH, period
from engine.variables import ADD
from graph_law import COUNTRY, HOUSE, PERSON, ROW, Counter, figures, law, rows, same, simulate, variable

X, Y = variable("x", ROW), variable("y", ROW)


def small_law(counter=None):
    """Return a law: tax rests on base and rate, benefit on a threshold, total on both, beside on neither."""
    counted = (counter or Counter()).counted
    return law(
        X,
        Y,
        variable("base", ROW, counted("base", lambda row, at, _: np.maximum(row("x", at) - 10, 0))),
        variable("tax", ROW, counted("tax", lambda row, at, parameters: row("base", at) * parameters(at).tax.rate)),
        variable("benefit", ROW, counted("benefit", lambda row, at, parameters: np.where(row("x", at) < parameters(at).benefit.threshold, 50.0, 0.0))),
        variable("total", ROW, counted("total", lambda row, at, _: row("x", at) - row("tax", at) + row("benefit", at))),
        variable("beside", ROW, counted("beside", lambda row, at, _: row("y", at) + 1)),
        parameters=figures(tax={"rate": 0.5}, benefit={"threshold": 20}, unused=1),
    )


INPUTS = {"x": np.array([5.0, 15.0, 100.0]), "y": np.array([1.0, 2.0, 3.0])}


def total(x, rate=0.5, threshold=20.0):
    return x - np.maximum(x - 10, 0) * rate + np.where(x < threshold, 50.0, 0.0)


def asked(simulation):
    return simulation.calculate("total", "2020")


# What a law is


def test_it_knows_its_entities_links_and_variables():
    legislation = law(variable("amount", PERSON), variable("rent", HOUSE), entities=COUNTRY)
    assert list(legislation.entities) == ["person", "house", "tax", "town"]
    assert legislation.links == [("person", "house"), ("person", "tax"), ("house", "town")]
    assert legislation.person is legislation.entities["person"]
    assert legislation.variable("amount").name == "amount"
    with pytest.raises(VariableNotFoundError, match=r"`amonut`.*`amount`"):
        legislation.variable("amonut")


def test_it_cannot_be_changed():
    legislation = small_law()
    with pytest.raises(TypeError):
        legislation.variables["z"] = None
    with pytest.raises(AttributeError):
        legislation.parameters = None


@pytest.mark.parametrize(
    "entities, message",
    [
        ((ROW, Entity("row", "lines")), "Two entities have the key `row`"),
        ((Entity("row", "rows", belongs_to=("hous",)), Entity("house", "houses")), "`hous`.*`house`"),
        ((Entity("other", "others"),), "`x`.*`row`.*no entity of this law"),
    ],
)
def test_entities_that_do_not_fit(entities, message):
    with pytest.raises(EntityError, match=message):
        Legislation.make(entities, [X], figures(nothing=0))


def test_variables_that_do_not_fit():
    with pytest.raises(VariableDefinitionError, match="`x` is written twice"):
        law(X, X)


def test_persons_belong_to_every_other_entity_where_nobody_says_otherwise():
    person, family = Entity("person", "persons", is_person=True), Entity("family", "families")
    assert law(variable("a", person), variable("b", family), entities=(person, family)).links == [("person", "family")]


# Reforms


def test_a_reform_of_a_figure_and_back():
    legislation = small_law()
    simulation = simulate(legislation, rows(3), INPUTS)
    before = asked(simulation)
    reform = legislation.with_parameters(figures(tax={"rate": 0.25}, benefit={"threshold": 20}, unused=1))
    assert same(asked(simulation.under(reform)), total(INPUTS["x"], rate=0.25))
    back = reform.with_parameters(figures(tax={"rate": 0.5}, benefit={"threshold": 20}, unused=1))
    returned = simulation.under(back)
    assert same(asked(returned), before)
    assert returned.traced("total", "2020").node is simulation.traced("total", "2020").node
    assert same(asked(simulation), before)
    assert reform.baseline is legislation
    assert back.baseline is reform


def test_a_reform_retraces_only_what_a_changed_figure_reaches():
    counter = Counter()
    legislation = small_law(counter)
    simulation = simulate(legislation, rows(3), INPUTS)
    for name in ("total", "beside"):
        simulation.calculate(name, "2020")
    assert counter.take() == {"base": 1, "tax": 1, "benefit": 1, "total": 1, "beside": 1}
    changes = {
        "rate": (figures(tax={"rate": 0.25}, benefit={"threshold": 20}, unused=1), {"tax": 1, "total": 1}),
        "threshold": (figures(tax={"rate": 0.5}, benefit={"threshold": 30}, unused=1), {"benefit": 1, "total": 1}),
        "unused": (figures(tax={"rate": 0.5}, benefit={"threshold": 20}, unused=2), {}),
        "nothing": (figures(tax={"rate": 0.5}, benefit={"threshold": 20}, unused=1), {}),
    }
    for parameters, retraced in changes.values():
        reformed = simulation.under(legislation.with_parameters(parameters))
        for name in ("total", "beside"):
            reformed.calculate(name, "2020")
        assert counter.take() == retraced


def test_a_reform_of_a_formula_retraces_what_reads_it():
    counter = Counter()
    legislation = small_law(counter)
    simulation = simulate(legislation, rows(3), INPUTS)
    asked(simulation)
    counter.take()
    reform = legislation.replacing(variable("base", ROW, counter.counted("base", lambda row, at, _: row("x", at))))
    assert same(asked(simulation.under(reform)), INPUTS["x"] * 0.5 + np.where(INPUTS["x"] < 20, 50.0, 0.0))
    assert counter.take() == {"base": 1, "tax": 1, "total": 1}


def test_a_formula_that_gives_the_same_node_stops_the_retracing():
    counter = Counter()
    legislation = small_law(counter)
    simulation = simulate(legislation, rows(3), INPUTS)
    asked(simulation)
    counter.take()
    reform = legislation.replacing(variable("base", ROW, counter.counted("base", lambda row, at, _: np.maximum(row("x", at) - 10, 0))))
    assert same(asked(simulation.under(reform)), total(INPUTS["x"]))
    assert counter.take() == {"base": 1}


def test_a_reform_shares_the_nodes_that_it_does_not_change():
    legislation = small_law()
    simulation = simulate(legislation, rows(3), INPUTS)
    asked(simulation)
    (family,) = legislation.kept_graphs.families
    size = len(family.graph)
    reformed = simulation.under(legislation.with_parameters(figures(tax={"rate": 0.25}, benefit={"threshold": 20}, unused=1)))
    asked(reformed)
    assert len(family.graph) - size == 4  # the figure, its product, the difference and the sum
    for name in ("x", "base", "benefit"):
        assert reformed.traced(name, "2020").node is simulation.traced(name, "2020").node
    assert reformed.traced("tax", "2020").node is not simulation.traced("tax", "2020").node


def test_many_reforms_one_after_the_other_stay_cheap():
    """A solver tries hundreds of reforms: the law that they reform is never traced again."""
    counter = Counter()
    legislation = small_law(counter)
    simulation = simulate(legislation, rows(3), INPUTS)
    asked(simulation)
    counter.take()
    for number in range(200):
        parameters = figures(tax={"rate": number / 256}, benefit={"threshold": 20}, unused=1)
        assert same(asked(simulation.under(legislation.with_parameters(parameters))), total(INPUTS["x"], rate=number / 256))
        assert counter.take() in ({"tax": 1, "total": 1}, {})
    assert same(asked(simulate(legislation, rows(3), INPUTS)), total(INPUTS["x"]))
    assert counter.take() == {}
    (family,) = legislation.kept_graphs.families
    assert len(family.traces) < 200


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=6), st.booleans())
def test_chained_reforms_are_as_laws_made_anew(steps, ask_between):
    legislation = small_law()
    simulation = simulate(legislation, rows(3), INPUTS)
    if ask_between:
        asked(simulation)
    for rate, threshold in steps:
        legislation = legislation.with_parameters(figures(tax={"rate": rate / 8}, benefit={"threshold": threshold * 10}, unused=1))
        reformed = simulation.under(legislation)
        if ask_between:
            assert same(asked(reformed), total(INPUTS["x"], rate / 8, threshold * 10))
    assert same(asked(reformed), total(INPUTS["x"], steps[-1][0] / 8, steps[-1][1] * 10))
    assert same(asked(simulation), total(INPUTS["x"]))


def test_a_reform_asked_before_its_base_is_as_after():
    legislation = small_law()
    reform = legislation.with_parameters(figures(tax={"rate": 0.25}, benefit={"threshold": 20}, unused=1))
    simulation = simulate(reform, rows(3), INPUTS)
    assert same(asked(simulation), total(INPUTS["x"], rate=0.25))
    assert same(asked(simulation.under(legislation)), total(INPUTS["x"]))


# Variables added, replaced, updated, neutralized


def test_a_variable_is_added():
    reform = small_law().with_variable(variable("net", ROW, lambda row, at: row("total", at) * 2))
    assert same(simulate(reform, rows(3), INPUTS).calculate("net", "2020"), total(INPUTS["x"]) * 2)
    with pytest.raises(VariableNameConflictError, match="`total`"):
        small_law().with_variable(variable("total", ROW))


def test_a_variable_is_updated_in_part():
    legislation = law(X, variable("due", ROW, {"formula": lambda row, at: row("x", at), "formula_2010": lambda row, at: row("x", at) * 2}, label="What is due"))
    reform = legislation.updating(variable("due", ROW, {"formula_2015": lambda row, at: row("x", at) * 3}))
    simulation = simulate(legislation, rows(1), {("x", str(year)): [1.0] for year in (2005, 2012, 2018)})
    assert [float(simulation.calculate("due", str(year))[0]) for year in (2005, 2012, 2018)] == [1, 2, 2]
    assert [float(simulation.under(reform).calculate("due", str(year))[0]) for year in (2005, 2012, 2018)] == [1, 2, 3]
    assert reform.variable("due").label == "What is due"
    with pytest.raises(VariableNotFoundError):
        legislation.updating(variable("deu", ROW))


def test_a_neutralized_variable_is_at_its_default_whatever_is_given():
    legislation = small_law()
    simulation = simulate(legislation, rows(3), INPUTS)
    assert same(asked(simulation.under(legislation.neutralizing("benefit"))), INPUTS["x"] - np.maximum(INPUTS["x"] - 10, 0) * 0.5)
    reform = legislation.neutralizing("x")
    reformed = simulation.under(reform)
    assert same(reformed.calculate("x", "2020"), np.zeros(3))
    reformed.set_input("x", "2020", [1.0, 1.0, 1.0])
    assert same(reformed.calculate("x", "2020"), np.zeros(3))
    assert same(simulation.calculate("x", "2020"), INPUTS["x"])


def test_a_variable_that_gets_a_formula_is_still_what_was_given_where_it_was():
    legislation = law(X, Y, variable("sum", ROW, lambda row, at: row("x", at) + row("y", at)))
    simulation = simulate(legislation, rows(2), {("x", "2020"): [1.0, 2.0], ("y", "2021"): [5.0, 5.0]})
    reform = legislation.replacing(variable("x", ROW, lambda row, at: row("y", at) * 10))
    reformed = simulation.under(reform)
    assert same(reformed.calculate("sum", "2020"), np.array([1.0, 2.0]))
    assert same(reformed.calculate("sum", "2021"), np.array([55.0, 55.0]))
    assert same(simulation.calculate("sum", "2021"), np.array([5.0, 5.0]))


def test_another_default_is_seen_by_what_reads_it():
    legislation = law(X, Y, variable("sum", ROW, lambda row, at: row("x", at) + row("y", at)))
    simulation = simulate(legislation, rows(2), {"x": [1.0, 2.0]})
    assert same(simulation.calculate("sum", "2020"), np.array([1.0, 2.0]))
    reform = legislation.replacing(variable("y", ROW, default_value=7.0))
    assert same(simulation.under(reform).calculate("sum", "2020"), np.array([8.0, 9.0]))


def test_a_reform_reaches_what_is_added_up_and_divided():
    counter = Counter()
    monthly = variable("monthly", ROW, counter.counted("monthly", lambda row, at, parameters: parameters(at).rate + row("wage", at)), definition_period=MONTH)
    legislation = law(
        variable("wage", ROW, definition_period=MONTH),
        monthly,
        variable("year", ROW, lambda row, at: row("monthly", at, options=[ADD])),
        parameters=figures(rate=1),
    )
    simulation = simulate(legislation, rows(1), {("wage", "2020-01"): [5.0]})
    assert same(simulation.calculate("year", "2020"), np.array([17.0]))
    assert same(simulation.under(legislation.with_parameters(figures(rate=2))).calculate("year", "2020"), np.array([29.0]))
    assert counter.take() == {"monthly": 24}


def test_a_reform_of_a_figure_that_an_opaque_formula_reads():
    def walk(row, at, parameters):
        return np.array([value * parameters(at).rate for value in row("x", at)])

    legislation = law(X, variable("due", ROW, walk), parameters=figures(rate=0.5))
    reform = legislation.with_parameters(figures(rate=0.25))
    for x in ([8.0, 16.0], [24.0], [8.0, 16.0]):
        for current, rate in ((legislation, 0.5), (reform, 0.25), (legislation, 0.5)):
            assert same(simulate(current, rows(len(x)), {"x": x}).calculate("due", "2020"), np.array(x) * rate)


def test_a_reform_of_a_figure_that_decides_the_way():
    def formula(row, at, parameters):
        return row("x", at) if parameters(at).on else row("y", at)

    legislation = law(X, Y, variable("due", ROW, formula), parameters=figures(on=True))
    simulation = simulate(legislation, rows(3), INPUTS)
    assert same(simulation.calculate("due", "2020"), INPUTS["x"])
    reformed = simulation.under(legislation.with_parameters(figures(on=False)))
    assert same(reformed.calculate("due", "2020"), INPUTS["y"])
    assert set(reformed.traced("due", "2020").reads) == {("y", period("2020"))}


def test_a_reform_of_a_figure_under_a_guard():
    def formula(row, at, parameters):
        return row("x", at) * parameters(at).rate if (row("x", at) > 50).any() else row("y", at)

    legislation = law(X, Y, variable("due", ROW, formula), variable("next", ROW, lambda row, at: row("due", at) + 1), parameters=figures(rate=0.5))
    reform = legislation.with_parameters(figures(rate=0.25))
    for x in ([1.0, 100.0], [1.0, 2.0], [1.0, 100.0]):
        for current, rate in ((legislation, 0.5), (reform, 0.25)):
            found = simulate(current, rows(2), {"x": x, "y": [3.0, 4.0]}).calculate("next", "2020")
            assert same(found, (np.array(x) * rate if max(x) > 50 else np.array([3.0, 4.0])) + 1)


def test_a_scale_that_a_reform_changes_and_one_that_it_shares():
    from engine.parameters import parameters_from_data

    def scale(rate):
        brackets = [{"threshold": {"2000-01-01": {"value": 0}}, "rate": {"2000-01-01": {"value": 0.0}}}]
        brackets.append({"threshold": {"2000-01-01": {"value": 10}}, "rate": {"2000-01-01": {"value": rate}}})
        return {"brackets": brackets}

    counter = Counter()
    formula = counter.counted("due", lambda row, at, parameters: parameters(at).scale.calc(row("x", at)))
    legislation = law(
        X, variable("due", ROW, formula), parameters=parameters_from_data({"scale": scale(0.5), "other": {"values": {"2000-01-01": {"value": 1}}}})
    )
    simulation = simulate(legislation, rows(3), {"x": INPUTS["x"]})
    assert same(simulation.calculate("due", "2020"), np.maximum(INPUTS["x"] - 10, 0) * 0.5)
    counter.take()
    other = legislation.with_parameters(legislation.parameters.updated("other", start="2000-01-01", value=2))
    assert same(simulation.under(other).calculate("due", "2020"), np.maximum(INPUTS["x"] - 10, 0) * 0.5)
    assert counter.take() == {}
    changed = legislation.with_parameters(legislation.parameters.updated("scale.brackets[1].rate", start="2000-01-01", value=0.25))
    assert same(simulation.under(changed).calculate("due", "2020"), np.maximum(INPUTS["x"] - 10, 0) * 0.25)
    assert counter.take() == {"due": 1}


def test_a_figure_that_a_reform_takes_away_or_adds():
    legislation = law(
        X, variable("due", ROW, lambda row, at, parameters: row("x", at) * (2 if hasattr(parameters(at), "extra") else 1)), parameters=figures(rate=1)
    )
    simulation = simulate(legislation, rows(3), {"x": INPUTS["x"]})
    assert same(simulation.calculate("due", "2020"), INPUTS["x"])
    more = legislation.with_parameters(figures(rate=1, extra=5))
    assert same(simulation.under(more).calculate("due", "2020"), INPUTS["x"] * 2)
    needs = law(X, variable("due", ROW, lambda row, at, parameters: row("x", at) * parameters(at).rate), parameters=figures(rate=1, other=1))
    simulation = simulate(needs, rows(3), {"x": INPUTS["x"]})
    simulation.calculate("due", "2020")
    with pytest.raises(FormulaError, match="no `rate`"):
        simulation.under(needs.with_parameters(figures(other=1))).calculate("due", "2020")
