"""Tests of the law in YAML, in OpenFisca's format: `bareme test PATH`."""

from engine.yaml_tests.cases import Case, Margin, collect
from engine.yaml_tests.expectations import read_expectations
from engine.yaml_tests.running import Difference, Outcome, law_of_case, run
from engine.yaml_tests.suite import run_paths
from engine.yaml_tests.watching import Options, Watcher

__all__ = ["Case", "Difference", "Margin", "Options", "Outcome", "Watcher", "collect", "law_of_case", "read_expectations", "run", "run_paths"]
