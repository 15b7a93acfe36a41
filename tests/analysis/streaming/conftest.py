"""A small invented population in a folder, and a reform of its income tax."""

import pytest
from pyarrow import parquet

import bareme
from analysis.calls import reform_of
from analysis.streaming.task import Task
from invented_population import invented

REPLICATES = 12


@pytest.fixture(scope="session", name="reform")
def _reform():
    return reform_of({"parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.6}, "impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.09}}})


@pytest.fixture(scope="session", name="folder")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population") / "whole"
    folder.mkdir()
    for entity, table in invented(150).items():
        parquet.write_table(table, folder / f"{entity}.parquet")
    return folder


@pytest.fixture(scope="session", name="task")
def _task(reform):
    return Task(reform, 2022, replicates=REPLICATES)


@pytest.fixture(scope="session", name="whole")
def _whole(reform, folder):
    return bareme.impact(reform, folder, 2022, replicates=REPLICATES)
