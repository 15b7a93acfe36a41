"""A system of the miniature package, with `openfisca_core` answered by Barème while these tests run."""

import importlib
import sys
from pathlib import Path

import pytest

from engine import openfisca
from engine.openfisca.finder import Finder


@pytest.fixture(scope="session")
def core():
    openfisca.activate()
    sys.path.append(str(Path(__file__).parent))
    yield importlib.import_module
    sys.path.remove(str(Path(__file__).parent))
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]


@pytest.fixture(scope="session")
def package(core):
    return core("package_in_openfisca_form")


@pytest.fixture
def system(package):
    return package.CountryTaxBenefitSystem()


@pytest.fixture
def household(core, system):
    """Return a simulation of two adults and a child."""
    builder = core("openfisca_core.simulations").SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", ["ana", "bo", "cy"])
    group = builder.declare_entity("household", ["h"])
    builder.join_with_persons(group, ["h", "h", "h"], ["first_adult", "second_adult", "child"])
    simulation = builder.build(system)
    simulation.set_input("salary", "2016", [24000.0, 12000.0, 0.0])
    return simulation
