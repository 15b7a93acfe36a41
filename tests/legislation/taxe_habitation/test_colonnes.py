import numpy as np
import pytest

from legislation.taxe_habitation.autorites import ABSENT, FORFAIT, ILLISIBLE
from legislation.taxe_habitation.colonnes import Genre
from legislation.taxe_habitation.colonnes_cote import MODULES

SORTIES = {"kcac": 198, "ktac": 254, "kdec": 13}
ENTREES = {"kcac": 161, "ktac": 126, "kdec": 17}


@pytest.mark.parametrize("nom", sorted(MODULES))
def test_every_column_is_described_once(nom):
    module = MODULES[nom]
    assert (len(module.entrees), len(module.sorties)) == (ENTREES[nom], SORTIES[nom])


@pytest.mark.parametrize("nom", sorted(MODULES))
def test_every_column_names_variables_of_the_law_and_their_entity(nom, loi):
    module = MODULES[nom]
    for colonne in (*module.entrees.values(), *module.sorties.values()):
        for variable in colonne.variables:
            assert loi.variable(variable).entity.key == colonne.entite.key
    assert loi.variable(module.code_retour).entity.key == module.entite.key


@pytest.mark.parametrize("nom", sorted(MODULES))
def test_inputs_are_held_by_one_column_each(nom):
    variables = [variable for colonne in MODULES[nom].entrees.values() for variable in colonne.variables]
    assert len(variables) == len(set(variables))


@pytest.mark.parametrize("nom", sorted(MODULES))
def test_what_is_written_reads_back(nom):
    for colonne in (*MODULES[nom].entrees.values(), *MODULES[nom].sorties.values()):
        if colonne.genre is Genre.code and len(colonne.codes) == 1:
            textes = list(colonne.codes[0])
            assert colonne.ecrire(colonne.lire(textes)) == textes


def test_rates_on_two_characters():
    colonne = MODULES["kcac"].entrees["e3.cole_c.txbas"]
    (variable,) = colonne.variables
    lus = colonne.lire(["00", "05", "15", "F ", "F5", "  ", "XX", "5 "])[variable]
    assert lus.tolist() == [0, 5, 15, FORFAIT, FORFAIT, ABSENT, ILLISIBLE, ILLISIBLE]
    assert colonne.ecrire({variable: lus[:6]}) == ["00", "05", "15", "F ", "F ", "  "]


def test_unknown_codes_are_invalid():
    colonne = MODULES["kcac"].entrees["e2.aff"]
    rangs = colonne.lire(["H", " ", "X"])["affectation"]
    nomenclature = type(colonne.codes[0]["H"])
    assert [list(nomenclature)[rang].name for rang in rangs] == ["habitation", "vide", "invalide"]


def test_unknown_results_are_refused():
    with pytest.raises(ValueError, match="'XX'"):
        MODULES["kcac"].sorties["s2.codro"].lire(["XX"])


def test_a_column_of_three_codes_is_three_variables():
    colonne = MODULES["kcac"].sorties["s2.roltv"]
    lues = colonne.lire(["1K2", "0N ", "   "])
    assert list(lues) == ["television", "role_audiovisuel_degrevement", "role_audiovisuel_rang_sortie"]
    assert colonne.ecrire(lues) == ["1K2", "0N ", "   "]


def test_decimals_are_written_as_briefly_as_they_read_back():
    colonne = MODULES["kcac"].entrees["e3.timpc"]
    assert colonne.ecrire({"taux_commune": np.array([0.1, 0.317458, 0.0])}) == ["0.1", "0.317458", "0.0"]
