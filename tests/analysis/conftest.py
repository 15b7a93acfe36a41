"""A small invented population, read once: studies of it are immutable to tests."""

import pytest

import bareme
from invented_population import invented


@pytest.fixture(scope="session", name="tables")
def _tables():
    return invented(400)


@pytest.fixture(scope="session", name="study")
def _study(tables):
    return bareme.study(tables, 2022, replicates=20)
