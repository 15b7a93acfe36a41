"""The figures of social contributions: each says what it is and where it comes from, and those that are known are as published."""

import pytest

from engine.parameters import Parameter
from legislation import france


@pytest.fixture(scope="module")
def tree():
    return france().parameters


def test_every_figure_says_what_it_is_its_unit_and_where_it_comes_from(tree):
    figures = [item for item in tree.child("cotisations").descendants() if isinstance(item, Parameter)]
    assert len(figures) > 60
    plain = [item for item in figures if "[" not in item.name]  # those of a scale stand under the scale's own description
    assert [item.name for item in plain if not item.description] == []
    assert [item.name for item in plain if not (item.unit or item.metadata.get("unit"))] == []
    assert [item.name for item in plain if not (item.reference or item.metadata.get("reference"))] == []


@pytest.mark.parametrize(
    "path,values",
    [
        ("plafond_securite_sociale.mensuel", {2017: 3269, 2018: 3311, 2019: 3377, 2020: 3428, 2022: 3428, 2023: 3666, 2024: 3864, 2025: 3925}),
        ("smic.horaire", {2017: 9.76, 2019: 10.03, 2022: 10.57, 2023: 11.27, 2024: 11.65, 2025: 11.88}),
        ("salaires.maladie", {2017: 0.0075, 2018: None}),
        ("fonction_publique.pension_civile", {2017: 0.1029, 2018: 0.1056, 2019: 0.1083, 2020: 0.111, 2025: 0.111}),
        ("csg.salaires.deductible", {2017: 0.051, 2018: 0.068, 2025: 0.068}),
        ("csg.retraites.deductible.median", {2017: None, 2018: None, 2019: 0.042}),
        ("csg.retraites.deductible.normal", {2017: 0.042, 2018: 0.059, 2025: 0.059}),
        ("seuils_csg.exoneration.metropole.premiere_part", {2017: 10996, 2019: 11128, 2022: 11431, 2024: 12230, 2025: 12817}),
        ("seuils_csg.taux_reduit.metropole.premiere_part", {2018: 14404, 2019: 14548, 2022: 14944, 2024: 15988}),
        ("seuils_csg.taux_median.metropole.premiere_part", {2018: None, 2019: 22580, 2022: 23193, 2024: 24813}),
        ("seuils_csg.exoneration.guadeloupe_martinique_reunion.premiere_part", {2019: 13167, 2024: 14469}),
        ("seuils_csg.exoneration.guyane_mayotte.premiere_demi_part", {2024: 3755}),
        ("seuils_csg.taux_reduit.guyane_mayotte.premiere_part", {2024: 18321}),
    ],
)
def test_figures_are_those_of_their_year(tree, path, values):
    figure = tree.child(f"cotisations.{path}")
    assert {year: figure.at(f"{year}-01-01") for year in values} == values


@pytest.mark.parametrize(
    "path,year,brackets",
    [
        ("retraite_complementaire.agirc_arrco", 2019, {0: 0.0315, 1: 0.0864, 8: 0}),
        ("retraite_complementaire.contribution_equilibre_general", 2019, {0: 0.0086, 1: 0.0108, 8: 0}),
        ("retraite_complementaire.contribution_equilibre_technique", 2019, {0: 0.0014, 8: 0}),
        ("retraite_complementaire.apec", 2019, {0: 0.00024, 4: 0}),
        ("retraite_complementaire.avant_2019.arrco_non_cadres", 2017, {0: 0.031, 1: 0.081, 3: 0}),
        ("retraite_complementaire.avant_2019.agirc", 2017, {0: 0, 1: 0.078, 4: 0.078, 8: 0}),
        ("retraite_complementaire.avant_2019.agff_cadres", 2018, {0: 0.008, 1: 0.009, 8: 0}),
        ("salaires.vieillesse_plafonnee", 2020, {0: 0.069, 1: 0}),
        ("salaires.chomage", 2017, {0: 0.024, 4: 0}),
        ("csg.salaires.assiette", 2020, {0: 0.9825, 4: 1}),
    ],
)
def test_scales_are_those_of_their_year(tree, path, year, brackets):
    scale = tree.child(f"cotisations.{path}").at(f"{year}-01-01")
    assert {float(threshold): pytest.approx(float(rate)) for threshold, rate in zip(scale.thresholds, scale.rates, strict=True)} == brackets
