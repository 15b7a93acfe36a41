"""An invented France: whole, the same for a seed, on its targets."""

import numpy as np
import pytest

from engine.errors import DataError
from legislation import france
from population.france.lines import TARGET, YEAR
from population.france.make import make
from population.france.measures import Measures
from population.france.tables import columns_of


def test_the_same_seed_gives_the_same_tables(made):
    again = make(4_000, 11)
    for entity, table in made.tables.items():
        for name, values in table.items():
            np.testing.assert_array_equal(values, again.tables[entity][name], err_msg=f"{entity} {name}")


def test_another_seed_gives_others(made):
    other = make(4_000, 12)
    assert not np.array_equal(other.tables["menage"]["weight"], made.tables["menage"]["weight"])


def test_there_is_no_population_of_a_few_households():
    with pytest.raises(DataError, match="10 households are too few"):
        make(10, 1)


def test_targets_of_this_year_are_nearly_met(made):
    law = france()
    wanted = [line for line in made.lines if line.usage == TARGET and line.en == YEAR and line.groupe != "tranches"]
    measures = Measures(columns_of(made.tables, law, YEAR, before=2), law, YEAR, wanted)
    errors = {line.nom: abs(measures.value(line) / line.valeur - 1) for line in wanted if measures.knows(line)}
    assert len(errors) > 80
    assert {name: error for name, error in errors.items() if error > 0.03} == {}


def test_every_group_has_its_head_and_every_person_its_groups(made):
    persons, foyers = made.tables["individu"], made.tables["foyer_fiscal"]
    for group in ("foyer_fiscal", "famille", "menage"):
        count = len(made.tables[group][f"{group}_id"])
        heads = np.bincount(persons[f"{group}_id"][persons[f"{group}_role"] == 0], minlength=count)
        assert (heads == 1).all()
        assert (np.bincount(persons[f"{group}_id"][persons[f"{group}_role"] == 1], minlength=count) <= 1).all()
    couples = np.bincount(persons["foyer_fiscal_id"][persons["foyer_fiscal_role"] == 1], minlength=len(foyers["situation_familiale"])) == 1
    np.testing.assert_array_equal(couples, np.isin(foyers["situation_familiale"], (1, 2)))


def test_minors_at_home_are_declared_once(made):
    persons, foyers = made.tables["individu"], made.tables["foyer_fiscal"]
    minors = (YEAR - persons["annee_naissance"] < 18) & (persons["foyer_fiscal_role"] == 2)
    at_home = np.bincount(persons["foyer_fiscal_id"][minors], minlength=len(foyers["enfants_a_charge"]))
    assert (foyers["enfants_a_charge"] <= at_home).all()


def test_nobody_stands_twice_in_a_role_on_a_bill(made):
    foyers = made.tables["foyer_fiscal"]
    places = foyers["cote_id"] * 3 + foyers["cote_role"]
    assert len(np.unique(places)) == len(places)


def test_the_weights_of_rows_are_those_of_their_households(made):
    persons, households = made.tables["individu"], made.tables["menage"]
    np.testing.assert_array_equal(persons["weight"], households["weight"][persons["menage_id"]])
