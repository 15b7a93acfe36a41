"""docs/coders.md is true: what it shows is what the commands print, and each error is the one that its formula meets."""

import os
import re
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "coders.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE)
ERRORS = [(wrong, told) for (kind, wrong), (next_kind, told) in pairwise(BLOCKS) if (kind, next_kind) == ("python", "text")]
HEAD = """
import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal

"""
WRONG = """
class wrong_{number}(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Wrong"

    def formula(foyer, period, parameters):
{body}
"""


def bareme(folder, *arguments, stdin=None):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOUSE), "."])}
    done = subprocess.run([sys.executable, "-m", "bareme", *arguments], cwd=folder, env=environment, input=stdin, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of the page's example: the extension of docs/law.md, and the case with two households."""
    folder = tmp_path_factory.mktemp("coders")
    law = BLOCK.findall((HOUSE / "docs" / "law.md").read_text(encoding="utf-8"))
    amount, ceiling, _ = (text for kind, text in law if kind == "yaml")
    rule = next(text for kind, text in law if kind == "python")
    (case,) = (text for kind, text in BLOCKS if kind == "yaml")
    files = {"aide_noel/parameters/aide_noel/montant.yaml": amount, "aide_noel/parameters/aide_noel/plafond.yaml": ceiling, "deux_foyers.yaml": case}
    for name, text in {**files, "aide_noel/__init__.py": "", "aide_noel/aide.py": rule}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_formula_is_told_as_the_page_shows(folder):
    command, _, shown = next(text for kind, text in BLOCKS if text.startswith("$ bareme debug")).partition("\n")
    assert bareme(folder, *command.split()[2:]) == shown


def test_the_prompt_is_as_the_page_shows(folder):
    shown = next(text for kind, text in BLOCKS if text.startswith("> aide_noel"))
    keys = re.findall(r"^\(Pdb\) (.+)$", shown, re.MULTILINE)
    told = bareme(folder, "debug", "aide_de_noel", "--case", "deux_foyers.yaml", "-e", "aide_noel", stdin="\n".join([*keys, ""]))
    answers = re.sub(r"^\(Pdb\) .+\n", "(Pdb) ", shown, flags=re.MULTILINE)  # what is typed is not written back to a pipe
    assert told.replace(f"> {folder}{os.sep}", "> ").endswith(answers)


def test_each_error_is_the_one_that_the_page_tells(folder):
    assert len(ERRORS) >= 11
    bodies = [textwrap.indent(wrong, " " * 8) for wrong, _ in ERRORS]
    formulas = "".join(WRONG.format(number=number, body=body) for number, body in enumerate(bodies))
    (folder / "aide_noel" / "wrong.py").write_text(HEAD + formulas, encoding="utf-8")
    case = (folder / "deux_foyers.yaml").read_text(encoding="utf-8").partition("  output:")[0]
    (folder / "wrong.yaml").write_text(case + "  output:\n" + "".join(f"    wrong_{number}: [1, 1]\n" for number in range(len(ERRORS))), encoding="utf-8")
    tested, checked = bareme(folder, "test", "wrong.yaml", "-e", "aide_noel"), bareme(folder, "check", "-e", "aide_noel")
    (folder / "aide_noel" / "wrong.py").unlink()
    for number, (_, told) in enumerate(ERRORS):
        line = next(line for line in tested.splitlines() if f": wrong_{number} at 2022 of modeste" in line)
        for how, message in (line.split(": ", 1) for line in told.splitlines()):
            assert (message in line) if how == "test" else any(message in each for each in checked.splitlines()), message


def test_errors_in_a_case_are_those_that_the_page_tells(folder):
    (told,) = (text for _, text in BLOCKS if text.startswith("case: "))
    case = (folder / "deux_foyers.yaml").read_text(encoding="utf-8")
    (folder / "member.yaml").write_text(case.replace("marie,", "mariee,"), encoding="utf-8")
    (folder / "name.yaml").write_text(case.replace("{aide_de_noel: 100}", "{aide_de_noell: 100}"), encoding="utf-8")
    printed = bareme(folder, "test", "member.yaml", "name.yaml", "-e", "aide_noel")
    for message in (line.removeprefix("case: ") for line in told.splitlines()):
        assert message in printed


def test_an_error_in_a_figures_file_is_the_one_that_the_page_tells(folder):
    (told,) = (text for _, text in BLOCKS if text.startswith("file: "))
    file = folder / "aide_noel" / "parameters" / "aide_noel" / "montant.yaml"
    right = file.read_text(encoding="utf-8")
    file.write_text(right.replace("values:", "valeurs:"), encoding="utf-8")
    printed = bareme(folder, "check", "-e", "aide_noel")
    file.write_text(right, encoding="utf-8")
    assert told.strip().removeprefix("file: ") in printed
