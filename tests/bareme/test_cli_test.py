"""`bareme test`: YAML tests, and the exit code that says how they went."""

import csv

import pytest

from bareme.cli.several_values import SeveralValuesCommand
from bareme.cli.test import command

CASE = """
- name: a bill
  period: 2017
  input:
    foyers: {f: {cote: x, cote_role: premier}}
    cotes: {x: {local: l}}
    locaux: {l: {commune: c, valeur: 100}}
    communes: {c: {taux: 0.5}}
  output: {impot: 50}
"""
PACKAGE = ("-c", "package_in_openfisca_form")
SALARY = "- name: A salary\n  period: 2016\n  input: {salary: {2016: 12000}}\n  output: {tax: 1600, contribution: %d}\n"

FAILING = """
from openfisca_core.reforms import Reform
from openfisca_core.variables import Variable


class contribution(Variable):

    def formula(person, period):
        return person("salary", period.nonsense)


class fails(Reform):
    def apply(self):
        self.update_variable(contribution)
"""


def test_a_case_passes_or_fails_by_its_exit_code(run, write):
    passed = run("test", write("juste.yaml", CASE))
    assert passed.exit_code == 0, passed.output
    assert passed.output.startswith("1 cases: 1 passed, 0 failed")
    failed = run("test", write("faux.yaml", CASE.replace("impot: 50", "impot: 51")))
    assert failed.exit_code == 1
    assert "impot at 2017" in failed.output
    assert "expected 51, got 50" in failed.output


def test_a_path_without_cases_fails(run, tmp_path):
    result = run("test", tmp_path)
    assert result.exit_code == 1
    assert "There is no case" in result.output


def test_a_python_test_needs_a_package(run, write):
    refused = run("test", write("test_it.py", "def test_it():\n    pass\n"))
    assert refused.exit_code == 2
    assert "those are run with --country-package" in refused.output


def test_an_error_that_rows_have_in_common_is_told_once(bareme, write):
    write("failing.py", FAILING)
    rows = "persons: {ana: {}, bo: {}}, households: {h: {adults: [ana, bo]}}"
    told = bareme(
        "test", write("two.yaml", f"- period: 2016\n  reforms: [failing.fails]\n  input: {{{rows}}}\n  output: {{contribution: [1, 2]}}\n"), *PACKAGE
    ).stdout
    assert told.count("nonsense") == 1
    assert "contribution at 2016 of bo: the same error." in told


def test_cases_may_be_chosen(run, write):
    result = run("test", write("juste.yaml", CASE), "--name-filter", "nothing of the kind")
    assert result.exit_code == 1
    assert "nothing of the kind" in result.output


def test_a_path_that_is_not_there_ends_with_code_2(run, tmp_path):
    result = run("test", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no such file or folder" in result.output


def test_what_is_compared_may_be_chosen(run, write):
    wrong = write("faux.yaml", CASE.replace("impot: 50", "impot: 51, revenu: 0"))
    assert run("test", wrong, "--only-variables", "revenu").exit_code == 0
    assert run("test", "-i", "revenu", "impot", "--", wrong).exit_code == 0
    assert run("test", wrong, "-i", "revenu").exit_code == 1
    nothing = run("test", wrong, "-o", "revenus")
    assert nothing.exit_code == 1
    assert "No case expects a value of revenus." in nothing.output


def test_verbose_tells_what_was_computed(run, write):
    told = run("test", "-v", write("juste.yaml", CASE)).output.splitlines()
    assert "passed" in told[0]
    assert told[1] == "  impot<2017> >> [50.]"
    assert all(line.startswith("    ") for line in told[2:-1])
    assert run("test", "-v", "-d", 1, "-a", write("juste.yaml", CASE)).output.splitlines()[1:-1] == ["  impot<2017> >> {'avg': 50.0, 'max': 50.0, 'min': 50.0}"]


def test_one_process_for_what_looks_on(run, write):
    for option in ("--pdb", "--performance", "--performance-tables"):
        assert "run in one process" in run("test", write("juste.yaml", CASE), option, "-w", 2).output


# Country packages, by the real command


def test_cases_of_a_package_pass_or_fail(bareme, write):
    write("right.yaml", SALARY % 560)
    write("wrong.yaml", SALARY % 561)
    failed = bareme("test", *PACKAGE, ".")
    assert failed.returncode == 1
    assert "FAILED wrong.yaml:1 A salary\n  wrong.yaml:4: contribution at 2016: expected 561, got 560" in failed.stdout
    assert "2 cases: 1 passed, 1 failed" in failed.stdout
    assert bareme("test", *PACKAGE, ".", "--name_filter", "right").returncode == 0
    assert bareme("test", *PACKAGE, ".", "-i", "contribution").returncode == 0


def test_extensions_and_reforms_change_the_law_of_all_cases(bareme, write):
    write("bonus.yaml", "- period: 2018\n  input: {salary: {2018: 12000}}\n  output: {tax: 6000, town_bonus: 0}\n")
    dearer = write("dearer.yml", "parameters: {town.bonus: {2000-01-01: 70}}\n")
    reforms = ("-r", "package_in_openfisca_form.reforms.half", dearer)
    done = bareme("test", *PACKAGE, "bonus.yaml", *reforms, "-e", "extension_in_openfisca_form")
    assert done.returncode == 0, done.stdout + done.stderr


def test_workers_share_cases_and_tell_them_in_order(bareme, write, tmp_path):
    for number in range(6):
        write(f"case_{number}.yaml", SALARY % 561)
    told = [
        line.split()[1] for line in bareme("test", *PACKAGE, "--in-parallel", "--num-workers", 3, "-v", "-d", 1, ".").stdout.splitlines() if "FAILED" in line
    ]
    assert told == [f"case_{number}.yaml:1" for number in range(6)]
    alone = write("alone.yml", "".join(SALARY % number for number in range(9)))
    told = bareme("test", *PACKAGE, "-w", 4, alone).stdout
    assert [line.split()[5] for line in told.splitlines() if "expected" in line] == [f"{number}," for number in range(9)]
    assert "9 cases: 0 passed, 9 failed" in told


def test_python_tests_of_a_package_run_too(bareme, write, tmp_path):
    write(
        "test_ours.py", "from openfisca_core.variables import Variable\n\n\ndef test_ours():\n    assert Variable.__module__ == 'engine.variables.variable'\n"
    )
    (tmp_path / "engine").mkdir()  # not ours
    passed = bareme("test", *PACKAGE, ".")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "1 passed" in passed.stdout
    write("other.py", "def test_wrong():\n    assert False\n")
    write("right.yaml", SALARY % 560)
    failed = bareme("test", *PACKAGE, ".", "other.py")
    assert failed.returncode == 1
    assert "1 cases: 1 passed" in failed.stdout
    assert "other.py::test_wrong" in failed.stdout


def test_performance_files(bareme, write, tmp_path):
    write("right.yaml", SALARY % 560)
    done = bareme("test", *PACKAGE, "--performance", "--performance-tables", "right.yaml")
    assert "performance_graph.html written" in done.stdout
    table, aggregated = ((tmp_path / f"{name}performance_table.csv").read_text().splitlines() for name in ("", "aggregated_"))
    assert {row["name"] for row in csv.DictReader(table)} >= {"tax<2016>", "contribution<2016>", "yearly_salary<2016>"}
    assert {row["name"] for row in csv.DictReader(aggregated)} >= {"tax", "contribution", "yearly_salary"}
    assert '"tax<2016>"' in (tmp_path / "performance_graph.html").read_text()


def test_the_debugger_opens_at_a_failure(bareme, write):
    write("wrong.yaml", SALARY % 561)
    write("mine.py", FAILING)
    found = bareme("test", *PACKAGE, "wrong.yaml", "-p", stdin="p len(outcome.differences), results\nc\n")
    assert "(Pdb) (1, {('tax'" in found.stdout
    assert found.returncode == 1
    found = bareme("test", *PACKAGE, "wrong.yaml", "-p", "-r", "mine.fails", stdin="p 'here', person\nc\n")
    assert "mine.py(9)formula()" in found.stdout
    assert "(Pdb) ('here', PopulationView(" in found.stdout
    assert bareme("test", *PACKAGE, "wrong.yaml", "--pdb", stdin="q\n").returncode == 1


@pytest.mark.parametrize(
    "given, understood",
    [
        (["tests", "-e", "a", "b", "-n", "x"], ["tests", "-e", "a", "-e", "b", "-n", "x"]),
        (["-e", "a", "-n", "x", "tests"], ["-e", "a", "-n", "x", "tests"]),
        (["-e", "a", "-e", "b", "here"], ["-e", "a", "-e", "b", "here"]),
        (["-e", "a", "b", "--", "tests"], ["-e", "a", "-e", "b", "--", "tests"]),
        (["-v", "tests", "-e", "a", "here"], ["-v", "tests", "-e", "a", "-e", "here"]),
        (["tests", "-e"], ["tests"]),
        (["-e", "here"], ["-e", "here"]),
        (["--extensions=a", "tests"], ["--extensions=a", "tests"]),
        (["-n", "x", "-e", "a", "here", "there"], ["-n", "x", "-e", "a", "-e", "here", "-e", "there"]),
    ],
)
def test_options_take_what_follows_them(given, understood, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    assert isinstance(command, SeveralValuesCommand)
    assert command._one_by_one(given) == understood
