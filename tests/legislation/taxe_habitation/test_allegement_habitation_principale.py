"""The relief of main homes (CGI, art. 1414 C), 2018 to 2022, and the end of the tax on them in 2023: limits, laws, and where incomes come from."""

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import bareme
from bareme.cli import main
from engine.population import Population
from engine.reform import read_reform
from engine.simulation import Simulation
from legislation.taxe_habitation.parts import montant_selon_parts

ROOT = Path(__file__).parents[3]
WITHOUT_RELIEF = ROOT / "reforms" / "taxe_habitation_sans_degrevement.yaml"
YEARS = range(2018, 2023)
RESULTS = (
    "somme_cotisations",
    "degrevement_gestionnaire",
    "degrevement_plafonnement_accorde",
    "allegement_1414_C",
    "degrevement",
    "taxe_habitation_apres_degrevement",
    "taxe_habitation_nette",
    "net_a_payer",
    "plafonnement_calcule_a_part",
    "est_habitation_principale_d_un_particulier",
    "code_retour_cote",
)
COMMUNE = {
    "departement": np.array(["44"], dtype=object),
    "code_commune": np.array(["109"], dtype=object),
    "taux_commune": [0.2],
    "taux_epci": [0.08],
    "deliberation_valeur_locative_moyenne_commune": [4000],
}


def calculate(law, year, incomes, parts, names, value=3000, **of_bills):
    """Compute bills of main homes in one commune, one for each income; each household has a bill of its own."""
    rows = np.arange(len(incomes))
    links = {("local", "commune"): np.zeros(len(rows), np.int64), ("cote", "local"): rows, ("foyer_fiscal", "cote"): (rows, np.zeros(len(rows), np.int64))}
    simulation = Simulation(law, Population({"commune": 1, "local": len(rows), "cote": len(rows), "foyer_fiscal": len(rows)}, links))
    of_households = {"revenu_fiscal_reference": incomes, "nombre_parts_fiscales": np.broadcast_to(parts, len(rows))}
    of_bills["valeur_locative_brute_principale"] = np.broadcast_to(value, len(rows))
    for name, values in {**COMMUNE, **of_households, **of_bills}.items():
        simulation.set_input(name, year, values)
    return {name: np.asarray(simulation.calculate(name, year)) for name in names}


@pytest.fixture(scope="module")
def law():
    return bareme.france()  # a test that hypothesis runs asks for it by itself: hypothesis would write out the whole law


@pytest.fixture(scope="module")
def without_relief(law):
    return read_reform(WITHOUT_RELIEF)(law)


# --- The limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "year, limit, amounts",
    [
        (2018, "limite_1", {100: 27_000, 125: 31_000, 150: 35_000, 200: 43_000, 225: 46_000, 250: 49_000, 300: 55_000, 350: 61_000}),
        (2018, "limite_2", {100: 28_000, 150: 36_500, 200: 45_000, 250: 51_000, 300: 57_000, 350: 63_000}),
        (2021, "limite_1", {100: 27_761, 150: 35_986, 200: 44_211, 250: 50_380, 300: 56_549, 350: 62_718}),
        (2021, "limite_2", {100: 28_789, 150: 37_528, 200: 46_267, 250: 52_436, 300: 58_605, 350: 64_774}),
        (2022, "limite_1", {100: 28_150, 150: 36_490, 200: 44_830, 250: 51_085, 300: 57_340, 350: 63_595}),
        (2022, "limite_2", {100: 29_192, 150: 38_053, 200: 46_914, 250: 53_169, 300: 59_424, 350: 65_679}),
    ],
)
def test_the_limits_of_income_are_those_published(law, year, limit, amounts):
    scale = getattr(law.parameters.at(f"{year}-01-01").taxe_habitation.seuils_revenu.article_1417_II_bis, limit)
    assert {parts: int(montant_selon_parts(scale, parts)) for parts in amounts} == amounts


@pytest.mark.parametrize(
    "zone, of_2020",
    [
        ("metropole", (5_660, 1_638, 2_895)),
        ("antilles_reunion", (6_796, 1_638, 2_895)),
        ("guyane", (7_547, 1_257, 3_015)),
        ("mayotte", (8_293, 1_382, 3_314)),
    ],
)
def test_amounts_indexed_year_by_year_are_those_that_the_law_wrote_down_in_2020(law, zone, of_2020):
    # article 1414, IV, as the finance act for 2020 (art. 16) has it
    scale = law.parameters.at("2020-01-01").taxe_habitation.abattement_revenu_1414_A_I[zone]
    assert (scale.premiere_part, scale.premiere_demi_part, scale.demi_part_supplementaire) == of_2020


# --- Laws of the relief -----------------------------------------------------------------------------------------------

INCOMES = st.lists(st.one_of(st.integers(0, 120_000), st.integers(26_000, 30_000)), min_size=2, max_size=40)


@settings(max_examples=40, deadline=None)
@given(year=st.sampled_from(YEARS), incomes=INCOMES, parts=st.integers(4, 20), value=st.integers(0, 20_000))
def test_the_relief_is_between_nothing_and_the_tax_and_never_grows_with_income(year, incomes, parts, value):
    law = bareme.france()
    incomes = np.sort(np.array(incomes))
    found = calculate(law, year, incomes, 25 * parts, RESULTS, value)
    assert not found["code_retour_cote"].any()
    due = found["somme_cotisations"] - found["degrevement_plafonnement_accorde"]
    assert (found["allegement_1414_C"] >= 0).all()
    assert (found["allegement_1414_C"] <= due).all()
    assert (np.diff(found["taxe_habitation_apres_degrevement"]) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(year=st.sampled_from(YEARS), parts=st.integers(4, 20), share=st.floats(0, 1))
def test_between_the_limits_the_relief_falls_in_a_straight_line(year, parts, share):
    law = bareme.france()
    figures = law.parameters.at(f"{year}-01-01").taxe_habitation
    limits = figures.seuils_revenu.article_1417_II_bis
    first, second = (int(montant_selon_parts(limit, 25 * parts)) for limit in (limits.limite_1, limits.limite_2))
    income = round(first + share * (second - first))
    rates = calculate(law, year, [0, first, income, second, second + 1], 25 * parts, ["taux_allegement_1414_C"])["taux_allegement_1414_C"]
    rate, others = (figures.habitation_principale.allegement[name] for name in ("taux", "taux_sans_condition"))
    by_income = rate * (second - income) / (second - first)
    assert rates.tolist() == pytest.approx([rate, rate, by_income + others * (1 - by_income), others, others])


@pytest.mark.parametrize("year", [2018, 2020, 2022, 2023])
def test_bills_of_any_kind_keep_sane_amounts(law, lire_lignes, colonnes_de, year):
    """The rows of the official vectors, whatever they are about, as bills of a later year."""
    columns = colonnes_de("kcac", [row for row in lire_lignes("vectors_dev") if row["rc"] == "0"][:1_500])
    rows = np.arange(len(columns["cote"]["parts_foyer"]))
    counts, links = dict.fromkeys(("cote", "local", "commune"), len(rows)), {("cote", "local"): rows, ("local", "commune"): rows}
    simulation = Simulation(law, Population(counts, links))
    for of_entity in columns.values():
        for name, column in of_entity.items():
            if name not in {"annee_imposition", "annee_deliberations"}:
                simulation.set_input(name, year, column)
    found = {name: np.asarray(simulation.calculate(name, year)) for name in RESULTS}
    fine = found["code_retour_cote"] == 0
    assert fine.mean() > 0.9
    found = {name: values[fine] for name, values in found.items()}
    before = found["somme_cotisations"] - found["degrevement_gestionnaire"] - found["degrevement_plafonnement_accorde"]
    homes = found["est_habitation_principale_d_un_particulier"]
    assert (found["allegement_1414_C"] >= 0).all()
    assert (found["allegement_1414_C"] <= before).all()
    assert not found["allegement_1414_C"][~homes].any()
    apart = found["plafonnement_calcule_a_part"]
    assert (found["taxe_habitation_apres_degrevement"][~apart] == (before - found["allegement_1414_C"])[~apart]).all()
    assert (found["allegement_1414_C"][homes] > 0).any() or year == 2023
    assert found["somme_cotisations"][~homes].sum() > 0
    if year >= 2020:
        assert not found["degrevement_plafonnement_accorde"].any()
        assert not apart.any()
    if year == 2023:
        assert not found["taxe_habitation_nette"][homes].any()


def test_a_relief_below_eight_euros_is_not_granted_but_an_exemption_is(law):
    # 679 euros of tax without abatements are 848; 30 % × 20 / 1,000 of it is 5 euros in 2018; 30 % of 20 is 6 in 2021
    assert calculate(law, 2018, [27_980], 100, ["allegement_1414_C"])["allegement_1414_C"].tolist() == [0]
    assert calculate(law, 2021, [50_000], 100, ["allegement_1414_C", "somme_cotisations"], value=71) == {"allegement_1414_C": [6], "somme_cotisations": [20]}


def test_an_isolated_dependency_whose_ceiling_is_reckoned_apart_has_its_own_relief(law):
    # 500 × 28 % = 140 and fees of 1: 3.44 % of 20,000 − 5,604 is more, so there is no ceiling; 65 % of 141 is 92
    dependency = {"nature_taxation": np.array(["dependance"], dtype=object), "exoneration": np.array(["plafonnement"], dtype=object)}
    names = ["allegement_1414_C", "taxe_habitation_nette", "dependance_allegement_1414_C", "dependance_nette"]
    found = calculate(law, 2019, [20_000], 100, names, value=500, **dependency)
    assert [values.item() for values in found.values()] == [0, 0, 92, 49]


# --- Whose income counts ----------------------------------------------------------------------------------------------


def test_the_incomes_and_parts_of_both_taxpayers_and_of_those_attached_count_together(law):
    rows = np.zeros(3, np.int64)
    links = {("local", "commune"): rows[:1], ("cote", "local"): rows[:1], ("foyer_fiscal", "cote"): (rows, np.arange(3))}
    simulation = Simulation(law, Population({"commune": 1, "local": 1, "cote": 1, "foyer_fiscal": 3}, links))
    inputs = {"revenu_fiscal_reference": [20_000, 18_000, 6_000], "nombre_parts_fiscales": [100, 100, 100], "valeur_locative_brute_principale": [3000]}
    for name, values in {**COMMUNE, **inputs}.items():
        simulation.set_input(name, 2019, values)
    assert simulation.calculate("revenu_allegement_1414_C", 2019).tolist() == [44_000]
    assert simulation.calculate("parts_allegement_1414_C", 2019).tolist() == [300]
    assert simulation.calculate("part_allegement_selon_revenu", 2019).tolist() == [1]


def test_a_bill_known_without_its_households_counts_its_own_income(law):
    simulation = Simulation(law, Population({"commune": 1, "local": 2, "cote": 2}, {("local", "commune"): [0, 0], ("cote", "local"): [0, 1]}))
    inputs = {"revenu_fiscal_reference_cote": [20_000, 0], "parts_foyer": [100, 0], "valeur_locative_brute_principale": [3000, 3000]}
    for name, values in {**COMMUNE, **inputs}.items():
        simulation.set_input(name, 2020, values)
    assert simulation.calculate("taux_allegement_1414_C", 2020).tolist() == [1, 0]


def test_frontier_workers_of_unknown_income_have_no_relief_by_income(law):
    workers = np.array(["frontalier", "frontalier", "vide"], dtype=object)
    found = calculate(law, 2021, [0, 20_000, 0], 100, ["taux_allegement_1414_C"], travailleur_frontalier=workers)
    assert found["taux_allegement_1414_C"].tolist() == [0.3, 1, 1]


# --- Incomes from the income tax --------------------------------------------------------------------------------------


def with_persons(law, year, wages, **of_households):
    """Return a simulation of one bill per household of one person with wages of the year before."""
    rows = np.arange(len(wages))
    links = {("local", "commune"): np.zeros(len(rows), np.int64), ("cote", "local"): rows, ("foyer_fiscal", "cote"): (rows, np.zeros(len(rows), np.int64))}
    links |= {("individu", "foyer_fiscal"): (rows, np.zeros(len(rows), np.int64))}
    counts = {"commune": 1, "local": len(rows), "cote": len(rows), "foyer_fiscal": len(rows), "individu": len(rows)}
    simulation = Simulation(law, Population(counts, links))
    simulation.set_input("salaires", year - 1, wages)
    simulation.set_input("annee_naissance", year - 1, np.full(len(rows), 1970))
    for name, values in {**COMMUNE, **of_households, "valeur_locative_brute_principale": np.full(len(rows), 3000)}.items():
        simulation.set_input(name, year, values)
    return simulation


@settings(max_examples=20, deadline=None)
@given(year=st.sampled_from(YEARS), wages=st.lists(st.integers(0, 90_000), min_size=1, max_size=20))
def test_incomes_fed_by_the_income_tax_give_what_the_same_incomes_given_would(year, wages):
    law = bareme.france()
    simulation = with_persons(law, year, wages)
    fed = {name: simulation.calculate(name, year).tolist() for name in ("revenu_fiscal_reference", "nombre_parts_fiscales", "net_a_payer")}
    assert fed["nombre_parts_fiscales"] == [100] * len(wages)
    given_ = calculate(law, year, fed["revenu_fiscal_reference"], fed["nombre_parts_fiscales"], ["net_a_payer"])
    assert given_["net_a_payer"].tolist() == fed["net_a_payer"]


def test_what_is_given_is_never_replaced_by_the_income_tax(law):
    simulation = with_persons(law, 2019, [20_000], revenu_fiscal_reference=[90_000], nombre_parts_fiscales=[150])
    assert simulation.calculate("revenu_fiscal_reference", 2019).tolist() == [90_000]
    assert simulation.calculate("parts_allegement_1414_C", 2019).tolist() == [150]


def test_a_person_of_whom_nothing_is_said_has_neither_income_nor_parts(law):
    rows = np.arange(3)
    links = {("individu", "foyer_fiscal"): (rows, np.zeros(3, np.int64))}
    simulation = Simulation(law, Population({"individu": 3, "foyer_fiscal": 3}, links))
    simulation.set_input("salaires", 2018, [0, 0, 10_000])
    simulation.set_input("annee_naissance", 2018, [0, 1990, 0])
    assert simulation.calculate("nombre_parts_fiscales", 2019).tolist() == [0, 100, 100]
    assert simulation.calculate("revenu_fiscal_reference", 2019).tolist() == [0, 0, 9_000]


def test_without_persons_a_household_has_neither_income_nor_parts(law):
    rows = np.zeros(1, np.int64)
    links = {("local", "commune"): rows, ("cote", "local"): rows, ("foyer_fiscal", "cote"): (rows, np.zeros(len(rows), np.int64))}
    simulation = Simulation(law, Population({"commune": 1, "local": 1, "cote": 1, "foyer_fiscal": 1}, links))
    for name, values in {**COMMUNE, "valeur_locative_brute_principale": [3000]}.items():
        simulation.set_input(name, 2020, values)
    assert simulation.calculate("nombre_parts_fiscales", 2020).tolist() == [0]
    assert simulation.calculate("allegement_1414_C", 2020).tolist() == [0]


# --- Rental values ----------------------------------------------------------------------------------------------------

COEFFICIENTS = [(2019, 3_198, 3_198), (2020, 3_227, 3_236), (2021, 3_227, 3_243), (2022, 3_227, 3_353), (2023, 3_591, 3_591)]


@pytest.mark.parametrize("year, home, other", COEFFICIENTS)
def test_values_of_main_homes_rise_less_from_2020_to_2022(law, year, home, other):
    # in the department of Ain, 625 × 1.60 = 1,000
    values = {"departement_local": np.array(["01"], dtype=object), "valeur_locative_reference_principale": [625]}
    simulation = Simulation(law, Population({"commune": 1, "local": 1, "cote": 1}, {("local", "commune"): [0], ("cote", "local"): [0]}))
    for name, value in values.items():
        simulation.set_input(name, year, value)
    assert simulation.calculate("valeur_locative_brute_principale", year).tolist() == [home]
    assert simulation.calculate("valeur_locative_imposable", year).tolist() == [other]


def test_a_value_given_for_the_dwelling_is_that_of_the_main_home(law):
    simulation = Simulation(law, Population({"commune": 1, "local": 1, "cote": 1}, {("local", "commune"): [0], ("cote", "local"): [0]}))
    simulation.set_input("valeur_locative_imposable", 2021, [4_321])
    assert simulation.calculate("valeur_locative_brute_principale", 2021).tolist() == [4_321]


# --- The law of 2017 continued ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", range(2018, 2026))
def test_without_the_relief_the_ceiling_of_2017_goes_on(law, without_relief, year):
    incomes = [0, 10_000, 20_000, 27_500, 60_000]
    now = calculate(law, year, incomes, 100, ["net_a_payer"])["net_a_payer"]
    then = calculate(without_relief, year, incomes, 100, RESULTS)
    assert not then["allegement_1414_C"].any()
    assert (then["somme_cotisations"] == 848).all()
    assert (then["degrevement_plafonnement_accorde"][:3] > 0).all()
    assert then["net_a_payer"][-1] == 848
    assert (now <= then["net_a_payer"]).all()


def test_the_law_before_2018_is_the_same_without_the_relief(law, without_relief):
    incomes = [0, 10_000, 20_000, 27_500, 60_000]
    assert calculate(law, 2017, incomes, 100, ["net_a_payer"])["net_a_payer"].tolist() == (
        calculate(without_relief, 2017, incomes, 100, ["net_a_payer"])["net_a_payer"].tolist()
    )


def test_the_reform_is_read_by_simulate(tmp_path):
    bills = tmp_path / "bills.csv"
    bills.write_text(
        "departement,code_commune,taux_commune,deliberation_valeur_locative_moyenne_commune,valeur_locative_brute_principale,parts_foyer,revenu_fiscal_reference_cote\n"
        "44,109,0.2,4000,3000,100,26000\n"
    )
    paid = []
    for reform in ([], ["--reform", str(WITHOUT_RELIEF)]):
        output = tmp_path / "out.csv"
        arguments = ["simulate", str(bills), "--period", "2019", "--variables", "net_a_payer", "--output", str(output), *reform]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        with output.open() as stream:
            paid += [(row["net_a_payer"], row["code_retour_cote"]) for row in csv.DictReader(stream)]
    assert paid == [("212", "0"), ("606", "0")]
