"""A small invented France, made once for the tests of this folder."""

import pytest

from population.france.make import make


@pytest.fixture(scope="session")
def made():
    return make(4_000, 11)
