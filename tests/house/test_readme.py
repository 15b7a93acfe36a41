"""The examples of the README are true."""

import doctest
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_its_python_gives_what_it_says():
    found = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert found.attempted >= 7
    assert found.failed == 0
