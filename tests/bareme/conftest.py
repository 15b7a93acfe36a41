"""The command in this process, over the small law."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from bareme.cli import main
from tables_law import small_law

MINIATURES = Path(__file__).parent.parent / "engine" / "openfisca"


@pytest.fixture
def bareme(tmp_path):
    """Run the real command in a process and a folder of its own; the miniature country package and its extension are installed there."""

    def run_command(*arguments, stdin=None):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(MINIATURES), str(Path.cwd())])}
        command = [sys.executable, "-m", "bareme", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, env=environment, input=stdin, capture_output=True, text=True, check=False)

    return run_command


@pytest.fixture
def run_law(monkeypatch):
    """Run the command with a law in the place of the French one."""

    def run_command(law, *arguments):
        monkeypatch.setattr("legislation.france", lambda: law)
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run_command


@pytest.fixture
def run(run_law):
    """Run the command with the small law in the place of the French one."""
    return partial(run_law, small_law())


@pytest.fixture
def write(tmp_path):
    """Write a text file and return its path."""

    def write_file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
