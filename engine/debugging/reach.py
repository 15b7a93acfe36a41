"""Where a case needs a variable: at which periods its formula is asked, and by whom; and who could ask it where nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import BaremeError
from engine.tracing import Tracing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, TracebackType

    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.traces import Key


@dataclass(frozen=True)
class Reached:
    """What the results of a case rest on.

    `chains` leads from each period of the variable to a result, the nearest reader first; `variables` are all that was reached, `errors`
    say why results cannot be computed.
    """

    chains: dict[Period, tuple[Key, ...]]
    variables: frozenset[str]
    errors: tuple[BaremeError, ...] = ()


def reached(simulation: Simulation, results: Iterable[Key], variable: str) -> Reached:
    """Return at which periods a variable is read on the way to results, by name and period."""
    parents: dict[Key, Key | None] = {}
    found: dict[Period, tuple[Key, ...]] = {}
    errors: list[BaremeError] = []
    for result in results:
        try:
            traced = simulation.traced_below(*result)
        except BaremeError as error:
            errors.append(error)
            for at, callers in _failed_in(error, variable):
                found.setdefault(at, callers)
            continue
        pending: list[Key] = [] if result in parents else [result]
        parents.setdefault(result, None)
        for key in pending:  # grows as it goes: the nearest first
            if key[0] == variable:
                found.setdefault(key[1], tuple(_way(parents, key)))
            step = traced.get(key)
            fresh = [read for read in (step.reads if step is not None else ()) if read not in parents]
            parents.update(dict.fromkeys(fresh, key))
            pending += fresh
    return Reached(found, frozenset(name for name, _ in parents), tuple(errors))


def _way(parents: dict[Key, Key | None], key: Key) -> Iterator[Key]:
    above = parents[key]
    while above is not None:
        yield above
        above = parents[above]


def _failed_in(error: BaseException, variable: str) -> Iterator[tuple[Period, tuple[Key, ...]]]:
    """Yield the periods at which a variable's formula was being run when an error arose, with those who asked for it."""
    open_formulas: list[Key] = []
    pending: BaseException | None = error
    while pending is not None:
        keys = list(_formulas_in(pending.__traceback__))
        open_formulas += [key for key in keys if key not in open_formulas]
        pending = pending.__cause__
    for place, (name, at) in enumerate(open_formulas):
        if name == variable:
            yield at, tuple(reversed(open_formulas[:place]))


def _formulas_in(trace: TracebackType | None) -> Iterator[Key]:
    while trace is not None:
        if trace.tb_frame.f_code is Tracing.call_formula.__code__:
            yield trace.tb_frame.f_locals["rule"].name, trace.tb_frame.f_locals["at"]
        trace = trace.tb_next


def namers_of(legislation: Legislation, variable: str) -> list[str]:
    """Return the variables whose formulas name another one in their source."""
    return [rule.name for rule in legislation.variables.values() if any(_names(_code_of(formula.function), variable) for formula in rule.formulas)]


def _code_of(function: Any) -> CodeType | None:
    found: CodeType | None = getattr(function, "__code__", None)
    return found


def _names(code: CodeType | None, name: str) -> bool:
    constants = list(code.co_consts) if code is not None else []
    for constant in constants:  # grows: tuples and functions within
        if constant == name:
            return True
        constants += constant if isinstance(constant, tuple | frozenset) else getattr(constant, "co_consts", ())
    return False
