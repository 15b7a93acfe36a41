"""`bareme debug`: the prompt and the telling line by line, over a country package, Ostrea and the French law."""

import os
import sys
from pathlib import Path

import pytest

from fictional_country import country, country_with_loops

MINIATURE = Path(__file__).parent.parent / "engine" / "openfisca" / "package_in_openfisca_form"
HOUSE = Path(__file__).parent.parent.parent
TAX = str(MINIATURE / "cases" / "tax.yaml")
PACKAGE = ("-c", MINIATURE.name)
OSTREA = Path(__file__).parent.parent / "fictional_country" / "cases"
TWO = """
- name: Two months
  period: 2020-03
  input: {salary: {2020-03: 1000, 2020-04: 2000}}
  output: {rounded_up: {2020-03: 1000, 2020-04: 2000}}
- name: Nothing of that
  period: 2020
  input: {salary: {2020-03: 1000}}
  output: {class_of_salary: 1}
- name: Given
  period: 2020
  input: {tax: 12}
  output: {household_tax: 12}
"""


@pytest.fixture
def two(write):
    return write("two.yaml", TWO)


def test_each_line_is_told_with_what_it_gave(bareme):
    told = bareme("debug", "contribution", "--print", "--case", f"{TAX}::One person", *PACKAGE)
    assert told.returncode == 0, told.stderr
    head, lines, *_ = told.stdout.split("\n\n")
    assert head.splitlines()[0].startswith("contribution at 2016: its formula, ")
    assert "taxes.py:" in head
    assert "kinds = parameters(period).contributions.by_kind\n" in lines
    assert "       kinds = <contributions.by_kind at 2016-01-01>" in lines
    assert "       returned [560.0]  float64, 1 row" in lines
    assert "  yearly_salary at 2016 = [12000.0]  float64, 1 row" in told.stdout
    assert told.stdout.endswith("contribution = [560.0]  float64, 1 row\nThe engine finds the same.\n")


def test_the_vintage_that_ran_is_told(bareme):
    told = bareme("debug", "tax", "--print", "--case", TAX, *PACKAGE).stdout
    assert "tax at 2016: formula 1 of 2, in force from 2015-01-01 until 2020-07-01, " in told
    later = bareme("debug", "tax", "--print", "--case", TAX, "--period", "2021", *PACKAGE).stdout
    assert "tax at 2021: formula 2 of 2, in force from 2020-07-01, " in later
    assert "it is run for itself" in later
    before = bareme("debug", "tax", "--print", "--case", TAX, "--period", "2014", *PACKAGE)
    assert before.returncode == 2
    assert "`tax` has no formula at 2014: its first is in force from 2015-01-01." in before.stderr


def test_the_prompt_has_real_arrays(bareme):
    keys = 'n\nperson("salary", period.first_month)\ntype(person("salary", period.first_month)).__name__\nperson\nparameters\nc\n'
    told = bareme("debug", "tax", "--case", f"{TAX}::A household", *PACKAGE, stdin=keys)
    assert told.returncode == 0, told.stderr
    assert "-> return parameters(period).taxes.scale.calc(" in told.stdout
    assert "array([2000., 1000.,    0.])" in told.stdout
    assert "'ndarray'" in told.stdout
    assert "<person: 3 rows: ana, bo, cy>" in told.stdout
    assert "<the figures of the law: parameters(period)>" in told.stdout
    assert "Asked by household_tax at 2016" in told.stdout
    assert told.stdout.endswith("The engine finds the same.\n")


def test_the_prompt_s_own_commands(bareme):
    keys = 'rows person("yearly_salary", period)\nreads\nengine\nhelp rows\nq\n'
    told = bareme("debug", "tax", "--case", f"{TAX}::A household", "--row", "bo", *PACKAGE, stdin=keys)
    assert told.returncode == 0
    assert "bo  12000.0" in told.stdout
    assert "ana  24000.0" not in told.stdout
    assert "  yearly_salary at 2016 = 12000.0  float64, row bo" in told.stdout
    assert "row by row" in told.stdout
    assert "Left before the end: nothing is compared." in told.stdout


def test_a_row_is_chosen_by_id_or_number(bareme):
    told = bareme("debug", "class_of_salary", "--print", "--case", f"{TAX}::A household", "--row", "0", "--period", "2016", *PACKAGE).stdout
    assert "float64, row ana" in told
    refused = bareme("debug", "class_of_salary", "--print", "--case", f"{TAX}::A household", "--row", "anna", "--period", "2016", *PACKAGE)
    assert "There is no person `anna`. Did you mean `ana`?" in refused.stderr


def test_what_is_changed_at_the_prompt_is_told_beside_what_the_engine_finds(bareme):
    told = bareme("debug", "contribution", "--case", f"{TAX}::One person", *PACKAGE, stdin="n\nn\nn\nn\nc\n")
    assert told.returncode == 0
    changed = bareme("debug", "contribution", "--case", f"{TAX}::One person", *PACKAGE, stdin="n\nn\nn\nn\nmade.add_bracket(2000, 0.5)\nc\n")
    assert changed.returncode == 1
    assert "The engine finds something else in 1 of 1 rows: contribution = [560.0]" in changed.stdout


def test_of_several_periods_one_is_chosen_and_told(bareme, two):
    told = bareme("debug", "rounded_up", "--print", "--case", two, *PACKAGE).stdout
    assert told.startswith("rounded_up at 2020-03: ")
    assert "It runs at other periods too: 2020-04; --period chooses." in told
    assert bareme("debug", "rounded_up", "--print", "--case", two, "--period", "2020-04", *PACKAGE).stdout.startswith("rounded_up at 2020-04: ")


def test_of_several_cases_the_first_that_reaches_the_formula_is_taken(bareme, two):
    told = bareme("debug", "class_of_salary", "--print", "--case", two, *PACKAGE).stdout
    assert "two.yaml:6 Nothing of that; 1 person" in told


def test_what_cannot_be_debugged_is_told(bareme, two):
    def refusal(*arguments):
        told = bareme("debug", "--print", *arguments, *PACKAGE)
        assert told.returncode == 2, told.stdout
        assert "Traceback" not in told.stderr
        return told.stderr

    assert "There is no variable `contributoin`. Did you mean `contribution`" in refusal("contributoin", "--case", TAX)
    assert "`salary` has no formula: its values are given, by the month" in refusal("salary", "--case", TAX)
    assert "there is no case `Two mnths`. Did you mean `Two months`?" in refusal("tax", "--case", f"{two}::Two mnths")
    assert "there is no such file" in refusal("tax", "--case", "nowhere.yaml")
    assert "`tax` at 2020 is given by the case: its formula does not run." in refusal("tax", "--case", f"{two}::Given")
    never = refusal("tax", "--case", f"{two}::Two months")
    assert "`tax` is never asked for on the way to what is expected, `rounded_up`. The formulas of `household_tax` could ask for it." in never
    assert "In none of the 3 cases of " in refusal("in_large_town", "--case", str(two))
    assert "is defined for a year" in refusal("tax", "--case", f"{two}::Nothing", "--period", "2020-01")
    assert "Give either --case" in refusal("tax")


def test_a_situation_in_json(bareme, write):
    situation = write("s.json", '{"persons": {"ana": {"salary": {"2016-01": 3000}, "tax": {"2016": null}}}, "households": {"h": {"adults": ["ana"]}}}')
    told = bareme("debug", "tax", "--print", "--situation", situation, *PACKAGE)
    assert told.returncode == 0, told.stderr
    assert "1 person: ana" in told.stdout
    month = bareme("debug", "rounded_up", "--print", "--situation", situation, "--period", "2016", *PACKAGE).stdout
    assert month.startswith("rounded_up at 2016-01: ")
    assert "--period chooses" in month


def test_a_formula_that_fails(bareme, write):
    case = write("fails.yaml", "- period: 2016\n  reforms: [failing.fails]\n  input: {salary: {2016: 12000}}\n  output: {household_tax: 1}\n")
    write(
        "failing.py",
        "from openfisca_core.reforms import Reform\nfrom openfisca_core.variables import Variable\n\n\n"
        "class tax(Variable):\n    def formula(person, period):\n        salary = person('yearly_salary', period)\n        return salary.nonsense\n\n\n"
        "class fails(Reform):\n    def apply(self):\n        self.update_variable(tax)\n",
    )
    told = bareme("debug", "tax", "--print", "--case", case, *PACKAGE)
    assert told.returncode == 1, told.stderr
    assert "       salary = [12000.0]  float64, 1 row" in told.stdout
    assert "raised AttributeError" in told.stdout
    assert "The engine says: `tax` at 2016, " in told.stdout
    assert "Asked by household_tax at 2016" in told.stdout
    stopped = bareme("debug", "tax", "--case", case, *PACKAGE, stdin="c\np salary\nq\n")
    assert "*** AttributeError" in stopped.stdout
    assert "array([12000.])" in stopped.stdout


@pytest.mark.parametrize("name", ["persons", "households", "dwellings"])
def test_ostrea(run_law, name):
    """Formulas that ask the whole population, walk row by row, or write through a mask, on real arrays."""
    from engine.yaml_tests import collect

    done = set()
    for case in collect([OSTREA / f"{name}.yaml"]):
        for key, value in (case.output or {}).items():
            names = [key] if key in country().variables else [each for of in value.values() if isinstance(of, dict) for each in of]
            for variable in names:
                if variable in done or variable not in country().variables or country().variable(variable).is_input:
                    continue
                done.add(variable)
                told = run_law(country(), "debug", variable, "--print", "--case", f"{case.file}::{case.line}")
                assert told.exit_code == 0 or "is given by the case" in told.output or "never asked" in told.output, told.output
    assert done


def test_a_loop_of_the_law_is_told_shortly(run_law, write, monkeypatch, tmp_path):
    from engine.debugging import Lines, Shown

    namespace = {}
    source = write("loop.py", "def formula(start):\n    total = start\n    for each in range(9):\n        total = total + each\n    return total\n")
    exec(compile(source.read_text(), str(source), "exec"), namespace)  # noqa: S102 - our own five lines
    told = []
    assert Lines(namespace["formula"].__code__, Shown(["a"]), told.append).run(namespace["formula"], 1) == 37
    assert told.count("    4          total = total + each") + told.count("    4  total = total + each") == 3
    assert "       returned 37" in told
    assert "       total = 37  (at the end)" in told


def test_loops_of_the_law(run_law):
    told = run_law(country_with_loops(), "debug", "nothing_of_the_kind", "--print", "--case", OSTREA / "loops.yaml")
    assert told.exit_code == 2
    assert "There is no variable" in told.output


@pytest.mark.skipif(os.name != "posix", reason="a terminal of our own")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("prompt, sign", [("pdb", "(Pdb) "), ("ipython", "ipdb> ")])
def test_at_a_terminal(prompt, sign):
    import pexpect

    pytest.importorskip("IPython")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(MINIATURE.parent), str(HOUSE)]), "TERM": "dumb"}
    command = ["-m", "bareme", "debug", "household_tax", "--case", f"{TAX}::A household", *PACKAGE, "--prompt", prompt]
    child = pexpect.spawn(sys.executable, command, env=environment, encoding="utf-8", timeout=60, dimensions=(50, 200))
    try:
        for keys, answer in [("s", "in_large"), ('household.members("tax", period)', "array"), ("where", "household_tax"), ("c", "The engine finds the same.")]:
            child.expect_exact(sign)
            child.sendline(keys)
            if answer in ("array", "The engine finds the same."):
                child.expect_exact(answer)
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0
