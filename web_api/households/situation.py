"""Households as the law reads them: columns of inputs, and as one document of a situation.

All households give the same inputs, whatever is zero among them, so that one graph of the law serves every household that anyone
describes, and all households of a page are computed in one simulation. Amounts are those of every month, and of the year before too: the
housing tax and benefits look at earlier incomes, and stay as if nothing ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.periods import ETERNITY, Period, period
from engine.population import Population
from engine.simulation import Simulation
from engine.situation import Situation
from population.typical_dwellings import typical_dwellings
from web_api.households.places import commune_of, voted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.traces import Key
    from web_api.households.model import Adult, Child, Household

    Array = np.ndarray[Any, Any]

FIRST_YEAR_OF_THE_LAW: Final = 2017

# The places of roles among those of each entity (legislation/entites.py).
DECLARANT, SPOUSE, DEPENDANT = range(3)


@dataclass(frozen=True)
class Rows:
    """Households as rows: of which household each person, tax household and bill is. Families, households, bills and dwellings are one each."""

    households: tuple[Household, ...]

    @cached_property
    def persons(self) -> list[tuple[int, Adult | Child, int]]:
        """Each person with its household and its place in it: adults first."""
        found: list[tuple[int, Adult | Child, int]] = []
        for row, one in enumerate(self.households):
            everybody: tuple[Adult | Child, ...] = (*one.adults, *one.children)
            found += [(row, each, place) for place, each in enumerate(everybody)]
        return found

    @cached_property
    def returns(self) -> list[tuple[int, int]]:
        """Each tax household: its household, and which of the adults declares first."""
        return [(row, place) for row, one in enumerate(self.households) for place in range(2 if one.declares_apart else 1)]

    def population(self) -> Population:
        """Return how many rows each entity has, and which belongs to which."""
        count = len(self.households)
        each = np.arange(count, dtype=np.int64)
        foyer_of = {key: row for row, key in enumerate(self.returns)}
        household = np.array([row for row, _, _ in self.persons], np.int64)
        adults = np.array([len(self.households[row].adults) for row in household], np.int64)
        place = np.array([at for _, _, at in self.persons], np.int64)
        role = np.minimum(np.where(place < adults, place, DEPENDANT), DEPENDANT)
        apart = np.array([self.households[row].declares_apart for row in household], bool)
        second = apart & (role == SPOUSE)
        foyer = np.array([foyer_of[row, int(own)] for row, own in zip(household.tolist(), second.tolist(), strict=True)], np.int64)
        of_return = np.array([row for row, _ in self.returns], np.int64)
        counts = {"individu": len(household), "foyer_fiscal": len(of_return), **dict.fromkeys(("famille", "menage", "cote", "local", "commune"), count)}
        links: dict[tuple[str, str], Any] = {
            ("individu", "foyer_fiscal"): (foyer, np.where(second, DECLARANT, role)),
            ("individu", "famille"): (household, role),
            ("individu", "menage"): (household, role),
            ("foyer_fiscal", "cote"): (of_return, np.array([place for _, place in self.returns])),
            ("menage", "local"): (each, None),
            ("cote", "local"): (each, None),
            ("local", "commune"): (each, None),
        }
        return Population(counts, links)


def simulation_of(households: Sequence[Household], year: int, law: Legislation) -> Simulation:
    """Return the households under a law in force, with all their inputs."""
    rows = Rows(tuple(households))
    simulation = Simulation(law, rows.population())
    for (name, at), values in inputs_of(rows, year, law).items():
        simulation.set_input(name, at, values, copy=False)
    return simulation


def situation(household: Household, year: int, law: Legislation) -> Situation:
    """Return one household as a situation of the law."""
    rows = Rows((household,))
    return Situation(rows.population(), inputs_of(rows, year, law), (), {})


def inputs_of(rows: Rows, year: int, law: Legislation) -> dict[Key, Array]:
    """Return the inputs by variable and period: one array, for all periods, of what does not change with time."""
    found: dict[Key, Array] = {("mois_naissance", period(ETERNITY)): np.ones(len(rows.persons), np.int64)}
    constant = {**_of_persons(rows, year), **_of_returns(rows, year), **_of_families(rows)}
    for name, values in constant.items():
        rule = law.variable(name)
        column = np.asarray(rule.cast_array(values)).view(np.ndarray)
        same: dict[bytes, Array] = {}
        for one in range(max(year - 1, FIRST_YEAR_OF_THE_LAW), year + 1):
            for key, part in _by_period(rule, period(one), column).items():
                found[key] = same.setdefault(part.tobytes(), part)
    for name, values in {**_of_bills(rows, year), **voted([one.commune for one in rows.households], law, year)}.items():
        if name in law.variables:
            found[name, period(year)] = values
    return found


def _by_period(rule: Any, at: Period, column: Array) -> dict[Key, Array]:
    """Return a year's values at the variable's own periods."""
    if rule.set_input is None:
        return {(rule.name, at): column}
    return {(rule.name, when): part for when, part in rule.set_input(rule, at, column, {}).items()}


def _of_persons(rows: Rows, year: int) -> dict[str, Any]:
    people = [(rows.households[row], each) for row, each, _ in rows.persons]

    def amounts(field: str) -> list[float]:
        return [household.times * getattr(person, field, 0.0) for household, person in people]

    def flags(field: str) -> list[bool]:
        return [getattr(person, field, False) for _, person in people]

    return {
        "annee_naissance": [year - person.age for _, person in people],
        "salaire_brut": amounts("wages"),
        "chomage_brut": amounts("unemployment"),
        "retraite_brute": amounts("pensions"),
        "pensions_invalidite": amounts("disability_pension"),
        "benefices_professionnels": amounts("profits"),
        "pensions_alimentaires_percues": amounts("alimony"),
        "categorie_salarie": [getattr(person, "category", "prive_non_cadre") for _, person in people],
        "invalide": flags("disabled"),
        "etudiant": flags("student"),
        "residence_alternee": flags("shared_custody"),
        "prive_de_soutien": ["un_parent" if getattr(person, "one_parent_only", False) else "non" for _, person in people],
    }


def _of_returns(rows: Rows, year: int) -> dict[str, Any]:
    returns = [(rows.households[row], place == 0) for row, place in rows.returns]

    def of_first(read: Callable[[Household], Any], nothing: Any) -> list[Any]:
        return [read(household) if is_first else nothing for household, is_first in returns]

    return {
        "situation_familiale": ["celibataire" if household.declares_apart else household.status for household, _ in returns],
        "territoire": [_territory(household.commune, year) for household, _ in returns],
        "parent_isole": of_first(lambda each: each.lone_parent, nothing=False),
        "enfant_eleve_seul": of_first(lambda each: each.raised_child_alone, nothing=False),
        "ancien_combattant": of_first(lambda each: each.veteran, nothing=False),
        "interets": of_first(lambda each: each.interests, 0.0),
        "dividendes": of_first(lambda each: each.dividends, 0.0),
        "option_bareme": of_first(lambda each: each.taxed_by_scale, nothing=False),
        "loyers_micro_foncier": of_first(lambda each: each.rents, 0.0),
        "revenus_fonciers_nets": of_first(lambda each: each.net_property_income, 0.0),
    }


def _territory(code: str, year: int) -> str:
    found = commune_of(code, year)
    return "metropole" if found is None else found.territory


def _of_families(rows: Rows) -> dict[str, Any]:
    return {
        "aides_au_logement": [each.times * each.housing_aid for each in rows.households],
        "loge_sans_charge": [each.occupancy in {"owner", "housed_free"} for each in rows.households],
    }


def _of_bills(rows: Rows, year: int) -> dict[str, Array]:
    shared = [sum(child.shared_custody for child in each.children) for each in rows.households]
    return {
        "valeur_locative_brute_principale": np.array([rental_value(each, year) for each in rows.households], np.int64),
        "valeur_locative_brute_secondaire": np.zeros(len(rows.households), np.int64),
        "personnes_a_charge": np.array([len(each.children) - some for each, some in zip(rows.households, shared, strict=True)], np.int64),
        "enfants_residence_alternee": np.array(shared, np.int64),
    }


def rental_value(household: Household, year: int) -> int:
    """Return the rental value given, else that of a dwelling typical of the household in its commune: 0 where nothing is known of that one."""
    if household.rental_value is not None:
        return household.rental_value
    commune = commune_of(household.commune, year)
    return 0 if commune is None else round(_share(household) * commune.average_rental_value)


def _share(household: Household) -> float:
    """Return the multiple of the commune's average that `logements_types.yaml` gives a household like this one."""
    children = len(household.children)
    if not household.is_couple:
        return _shares()["parent_seul_1_enfant_modeste" if children else "personne_seule"]
    return _shares()[{0: "couple", 1: "couple_1_enfant", 2: "couple_2_enfants"}.get(children, "couple_3_enfants")]


@cache
def _shares() -> Mapping[str, float]:
    return {each.key: each.valeur for each in typical_dwellings()}
