"""The options that choose a law: a country package written for OpenFisca, its extensions and reforms, in every command that takes a law."""

import json

PACKAGE = ("-c", "package_in_openfisca_form")
EXTENSION = ("-e", "extension_in_openfisca_form")

PRIME = """
from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote


class prime_de_la_ville(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Label of prime"
"""


def test_variables_of_a_package(bareme):
    lines = bareme("variables", *PACKAGE, *EXTENSION, "-r", "package_in_openfisca_form.reforms.higher_threshold").stdout.splitlines()
    found = {line.split()[0]: line.split(maxsplit=5)[1:] for line in lines}
    assert found["salary"] == ["person", "month", "float", "input", "Salary"]
    assert found["town_bonus"] == ["household", "year", "float", "formula", "Bonus of the town"]
    assert "new_tax" in found
    told = bareme("variables", *PACKAGE, "tax").stdout
    assert "entity:     person" in told
    assert "formula, from 2015-01-01: " in told
    assert "taxes.py:" in told


def test_parameters_of_a_package(bareme):
    assert bareme("parameters", *PACKAGE, "taxes.rates.low").stdout.splitlines()[-1].endswith("0.01")
    assert "2000-01-01  50" in bareme("parameters", *PACKAGE, "--extension", "extension_in_openfisca_form", "town.bonus").stdout


def test_reforms_as_data_change_a_package(bareme, write):
    reform = write("dearer.yaml", "parameters: {taxes.rates.low: {2019-01-01: 0.07}}\n")
    assert "2019-01-01  0.07" in bareme("parameters", *PACKAGE, "--reforms", reform, "taxes.rates.low").stdout


def test_a_wrong_package_tells_the_nearest_one_and_how_to_install_it(bareme):
    refused = bareme("variables", "--country-package", "package_in_openfisca_frm")
    assert refused.returncode == 2
    assert "There is no package `package_in_openfisca_frm`. Did you mean `package_in_openfisca_form`" in refused.stderr
    assert "pip install --no-deps package-in-openfisca-frm" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_is_no_country_package_is_refused(bareme, write, tmp_path):
    assert "it is no country package" in bareme("variables", "-c", "extension_in_openfisca_form").stderr
    (tmp_path / "openfisca_poor").mkdir()
    write("openfisca_poor/__init__.py", "import what_it_lacks\n")
    assert "needs `what_it_lacks`: pip install what_it_lacks" in bareme("variables", "-c", "openfisca_poor").stderr
    assert "cannot be imported" in bareme("variables", "-c", ".").stderr


def test_wrong_extensions_and_reforms_are_refused(bareme):
    assert "There is no package `extension_in`" in bareme("variables", *PACKAGE, "-e", "extension_in").stderr
    reforms = "package_in_openfisca_form.reforms"
    assert "Did you mean `half`?" in bareme("variables", *PACKAGE, "-r", f"{reforms}.halff").stderr
    assert "cannot be imported" in bareme("variables", *PACKAGE, "-r", f"{reforms}ms.half").stderr
    assert "expected a dotted name" in bareme("variables", *PACKAGE, "-r", "half").stderr


def test_simulate_a_package_over_a_situation(bareme, write):
    file = write("cas.json", '{"persons": {"ana": {"salary": {"2016": 24000}}}, "households": {"h": {"adults": ["ana"], "household_tax": {"2016": null}}}}')
    found = bareme("simulate", *PACKAGE, file, "--period", "2016", "--variables", "tax")
    assert json.loads(found.stdout)["households"]["h"]["household_tax"] == {"2016": 5200.0}
    assert json.loads(found.stdout)["persons"]["ana"]["tax"] == {"2016": 5200.0}


def test_simulate_a_package_over_tables_with_extension_and_reform(bareme, write, tmp_path):
    write("persons.csv", "person_id,household_id,household_role,salary\nana,h,first_adult,24000\ncy,h,child,0\n")
    tables = ("--table", "person=persons.csv", "--period", "2018", "--variables", "tax,town_bonus", "--output", "res_{entity}.csv")
    done = bareme("simulate", *PACKAGE, *EXTENSION, "-r", "package_in_openfisca_form.reforms.half", *tables)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "res_person.csv").read_text() == '"person_id","tax"\n"ana",12000\n"cy",0\n'
    assert (tmp_path / "res_household.csv").read_text() == '"household_id","town_bonus"\n"h",50\n'


def test_extensions_and_reforms_of_our_own_law(bareme, write):
    listed = bareme("variables", "-r", write("none.yaml", "neutralize: [net_a_payer]\n"), "net_a_payer")
    assert listed.returncode == 0
    assert "The extension `nowhere` cannot be imported" in bareme("variables", "-e", "nowhere").stderr
    write("prime.py", PRIME)
    assert "label of prime" in bareme("variables", "--extensions", "prime", "prime_de_la_ville").stdout.lower()


def test_a_bundle_names_the_package_and_is_reproduced_in_another_process(bareme, write, tmp_path):
    write("persons.csv", "person_id,household_id,household_role,salary\nana,h,first_adult,24000\ncy,h,child,0\n")
    reforms = ("-r", "package_in_openfisca_form.reforms.half", "-r", write("dearer.yaml", "parameters: {taxes.rates.low: {2019-01-01: 0.07}}\n").name)
    done = bareme("simulate", *PACKAGE, *EXTENSION, *reforms, "--table", "person=persons.csv", "--period", "2018", "--variables", "tax", "--bundle", "dossier")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "dossier" / "manifest.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in manifest["packages"]] == [PACKAGE[1], EXTENSION[1]]
    assert any(name.startswith("package_in_openfisca_form/") for name in json.loads((tmp_path / "dossier" / "law.json").read_text(encoding="utf-8"))[0]["code"])
    replayed = bareme("replay", "dossier")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
