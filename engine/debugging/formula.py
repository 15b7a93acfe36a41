"""One formula at one period of one case, ready to be called with real arrays, and what the engine found beside it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.debugging.real_rows import RealFigures, RealRows
from engine.debugging.session import Session
from engine.errors import BaremeError, CalculationError
from engine.views import EntityView

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from engine.graph.operations import Array
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.variables import Formula, Rule

    Caller = Callable[..., Any]


@dataclass(frozen=True)
class DebuggedFormula:
    """The formula of a variable at a period, over the rows of a simulation."""

    simulation: Simulation
    rule: Rule
    at: Period
    formula: Formula

    @cached_property
    def engine_value(self) -> Array | BaremeError:
        """What the engine finds, or why it finds nothing."""
        try:
            return self.simulation.calculate(self.rule.name, self.at)
        except BaremeError as error:
            return error

    @cached_property
    def session(self) -> Session:
        """The run that answers the formula: with the very values that the engine read."""
        try:
            traced = self.simulation.traced(self.rule.name, self.at)
        except BaremeError:
            return Session(self.simulation, {})  # the formula fails, or lies in a spiral
        rules = self.simulation.legislation.variables
        known = {
            key: self.simulation.real_values(node, rules[key[0]].entity.key) for key, node in zip(traced.reads, traced.nodes, strict=True) if node is not None
        }
        return Session(self.simulation, known)

    @cached_property
    def code(self) -> CodeType:
        """The code of the function that the legal coder wrote."""
        function = inspect.unwrap(getattr(self.formula.function, "function", self.formula.function))
        code: CodeType | None = getattr(function, "__code__", None)
        if code is None:
            raise CalculationError(f"The formula of `{self.rule.name}` is not written in Python: there are no lines to stop at.")
        return code

    def run(self, caller: Caller) -> Array:
        """Call the formula with real arrays by `caller(function, *arguments)`, and return its values as the variable's column.

        Raises whatever the formula raises, and CalculationError where what it gives is no column.
        """
        session = self.session
        view = EntityView(session, self.rule.entity)
        seen_through = getattr(self.formula.function, "seen_through", None)
        function = self.formula.function if seen_through is None else seen_through(lambda rows: RealRows(rows, session))
        rows = RealRows(view, session) if seen_through is None else view
        arguments = (rows, self.at, RealFigures(session)) if self.formula.takes_parameters else (rows, self.at)
        with np.errstate(all="ignore"):  # both branches of a choice run
            return session.result(caller(function, *arguments), self.rule)

    def differing(self, values: Array) -> list[int]:
        """Return the rows in which values differ from the engine's. Raises what the engine raised where it found none."""
        engine = self.engine_value
        if isinstance(engine, BaremeError):
            raise engine
        left, right = np.asarray(values), np.asarray(engine)
        same = left == right
        if left.dtype.kind == "f":
            same |= np.isnan(left) & np.isnan(right)
        return np.flatnonzero(~np.asarray(same, dtype=bool)).tolist()
