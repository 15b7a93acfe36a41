"""Memory and files: what OpenFisca's users say to save memory, which Barème needs not, and simulations kept in a directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.openfisca.rows import empty_populations
from engine.openfisca.simulations import Simulation
from engine.periods import period as as_period
from engine.variables import EnumArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.openfisca.systems import TaxBenefitSystem


class MemoryConfigWarning(UserWarning):
    """Kept for those who filter it; never given."""


class TempfileWarning(UserWarning):
    """Kept for those who filter it; never given."""


class LibYAMLWarning(UserWarning):
    """Kept for those who filter it; never given."""


class MemoryConfig:
    """How much memory OpenFisca may use before it writes to disk. Accepted; Barème keeps inputs, results and one block only."""

    def __init__(self, max_memory_occupation: float, priority_variables: Sequence[str] | None = None, variables_to_drop: Sequence[str] | None = None) -> None:
        if max_memory_occupation > 1:
            raise ValueError("`max_memory_occupation` is a share: expected at most 1.")
        self.max_memory_occupation = max_memory_occupation
        self.priority_variables = set(priority_variables or ())
        self.variables_to_drop = set(variables_to_drop or ())


# The directory of rows and links beside those of variables; OpenFisca-Core reads and writes the same files
_ENTITIES = "__entities__"


def dump_simulation(simulation: Simulation, directory: str) -> None:
    """Write the rows, links and values given of a simulation into a directory that is empty or not there."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ValueError(f"The directory `{directory}` is not empty.")
    for key, population in simulation.populations.items():
        _save(folder / _ENTITIES / key / "id", np.asarray(population.ids))
        if population is not simulation.persons:
            _save(folder / _ENTITIES / key / "members_entity_id", population.members_entity_id)
            _save(folder / _ENTITIES / key / "members_position", population.members_position)
            keys = [role.key for role in population.entity.flattened_roles]
            _save(folder / _ENTITIES / key / "members_role", np.array(keys)[population.role_numbers] if keys else population.role_numbers)
    for (name, at), values in simulation.run.inputs.items():
        _save(folder / name / str(at).replace(":", "_"), np.asarray(values.decoded() if hasattr(values, "decoded") else values).view(np.ndarray))


def _save(path: Path, array: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = array.astype(str) if array.dtype.kind == "O" else array
    np.save(path.with_name(f"{path.name}.npy"), text, allow_pickle=False)


def restore_simulation(directory: str, tax_benefit_system: TaxBenefitSystem, **options: Any) -> Simulation:
    """Return the simulation that was written into a directory, by Barème or by OpenFisca-Core, which writes computed values too."""
    del options
    folder = Path(directory)
    populations = empty_populations(tax_benefit_system)
    for key, population in populations.items():
        population.ids = np.load(folder / _ENTITIES / key / "id.npy").tolist()
    for key, population in populations.items():
        if not population.entity.is_person:
            population.members_entity_id = np.load(folder / _ENTITIES / key / "members_entity_id.npy")
            population.members_role = np.load(folder / _ENTITIES / key / "members_role.npy")
    simulation = Simulation(tax_benefit_system, populations)
    for file in sorted(set(folder.glob("*/*.npy")) - set(folder.glob(f"{_ENTITIES}/*"))):
        variable = tax_benefit_system.variables[file.parent.name]
        values = np.load(file)
        given = values if variable.rule.possible_values is None else EnumArray(values, variable.rule.possible_values)
        simulation.set_input(variable.name, as_period(file.stem.replace("_", ":")), given)
    return simulation
