"""Invented families of the old and the disabled, in the form of compare_benefits.py: what the minimum incomes for them depend on is drawn too."""

# ruff: noqa: INP001 - for the script beside it

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random

MONTHS: Final = 12
YEARS: Final = 4
CEASED_FOR: Final = 14  # months without wages of a person who has stopped working
RATES: Final = (0.0, 0.3, 0.6, 0.8, 0.9)
RATES_OF_SPOUSES: Final = (0.0, 0.0, 0.0, 0.0, 0.6, 0.8)


def family(draw: random.Random, year: int) -> dict[str, Any]:
    """Return one family: of old persons, or with a disabled one, alone or in a couple, with a few children."""
    old, couple = draw.random() < 0.5, draw.random() < 0.5  # noqa: PLR2004 - shares of the draw
    parents = [person(draw, year, old=old, rates=RATES if rank == 0 else RATES_OF_SPOUSES) for rank in range(1 + couple)]
    children = [] if old else [_person(draw, year - draw.randint(5, 12), {}) for _ in range(draw.choice((0, 0, 0, 1, 2)))]
    tenure = draw.choice(("loge_gratuitement", "proprietaire", "locataire_vide", "locataire_vide"))
    return {
        "parents": parents,
        "children": children,
        "married": couple and draw.random() < 0.7,  # noqa: PLR2004 - shares of the draw
        "alimony": 0,
        "unsupported": bool(children) and not couple,
        "tenure": tenure,
        "housing_aid": round(draw.uniform(30, 400)) if tenure == "locataire_vide" else 0,
    }


def plain(each: dict[str, Any], year: int) -> dict[str, Any]:
    """Return a family without what the two sides read differently: amounts never change, who is alone may work, one disabled person has nothing."""
    alone = len(each["parents"]) == 1
    parents = [_plain_person(parent, year, alone=alone, rank=rank) for rank, parent in enumerate(each["parents"])]
    return {**each, "parents": parents}


def _plain_person(parent: dict[str, Any], year: int, *, alone: bool, rank: int) -> dict[str, Any]:
    age = year - parent["birth"][0]
    settled = 23 if age < 23 else 68 if 59 <= age < 68 else age  # noqa: PLR2004 - years in which no right opens or ends
    disabled = rank == 0 and settled < 59 and parent["incapacity"] >= 0.5  # noqa: PLR2004 - as above; the least rate
    kept = {} if disabled else {"salaire" if alone and "salaire" in parent["incomes"] else "retraite": amounts[-1:] for amounts in parent["incomes"].values()}
    incomes = {kind: last * MONTHS * YEARS for kind, last in kept.items()}
    rate = parent["incapacity"] if disabled else 0.0
    return {**parent, "birth": [year - settled, parent["birth"][1]], "incomes": incomes, "incapacity": rate, "unfit": False}


def person(draw: random.Random, year: int, *, old: bool, rates: tuple[float, ...]) -> dict[str, Any]:
    """Return a parent: an old one with a pension, wages or nothing; a younger one, who may be disabled."""
    age = draw.choice((61, 62, 63, 64, 65, 66, 70, 75, 80, 90)) if old else draw.randint(19, 61)
    kinds = ["retraite", "retraite", "retraite", "salaire", "none", "both"] if old and age > 61 else ["salaire", "salaire", "none", "none", "chomage", "ceased"]  # noqa: PLR2004
    incomes = _incomes(draw, draw.choice(kinds))
    rate = draw.choice(rates) if not old or draw.random() < 0.2 else 0.0  # noqa: PLR2004 - shares of the draw
    return {**_person(draw, year - age, incomes), "incapacity": rate, "restricted": draw.random() < 0.7, "unfit": old and draw.random() < 0.2}  # noqa: PLR2004


def _person(draw: random.Random, birth_year: int, incomes: dict[str, list[float]]) -> dict[str, Any]:
    return {"birth": [birth_year, draw.randint(1, 12)], "incomes": incomes, "alternating": False}


def _incomes(draw: random.Random, kind: str) -> dict[str, list[float]]:
    if kind == "none":
        return {}
    if kind == "both":
        return {"retraite": _months(draw, draw.uniform(100, 1200)), "salaire": _months(draw, draw.uniform(100, 900))}
    if kind == "ceased":
        wages = _months(draw, draw.uniform(300, 1800))
        return {"salaire": [*wages[:-CEASED_FOR], *([0.0] * CEASED_FOR)]}
    return {kind: _months(draw, {"retraite": draw.uniform(50, 1500), "salaire": draw.uniform(100, 1800), "chomage": draw.uniform(300, 1200)}[kind])}


def _months(draw: random.Random, level: float) -> list[float]:
    """Return the amounts of the years, month by month: a level for each year."""
    return [float(round(level * factor)) for factor in (draw.uniform(0.8, 1.2) for _ in range(YEARS)) for _ in range(MONTHS)]
