"""What benefits depend on: housing aid of tenants, who is housed for nothing, who asks."""

import numpy as np
import pytest

from population.france.dwellings import LOCATAIRE_HLM, LOCATAIRE_PRIVE


@pytest.fixture(scope="module")
def families(made):
    """The families of a made population, with the household of their first member."""
    persons, table = made.tables["individu"], made.tables["famille"]
    first = persons["famille_role"] == 0
    household = np.zeros(len(table["famille_id"]), np.int64)
    household[persons["famille_id"][first]] = persons["menage_id"][first]
    return table, household


def test_housing_aid_goes_to_tenants_and_to_those_who_live_in_communities(made, families):
    table, household = families
    homes = made.tables["menage"]
    helped = table["aides_au_logement"] > 0
    rents = np.isin(homes["statut_occupation"], (LOCATAIRE_HLM, LOCATAIRE_PRIVE)) & (homes["loyer_annuel"] > 0)
    assert (rents | (homes["categorie_menage"] == 1))[household[helped]].all()
    assert not table["loge_sans_charge"][helped & (homes["categorie_menage"][household] == 0)].any()
    assert table["aides_au_logement"].max() < 12 * 900


def test_one_family_of_a_household_has_its_housing_aid(made, families):
    table, household = families
    ordinary = made.tables["menage"]["categorie_menage"][household] == 0
    assert np.bincount(household[(table["aides_au_logement"] > 0) & ordinary]).max() == 1


def test_those_with_housing_aid_ask_for_rsa_more_often(families):
    table, _ = families
    helped = table["aides_au_logement"] > 0
    assert table["recours_rsa"][helped].mean() == pytest.approx(0.82, abs=0.04)
    assert table["recours_rsa"][~helped].mean() == pytest.approx(0.43, abs=0.04)
    assert table["recours_prime_activite"].mean() == pytest.approx(0.73, abs=0.03)
