"""The figures of the income tax: each says what it is and where it comes from, and those that are known are as published."""

import pytest

from engine.parameters import Parameter
from legislation import france


@pytest.fixture(scope="module")
def tree():
    return france().parameters


@pytest.fixture(scope="module")
def figures(tree):
    return [item for item in tree.child("impot_revenu").descendants() if isinstance(item, Parameter)]


def test_every_figure_says_what_it_is_its_unit_and_where_it_comes_from(figures):
    assert len(figures) > 60
    plain = [item for item in figures if "[" not in item.name]  # those of a scale stand under the scale's own description
    assert [item.name for item in plain if not item.description] == []
    assert [item.name for item in plain if not (item.unit or item.metadata.get("unit"))] == []
    assert [item.name for item in plain if not (item.reference or item.metadata.get("reference"))] == []


@pytest.mark.parametrize(
    "year,thresholds,rates",
    [
        (2017, [0, 9807, 27086, 72617, 153783], [0, 0.14, 0.30, 0.41, 0.45]),
        (2019, [0, 10064, 27794, 74517, 157806], [0, 0.14, 0.30, 0.41, 0.45]),
        (2020, [0, 10084, 25710, 73516, 158122], [0, 0.11, 0.30, 0.41, 0.45]),
        (2022, [0, 10777, 27478, 78570, 168994], [0, 0.11, 0.30, 0.41, 0.45]),
        (2024, [0, 11497, 29315, 83823, 180294], [0, 0.11, 0.30, 0.41, 0.45]),
    ],
)
def test_the_scale_is_the_one_of_article_197(tree, year, thresholds, rates):
    scale = tree.at(f"{year}-01-01").impot_revenu.bareme
    assert [float(threshold) for threshold in scale.thresholds] == thresholds
    assert [float(rate) for rate in scale.rates] == rates


@pytest.mark.parametrize(
    "path,values",
    [
        ("plafonnement.demi_part", {2017: 1527, 2021: 1592, 2022: 1678, 2023: 1759}),
        ("plafonnement.parent_isole", {2022: 3959}),
        ("plafonnement.enfant_eleve_seul", {2022: 1002}),
        ("plafonnement.reduction_invalide", {2022: 1673}),
        ("plafonnement.reduction_veuf", {2022: 1868}),
        ("decote.personne_seule", {2019: 1208, 2020: 779, 2022: 833}),
        ("decote.couple", {2019: 1990, 2020: 1289, 2022: 1378}),
        ("deductions.salaires.maximum", {2022: 13522}),
        ("deductions.pensions.maximum", {2022: 4123}),
        ("prelevements_sociaux.csg", {2017: 0.099, 2018: 0.092, 2022: 0.092}),
        ("prelevements_sociaux.prelevement_social", {2017: 0.045, 2018: None}),
        ("reduction_sous_condition.taux", {2017: 0.2, 2019: 0.2, 2020: None}),
    ],
)
def test_figures_are_those_of_their_year(tree, path, values):
    figure = tree.child(f"impot_revenu.{path}")
    assert {year: figure.at(f"{year}-01-01") for year in values} == values
