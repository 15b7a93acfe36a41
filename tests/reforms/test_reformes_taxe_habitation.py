"""The steps of the abolition of the taxe d'habitation, amending the law of 2017 continued, are the law in force."""

import pytest

from engine.reform import read_reform
from legislation import france

FIGURES = (
    "taxe_habitation.habitation_principale.allegement.taux",
    "taxe_habitation.habitation_principale.allegement.taux_sans_condition",
    "taxe_habitation.habitation_principale.imposable",
    "taxe_habitation.plafonnement.en_vigueur",
    "taxe_habitation.prelevement_base_elevee.taux_principale",
    "taxe_habitation.valeur_locative.revalorisation.habitation_principale.metropole",
)


@pytest.mark.parametrize("path", FIGURES)
def test_the_abolition_amends_the_law_of_2017_continued_to_the_law_in_force(path, pytestconfig):
    abolition = read_reform(pytestconfig.rootpath / "reforms/suppression_taxe_habitation.yaml")(france())
    years = [f"{year}-06-01" for year in range(2017, 2024)]
    assert [abolition.parameters.child(path).at(year) for year in years] == [france().parameters.child(path).at(year) for year in years]
