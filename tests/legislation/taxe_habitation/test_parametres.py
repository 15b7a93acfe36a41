import pytest

from engine.parameters import Parameter, Table
from legislation.taxe_habitation.parts import montant_selon_parts


@pytest.fixture(scope="module")
def figures(loi):
    return [item for item in loi.parameters.child("taxe_habitation").descendants() if isinstance(item, Parameter | Table)]


def test_every_figure_says_what_it_is_and_where_it_comes_from(figures):
    assert len(figures) > 150
    assert [item.name for item in figures if not item.description] == []
    assert [item.name for item in figures if not (item.reference or item.metadata.get("reference"))] == []


def test_every_number_has_a_unit(figures):
    def is_number(item):
        if isinstance(item, Table):
            return item.table_at("2017-01-01").dtype != object
        return isinstance(item.values[-1], int | float) and not isinstance(item.values[-1], bool)

    assert [item.name for item in figures if is_number(item) and not (item.unit or item.metadata.get("unit"))] == []


@pytest.mark.parametrize(
    "zone,montants",
    [
        ("metropole", {100: 5_461, 125: 6_251, 150: 7_041, 175: 7_831, 200: 8_621, 250: 10_201, 275: 10_991, 300: 11_781, 350: 11_781 + 2_793}),
        ("antilles_reunion", {100: 6_557, 125: 7_347, 200: 9_717, 250: 12_510, 300: 15_303, 350: 15_303 + 2_793}),
        ("guyane", {100: 7_281, 125: 7_888, 150: 8_494, 175: 9_101, 200: 9_707, 300: 15_525, 350: 15_525 + 2_909}),
        ("mayotte", {100: 8_002, 125: 8_669, 150: 9_335, 175: 10_002, 200: 10_668, 250: 13_865, 300: 17_062, 350: 17_062 + 3_197}),
    ],
)
def test_the_allowance_on_revenue_is_the_one_published_for_2017(loi, zone, montants):
    bareme = loi.parameters.at("2017-01-01").taxe_habitation.abattement_revenu_1414_A_I[zone]
    assert {parts: int(montant_selon_parts(bareme, parts)) for parts in montants} == montants


def test_the_limit_of_article_1417_1_bis_has_no_value_before_2016(loi):
    limite = loi.parameters.child("taxe_habitation.seuils_revenu.article_1417_I_bis.guyane.premiere_part")
    assert [limite.at(f"{annee}-01-01") for annee in (2015, 2016, 2017)] == [None, 16_878, 16_895]
