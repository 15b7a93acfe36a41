"""The bodies of /calculate and /trace: JSON with every entity by its plural, within the limits of the settings.

Nothing is kept of a body: what is wrong with it is told by path, and never ends in an error of the server.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from web_api.openfisca.problems import WrongBodyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation

AXES: Final = "axes"
NOT_JSON: Final = "Invalid JSON"


def parsed(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds. Raises WrongBodyError."""
    try:
        document = json.loads(body, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise WrongBodyError.at((), f"{NOT_JSON}: expected {error.encoding}, and byte {error.start} is none of it.") from error
    except RecursionError as error:
        raise WrongBodyError.at((), f"{NOT_JSON}: objects and lists are nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise WrongBodyError.at((), f"{NOT_JSON}: {error}") from error
    except ValueError as error:  # NaN, or a whole number of thousands of digits
        raise WrongBodyError.at((), f"{NOT_JSON}: a number is none, or has too many digits.") from error
    if not isinstance(document, dict):
        raise WrongBodyError.at((), "Invalid type: expected an object with the entities of the situation.")
    return document


def _no_number(name: str) -> Any:
    raise ValueError(name)


def check_form(document: Mapping[str, Any], legislation: Legislation, most_persons: int) -> None:
    """Raise WrongBodyError where a document does not hold entities by plural, each an object of objects, or holds too many of them."""
    plurals = {entity.plural: entity for entity in legislation.entities.values()}
    told: dict[str, Any] = {}
    unknown = [key for key in document if key not in plurals and key != AXES]
    if unknown:
        known = ", ".join(f"`{plural}`" for plural in sorted(plurals))
        told[unknown[0]] = f"There is no such entity in this law: {', '.join(f'`{key:.40}`' for key in unknown[:10])}. Expected {known}."
    for plural, entity in plurals.items():
        rows = document.get(plural)
        if entity.is_person and not rows:
            told[plural] = f"Expected at least one of the {plural}."
        elif plural in document and not isinstance(rows, dict):
            told[plural] = "Invalid type: expected an object of ids."
        elif rows:
            wrong = {id_: "Invalid type: expected an object of roles and variables." for id_, said in rows.items() if not isinstance(said, dict)}
            told.update({plural: wrong} if wrong else {})
    if told:
        raise WrongBodyError(told)
    _check_size(document, most_persons)


def _check_size(document: Mapping[str, Any], most_persons: int) -> None:
    cells = _cells(document.get(AXES))
    for plural, rows in document.items():
        if plural != AXES and len(rows) * cells > most_persons:
            times = f" in {cells} cells of axes" if cells > 1 else ""
            raise WrongBodyError.at((plural,), f"Expected at most {most_persons} {plural} in one request; got {len(rows)}{times}.")


def _cells(axes: Any) -> int:
    """Return how many copies of a situation axes ask for, as far as they are well written."""
    if not isinstance(axes, list):
        return 1
    firsts = [dimension[0] for dimension in axes if isinstance(dimension, list) and dimension]
    counts = [first.get("count") for first in firsts if isinstance(first, dict)]
    return math.prod(count for count in counts if isinstance(count, int) and count > 0)
