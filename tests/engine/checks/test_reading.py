"""What reading a formula does with the unusual: nothing is run, nothing hangs, nothing ends with an error of Python's."""

import importlib
import sys
from types import FunctionType

import pytest

from checked_law import VARIABLES
from engine.checks import check_law
from engine.checks.calendars import Calendar
from engine.checks.calls import bound
from engine.checks.dated import Times
from engine.checks.frames import Frame
from engine.checks.reading import Reading, Shared
from engine.checks.sources import root_of
from engine.checks.values import THE_LAW, Rows
from engine.entities import build_entity
from engine.legislation import Legislation
from engine.parameters import parameters_from_data
from engine.periods import MONTH
from engine.variables import from_file
from fictional_country.entities import ENTITIES

HEAD = """\
from engine.periods import MONTH, YEAR
from engine.variables import ADD, Variable
from fictional_country.entities import Household, Person


class asking(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH

"""


@pytest.fixture
def check(tmp_path):
    """Check a law of one formula, given by its lines; they begin in line 12."""

    def check_formula(*lines, after=()):
        file = tmp_path / "law.py"
        body = "".join(f"        {line}\n" for line in lines)
        file.write_text(f"{HEAD}    def formula(person, period, parameters):\n{body}\n\n" + "\n".join(after), encoding="utf-8")
        law = Legislation.make(ENTITIES, (*VARIABLES, *from_file(file)), parameters_from_data({"figure": {"values": {"2010-01-01": 1}}}))
        return check_law(law)

    return check_formula


def messages(report):
    return [finding.message for finding in report.findings]


def test_no_formula_is_run(check):
    report = check("import sys", "sys.exit(person('salary', period))", "raise SystemExit")
    assert not report.findings
    assert report.variables.understood == 1


def test_a_sum_of_hundreds_of_terms(check):
    report = check("return " + " + ".join(["person('salary', period)"] * 800 + ["person('salery', period)"]))
    assert len(report.findings) == 1
    assert report.formulas_cut_short == 0


def test_what_is_too_deep_is_counted(check):
    depth = sys.getrecursionlimit() * 3 // 5
    report = check("x = person('salary', period)", "return " + "[" * 80 + "x" + "]" * 80)
    assert not report.formulas_cut_short
    report = check("f = lambda x: x", f"return {'-' * depth}person('salary', period)")
    assert report.formulas_cut_short == 1


def test_functions_that_call_themselves_and_loops_that_do_not_end(check):
    report = check(
        "while True:",
        "    person('salary', period)",
        "    if person('rest', period):",
        "        break",
        "return down(person, period, 10 ** 9) + sum(person('salary', period) for _ in range(10 ** 9)) + 10 ** 10 ** 10",
        after=["def down(person, period, n):", "    return down(person, period, n - 1) + person('lost', period) + down(person, period, n - 2)"],
    )
    assert [message.split(".")[0] for message in messages(report)] == ["There is no variable `rest`", "There is no variable `lost`"]


def test_all_statements_are_gone_through(check):
    report = check(
        "with open('a') as file:",
        "    total: float = person('v1', period)",
        "match file:",
        "    case [1, rest]:",
        "        total += person('v2', period) + rest",
        "    case _:",
        "        pass",
        "try:",
        "    total += person('caught', period)",
        "except KeyError as error:",
        "    total += person('v3', period) + len(str(error))",
        "else:",
        "    total += person('v4', period)",
        "finally:",
        "    total += person('v5', period)",
        "for name in ('v6', 'v7', 'v8'):",
        "    if name == 'v7':",
        "        continue",
        "    total += person(name, period)",
        "    if name == 'v6':",
        "        break",
        "else:",
        "    total += person('v9', period)",
        "assert (more := person('v10', period)) is not None, 'never'",
        "first, *others = ['v11', 'v12', 'v13']",
        "total += person(first, period) if more is None else person('v14', period)",
        "del more",
        "def generate():",
        "    yield 'v15'",
        "    yield 'v16'",
        "class Local:",
        "    pass",
        "return total + sum(person(name, period) for name in generate()) + {'a': person('v17', period)}['a'] + [*others][0]",
    )
    told = {message.split("`")[1] for message in messages(report)}
    assert told == {"v1", "v2", "v3", "v4", "v5", "v6", "v10", "v14", "v15", "v16", "v17"}


def test_names_of_other_kinds_are_not_taken_for_variables(check):
    report = check("import json", "table = json.loads('{}')", "return table.get('salery', period) + open('salery', period)('rent', period)")
    assert not report.findings


def test_an_argument_by_name(check):
    report = check("return person(period=period, name='salery', options=None) + person('rent', options=[ADD], period=period)")
    assert [message.split(".")[0] for message in messages(report)] == [
        "There is no variable `salery`",
        "`rent` is a variable of `household`; it is asked of `person`",
    ]


def test_what_a_function_gives_back_depends_on_the_period(check):
    report = check(
        "node = chosen(parameters, period)",
        "return node.figure",
        after=[
            "def chosen(parameters, period):",
            "    if period.start.year < 2012:",
            "        return parameters('2010')",
            "    return parameters(period.offset(-4, 'year'))",
        ],
    )
    (message,) = messages(report)
    assert message.startswith("The formula of `asking` reads `figure`, which has no value for 2012-01 and later (read at 2008-01-01 for 2012-01): it has")


@pytest.mark.parametrize("module", ["argparse", "ast", "calendar", "difflib", "fractions", "textwrap", "zipfile"])
def test_any_function_of_python_can_be_read(module):
    """No law has such functions: they show what a reader meets that does not know what comes."""
    law = Legislation.make(ENTITIES, VARIABLES, parameters_from_data({"figure": {"values": {"2010-01-01": 1}}}))
    found = importlib.import_module(module)
    classes = [each for each in vars(found).values() if isinstance(each, type)]
    functions = [each for space in (found, *classes) for each in vars(space).values() if isinstance(each, FunctionType)]
    times = Times(Calendar.of(MONTH, 2010, 2012))
    shared = Shared(law, frozenset({root_of(found.__file__)}))
    read = 0
    for function in functions:
        node = shared.sources.node(function.__code__)
        if node is not None:
            reading = Reading(shared, times, times.calendar.all)
            frame = Frame(found.__file__, function.__globals__, times.calendar.all, own=shared.sources.assigned(node))
            given = (Rows("person"), times.period, THE_LAW, "salary")[: len(node.args.args)]
            reading.calls.run(node, bound(node.args, (given, {}), function.__defaults__ or (), {}), frame, Frame("", {}, times.calendar.all))
            read += 1
    assert read > 5


def test_rules_without_source_are_counted():
    person = build_entity("person", "persons", "Person", is_person=True)
    from engine.periods import YEAR
    from engine.variables import Variable

    namespace = {}
    exec("def formula(person, period):\n    return person('nothing', period)", namespace)  # noqa: S102 - a function without a file
    said = {"value_type": int, "entity": person, "definition_period": YEAR, "__module__": __name__, "formula": namespace["formula"]}
    report = check_law(Legislation.make([person], [type("made", (Variable,), said)], parameters_from_data({})))
    assert (report.formulas, report.formulas_without_source) == (0, 1)
