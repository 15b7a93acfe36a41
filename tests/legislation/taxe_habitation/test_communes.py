from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from legislation.taxe_habitation.communes import communes, years_of_communes

KEYS = ["code_insee", "departement", "region", "nom", "siren_epci", "nom_epci", "nature_epci", "fiscalite_epci", "population_totale", "population_municipale"]


def test_the_years_known():
    assert years_of_communes() == (2017, 2018, 2019, 2020, 2021, 2022)


@pytest.mark.parametrize("year", [2017, 2022])
def test_every_commune_has_one_well_formed_row(year):
    codes = communes(year)["code_insee"].to_pylist()
    assert codes == sorted(set(codes))
    assert len(codes) > 34_000
    assert all(len(code) == 5 for code in codes)
    assert {"75056", "2A004", "97105", "97608"} <= set(codes)


def test_figures_of_one_commune():
    table = communes(2017)
    (row,) = table.filter(np.asarray(table["code_insee"]) == "01004").to_pylist()
    assert row["nom"] == "Ambérieu-en-Bugey"
    assert (row["departement"], row["region"], row["fiscalite_epci"]) == ("01", "84", "FPU")
    assert (row["taux_commune"], row["taux_epci"]) == (0.1225, 0.063)
    assert (row["valeur_locative_moyenne_commune"], row["abattement_special_commune"], row["abattement_special_epci"]) == (3391, 509, 51)


def test_an_overseas_department_has_three_characters():
    table = communes(2019)
    overseas = {name for name in table["departement"].to_pylist() if len(name) == 3}
    assert overseas == {"971", "972", "973", "974", "976"}


def test_rates_are_fractions_and_amounts_whole_euros():
    table = communes(2018)
    assert 0.5 < max(table["taux_commune"].to_pylist()) < 1
    assert str(table["abattement_general_commune"].type) == "int16"
    assert table["valeur_locative_moyenne_commune"].to_pylist().count(0) == 81


def test_a_year_without_table_is_refused_with_the_known_ones():
    with pytest.raises(DataError, match=r"2023.*2017, 2018, 2019, 2020, 2021, 2022"):
        communes(2023)


def test_every_column_is_described():
    readme = (Path(__file__).parents[3] / "parameters" / "communes" / "README.md").read_text(encoding="utf-8")
    assert [name for name in communes(2017).column_names if name not in readme] == []
    assert communes(2017).column_names[: len(KEYS)] == KEYS
