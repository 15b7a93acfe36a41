"""The small law over which tables are read, and a way to write them."""

import pytest

from engine.periods import period
from tables_law import small_law


@pytest.fixture(scope="session")
def law():
    return small_law()


@pytest.fixture(scope="session")
def year():
    return period(2017)


@pytest.fixture
def write(tmp_path):
    """Write a text file and return its path."""

    def write_file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
