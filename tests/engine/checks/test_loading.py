"""A law that cannot be loaded: the loaders' problems as findings."""

import textwrap

import pytest

from engine.checks import loading_report
from engine.errors import LawError
from engine.parameters import load_parameters
from engine.variables import define_all, from_directory


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write_file


def findings(load, *folders):
    with pytest.raises(LawError) as caught:
        load()
    return [(finding.file, finding.line, finding.message) for finding in loading_report(caught.value, folders).findings]


def test_dates_that_are_not_in_the_calendar(write, tmp_path):
    file = write("parameters/tax/rate.yaml", "values:\n  2015-02-31: 1\n  2016-01-01: 2\n")
    other = write("parameters/other.yaml", "values: {2015-13-01: 1}\n")
    found = findings(lambda: load_parameters(tmp_path / "parameters", cache=False), tmp_path)
    assert [(place, line) for place, line, _ in found] == [(str(other), 1), (str(file), 2)]
    assert "`2015-02-31` cannot date a value of `tax.rate`: there is no such day." in found[1][2]


LAW = """\
    from engine.periods import YEAR
    from engine.variables import Enum, Variable
    from fictional_country.entities import Person

    class Kind(Enum):
        one = "First"

"""


def test_a_vintage_after_the_end_and_a_default_that_is_no_member(write, tmp_path):
    file = write(
        "law/ends.py",
        LAW
        + """\
    class ends(Variable):
        value_type = int
        entity = Person
        definition_period = YEAR
        end = "2015-12-31"

        def formula_2016(person, period):
            return 1

    class kind(Variable):
        value_type = Enum
        possible_values = Kind
        default_value = "two"
        entity = Person
        definition_period = YEAR
    """,
    )
    found = findings(lambda: define_all(from_directory(tmp_path / "law")))
    assert (str(file), 8, "`ends`: `formula_2016` starts after the variable's end, 2015-12-31.") in found
    (default,) = [each for each in found if each[1] == 17]
    assert default[2].startswith("`kind`: ")
    assert len(found) == 2


def test_a_module_that_cannot_be_read(write, tmp_path):
    file = write("law/broken.py", LAW + "    class kind(Variable):\n        default_value = Kind.two\n")
    ((place, line, message),) = findings(lambda: from_directory(tmp_path / "law"))
    assert (place, line) == (str(file), 9)
    assert message == "The file cannot be read: `Kind` has no member `two`."


def test_an_error_without_a_place():
    (finding,) = loading_report(LawError("Nothing fits.")).findings
    assert str(finding) == "law:0: error: Nothing fits."
