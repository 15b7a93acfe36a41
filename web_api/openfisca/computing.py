"""What a situation asks for, computed: the values of its nulls, and what to say where the law fails on what was given.

A formula may fail on a client's data; that is told at the path of the value asked for, without a trace of the stack, and its place in the code is logged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from flask import current_app

from engine.errors import BaremeError, SituationError
from engine.situation import read_situation, simulation_from
from engine.variables import EnumArray
from web_api.answers import RefusedRequestError, log_unforeseen
from web_api.openfisca.bodies import check_form
from web_api.openfisca.problems import WrongBodyError
from web_api.sizes import check_sizes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.simulation import Simulation
    from engine.situation import Requested, Situation
    from engine.traces import Key
    from web_api.openfisca.served import Served

UNPROCESSABLE: Final = 422


def read(document: Mapping[str, Any], served: Served) -> Situation:
    """Return the situation that a document describes. Raises WrongBodyError with all that is wrong with it."""
    check_form(document, served.legislation)
    try:
        check_sizes(served.legislation, [("", document)], served.settings)
    except RefusedRequestError as error:
        raise WrongBodyError.at((), " ".join(each.message for each in error.problems), error.status) from None
    try:
        return read_situation(served.legislation, document)
    except SituationError as error:
        raise WrongBodyError.of(error, document) from error


def simulated(situation: Situation, served: Served) -> tuple[Simulation, dict[Key, Any]]:
    """Return the simulation of a situation and the values asked of it. Raises WrongBodyError where they cannot be computed."""
    simulation = simulation_from(served.legislation, situation)
    keys = list(dict.fromkeys((each.variable, each.period) for each in situation.requested))
    try:
        return simulation, dict(simulation.calculate_all(keys))
    except Exception as error:  # a formula may raise anything
        raise _failure(simulation, situation.requested, error, served) from error


def _failure(simulation: Simulation, requested: Sequence[Requested], error: Exception, served: Served) -> WrongBodyError:
    """Return the error that tells which of the values asked for cannot be computed, the first of them, and why."""
    log_unforeseen(current_app, error)
    for each in requested:
        try:
            simulation.calculate(each.variable, each.period)
        except Exception as found:  # noqa: BLE001 - a formula may raise anything
            return WrongBodyError.at(each.path, _why(each, found, served), UNPROCESSABLE)
    return WrongBodyError.at((), "The law cannot be computed for this situation.", UNPROCESSABLE)


def _why(requested: Requested, error: Exception, served: Served) -> str:
    said = str(error) if isinstance(error, BaremeError) else f"{type(error).__name__} while it was computed"
    return f"`{requested.variable}` cannot be computed for {requested.period}: {served.sources.without_root(said)}"


# Values in JSON


def told(values: Any) -> list[Any]:
    """Return values as JSON has them: numbers with the digits that tell them from all others, null for what is no finite number."""
    if isinstance(values, EnumArray):
        return list(map(str, values.decode_to_str().tolist()))
    kind = values.dtype.kind
    if kind == "f":
        return values.tolist() if np.isfinite(values).all() else [value if math.isfinite(value) else None for value in values.tolist()]
    if kind in "biu":
        return list(values.tolist())
    return [str(value) for value in values.tolist()]
