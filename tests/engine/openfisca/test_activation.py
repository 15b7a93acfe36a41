"""Barème answers for OpenFisca-Core also where one is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]

SCRIPT = """
import importlib.util
import sys

import openfisca_core.variables
from engine import openfisca

assert openfisca_core.variables.NAME == "another one"
openfisca.activate()
openfisca.activate()
from openfisca_core import variables
from openfisca_core.model_api import Variable

assert not hasattr(variables, "NAME"), variables
assert Variable.__module__ == "engine.variables.variable"
assert importlib.util.find_spec("openfisca_core.periods").loader.__module__ == "engine.openfisca.finder"
try:
    import openfisca_core.only_there
except ModuleNotFoundError:
    print("ours")
"""


@pytest.fixture
def installed(tmp_path):
    """Return the environment of a process in which another OpenFisca-Core is installed, before ours."""
    core = tmp_path / "site" / "openfisca_core"
    (core / "variables").mkdir(parents=True)
    (core / "__init__.py").write_text("")
    (core / "only_there.py").write_text("")
    (core / "variables" / "__init__.py").write_text("NAME = 'another one'\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(REPOSITORY), str(HERE)])}


def run(folder, environment, *arguments):
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_another_core_that_was_imported_is_forgotten(installed, tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    done = run(tmp_path, installed, "script.py")
    assert done.stdout == "ours\n", done.stderr


def test_pytest_that_rewrites_every_module_finds_ours(installed, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npython_files = "**/*.py"\n')  # as country packages say
    (tmp_path / "test_theirs.py").write_text(
        "from openfisca_core import variables\nfrom package_in_openfisca_form import CountryTaxBenefitSystem\n\n\n"
        "def test_theirs():\n    assert 'engine.openfisca' in str(CountryTaxBenefitSystem.__mro__)\n    assert not hasattr(variables, 'NAME')\n"
    )
    done = run(tmp_path, installed, "-m", "engine.openfisca", "-m", "pytest", "-q", "test_theirs.py")
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    done = run(tmp_path, installed, "-m", "bareme", "test", "-c", "package_in_openfisca_form", "test_theirs.py")
    assert "1 passed" in done.stdout, done.stdout + done.stderr
