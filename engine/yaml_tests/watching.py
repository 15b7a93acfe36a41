"""Looking on while cases run: which variables are compared, what was computed on the way, how long formulas took, a debugger at a failure."""

from __future__ import annotations

import bdb
import pdb  # noqa: T100 - whoever asks for it gets it
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.computation import log_lines, steps_of
from engine.errors import BaremeError
from engine.profiling import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.legislation import Legislation
    from engine.profiling import Span
    from engine.simulation import Simulation
    from engine.yaml_tests.cases import Case
    from engine.yaml_tests.running import Outcome


@dataclass(frozen=True)
class Options:
    """How cases are run beside comparing them, by the names of OpenFisca's options.

    `only_variables` and `ignore_variables` choose what is compared. `verbose` keeps what was computed on the way (see
    `computation.log_lines` for `aggregate` and `ignore_default`), down to `max_depth` levels. `pdb` opens a debugger at each
    failure. The performance options measure how long formulas take.
    """

    only_variables: Sequence[str] = ()
    ignore_variables: Sequence[str] = ()
    verbose: bool = False
    aggregate: bool = False
    max_depth: int | None = None
    ignore_default: bool = False
    pdb: bool = False
    performance_graph: bool = False
    performance_tables: bool = False

    @property
    def measures(self) -> bool:
        """Whether times are wanted."""
        return self.performance_graph or self.performance_tables

    @property
    def needs_one_process(self) -> bool:
        """Whether the cases must run in this process."""
        return self.pdb or self.measures


class Watcher:
    """Looks on as `options` say. A runner calls `begins` for each case, then `ends`, or `failed` where it could not be run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.profile = Profile()
        self._span: Span | None = None

    def compares(self, variable: str) -> bool:
        """Whether what is expected of a variable is compared."""
        only = self.options.only_variables
        return (not only or variable in only) and variable not in self.options.ignore_variables

    def begins(self, case: Case, legislation: Legislation) -> Legislation:
        """Return the law under which a case is run: one that notes times where they are wanted."""
        if not self.options.measures:
            return legislation
        timed = self.profile.law(legislation)
        self._span = self.profile.begin(case.name or case.place)
        return timed

    def ends(self, outcome: Outcome, simulation: Simulation, results: Mapping[Any, Any]) -> Sequence[str]:
        """Return the log of a case that was run; `results` are by variable and period, errors among them."""
        self._end_span()
        if self.options.pdb and not outcome.passed:
            self._debug(outcome, simulation, results)
        if not self.options.verbose:
            return ()
        steps = steps_of(simulation, results, self.options.max_depth)
        lines = log_lines(steps, simulation.legislation, aggregate=self.options.aggregate, ignore_default=self.options.ignore_default)
        return [f"  {line}" for line in lines]

    def failed(self, case: Case, error: Exception) -> None:
        """Note that a case could not be run."""
        self._end_span()
        if self.options.pdb:
            _say(f"FAILED {case.place} {case.name}\n  {error}")
            _post_mortem(error)

    def _end_span(self) -> None:
        if self._span is not None:
            self.profile.end(self._span)
            self._span = None

    @staticmethod
    def _debug(outcome: Outcome, simulation: Simulation, results: Mapping[Any, Any]) -> None:  # noqa: ARG004 - all are at hand in the debugger
        """Stop where a value is not the one expected: `outcome`, `simulation` and `results` are at hand. In a formula, where it failed."""
        _say(str(outcome))
        error = next((value for value in results.values() if isinstance(value, BaremeError)), None)
        if error is not None:
            _post_mortem(error)
            return
        try:
            pdb.set_trace()  # noqa: T100 - what the option is for
        except bdb.BdbQuit as quitted:
            raise KeyboardInterrupt from quitted


def _post_mortem(error: BaseException) -> None:
    """Open the debugger where the first of the errors that led to this one was raised."""
    while error.__cause__ is not None and error.__cause__.__traceback__ is not None:
        error = error.__cause__
    pdb.post_mortem(error.__traceback__)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


NOBODY: Final = Watcher(Options())
