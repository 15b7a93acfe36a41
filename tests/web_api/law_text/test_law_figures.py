"""How figures are written and read: what is written can be read back and is the same figure, on the server's side and in the browser's."""

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web_api.law_text.figures import UNITS, number, text

STATIC = Path(__file__).parents[3] / "web_api" / "law_text" / "static"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")

PROGRAM = """
import { number, read, text } from %r;
import { readFileSync } from "node:fs";
const { units, cases } = JSON.parse(readFileSync(0, "utf8"));
const told = cases.map(([value, unit, language, typed]) => {
  if (typed !== null) return { read: read(typed, unit, language, units) };
  const written = text(value, unit, language, units);
  return { number: number(value, unit, language, units), text: written, read: read(written, unit, language, units) };
});
console.log(JSON.stringify(told));
"""


def in_node(cases):
    asked = json.dumps({"units": {name: asdict(unit) for name, unit in UNITS.items()}, "cases": cases})
    program = PROGRAM % (STATIC / "numbers.js").as_uri()
    done = subprocess.run([NODE, "--input-type=module", "-e", program], input=asked, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "value, unit, french, english",
    [
        (11294, "currency", "11\u00a0294\u00a0€", "€11,294"),
        (10473.5, "currency", "10\u00a0473,50\u00a0€", "€10,473.50"),
        (0.4525, "/1", "45,25\u00a0%", "45.25%"),
        (0.113, "/1", "11,3\u00a0%", "11.3%"),
        (0.20234, "BMAF", "20,234\u00a0%", "20.234%"),
        (10, "percent", "10\u00a0%", "10%"),
        (0.5, "part", "0,5\u00a0part", "0.5\u00a0shares"),
        (1, "part", "1\u00a0part", "1\u00a0share"),
        (2, "part", "2\u00a0parts", "2\u00a0shares"),
        (74, "year", "74\u00a0ans", "74\u00a0years"),
        (-1200, "currency", "-1\u00a0200\u00a0€", "-€1,200"),
        (3.353, None, "3,353", "3.353"),
        (True, None, "oui", "yes"),
        (None, "currency", "—", "—"),
    ],
)
def test_a_figure_is_written_by_its_unit(value, unit, french, english):
    assert text(value, unit, "fr") == french
    assert text(value, unit, "en") == english


AMOUNTS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.integers(-(10**11), 10**11).map(lambda cents: cents / 100),
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: float(repr(value))),
    st.floats(0, 1).map(lambda value: round(value, 6)),
)


@needs_node
@settings(max_examples=5)
@given(st.lists(st.tuples(AMOUNTS, st.sampled_from([*UNITS, "unheard_of"]), st.sampled_from(["fr", "en"])), min_size=200, max_size=300))
def test_what_is_written_is_read_back(figures):
    told = in_node([[value, unit, language, None] for value, unit, language in figures])
    for (value, unit, language), found in zip(figures, told, strict=True):
        assert found["number"] == number(value, unit, language), (value, unit)
        assert found["text"] == text(value, unit, language), (value, unit)
        separated = number(value, unit, language)
        if unit == "currency" or "." not in separated or language == "en":
            assert found["read"] == {"value": value}, (value, unit, language)


@needs_node
def test_both_ways_of_writing_are_understood():
    cases = [
        ("11 294,5", "currency", "fr", 11294.5),
        ("11\u202f294,50 €", "currency", "fr", 11294.5),
        ("11,294.50", "currency", "fr", 11294.5),
        ("11.294,50", "currency", "en", 11294.5),
        ("€11,294", "currency", "en", 11294),
        ("11,294", "currency", "en", 11294),
        ("11,294", "currency", "fr", 11.294),
        ("1,234,567", "currency", "fr", 1234567),
        ("45,25 %", "/1", "fr", 0.4525),
        ("45.25", "/1", "fr", 0.4525),
        ("11,3", "/1", "fr", 0.113),
        ("0,5 part", "part", "fr", 0.5),
        ("2 parts", "part", "fr", 2),
        ("-5", "currency", "en", -5),
        (",5", "part", "fr", 0.5),
        ("12.", "currency", "fr", 12),
    ]
    told = in_node([[None, unit, language, typed] for typed, unit, language, _ in cases])
    assert [each["read"] for each in told] == [{"value": value} for *_, value in cases]


@needs_node
def test_what_is_no_number_is_refused():
    cases = [
        ("", "wrong_empty"),
        ("   ", "wrong_empty"),
        ("abc", "wrong_number"),
        ("1,2,3", "wrong_number"),
        ("1 2e3", "wrong_number"),
        ("--5", "wrong_number"),
        ("12.34.56", "wrong_number"),
        ("11.294", "wrong_point"),
        ("Infinity", "wrong_number"),
    ]
    told = in_node([[None, "currency", "fr", typed] for typed, _ in cases])
    assert [each["read"] for each in told] == [{"problem": problem} for _, problem in cases]


@needs_node
@pytest.mark.parametrize("file", sorted(STATIC.glob("*.js")), ids=lambda file: file.name)
def test_a_module_is_valid(file):
    assert subprocess.run([NODE, "--check", file], capture_output=True, text=True, check=False).stderr == ""
