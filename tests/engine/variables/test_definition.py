"""From a class of the law to a rule: what is read, what is inherited, what is told when it is wrong."""

from __future__ import annotations

import datetime
import functools
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.entities import build_entity
from engine.errors import VariableDefinitionError
from engine.periods import ETERNITY, MONTH, YEAR, Instant, instant, period
from engine.variables import (
    Enum,
    EnumArray,
    Formula,
    Rule,
    Variable,
    calculate_output_add,
    calculate_output_divide,
    define,
    define_all,
    set_input_divide_by_period,
    update,
)

Individu = build_entity("individu", "individus", "", is_person=True)
Menage = build_entity("menage", "menages", "", roles=[{"key": "membre"}])


class Statut(Enum):
    proprietaire = "Propriétaire"
    locataire = "Locataire"


class salaire(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    label = "Salaire"
    reference = ["CGI, art. 79", "CGI, art. 82"]
    unit = "currency"
    end = "2020-12-31"
    set_input = set_input_divide_by_period
    calculate_output = calculate_output_add
    cerfa_field = {1: "1AJ", 2: "1BJ"}
    is_period_size_independent = True
    documentation = """
    Tout ce qui
      est versé.
    """

    def formula(individu, period, parameters):
        return ("formula", individu, period, parameters)

    def formula_2015_06(individu, period):
        """Since the law of 2015."""
        return ("formula_2015_06", individu, period)

    def formula_2018_01_15(individu, period):
        return ("formula_2018_01_15", individu, period)


def a_class(**attributes):
    return type("essai", (Variable,), {"value_type": float, "entity": Individu, "definition_period": YEAR, **attributes})


# What is read


def test_a_class_becomes_a_rule():
    rule = define(salaire)
    assert (rule.name, rule.value_type, rule.entity, rule.definition_period) == ("salaire", float, Individu, MONTH)
    assert (rule.label, rule.unit, rule.reference) == ("Salaire", "currency", ("CGI, art. 79", "CGI, art. 82"))
    assert rule.documentation == "Tout ce qui\n  est versé."
    assert rule.end == instant("2020-12-31")
    assert rule.set_input is set_input_divide_by_period
    assert rule.calculate_output is calculate_output_add
    assert rule.cerfa_field == {1: "1AJ", 2: "1BJ"}
    assert rule.is_period_size_independent
    assert not rule.is_input
    assert not rule.is_neutralized
    assert rule.dtype == np.float64
    assert rule.default_value == 0.0


def test_a_rule_knows_where_it_is_written():
    rule = define(salaire)
    assert rule.module == __name__
    assert rule.file == __file__
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert lines[rule.line - 1] == "class salaire(Variable):"
    assert rule.place == f"{__file__}:{rule.line}"
    formula = rule.formulas[1]
    assert lines[formula.line - 1].strip().startswith("def formula_2015_06")
    assert formula.place == f"{__file__}:{formula.line}"
    assert formula.documentation == "Since the law of 2015."
    assert define(a_class()).line is None


def test_rules_are_immutable_and_compare_by_identity():
    rule = define(salaire)
    with pytest.raises(AttributeError):
        rule.label = "x"
    assert rule != define(salaire)
    assert len({rule, rule, define(salaire)}) == 2


def test_rules_of_modules_survive_pickles():
    rule = pickle.loads(pickle.dumps(define(salaire)))  # noqa: S301 - our own bytes
    assert rule.formulas[0].function is salaire.formula
    assert rule.label == "Salaire"


@pytest.mark.parametrize(
    "value_type, dtype, default",
    [
        (bool, np.bool_, False),
        (int, np.int64, 0),
        (float, np.float64, 0.0),
        (str, np.object_, ""),
        (datetime.date, "datetime64[D]", datetime.date(1970, 1, 1)),
    ],
)
def test_each_type_has_its_column_and_default(value_type, dtype, default):
    rule = define(a_class(value_type=value_type))
    assert rule.dtype == dtype
    assert rule.default_value == default
    assert type(rule.default_value) is type(default)
    column = rule.default_array(3)
    assert column.dtype == dtype
    assert column.tolist() == [default] * 3


def test_enumerations_have_a_column_of_positions():
    rule = define(a_class(value_type=Enum, possible_values=Statut, default_value=Statut.locataire))
    assert rule.dtype == np.int8
    assert rule.default_value is Statut.locataire
    assert rule.stored_default == 1
    column = rule.default_array(2)
    assert isinstance(column, EnumArray)
    assert (column == Statut.locataire).all()


@pytest.mark.parametrize(
    "value_type, given_value, default",
    [
        (float, 1, 1.0),
        (float, np.float64(2.5), 2.5),
        (int, True, 1),
        (int, 2.0, 2),
        (bool, True, True),
        (str, "x", "x"),
        (datetime.date, datetime.date(2018, 1, 1), datetime.date(2018, 1, 1)),
        (datetime.date, datetime.datetime(2018, 1, 1, 8), datetime.date(2018, 1, 1)),
    ],
)
def test_defaults_are_of_the_type(value_type, given_value, default):
    rule = define(a_class(value_type=value_type, default_value=given_value))
    assert rule.default_value == default
    assert type(rule.default_value) is value_type


def test_units_may_be_texts_and_attributes_may_be_none():
    rule = define(a_class(definition_period="eternity", label=None, end=None, set_input=None, reference=None, default_value=None, documentation=None))
    assert rule.definition_period is ETERNITY
    assert (rule.label, rule.end, rule.set_input, rule.reference, rule.documentation, rule.default_value) == ("", None, None, (), "", 0.0)
    assert define(a_class(reference="CGI")).reference == ("CGI",)
    assert define(a_class(reference=("a", "b"))).reference == ("a", "b")
    assert define(a_class(end=datetime.date(2018, 1, 31))).end == instant("2018-01-31")
    assert define(a_class(value_type=str, max_length=5)).max_length == 5


def test_the_docstring_is_the_documentation_unless_said():
    assert define(a_class(__doc__="One line.\n\n    And more.\n      Indented.\n    ")).documentation == "One line.\n\nAnd more.\n  Indented."
    assert define(a_class(__doc__="One line.", documentation="Said.")).documentation == "Said."


def test_attributes_are_inherited_from_a_parent_class():
    class _par_mois(Variable):
        value_type = float
        entity = Individu
        definition_period = MONTH

        def formula(individu, period):
            return "parent"

    class prime(_par_mois):
        label = "Prime"

        def formula_2018(individu, period):
            return "own"

    rule = define(prime)
    assert rule.definition_period is MONTH
    assert rule.label == "Prime"
    assert [formula(None, None) for formula in rule.formulas] == ["parent", "own"]


# Formulas


def test_formulas_are_sorted_by_start():
    formulas = define(salaire).formulas
    assert [formula.start for formula in formulas] == [Instant((1, 1, 1)), instant("2015-06-01"), instant("2018-01-15")]
    assert [formula.takes_parameters for formula in formulas] == [True, False, False]
    assert formulas[0]("rows", "period", "law") == ("formula", "rows", "period", "law")
    assert formulas[1]("rows", "period", "law") == ("formula_2015_06", "rows", "period")


@pytest.mark.parametrize(
    "text, index",
    [("2015-05", 0), ("2015-06", 1), ("2018-01", 1), ("2018-01-15", 2), ("2018-02", 2), ("2020-12-31", 2), ("2021-01", None), ("0001", 0), ("eternity", 2)],
)
def test_the_formula_in_force(text, index):
    rule = define(salaire)
    expected = None if index is None else rule.formulas[index]
    assert rule.formula_at(period(text)) is expected
    assert rule.formula_at(period(text).start) is expected
    assert rule.exists_at(period(text)) == (index is not None)


def test_before_the_first_vintage_there_is_none():
    rule = define(a_class(formula_2015=lambda rows, period: None))
    assert rule.formula_at(period("2014")) is None
    assert rule.formula_at() is rule.formulas[0]
    assert define(a_class()).formula_at() is None
    assert define(a_class()).is_input


@given(st.lists(st.dates(), unique=True, max_size=6), st.dates())
def test_the_formula_in_force_is_the_latest_that_began(starts, day):
    formulas = {f"formula_{start:%Y_%m_%d}": (lambda rows, period: None) for start in starts if start.year > 999}
    rule = define(a_class(**formulas))
    begun = [start for start in starts if start.year > 999 and start <= day]
    found = rule.formula_at(period(day))
    assert (found is None) == (not begun)
    assert found is None or found.start == instant(max(begun))


def with_default(rows, period, category="a"):
    return (rows, period, category)


def with_law_by_default(rows, period, parameters=None):
    return (rows, period, parameters)


def bound_late(rows, period, parameters, category="a"):
    return (rows, period, parameters, category)


def of_any(*arguments):
    return arguments


@functools.wraps(lambda rows, period: None)
def wrapped_two(*arguments):
    return arguments


class Callable:
    def __call__(self, rows, period):
        return (rows, period)


@pytest.mark.parametrize(
    "function, expected",
    [
        (with_default, (1, 2, "a")),
        (with_law_by_default, (1, 2, 3)),
        (bound_late, (1, 2, 3, "a")),
        (of_any, (1, 2, 3)),
        (wrapped_two, (1, 2)),
        (Callable(), (1, 2)),
        (functools.partial(bound_late, category="b"), (1, 2, 3, "b")),
        (functools.partial(lambda law, rows, period: (rows, period), "law"), (1, 2)),
        (staticmethod(with_default), (1, 2, "a")),
    ],
)
def test_a_formula_takes_rows_and_period_and_perhaps_the_law(function, expected):
    assert define(a_class(formula=function)).formulas[0](1, 2, 3) == expected


# What is wrong


@pytest.mark.parametrize(
    "attributes, message",
    [
        ({"lable": "x"}, "`lable` is no attribute of a variable. Did you mean `label`?"),
        ({"_helper": 1}, "`_helper` is no attribute of a variable."),
        ({"value_type": list}, "`value_type`: expected bool, int, float, str, date or Enum; got <class 'list'>."),
        ({"value_type": None}, "`value_type` is missing"),
        ({"value_type": Statut}, "`value_type`: expected bool, int, float, str, date or Enum"),
        ({"entity": None}, "`entity` is missing: expected an Entity."),
        ({"entity": "individu"}, "`entity`: expected an Entity; got 'individu'."),
        ({"definition_period": None}, "`definition_period` is missing"),
        (
            {"definition_period": "yaer"},
            "`definition_period`: `yaer` is not a unit of time: expected one of weekday, week, day, month, year, eternity. Did you mean `year`",
        ),
        ({"definition_period": 12}, "`definition_period`: expected YEAR, MONTH, WEEK, DAY, WEEKDAY or ETERNITY; got 12."),
        ({"possible_values": Statut}, "`possible_values` belongs to variables of type Enum; this one is of type float."),
        ({"value_type": Enum}, "`possible_values` is missing"),
        ({"value_type": Enum, "possible_values": ["a"]}, "`possible_values`: expected a class that derives from Enum and has members; got ['a']."),
        ({"value_type": Enum, "possible_values": Enum}, "`possible_values`: expected a class that derives from Enum and has members"),
        ({"value_type": Enum, "possible_values": Statut}, "`default_value` is missing: expected a member of Statut."),
        ({"value_type": Enum, "possible_values": Statut, "default_value": "locataire"}, "`default_value`: expected a member of Statut; got 'locataire'."),
        ({"default_value": "1"}, "`default_value`: expected a number; got '1'."),
        ({"value_type": int, "default_value": 1.5}, "`default_value`: expected a whole number; got 1.5."),
        ({"value_type": bool, "default_value": 2}, "`default_value`: expected true or false; got 2."),
        ({"value_type": datetime.date, "default_value": "2018-01-01"}, "`default_value`: expected a date"),
        ({"label": ("Salaire",)}, "`label`: expected a text; got ('Salaire',)."),
        ({"unit": 1}, "`unit`: expected a text; got 1."),
        ({"documentation": 1}, "`documentation`: expected a text; got 1."),
        ({"reference": 3}, "`reference`: expected a text, or a list of texts; got 3."),
        ({"reference": ["a", 3]}, "`reference`: expected a text, or a list of texts; got ['a', 3]."),
        ({"cerfa_field": 3}, "`cerfa_field`: expected a text, or a mapping of texts; got 3."),
        ({"end": "2017"}, "`end`: expected the last day as a text `2017-12-31`; got '2017'."),
        ({"end": "2017-02-31"}, "`end`: expected the last day as a text `2017-12-31`. `2017-02-31`"),
        ({"end": 2017}, "`end`: expected the last day as a text `2017-12-31`; got 2017."),
        ({"max_length": 5}, "`max_length` belongs to variables of type str; this one is of type float."),
        ({"value_type": str, "max_length": "5"}, "`max_length`: expected a number of characters; got '5'."),
        ({"value_type": str, "max_length": 0}, "`max_length`: expected a number of characters; got 0."),
        ({"set_input": "divide"}, "`set_input`: expected a function; got 'divide'."),
        ({"calculate_output": 1}, "`calculate_output`: expected a function; got 1."),
        ({"is_period_size_independent": 1}, "`is_period_size_independent`: expected True or False; got 1."),
        ({"formula": 1}, "`formula`: expected a function; got 1."),
        ({"formula_18": with_default}, "`formula_18` is no name of a formula: expected `formula`, `formula_2018`"),
        ({"formula_2018_1": with_default}, "`formula_2018_1` is no name of a formula"),
        ({"formulae": with_default}, "`formulae` is no name of a formula"),
        ({"formula_2018_13": with_default}, "`formula_2018_13` has no valid date in its name."),
        ({"formula_2018_02_30": with_default}, "`formula_2018_02_30` has no valid date in its name."),
        ({"formula_0000": with_default}, "`formula_0000` has no valid date in its name."),
        ({"formula_2018": with_default, "formula_2018_01": with_default}, "Two formulas start on 2018-01-01"),
        ({"formula": with_default, "formula_0001_01_01": with_default}, "Two formulas start on 0001-01-01"),
        ({"end": "2017-12-31", "formula_2018": with_default}, "`formula_2018` starts after the variable's end, 2017-12-31."),
        ({"formula": lambda rows: None}, "`formula`: expected a function of two or three arguments"),
        ({"formula": lambda a, b, c, d: None}, "`formula`: expected a function of two or three arguments"),
        ({"formula": lambda a, b, c, d, *e: None}, "`formula`: expected a function of two or three arguments"),
    ],
)
def test_what_is_wrong_is_told(attributes, message):
    with pytest.raises(VariableDefinitionError) as caught:
        define(a_class(**attributes))
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"Variable `essai` ({__file__}")
    assert any(line.startswith(f"- {message}") for line in lines[1:])
    assert len(lines) == 2


class mal_ecrite(Variable):
    value_type = list
    lable = "x"
    reference = 3

    def formula_2018_13(rows, period):
        return 0


def test_all_that_is_wrong_is_told_at_once_with_the_place():
    with pytest.raises(VariableDefinitionError) as caught:
        define(mal_ecrite)
    lines = str(caught.value).splitlines()
    assert len(lines) == 7
    place = lines[0].removeprefix("Variable `mal_ecrite` (").removesuffix(") is not well written:")
    file, _, number = place.rpartition(":")
    assert file == __file__
    assert Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1] == "class mal_ecrite(Variable):"


def test_many_classes_are_read_together():
    rules = define_all([salaire, a_class()])
    assert list(rules) == ["salaire", "essai"]
    assert all(isinstance(rule, Rule) for rule in rules.values())
    with pytest.raises(VariableDefinitionError) as caught:
        define_all([mal_ecrite, a_class(label=1), a_class(), a_class()])
    text = str(caught.value)
    assert "mal_ecrite" in text
    assert "`label`: expected a text" in text
    assert "Variable `essai` is written twice" in text


# Updates


def test_an_update_keeps_what_it_does_not_say():
    baseline = define(salaire)
    changed = update(type("salaire", (Variable,), {"label": "Nouveau"}), baseline)
    assert changed.label == "Nouveau"
    assert baseline.label == "Salaire"
    for name in ("value_type", "entity", "definition_period", "reference", "unit", "end", "documentation", "set_input", "calculate_output", "cerfa_field"):
        assert getattr(changed, name) == getattr(baseline, name)
    assert changed.is_period_size_independent
    assert changed.formulas == baseline.formulas
    assert changed.default_value == baseline.default_value


@pytest.mark.parametrize(
    "name, starts",
    [
        ("formula", ["0001-01-01"]),
        ("formula_2015_06", ["0001-01-01", "2015-06-01"]),
        ("formula_2016", ["0001-01-01", "2015-06-01", "2016-01-01"]),
        ("formula_2020", ["0001-01-01", "2015-06-01", "2018-01-15", "2020-01-01"]),
    ],
)
def test_an_update_keeps_the_formulas_from_before_its_own(name, starts):
    baseline = define(salaire)
    changed = define(type("salaire", (Variable,), {name: with_default}), baseline)
    assert [str(formula.start) for formula in changed.formulas] == starts
    assert changed.formulas[-1].function is with_default
    assert changed.formulas[:-1] == baseline.formulas[: len(starts) - 1]


def test_an_update_may_change_the_type():
    changed = update(type("salaire", (Variable,), {"value_type": int}), define(a_class(default_value=2.5)))
    assert changed.default_value == 0
    assert changed.dtype == np.int64
    enumerated = define(a_class(value_type=Enum, possible_values=Statut, default_value=Statut.locataire))
    assert update(type("essai", (Variable,), {"label": "x"}), enumerated).default_value is Statut.locataire


def test_an_update_is_checked():
    with pytest.raises(VariableDefinitionError, match="starts after the variable's end"):
        update(type("salaire", (Variable,), {"formula_2021": with_default}), define(salaire))


# Neutralized and annualized


def test_a_neutralized_rule_has_no_formula():
    rule = define(salaire)
    neutralized = rule.neutralized()
    assert neutralized.is_neutralized
    assert neutralized.formula_at(period("2018-01")) is None
    assert rule.formula_at(period("2018-01")) is not None
    assert neutralized.label == rule.label


def test_an_updated_rule_can_be_neutralized_and_annualized():
    partial = update(type("salaire", (Variable,), {"label": "Nouveau"}), define(salaire))
    assert partial.neutralized().is_neutralized
    again = update(type("salaire", (Variable,), {"unit": "x"}), partial.neutralized())
    assert not again.is_neutralized
    assert again.formula_at(period("2018-01")) is again.formulas[1]
    assert update(type("salaire", (Variable,), {"unit": "x"}), partial.annualized()).formula_at(period("2018-02")).arity == 2


def read(name, asked):
    return (name, str(asked))


def test_an_annualized_rule_reads_january():
    rule = define(salaire).annualized()
    assert rule.formula_at(period("2018-01")) is rule.formulas[1]
    assert isinstance(rule.formula_at(period("2018-03")), Formula)
    assert rule.formula_at(period("2018-03"))(read, period("2018-03"), None) == ("salaire", "2018-01")
    assert rule.formula_at(period("2021-03")) is None


def test_a_rule_is_annualized_within_a_period():
    rule = define(salaire).annualized(period("2018"))
    assert rule.formula_at(period("2018-12"))(read, period("2018-12"), None) == ("salaire", "2018-01")
    assert rule.formula_at(period("2019-12")) is rule.formulas[2]
    inputs = define(a_class(definition_period=MONTH)).annualized()
    assert inputs.formula_at(period("2018-01")) is None
    assert inputs.formula_at(period("2018-02"))(read, period("2018-02")) == ("essai", "2018-01")


def test_only_monthly_rules_are_annualized():
    with pytest.raises(VariableDefinitionError, match="expected a monthly variable, it is defined by year"):
        define(a_class()).annualized()


# Outputs


class FakeSimulation:
    def calculate_add(self, name, asked):
        return ("add", name, asked)

    def calculate_divide(self, name, asked):
        return ("divide", name, asked)


def test_outputs_are_added_or_divided():
    assert calculate_output_add(FakeSimulation(), "salaire", "2018") == ("add", "salaire", "2018")
    assert calculate_output_divide(FakeSimulation(), "salaire", "2018") == ("divide", "salaire", "2018")
