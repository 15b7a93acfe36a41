"""Figures without a value: what is told is what a run of each period would meet."""

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.checks import Severity, check_law
from engine.entities import build_entity
from engine.legislation import Legislation
from engine.parameters import parameters_from_data
from engine.periods import YEAR, calendar_year
from engine.variables import Variable

Person = build_entity("person", "persons", "Person", is_person=True)
YEARS = range(2000, 2012)
dates = st.builds(lambda year, month: f"{year}-{month:02d}-01", st.integers(2000, 2010), st.sampled_from([1, 4, 12]))
vintages = st.dictionaries(
    st.builds(lambda year, month: f"formula_{year}_{month:02d}", st.integers(2000, 2010), st.sampled_from([1, 7])), st.just(None), max_size=3
)


def formula(person, period, parameters):
    return parameters(period).figure


def law_of(starts, end, values):
    said = {"value_type": float, "entity": Person, "definition_period": YEAR, "end": end, "__module__": __name__}
    variable = type("asking", (Variable,), {**said, **dict.fromkeys(starts, formula)})
    return Legislation.make([Person], [variable], parameters_from_data({"figure": {"values": values}}))


def naive(law):
    """Return, per vintage, the years in force and those of them in which the figure has no value; an undated formula's first lack is left out."""
    rule = law.variable("asking")
    found = []
    for vintage in rule.formulas:
        asked = [year for year in YEARS if rule.formula_at(calendar_year(year)) is vintage]
        lacking = [year for year in asked if law.parameters.child("figure").at(f"{year}-01-01") is None]
        found.append((vintage, asked, lacking))
    return found


def years_told(message, asked):
    words = message.split("has no value for ")[1].split(":")[0]
    told = set()
    for part in words.split(" and "):
        if part == "later":
            told |= set(range(max(told), YEARS[-1] + 1))
        else:
            low, _, high = part.partition(" to ")
            told |= set(range(int(low), int(high or low) + 1))
    return told & set(asked)


@given(
    vintages,
    st.none() | st.integers(2005, 2010).map(lambda year: f"{year}-12-31"),
    st.dictionaries(dates, st.none() | st.integers(1, 9), min_size=1, max_size=5),
)
def test_dated_formulas_are_told_of_exactly_the_years_that_lack_a_value(starts, end, values):
    if end is not None:
        starts = {name: None for name in starts if name[8:].replace("_", "-") <= end}
    law = law_of(starts, end, {"2000-01-01": values.pop("2000-01-01", None), **values, "2011-01-01": 1})
    report = check_law(law)
    told = [finding for finding in report.findings if finding.kind == "dates"]
    expected = [(vintage, asked, lacking) for vintage, asked, lacking in naive(law) if lacking]
    assert len(told) == len(expected)
    for vintage, asked, lacking in expected:
        (finding,) = [each for each in told if f"of {vintage.start} of" in each.message]
        assert (finding.severity is Severity.ERROR) == (asked == lacking)
        if asked != lacking:
            assert years_told(finding.message, asked) == set(lacking)


def test_an_undated_formula_is_not_told_of_the_time_before_the_first_value():
    report = check_law(law_of(["formula"], None, {"2003-01-01": 1, "2005-01-01": None, "2007-01-01": 2}))
    (finding,) = report.findings
    assert "has no value for 2005 to 2006:" in finding.message
    assert not check_law(law_of(["formula"], None, {"2003-01-01": 1})).findings


def test_an_undated_formula_whose_figure_never_has_a_value_fails_always():
    (finding,) = check_law(law_of(["formula"], None, {"2003-01-01": None})).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith("it never has one.")


def test_many_runs_are_cut_short():
    values = {f"{year}-01-01": year if year % 2 else None for year in range(1980, 2000)}
    (finding,) = check_law(law_of(["formula_1980"], None, values)).findings
    assert re.search(r"for 1980 and 1982 and 1984 and 1986 and 6 times more:", finding.message)
