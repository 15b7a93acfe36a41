"""Averages by department, and their map."""

from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from analysis.amounts import euros
from analysis.departments import by_department, places, ranked
from analysis.tile_map import COLOURS, Words, class_breaks, tile_map


@pytest.fixture(scope="module")
def departments():
    rows = [
        ("01", "a", 10, 100, 0),
        ("01", "b", 10, 7, 0),
        ("01", "a", 30, 200, 104),
        ("01", "b", 30, 9, 104),
        ("2A", "a", 5, 50, 0),
        ("2A", "b", 5, 8, 0),
        ("2A", "a", None, 9999, 102),
        ("2A", "b", None, 0, 102),
    ]
    names = ("departement", "logement", "population_municipale", "somme_cotisations", "controle")
    return by_department(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))


def test_averages_are_weighted_by_inhabitants_and_unknown_populations_do_not_count(departments):
    ain, corse = departments
    assert (ain.place.name, ain.communes, ain.amounts) == ("Ain", 2, {"a": 175.0, "b": 8.5})
    assert (corse.place.name, corse.communes, corse.amounts) == ("Corse-du-Sud", 1, {"a": 50.0, "b": 8.0})


def test_departments_of_communes_that_fail_a_control_are_doubtful(departments):
    assert [(department.doubtful, department.is_doubtful) for department in departments] == [(0.75, True), (0.0, False)]


def test_departments_are_ranked_from_the_dearest(departments):
    assert [department.place.code for department in ranked(departments, "a")] == ["01", "2A"]


def test_every_department_has_a_tile_of_its_own():
    tiles = [place.tile for place in places().values()]
    assert len(tiles) == len(set(tiles)) == 101


def test_the_map_shows_every_amount_once_and_is_well_formed():
    amounts = {code: 500.0 + 10 * position for position, code in enumerate(places())}
    svg = tile_map(amounts, places(), Words("L'impôt & nous", "sous-titre", "En euros", ["Sources : <rien>"]), ["75"])
    root = ET.fromstring(svg)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert "L'impôt & nous" in texts
    assert "Sources : <rien>" in texts
    assert [texts.count("75 *" if code == "75" else code) for code in amounts] == [1] * 101
    assert euros(1500.0) in texts


@pytest.mark.parametrize("amounts", [[5.0], [1.0, 2.0, 3.0], list(range(500, 1500, 7)), [0.0] * 10])
def test_colours_begin_at_round_ascending_amounts(amounts):
    breaks = class_breaks(amounts)
    assert breaks == sorted(set(breaks))
    assert len(breaks) < len(COLOURS)
