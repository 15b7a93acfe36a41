"""The bodies of /calculate and /trace: JSON with every entity by its plural, within the limits of the settings.

Nothing is kept of a body: what is wrong with it is told by path, and never ends in an error of the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from web_api.bodies import FINITE, not_finite, read_json
from web_api.openfisca.problems import WrongBodyError
from web_api.sizes import AXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation

NOT_JSON: Final = "Invalid JSON"


def parsed(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds. Raises WrongBodyError."""
    try:
        document = read_json(body)
    except ValueError as error:
        raise WrongBodyError.at((), f"{NOT_JSON}: {error}") from None
    if not isinstance(document, dict):
        raise WrongBodyError.at((), "Invalid type: expected an object with the entities of the situation.")
    infinite = not_finite(document)
    if infinite:
        raise WrongBodyError.all_at((tuple(map(str, path)) for path in infinite), FINITE)
    return document


def check_form(document: Mapping[str, Any], legislation: Legislation) -> None:
    """Raise WrongBodyError where a document does not hold entities by plural, each an object of objects."""
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
