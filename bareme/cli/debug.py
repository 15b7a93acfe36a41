"""`bareme debug`: stop in the formula of a variable, with the real arrays of a case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bareme.cli.law_as_written import law_as_written
from bareme.cli.legislation_option import LawChoice, legislation_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.debugging import DebuggedFormula, Reached, Shown
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.simulation import Simulation
    from engine.traces import Key
    from engine.variables import Formula, Rule
    from engine.yaml_tests import Case

MOST_NAMES = 8
_MOST_DIFFERENCES = 5


@click.command("debug")
@click.argument("variable")
@click.option(
    "--case", "case_name", metavar="FILE[::NAME]", help="A case of a file of tests: by its name, a part of it, or its line; by default the first that fits."
)
@click.option("--situation", type=click.Path(path_type=Path), help="A situation, JSON or YAML, in the place of a case.")
@click.option("--period", "asked_at", help="The period of the formula, where it is run for several, or for none.")
@click.option("--row", "row_name", help="Show this row alone: its id, or its number from 0.")
@click.option("--print", "is_printed", is_flag=True, help="No prompt: tell each line that runs with what it gives.")
@click.option("--prompt", type=click.Choice(["ipython", "pdb"]), help="IPython's debugger or Python's; by default IPython's, where it is installed.")
@legislation_options
def command(
    variable: str,
    case_name: str | None,
    situation: Path | None,
    asked_at: str | None,
    row_name: str | None,
    is_printed: bool,
    prompt: str | None,
    law: LawChoice,
) -> None:
    """Stop at the first line of the formula of VARIABLE, over the rows of a case, with its entity, period and figures of the law.

    All that the formula reads is computed by the engine; the formula itself runs on numpy's own arrays. At the prompt, `n` runs a line,
    `p NAME` shows an array, `rows EXPRESSION` shows it row by row, `reads` what was read, `c` runs to the end, `q` leaves. What the
    formula gives is then compared with what the engine finds; the exit code is 0 only where they are the same.
    """
    from engine.debugging import DebuggedFormula, Shown

    if (case_name is None) == (situation is None):
        raise click.UsageError("Give either --case FILE[::NAME] or --situation FILE.")
    with law_as_written():
        chosen = _of_case(law, variable, str(case_name), asked_at) if situation is None else _of_situation(law.legislation(), variable, situation, asked_at)
    formula = _formula_of(chosen)
    debugged = DebuggedFormula(chosen.simulation, chosen.rule, chosen.at, formula)
    ids = debugged.session.ids(chosen.rule.entity.key)
    shown = Shown(ids, _row(row_name, ids, chosen.rule.entity.key))
    _tell_place(chosen, debugged, ids)
    if not _ran_as_the_engine(debugged, shown, None if is_printed else (prompt,)):
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class _Chosen:
    """What is debugged: a variable at a period over a simulation; where it came from, in words, and who asked for it."""

    simulation: Simulation
    rule: Rule
    at: Period
    source: str
    callers: Sequence[Key] | None = None
    others: Sequence[Period] = ()


# Running


def _ran_as_the_engine(debugged: DebuggedFormula, shown: Shown, prompt: tuple[str | None] | None) -> bool:
    """Run the formula, tell what it gave, and return whether the engine finds the same."""
    from engine.debugging import Lines, Quitted, stop_in, tell_reads
    from engine.errors import BaremeError

    name, engine = debugged.rule.name, debugged.engine_value
    try:
        values = stop_in(debugged, shown, click.echo, *prompt) if prompt is not None else debugged.run(Lines(debugged.code, shown, click.echo).run)
    except Quitted:
        click.echo("Left before the end: nothing is compared.")
        return True
    except Exception as error:  # noqa: BLE001 - the formula may raise anything
        if isinstance(engine, BaremeError):
            click.echo(f"\nThe formula fails. The engine says: {engine}")
        else:
            click.echo(f"\nThe formula fails on real arrays: {type(error).__name__}: {error}\nThe engine, on symbols, finds {name} = {shown.line(engine)}")
        return False
    if prompt is None:
        click.echo("\nIt read")
        tell_reads(debugged, shown, click.echo)
    click.echo(f"\n{name} = {shown.line(values)}")
    if isinstance(engine, BaremeError):
        click.echo(f"On real arrays the formula runs; the engine, which runs it on symbols, fails: {engine}")
        return False
    return _tell_differences(debugged, values, shown)


def _tell_differences(debugged: DebuggedFormula, values: Any, shown: Shown) -> bool:
    from engine.debugging.values import plain

    differing = debugged.differing(values)
    if not differing:
        click.echo("The engine finds the same.")
        return True
    engine: Any = debugged.engine_value
    click.echo(f"The engine finds something else in {len(differing)} of {len(values)} rows: {debugged.rule.name} = {shown.line(engine)}")
    for row in differing[:_MOST_DIFFERENCES]:
        click.echo(f"  {shown.ids[row]}: {plain(values[[row]])[0]} here, {plain(engine[[row]])[0]} there")
    click.echo("A formula that looks at how many rows there are, or at one row for another, may do so; please report any other.")
    return False


def _tell_place(chosen: _Chosen, debugged: DebuggedFormula, ids: Sequence[str]) -> None:
    rule, formula = chosen.rule, debugged.formula
    click.echo(f"{rule.name} at {chosen.at}: {_vintage(rule, formula)}, {_from_here(debugged.code.co_filename)}:{debugged.code.co_firstlineno}")
    click.echo(f"{chosen.source}; {len(ids)} {rule.entity.key if len(ids) == 1 else rule.entity.plural or rule.entity.key}: {_listed(ids)}")
    if chosen.callers:
        click.echo(f"Asked by {' <- '.join(f'{name} at {at}' for name, at in chosen.callers[:MOST_NAMES])}")
    if chosen.callers is None:
        click.echo(f"Nothing that is asked of the case rests on {rule.name} at {chosen.at}: it is run for itself.")
    if chosen.others:
        click.echo(f"It runs at other periods too: {_listed([str(at) for at in chosen.others])}; --period chooses.")
    click.echo()


def _from_here(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _vintage(rule: Rule, formula: Formula) -> str:
    if len(rule.formulas) == 1:
        return "its formula"
    later = next((each.start for each in rule.formulas if each.start > formula.start), None)
    place = [each is formula for each in rule.formulas].index(True) + 1
    until = f" until {later}" if later is not None else ""
    return f"formula {place} of {len(rule.formulas)}, in force from {formula.start}{until}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")


def _row(name: str | None, ids: Sequence[str], entity: str) -> int | None:
    from engine.errors import DataError, nearest

    if name is None:
        return None
    if name in ids:
        return ids.index(name)
    if name.isdigit() and int(name) < len(ids):
        return int(name)
    raise DataError(f"There is no {entity} `{name}`.{nearest(name, ids)} Expected an id, {_listed(ids)}, or a number below {len(ids)}.")


# Which formula


def _formula_of(chosen: _Chosen) -> Formula:
    """Return the formula that runs. Raises DataError that says why none does."""
    from engine.errors import DataError

    rule, at = chosen.rule, chosen.at
    if (rule.name, at) in chosen.simulation.inputs:
        raise DataError(f"`{rule.name}` at {at} is given by the case: its formula does not run. Take it out of the input, or choose another --period.")
    formula = rule.formula_at(at)
    if formula is not None:
        return formula
    if rule.is_neutralized:
        raise DataError(f"`{rule.name}` is neutralized by a reform: it has its default, and no formula.")
    if not rule.exists_at(at):
        raise DataError(f"`{rule.name}` has no formula at {at}: it ended on {rule.end}.")
    raise DataError(f"`{rule.name}` has no formula at {at}: its first is in force from {rule.formulas[0].start}. It has its default there.")


def _rule(law: Legislation, name: str) -> Rule:
    from engine.errors import DataError

    rule = law.variable(name)
    if rule.is_input:
        raise DataError(f"`{name}` has no formula: its values are given, by the {rule.definition_period}, or are its default, {rule.default_value}.")
    return rule


# The situation


def _of_situation(law: Legislation, variable: str, file: Path, asked_at: str | None) -> _Chosen:
    from engine.errors import DataError
    from engine.situation import simulation_from
    from population.situations import read_document

    rule = _rule(law, variable)
    situation = read_document(file, law, asked_at).situation
    simulation = simulation_from(law, situation, threads=1)
    keys = [(each.variable, each.period) for each in situation.requested]
    wanted = _periods_of(rule, asked_at) if asked_at is not None else ()
    found = _reached(simulation, keys, variable)
    if not wanted and not found.chains:
        raise DataError(f"{_not_reached(law, variable, found, keys, 'asked of the situation')} Give --period, to run its formula for itself.")
    return _at_one_period(simulation, rule, f"Situation {file}", found, wanted)


# The case


def _of_case(choice: LawChoice, variable: str, named: str, asked_at: str | None) -> _Chosen:
    """Return the variable in the first of the cases that fit in which its formula runs."""
    from engine.errors import DataError

    file, _, name = named.partition("::")
    cases = _cases(Path(file), name)
    law_of = _laws(choice)
    refusal: Exception | None = None
    for case in cases:
        if case.problems:
            refusal = refusal or DataError("\n".join(str(problem) for problem in case.problems))
            continue
        try:
            return _in_case(law_of(case), variable, case, asked_at)
        except _NotReachedError as error:
            refusal = refusal or error
    assert refusal is not None
    if isinstance(refusal, _NotReachedError) and len(cases) > 1:
        raise DataError(f"In none of the {len(cases)} cases of {file}: {refusal}")
    raise DataError(str(refusal))


class _NotReachedError(Exception):
    """No formula asks for the variable in a case."""


def _in_case(law: Legislation, variable: str, case: Case, asked_at: str | None) -> _Chosen:
    from engine.situation import read_situation, simulation_from
    from engine.yaml_tests import read_expectations

    rule = _rule(law, variable)
    situation = read_situation(law, case.input or {}, case.period)
    keys = list(dict.fromkeys((each.rule.name, each.period) for each in read_expectations(law, case, situation)))
    simulation = simulation_from(law, situation, threads=1)
    wanted = _periods_of(rule, asked_at) if asked_at is not None else ()
    found = _reached(simulation, keys, variable)
    if not wanted and not found.chains:
        raise _NotReachedError(f"{_not_reached(law, variable, found, keys, 'expected')} With --period, its formula is run for itself.")
    return _at_one_period(simulation, rule, f"Case {case.place} {case.name}".rstrip(), found, wanted, case.period)


def _laws(choice: LawChoice) -> Callable[[Case], Legislation]:
    if choice.country_package is not None:
        from engine.openfisca.cases import Laws

        return Laws(choice.system(), choice.reforms_of_law())
    from engine.yaml_tests import law_of_case

    law = choice.legislation()
    return lambda case: law_of_case(law, case)


def _cases(file: Path, name: str) -> list[Case]:
    """Return the cases of a file that a name means: all without one. Raises DataError with the nearest names."""
    from engine.errors import DataError, nearest
    from engine.yaml_tests import collect

    if not file.is_file():
        raise DataError(f"{file}: there is no such file.")
    cases = collect([file])
    fitting = [case for case in cases if name in ("", case.name, str(case.line))] or [case for case in cases if name in case.name]
    if not cases:
        raise DataError(f"{file}: there is no case in it.")
    if not fitting:
        names = [case.name for case in cases if case.name]
        raise DataError(f"{file}: there is no case `{name}`.{nearest(name, names)} There are {_listed([f'`{each}`' for each in names])}.")
    return fitting


# The period


def _periods_of(rule: Rule, asked_at: str) -> tuple[Period, ...]:
    """Return the variable's own periods within the one asked for. Raises PeriodMismatchError."""
    from engine.asked import check_period
    from engine.periods import ETERNITY, period

    wanted = period(asked_at)
    if rule.definition_period == ETERNITY:
        return (period("eternity"),)
    if wanted.divides_into(rule.definition_period):
        return tuple(wanted.get_subperiods(rule.definition_period))
    return (check_period(rule, wanted),)


def _reached(simulation: Simulation, keys: Iterable[Key], variable: str) -> Reached:
    from engine.debugging import reached

    return reached(simulation, keys, variable)


def _at_one_period(simulation: Simulation, rule: Rule, source: str, found: Reached, wanted: Sequence[Period], preferred: Period | None = None) -> _Chosen:
    """Return the variable at a period: of those `wanted`, or else of all, one at which the formula runs; the `preferred` one, if it does."""
    reached = [at for at in found.chains if not wanted or at in wanted]
    running = [at for at in reached if (rule.name, at) not in simulation.inputs and rule.formula_at(at) is not None]
    at = preferred if preferred in running else (*running, *reached, *wanted)[0]
    if rule.january is not None and rule.formula_at(at) is rule.january:
        at = at.this_year.first_month  # its formula is run for January, and holds for all months
    others = sorted({*running, *(wanted if not running else ())} - {at})
    return _Chosen(simulation, rule, at, source, found.chains.get(at), others)


def _not_reached(law: Legislation, variable: str, found: Reached, keys: Sequence[Key], how: str) -> str:
    """Return who could ask for a variable that nobody asked for."""
    from engine.debugging import namers_of

    results = _listed(list(dict.fromkeys(f"`{name}`" for name, _ in keys))) or "nothing"
    readers = [f"`{name}`{', which ran and did not' if name in found.variables else ''}" for name in namers_of(law, variable)]
    asked_for = f"`{variable}` is never asked for on the way to what is {how}, {results}."
    errors = "".join(f" {error}" for error in found.errors[:1])
    who = f" The formulas of {_listed(readers)} could ask for it." if readers else " No other formula names it."
    return f"{asked_for}{errors}{who}"
