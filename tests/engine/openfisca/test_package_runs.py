"""A package written for OpenFisca-Core runs as it is."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.openfisca.cases import run_cases

HERE = Path(__file__).parent
CASES = HERE / "package_in_openfisca_form" / "cases"


def test_cases_pass(system):
    outcomes = list(run_cases(system, [str(CASES)]))
    assert [str(outcome) for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 4


def test_run_tests_tells_what_failed(core, system, tmp_path):
    run_tests = core("openfisca_core.tools.test_runner").run_tests
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- period: 2016\n  input: {salary: {2016: 12000}}\n  output: {tax: 1}\n")
    told = []
    assert run_tests(system, str(CASES)) == 0
    assert run_tests(system, str(wrong), write=told.append) == 1
    assert "wrong.yaml:3: tax at 2016: expected 1, got 1600" in told[0]


def test_cases_of_a_package_are_lenient(system, tmp_path):
    assert all(rule.is_lenient for rule in system.legislation.variables.values())
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text("""
- period: 2016
  input: {persons: {ana: {salary: [12000]}, bo: {}}, household: {town: 974119}, town: "75056"}
  output: {household: {in_island: [true], tax: {year: {2016: [1600, 0]}}}}
""")
    assert [str(outcome) for outcome in run_cases(system, [str(lenient)]) if not outcome.passed] == []


def test_simulation_from_arrays(household):
    assert household.calculate("tax", 2016).tolist() == [5200, 1600, 0]
    assert household.calculate_output("salary", "2016").tolist() == [24000, 12000, 0]
    assert household.calculate_add("salary", "2016").tolist() == [24000, 12000, 0]
    assert household.household.sum(household.persons("tax", "2016")).tolist() == [6800]
    assert household.household.nb_persons().tolist() == [3]
    assert household.get_holder("tax").get_array("2016").tolist() == [5200, 1600, 0]
    assert household.get_array("contribution", "2016") is None


def test_simulation_from_documents(core, system):
    builder = core("openfisca_core.simulation_builder").SimulationBuilder()
    builder.set_default_period("2016-01")
    simulation = builder.build_from_dict(system, {"persons": {"ana": {"salary": 1000}}, "household": {"adults": ["ana"]}})
    assert simulation.calculate("salary", "2016-01").tolist() == [1000]
    with pytest.raises(core("openfisca_core.errors").SituationParsingError) as raised:
        builder.build_from_dict(system, {"persons": {"ana": {"salry": 1000}}, "household": {"adults": ["ana"]}})
    assert raised.value.code == 404
    assert "salary" in raised.value.error["persons"]["ana"]["salry"]


def test_clone_is_isolated(household):
    other = household.clone()
    other.set_input("salary", "2017", [1.2, 0, 0])
    assert household.get_known_periods("salary") != other.get_known_periods("salary")
    other.delete_arrays("salary")
    assert other.calculate_add("salary", 2016).tolist() == [0, 0, 0]
    assert household.calculate_add("salary", 2016).tolist() == [24000, 12000, 0]


def test_reform_shares_what_it_leaves_alone(core, system, household):
    before = household.calculate("tax", 2016)
    reformed = core("package_in_openfisca_form.reforms").higher_threshold(system)
    assert reformed.legislation.baseline is system.legislation
    assert system.legislation is system.legislation
    assert system.get_parameters_at_instant("2018-01-01").taxes.rates.low == 0.01
    assert reformed.get_parameters_at_instant("2018-01-01").taxes.rates.low == 0.02
    assert before.tolist() == household.calculate("tax", 2016).tolist()


def test_parameters_changed_in_place_are_seen(system, household):
    assert household.calculate("tax", 2016)[1] == 1600
    system.parameters.taxes.scale.brackets[0].rate.update(start="2016-01-01", value=0.2)
    assert household.calculate("tax", 2016)[1] == 2600


def test_variables_are_looked_at(core, system):
    tax = system.get_variable("tax")
    assert tax.entity.key == "person"
    assert list(tax.formulas) == ["2015-01-01", "2020-07-01"]
    assert tax.get_formula("2014") is None
    assert tax.get_formula("2021")(None, None, None) == 1000
    assert system.variables["salary"].is_input_variable()
    assert system.get_variable("nope") is None
    with pytest.raises(core("openfisca_core.errors.variable_not_found_error").VariableNotFoundError, match="salary"):
        system.get_variable("salry", check_existence=True)


def test_system_changes(core, system, household):
    system.neutralize_variable("tax")
    assert household.calculate("tax", 2016).tolist() == [0, 0, 0]
    system.annualize_variable("rounded_up")
    household.max_spiral_loops = 2
    household.set_input("salary", "2020-01", [500.0, 0, 0])
    assert household.calculate("rounded_up", "2020-12").tolist() == [500, 100, 100]
    with pytest.raises(core("openfisca_core.errors").VariableNameConflictError):
        system.add_variable(type("tax", (core("openfisca_core.variables").Variable,), dict(vars(core("package_in_openfisca_form.reforms").new_tax))))


def test_a_day_given_to_a_month_is_its_month(household):
    household.set_input("salary", "2020-01-31", [500.0, 0, 0])
    assert household.calculate("salary", "2020-01").tolist() == [500, 0, 0]


def test_trace(household):
    household.trace = True
    household.calculate("household_tax", 2016)
    flat = household.tracer.get_flat_trace()
    assert flat["household_tax<2016>"]["dependencies"] == ["tax<2016>", "children_count<2016>"]
    assert "taxes.scale<2016-01-01>" in flat["tax<2016>"]["parameters"]
    assert np.array_equal(flat["tax<2016>"]["value"], [5200, 1600, 0])


def test_dump_and_restore(core, system, household, tmp_path):
    dumper = core("openfisca_core.tools.simulation_dumper")
    dumper.dump_simulation(household, str(tmp_path / "kept"))
    again = dumper.restore_simulation(str(tmp_path / "kept"), system)
    assert again.calculate("household_tax", 2016).tolist() == household.calculate("household_tax", 2016).tolist()


def test_script_and_module(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys\nfrom openfisca_core.model_api import *\nprint(Variable.__module__, sys.argv[1:])\n")
    command = [sys.executable, "-m", "engine.openfisca"]
    found = subprocess.run([*command, str(script), "a", "-b"], capture_output=True, text=True, check=True)
    assert found.stdout == "engine.variables.variable ['a', '-b']\n"
    found = subprocess.run([*command, "-m", "json.tool", "-h"], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("usage:")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_logs_of_a_traced_simulation(household, tmp_path, capsys):
    household.trace = True
    household.calculate("household_tax", 2016)
    tracer = household.tracer
    assert tracer.computation_log.lines(max_depth=2)[:2] == ["  household_tax<2016> >> [6800.]", "    tax<2016> >> [5200. 1600.    0.]"]
    tracer.print_computation_log(aggregate=True, max_depth=1)
    assert capsys.readouterr().out == "  household_tax<2016> >> {'avg': 6800.0, 'max': 6800.0, 'min': 6800.0}\n"
    assert [str(node) for node in tracer.browse_trace()][:2] == ["household_tax<2016>", "tax<2016>"]
    tracer.generate_performance_graph(str(tmp_path))
    tracer.generate_performance_tables(str(tmp_path))
    assert '"tax<2016>"' in (tmp_path / "performance_graph.html").read_text()
    assert "\ntax<2016>," in (tmp_path / "performance_table.csv").read_text()
    assert "\ntax,1," in (tmp_path / "aggregated_performance_table.csv").read_text()


def test_run_tests_takes_openfiscas_options(core, system, capsys):
    run_tests = core("openfisca_core.tools.test_runner").run_tests
    options = {"name_filter": "One person", "verbose": True, "max_depth": 1, "ignore_variables": ["tax"], "only_variables": None, "pdb": False}
    assert run_tests(system, [CASES], options) == 0
    assert capsys.readouterr().out.splitlines()[1:-1] == [
        "  contribution<2016> >> [560.]",
        "  class_of_salary<2016> >> [2]",
        "  partner_salary<2016> >> [0.]",
    ]


def test_members_compared_with_texts_are_unequal_as_on_openfisca(core, system):
    variables, year = core("openfisca_core.variables"), core("openfisca_core.periods").YEAR

    class works(variables.Variable):
        value_type, entity, definition_period = float, system.person_entity, year
        formula = staticmethod(lambda person, period: (person("status", period) == "worker") + 2 * (person("status", period) != "worker"))

    system.add_variable(works)
    builder = core("openfisca_core.simulation_builder").SimulationBuilder()
    simulation = builder.build_from_dict(system, {"persons": {"ana": {"status": {"2016": "worker"}}, "bo": {"status": {"2016": "pensioner"}}}})
    assert simulation.calculate("works", "2016").tolist() == [2, 2]
