"""The population beside the official figures, for the page: line by line, with the error of each, whatever it is.

What the shipped population measures is kept in `measured.json`, which `python -m web_api.country.measuring` writes anew and a test compares; a folder of the
settings is measured once in each process, in the background.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis import amounts
from engine.errors import DataError
from engine.parameters import read_yaml
from population.france.lines import HELD_OUT, OTHER_CONCEPT, TARGET, Line, all_lines
from population.france.validation import Compared, summaries, validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEASURED: Final = "measured.json"
USES: Final = {HELD_OUT: "held_out", TARGET: "targets", OTHER_CONCEPT: "other_concept"}
"""The tables of the page, held-out figures first: they tell most."""
KINDS: Final = {"targets": "within_targets", "held-out bands": "within_bands", "other held-out figures": "within_others"}
"""The words for what is counted, by the use of a summary."""
LEAST_EUROS: Final = 2e8
BANDS: Final = re.compile(r"RFR (?:de (?P<low>[\d ]+) à (?P<high>[\d ]+)|de plus de (?P<above>[\d ]+)) € : (?P<what>\w+)")
AGES: Final = re.compile(r"(?P<who>Femmes|Hommes) de (?:(?P<low>\d+) à (?P<high>\d+) ans|(?P<above>\d+) ans et plus)")


@dataclass(frozen=True)
class Row:
    """A line as it is shown; `error` is empty where nothing was measured, `is_far` where it misses what is aimed at."""

    label: str
    simulated: str
    official: str
    error: str
    is_far: bool
    year: int
    source: str


@dataclass(frozen=True)
class Shown:
    """A table of the page: its use as `words.yaml` names it, how many lines of which kind are within a bound, and the lines."""

    use: str
    summaries: tuple[tuple[str, int, int, str], ...]
    rows: tuple[Row, ...]


def compared(folder: str) -> Sequence[Compared] | None:
    """Return every line with what a folder's population makes of it, the shipped one's for an empty name; None while it is being measured."""
    if not folder:
        return _shipped()
    measuring = _measuring(folder)
    return measuring.result() if measuring.done() else None


@cache
def _shipped() -> tuple[Compared, ...]:
    values = json.loads((files("web_api.country") / MEASURED).read_text(encoding="utf-8"))
    return tuple(Compared(line, values.get(line.nom)) for line in all_lines())


@lru_cache(maxsize=4)
def _measuring(folder: str) -> Future[list[Compared]]:
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="validation")
    found = worker.submit(validate, Path(folder))
    worker.shutdown(wait=False)
    return found


def shown(found: Sequence[Compared], language: str) -> list[Shown]:
    """Return the tables of the page in a language."""
    bounds: dict[str, list[tuple[str, int, int, str]]] = {use: [] for use in USES}
    for each in summaries(found):
        if each.of:
            bounds[TARGET if each.use == "targets" else HELD_OUT].append((KINDS[each.use], each.within, each.of, amounts.share(each.bound, language, 0)))
    return [
        Shown(name, tuple(bounds[use]), tuple(_row(one, language) for one in found if one.line.usage == use))
        for use, name in USES.items()
        if any(one.line.usage == use for one in found)
    ]


def _row(one: Compared, language: str) -> Row:
    line = one.line
    error = "" if one.error is None else amounts.share(one.error, language, signed=True)
    simulated = "" if one.simulated is None else _figure(line, one.simulated, language)
    return Row(label(line, language), simulated, _figure(line, line.valeur, language), error, _is_far(one), line.en, line.source)


def _is_far(one: Compared) -> bool:
    bound = 0.01 if one.line.usage == TARGET else 0.05 if one.line.groupe == "tranches" else 0.03
    return one.error is not None and abs(one.error) > bound and one.line.usage != OTHER_CONCEPT


def _figure(line: Line, value: float, language: str) -> str:
    if line.rang == "part_du_haut":
        return amounts.share(value, language)
    if line.rang is not None:
        return amounts.large_euros(value, language)
    if line.compte == "euros" and line.valeur > LEAST_EUROS:
        return amounts.large_euros(value, language)
    return amounts.count(value, language)


def label(line: Line, language: str) -> str:
    """Return what a line is called in a language. Raises DataError for one that has no English words."""
    if language == "fr":
        return line.libelle
    if band := BANDS.fullmatch(line.libelle):
        what = "tax households" if band["what"] == "foyers" else "RFR"
        within = f"above {_plain(band['above'])}" if band["above"] else f"from {_plain(band['low'])} to {_plain(band['high'])}"
        return f"RFR {within} €: {what}"
    if group := AGES.fullmatch(line.libelle):
        who = {"Femmes": "Women", "Hommes": "Men"}[group["who"]]
        return f"{who} aged {group['above']} or more" if group["above"] else f"{who} aged {group['low']} to {group['high']}"
    known = _english()
    if line.nom not in known:
        raise DataError(f"country/lines_en.yaml: `{line.nom}` ({line.libelle}) is not said in English.")
    return known[line.nom]


def _plain(text: str) -> str:
    return text.replace(" ", ",")


@cache
def _english() -> Mapping[str, str]:
    data, problems = read_yaml((files("web_api.country") / "lines_en.yaml").read_bytes(), "country/lines_en.yaml")
    if problems:
        raise DataError("\n".join(str(problem) for problem in problems))
    return {str(name): str(said) for name, said in data.items()}
