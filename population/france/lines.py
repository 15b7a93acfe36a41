"""The lines by which a population is judged: what is measured, the official figure, its source, and whether calibration has seen it.

Most stand in `cibles/lignes.yaml`, whose head describes the form; bands of income and groups of age are made from their tables.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, fields, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from engine.errors import Problem, TableError, nearest
from population.france.ageing import growth, growth_of_weights
from population.france.bands import Bands, Totals, bands_2015
from population.france.incomes import profits_and_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FOLDER = "population.france.cibles"
YEAR = 2022
YEAR_OF_BANDS = 2015
TARGET, HELD_OUT, OTHER_CONCEPT = "cible", "controle", "autre_concept"
USES = (TARGET, HELD_OUT, OTHER_CONCEPT)
COUNTS = ("euros", "positifs", "negatifs", "lignes")
RANKS = ("quantile", "part_du_haut", "moyenne_du_haut")
SHOWN_BANDS_FROM = 1_000_000

RFR = "revenu_fiscal_reference_annee"
SOURCE_OF_BANDS = (
    "DGFiP, IRCOM, revenus 2015 : tranches portées à 2022 par le nombre des foyers, les salaires, les pensions, les bénéfices, les revenus fonciers "
    "et le reste du RFR"
)
SOURCE_OF_AGES = "Insee, recensement 2018 (POP1B), vieilli de quatre ans et rapporté aux trois groupes d'âges de 2022 (Ined) et à la population totale (Insee)"
# Ined, population of metropolitan France on January 1st, 2022, men and women, by group of age (ined.fr)
GROUPS_OF_2022 = {(0, 19): (7_873_300, 7_499_842), (20, 64): (17_870_773, 18_446_381), (65, 120): (6_016_137, 7_921_021)}
POPULATION_OF_2022 = 67_842_591  # Insee, whole France
AGEING = 4
OLDEST_GROUP = 95


@dataclass(frozen=True)
class Line:
    """One figure: how it is measured on a population, and what it is officially. See the head of `lignes.yaml` for each field."""

    nom: str
    libelle: str
    de: str
    valeur: float
    usage: str
    source: str
    somme: Mapping[str, float] = field(default_factory=dict)
    par: str | None = None
    compte: str = "euros"
    entre: tuple[float | None, float | None] | None = None
    si: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    rang: str | None = None
    niveau: float = 0.5
    selon: Mapping[str, Any] = field(default_factory=dict)
    marge: float = 0.002
    annee: int = YEAR
    en: int = YEAR
    groupe: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that must be known to measure it."""
        order = self.selon.get("somme", {}), self.selon.get("par")
        return tuple(dict.fromkeys([*self.somme, *([self.par] if self.par else []), *self.si, *order[0], *([order[1]] if order[1] else [])]))


def read_lines(path: Path | None = None) -> tuple[Line, ...]:
    """Return the lines of a YAML file, by default those of this package. Raises TableError with all that is wrong."""
    source = files(FOLDER) / "lignes.yaml" if path is None else path
    try:
        content = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise TableError([Problem(str(source), f"cannot be read: {error}")]) from error
    if not isinstance(content, dict):
        raise TableError([Problem(str(source), "expected lines by name")])
    problems = [problem for name, given in content.items() for problem in _wrong(f"{source.name}, `{name}`", given)]
    if problems:
        raise TableError(problems)
    return tuple(Line(nom=str(name), **_converted(given)) for name, given in content.items())


def _converted(given: Mapping[str, Any]) -> dict[str, Any]:
    bounds = given.get("entre")
    return {**given, "valeur": float(given["valeur"]), **({"entre": (bounds[0], bounds[1])} if bounds else {})}


def _wrong(place: str, given: Any) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield Problem(place, "expected libelle, de, valeur, usage, source and so on")
        return
    known = [one.name for one in fields(Line) if one.name != "nom"]
    for name in given:
        if name not in known:
            yield Problem(place, f"there is no `{name}` to say of a line.{nearest(str(name), known)}")
    for name in ("libelle", "de", "valeur", "usage", "source"):
        if name not in given:
            yield Problem(place, f"`{name}` is missing")
    for name, choices in (("usage", USES), ("compte", COUNTS), ("rang", RANKS)):
        if name in given and given[name] not in choices:
            yield Problem(place, f"`{name}` is {given[name]!r}: expected {', '.join(choices)}")
    if "valeur" in given and (isinstance(given["valeur"], bool) or not isinstance(given["valeur"], int | float)):
        yield Problem(place, f"`valeur` is {given['valeur']!r}: expected a number")


def all_lines(year: int = YEAR) -> tuple[Line, ...]:
    """Return every line for a population of `year`: those of the file, then bands of RFR, then groups of age."""
    listed = read_lines()
    return (*listed, *band_lines(aged_bands(listed)), *(age_lines() if year == YEAR else ()))


def aged_bands(listed: Sequence[Line]) -> Bands:
    """Return the official bands of 2015 at the totals of the listed lines, between the bounds of `estimated_bands`."""
    estimated, official = estimated_bands(listed), bands_2015()
    return replace(official.aged(_totals(listed), _others(official)), low=estimated.low, high=estimated.high)


def estimated_bands(listed: Sequence[Line]) -> Bands:
    """Return the same bands with estimates in the place of those held out."""
    filled = bands_2015().filled()
    return filled.aged(_totals(listed), _others(filled))


def _others(bands: Bands) -> NDArray[np.float64]:
    """Return what share of a band's other incomes are profits, and property income, at the rank of its middle."""
    above = np.append(np.cumsum(bands.foyers[::-1])[::-1][1:], 0.0)
    return profits_and_property((above + bands.foyers / 2) / bands.foyers.sum())


def _totals(listed: Sequence[Line]) -> Totals:
    values = {line.nom: line.valeur for line in listed}
    more = growth_of_weights(YEAR_OF_BANDS, YEAR)
    profits, property_income = (more * growth(name, YEAR_OF_BANDS, YEAR) for name in ("benefices_professionnels", "revenus_fonciers_nets"))
    foyers, income, wages, pensions = (values[name] for name in ("foyers_fiscaux", "revenu_fiscal_de_reference", "salaires_et_chomage", "pensions"))
    return Totals(foyers, income, wages, pensions, (profits, property_income))


def band_lines(bands: Bands) -> Iterator[Line]:
    """Yield for each band its number of tax households and their RFR; every third band is held out."""
    for place, held_out in enumerate(bands.held_out):
        low, high = bands.low[place], bands.high[place]
        bounds = (None if place == 0 else float(low), None if np.isinf(high) else float(high))
        said = f"RFR de {low:,.0f} à {high:,.0f} €" if np.isfinite(high) else f"RFR de plus de {low:,.0f} €"
        # few tax households stand in the highest bands: the calibration need not meet them to the unit
        margin = 0.002 if bands.foyers[place] > SHOWN_BANDS_FROM / 100 else 0.01
        common: dict[str, Any] = {
            "de": "foyer_fiscal",
            "usage": HELD_OUT if held_out else TARGET,
            "source": SOURCE_OF_BANDS,
            "somme": {RFR: 1.0},
            "entre": bounds,
            "marge": margin,
            "groupe": "tranches",
        }
        said = said.replace(",", " ")
        yield Line(nom=f"tranche_{place + 1}_foyers", libelle=f"{said} : foyers", valeur=float(bands.foyers[place]), compte="lignes", **common)
        yield Line(nom=f"tranche_{place + 1}_rfr", libelle=f"{said} : RFR", valeur=float(bands.income[place]), **common)


def age_lines() -> Iterator[Line]:
    """Yield the persons of each sex and five years of age, at the end of the year."""
    for sex, (word, ages) in enumerate(zip(("homme", "femme"), population_by_age(), strict=True)):
        for low in range(0, OLDEST_GROUP + 1, 5):
            high = low + 4 if low < OLDEST_GROUP else len(ages) - 1
            yield Line(
                nom=f"{word}s_{low}_ans",
                libelle=f"{('Hommes', 'Femmes')[sex]} de {low} à {high} ans" if low < OLDEST_GROUP else f"{('Hommes', 'Femmes')[sex]} de {low} ans et plus",
                de="individu",
                valeur=float(ages[low : high + 1].sum()),
                usage=TARGET,
                source=SOURCE_OF_AGES,
                somme={"annee_naissance": 1.0},
                compte="lignes",
                entre=(float(YEAR - high - 1), float(YEAR - low)),
                si={"sexe": [word], "categorie_menage": ["ordinaire", "communaute"]},
                marge=0.004,
                groupe="ages",
            )


def population_by_age() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return men and women by single years of age, at the end of 2022."""
    with (files(FOLDER) / "population_ages_2018.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    share = POPULATION_OF_2022 / sum(sum(pair) for pair in GROUPS_OF_2022.values())
    found = []
    for place, name in enumerate(("hommes", "femmes")):
        ages = np.concatenate([np.full(5, float(row[name]) / 5) for row in rows])
        survival = np.exp(-AGEING * np.exp(-10.6 + 0.1 * np.arange(len(ages)) - 0.55 * place))  # Gompertz, by sex; each group is scaled below
        older = np.concatenate([np.zeros(AGEING), (ages * survival)[:-AGEING]])
        for (low, high), pair in GROUPS_OF_2022.items():
            wanted = pair[place] * share
            if low == 0:
                older[:AGEING] = (wanted - older[AGEING : high + 1].sum()) / AGEING  # those born since
            else:
                older[low : high + 1] *= wanted / older[low : high + 1].sum()
        found.append(older)
    return found[0], found[1]
