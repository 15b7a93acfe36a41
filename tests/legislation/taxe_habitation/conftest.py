import csv
import functools
import gzip
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from engine.legislation import Legislation
from engine.parameters import load_parameters
from engine.population import Population
from engine.simulation import Simulation
from engine.variables import from_modules
from legislation.entites import ENTITES
from legislation.taxe_habitation.conformite import MODULES, read_columns
from legislation.taxe_habitation.vecteurs import TextColumn, VectorTable
from population.vectors import engine_calculator

VECTORS = Path(__file__).parents[2] / "data" / "taxe_habitation"
FOYERS_PAR_COTE = 3


@pytest.fixture(scope="session")
def loi():
    return Legislation.make(ENTITES, from_modules("legislation.taxe_habitation"), load_parameters(str(files("parameters"))))


@pytest.fixture(scope="session")
def calculer(loi):
    """Computes variables of bills, each with a dwelling and a commune of its own and three tax households, in the order of the roles."""

    def calculate(annee, entrees, *variables):
        rows = max(len(values) // (FOYERS_PAR_COTE if loi.variable(name).entity.key == "foyer_fiscal" else 1) for name, values in entrees.items())
        each = np.arange(rows)
        population = Population(
            {"cote": rows, "local": rows, "commune": rows, "foyer_fiscal": FOYERS_PAR_COTE * rows},
            {
                ("cote", "local"): each,
                ("local", "commune"): each,
                ("foyer_fiscal", "cote"): (np.repeat(each, FOYERS_PAR_COTE), np.tile(np.arange(FOYERS_PAR_COTE), rows)),
            },
        )
        simulation = Simulation(loi, population)
        for name, values in entrees.items():
            simulation.set_input(name, annee, values)
        results = [simulation.calculate(name, annee) for name in variables]
        plain = [values.decode_to_str().tolist() if hasattr(values, "decode_to_str") else values.tolist() for values in results]
        return plain[0] if len(plain) == 1 else plain

    return calculate


@pytest.fixture(scope="session")
def commune_type():
    """The inputs of a mainland commune that has everything in order: its average rental value is 4,000 euros, its rate 20 %."""
    deliberation = {"taux": (15, 10, 15, 10, 10), "quotite": (600, 400, 600, 400, 400)}
    abattements = ("general", "charges_rangs_1_2", "charges_rang_3", "special", "handicap")
    commune = {"departement": "44", "code_commune": "109", "taux_commune": 0.2, "taux_global_2000": 0.2, "meme_commune_2003": "oui"}
    for autorite in ("commune", "commune_avant_ajustement", "commune_2003", "commune_avant_ajustement_2003"):
        commune[f"deliberation_valeur_locative_moyenne_{autorite}"] = 4000
        for chiffre, valeurs in deliberation.items():
            commune |= {f"deliberation_{chiffre}_abattement_{nom}_{autorite}": valeur for nom, valeur in zip(abattements, valeurs, strict=True)}
    return commune | {"deliberation_valeur_locative_moyenne_departement": 4000}


@pytest.fixture(scope="session")
def cote_type(commune_type):
    """The inputs of a main home worth 3,000 euros in that commune, without television."""
    return commune_type | {"direction": "440", "valeur_locative_brute_principale": 3000, "parts_foyer": 100, "champ_audiovisuel": "hors_champ_m"}


@pytest.fixture(scope="session")
def liquider(calculer, cote_type):
    """Computes variables of one bill: the usual one, with what is said otherwise. Returns one value, or a list of them."""

    def liquidate(*variables, annee=2017, **autrement):
        entrees = {nom: [valeur] for nom, valeur in (cote_type | autrement).items()}
        resultats = calculer(annee, entrees, *variables)
        return resultats[0] if len(variables) == 1 else [resultat[0] for resultat in resultats]

    return liquidate


@pytest.fixture(scope="session")
def lire_lignes():
    """Reads a vector file: its rows as texts by column, `_` for a blank."""

    @functools.cache
    def read(name):
        with gzip.open(VECTORS / f"{name}.csv.gz", "rt") as stream:
            return tuple(csv.DictReader(stream))

    return read


@pytest.fixture(scope="session")
def colonnes_de():
    """Turns rows of a vector file into the columns of each entity."""

    def columns_of(module, rows):
        columns = {}
        for name in rows[0]:
            texts = [row[name].replace("_", " ") for row in rows]
            position = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            columns[name] = TextColumn(tuple(position), np.array([position[text] for text in texts], np.int32))
        return read_columns(VectorTable("rows", len(rows), columns), MODULES[module])

    return columns_of


@pytest.fixture(scope="session")
def codes_retour(loi, colonnes_de):
    """Computes the return codes of rows of a vector file, all of one tax year."""

    def codes_of(module, annee, rows):
        code = MODULES[module].code_retour
        return engine_calculator(loi)(MODULES[module], annee, "default", colonnes_de(module, rows), [code])[code].tolist()

    return codes_of
