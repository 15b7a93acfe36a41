"""The tables of the invented France, put together from persons, units, incomes and dwellings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from population.france.declarations import actual_costs
from population.france.people import COMMUNAUTE, CONJOINT, ENFANT, HORS_POPULATION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from population.france.dwellings import Dwellings
    from population.france.incomes import Incomes
    from population.france.people import People
    from population.france.tables import Table, Tables
    from population.france.units import Units

    Generator = np.random.Generator

PREMIER_REDEVABLE, SECOND_REDEVABLE, RATTACHES = range(3)
INACTIF, SALARIE, INDEPENDANT, CHOMEUR = range(4)
MAIN_JOB = 8_000  # a yearly wage that makes it the main activity
OVERSEAS = "97"
PRINCIPALE, SECONDAIRE = "principale", "secondaire"


@dataclass
class Draft:
    """All that is known of an invented country before it is written down as tables."""

    people: People
    units: Units
    activity: NDArray[np.int64]
    incomes: Incomes
    declared: dict[str, NDArray[Any]]
    invalid: NDArray[np.bool_]
    costs: NDArray[np.float64]
    year: int


def draft_costs(incomes: Incomes, rng: Generator) -> NDArray[np.float64]:
    """Return the actual costs of each declarant."""
    return actual_costs(incomes.wages, rng)


def persons_and_foyers(draft: Draft) -> Tables:
    """Return the tables of persons, tax households, families and households, without weights and dwellings."""
    people, units, found = draft.people, draft.units, draft.incomes
    count = len(people.household)
    slots = [(units.head, 0), (units.spouse, 1)]

    def of_persons(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        values = np.zeros(count)
        for rows, slot in slots:
            there = rows >= 0
            values[rows[there]] = amounts[there, slot]
        return np.round(values)

    activity = draft.activity.copy()
    unemployment, wages, profits = of_persons(found.unemployment), of_persons(found.wages), of_persons(found.profits)
    activity[(activity == SALARIE) & (profits > wages)] = INDEPENDANT
    activity[(activity == SALARIE) & (unemployment > wages)] = CHOMEUR
    activity[(activity == INACTIF) & (wages > MAIN_JOB)] = SALARIE
    rows = np.arange(count)
    individu: Table = {
        "individu_id": rows,
        "foyer_fiscal_id": units.foyer,
        "foyer_fiscal_role": units.role,
        "famille_id": units.famille,
        "famille_role": units.role_famille,
        "menage_id": people.household,
        "menage_role": people.role,
        "annee_naissance": draft.year - people.age,
        "sexe": people.sex,
        "activite": activity,
        "invalide": draft.invalid,
        "salaires": wages,
        "allocations_chomage": unemployment,
        "frais_professionnels_reels": of_persons(draft.costs),
        "remunerations_gerants": of_persons(found.others),
        "pensions_retraite": of_persons(found.pensions),
        "benefices_professionnels": profits,
    }
    foyer: Table = {"foyer_fiscal_id": np.arange(units.count), "situation_familiale": units.situation, **draft.declared}
    foyer |= {name: np.round(amounts) for name, amounts in found.foyer.items()}
    famille: Table = {"famille_id": np.arange(int(units.famille.max()) + 1)}
    kind = np.select([people.type == COMMUNAUTE, people.type == HORS_POPULATION], [1, 2], 0)
    menage: Table = {"menage_id": np.arange(len(people.type)), "categorie_menage": kind}
    return {"individu": individu, "foyer_fiscal": foyer, "famille": famille, "menage": menage}


def with_dwellings(tables: Tables, draft: Draft, homes: Dwellings) -> Tables:
    """Add dwellings, bills and communes. A tax household that is neither the first nor the second on its dwelling's bill has an empty bill of its own."""
    people, units = draft.people, draft.units
    households = len(people.type)
    codes, commune = np.unique(np.concatenate([homes.commune, homes.second_commune]), return_inverse=True)
    second = len(homes.second_of)
    head_role = people.role[units.head]
    role = np.select([head_role == CONJOINT, head_role == ENFANT], [SECOND_REDEVABLE, RATTACHES], PREMIER_REDEVABLE)
    home = people.household[units.head]
    # the first child who declares stands on the household's bill, as attached; others, and other occupants, on an empty one
    ranked = np.zeros(units.count, bool)
    ranked[np.unique(home * 4 + role, return_index=True)[1]] = True
    on_bill = ((head_role == 0) | (head_role == CONJOINT) | (head_role == ENFANT)) & ranked
    extra = np.flatnonzero(~on_bill)
    cote = home.copy()
    cote[extra] = households + second + np.arange(len(extra))
    tables["foyer_fiscal"] |= {"cote_id": cote, "cote_role": np.where(on_bill, role, PREMIER_REDEVABLE)}
    of_declarants = on_bill & (role != RATTACHES)
    dependants, alternating = (
        np.bincount(home[of_declarants], weights=values[of_declarants], minlength=households).astype(np.int64)
        for values in (units.children + units.attached, units.alternating)
    )
    nothing, empty = np.zeros(second, np.int64), np.zeros(len(extra), np.int64)
    tables["cote"] = {
        "cote_id": np.arange(households + second + len(extra)),
        "local_id": np.concatenate([np.arange(households + second), home[extra]]),
        "nature_taxation": np.repeat([PRINCIPALE, SECONDAIRE, PRINCIPALE], [households, second, len(extra)]),
        "valeur_locative_brute_principale": np.concatenate([homes.rental_value, nothing, empty]),
        "valeur_locative_brute_secondaire": np.concatenate([np.zeros(households, np.int64), homes.second_value, empty]),
        "personnes_a_charge": np.concatenate([dependants, nothing, empty]),
        "enfants_residence_alternee": np.concatenate([alternating, nothing, empty]),
    }
    tables["local"] = {"local_id": np.arange(households + second), "commune_id": commune}
    department = np.array([OVERSEAS if code.startswith(OVERSEAS) else code[:2] for code in codes])
    tables["commune"] = {"commune_id": np.arange(len(codes)), "departement": department, "code_commune": np.array([code[2:] for code in codes])}
    tables["menage"] |= {"local_id": np.arange(households), "statut_occupation": homes.tenure, "loyer_annuel": homes.rent}
    return tables


def weighted(tables: Tables, draft: Draft, homes: Dwellings, weights: NDArray[np.float64]) -> Tables:
    """Give every table but that of the communes the weight of the household that each row is of."""
    people, units = draft.people, draft.units
    of_person = weights[people.household]
    tables["menage"]["weight"] = weights
    tables["individu"]["weight"] = of_person
    tables["foyer_fiscal"]["weight"] = of_person[units.head]
    tables["famille"]["weight"] = of_person[np.unique(units.famille, return_index=True)[1]]
    tables["local"]["weight"] = np.concatenate([weights, weights[homes.second_of]])
    tables["cote"]["weight"] = tables["local"]["weight"][tables["cote"]["local_id"]]
    return tables
