"""What is shipped: the wheel, installed into an empty environment, runs from another folder."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"analysis", "bareme", "engine", "legislation", "parameters", "population", "reforms", "web_api"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)], cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("bareme-*.whl")
    return path


def test_the_wheel_ships_the_packages_and_the_figures_of_the_law_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == PACKAGES
    assert "parameters/taxe_habitation/index.yaml" in names
    assert "parameters/communes/2017.parquet" in names
    assert "bareme/bundles/manifest.schema.json" in names
    assert "population/logements_types.yaml" in names
    assert "parameters/impot_revenu/cgi_197.article.yaml" in names
    assert {f"web_api/law_text/{name}" for name in ("words.yaml", "static/law.js", "templates/law_text/panel.html")} <= set(names)
    assert not [name for name in names if "__pycache__" in name]


def test_the_command_runs_from_a_wheel_in_an_empty_environment(wheel, tmp_path):
    environment, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    elsewhere.mkdir()
    venv.create(environment, with_pip=True)
    tools = environment / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([tools / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True, cwd=elsewhere)
    listed = subprocess.run([tools / "bareme", "variables"], check=True, cwd=elsewhere, capture_output=True, text=True)
    assert "net_a_payer" in listed.stdout
    shown = subprocess.run([tools / "bareme", "parameters", "taxe_habitation"], check=True, cwd=elsewhere, capture_output=True, text=True)
    assert "prelevement_base_elevee" in shown.stdout
