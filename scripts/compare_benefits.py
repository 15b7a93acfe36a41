"""Compare family benefits, RSA and prime d'activité with OpenFisca-France, over invented families.

    python scripts/compare_benefits.py --openfisca PYTHON [--families 500] [--seed 2022] [--years 2019 2022 2024] [--months 3 8 11] [--show 20] [--plain]

`PYTHON` is the interpreter of an environment with openfisca-france, which is run as it is and never read. Families are drawn anew for
each year: one or two parents, up to five children of 0 to 22 years (some in alternating residence, some born within the year), wages that change
within the year, unemployment, pensions, alimony, tenure. Net and taxable incomes are given to both sides, so that social contributions play no part.
With `--minima`, families of the old and the disabled instead, and ASPA and AAH.
Each benefit of each month is compared; differences above `--margin` euros a month are counted by their cause, an article that the two sides read
differently (benefit_causes.py); those without a known cause are listed with the family that shows them. Returns 1 where there are some.
"""

# ruff: noqa: INP001, PLC0415, T201, S311 - a script for a person at a terminal, which imports what its engine needs; a seeded draw is no secret

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import benefit_families
import minima_families
from benefit_families import MONTHS, YEARS_OF_INCOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY_OF_BIRTH: Final = 15
GROSS: Final = {"salaire": 1.28, "chomage": 1.0, "retraite": 1.0}
TAXABLE: Final = {"salaire": 1.035, "chomage": 1.0, "retraite": 1.03}
BENEFITS: Final = {
    "af": "allocations_familiales",
    "cf": "complement_familial",
    "ars": "allocation_rentree_scolaire",
    "asf": "allocation_soutien_familial",
    "paje_base": "paje_allocation_base",
    "rsa": "rsa",
    "ppa": "prime_activite",
}
MONTH_OF_SCHOOL: Final = 8
IN_HOUSEHOLD: Final = {"demandeur": "personne_de_reference", "conjoint": "conjoint", "enfant": "enfant"}
MINIMA: Final = {"aspa": "aspa", "aah": "aah", "caah": "majoration_vie_autonome", "rsa": "rsa", "ppa": "prime_activite"}


def main() -> int:
    """Compare what both engines compute; returns how the process ends."""
    parser = parser_of(__doc__)
    parser.add_argument("--minima", action="store_true", help="families of the old and the disabled: ASPA and AAH, and RSA and prime d'activité with them")
    parser.add_argument("--show-explained", type=int, default=0, help="differences shown of each benefit and known cause")
    options = parser.parse_args()
    if options.worker:
        return work(options, families, {"openfisca": with_openfisca, "bareme": with_bareme})
    theirs, ours = both_sides(parser, options, __file__)
    return summed_up(theirs, ours, options)


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every comparison of benefits takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--openfisca", help="Python interpreter of the environment with openfisca-france")
    parser.add_argument("--families", type=int, default=500, help="families of each year")
    parser.add_argument("--seed", type=int, default=2022, help="seed of the draw")
    parser.add_argument("--plain", action="store_true", help="families without what the two sides are known to read differently")
    parser.add_argument("--years", type=int, nargs="+", default=[2019, 2022, 2024])
    parser.add_argument("--months", type=int, nargs="+", default=[3, 8, 11])
    parser.add_argument("--margin", type=float, default=1.0, help="difference in euros a month that is allowed")
    parser.add_argument("--show", type=int, default=20, help="differences without a known cause shown of each benefit")
    parser.add_argument("--worker", choices=("openfisca", "bareme"), help=argparse.SUPPRESS)
    return parser


def work(options: argparse.Namespace, draw: Callable[..., list[dict[str, Any]]], engines: dict[str, Callable[..., dict[str, list[float]]]]) -> int:
    """Write what one engine computes, a line a year; returns how the process ends."""
    for year in options.years:
        print(json.dumps({"year": year, "results": engines[options.worker](draw(year, options), year, options)}), flush=True)
    return 0


def both_sides(parser: argparse.ArgumentParser, options: argparse.Namespace, script: str) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return what OpenFisca-France and Barème compute, each in a process that runs `script`."""
    if not options.openfisca:
        parser.error("--openfisca is missing: the interpreter of an environment with openfisca-france")
    return run_worker(options.openfisca, "openfisca", script), run_worker(sys.executable, "bareme", script)


def run_worker(python: str, engine: str, script: str) -> dict[int, dict[str, list[float]]]:
    """Return what one engine computes: by year, by benefit and month, one amount a family."""
    command = [python, script, *sys.argv[1:], "--worker", engine]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own script
    if done.returncode:
        sys.exit(f"{engine} ended with {done.returncode}: what it said stands above.")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"year"')]
    return {line["year"]: line["results"] for line in lines}


# Families


def families(year: int, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the invented families of a year; the same for the same seed."""
    draw = random.Random(f"{options.seed}-{year}")
    kind: Any = minima_families if getattr(options, "minima", False) else benefit_families
    drawn = [kind.family(draw, year) for _ in range(options.families)]
    return [kind.plain(each, year) for each in drawn] if options.plain else drawn


def period_of(year: int, rank: int) -> str:
    """Return the name of a month by its rank among the months of the years of income."""
    return f"{year - YEARS_OF_INCOME + 1 + rank // MONTHS}-{rank % MONTHS + 1:02d}"


def people(drawn: list[dict[str, Any]]) -> list[tuple[int, str, dict[str, Any]]]:
    """Return all persons: the rank of the family, the role in it, the person."""
    rows = []
    for rank, each in enumerate(drawn):
        rows += [(rank, role, parent) for role, parent in zip(("demandeur", "conjoint"), each["parents"], strict=False)]
        rows += [(rank, "enfant", child) for child in each["children"]]
    return rows


def tax_households(drawn: list[dict[str, Any]], rows: list[tuple[int, str, dict[str, Any]]]) -> tuple[list[int], list[str], int]:
    """Return, for each person, the tax household and the role in it: parents who are not married have one each."""
    index, roles, count, first = [], [], 0, 0
    for rank, role, _ in rows:
        if role == "demandeur" or (role == "conjoint" and not drawn[rank]["married"]):
            first = count if role == "demandeur" else first
            index.append(count)
            roles.append("declarant")
            count += 1
        else:
            index.append(first)
            roles.append("conjoint" if role == "conjoint" else "personne_a_charge")
    return index, roles, count


# Barème


def bareme_simulation(drawn: list[dict[str, Any]], year: int) -> Any:
    """Return Barème's simulation of the families of a year."""
    import numpy as np

    from engine.population import Population
    from engine.simulation import Simulation
    from legislation import france
    from legislation.entites import Famille, FoyerFiscal, Menage
    from legislation.impot_revenu.foyer_composition import SituationFamiliale
    from legislation.prestations.personnes import PriveDeSoutien

    rows = people(drawn)
    households, tax_roles, count = tax_households(drawn, rows)
    links = {
        ("individu", "famille"): ([rank for rank, _, _ in rows], [[each.key for each in Famille.roles].index(role) for _, role, _ in rows]),
        ("individu", "foyer_fiscal"): (households, [[each.key for each in FoyerFiscal.roles].index(role) for role in tax_roles]),
        ("individu", "menage"): ([rank for rank, _, _ in rows], [[each.key for each in Menage.roles].index(IN_HOUSEHOLD[role]) for _, role, _ in rows]),
    }
    counts = {"individu": len(rows), "famille": len(drawn), "foyer_fiscal": count, "menage": len(drawn)}
    simulation = Simulation(france(), Population(counts, links))
    for at in range(year - YEARS_OF_INCOME + 1, year + 1):
        simulation.set_input("annee_naissance", at, [each["birth"][0] for _, _, each in rows])
        declared = [float(MONTHS * drawn[rank]["alimony"] * (role == "demandeur")) for rank, role, _ in rows]
        simulation.set_input("pensions_alimentaires_percues", at, declared)
        married = np.array(["celibataire"] * count, dtype=object)
        married[[household for household, role in zip(households, tax_roles, strict=True) if role == "conjoint"]] = "marie"
        simulation.set_input("situation_familiale", at, SituationFamiliale.encode(married))
        children = np.bincount(households, weights=[role == "personne_a_charge" for role in tax_roles], minlength=count).astype(int)
        simulation.set_input("enfants_a_charge", at, children)
    simulation.set_input("mois_naissance", "eternity", [each["birth"][1] for _, _, each in rows])
    for kind, net, declared in (
        ("salaire", "salaire_net", "salaires"),
        ("chomage", "chomage_net", "allocations_chomage"),
        ("retraite", "retraite_nette", "pensions_retraite"),
    ):
        table = np.array([each["incomes"].get(kind, [0] * MONTHS * YEARS_OF_INCOME) for _, _, each in rows], dtype=float)
        for rank in range(MONTHS * YEARS_OF_INCOME):
            simulation.set_input(net, period_of(year, rank), table[:, rank])
            simulation.set_input({"retraite": "retraite_brute"}.get(kind, f"{kind}_brut"), period_of(year, rank), GROSS[kind] * table[:, rank])
            simulation.set_input(f"{kind}_imposable", period_of(year, rank), TAXABLE[kind] * table[:, rank])
        for rank in range(YEARS_OF_INCOME):
            taxable = TAXABLE[kind] * table[:, MONTHS * rank : MONTHS * (rank + 1)].sum(axis=1)
            simulation.set_input(declared, year - YEARS_OF_INCOME + 1 + rank, taxable)
    support = [("un_parent" if role == "enfant" and drawn[rank]["unsupported"] else "non") for rank, role, _ in rows]
    for at in range(year - YEARS_OF_INCOME + 1, year + 1):
        simulation.set_input("residence_alternee", at, [each["alternating"] for _, _, each in rows])
        simulation.set_input("taux_incapacite", at, [each.get("incapacity", 0.0) for _, _, each in rows])
        simulation.set_input("restriction_acces_emploi", at, [each.get("restricted", False) for _, _, each in rows])
        simulation.set_input("inapte_au_travail", at, [each.get("unfit", False) for _, _, each in rows])
        alimony = [MONTHS * drawn[rank]["alimony"] / len(drawn[rank]["children"]) if role == "enfant" else 0.0 for rank, role, _ in rows]
        simulation.set_input("pension_alimentaire_enfant", at, alimony)
        simulation.set_input("prive_de_soutien", at, PriveDeSoutien.encode(np.array(support, dtype=object)))
        simulation.set_input("loge_sans_charge", at, [each["tenure"] in {"proprietaire", "loge_gratuitement"} for each in drawn])
    return simulation


def with_bareme(drawn: list[dict[str, Any]], year: int, options: argparse.Namespace) -> dict[str, list[float]]:
    """Return what Barème gives: by benefit and month, one amount a family."""
    simulation = bareme_simulation(drawn, year)
    for at in range(year - YEARS_OF_INCOME + 1, year + 1):
        simulation.set_input("aides_au_logement", at, [float(MONTHS * each["housing_aid"]) for each in drawn])
    results = {}
    for key, name in benefits(options).items():
        for month in options.months:
            results[f"{key} {month}"] = by_family(simulation.calculate(name, f"{year}-{month:02d}"), drawn)
    return results


def benefits(options: argparse.Namespace) -> dict[str, str]:
    """Return the benefits that are compared, with the names that Barème gives them."""
    return MINIMA if options.minima else BENEFITS


def by_family(values: Any, drawn: list[dict[str, Any]]) -> list[float]:
    """Return amounts of families, in cents; those of persons are added up."""
    import numpy as np

    amounts = np.asarray(values, dtype=float)
    if len(amounts) != len(drawn):
        amounts = np.bincount([rank for rank, _, _ in people(drawn)], weights=amounts, minlength=len(drawn))
    return [float(each) for each in np.round(amounts, 2)]


# OpenFisca


def openfisca_simulation(drawn: list[dict[str, Any]], year: int) -> Any:
    """Return OpenFisca-France's simulation of the families of a year."""
    import numpy as np
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_france import FranceTaxBenefitSystem

    system = FranceTaxBenefitSystem()
    rows = people(drawn)
    households, tax_roles, count = tax_households(drawn, rows)
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("individu", list(range(len(rows))))
    plural = {"demandeur": "demandeur", "conjoint": "conjoint", "enfant": "enfant"}
    groups = (
        ("famille", [rank for rank, _, _ in rows], [plural[role] for _, role, _ in rows], len(drawn)),
        ("foyer_fiscal", households, ["personne_a_charge" if role == "personne_a_charge" else role for role in tax_roles], count),
        ("menage", [rank for rank, _, _ in rows], [IN_HOUSEHOLD[role] for _, role, _ in rows], len(drawn)),
    )
    for key, index, roles, number in groups:
        entity = builder.declare_entity(key, list(range(number)))
        builder.join_with_persons(
            entity, np.array(index), roles=np.array(["declarant" if role == "conjoint" and key == "foyer_fiscal" else role for role in roles])
        )
    simulation = builder.build(system)
    simulation.set_input(
        "date_naissance", "ETERNITY", np.array([f"{each['birth'][0]}-{each['birth'][1]:02d}-{DAY_OF_BIRTH}" for _, _, each in rows], dtype="datetime64[D]")
    )
    for kind, names in (
        ("salaire", ("salaire_net", "salaire_imposable")),
        ("chomage", ("chomage_net", "chomage_imposable")),
        ("retraite", ("retraite_nette", "retraite_imposable")),
    ):
        table = np.array([each["incomes"].get(kind, [0] * MONTHS * YEARS_OF_INCOME) for _, _, each in rows], dtype=float)
        # the taxable incomes of children stay out, for OpenFisca counts them among the resources of the family (CSS, art. R532-3 does not)
        of_parents = np.array([role != "enfant" for _, role, _ in rows])
        for rank in range(MONTHS * YEARS_OF_INCOME):
            at = period_of(year, rank)
            simulation.set_input(names[0], at, table[:, rank])
            simulation.set_input(names[1], at, TAXABLE[kind] * table[:, rank] * of_parents)
            gross = {"salaire": "salaire_de_base", "chomage": "chomage_brut", "retraite": "retraite_brute"}[kind]
            simulation.set_input(gross, at, GROSS[kind] * table[:, rank] * of_parents)
    tenure = np.array([each["tenure"] for each in drawn])
    for rank in range(MONTHS * YEARS_OF_INCOME):
        at = period_of(year, rank)
        simulation.set_input(
            "pensions_alimentaires_percues", at, np.array([float(drawn[family]["alimony"] * (role == "demandeur")) for family, role, _ in rows])
        )
        simulation.set_input("taux_incapacite", at, np.array([each.get("incapacity", 0.0) for _, _, each in rows]))
        simulation.set_input("aah_restriction_substantielle_durable_acces_emploi", at, np.array([each.get("restricted", False) for _, _, each in rows]))
        simulation.set_input("inapte_travail", at, np.array([each.get("unfit", False) for _, _, each in rows]))
        simulation.set_input("garde_alternee", at, np.array([each["alternating"] for _, _, each in rows]))
        simulation.set_input("statut_occupation_logement", at, system.get_variable("statut_occupation_logement").possible_values.encode(tenure))
    for rank in range(YEARS_OF_INCOME):
        simulation.set_input("pensions_alimentaires_percues_decl", year - rank, np.ones(len(rows), dtype=bool))
    return simulation


def with_openfisca(drawn: list[dict[str, Any]], year: int, options: argparse.Namespace) -> dict[str, list[float]]:
    """Return what OpenFisca-France gives: by benefit and month, one amount a family."""
    import numpy as np

    simulation = openfisca_simulation(drawn, year)
    for rank in range(MONTHS * YEARS_OF_INCOME):
        simulation.set_input("aide_logement", period_of(year, rank), np.array([float(each["housing_aid"]) for each in drawn]))
    results = {}
    for key in benefits(options):
        for month in options.months:
            if key == "ars":
                values = simulation.calculate("ars", year) if month == MONTH_OF_SCHOOL else np.zeros(len(drawn))
            else:
                values = simulation.calculate(key, f"{year}-{month:02d}")
            results[f"{key} {month}"] = by_family(values, drawn)
    return results


# Comparison


class Difference(NamedTuple):
    """Two amounts of one benefit of one family in one month, and the known causes for which they may differ."""

    benefit: str
    year: int
    month: int
    rank: int
    ours: float
    theirs: float
    causes: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the difference in words."""
        why = "; ".join(self.causes) or "no known cause"
        return f"{self.benefit} {self.year}-{self.month:02d}, family {self.rank}: {self.ours} here, {self.theirs} there ({why})"


def summed_up(theirs: dict[int, Any], ours: dict[int, Any], options: argparse.Namespace) -> int:
    """Write which amounts differ, how many and why; return 1 where some do without a known cause."""
    drawn = {year: families(year, options) for year in ours}
    amounts = list(compared(theirs, ours, drawn, minima=options.minima))
    found = [each for each in amounts if abs(each.ours - each.theirs) > options.margin]
    shown: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for each in sorted(found, key=lambda each: abs(each.ours - each.theirs)):
        shown[each.benefit, each.causes] += 1
        if shown[each.benefit, each.causes] <= (options.show_explained if each.causes else options.show):
            print(f"  {each.text}; {described(drawn[each.year][each.rank], each.year, each.month)}")
    for benefit in benefits(options):
        of_benefit = [each for each in amounts if each.benefit == benefit]
        differing = [each for each in found if each.benefit == benefit]
        above = sum(each.ours > 0 for each in of_benefit)
        unexplained = sum(not each.causes for each in differing)
        counts = f"{len(of_benefit)} amounts, {above} above zero; {len(differing)} differ by more than {options.margin:g} €"
        print(f"{benefit}: {counts}, {unexplained} without a known cause")
        for cause, times in Counter(cause for each in differing for cause in each.causes).most_common():
            print(f"    {times}: {cause}")
    return 1 if any(not each.causes for each in found) else 0


def compared(theirs: dict[int, Any], ours: dict[int, Any], drawn: dict[int, list[dict[str, Any]]], *, minima: bool) -> Iterator[Difference]:
    """Yield the amounts of both sides, of every family, but for the months in which it expects a child."""
    import benefit_causes
    import minima_causes

    causes = minima_causes.causes if minima else benefit_causes.causes

    for year, results in ours.items():
        for key, amounts in results.items():
            benefit, month = key.split()
            for rank, (mine, other) in enumerate(zip(amounts, theirs[year][key], strict=True)):
                each = drawn[year][rank]
                if not is_expecting(each, year, int(month)):
                    yield Difference(benefit, year, int(month), rank, mine, other, tuple(causes(benefit, each, year, int(month))))


def is_expecting(each: dict[str, Any], year: int, month: int) -> bool:
    """Whether a child of the family is not born in that month: it is left out, for OpenFisca counts such a child."""
    return any(one["birth"] > [year, month] for one in each["children"])


def described(each: dict[str, Any], year: int, month: int) -> str:
    """Return a family in one line: parents, children with their ages in years and months, incomes of the months before."""

    def of_person(one: dict[str, Any]) -> str:
        age = MONTHS * (year - one["birth"][0]) + month - one["birth"][1]
        last = MONTHS * (YEARS_OF_INCOME - 1) + month - 1
        incomes = "".join(
            f" {kind} {amounts[last - 3 : last + 1]}, {round(TAXABLE[kind] * sum(amounts[MONTHS : 2 * MONTHS]))} two years before"
            for kind, amounts in one["incomes"].items()
        )
        return f"{age // MONTHS}y{age % MONTHS}m{' alternating' if one['alternating'] else ''}{incomes}"

    of_all = "; ".join(of_person(one) for one in (*each["parents"], *each["children"]))
    return f"{len(each['parents'])} parents, {len(each['children'])} children: {of_all}; {each['tenure']} {each['housing_aid']}, alimony {each['alimony']}"


if __name__ == "__main__":
    sys.exit(main())
