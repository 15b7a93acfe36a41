"""Times of formulas, in tables and on a page."""

import csv
import io
import json
import re

from engine.profiling import Profile, page
from engine.situation import simulation_from
from fictional_country import country, country_with_loops

LAW = country()
SITUATION = {"persons": {"ana": {"salary": {"2020": 24000}}}, "households": {"h": {"adults": ["ana"]}}}


def profile_of(law, name, at):
    profile = Profile()
    span = profile.begin("a case")
    values = simulation_from(profile.law(law), SITUATION).calculate(name, at)
    profile.end(span)
    return profile, values


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_results_are_the_same_and_times_nest():
    profile, values = profile_of(LAW, "income_tax", "2020")
    assert values.tolist() == simulation_from(LAW, SITUATION).calculate("income_tax", "2020").tolist()
    (case,) = profile.root.children
    assert case.name == "a case"
    outermost = case.children[0]
    assert (outermost.name, outermost.variable) == ("income_tax<2020>", "income_tax")
    assert case.time >= outermost.time >= sum(child.time for child in outermost.children) > 0
    assert 0 < outermost.own_time < outermost.time


def test_a_law_is_timed_once_and_runs_no_formula_twice():
    profile = Profile()
    law = profile.law(LAW)
    assert profile.law(LAW) is law
    assert law.kept_graphs.identity(law) is None  # formulas run, whatever is kept on disk
    for _ in range(2):
        simulation_from(law, SITUATION).calculate("income_tax", "2020")
    assert [span.name for span in profile.formulas()].count("income_tax<2020>") == 1


def test_tables_have_openfiscas_columns():
    profile, _ = profile_of(country_with_loops(), "service_years", "2003")
    table = rows(profile.table())
    assert list(table[0]) == ["name", "calculation_time", "formula_time"]
    assert [row["name"] for row in table] == [f"service_years<{year}>" for year in (2003, 2002, 2001, 2000)]
    (row,) = rows(profile.aggregated_table())
    assert list(row) == ["name", "calculation_count", "calculation_time", "formula_time", "avg_calculation_time", "avg_formula_time"]
    assert (row["name"], row["calculation_count"]) == ("service_years", "4")
    assert float(row["calculation_time"]) > float(row["formula_time"]) > 0


def test_a_formula_that_fails_ends_its_time():
    profile = Profile()
    outer = profile.begin("outer")
    inner = profile.begin("inner", "inner")
    profile.end(outer)
    assert outer.end == inner.end
    profile.end(inner)
    assert [span.name for span in profile.root.children] == ["outer"]


def test_the_page_stands_alone_and_holds_every_bar():
    profile, _ = profile_of(LAW, "income_tax", "2020")
    profile.root.children[0].name = "</script><b>"
    text = page(profile.root)
    assert not re.search(r'(src|href)="|https?://|@import|url\(', text)
    assert text.count("</script>") == 2
    bars = json.loads(re.search(r'type="application/json">(.*)</script>', text)[1].replace("<\\/", "</"))
    assert [bar[0] for bar in bars[:3]] == ["all", "</script><b>", "income_tax<2020>"]
    assert all(0 <= bar[4] < number for number, bar in enumerate(bars) if number)
    assert {name for name, *_ in bars[2:]} == {span.name for span in profile.formulas()}
