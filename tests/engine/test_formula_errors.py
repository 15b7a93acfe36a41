"""What a formula does wrong is told with variable, file, line, what was expected and what to write instead."""

import inspect
from dataclasses import replace
from types import FunctionType

import numpy as np
import pytest

import wrong_formulas
from engine.errors import EntityError, FormulaError, RoleNotFoundError, VariableValueError
from engine.formula_errors import told
from engine.periods import MONTH
from engine.population import Population
from engine.variables import Enum
from graph_law import COUNTRY, HOUSE, PERSON, TAX, Kind, figures, law, same, simulate, variable

POPULATION = Population(
    {"person": 4, "house": 2, "tax": 2, "town": 1},
    {("person", "house"): ([0, 0, 0, 1], [0, 1, 2, 0]), ("person", "tax"): ([0, 1, 0, 1], [0, 0, 2, 1]), ("house", "town"): [0, 0]},
)
VARIABLES = [
    variable("amount", PERSON),
    variable("kind", PERSON, value_type=Enum),
    variable("monthly", PERSON, definition_period=MONTH),
    variable("rent", HOUSE),
    variable("credit", TAX),
]
FIGURES = {"aid": {"ceiling": 10, "amount": 5}}
INPUTS = {"rent": [3.0, 6.0], "kind": [0, 1, 2, 1]}
WRONG = [each for each in vars(wrong_formulas).values() if isinstance(each, FunctionType)]


def failure(formula):
    legislation = law(*VARIABLES, variable("aid", HOUSE, formula), entities=COUNTRY, parameters=figures(**FIGURES))
    with pytest.raises(FormulaError) as caught:
        simulate(legislation, POPULATION, INPUTS).calculate("aid", "2020")
    return caught.value


@pytest.mark.parametrize("formula", WRONG, ids=lambda formula: formula.__name__)
def test_a_wrong_formula_is_told_with_its_place_and_what_to_write(formula):
    lines, first = inspect.getsourcelines(formula)
    (here,) = (first + number for number, line in enumerate(lines) if "# here" in line)
    message = str(failure(formula))
    assert message.startswith(f"`aid` at 2020, {wrong_formulas.__file__}:{here}: ")
    assert inspect.getdoc(formula) in message


def test_errors_are_of_their_classes():
    assert isinstance(failure(wrong_formulas.variable_of_the_members).__cause__, EntityError)
    assert isinstance(failure(wrong_formulas.member_as_text).__cause__, VariableValueError)
    assert isinstance(failure(wrong_formulas.unknown_role).__cause__, RoleNotFoundError)
    assert isinstance(failure(wrong_formulas.if_statement).__cause__, ValueError)


def test_what_no_source_tells_is_told_in_general():
    formula = {}
    exec("def formula(house, period, parameters):\n    return 1 if house('rent', period) > 5 else 0\n", formula)  # noqa: S102 - has no source
    assert "an array has a value for each row, and here it is asked for one answer" in str(failure(formula["formula"]))


def test_an_error_of_python_keeps_its_name():
    assert told(ZeroDivisionError("division by zero")) == "ZeroDivisionError: division by zero."
    assert told(ValueError()) == "ValueError."


def test_entities_tell_whether_they_have_a_role():
    assert hasattr(HOUSE, "CHILD")
    assert not hasattr(HOUSE, "CHILDREN")
    with pytest.raises(RoleNotFoundError, match=r"`person` has no role `CHILD`\. Its members have no roles\."):
        _ = PERSON.CHILD


def compared(lenient):
    formulas = {
        "equal": lambda house, period: house.sum(house.members("kind", period) == "tenant"),
        "unequal": lambda house, period: house.sum(house.members("kind", period) != "tenant"),
        "among": lambda house, period: house.sum(np.isin(house.members("kind", period), ["tenant", Kind.guest])),
        "texts": lambda house, period: house.sum(house.members("kind", period) == np.array(["tenant"] * 4)),
    }
    legislation = law(*VARIABLES, *(variable(name, HOUSE, formula) for name, formula in formulas.items()), entities=COUNTRY)
    rules = {name: lenient(rule) for name, rule in legislation.variables.items()}
    simulation = simulate(legislation.with_rules(rules), POPULATION, INPUTS)
    return [simulation.calculate(name, "2020") for name in formulas]


def test_openfisca_finds_no_member_equal_to_a_text():
    found = compared(lambda rule: replace(rule, is_lenient=True))
    for values, expected in zip(found, [[0, 0], [3, 1], [1, 0], [0, 0]], strict=True):
        assert same(values, np.array(expected, float))
