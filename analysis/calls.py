"""The analysis in a line of Python: what a reform does to a population, and the value of a figure that reaches a target.

import bareme

found = bareme.impact("reforme.yaml", "population/", year=2022)
found["budget"].to_pandas()

study = bareme.study("population/", 2022)      # read once, for several reforms
bareme.impact("reforme.yaml", study)
bareme.solve("reforme.yaml", "impot_revenu.bareme.brackets[4].rate", "budget = 0", study)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from analysis import solving
from analysis.impact import Impact, over_years
from analysis.impact import impact as impact_of
from analysis.prices import constant_euros as prices_of
from analysis.replicates import DEFAULT_REPLICATES, DEFAULT_SEED
from analysis.sources import at_year, columns_of, year_of, years_of
from analysis.streaming.running import impact_of_parts
from analysis.streaming.task import Task
from analysis.study import Study
from engine.errors import DataError, ReformError, nearest
from engine.reform import DataReform, Reform, amended, chained, layers, read_reform, reform_from_data
from legislation import france
from population.columns import Columns
from population.france.files import embedded
from population.partitions.memory import Memory
from population.partitions.parts import is_partitioned, partitioned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from engine.legislation import Legislation

DEFAULT_YEAR = 2022
FIRST_YEAR = 2017
"""The first year for which the law that is shipped has the figures of every tax and benefit: before, the invented France has nothing to be judged by."""
OF_TASKS = ("unit", "replicates", "seed", "disclosure", "threads")
OF_PARTS = ("memory", "processes")
EMBEDDED = "France inventée, calée sur des totaux publics"


def study(
    population: Any = None,
    year: int | None = None,
    *,
    law: Legislation | None = None,
    weights: ArrayLike | None = None,
    unit: str | None = None,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
) -> Study:
    """Return a population at a year, ready for several reforms.

    `population`: None for the invented France that is shipped; a folder with a table for each entity; a flat table (file, pandas,
    polars, Arrow); a mapping of entities to tables; or Columns, whose periods are moved to the year. `weights`: one per household, in
    the order of rows, in place of the tables' own. `unit`: the entity told of as household (`menage`, else `foyer_fiscal`). `threads`: how
    many compute (all cores, if not said).
    Raises TableError or DataError with all that is wrong.
    """
    law = france() if law is None else law
    year = None if year is None else years_of(year, DEFAULT_YEAR)[0]
    if isinstance(population, Columns):
        own = year_of(population)
        year = own if year is None else year
        columns, name = at_year(population, own, year), ""
    else:
        year = DEFAULT_YEAR if year is None else year
        if population is None and year < FIRST_YEAR:
            raise DataError(f"The law has no figures of the income tax in {year}: expected a year from {FIRST_YEAR} on.")
        name = EMBEDDED if population is None else f"Population « {Path(population).name} »" if isinstance(population, str | Path) else ""
        columns = embedded(year, law, with_communes=True) if population is None else columns_of(population, law, year)
    return Study(columns, year, law=law, weights=weights, unit=unit, replicates=replicates, seed=seed, name=name, threads=threads)


def impact(
    reform: Any,
    population: Any = None,
    year: int | Iterable[int] | None = None,
    *,
    against: Any = None,
    disclosure: bool = False,
    constant_euros: int | None = None,
    **options: Any,
) -> Impact:
    """Return what a reform does: tables by name, for one year or several.

    `reform`: a file, a dotted name, a mapping in the form of the files, or a Reform. `against`: the draft bill that it amends. `population`:
    as in `study`, a folder of parts (docs/scale.md; `memory` bounds what it takes, `processes` say how many are computed at once), or a Study already made.
    `disclosure`: refuse cells under statistical secrecy. `constant_euros`: amounts in the prices of that year. `options` are those of `study`.
    Raises ReformError, TableError or DataError with all that is wrong.
    """
    asked = reform_of(reform)
    if constant_euros is not None:
        prices = prices_of(constant_euros)  # years without prices are told before anything is calculated
        for each in years_of(year, _default_year(population)):
            prices(each)
    asked = asked if against is None else amended(reform_of(against), asked)
    if isinstance(population, str | Path) and is_partitioned(Path(population)):
        found = over_years([_of_parts(asked, Path(population), each, {**options, "disclosure": disclosure}) for each in years_of(year, DEFAULT_YEAR)])
        return found if constant_euros is None else found.in_constant_euros(constant_euros)
    for name in OF_PARTS:
        if options.pop(name, None) is not None:
            raise DataError(f"`{name}` is of populations in parts, as `bareme population split` makes: this one is read whole.")
    found = over_years([impact_of(asked, each, disclosure=disclosure) for each in _studies(population, year, options)])
    return found if constant_euros is None else found.in_constant_euros(constant_euros)


def _of_parts(reform: Reform, folder: Path, year: int, options: Mapping[str, Any]) -> Impact:
    """Return the impact on a population in parts; what is finished of it lasts as long as the call.

    `memory` as `2GB` and `processes` may be among the options: so many compute at once, each with its share of the memory.
    Raises CalculationError for several processes where the law or the reform is not told by files or names alone.
    """
    if options.get("weights") is not None:
        raise DataError(f"{folder} is a population in parts: its weights stand in its tables.")
    _check_names(options, (*OF_TASKS, *OF_PARTS, "law", "weights"))
    law, count = options.get("law") or france(), 1 if options.get("processes") is None else options["processes"]
    if not isinstance(count, int) or count < 1:
        raise DataError(f"`processes` is {count!r}: expected how many parts are computed at once, 1 or more.")
    memory = None if options.get("memory") is None else Memory.parsed(options["memory"]).shared(count)
    task = Task(reform, year, _Given(law), name=f"Population « {folder.name} »", **{name: options[name] for name in OF_TASKS if name in options})
    from analysis.scheduling.impact import in_processes  # noqa: PLC0415 - costs what only a run over parts needs

    with TemporaryDirectory() as work:
        compute = in_processes(count) if count > 1 else None
        return impact_of_parts(task, partitioned(folder, law.entities), Path(work), memory=memory, compute=compute)


@dataclass(frozen=True)
class _Given:
    """A law as a function that gives it, which can be pickled where the law can."""

    law: Legislation

    def __call__(self) -> Legislation:
        return self.law


def _check_names(options: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise DataError for an option that there is not."""
    names = tuple(known)
    for name in options:
        if name not in names:
            raise DataError(f"`{name}` is no option of an impact on a population in parts: expected {', '.join(names)}.{nearest(name, names)}")


def solve(
    reform: Any,
    parameter: str,
    target: str,
    population: Any = None,
    year: int | None = None,
    *,
    date: str | None = None,
    between: tuple[float, float] | None = None,
    tolerance: float | None = None,
    **options: Any,
) -> solving.Solution:
    """Return the value of a figure of the law with which a reform's result meets a target, as `budget = 0`.

    `reform` None: the law in force is changed by that figure alone. See `analysis.solving.solve`.
    """
    (found,) = _studies(population, year, {"replicates": 0, **options})
    asked = reform_of(reform if reform is not None else {})
    return solving.solve(asked, found, parameter, target, date=date, between=between, tolerance=tolerance)


def reform_of(given: Any) -> Reform:
    """Return the reform that a file, a dotted name, a mapping, a function or a Reform is. Raises ReformError."""
    if isinstance(given, Reform):
        return given
    if isinstance(given, str | Path):
        return _changing(read_reform(given))
    if isinstance(given, Mapping):
        return reform_from_data(given)
    if isinstance(given, type) and issubclass(given, Reform):
        return given()
    if isinstance(given, Callable):  # type: ignore[arg-type]
        return chained(given)
    raise ReformError(f"{given!r} is no reform: expected a file, a dotted name, a mapping, a function from a law to a law, or a Reform.")


def _changing(reform: Reform) -> Reform:
    """Return a reform that was read. Raises ReformError for a file that says nothing to be changed."""
    last = layers(reform)[-1]
    if isinstance(last, DataReform) and not last.parameters and not last.neutralize:
        raise ReformError(f"{last.file}: this reform changes nothing: expected figures under `parameters`, or variables under `neutralize`.")
    return reform


def _default_year(population: Any) -> int:
    if isinstance(population, Study):
        return population.year
    return year_of(population) if isinstance(population, Columns) else DEFAULT_YEAR


def _studies(population: Any, year: int | Iterable[int] | None, options: Mapping[str, Any]) -> Iterable[Study]:
    if isinstance(population, Study):
        years = years_of(year, population.year)
        if years != (population.year,):
            raise DataError(f"The study is of {population.year}: give the population itself for {', '.join(str(each) for each in years)}.")
        return (population,)
    return (study(population, each, **options) for each in years_of(year, _default_year(population)))  # one at a time: each holds a population
