"""The manifest of a bundle, and its form: `manifest.schema.json`, a JSON Schema.

The form is checked by the few words of JSON Schema that the file uses, so that Barème needs no library for it; every problem is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from engine.errors import DataError, Problem, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT: Final = "bareme-bundle"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
LAW: Final = "law.json"
INPUTS: Final = "inputs"
RESULTS: Final = "results"
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


@lru_cache(maxsize=1)
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of manifests."""
    found: Mapping[str, Any] = json.loads((files("bareme.bundles") / "manifest.schema.json").read_text(encoding="utf-8"))
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a bundle. Raises DataError where there is none, TableError with all that is wrong in it."""
    file = folder / MANIFEST
    if not file.is_file():
        raise DataError(f"{folder}: is no bundle: expected a folder with a {MANIFEST}.")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:  # no JSON, or no text
        raise DataError(f"{file}: is corrupted: this is not JSON: {error}.") from error
    if isinstance(data, dict) and data.get("format") == FORMAT and isinstance(data.get("version"), int) and data["version"] > VERSION:
        raise DataError(f"{file}: is of version {data['version']}: this Barème reads version {VERSION}. A newer Barème is needed.")
    wrong = list(problems(data))
    if wrong:
        raise TableError(Problem(f"{file}: {problem.place or 'the document'}", problem.message) for problem in wrong)
    found: dict[str, Any] = data
    return found


def problems(data: Any, form: Mapping[str, Any] | None = None, place: str = "") -> Iterator[Problem]:
    """Give all in which data do not have a form, each with its path; by default that of manifests."""
    form = schema() if form is None else form
    if "$ref" in form:
        form = schema()["$defs"][form["$ref"].rpartition("/")[2]]
    if "const" in form and (data != form["const"] or type(data) is not type(form["const"])):
        yield Problem(place, f"expected {form['const']!r}; got {_shown(data)}.")
        return
    if "enum" in form and data not in form["enum"]:
        yield Problem(place, f"expected one of {', '.join(form['enum'])}; got {_shown(data)}.")
        return
    kinds = form.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(data, kind) for kind in kinds):
        yield Problem(place, f"expected {' or '.join(kinds)}; got {_shown(data)}.")
        return
    if isinstance(data, str) and "pattern" in form and not re.search(form["pattern"], data):
        yield Problem(place, f"expected a text as {form['pattern']}; got {_shown(data)}.")
    if _is(data, "integer") and data < form.get("minimum", data):
        yield Problem(place, f"expected at least {form['minimum']}; got {data}.")
    if isinstance(data, dict):
        yield from _in_object(data, form, place)
    if isinstance(data, list) and "items" in form:
        for number, each in enumerate(data):
            yield from problems(each, form["items"], f"{place}[{number}]")


def _in_object(data: Mapping[str, Any], form: Mapping[str, Any], place: str) -> Iterator[Problem]:
    known = form.get("properties", {})
    others = form.get("additionalProperties", True)
    for name in form.get("required", ()):
        if name not in data:
            yield Problem(place, f"`{name}` is missing.")
    for name, value in data.items():
        below = f"{place}.{name}" if place else str(name)
        if name in known:
            yield from problems(value, known[name], below)
        elif others is False:
            yield Problem(below, f"is not known here: expected some of {', '.join(known)}.")
        elif isinstance(others, Mapping):
            yield from problems(value, others, below)


def _is(data: Any, kind: str) -> bool:
    return isinstance(data, _TYPES[kind]) and (kind == "boolean" or not isinstance(data, bool))


def _shown(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - a line
