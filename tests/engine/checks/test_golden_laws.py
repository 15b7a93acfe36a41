"""Good and bad laws, each with what is to be found in it, written beside: `# error: …` and `# warning: …` at the end of a line."""

import re
from pathlib import Path

import pytest

from checked_law import LAWS, law_of
from engine.checks import check_law

MARK = re.compile(r"# (error|warning): (.+?)(?=\s*# (?:error|warning): |$)")
BAD = ["names", "wrong_entities", "figures", "dates", "wrong_periods", "wrong_members", "vintages"]


def marks(*files):
    found = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            found += [(file.name, number, severity, text.strip()) for severity, text in MARK.findall(line)]
    return found


def assert_found_as_marked(report, expected):
    told = [(Path(finding.file).name, finding.line, str(finding.severity), finding.message) for finding in report.findings]
    for mark in expected:
        assert any(mark[:3] == each[:3] and mark[3] in each[3] for each in told), f"not found: {mark}\nof " + "\n".join(map(str, told))
    unexpected = [each for each in told if not any(mark[:3] == each[:3] and mark[3] in each[3] for mark in expected)]
    assert not unexpected, "\n".join(map(str, unexpected))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_law_shows_what_is_marked_and_nothing_else(name):
    expected = marks(LAWS / f"{name}.py")
    assert expected
    assert_found_as_marked(check_law(law_of(name), [LAWS / "parameters"]), expected)


def test_a_good_law_shows_nothing_and_is_understood_whole():
    report = check_law(law_of("good"), [LAWS / "parameters"])
    assert not report.findings, "\n".join(map(str, report.findings))
    assert report.variables.not_understood == report.parameters.not_understood == 0
    assert report.variables.understood == 39
    assert report.parameters.understood == 39
    assert report.formulas == 11
    assert report.formulas_without_source == report.formulas_cut_short == 0


def test_what_cannot_be_understood_is_counted_and_not_told():
    report = check_law(law_of("names"), [LAWS / "parameters"])
    assert report.variables.not_understood == 1


def test_scales_whose_brackets_do_not_fit_together():
    report = check_law(law_of("scales", parameters="scales"), [LAWS / "scales"])
    told = [(Path(finding.file).name, finding.line, finding.message) for finding in report.findings]
    assert told == [
        ("equal.yaml", 4, "The threshold of `equal[1]` at 2012-01-01, 0, is that of the bracket before: what they carry is added up."),
        (
            "falling.yaml",
            6,
            "The threshold of `falling[2]` at 2010-01-01, 1500, is below that of the bracket before, 2000: brackets are put in the order of their thresholds.",
        ),
        ("without_threshold.yaml", 2, "`without_threshold[0]` has the rate 0.1 from 2010-01-01 and no threshold then: the bracket does not count."),
        ("without_threshold.yaml", 4, "`without_threshold[1]` has the rate 0.2 from 2014-01-01 and no threshold then: the bracket does not count."),
    ]
    assert all(finding.severity == "warning" for finding in report.findings)


def test_findings_are_in_the_order_of_files_and_lines():
    report = check_law(law_of("wrong_periods"), [LAWS / "parameters"])
    places = [(finding.file, finding.line, finding.column) for finding in report.findings]
    assert places == sorted(places)
    assert all(column > 0 for _, _, column in places)
