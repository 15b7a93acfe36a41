"""POST /calculate: the document that came, with a value in the place of each null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web_api.openfisca.computing import read, simulated, told

if TYPE_CHECKING:
    from engine.situation import Situation
    from web_api.openfisca.served import Served


def calculated(document: dict[str, Any], served: Served) -> dict[str, Any]:
    """Fill in a document's nulls and return it; under axes, each gets the list of its values by cell. Raises WrongBodyError."""
    situation = read(document, served)
    _, values = simulated(situation, served)
    plain = {key: told(each) for key, each in values.items()}
    for each in situation.requested:
        place = document
        for step in each.path[:-1]:
            place = place[step]
        found = plain[each.variable, each.period]
        place[each.path[-1]] = found[each.row] if situation.cells == 1 else [found[row] for row in _rows(situation, each)]
    return document


def _rows(situation: Situation, requested: Any) -> list[int]:
    return [int(row) for row in situation.rows_in_cells(requested)]
