"""A small invented population, whole and in parts, in a folder of its own."""

import pytest
from pyarrow import parquet

from invented_population import invented
from legislation import france
from population.partitions.splitting import split


@pytest.fixture(scope="session", name="law")
def _law():
    return france()


@pytest.fixture(name="whole")
def _whole(tmp_path):
    folder = tmp_path / "whole"
    folder.mkdir()
    for entity, table in invented(60).items():
        parquet.write_table(table, folder / f"{entity}.parquet")
    return folder


@pytest.fixture(name="parts")
def _parts(whole, law, tmp_path):
    return split(whole, tmp_path / "parts", law, 3, say=lambda _: None)
