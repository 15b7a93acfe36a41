"""Tests of the law in YAML, in OpenFisca's format: `bareme test PATH`."""

from engine.yaml_tests.cases import Case, Margin, collect
from engine.yaml_tests.running import Difference, Outcome, run, run_paths

__all__ = ["Case", "Difference", "Margin", "Outcome", "collect", "run", "run_paths"]
