"""The reforms of the income tax that ship: what they give was reckoned by hand, and whom they must not touch."""

from pathlib import Path

import numpy as np
import pytest

from engine.reform import read_reform
from engine.situation import simulation_from
from legislation import france
from legislation.impot_revenu.conformite import _rows, read_households, read_vectors
from population.households import engine_calculator

REFORMS = Path(__file__).parents[2] / "reforms"
HOUSEHOLDS = Path(__file__).parents[1] / "data" / "impot_revenu" / "households_2022.csv.gz"
BASE = france()
INDIVIDUAL = read_reform("reforms.imposition_individuelle.imposition_individuelle")(BASE)


def tax(law, household, *persons, year=2022, name="impot_net"):
    """Return a result of one household; persons are the declarant, and the spouse if there are two."""
    roles = ("declarant", "conjoint")
    individus = {
        role: {"foyer_fiscal": "foyer", "foyer_fiscal_role": role, "annee_naissance": 1980, **values} for role, values in zip(roles, persons, strict=False)
    }
    simulation = simulation_from(law, {"individus": individus, "foyers_fiscaux": {"foyer": household}}, period=str(year), threads=1)
    return float(simulation.calculate(name, str(year))[0])


@pytest.mark.parametrize(
    "household, wages, before, after",
    [
        ({}, (60000, 0), 3569, 9794),  # 27 000 twice; 54 000 once
        ({}, (40000, 20000), 3569, 4716),  # 4 394, and 795 less a décote of 473
        ({}, (30000, 30000), 3569, 3520),  # 1 785 twice, less a décote of 25 twice
        ({"enfants_a_charge": 2}, (100000, 0), 10831, 20173),  # 21 851 less half of the ceilings of two half shares
    ],
)
def test_each_of_a_couple_is_taxed_alone(household, wages, before, after):
    persons = [{"salaires": each} for each in wages]
    married = {"situation_familiale": "marie", **household}
    assert tax(BASE, married, *persons) == before
    assert tax(INDIVIDUAL, married, *persons) == after


def test_common_income_is_split_in_halves_and_nobody_has_a_negative_one():
    couple = {"situation_familiale": "pacse", "revenus_fonciers_nets": 10000}
    assert tax(INDIVIDUAL, couple, {"salaires": 60000}, {}, name="impot_parts_des_declarants") == 11294  # 59 000: 1 837,11 + 31 522 at 30 %; 5 000: nothing
    loss = {"situation_familiale": "pacse", "autres_pensions_versees": 20000}
    assert tax(INDIVIDUAL, loss, {"salaires": 60000}, {}, name="impot_parts_des_declarants") == 3794  # 34 000 for one, nothing for the other


def test_the_maximum_of_the_allowance_on_pensions_stays_the_households():
    couple = {"situation_familiale": "marie"}
    assert tax(INDIVIDUAL, couple, {"pensions_retraite": 30000}, {"pensions_retraite": 30000}, name="impot_plafonne") == 3950  # 27 938,50 each


@pytest.fixture(scope="module")
def reference():
    table = read_vectors(HOUSEHOLDS)
    columns = read_households(table, _rows(table, None))
    names = ["imposition_commune", "nombre_parts", "impot_net", "decote", "taux_marginal", "revenu_fiscal_reference_annee", "impot_quotient_familial"]
    return [engine_calculator(law)(2022, columns, names) for law in (BASE, INDIVIDUAL)]


def test_whoever_is_taxed_alone_is_untouched(reference):
    before, after = reference
    alone = ~np.asarray(before["imposition_commune"])
    assert alone.sum() > 2000
    for name in before:
        assert np.array_equal(np.asarray(before[name])[alone], np.asarray(after[name])[alone]), name
    assert np.array_equal(before["revenu_fiscal_reference_annee"], after["revenu_fiscal_reference_annee"])


def test_a_couple_without_dependants_never_gains_from_the_scale(reference):
    before, after = reference
    plain = np.asarray(before["imposition_commune"]) & (np.asarray(before["nombre_parts"]) == 2)
    change = np.asarray(after["impot_quotient_familial"])[plain] - np.asarray(before["impot_quotient_familial"])[plain]
    assert plain.sum() > 500
    assert change.min() >= -1  # two roundings instead of one
    assert change.max() > 1000


def test_the_cut_of_2020_on_the_incomes_of_2019():
    law = read_reform(REFORMS / "baisse_premieres_tranches_2020.yaml")(BASE)
    # 7 936 at 11 %: 873; décote 777 less 45,25 % of it: 382
    assert (tax(BASE, {}, {"salaires": 20000}, year=2019), tax(law, {}, {"salaires": 20000}, year=2019)) == (589, 491)
    # 1 715,45 and 28 341 at 30 %
    assert (tax(BASE, {}, {"salaires": 60000}, year=2019), tax(law, {}, {"salaires": 60000}, year=2019)) == (10344, 10218)
    for year in (2018, 2020, 2022):
        assert tax(BASE, {}, {"salaires": 30000}, year=year) == tax(law, {}, {"salaires": 30000}, year=year)


@pytest.mark.parametrize(
    "household, born, wages, before, after",
    [
        ({"situation_familiale": "divorce", "parent_isole": True, "enfants_a_charge": 1}, 1980, 60000, 5835, 6438),
        ({"situation_familiale": "divorce", "enfant_eleve_seul": True}, 1980, 60000, 8792, 8116),
        ({"situation_familiale": "divorce", "ancien_combattant": True}, 1940, 60000, 6591, 8116),
        ({"situation_familiale": "veuf", "enfants_a_charge": 1}, 1980, 100000, 14949, 16817),
        ({"situation_familiale": "divorce", "enfants_a_charge": 1}, 1980, 60000, 8116, 8116),
    ],
)
def test_the_uniform_ceiling(household, born, wages, before, after):
    law = read_reform(REFORMS / "plafond_quotient_familial_uniforme.yaml")(BASE)
    person = {"annee_naissance": born, "salaires": wages}
    assert tax(BASE, household, person) == before
    assert tax(law, household, person) == after


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_the_uniform_ceiling_is_that_of_common_law_in_every_year(year):
    law = read_reform(REFORMS / "plafond_quotient_familial_uniforme.yaml")(BASE)
    figures = law.parameters.at(f"{year}-01-01").impot_revenu.plafonnement
    assert figures.parent_isole == 2 * figures.demi_part
    assert figures.enfant_eleve_seul == figures.demi_part
    assert figures.reduction_invalide == figures.reduction_veuf == 0


def test_the_law_without_the_cut_of_2020_keeps_what_stood_in_2019():
    law = read_reform("reforms.sans_baisse_2020.sans_baisse_2020")(BASE)
    for year in (2018, 2019):
        assert tax(law, {}, {"salaires": 20000}, year=year) == tax(BASE, {}, {"salaires": 20000}, year=year)
    # 2022: 7 223 at 14 %: 1 011; décote 1 293 less 75 % of it: 535; 20 % of 476 for an income below 20 535: 95
    assert tax(law, {}, {"salaires": 20000}) == 381
    assert tax(BASE, {}, {"salaires": 20000}) == 322  # 795 less a décote of 473
    figures = law.parameters.at("2022-01-01").impot_revenu
    assert [float(each) for each in figures.bareme.thresholds] == [0, 10777, 29765, 79799, 168994]
    assert (figures.decote.personne_seule, figures.decote.couple, figures.reduction_sous_condition.plafond_taux_plein) == (1293, 2131, 20535)
