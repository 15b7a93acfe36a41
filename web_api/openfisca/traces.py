"""POST /trace: what was computed on the way to the values asked for, each with what it read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from engine.computation import steps_of
from engine.errors import BaremeError
from engine.profiling import Profile
from web_api.openfisca.computing import read, simulated, told
from web_api.openfisca.told_parameters import plain_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.computation import Step
    from engine.simulation import Simulation
    from engine.traces import Key
    from web_api.openfisca.served import Served

DIGITS_OF_SECONDS = 4


def traced(document: dict[str, Any], served: Served) -> dict[str, Any]:
    """Return the trace of a document's nulls, the ids of its rows, and what was asked for. Raises WrongBodyError."""
    situation = read(document, served)
    simulation, values = simulated(situation, served)
    keys = list(values)
    steps = steps_of(simulation, keys)
    entities = served.legislation.entities
    return {
        "trace": _trace(steps, _seconds(simulation, keys)),
        "entitiesDescription": {entities[key].plural: list(ids) for key, ids in situation.ids.items()},
        "requestedCalculations": [_name(key) for key in keys],
    }


def _name(key: Key) -> str:
    return f"{key[0]}<{key[1]}>"


def _trace(steps: Sequence[Step], seconds: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """Return all that was computed by name and period; a value that could not be computed, and that nothing needed, is null."""
    found: dict[str, Any] = {}
    above: list[str] = []
    for step in steps:
        name = str(step)
        del above[step.depth :]
        if above:
            found[above[-1]]["dependencies"].append(name)
        if name not in found:
            whole, own = seconds.get(name, (0.0, 0.0))
            found[name] = {
                "calculation_time": float(f"{whole:.{DIGITS_OF_SECONDS}g}"),
                "dependencies": [],
                "formula_time": float(f"{own:.{DIGITS_OF_SECONDS}g}"),
                "parameters": {f"{figure.name}<{figure.instant}>": plain_figure(figure.value) for figure in step.figures if _is_plain(figure.value)},
                "value": None if isinstance(step.values, BaremeError) else told(step.values),
            }
        above.append(name)
    return found


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str | tuple)


def _seconds(simulation: Simulation, keys: Sequence[Key]) -> dict[str, tuple[float, float]]:
    """Return how long formulas take with and without what they ask for: they run once more, for with a kept graph none runs."""
    profile = Profile()
    span = profile.begin("request")
    try:
        simulation.under(profile.law(simulation.legislation)).calculate_all(keys)
    except Exception:  # noqa: BLE001 - the values are known; a formula that does not bear to be timed has no times
        return {}
    profile.end(span)
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in profile.formulas():
        found[each.name].append((each.time, each.own_time))
    return {name: (sum(whole for whole, _ in times), sum(own for _, own in times)) for name, times in found.items()}
