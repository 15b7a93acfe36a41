"""The command in this process, over the small law."""

from functools import partial

import pytest
from click.testing import CliRunner

from bareme.cli import main
from tables_law import small_law


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
