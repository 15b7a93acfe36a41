"""Reforms as data and as code: what they change, what they share, and what is wrong with them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ReformError
from engine.periods import YEAR
from engine.reform import DataReform, Reform, chained, read_reform, reform_from_data
from engine.situation import simulation_from
from engine.variables import Variable
from fictional_country import country
from fictional_country.entities import Person

FOLDER = Path(__file__).parent / "reforms"
LAW = country()
FAMILY = {
    "persons": {
        "ana": {"salary": {"2020": 23000, "2021": 23000}, "occupation": {"2020": "fisher"}, "nets_owned": {"2020": 4}},
        "bo": {"birth_date": {"ETERNITY": "2015-01-01"}},
    },
    "household": {"first_adult": "ana", "children": ["bo"]},
}
RESULTS = ("income_tax", "sea_dues", "disposable_income", "heating_aid", "solidarity_levy")


def results_of(law, year="2020"):
    simulation = simulation_from(law, FAMILY, threads=1)
    return {name: simulation.calculate(name, year).tolist() for name in RESULTS}


# As data


def test_a_reform_as_data():
    before = results_of(LAW)
    reform = read_reform(FOLDER / "higher_allowance.yaml")
    assert (reform.name, reform.reference) == ("Higher allowance", "Bill 12, art. 3")
    law = reform(LAW)
    after = results_of(law)
    assert before["sea_dues"] == [60, 0]
    assert after["sea_dues"] == [0, 0]
    assert after["income_tax"][0] == pytest.approx(2 * before["income_tax"][0])
    assert after["disposable_income"][0] - before["disposable_income"][0] == pytest.approx(60 + 3 * 50 + 9 * 47.5 - before["income_tax"][0])
    assert results_of(law, "2021")["income_tax"] == results_of(LAW, "2021")["income_tax"]


def test_the_base_is_never_touched():
    before, tree, rules = results_of(LAW), LAW.parameters, dict(LAW.variables)
    results_of(read_reform(FOLDER / "higher_allowance.yaml")(LAW))
    assert LAW.parameters is tree
    assert dict(LAW.variables) == rules
    assert results_of(LAW) == before
    assert results_of(country()) == before


def test_a_reform_shares_what_it_does_not_change():
    law = read_reform(FOLDER / "higher_allowance.yaml")(LAW)
    assert law.variable("income_tax") is LAW.variable("income_tax")
    assert law.parameters.child("housing") is LAW.parameters.child("housing")
    assert law.kept_graphs is LAW.kept_graphs


def test_a_file_with_a_list_is_a_chain():
    law = read_reform(FOLDER / "chain.yaml")(LAW)
    simulation = simulation_from(law, FAMILY)
    assert [simulation.calculate("child_allowance", month).item() for month in ("2020-02", "2020-03")] == [100, 10]
    assert law.variable("heating_aid").is_neutralized


@pytest.mark.parametrize(
    "file, expected",
    [
        (
            "bad_form.yaml",
            [":1: `name`: expected a text", ":2: unknown key `parametres`", "Did you mean `parameters`", ":4: `neutralize`: expected", ":5: `parameters`: exp"],
        ),
        (
            "bad_names.yaml",
            [":2: ", "Did you mean `child_allowance`", ":4: ", "2020-01-32", ":5: ", "[9]", ":6: there is no variable `sea_due`", "Did you mean `sea_dues`"],
        ),
        ("higher_alowance.yaml", ["there is no such file", "Did you mean `higher_allowance.yaml`"]),
    ],
)
def test_everything_wrong_with_a_file_is_told_at_once(file, expected):
    with pytest.raises(ReformError) as raised:
        read_reform(FOLDER / file)(LAW)
    for text in expected:
        assert text in str(raised.value)


# As code


class poll_tax(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period):
        return person("age", period.first_month) * 2.0


class income_tax(Variable):
    def formula_2020(person, period, parameters):
        return person("income", period) * 0.5


class harsh(Reform):
    name = "Harsh"

    def apply(self, law):
        return law.with_variable(poll_tax).updating(income_tax).neutralizing("heating_aid")


class forgetful(Reform):
    def apply(self, law):
        law.neutralizing("heating_aid")


class mistaken(Reform):
    def apply(self, law):
        return law.neutralizing("heting_aid")


def by_function(law):
    return law.replacing(poll_tax)


def test_a_reform_as_a_class():
    law = harsh()(LAW)
    simulation = simulation_from(law, FAMILY)
    assert simulation.calculate("income_tax", "2020").tolist() == pytest.approx([11560, 0])
    assert simulation.calculate("income_tax", "2019").tolist() == simulation_from(LAW, FAMILY).calculate("income_tax", "2019").tolist()
    assert simulation.calculate("poll_tax", "2020").tolist() == [60, 10]
    assert "poll_tax" not in LAW.variables


def test_a_reform_that_gives_nothing_back():
    with pytest.raises(ReformError, match="Does `apply` end with `return law`"):
        forgetful()(LAW)


def test_a_reform_that_does_not_fit():
    with pytest.raises(ReformError, match=r"`mistaken` does not fit the law.*Did you mean `heating_aid`"):
        mistaken()(LAW)


def test_reforms_by_dotted_name(monkeypatch):
    import sys
    import types

    module = types.ModuleType("some_reforms")
    module.harsh, module.by_function, module.number = harsh, by_function, 5
    monkeypatch.setitem(sys.modules, "some_reforms", module)
    assert read_reform("some_reforms.harsh").name == "Harsh"
    assert "poll_tax" in read_reform("some_reforms.by_function")(LAW).variables
    for name, text in [("some_reforms.hars", "Did you mean `harsh`"), ("some_reforms.number", "no reform"), ("no_such.x", "imported"), ("x", "YAML file")]:
        with pytest.raises(ReformError, match=text):
            read_reform(name)


# Laws

FIGURES = {
    "family.child_allowance": st.floats(0, 500),
    "income.tax.scale.brackets[1].rate": st.floats(0, 0.28),
    "income.tax.scale.brackets[2].threshold": st.integers(8_000, 90_000),
    "income.sea_dues.by_net": st.integers(0, 50),
    "income.solidarity_levy.brackets[1].amount": st.integers(0, 90),
}
CHANGES = st.fixed_dictionaries(
    {}, optional={path: st.dictionaries(st.sampled_from(["2019-01-01", "2020-01-01", "2020-07-01", "2021-01-01"]), value) for path, value in FIGURES.items()}
).map(lambda changes: {path: dated for path, dated in changes.items() if dated})
REFORMS = st.builds(
    lambda parameters, names: DataReform(parameters=parameters, neutralize=tuple(names)),
    CHANGES,
    st.lists(st.sampled_from(["sea_dues", "heating_aid", "child_allowance"]), unique=True, max_size=2),
)


def as_it_was(path, dated):
    """Return the changes that give a figure the values of the law again."""
    item = LAW.parameters.child(path)
    return {date: item.at(date) for date in {*dated, *item.starts}}


@settings(max_examples=40)
@given(CHANGES)
def test_a_reform_and_its_contrary_give_equal_results(changes):
    reformed = DataReform(parameters=changes)(LAW)
    back = DataReform(parameters={path: as_it_was(path, dated) for path, dated in changes.items()})(reformed)
    assert results_of(back) == results_of(LAW)


@settings(max_examples=40)
@given(REFORMS, REFORMS)
def test_a_chain_is_the_composition(first, second):
    law = country()
    composed = second(first(law))
    assert results_of(chained(first, second)(law)) == results_of(composed)


@settings(max_examples=40)
@given(REFORMS)
def test_a_reform_gives_the_same_whether_or_not_the_base_was_traced(reform):
    traced, fresh = country(), country()
    before = results_of(traced)
    assert results_of(reform(traced)) == results_of(reform(fresh))
    assert results_of(traced) == before


def test_data_in_memory():
    reform = reform_from_data({"parameters": {"family": {"majority": {"2020-01-01": 3}}}})
    simulation = simulation_from(reform(LAW), FAMILY)
    assert simulation.calculate("child_allowance", "2020-02").tolist() == [0]
    assert np.isfinite(simulation.calculate("disposable_income", "2020")).all()
