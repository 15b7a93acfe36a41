"""Running cases: each under its own law, its situation computed, every expected value compared.

Laws are made once for each set of reforms and extensions, and keep their graphs, so that a second case of the same shape runs
no formula. Several processes may share the cases; each keeps graphs of its own.
"""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BaremeError, Problem, SituationError
from engine.extensions import extended
from engine.parameters import YamlMapping
from engine.reform import DataReform, read_reform
from engine.situation import SituationProblem, read_situation, simulation_from
from engine.yaml_tests.cases import Case
from engine.yaml_tests.comparing import expected_value, is_expected, plain_value, shown
from engine.yaml_tests.expectations import Expectation, read_expectations
from engine.yaml_tests.watching import NOBODY, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from engine.legislation import Legislation
    from engine.simulation import Simulation

    LawOf = Callable[[Case], Legislation]


@dataclass(frozen=True)
class Difference:
    """One value that is not the one expected, or that could not be computed (`error`): where it is expected, and for whom."""

    file: str
    line: int
    variable: str
    period: str
    id: str
    expected: Any
    got: Any = None
    error: str = ""

    def __str__(self) -> str:
        """Return one line: place, variable, period, expected and got."""
        of = f" of {self.id}" if self.id else ""
        found = self.error or f"expected {shown(self.expected)}, got {shown(self.got)}"
        return f"{self.file}:{self.line}: {self.variable} at {self.period}{of}: {found}"


@dataclass(frozen=True)
class Outcome:
    """What running a case gave: its differences, its problems where it could not be run, how many values were compared, a watcher's log."""

    case: Case
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    compared: int = 0
    seconds: float = 0.0
    log: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every value is the one expected."""
        return not self.differences and not self.problems

    def __str__(self) -> str:
        """Return the case with a line for each thing that is wrong."""
        title = f"{'passed' if self.passed else 'FAILED'} {self.case.place} {self.case.name}".rstrip()
        return "\n".join([title, *(f"  {each}" for each in (*self.problems, *self._told_once()))])

    def _told_once(self) -> Iterator[Difference]:
        """Yield the differences; an error that several rows have in common is told with the first of them."""
        told: set[tuple[str, str]] = set()
        for each in self.differences:
            is_known = bool(each.error) and (each.variable, each.error) in told
            told.add((each.variable, each.error))
            yield replace(each, error="the same error.") if is_known else each


def run(cases: Iterable[Case], legislation: Legislation, workers: int = 1, law_of: LawOf | None = None, watcher: Watcher = NOBODY) -> Iterator[Outcome]:
    """Yield the outcome of each case, in their order. More than one worker runs them in so many processes, where the system can fork.

    `law_of` gives the law of a case with the reforms and extensions that it names, where these are not Barème's own. A `watcher`
    looks on; with several workers, each has one of its own.
    """
    listed = list(cases)
    if workers <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        runner = _Runner(legislation, law_of, watcher)
        yield from (runner.outcome(case) for case in listed)
        return
    shares = list(_shares(listed, workers))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(legislation, listed, law_of, watcher)) as pool:
        with warnings.catch_warnings():
            # Python 3.12 warns of forking beside other threads; none of ours is at work here
            warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
            found = pool.map(_outcomes, shares)
        for numbers, outcomes in zip(shares, found, strict=True):
            # the case stays here: only what was found comes back from the process
            yield from (replace(outcome, case=listed[number]) for number, outcome in zip(numbers, outcomes, strict=True))


def _shares(cases: Sequence[Case], workers: int) -> Iterator[Sequence[int]]:
    """Yield the numbers of the cases that one process runs at a time: those of a file, which are alike and share graphs; a long file's in parts."""
    most = -(-len(cases) // workers)
    for _, numbers in groupby(range(len(cases)), key=lambda number: cases[number].file):
        of_file = list(numbers)
        yield from (of_file[start : start + most] for start in range(0, len(of_file), most))


# A process of its own: the law and the cases come by forking, for formulas cannot be sent

_OF_THIS_PROCESS: list[tuple[_Runner, Sequence[Case]]] = []


def _begin(legislation: Legislation, cases: Sequence[Case], law_of: LawOf | None, watcher: Watcher) -> None:
    _OF_THIS_PROCESS[:] = [(_Runner(legislation, law_of, watcher), cases)]


def _outcomes(numbers: Sequence[int]) -> list[Outcome]:
    ((runner, cases),) = _OF_THIS_PROCESS
    found = [runner.outcome(cases[number]) for number in numbers]
    return [replace(outcome, case=Case(outcome.case.file, outcome.case.line)) for outcome in found]


class _Runner:
    """Runs cases one by one; keeps the laws that they ask for."""

    def __init__(self, legislation: Legislation, law_of: LawOf | None, watcher: Watcher) -> None:
        self._legislation = legislation
        self._chosen = law_of
        self._watcher = watcher
        self._laws: dict[Any, Legislation] = {}

    def outcome(self, case: Case) -> Outcome:
        """Return what running a case gives; whatever goes wrong is told in the outcome."""
        begun = time.perf_counter()
        if case.problems:
            return Outcome(case, problems=case.problems)
        try:
            outcome = self._run(case)
        except BaremeError as error:
            self._watcher.failed(case, error)
            return Outcome(case, problems=tuple(_problems_of(error, case)), seconds=time.perf_counter() - begun)
        except Exception as error:  # noqa: BLE001 - a mistake of the engine in one case hides no other case
            self._watcher.failed(case, error)
            return Outcome(case, problems=(Problem(case.place, f"{type(error).__name__}: {error}"),), seconds=time.perf_counter() - begun)
        return replace(outcome, seconds=time.perf_counter() - begun)

    def _run(self, case: Case) -> Outcome:
        law = self._watcher.begins(case, self._law_of(case))
        situation = read_situation(law, case.input or {}, case.period)
        expectations = [each for each in read_expectations(law, case, situation) if self._watcher.compares(each.rule.name)]
        simulation = simulation_from(law, situation, threads=1)
        results = _results(simulation, expectations)
        compared = [_difference(case, expectation, results) for expectation in expectations]
        outcome = Outcome(case, tuple(difference for difference in compared if difference is not None), compared=len(compared))
        return replace(outcome, log=tuple(self._watcher.ends(outcome, simulation, results)))

    def _law_of(self, case: Case) -> Legislation:
        if self._chosen is not None:
            return self._chosen(case)
        key = (case.extensions, case.reforms, Path(case.file).parent if case.reforms else None, case.max_spiral_loops, repr(case.parameters))
        if key not in self._laws:
            self._laws[key] = law_of_case(self._legislation, case)
        return self._laws[key]


def law_of_case(law: Legislation, case: Case) -> Legislation:
    """Return a law with the extensions, reforms, figures and spiral rule that a case asks for."""
    for extension in case.extensions:
        law = extended(law, extension)
    for reform in case.reforms:
        beside = Path(case.file).parent / reform
        law = read_reform(beside if beside.is_file() else reform)(law)
    if case.parameters:
        law = DataReform(parameters=case.parameters, file=case.file)(law)
    if case.max_spiral_loops is not None:
        law = replace(law, max_spiral_loops=case.max_spiral_loops)
    return law


def _problems_of(error: BaremeError, case: Case) -> Iterator[Problem]:
    """Yield what is wrong, by file and line: a path in the situation is found again in the case's input."""
    if not isinstance(error, SituationError):
        yield Problem(case.place, str(error))
        return
    for problem in error.problems:
        if isinstance(problem, SituationProblem):
            line = case.line
            within: Any = case.input
            for step in problem.path:
                line = within.lines.get(step, line) if isinstance(within, YamlMapping) else line
                within = within.get(step) if isinstance(within, Mapping) else None
            yield Problem(f"{case.file}:{line}", f"input/{problem}")
        else:
            yield problem


def _results(simulation: Simulation, expectations: Sequence[Expectation]) -> Mapping[Any, Any]:
    """Return the values of each variable and period expected, or the error where one cannot be computed."""
    keys = list(dict.fromkeys((expectation.rule.name, expectation.period) for expectation in expectations))
    try:
        return simulation.calculate_all(keys)
    except BaremeError:
        return {key: _result(simulation, key) for key in keys}


def _result(simulation: Simulation, key: tuple[str, Any]) -> Any:
    try:
        return simulation.calculate(*key)
    except BaremeError as error:
        return error


def _difference(case: Case, expectation: Expectation, results: Mapping[Any, Any]) -> Difference | None:
    rule = expectation.rule
    values = results[rule.name, expectation.period]
    found = Difference(case.file, expectation.line or case.line, rule.name, str(expectation.period), expectation.id, expectation.expected)
    if isinstance(values, BaremeError):
        return replace(found, error=str(values))
    try:
        expected = expected_value(rule, expectation.expected)
    except BaremeError as error:
        return replace(found, error=str(error))
    value = values.decode()[expectation.row] if rule.possible_values is not None else values[expectation.row]
    got = plain_value(value)
    absolute, relative = case.absolute_error_margin.of(rule.name), case.relative_error_margin.of(rule.name)
    return None if is_expected(expected, got, absolute, relative, lenient=rule.is_lenient) else replace(found, expected=expected, got=got)
