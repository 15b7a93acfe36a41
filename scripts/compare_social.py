"""Compare wages, unemployment benefits and pensions, net and taxable, with OpenFisca-France on invented persons, month by month.

    python scripts/compare_social.py --openfisca PYTHON [--persons 500] [--years 2019 2022 2024] [--months 1 7 12] [--seed 4]

`PYTHON` is the interpreter of an environment with openfisca-france, which is run as a black box; this script's own interpreter has
Barème. Each person lives alone, with one income: wages (of an employee, an executive, a civil servant), benefits or a pension.

A difference above a euro a month must have a cause: one of `CAUSES`, each with its text of law. It has, where our own result changes
when the cause is taken away, and with all causes taken away the difference is gone; or only the taxable amount differs, by the part of
CSG that is deductible where the SMIC limits it. Returns 1 where differences remain without a cause.
"""

# ruff: noqa: INP001, PLC0415, S603, T201 - a script for a person at a terminal, which runs the interpreter that it is told of

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

Columns = dict[str, Any]

RESULTS = ("salaire_imposable", "salaire_net", "chomage_imposable", "chomage_net", "retraite_imposable", "retraite_nette")
EURO = 1.0
CENT = 0.01
CATEGORIES = {"prive_non_cadre": "prive_non_cadre", "prive_cadre": "prive_cadre", "fonctionnaire": "public_titulaire_etat"}
"""Ours, and OpenFisca-France's name for it."""
WAGES = tuple(CATEGORIES)
LOCAL_SCHEME, STEADY_INCOME = 0.1, 0.8
"""Shares of the persons invented: of employees in Alsace-Moselle, and of persons whose reference income stays the same."""
MONTHLY_HOURS = 151.67
"""Hours a month that make a monthly SMIC, to whose days the floor can be put."""


@dataclass(frozen=True)
class Cause:
    """Why results may differ: what the law says, and what takes the cause away: inputs, or figures from a date on."""

    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    since: int = 2017


CAUSES = (
    Cause(
        "CSS, art. L136-1-1, and ANI of 17 November 2017: the employer's compulsory provident contribution for executives bears CSG and CRDS",
        inputs={"prevoyance_employeur": 0.0},
        since=2018,
    ),
    Cause(
        "CSS, art. L136-8, III, 2° (Loi 2018-1203, art. 14): the reduced rate stays where the threshold is passed in one year only",
        inputs={"rfr_antepenultieme_annee": "rfr_avant_derniere_annee"},
    ),
    Cause("CSS, art. L136-8, III: thresholds of Guadeloupe, Martinique, La Réunion and Guyane", inputs={"territoire": "metropole"}),
    Cause(
        "Règlement d'assurance chômage, art. 19: 3 % of the reference wage for the supplementary pension, before CSG",
        inputs={"salaire_journalier_reference": 0.0},
    ),
    Cause(
        "CSS, art. L242-13, and decision of 16 December 2021: the local scheme of Alsace-Moselle takes 1.3 % from April 2022 on",
        figures={"cotisations.salaires.alsace_moselle": {"2022-04-01": 0.015}},
    ),
    Cause(
        "Accord of 30 October 2015, art. 3: the AGFF contribution of executives is 0.9 % from the first ceiling on, not from the fourth",
        figures={
            "cotisations.retraite_complementaire.avant_2019.agff_cadres.brackets[1].threshold": {"2017-01-01": {"value": 4, "stop": "2018-12-31"}},
        },
    ),
    Cause(
        "Code du travail, art. L5423-32: a civil servant whose basic pay is below a threshold owes no contribution exceptionnelle de solidarité",
        figures={"cotisations.fonction_publique.contribution_exceptionnelle_solidarite.seuil": {"2017-01-01": {"value": 0, "stop": "2017-12-31"}}},
    ),
    Cause(
        "CSS, art. L136-1-2, and Unédic: the SMIC below which CSG and CRDS take nothing of benefits is that of a day, rounded up to the euro",
        inputs={"jours_indemnises": "days of a monthly SMIC"},
    ),
)
SPLIT = "CGI, art. 154 quinquies, I: CSG that the SMIC limits stays deductible in the proportion of the rates"


def main() -> int:
    """Compare the years and months asked for; returns how the process ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--openfisca", help="Python interpreter of the environment with openfisca-france")
    parser.add_argument("--persons", type=int, default=500)
    parser.add_argument("--years", type=int, nargs="+", default=[2019, 2022, 2024])
    parser.add_argument("--months", type=int, nargs="+", default=[1, 7, 12])
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(their_results(json.load(sys.stdin))))
        return 0
    if not options.openfisca:
        parser.error("--openfisca is missing: the interpreter of an environment with openfisca-france")
    persons = invented(options.persons, options.seed)
    periods = [(year, month) for year in options.years for month in options.months]
    theirs = run_worker(options.openfisca, persons, periods)
    unexplained = sum(compared(persons, *period, results) for period, results in zip(periods, theirs, strict=True))
    print(f"{unexplained} differences without a cause")
    return 1 if unexplained else 0


def invented(count: int, seed: int) -> Columns:
    """Return persons as columns: one income each, drawn around the thresholds that matter."""
    draw = np.random.default_rng(seed)
    kind = draw.choice([*WAGES, "chomage", "retraite"], count, p=[0.25, 0.15, 0.1, 0.2, 0.3])
    wages = np.round(np.exp(draw.normal(8.0, 0.7, count)), 2)
    is_wage = np.isin(kind, WAGES)
    rfr = np.round(np.exp(draw.normal(9.8, 0.5, count)))
    return {
        "categorie_salarie": np.where(is_wage, kind, WAGES[0]),
        "salaire_brut": np.where(is_wage, wages, 0.0),
        "primes_fonction_publique": np.where(kind == "fonctionnaire", np.round(wages * draw.uniform(0, 0.4, count), 2), 0.0),
        "alsace_moselle": is_wage & (kind != "fonctionnaire") & (draw.random(count) < LOCAL_SCHEME),
        "chomage_brut": np.where(kind == "chomage", np.round(draw.uniform(700, 4500, count), 2), 0.0),
        "retraite_brute": np.where(kind == "retraite", np.round(draw.uniform(500, 4000, count), 2), 0.0),
        "rfr_avant_derniere_annee": rfr,
        "rfr_antepenultieme_annee": np.where(draw.random(count) < STEADY_INCOME, rfr, np.round(rfr * draw.uniform(0.6, 1.2, count))),
        "parts_avant_derniere_annee": draw.choice([1.0, 1.5, 2.0, 2.5, 3.0], count, p=[0.5, 0.15, 0.2, 0.1, 0.05]),
        "territoire": draw.choice(["metropole", "guadeloupe_martinique_reunion", "guyane_mayotte"], count, p=[0.92, 0.06, 0.02]),
    }


def compared(persons: Columns, year: int, month: int, theirs: Columns) -> int:
    """Print what differs in a month, by cause; return how many persons differ without one."""
    ours = our_results(persons, year, month, [])
    apart = distance(ours, theirs) > EURO
    print(f"{year}-{month:02}: {len(apart)} persons, {len(apart) - apart.sum()} within a euro")
    causes = [cause for cause in CAUSES if year >= cause.since]
    plain = our_results(persons, year, month, causes)
    left = apart & (distance(plain, theirs) > EURO)
    for cause in causes:
        here = apart & ~left & (distance(our_results(persons, year, month, [cause]), ours) > CENT)
        report(here, distance(ours, theirs), cause.text)
    split = left & (distance(plain, theirs, ("chomage_net",)) <= EURO) & (persons["chomage_brut"] > 0)
    report(split, distance(ours, theirs), SPLIT)
    left &= ~split
    for row in np.flatnonzero(left)[:10]:
        shown = {name: (round(float(ours[name][row]), 2), round(float(theirs[name][row]), 2)) for name in RESULTS if ours[name][row] or theirs[name][row]}
        print(f"  without a cause: { ({name: column[row].item() for name, column in persons.items() if column[row]}) }: {shown}")
    return int(left.sum())


def report(rows: Any, apart: Any, text: str) -> None:
    """Print how many rows a cause has, and by how much they differ at most."""
    if rows.any():
        print(f"  {rows.sum():4} differ by up to {apart[rows].max():.2f}: {text}")


def distance(ours: Columns, theirs: Columns, names: tuple[str, ...] = RESULTS) -> Any:
    """Return, person by person, the greatest difference between results."""
    return np.max([np.abs(np.asarray(ours[name]) - np.asarray(theirs[name])) for name in names], axis=0)


def our_results(persons: Columns, year: int, month: int, without: list[Cause]) -> Columns:
    """Return what Barème calculates of persons, with some causes taken away."""
    from bareme import france
    from engine.parameters import updated_from_data
    from engine.periods import period
    from engine.population import Population
    from engine.simulation import Simulation

    law, inputs, count = france(), dict(persons), len(persons["salaire_brut"])
    smic = law.parameters.at(f"{year}-{month:02}-01").cotisations.smic
    days = smic.horaire * MONTHLY_HOURS / np.ceil(smic.horaire * smic.heures_par_jour)
    known = {**persons, "days of a monthly SMIC": np.full(count, days)}
    for cause in without:
        law = law.with_parameters(updated_from_data(law.parameters, dict(cause.figures))) if cause.figures else law
        for name, value in cause.inputs.items():
            inputs[name] = known[value] if value in known else np.full(count, value)
    rows = np.arange(count)
    people = Population({"individu": count, "foyer_fiscal": count}, {("individu", "foyer_fiscal"): (rows, np.zeros(count, dtype=np.int16))})
    simulation = Simulation(law, people.completed(list(law.entities), law.links))
    at = period(f"{year}-{month:02}")
    for name, column in inputs.items():
        rule = law.variables[name]
        values = rule.possible_values.encode(column) if rule.possible_values is not None else column
        simulation.set_input(name, at if rule.definition_period == "month" else period(year), values)
    return {name: simulation.calculate(name, at) for name in RESULTS}


# --- OpenFisca-France, in a process of its own ----------------------------------------------------------------------------


def run_worker(python: str, persons: Columns, periods: list[tuple[int, int]]) -> list[Columns]:
    """Return what OpenFisca-France calculates of persons in each of the periods."""
    asked = json.dumps({"persons": {name: column.tolist() for name, column in persons.items()}, "periods": periods})
    done = subprocess.run([python, __file__, "--worker"], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: list[Columns] = json.loads(done.stdout.splitlines()[-1])
    return found


def their_results(asked: Columns) -> list[Columns]:
    """Return the results of OpenFisca-France: what the process that runs it prints."""
    from openfisca_core.simulation_builder import SimulationBuilder  # type: ignore[import-not-found]
    from openfisca_france import CountryTaxBenefitSystem  # type: ignore[import-not-found]

    system, persons = CountryTaxBenefitSystem(), asked["persons"]
    results = []
    for year, month in asked["periods"]:
        at = f"{year}-{month:02}"
        simulation = SimulationBuilder().build_from_entities(system, their_situation(persons, year, at))
        results.append({name: simulation.calculate(name, at).astype(float).tolist() for name in RESULTS})
    return results


def their_situation(persons: Columns, year: int, at: str) -> Columns:
    """Return persons in OpenFisca-France's words. Civil servants get no allowance of residence or compensation: wages are as given."""
    individus, foyers = {}, {}
    for row, category in enumerate(persons["categorie_salarie"]):
        public, wages, bonuses = category == "fonctionnaire", persons["salaire_brut"][row], persons["primes_fonction_publique"][row]
        monthly = {
            "categorie_salarie": CATEGORIES[category],
            "salaire_de_base": 0.0 if public else wages,
            "traitement_indiciaire_brut": wages - bonuses if public else 0.0,
            "primes_fonction_publique": bonuses,
            "indemnite_residence": 0.0,
            "indemnite_compensatrice_csg": 0.0,
            "salarie_regime_alsace_moselle": persons["alsace_moselle"][row],
            "chomage_brut": persons["chomage_brut"][row],
            "retraite_brute": persons["retraite_brute"][row],
        }
        individus[f"p{row}"] = {name: {at: value} for name, value in monthly.items()} | {"date_naissance": {"ETERNITY": "1970-01-01"}}
        parts = persons["parts_avant_derniere_annee"][row]
        rfr = {str(year - 2): persons["rfr_avant_derniere_annee"][row], str(year - 3): persons["rfr_antepenultieme_annee"][row]}
        foyers[f"p{row}"] = {"declarants": [f"p{row}"], "rfr": rfr, "nbptr": {str(year): parts, str(year - 2): parts}}
    return {
        "individus": individus,
        "foyers_fiscaux": foyers,
        "familles": {name: {"parents": [name]} for name in individus},
        "menages": {name: {"personne_de_reference": [name]} for name in individus},
    }


if __name__ == "__main__":
    sys.exit(main())
