"""Compare the housing benefits of tenants with OpenFisca-France, over the invented families of compare_benefits.py, each in a rented home.

    python scripts/compare_housing.py --openfisca PYTHON [--families 500] [--seed 2022] [--years 2019 2022 2024] [--months 3 8 11] [--show 20] [--plain]

`PYTHON` is the interpreter of an environment with openfisca-france, which is run as it is and never read. To each family are drawn a zone, a tenure
(social, private, furnished), a rent, shared flats and rooms, and to some of the young ones studies, with a scholarship or without. Amounts net of
CRDS and the social rent reduction are compared month by month; differences above `--margin` euros are counted by their cause, and those without a
known cause are listed. Returns 1 where there are some. `--plain`: families without unemployment, alimony, students or children who work.
"""

# ruff: noqa: INP001, PLC0415, T201, S311 - a script for a person at a terminal, which imports what its engine needs; a seeded draw is no secret

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from benefit_families import MONTHS, YEARS_OF_INCOME
from compare_benefits import (
    bareme_simulation,
    both_sides,
    families,
    is_expecting,
    openfisca_simulation,
    parser_of,
    people,
    period_of,
    work,
)
from housing_causes import Pair, causes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

AMOUNTS: Final = {"aides_au_logement": "aide_logement", "reduction_loyer_solidarite": "reduction_loyer_solidarite"}
TENURES: Final = ("locataire_hlm", "locataire_vide", "locataire_vide", "locataire_meuble")
ZONES: Final = ("zone_1", "zone_2", "zone_3")
STUDY_UNTIL: Final = 30
RSA, RESOURCES, CEILING = "rsa", "resources", "ceiling"
MONTHS_OF_RSA: Final = 13


def main() -> int:
    """Compare what both engines compute; returns how the process ends."""
    parser = parser_of(__doc__)
    options = parser.parse_args()
    if options.worker:
        return work(options, tenants, {"openfisca": with_openfisca, "bareme": with_bareme})
    theirs, ours = both_sides(parser, options, __file__)
    return summed_up(theirs, ours, options)


# Families in their homes


def tenants(year: int, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the invented families of a year with what they rent; the same for the same seed."""
    draw = random.Random(f"housing-{options.seed}-{year}")
    return [{**each, **home(draw, each, year, is_plain=options.plain)} for each in families(year, options)]


def home(draw: random.Random, each: dict[str, Any], year: int, *, is_plain: bool) -> dict[str, Any]:
    """Return where a family lives: what it rents, whether it shares it, and whether its first parent studies."""
    tenure, zone = draw.choice(TENURES), draw.choice(ZONES)
    rent = round(draw.uniform(150, 450 if tenure == "locataire_hlm" else 1100) * (1.3 if zone == "zone_1" else 1))
    alone = len(each["parents"]) == 1 and not each["children"]
    young = year - each["parents"][0]["birth"][0] < STUDY_UNTIL
    studies = not is_plain and young and draw.random() < 0.4  # noqa: PLR2004 - shares of the draw
    is_room = alone and tenure != "locataire_hlm" and draw.random() < 0.1  # noqa: PLR2004 - shares of the draw
    return {
        "tenure": tenure,
        "zone": zone,
        "rent": rent,
        "shared": not is_room and draw.random() < 0.15,  # noqa: PLR2004 - shares of the draw
        "room": is_room,
        "studies": studies,
        "scholarship": studies and draw.random() < 0.5,  # noqa: PLR2004 - shares of the draw
    }


def with_bareme(drawn: list[dict[str, Any]], year: int, options: argparse.Namespace) -> dict[str, list[float]]:
    """Return what Barème gives: by amount and month, one a family."""
    import numpy as np

    from legislation.descriptions.menages import StatutOccupation
    from legislation.prestations.logement_loue import ZoneApl

    simulation = bareme_simulation(drawn, year)
    rows = people(drawn)
    tenure = ["locataire_hlm" if each["tenure"] == "locataire_hlm" else "locataire_prive" for each in drawn]
    simulation.set_input("statut_occupation", year, StatutOccupation.encode(np.array(tenure, dtype=object)))
    simulation.set_input("zone_apl", year, ZoneApl.encode(np.array([each["zone"] for each in drawn], dtype=object)))
    simulation.set_input("loyer_annuel", year, [float(MONTHS * each["rent"]) for each in drawn])
    simulation.set_input("logement_meuble", year, [each["tenure"] == "locataire_meuble" for each in drawn])
    simulation.set_input("colocation", year, [each["shared"] for each in drawn])
    simulation.set_input("logement_chambre", year, [each["room"] for each in drawn])
    for name, key in (("etudiant", "studies"), ("boursier", "scholarship")):
        simulation.set_input(name, year, [drawn[rank][key] and role == "demandeur" for rank, role, _ in rows])
    found = {f"{name} {month}": np.round(simulation.calculate(name, f"{year}-{month:02d}"), 2).tolist() for name in AMOUNTS for month in options.months}
    for month in options.months:
        at = f"{year}-{month:02d}"
        found[f"{RESOURCES} {month}"] = simulation.calculate("ressources_aides_au_logement", at).tolist()
        found[f"{CEILING} {month}"] = (MONTHS * simulation.calculate("plafond_reduction_loyer_solidarite", at)).tolist()
        last = MONTHS * (YEARS_OF_INCOME - 1) + month - 1
        short = [
            simulation.calculate("rsa_montant_forfaitaire", of_rsa) - simulation.calculate("rsa_ressources", of_rsa)
            for of_rsa in (period_of(year, last - back) for back in range(MONTHS_OF_RSA))
        ]
        found[f"{RSA} {month}"] = np.any(np.array(short) > 0, axis=0).tolist()
    return found


def with_openfisca(drawn: list[dict[str, Any]], year: int, options: argparse.Namespace) -> dict[str, list[float]]:
    """Return what OpenFisca-France gives: by amount and month, one a family."""
    import numpy as np

    simulation = openfisca_simulation(drawn, year)
    zones = simulation.tax_benefit_system.get_variable("zone_apl").possible_values
    rows = people(drawn)
    for rank in range(MONTHS * YEARS_OF_INCOME):
        at = period_of(year, rank)
        simulation.set_input("zone_apl", at, zones.encode(np.array([each["zone"] for each in drawn])))
        simulation.set_input("loyer", at, np.array([float(each["rent"]) for each in drawn]))
        simulation.set_input("coloc", at, np.array([each["shared"] for each in drawn]))
        simulation.set_input("logement_chambre", at, np.array([each["room"] for each in drawn]))
        simulation.set_input("logement_conventionne", at, np.array([each["tenure"] == "locataire_hlm" for each in drawn]))
        for name, key in (("etudiant", "studies"), ("boursier", "scholarship")):
            simulation.set_input(name, at, np.array([drawn[of][key] and role == "demandeur" for of, role, _ in rows]))
    found = {}
    for name, theirs in AMOUNTS.items():
        for month in options.months:
            found[f"{name} {month}"] = np.round(simulation.calculate(theirs, f"{year}-{month:02d}").astype(float), 2).tolist()
    return found


def summed_up(theirs: dict[int, Any], ours: dict[int, Any], options: argparse.Namespace) -> int:
    """Write which amounts differ, how many and why; return 1 where some do without a known cause."""
    drawn = {year: tenants(year, options) for year in ours}
    unexplained = 0
    for name in AMOUNTS:
        compared = [each for each in rows_of(name, theirs, ours) if not is_expecting(drawn[each.year][each.rank], each.year, each.month)]
        differing = [each for each in compared if abs(each.ours - each.theirs) > options.margin]
        why: Counter[str] = Counter()
        for each in differing:
            known = causes(each, drawn[each.year][each.rank])
            why.update(known or ["no known cause"])
            unexplained += not known
            if not known and unexplained <= options.show:
                said = json.dumps(drawn[each.year][each.rank])
                print(f"  {name} {each.year}-{each.month:02d}, family {each.rank}: {each.ours} here, {each.theirs} there; {said}")
        above = sum(each.ours > 0 for each in compared)
        untouched = [each for each in compared if not causes(each, drawn[each.year][each.rank])]
        print(f"{name}: {len(compared)} amounts, {above} above zero; {len(differing)} differ by more than {options.margin:g} €")
        print(f"    {len(untouched)} amounts, {sum(each.ours > 0 for each in untouched)} above zero, are of families that no cause touches")
        for cause, times in why.most_common():
            print(f"    {times}: {cause}")
    return 1 if unexplained else 0


def rows_of(name: str, theirs: dict[int, Any], ours: dict[int, Any]) -> Iterator[Pair]:
    """Yield one amount of each family, year and month, of both sides, with what its causes look at."""
    for year, results in ours.items():
        for month in (int(key.split()[1]) for key in results if key.startswith(f"{name} ")):
            aside = zip(*(results[f"{key} {month}"] for key in (RSA, RESOURCES, CEILING)), strict=True)
            amounts = zip(results[f"{name} {month}"], theirs[year][f"{name} {month}"], aside, strict=True)
            for rank, (mine, other, (is_near_rsa, resources, ceiling)) in enumerate(amounts):
                yield Pair(year, month, rank, mine, other, is_near_rsa, resources, ceiling)


if __name__ == "__main__":
    sys.exit(main())
