"""The abolition of the taxe d'habitation on the invented France, against what households paid less (OFGL: net of reliefs, from 2017 on)."""

import pytest

import bareme

REFORM = "reforms/taxe_habitation_sans_degrevement.yaml"


@pytest.mark.parametrize("year, official", [(2018, 2.63e9), (2019, 5.82e9)])
def test_the_relief_is_within_ten_percent_of_the_official_fall(year, official, pytestconfig):
    found = bareme.impact(pytestconfig.rootpath / REFORM, None, year, replicates=2)
    (row,) = [row for row in found["budget"].rows() if row["mesure"] == "taxe_habitation"]
    assert row["effet_budget"] == pytest.approx(official, rel=0.1)
