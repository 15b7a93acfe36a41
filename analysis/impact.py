"""What a reform does: to the budget, to households, to inequality.

    study = Study(columns, 2022)
    found = impact(read_reform("reforme.yaml"), study)
    found.tables["budget"].to_pandas()

A reform that amends another is told in three steps, as parliament reads it: from the law in force to the draft bill, from the bill to
the amendment, and both together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import effect_tables as made
from analysis.amounts import number
from analysis.bills import Bill
from analysis.cautions import cautions, is_without_effect
from analysis.changed_figures import FIGURES, changed_figures
from analysis.comparison import Comparison
from analysis.examples import EXAMPLES
from analysis.prices import constant_euros
from analysis.tables import Table, concatenated
from engine.errors import DataError, nearest
from engine.reform import DataReform, layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from os import PathLike

    from analysis.comparison import Compared
    from analysis.groups import Grouping
    from analysis.measures import Measure
    from analysis.study import Study
    from engine.legislation import Legislation
    from engine.reform import Reform
    from engine.simulation import Progress

Watch = Callable[[str, int, int], None]
"""Told of a step, and how much of it is done, of how much: `IN_FORCE`, a law as comparisons name it, `TABLES`. It may stop the work by raising."""
IN_FORCE, TABLES = "droit_en_vigueur", "tableaux"
ALONE = ("reforme",)
WITH_A_BILL = ("projet", "amendement")
TOGETHER = "ensemble"
TABLES_BESIDE_GROUPS = 4
UNNAMED = "Réforme sans titre"
WORDS = {"menage": "ménages", "foyer_fiscal": "foyers fiscaux"}
METHOD = (
    "Effets mécaniques, sans changement de comportement. Un ménage est gagnant ou perdant si son revenu annuel change d'au moins 0,50 €. "
    "Les erreurs sont les écarts types de {replicates} répliques bootstrap des ménages : l'aléa de l'échantillon, non les défauts de la "
    "population ou du droit codé."
)


@dataclass(frozen=True)
class Impact:
    """What a reform does, as tables by name. `years`, `layers` (titles, the last being the reform's) and `notes` say of what.

    `cautions` must be read before the figures: nothing changes in a year, or the law of that year is not known yet.
    """

    title: str
    description: str
    years: tuple[int, ...]
    layers: tuple[str, ...]
    tables: Mapping[str, Table]
    notes: tuple[str, ...] = ()
    population: str = ""
    euros_of: int | None = None
    cautions: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Table:
        """Return a table by name. Raises DataError with the names that there are."""
        if name not in self.tables:
            raise DataError(f"There is no table `{name}`: expected one of {', '.join(self.tables)}.{nearest(name, self.tables)}")
        return self.tables[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a table of that name."""
        return name in self.tables

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables."""
        return iter(self.tables)

    def __repr__(self) -> str:
        """Return what it is of, and the tables that it has: the tables themselves would fill the screen."""
        return f"<Impact {self}: {', '.join(self.tables)}>"

    def __str__(self) -> str:
        """Return title, years and the budget's total in a line."""
        totals = [row for row in self.tables["budget"].rows() if row["mesure"] == made.TOTAL and row["effet_budget"] is not None]
        said = " ; ".join(f"{row['annee']}, {row['comparaison']} : {row['effet_budget'] / 1e6:+,.1f} M€" for row in totals)
        return f"{self.title} ({said or 'secret'})"

    def save(self, folder: str | PathLike[str]) -> list[Path]:
        """Write a data package, a workbook, a report and its charts into a folder, and return the files. Needs the extra `analysis`."""
        from analysis.publication import publish  # noqa: PLC0415 - that package knows impacts

        return publish(self, Path(folder))

    def in_constant_euros(self, year: int) -> Impact:
        """Return the same with amounts in the prices of a year. Raises DataError for a year whose prices are not known."""
        change = constant_euros(year)
        tables = {name: table.with_amounts(change) for name, table in self.tables.items()}
        return replace(self, tables=tables, euros_of=year)


def impact(reform: Reform, study: Study, *, disclosure: bool = False, watch: Watch | None = None, bill: str = "") -> Impact:
    """Return what a reform does to a population in a year. With `disclosure` cells under statistical secrecy are refused.

    `watch` is told how far it is; what it raises stops the work, and the study can be used again. `bill` tells the content of the reform's
    first layer from any other: what it gives stays in the study, for the next reform over the same. Raises ReformError where the reform does
    not fit the law, with all that is wrong.
    """
    over = layers(reform)
    kept = study.bills.get(bill) if bill else None
    laws = [study.law]
    for layer in over:
        laws.append(kept.law if kept is not None and len(laws) == 1 else layer(laws[-1]))
    outcomes = [study.watched_base(_step(watch, IN_FORCE))]
    for law, name in zip(laws[1:], names_of_layers(len(over)), strict=True):
        outcomes.append(kept.outcome if kept is not None and len(outcomes) == 1 else study.outcome(law, _step(watch, name)))
    comparisons = [Comparison(study, name, outcomes[before], outcomes[after], disclosure) for name, before, after in steps(len(over))]
    if bill:
        comparisons[0] = comparisons[0].as_before(kept.comparison if kept is not None else None)
        study.bills.keep(bill, Bill(laws[1], outcomes[1], comparisons[0]))
    groupings = study.groupings
    told = Told(
        tuple(_notes(study, outcomes)),
        tuple(cautions(study.year, laws, is_without_effect=is_without_effect(outcomes[0], outcomes[-1], study))),
        described(study.name, study.households.count, study.households.unit, study.law),
    )
    return assembled(reform, laws, study.year, _watched_tables(comparisons, groupings, watch), told)


@dataclass(frozen=True)
class Told:
    """What is said beside tables: notes, cautions, and what the population is."""

    notes: tuple[str, ...]
    cautions: tuple[str, ...]
    population: str


def assembled(reform: Reform, laws: Sequence[Legislation], year: int, found: Iterable[Table], told: Told) -> Impact:
    """Return the impact that tables say, with the figures of the law that differ; empty tables are left out. `laws`: that in force, then each layer's."""
    over = layers(reform)
    figures = [
        {"annee": year, "comparaison": name, **row} for name, before, after in steps(len(over)) for row in changed_figures(laws[before], laws[after], year)
    ]
    tables = {table.name: table for table in (made.table("chiffres", "Chiffres du droit modifiés", FIGURES, iter(figures)), *found) if len(table)}
    titles = tuple(UNNAMED if layer.words == DataReform.__name__ else layer.words for layer in over)
    return Impact(titles[-1], reform.description, (year,), titles, tables, told.notes, told.population, cautions=told.cautions)


def over_years(found: Sequence[Impact]) -> Impact:
    """Return the impacts of a reform in several years as one."""
    names = dict.fromkeys(name for each in found for name in each.tables)
    tables = {name: concatenated([each.tables[name] for each in found if name in each.tables]) for name in names}
    notes = tuple(dict.fromkeys(note for each in found for note in each.notes))
    told = tuple(caution for each in found for caution in each.cautions)
    return replace(found[0], years=tuple(year for each in found for year in each.years), tables=tables, notes=notes, cautions=told)


def steps(count: int) -> Iterator[tuple[str, int, int]]:
    """Give the comparisons of `count` layers over the law in force: name, and the numbers of the laws compared."""
    yield from ((name, step, step + 1) for step, name in enumerate(names_of_layers(count)))
    if count > 1:
        yield TOGETHER, 0, count


def names_of_layers(count: int) -> tuple[str, ...]:
    """Return the names of so many layers over the law in force, as the column `comparaison` and `Watch` have them."""
    return ALONE if count == 1 else WITH_A_BILL if count == len(WITH_A_BILL) else tuple(f"etape_{step}" for step in range(1, count + 1))


def _step(watch: Watch | None, name: str) -> Progress | None:
    """Return what a calculation tells of a step; None where nobody watches."""
    return None if watch is None else lambda done, total: watch(name, done, total)


def _watched_tables(comparisons: Sequence[Compared], groupings: Sequence[Grouping], watch: Watch | None) -> Iterator[Table]:
    """Give the tables; whoever watches is told of each."""
    if watch is None:
        yield from tables_of(comparisons, groupings)
        return
    count = TABLES_BESIDE_GROUPS + len(groupings)
    watch(TABLES, 0, count)
    for done, table in enumerate(tables_of(comparisons, groupings), 1):
        watch(TABLES, done, count)
        yield table


def tables_of(comparisons: Sequence[Compared], groupings: Sequence[Grouping]) -> Iterator[Table]:
    """Give the tables of comparisons of the same laws, those of groups in the order of groupings."""
    yield made.table("budget", "Effet sur le budget, par prélèvement et prestation", made.BUDGET, made.budget(comparisons))
    yield made.table("foyers_imposes", "Foyers fiscaux imposés à l'impôt sur le revenu", made.TAXED, made.taxed(comparisons))
    for grouping in groupings:
        yield made.table(grouping.name, grouping.title, made.EFFECTS, made.effects_by_group(comparisons, grouping))
    yield made.table("inegalites", "Inégalités de niveau de vie", made.INEQUALITY, made.inequalities(comparisons))
    shown = (row for comparison in comparisons for row in comparison.examples())
    yield made.table("exemples", "Ménages qui perdent ou gagnent le plus", EXAMPLES, shown)


def described(name: str, count: int, unit: str, law: Legislation) -> str:
    """Return what a population is, in a line."""
    return f"{name or 'Population fournie'} : {number(count)} {WORDS.get(unit) or law.entities[unit].plural}, pondérés"


def _notes(study: Study, outcomes: Sequence[Any]) -> Iterator[str]:
    others = ~study.composition.is_ordinary
    labels = labels_by_entity(study.measures, study.law)
    left_out = {entity: study.households.left_out(entity) for entity in labels}
    weight = float(study.weights[others].sum()) if others.any() else None
    return notes(study.replicates.count, weight, outcomes[0].refused, labels, left_out)


def labels_by_entity(measures: Iterable[Measure], law: Legislation) -> dict[str, list[str]]:
    """Return the labels of measures by the entity that pays or receives them."""
    found: dict[str, list[str]] = {}
    for measure in measures:
        found.setdefault(law.variable(measure.plus[0]).entity.key, []).append(measure.label)
    return found


def notes(replicates: int, others: float | None, refused: Mapping[str, int], labels: Mapping[str, list[str]], left_out: Mapping[str, int]) -> Iterator[str]:
    """Give what must be known of a population's tables: `others` weighs households that are not ordinary (None: there are none)."""
    yield METHOD.format(replicates=replicates)
    if others is not None:
        yield f"Hors ménages ordinaires : {number(others)} foyers ou communautés, comptés au budget, non dans les tableaux de ménages."
    for name, count in refused.items():
        yield f"{name} : {number(count)} lignes que le droit refuse (code de retour), comptées pour zéro."
    for entity, of_entity in labels.items():
        if count := left_out[entity]:
            yield f"{', '.join(of_entity)} : {number(count)} lignes de « {entity} » sans ménage, comptées au budget seulement."
