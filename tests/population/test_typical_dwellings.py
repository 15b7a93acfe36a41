"""Typical dwellings in every commune: the engine's results against the rules written out once more, by hand."""

import math
import re

import pyarrow.compute as pc
import pytest

from engine.errors import DataError, TableError
from legislation import france
from legislation.taxe_habitation.communes import communes
from population.typical_dwellings import LEFT_OUT, RESULTS, calculate_everywhere, check_reference, typical_dwellings


@pytest.fixture(scope="module")
def table():
    return calculate_everywhere(france(), typical_dwellings())


def rounded(value):
    return math.floor(value * (1 + 16 * 2**-52) + 0.5)


def test_there_are_twelve_dwellings_in_each_commune_with_an_average_value(table):
    known = communes(2017)
    with_value = sum(value > 0 for value in known["valeur_locative_moyenne_commune"].to_pylist())
    assert len(typical_dwellings()) == 12
    assert table.num_rows == 12 * with_value
    assert table.schema.metadata[b"left_out"].decode() == LEFT_OUT
    assert not any(table[name].null_count for name in RESULTS)


def base(figures, authority, rental_value, dwelling):
    """Return the net base: an EPCI without amounts of its own follows the commune."""
    kinds = ("general", "personnes_a_charge_1_2", "personnes_a_charge_3_plus", "special")
    amounts = [figures[f"abattement_{kind}_{authority}"] for kind in kinds]
    if not any(amounts):
        amounts = [figures[f"abattement_{kind}_commune"] for kind in kinds]
    if dwelling.is_secondary:
        return rental_value
    left = max(0, rental_value - amounts[0])
    first = min(2, dwelling.personnes_a_charge) * amounts[1] + min(2, dwelling.enfants_alternes) * rounded(amounts[1] / 2)
    left = max(0, left - first - max(0, dwelling.personnes_a_charge - 2) * amounts[2])
    ceiling = rounded(figures["valeur_locative_moyenne_commune"] * (13 + dwelling.personnes_a_charge + dwelling.enfants_alternes / 2) / 10)
    return max(0, left - amounts[3]) if dwelling.modeste and rental_value < ceiling else left


@pytest.mark.parametrize("code", ["01001", "13055", "33063", "44109", "59350", "67482", "69123", "75056", "97411", "97608"])
def test_a_commune_is_as_the_rules_say(table, code):
    (figures,) = (row for row in communes(2017).to_pylist() if row["code_insee"] == code)
    rows = {row["logement"]: row for row in table.filter(pc.equal(table["code_insee"], code)).to_pylist()}
    for dwelling in typical_dwellings():
        row = rows[dwelling.key]
        value = rounded(dwelling.valeur * figures["valeur_locative_moyenne_commune"])
        in_epci = figures["taux_epci"] > 0
        bases = base(figures, "commune", value, dwelling), base(figures, "epci", value, dwelling) if in_epci else 0
        shares = rounded(bases[0] * figures["taux_commune"]), rounded(bases[1] * figures["taux_epci"])
        fees = rounded((0.03 if dwelling.is_secondary else 0.01) * sum(shares))
        rate = 0.002 if not dwelling.is_secondary else 0.012 if bases[0] <= 7622 else 0.017
        levy = rounded(rate * bases[0]) if bases[0] > 4573 else 0
        additional = rounded(0.015 * sum(shares)) if dwelling.is_secondary else 0
        expected = (value, *bases, *shares, fees, levy, additional, sum(shares) + fees + levy + additional)
        assert tuple(row[name] for name in ("valeur_locative_brute", *RESULTS)) == expected, dwelling.key


def test_a_file_of_dwellings_says_all_that_is_wrong_with_it(tmp_path):
    path = tmp_path / "logements.yaml"
    path.write_text("a: {libelle: A, nature: tertiaire, valeur: -1, enfants: 2}\nb: {libelle: B}\nc: 3\n")
    with pytest.raises(TableError) as caught:
        typical_dwellings(path)
    found = [re.sub(r"^.*logements.yaml", "", str(problem)) for problem in caught.value.problems]
    assert found == [
        ", `a`: there is no `enfants` to say of a dwelling. Did you mean `enfants_alternes`?",
        ", `a`: `nature` is tertiaire: expected principale or secondaire",
        ", `a`: `valeur` is -1: expected a number of at least 0",
        ", `b`: `nature` is missing",
        ", `b`: `valeur` is missing",
        ", `c`: expected libelle, nature, valeur and so on",
    ]
    with pytest.raises(TableError, match="cannot be read"):
        typical_dwellings(tmp_path / "rien.yaml")


def test_the_reference_dwelling_must_exist():
    assert check_reference(typical_dwellings(), "couple").valeur == 1
    with pytest.raises(DataError, match="Did you mean `couple_2_enfants`"):
        check_reference(typical_dwellings(), "couple_2_enfant")
