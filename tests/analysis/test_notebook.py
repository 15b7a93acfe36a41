"""The notebook of the docs runs as it stands."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "impact.ipynb"


# what Jupyter's own packages warn of is not ours
@pytest.mark.filterwarnings("default")
def test_the_notebook_runs(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    done = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    assert len(cells) >= 9
    shown = "".join(str(output) for cell in cells for output in cell.outputs)
    assert "Première tranche à 9 % (2022, reforme :" in shown
    assert "secret" in shown


def test_the_notebook_is_kept_without_results():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
