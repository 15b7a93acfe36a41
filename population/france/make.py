"""Makes an invented France: draws households, gives them incomes, runs the law, and calibrates weights on official totals.

The same number of households and seed give the same tables, to the last bit on one kind of machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from engine.errors import DataError
from legislation import france
from population.calibration import Calibration, calibrate
from population.france.bands import Bands, curve
from population.france.benefits import with_benefits
from population.france.build import Draft, draft_costs, persons_and_foyers, weighted, with_dwellings
from population.france.declarations import declarations
from population.france.dwellings import dwellings
from population.france.files import BEFORE
from population.france.gross import with_gross
from population.france.incomes import Incomes, activities, chances, incomes
from population.france.lines import (
    HELD_OUT,
    OLDEST_GROUP,
    RFR,
    TARGET,
    YEAR,
    Line,
    aged_bands,
    all_lines,
    band_lines,
    estimated_bands,
    population_by_age,
    read_lines,
)
from population.france.measures import Measures
from population.france.people import COMMUNAUTE, HORS_POPULATION, people
from population.france.tables import columns_of
from population.france.units import units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from population.france.people import People
    from population.france.tables import Tables

    Floats = NDArray[np.float64]

FEWEST = 2_000
OUTSIDE_POPULATION = 1.4e6
BOUNDS = (0.2, 5.0)
TYPES = ("homme_seul", "femme_seule", "autre_sans_famille", "couple_sans_enfant", "couple_avec_enfants", "monoparentale")
EASILY = 1.5  # how far from the bounds a line's own change of weight must stay
TOLERANCE = 1e-5
ROUNDS = 3  # of running the law and correcting incomes


@dataclass(frozen=True)
class Made:
    """The tables of an invented country, and how its weights were found."""

    tables: Tables
    calibration: Calibration
    lines: tuple[Line, ...]


def make(households: int, seed: int, *, say: Callable[[str], None] = lambda _: None) -> Made:
    """Return an invented France of 2022 with so many households. Raises DataError for fewer than the targets need."""
    if households < FEWEST:
        raise DataError(f"{households:,} households are too few to meet the official totals: expected at least {FEWEST:,}.")
    law, lines = france(), all_lines()
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(9)]
    bands = estimated_bands(read_lines())
    draft, weights, means = _draft(households, bands, streams)
    say("Incomes by rank…")
    draft.incomes = _corrected(draft, law)
    say("Gross incomes…")
    tables, rfr = with_gross(persons_and_foyers(draft), law, streams[7])
    homes = dwellings(draft.people, means, streams[6])
    say("Calibration…")
    tables = with_dwellings(tables, draft, homes)
    tables = with_benefits(tables, rfr, weights, streams[8])
    tables = weighted(tables, draft, homes, weights)
    calibration = _calibrated(tables, law, lines, weights, say)
    return Made(weighted(tables, draft, homes, calibration.weights), calibration, lines)


def _draft(households: int, bands: Bands, streams: Sequence[np.random.Generator]) -> tuple[Draft, Floats, Floats]:
    values = {line.nom: line.valeur for line in read_lines()}
    shares = {place: values[name] for place, name in enumerate(TYPES)}
    shares |= {COMMUNAUTE: values["personnes_communautes"], HORS_POPULATION: OUTSIDE_POPULATION}
    persons = people(shares, households, streams[0])
    declaring = units(persons, streams[1])
    share, weights = chances(households, streams[2])
    weights = _demographic(persons, weights * sum(shares.values()) / weights.sum())
    activity = activities(persons, streams[3])
    found = incomes(persons, declaring, activity, curve(bands), weights, share, streams[4])
    declared = declarations(persons, declaring, found, streams[5])
    invalid = streams[5].random(len(persons.age)) < np.interp(persons.age, (20, 40, 60, 80), (0.01, 0.02, 0.045, 0.06))
    draft = Draft(persons, declaring, activity, found, declared, invalid, draft_costs(found, streams[5]), YEAR)
    return draft, weights, share


def _demographic(persons: People, weights: Floats) -> Floats:
    """Return weights that already fit ages, sex and types of household, so that ranks are those of the right population."""
    counted = (persons.type != HORS_POPULATION)[persons.household]
    margins, targets, names = [], [], []
    for sex, ages in enumerate(population_by_age()):
        for low in range(0, OLDEST_GROUP + 1, 5):
            high = low + 4 if low < OLDEST_GROUP else len(ages) - 1
            rows = counted & (persons.sex == sex) & (persons.age >= low) & (persons.age <= high)
            if not rows.any():  # a small population may have no man of 95
                continue
            margins.append(np.bincount(persons.household[rows], minlength=len(weights)))
            targets.append(ages[low : high + 1].sum())
            names.append(f"{('men', 'women')[sex]} of {low}")
    for kind in range(HORS_POPULATION + 1):
        margins.append(persons.type == kind)
        targets.append(weights[persons.type == kind].sum())
        names.append(f"type {kind}")
    slack = np.full(len(targets), 0.003)
    return calibrate(np.column_stack(margins), weights, np.array(targets), bounds=BOUNDS, names=names, slack=slack, tolerance=TOLERANCE).weights


def _corrected(draft: Draft, law: Legislation) -> Incomes:
    """Change incomes from work and pensions until the law's RFR is the one that each rank has, and the totals of each kind the official ones."""
    found = draft.incomes
    for _ in range(ROUNDS):
        columns = columns_of(persons_and_foyers(draft), law, draft.year)
        rfr = Measures(columns, law, draft.year, [_line_of(RFR)]).contributions(_line_of(RFR))
        labour = 0.9 * (found.wages + found.unemployment + found.pensions + found.others).sum(axis=1) + found.profits.sum(axis=1)
        missing = found.wanted - rfr
        factor = np.clip(1 + missing / np.maximum(labour, 1.0), 0.2, 5.0)
        found.scale_labour(np.where((labour > 0) & (found.wanted > 0), factor, 1.0))
        draft.costs *= np.where(labour > 0, factor, 1.0)[:, None]
    return found


def _line_of(name: str) -> Line:
    return Line(nom=name, libelle=name, de="foyer_fiscal", valeur=0.0, usage=TARGET, source="", somme={name: 1.0})


def _calibrated(tables: Tables, law: Legislation, lines: Sequence[Line], weights: Floats, say: Callable[[str], None]) -> Calibration:
    wanted = [line for line in (*lines, *_estimated()) if line.usage == TARGET and line.en == YEAR]
    measures = Measures(columns_of(tables, law, YEAR, before=BEFORE), law, YEAR, wanted)
    targets = [line for line in wanted if measures.knows(line)]
    margins = sparse.csc_array(np.column_stack([_by_household(tables, line.de, measures.contributions(line)) for line in targets]))
    reachable = _reachable(margins, weights, targets)
    kept = [line for line, there in zip(targets, reachable, strict=True) if there]
    for line in (line for line, there in zip(targets, reachable, strict=True) if not there):
        say(f"{line.libelle}: no target, the population is too small")
    return calibrate(
        margins[:, np.flatnonzero(reachable)],
        weights,
        np.array([line.valeur for line in kept]),
        bounds=BOUNDS,
        names=[line.libelle for line in kept],
        slack=np.array([line.marge for line in kept]),
        tolerance=TOLERANCE,
    )


def _reachable(margins: Any, weights: Floats, lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Return which lines are kept: in a small population, the highest bands and rare cases may have nobody, or too few to stand for all."""
    drawn = np.asarray(margins.T @ weights)
    change = np.divide([line.valeur for line in lines], drawn, out=np.zeros(len(lines)), where=drawn > 0)
    return np.asarray((change > BOUNDS[0] * EASILY) & (change < BOUNDS[1] / EASILY))


def _estimated() -> list[Line]:
    """Return lines for the bands held out, at the values that the curve through the other bands gives them: their official figures stay unseen."""
    listed = read_lines()
    held_out = replace(estimated_bands(listed), held_out=aged_bands(listed).held_out)
    lines = [line for line in band_lines(held_out) if line.usage == HELD_OUT]
    return [replace(line, usage=TARGET, nom=f"{line.nom}_estime", libelle=f"{line.libelle} (estimé)") for line in lines]


def _by_household(tables: Tables, entity: str, amounts: Floats) -> Floats:
    """Return what the rows of each household add up to."""
    count = len(tables["menage"]["menage_id"])
    if entity == "menage":
        return amounts
    household = tables["individu"]["menage_id"]
    if entity != "individu":
        first = np.unique(tables["individu"][f"{entity}_id"], return_index=True)[1]
        household = household[first]
    return np.bincount(household, weights=amounts, minlength=count).astype(np.float64)
