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
        (2023, [0, 11294, 28797, 82341, 177106], [0, 0.11, 0.30, 0.41, 0.45]),
        (2024, [0, 11497, 29315, 83823, 180294], [0, 0.11, 0.30, 0.41, 0.45]),
        (2025, [0, 11600, 29579, 84577, 181917], [0, 0.11, 0.30, 0.41, 0.45]),
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
        ("decote.personne_seule", {2023: 873, 2024: 889, 2025: 897}),
        ("outre_mer.guadeloupe_martinique_reunion.plafond", {2017: 5100, 2018: 2450, 2025: 2450}),
        ("outre_mer.guyane_mayotte.plafond", {2017: 6700, 2018: 4050, 2025: 4050}),
        ("deductions.salaires.minimum", {2017: 430, 2021: 448, 2022: 472, 2024: 504}),
        ("deductions.salaires.minimum_demandeur_emploi", {2017: 947, 2018: None}),
        ("independants.majoration_sans_adhesion", {2019: 1.25, 2020: 1.2, 2021: 1.15, 2022: 1.1, 2023: 1}),
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


INDEXED = ("decote.personne_seule", "decote.couple", "plafonnement.demi_part", "plafonnement.parent_isole", "plafonnement.enfant_eleve_seul")
GROWTH = {2018: 1.016, 2019: 1.01, 2021: 1.014, 2022: 1.054, 2023: 1.048, 2024: 1.018, 2025: 1.009}


@pytest.mark.parametrize("year", GROWTH)
def test_the_scale_and_what_goes_with_it_grow_alike(tree, year):
    """Article 2 of each finance law raises them by one rate, each rounded to the euro; the law for 2020 wrote new figures."""
    scales = [tree.at(f"{each}-01-01").impot_revenu.bareme.thresholds for each in (year - 1, year)]
    figures = [[tree.child(f"impot_revenu.{path}").at(f"{each}-01-01") for path in INDEXED] for each in (year - 1, year)]
    for before, after in zip([*scales[0], *figures[0]], [*scales[1], *figures[1]], strict=True):
        assert abs(float(after) - float(before) * GROWTH[year]) <= 1
