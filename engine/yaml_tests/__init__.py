"""Tests of the law in YAML, in OpenFisca's format: `bareme test PATH`."""

from engine.yaml_tests.cases import Case, Margin, collect
from engine.yaml_tests.running import Difference, Outcome, run
from engine.yaml_tests.suite import run_paths
from engine.yaml_tests.watching import Options, Watcher

__all__ = ["Case", "Difference", "Margin", "Options", "Outcome", "Watcher", "collect", "run", "run_paths"]
