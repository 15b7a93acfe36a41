"""The command in this process, over the small law."""

import pytest
from click.testing import CliRunner

from bareme.cli import main
from tables_law import small_law


@pytest.fixture
def run(monkeypatch):
    """Run the command with the small law in the place of the French one."""
    law = small_law()
    monkeypatch.setattr("legislation.france", lambda: law)

    def run_command(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return run_command


@pytest.fixture
def write(tmp_path):
    """Write a text file and return its path."""

    def write_file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
