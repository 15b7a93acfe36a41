"""What differs between two engines in a case, asked once more: each variable first and alone, and then within single precision.

OpenFisca-Core's numbers have seven digits. Where both engines differ in what they are asked alone, Barème is asked again with formulas that
get single precision, and with all amounts given changed in the seventh digit: what is then the same lies at the edge of a rounding or a
threshold.
"""

# ruff: noqa: INP001 - a part of scripts/compare_engines.py

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Any

from engine_cases import Systems, alone, case_named, key_of, plain, simulation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Single precision has seven digits: amounts are multiplied by these to see whether a result lies at the edge of a rounding or of a threshold.
NUDGES = tuple(1 + sign * step for step in (1e-7, 3e-7, 1e-6) for sign in (1, -1))


class BothPrecisions(Systems):
    """The package's system on Barème, and once more with formulas that get all numbers in single precision."""

    @functools.cached_property
    def single(self) -> Systems:
        """The system in single precision."""
        found = Systems(self.options)
        for rule in found.system.legislation.variables.values():
            for formula in rule.formulas:
                if hasattr(formula.function, "is_single"):
                    formula.function.is_single = True
        return found


def questions(cases: Iterable[dict[str, Any]], *, every: bool) -> list[tuple[str, str]]:
    """Return what is asked of both engines: each variable that differs in a case, at the first such period or at every one.

    One question about each variable comes first, then a second about each, and so on: a run that is broken off has met them all.
    """
    found = []
    times: Counter[str] = Counter()
    for case in cases:
        seen: set[str] = set()
        for text in sorted(case["different"]):
            name, _ = key_of(text)
            if every or name not in seen:
                found.append((times[name], case["case"], text))
                times[name] += 1
            seen.add(name)
    return [(case, text) for _, case, text in sorted(found, key=lambda each: each[0])]


def question_answered(theirs: dict[str, Any], systems: BothPrecisions, margin: float) -> dict[str, Any]:
    """Return Barème's answer to a question, and where it is another, what in single precision leads to OpenFisca-Core's."""
    case, asked = theirs["case"], theirs["asked"]
    forget_traces(systems.of(case_named(case)))
    outcome = {"ours": alone(case, asked, systems)}
    if "answer" in theirs["theirs"] and not is_same_answer({**theirs, **outcome}, margin):
        outcome["rounding"] = next((how for how in roundings(case, asked, systems) if are_near(theirs["theirs"]["answer"], how[1], margin)), (None,))[0]
    return outcome


def roundings(case: str, asked: str, systems: BothPrecisions) -> Iterator[tuple[str, Any]]:
    """Yield Barème's answers to a question within single precision: where formulas get it, and where the amounts given change in the seventh digit."""
    for nudge in (1.0, *NUDGES):
        for precision, law in (("double", systems), ("single", systems.single)):
            if nudge != 1.0 or law is not systems:
                yield f"{precision} precision, inputs times {nudge}", nudged(case, asked, nudge, law)


def nudged(case: str, asked: str, nudge: float, systems: Systems) -> Any:
    """Return Barème's answer to a question where all amounts given are multiplied by nearly one."""
    try:
        simulation = simulation_of(case_named(case), systems)
        for (name, at), values in simulation.run.inputs.items():
            if nudge != 1.0 and simulation.run.legislation.variable(name).dtype.kind == "f":
                simulation.run.set_input(name, at, values * nudge)
        return plain(simulation.calculate(*key_of(asked)))
    except Exception as error:  # noqa: BLE001 - a formula that cannot do with single precision says nothing of others
        return f"{type(error).__name__}: {error}"


def forget_traces(system: Any) -> None:
    """Forget what was traced for other cases: within a spiral, what another simulation of the same inputs asked may change a result."""
    for family in system.legislation.kept_graphs.families:
        family.traces.clear()


def is_same_answer(outcome: dict[str, Any], margin: float) -> bool:
    """Whether both engines answered a question alike."""
    theirs, ours = outcome["theirs"], outcome["ours"]
    return "answer" in theirs and "answer" in ours and are_near(theirs["answer"], ours["answer"], margin)


def are_near(theirs: Any, ours: Any, margin: float) -> bool:
    """Whether two columns are the same within the margin."""
    return theirs == ours or (
        isinstance(ours, list) and len(theirs) == len(ours) and all(is_near(one, two, margin) for one, two in zip(theirs, ours, strict=True))
    )


def is_near(one: Any, two: Any, margin: float) -> bool:
    """Whether two values are the same within the margin."""
    if isinstance(one, float) and isinstance(two, bool | int | float):
        both_nan = one != one and two != two  # noqa: PLR0124
        return both_nan or one == two or abs(one - two) <= margin * max(abs(one), abs(two), 1.0)
    return bool(one == two)
