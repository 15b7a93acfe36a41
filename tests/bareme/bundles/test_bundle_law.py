"""The identity of a law, name by name."""

import importlib.util
import sys
from pathlib import Path

import pytest

from bareme.bundles.law import changed, changes, differences, identity, module_path
from engine.legislation import Legislation
from engine.parameters import load_parameters
from engine.reform import reform_from_data
from legislation import france
from tables_law import small_law

RULES = """
from engine.entities import Entity
from engine.periods import YEAR
from engine.variables import Variable

PERSON = Entity("person", "persons", is_person=True)


def half(value):
    return value / 2


def make(factor, name):
    def formula(person, period):
        return person("income", period) * factor

    return type(name, (Variable,), {"value_type": float, "entity": PERSON, "definition_period": YEAR, "formula": formula, "__module__": __name__})


class income(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR
    label = "Income"


class tax(Variable):
    value_type = float
    entity = PERSON
    definition_period = YEAR

    def formula(person, period):
        return half(person("income", period))


VARIABLES = [income, tax, make(2, "double"), make(3, "triple")]
"""
FIGURES = """
rate: {values: {2015-01-01: 0.1, 2020-01-01: 0.2}}
tax:
  scale:
    metadata: {type: marginal_rate}
    brackets:
    - {threshold: {2015-01-01: 0}, rate: {2015-01-01: 0.1}}
    - {threshold: {2015-01-01: 100}, rate: {2015-01-01: 0.3}}
"""


@pytest.fixture
def law_of(tmp_path):
    """Make a law of rules and figures written to files."""

    def make(rules=RULES, figures=FIGURES):
        (tmp_path / "rules_of_bundles.py").write_text(rules, encoding="utf-8")
        (tmp_path / "figures").mkdir(exist_ok=True)
        (tmp_path / "figures" / "all.yaml").write_text(figures, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("rules_of_bundles", tmp_path / "rules_of_bundles.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["rules_of_bundles"] = module
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        exec(compile(rules, str(tmp_path / "rules_of_bundles.py"), "exec"), module.__dict__)  # noqa: S102 - never from a kept .pyc
        sys.dont_write_bytecode = before
        return Legislation.make([module.PERSON], module.VARIABLES, load_parameters(tmp_path / "figures"))

    yield make
    sys.modules.pop("rules_of_bundles", None)


def told(law_of, **other):
    before = identity(law_of())
    return list(differences(before, identity(law_of(**other))))


def test_the_same_law_has_the_same_identity(law_of):
    assert identity(law_of()) == identity(law_of())


def test_a_formula_that_is_written_otherwise_is_told_by_its_variable_and_file(law_of):
    found = told(law_of, rules=RULES.replace('half(person("income", period))', 'half(person("income", period)) + 1'))
    assert found == ["variables: changed tax", "files of code: changed rules_of_bundles.py"]


def test_code_beside_formulas_is_told_by_its_file(law_of):
    assert told(law_of, rules=RULES.replace("value / 2", "value / 3")) == ["files of code: changed rules_of_bundles.py"]


def test_labels_and_lines_are_not_what_a_variable_computes(law_of):
    found = told(law_of, rules=f"\n\n{RULES.replace('Income', 'Revenue')}")
    assert found == ["files of code: changed rules_of_bundles.py"]


def test_what_a_formula_was_made_with_counts(law_of):
    found = told(law_of, rules=RULES.replace('make(3, "triple")', 'make(4, "triple")'))
    assert found[0] == "variables: changed triple"


def test_variables_that_come_and_go_are_told(law_of):
    found = told(law_of, rules=RULES.replace('make(3, "triple")', 'make(3, "thrice")'))
    assert found[0] == "variables: new thrice; gone triple"


def test_figures_are_told_by_name(law_of):
    assert told(law_of, figures=FIGURES.replace("0.2}", "0.25}")) == ["figures of the law: changed all.rate"]
    assert told(law_of, figures=FIGURES.replace("0.3}", "0.35}")) == ["figures of the law: changed all.tax.scale[1].rate"]
    assert told(law_of, figures=f"# a comment\ndescription: All\n{FIGURES}") == []


def test_long_lists_of_names_are_cut():
    law = small_law()
    neutralized = reform_from_data({"neutralize": sorted(law.variables)})(law)
    (line,) = differences(identity(law), identity(neutralized))
    assert line.count(",") == 11
    assert line.endswith(f"and {len(law.variables) - 12} more")


def test_a_law_is_told_by_its_changes():
    law = france()
    reformed = reform_from_data({"parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.09}}, "neutralize": ["net_a_payer"]})(law)
    before, after = identity(law), identity(reformed)
    change = changes(before, after)
    assert (list(change["figures"]), list(change["variables"])) == (["impot_revenu.bareme[1].rate"], ["net_a_payer"])
    assert changed(before, change) == after


def test_paths_of_code_hold_on_any_machine():
    names = identity(france())["code"]
    assert {"legislation/entites.py", "legislation/cotisations/retraites.py"} <= set(names)
    assert not any(name.startswith(("/", "..")) for name in names)
    assert module_path(Path(sys.modules["engine.errors"].__file__)) == "engine/errors.py"
