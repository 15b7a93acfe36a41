"""Households of the example tables, from the files to what they pay; those of 2017 are checked by hand, line by line."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from bareme.cli import main

TABLES = Path(__file__).parents[2] / "data" / "menages"
ENTITIES = ("commune", "local", "cote", "foyer_fiscal")


@pytest.fixture
def simulate(tmp_path):
    """Runs `bareme simulate` on tables and returns the bills, by what the file calls them."""

    def run(*variables, tables=ENTITIES, folder=TABLES, annee=2017):
        output = tmp_path / "out.csv"
        arguments = [word for entity in tables for word in ("--table", f"{entity}={folder / entity}.csv")]
        result = CliRunner().invoke(main, ["simulate", *arguments, "--period", str(annee), "--variables", ",".join(variables), "--output", str(output)])
        assert result.exit_code == 0, result.output
        with output.open() as stream:
            return {row.pop("cote_id"): row for row in csv.DictReader(stream)}

    return run


def test_every_household_has_its_bill(simulate):
    bills = simulate("net_a_payer", "code_retour_cote")
    assert {name: bill["code_retour_cote"] for name, bill in bills.items()} == dict.fromkeys(bills, "0")
    assert {name: int(bill["net_a_payer"]) for name, bill in bills.items()} == {"Martin": 162, "Durand": 1_863, "Durand-vacances": 690, "Hoarau": 100}


def test_the_bill_of_a_family_of_modest_income(simulate):
    # 700 × 1.65 × 3.092 = 3,571; less 15 % and 10 % of 4,000 (general and special) and twice 10 % for two children: 1,771
    # 20 % and 8 % of it, and fees of 1 %: 354 + 142 + 5 = 501; the ceiling is 3.44 % of 16,500 − 11,781 = 4,719
    variables = ("valeur_locative_brute_principale", "base_imposable_commune", "somme_cotisations", "revenu_plafonnement_foyer", "degrevement")
    assert [int(simulate(*variables)["Martin"][name]) for name in variables] == [3_571, 1_771, 501, 4_719, 339]


def test_the_bill_of_a_couple_taxed_apart_overseas(simulate):
    # 1,300 × 2.811 = 3,654; less 40 % and three times 5 % of 3,500: 1,729; shares of 22 % and 11 %, and fees: 380 + 190 + 6
    variables = ("base_imposable_commune", "somme_cotisations", "revenu_plafonnement_foyer", "degrevement")
    assert [int(simulate(*variables)["Hoarau"][name]) for name in variables] == [1_729, 576, 21_000 - 18_096, 476]


def test_without_incomes_nobody_has_what_depends_on_them(simulate):
    bills = simulate("net_a_payer", "exoneration", tables=ENTITIES[:3])
    assert {(bill["code_retour_cote"], bill["exoneration"]) for bill in bills.values()} == {("0", "vide")}
    assert int(bills["Martin"]["net_a_payer"]) == 614  # 3,571 − 600 − 800 = 2,171: 434 + 174 + 6


@pytest.mark.parametrize("annee, nets", [(2014, [165, 1_817, 674, 104]), (2015, [163, 1_835, 680, 101]), (2016, [163, 1_855, 687, 101])])
def test_the_same_households_in_other_years(simulate, annee, nets):
    bills = simulate("net_a_payer", annee=annee)
    assert [int(bill["net_a_payer"]) for bill in bills.values()] == nets
    assert {bill["code_retour_cote"] for bill in bills.values()} == {"0"}


def test_years_after_the_last_known_figures_are_refused(simulate):
    assert {bill["code_retour_cote"] for bill in simulate("net_a_payer", annee=2026).values()} == {"1"}
