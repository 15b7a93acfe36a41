"""Changes of scales: brackets taken away, added, or all replaced from a date on, and whether what is left is a scale.

    impot_revenu.bareme.brackets[2]: {2018-01-01: null}                                                # taken away
    impot_revenu.bareme.brackets.add: {2018-01-01: {threshold: 200000, rate: 0.5}}                     # one more, or a list
    impot_revenu.bareme.brackets: {2018-01-01: [{threshold: 0, rate: 0}, {threshold: 9000, rate: 0.2}]}  # the whole scale

Brackets keep their numbers: one that is added comes last in the list, wherever its threshold lies. A bracket that begins above the
next one, or at the threshold of another, is a slip of the pen: the engine would run with it, so it is told here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from engine.parameters.amount_scales import SCALES
from engine.parameters.dated_values import Parameter
from engine.parameters.items import Bracket, Scale
from engine.parameters.yaml_text import YamlMapping

if TYPE_CHECKING:
    from engine.parameters.reading import Reader
    from engine.parameters.tree import ParameterNode

    Place = tuple[str, int | None]

BRACKETS: Final = "brackets"
ADD: Final = "brackets.add"
_THRESHOLD: Final = "threshold"


class ScaleUpdates:
    """Changes of the scales of a tree, and which dates of which scales they touch."""

    def __init__(self, before: ParameterNode, reader: Reader) -> None:
        self._before = before
        self._reader = reader
        self._touched: dict[str, dict[str, Place]] = {}

    def note(self, path: str, date: str, place: Place) -> None:
        """Note that a scale changes from a date on, and where that is said."""
        self._touched.setdefault(path.removesuffix(f".{BRACKETS}"), {}).setdefault(date, place)

    # --- Changes ----------------------------------------------------------------------------------------------------

    def replaced(self, scale: Scale, date: str, data: Any, place: Place) -> Scale | None:
        """Return the scale with other brackets from a date on; None where they are none, which is noted."""
        if not isinstance(data, list):
            self._reader.problem(place, f"`{scale.name}.{BRACKETS}` at {date} is given {data!r}: expected a list of brackets, {_form(scale)}.")
            return None
        known = [figure for bracket in scale.brackets for figure in bracket.figures.values()]
        first = min((figure.starts[0] for figure in known if figure.starts), default=date)
        if date < first:
            self._reader.problem(place, f"`{scale.name}` has values from {first} on: {date} comes before the first.")
            return None
        figures = [self._figures(scale, each, date, place) for each in data]
        for (before, _), (after, at) in pairwise(each for each in figures if each is not None):
            if after[_THRESHOLD] <= before[_THRESHOLD]:
                self._out_of_order(scale, date, before[_THRESHOLD], after[_THRESHOLD], at)
        if any(each is None for each in figures):
            return None
        for position, each in enumerate(figures):
            assert each is not None
            scale = _with_bracket(scale, position, each[0], date)
        for position in range(len(figures), len(scale.brackets)):
            scale = _with_bracket(scale, position, dict.fromkeys((_THRESHOLD, SCALES[scale.kind].value_name)), date)
        return scale

    def added(self, scale: Scale, date: str, data: Any, place: Place) -> Scale | None:
        """Return the scale with one more bracket, or several, from a date on; None where they are none, which is noted."""
        figures = [self._figures(scale, each, date, place) for each in (data if isinstance(data, list) else [data])]
        if any(each is None for each in figures):
            return None
        self.note(scale.name, date, place)
        for each in figures:
            assert each is not None
            scale = _with_bracket(scale, len(scale.brackets), each[0], date)
        return scale

    def _figures(self, scale: Scale, data: Any, date: str, place: Place) -> tuple[dict[str, Any], Place] | None:
        """Return threshold and rate (or amount) of a bracket as given, and where; None where it is no such thing, which is noted."""
        names = (_THRESHOLD, SCALES[scale.kind].value_name)
        if not isinstance(data, dict):
            self._reader.problem(place, f"a bracket of `{scale.name}` at {date} is given {data!r}: expected {_form(scale)}.")
            return None
        place = (place[0], data.line if isinstance(data, YamlMapping) else place[1])
        known = len(self._reader.problems)
        self._reader.known_keys(data, names, place)
        for name in names:
            value = data.get(name)
            if value is None:
                self._reader.problem(place, f"a bracket of `{scale.name}` at {date} lacks `{name}`: expected {_form(scale)}.")
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._reader.problem(place, f"`{name}` of a bracket of `{scale.name}` at {date} is {value!r}: expected a number.")
        return (dict(data), place) if len(self._reader.problems) == known else None

    # --- What is left -----------------------------------------------------------------------------------------------

    def check(self, tree: ParameterNode) -> None:
        """Note each change after which brackets overlap: one begins at or above the next, or where another begins."""
        for path, dates in self._touched.items():
            scale = tree.child(path)
            first = min(dates)
            told: set[str] = set()
            for date in sorted({*dates, *(each for each in scale.change_dates if each > first)}):
                said_at = max(each for each in dates if each <= date)
                overlaps = _overlaps(scale, self._before.child(path), date)
                if overlaps and said_at not in told:
                    told.add(said_at)
                    self._out_of_order(scale, date, *overlaps[0], dates[said_at])

    def _out_of_order(self, scale: Scale, date: str, low: Any, high: Any, place: Place) -> None:
        how = "two brackets begin at" if low == high else "brackets overlap: one that begins at"
        rest = f"{low:,}" if low == high else f"{low:,} stands before one that begins at {high:,}"
        self._reader.problem(place, f"`{scale.name}` at {date}: {how} {rest}. Expected ascending thresholds.")


def _overlaps(scale: Scale, before: Scale, date: str) -> list[tuple[Any, Any]]:
    """Return the pairs of thresholds that are not in order at a date, where the law before had them in order."""
    thresholds = _thresholds(scale, date)
    numbered = thresholds[: len(before.brackets)]
    pairs = [pair for pair in pairwise(value for value in numbered if value is not None) if pair[1] <= pair[0]]
    if any(low is not None and high is not None and high <= low for low, high in pairwise(value for value in _thresholds(before, date) if value is not None)):
        pairs = []  # the law's own order is not that of the list
    present = sorted(value for value in thresholds if value is not None)
    return pairs or [pair for pair in pairwise(present) if pair[0] == pair[1]]


def _thresholds(scale: Scale, date: str) -> list[Any]:
    found = []
    for bracket in scale.brackets:
        values = [figure.at_date(date) for figure in bracket.figures.values()]
        found.append(bracket.figures[_THRESHOLD].at_date(date) if None not in values else None)
    return found


def _with_bracket(scale: Scale, position: int, figures: dict[str, Any], date: str) -> Scale:
    """Return the scale with the figures of a bracket from a date on; where there is no such bracket yet, with one more."""
    if position == len(scale.brackets):
        name = f"{scale.name}[{position}]"
        scale = scale.with_bracket(Bracket(name, figures={figure: Parameter(f"{name}.{figure}") for figure in figures}))
    for figure, value in figures.items():
        scale = scale.updated(f"[{position}].{figure}", value=value, start=date)
    return scale


def _form(scale: Scale) -> str:
    return f"`{{threshold: …, {SCALES[scale.kind].value_name}: …}}`"
