"""The names that `import bareme` promises."""

import subprocess
import sys
from pathlib import Path

import pytest

import bareme

ROOT = Path(bareme.__file__).parents[1]


def test_the_public_names_are_these():
    assert bareme.__all__ == [
        "ADD",
        "DAY",
        "DIVIDE",
        "ETERNITY",
        "MONTH",
        "WEEK",
        "WEEKDAY",
        "YEAR",
        "BaremeError",
        "Columns",
        "Entity",
        "Enum",
        "Impact",
        "Instant",
        "Legislation",
        "Line",
        "Period",
        "Population",
        "Reform",
        "Role",
        "Simulation",
        "Variable",
        "__version__",
        "calculate",
        "curve",
        "explain",
        "france",
        "impact",
        "instant",
        "largest_cliffs",
        "marginal",
        "missing",
        "period",
        "read_flat_table",
        "read_reform",
        "read_situation",
        "read_tables",
        "sensitivity",
        "set_input_dispatch_by_period",
        "set_input_divide_by_period",
        "simulation_from",
        "solve",
        "study",
        "why_budget_changed",
        "why_changed",
    ]


def test_each_of_them_is_there():
    for name in bareme.__all__:
        assert getattr(bareme, name) is not None
    assert set(bareme.__all__) <= set(dir(bareme))
    with pytest.raises(AttributeError, match="no public name `nothing`"):
        _ = bareme.nothing


def test_importing_bareme_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import bareme; print(sorted(name for name in set(sys.modules) - before if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "numpy" not in done.stdout
    assert "engine" not in done.stdout


def test_one_version_everywhere():
    assert f"softwareVersion: {bareme.__version__}\n" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")
