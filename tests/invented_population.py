"""A small invented population, drawn from a seed, in the form of users' tables: a table for each entity, in Arrow."""

import shutil

import numpy as np
import pyarrow as pa
from pyarrow import parquet

DEPARTMENTS = ["2A", "13", "33", "59", "69", "75", "93"]


def invented(households, seed=1):
    """Households of a dwelling: couples, single persons and lone parents, some with a grown-up child who declares alone."""
    random = np.random.default_rng(seed)
    persons, tax_households = [], []
    married = random.random(households) < 0.55
    children = np.where(random.random(households) < 0.45, random.integers(1, 5, households), 0)
    ages = random.integers(22, 90, households)
    children = np.where(ages < 60, children, 0)
    grown = (ages > 48) & (ages < 65) & (random.random(households) < 0.3)
    incomes = np.round(random.lognormal(10.0, 0.65, (households, 3)), 0)
    idle = random.random((households, 3)) < (0.12, 0.3, 0.3)
    incomes = np.where(idle, 0.0, incomes)
    for row in range(households):
        retired = ages[row] >= 64
        adults = 2 if married[row] else 1
        for adult in range(adults):
            income = incomes[row, adult]
            persons.append(
                {
                    "individu_id": f"i{row}-{adult}",
                    "menage_id": f"m{row}",
                    "menage_role": ("personne_de_reference", "conjoint")[adult],
                    "foyer_fiscal_id": f"f{row}",
                    "foyer_fiscal_role": ("declarant", "conjoint")[adult],
                    "annee_naissance": int(2022 - ages[row] + adult),
                    "salaires": 0.0 if retired else income,
                    "pensions_retraite": income * 0.7 if retired else 0.0,
                }
            )
        tax_households.append(
            {
                "foyer_fiscal_id": f"f{row}",
                "cote_id": f"c{row}",
                "cote_role": "premier_redevable",
                "situation_familiale": "marie" if adults == 2 else "celibataire",
                "enfants_a_charge": int(children[row]),
                "parent_isole": bool(adults == 1 and children[row] > 0),
                "interets": float(np.round(incomes[row, 2] * 0.05)),
                "dons_aux_oeuvres": float(np.round(incomes[row, 2] * 0.01)) if row % 5 == 0 else 0.0,
                "depenses_emploi_domicile": 2000.0 if row % 11 == 0 else 0.0,
            }
        )
        for child in range(children[row]):
            persons.append(  # noqa: PERF401 - beside those of the other persons
                {
                    "individu_id": f"i{row}-e{child}",
                    "menage_id": f"m{row}",
                    "menage_role": "enfant",
                    "foyer_fiscal_id": f"f{row}",
                    "foyer_fiscal_role": "personne_a_charge",
                    "annee_naissance": int(2022 - random.integers(0, 18)),
                    "salaires": 0.0,
                    "pensions_retraite": 0.0,
                }
            )
        if grown[row]:
            persons.append(
                {
                    "individu_id": f"i{row}-g",
                    "menage_id": f"m{row}",
                    "menage_role": "enfant",
                    "foyer_fiscal_id": f"f{row}-g",
                    "foyer_fiscal_role": "declarant",
                    "annee_naissance": 2022 - 22,
                    "salaires": float(incomes[row, 2]),
                    "pensions_retraite": 0.0,
                }
            )
            tax_households.append(
                {
                    "foyer_fiscal_id": f"f{row}-g",
                    "cote_id": f"c{row}",
                    "cote_role": "rattaches",
                    "situation_familiale": "celibataire",
                    "enfants_a_charge": 0,
                    "parent_isole": False,
                    "interets": 0.0,
                    "dons_aux_oeuvres": 0.0,
                    "depenses_emploi_domicile": 0.0,
                }
            )
    communes = random.integers(0, len(DEPARTMENTS), households)
    return {
        "individu": pa.Table.from_pylist(persons),
        "foyer_fiscal": pa.Table.from_pylist(tax_households),
        "menage": pa.table(
            {
                "menage_id": [f"m{row}" for row in range(households)],
                "local_id": [f"l{row}" for row in range(households)],
                "weight": np.round(random.uniform(0.5, 1.5, households) * 30e6 / households, 2),
            }
        ),
        "cote": pa.table({"cote_id": [f"c{row}" for row in range(households)], "local_id": [f"l{row}" for row in range(households)]}),
        "local": pa.table({"local_id": [f"l{row}" for row in range(households)], "commune_id": [DEPARTMENTS[which] for which in communes]}),
        "commune": pa.table({"commune_id": DEPARTMENTS, "departement": DEPARTMENTS}),
    }


def repeated(folder, to, count):
    """Copy a population in parts, its parts again and again until there are `count`."""
    for entity in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(entity.glob("part-*.parquet"))
        (to / entity.name).mkdir(parents=True)
        for number in range(count):
            shutil.copyfile(files[number % len(files)], to / entity.name / f"part-{number:05}.parquet")
    for shared in folder.glob("*.parquet"):
        shutil.copyfile(shared, to / shared.name)
    return to


def in_parts(folder, parts, households):
    """Write so many parts, each of so many households, of another seed, and return the folder."""
    for number in range(parts):
        for entity, table in invented(households, seed=number).items():
            file = folder / entity / f"part-{number:05}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            parquet.write_table(table, file)
    return folder
