"""Measures the shipped population anew and keeps what comes out for the page on the population: `python -m web_api.country.measuring`."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from population.france.validation import validate
from web_api.country.validation import MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from population.france.validation import Compared


def as_kept(found: Iterable[Compared]) -> str:
    """Return the text of `measured.json`: what was measured of each line, by name, to seven digits."""
    return json.dumps({one.line.nom: None if one.simulated is None else float(f"{one.simulated:.7g}") for one in found}, indent=0) + "\n"


if __name__ == "__main__":
    Path(str(files("web_api.country") / MEASURED)).write_text(as_kept(validate()), encoding="utf-8")
