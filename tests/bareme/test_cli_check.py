"""`bareme check`: a law read without running it, in a process of its own."""

import json

import pytest

LACKING = "which has no value for 2010 to 2011: it has values from 2012-01-01 on."
GOOD = ("check", "package_in_openfisca_form", "-e", "extension_in_openfisca_form")

PACKAGE = {
    "__init__.py": """\
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from wrong_country import entities


class CountryTaxBenefitSystem(TaxBenefitSystem):
    def __init__(self):
        super().__init__([entities.Person])
        self.add_variables_from_directory(str(Path(__file__).parent / "variables"))
        self.load_parameters(str(Path(__file__).parent / "parameters"))
""",
    "entities.py": """\
from openfisca_core.entities import build_entity

Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
""",
    "variables/income.py": """\
from openfisca_core.model_api import *
from wrong_country.entities import Person


class salary(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH


class tax(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2010(person, period, parameters):
        return person("salery", period, options=[ADD]) * parameters(period).rate
""",
    "parameters/rate.yaml": "values:\n  2012-01-01: 0.1\n",
}


@pytest.fixture
def package(tmp_path):
    for name, text in PACKAGE.items():
        path = tmp_path / "wrong_country" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "wrong_country"


def test_findings_stand_one_in_a_line_with_file_and_line(bareme, package):
    done = bareme("check", "wrong_country")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        "wrong_country/variables/income.py:17: error: There is no variable `salery`. Did you mean `salary`?",
        f"wrong_country/variables/income.py:17: warning: The formula of 2010-01-01 of `tax` reads `rate`, {LACKING}",
        "1 error, 1 warning; 1 formula; reads of variables: 1 understood, 0 not; reads of figures: 2 understood, 0 not.",
    ]


def test_other_programs_get_json(bareme, package):
    done = bareme("check", "wrong_country", "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert (told["errors"], told["warnings"]) == (1, 1)
    assert told["reads"]["variables"] == {"understood": 1, "not_understood": 0}
    assert told["findings"][0] == {
        "file": "wrong_country/variables/income.py",
        "line": 17,
        "column": 23,
        "severity": "error",
        "kind": "variable",
        "message": "There is no variable `salery`. Did you mean `salary`?",
    }


def test_warnings_count_where_it_is_strict(bareme, package):
    income = package / "variables" / "income.py"
    income.write_text(income.read_text(encoding="utf-8").replace("salery", "salary"), encoding="utf-8")
    assert bareme("check", "wrong_country").returncode == 0
    assert bareme("check", "wrong_country", "--strict").returncode == 1


def test_a_package_that_cannot_be_loaded_shows_all_that_its_loaders_found(bareme, package):
    (package / "parameters" / "rate.yaml").write_text("values:\n  2012-02-30: 0.1\n", encoding="utf-8")
    done = bareme("check", "wrong_country")
    assert done.returncode == 1
    assert done.stdout.startswith("wrong_country/parameters/rate.yaml:2: error: `2012-02-30` cannot date a value of `rate`: there is no such day.\n1 error, ")


def test_a_package_and_its_extension_that_are_right_end_with_0(bareme):
    done = bareme(*GOOD)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("0 errors, ")


def test_the_law_of_bareme_is_clean(bareme):
    done = bareme("check", "--strict")
    assert done.returncode == 0, done.stdout
    assert "0 errors, 0 warnings; " in done.stdout
    assert done.stdout.count("understood, 0 not") == 2


def test_a_package_that_is_not_there_is_refused(bareme):
    refused = bareme("check", "package_in_openfisca_frm")
    assert refused.returncode == 2
    assert "Did you mean `package_in_openfisca_form`" in refused.stderr
    assert bareme("check", "-r", "reforms.none_of_that_name").returncode == 2
