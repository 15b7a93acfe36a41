"""The arrows of the house run one way."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_contracts_of_import_linter_are_kept():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_page_on_the_architecture_names_every_folder():
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = ["bareme", "web_api", "analysis", "population", "reforms", "legislation", "engine"]
    folders = [file.parent for package in packages for file in (ROOT / package).glob("*/__init__.py")]
    assert not [folder.relative_to(ROOT).as_posix() for folder in folders if f"`{folder.relative_to(ROOT)}/`" not in told and f"`{folder.name}/`" not in told]
