"""`bareme test --watch`: a real process at a terminal; files are saved beside it."""

import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

MINIATURE = Path(__file__).parent.parent / "engine" / "openfisca" / "package_in_openfisca_form"
HOUSE = Path(__file__).parent.parent.parent
SECONDS = 60  # the machine may be busy: how fast it is, is measured elsewhere

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="a terminal of our own"), pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")]

RULE = """
import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal


class aide(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Aide"

    def formula(foyer, period, parameters):
        return np.where(foyer("enfants_a_charge", period) > 0, parameters(period).aide.montant, 0)
"""
FIGURE = "description: Aide\nvalues:\n  2022-01-01: {value: 50}\n"
CASE = """
- name: One child
  period: 2022
  input:
    individus: {elle: {foyer_fiscal: f, foyer_fiscal_role: declarant}}
    foyers_fiscaux: {f: {situation_familiale: celibataire, enfants_a_charge: 1}}
  output: {aide: 50}
"""


class Terminal:
    """The command at a terminal, in a folder."""

    def __init__(self, folder, *arguments, **environment):
        import pexpect

        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOUSE), "."]), **environment}
        command = ["-m", "bareme", *map(str, arguments)]
        self.child = pexpect.spawn(sys.executable, command, cwd=str(folder), env=environment, encoding="utf-8", timeout=SECONDS, dimensions=(50, 200))

    def until(self, text):
        """Return what is written up to a text, and the text."""
        self.child.expect_exact(text)
        return self.child.before + self.child.after

    def interrupt(self):
        """Press Ctrl-C; return all that is written then, and the exit code."""
        import pexpect

        self.child.sendintr()
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.before, self.child.exitstatus


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a legal coder, with an extension of the law and a case."""
    files = {"aide_locale/__init__.py": "", "aide_locale/aide.py": RULE, "aide_locale/parameters/aide/montant.yaml": FIGURE, "cas/un.yaml": CASE}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def terminals():
    made = []

    def terminal(*arguments, **environment):
        made.append(Terminal(*arguments, **environment))
        return made[-1]

    yield terminal
    for each in made:
        each.child.close(force=True)


def save(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_figure_a_formula_and_a_test_are_saved(folder, terminals):
    terminal = terminals(folder, "test", "--watch", "cas", "-e", "aide_locale")
    assert "1 cases: 1 passed, 0 failed" in terminal.until("Ctrl-C ends.")

    save(folder / "aide_locale/parameters/aide/montant.yaml", "50", "60")
    told = terminal.until("Ctrl-C ends.")
    assert f"{Path('aide_locale/parameters/aide/montant.yaml')} changed" in told
    assert "aide at 2022: expected 50, got 60.0" in told
    assert "1 failed" in told

    save(folder / "cas/un.yaml", "aide: 50", "aide: 60")
    assert "1 passed, 0 failed" in terminal.until("Ctrl-C ends.")

    save(folder / "aide_locale/aide.py", "return np", "retrun np")
    told = terminal.until("Ctrl-C ends.")
    assert "SyntaxError" in told
    assert "aide.py" in told
    assert "Traceback" not in told

    save(folder / "aide_locale/aide.py", "retrun np", "return np")
    assert "1 passed, 0 failed" in terminal.until("Ctrl-C ends.")
    rest, code = terminal.interrupt()
    assert code == 130
    assert "Traceback" not in rest
    assert "Aborted" not in rest


def test_changed_tests_run_first_then_all(folder, terminals):
    (folder / "cas/deux.yaml").write_text(CASE.replace("One child", "Another one"), encoding="utf-8")
    terminal = terminals(folder, "test", "--watch", "cas", "--extensions", "aide_locale")
    terminal.until("Ctrl-C ends.")
    save(folder / "cas/deux.yaml", "aide: 50", "aide: 51")
    told = terminal.until("Ctrl-C ends.")
    first, second = told.index("1 cases: 0 passed, 1 failed"), told.index("2 cases: 1 passed, 1 failed")
    assert first < second
    (folder / "cas/deux.yaml").unlink()
    assert "1 cases: 1 passed, 0 failed" in terminal.until("Ctrl-C ends.")
    assert terminal.interrupt()[1] == 130


def test_a_country_package_is_watched_and_answers_soon(tmp_path, terminals):
    shutil.copytree(MINIATURE, tmp_path / MINIATURE.name, ignore=shutil.ignore_patterns("__pycache__"))
    case = tmp_path / MINIATURE.name / "cases" / "tax.yaml"
    terminal = terminals(tmp_path, "test", "--watch", case, "-c", MINIATURE.name)
    assert "0 failed" in terminal.until("Ctrl-C ends.")
    rule = tmp_path / MINIATURE.name / "variables" / "taxes.py"
    begun = time.perf_counter()
    save(rule, "[1, 2, 3]", "[1, 5, 3]")
    assert "class_of_salary at 2016: expected 2, got 5" in terminal.until("1 failed")
    assert time.perf_counter() - begun < SECONDS
    terminal.until("Ctrl-C ends.")
    save(rule, "class class_of_salary(Variable):", "class class_of_salary(Variable)")
    told = terminal.until("Ctrl-C ends.")
    assert "SyntaxError: expected ':'" in told
    assert "taxes.py:44" in told
    save(rule, "class class_of_salary(Variable)", "class class_of_salary(Variable):")
    assert "1 failed" in terminal.until("Ctrl-C ends.")
    save(tmp_path / MINIATURE.name / "entities.py", "import", "imprt")
    told = terminal.until("Ctrl-C ends.")
    assert "entities.py:" in told
    assert "SyntaxError: invalid syntax" in told
    assert "Traceback" not in told
    assert terminal.interrupt()[1] == 130


@pytest.mark.skipif(importlib.util.find_spec("watchfiles") is None, reason="without it the command polls anyway")
def test_without_watchfiles_the_command_looks_at_the_files_itself(folder, terminals):
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['watchfiles'] = None\n", encoding="utf-8")
    terminal = terminals(folder, "test", "--watch", "cas", "-e", "aide_locale")
    terminal.until("Ctrl-C ends.")
    save(folder / "aide_locale/parameters/aide/montant.yaml", "50", "61")
    assert "expected 50, got 61.0" in terminal.until("Ctrl-C ends.")
    assert terminal.interrupt()[1] == 130


def test_a_debugger_and_a_watch_do_not_go_together(bareme, write):
    refused = bareme("test", "--watch", "--pdb", write("un.yaml", CASE))
    assert refused.returncode == 2
    assert "choose one" in refused.stderr
