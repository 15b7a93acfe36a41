"""POST /calculate: the document that came, with a value in the place of each null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web_api.openfisca.computing import read, simulated, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.situation import Situation
    from engine.traces import Key
    from web_api.openfisca.served import Served


def calculated(document: dict[str, Any], served: Served) -> dict[str, Any]:
    """Fill in a document's nulls and return it; under axes, each gets the list of its values by cell. Raises WrongBodyError.

    One that is described like an earlier one is not read anew, and no formula runs for it (see `engine.situation.Shapes`).
    """
    slots = served.shapes.apart.slots(document)
    known = served.shapes.answers(slots) if slots is not None else None
    if slots is not None and known is not None:
        plain = {key: told(each) for key, each in known.values.items()}
        for (place, name), (key, row) in zip(slots.nulls, known.requested, strict=True):
            place[name] = plain[key][row]
        return document
    situation = read(document, served)
    simulation, values = simulated(situation, served)
    if slots is not None:
        served.shapes.learn(document, slots, situation, simulation)
    _fill(document, situation, values)
    return document


def _fill(document: dict[str, Any], situation: Situation, values: Mapping[Key, Any]) -> None:
    plain = {key: told(each) for key, each in values.items()}
    for each in situation.requested:
        place = document
        for step in each.path[:-1]:
            place = place[step]
        found = plain[each.variable, each.period]
        rows = situation.rows_in_cells(each).tolist()
        place[each.path[-1]] = found[each.row] if situation.cells == 1 else [found[row] for row in rows]
