"""Invented families with children: what family benefits, RSA and prime d'activité depend on is drawn."""

# ruff: noqa: INP001 - for the script beside it

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random

MONTHS: Final = 12
YEARS_OF_INCOME: Final = 4  # a prime of early in the year looks at family benefits of late last year, and these at incomes of three years before
DRAWS_OF_TENURE: Final = ("loge_gratuitement", "proprietaire", "locataire_vide", "locataire_vide")


def plain(each: dict[str, Any], year: int) -> dict[str, Any]:
    """Return a family without what the two sides read differently: children of five to twelve who do not work, no alimony, no unemployed couple."""
    children = [{**child, "incomes": {}, "birth": [year - 5 - child["birth"][0] % 8, child["birth"][1]]} for child in each["children"]]
    parents = [
        {**parent, "incomes": {"retraite" if kind == "chomage" else kind: amounts for kind, amounts in parent["incomes"].items()}} for parent in each["parents"]
    ]
    return {**each, "children": children, "parents": parents if len(parents) > 1 else each["parents"], "alimony": 0}


def family(draw: random.Random, year: int) -> dict[str, Any]:
    """Return one family: its parents first, then its children, with the incomes of some years, month by month."""
    couple = draw.random() < 0.6  # noqa: PLR2004 - shares of the draw
    number = draw.choices(range(6), [2, 3, 4, 4, 2, 1])[0]
    scale = draw.choices([0.4, 1, 2.5, 5], [4, 5, 3, 1])[0]
    parents = [person(draw, year - draw.randint(20, 58), adult_incomes(draw, scale)) for _ in range(1 + couple)]
    children = []
    for _ in range(number):
        age = draw.randint(0, 22)
        works = age >= 16 and draw.random() < 0.3  # noqa: PLR2004 - shares of the draw
        incomes = {"salaire": months(draw, draw.uniform(50, 1600))} if works else {}
        child = person(draw, year - age, incomes)
        child["alternating"] = draw.random() < 0.1  # noqa: PLR2004 - shares of the draw
        children.append(child)
    alimony = round(draw.uniform(50, 400)) if children and are_minors(children, year) and not couple and draw.random() < 0.4 else 0  # noqa: PLR2004 - shares of the draw
    tenure = draw.choice(DRAWS_OF_TENURE)
    housing_aid = round(draw.uniform(30, 400)) if tenure == "locataire_vide" else 0
    return {
        "parents": parents,
        "children": children,
        "married": couple and draw.random() < 0.7,  # noqa: PLR2004 - shares of the draw
        "alimony": alimony,
        "unsupported": bool(children) and not couple,
        "tenure": tenure,
        "housing_aid": housing_aid,
    }


def are_minors(children: list[dict[str, Any]], year: int) -> bool:
    """Whether all children are under eighteen: alimony is then paid for each alike."""
    return all(year - child["birth"][0] < 18 for child in children)  # noqa: PLR2004 - the age of majority


def person(draw: random.Random, birth_year: int, incomes: dict[str, list[float]]) -> dict[str, Any]:
    """Return a person born in a month of a year, with net incomes by month."""
    return {"birth": [birth_year, draw.randint(1, 12)], "incomes": incomes, "alternating": False}


def adult_incomes(draw: random.Random, scale: float) -> dict[str, list[float]]:
    """Return the net incomes of a parent: wages, unemployment benefit, a pension, or nothing."""
    kind = draw.choices(["salaire", "chomage", "retraite", "none", "both"], [10, 2, 1, 3, 1])[0]
    if kind == "none":
        return {}
    if kind == "both":
        return {"salaire": months(draw, draw.uniform(200, 900) * scale), "chomage": months(draw, draw.uniform(200, 700))}
    level = {"salaire": draw.uniform(300, 2200) * scale, "chomage": draw.uniform(400, 1800), "retraite": draw.uniform(500, 2000)}[kind]
    return {kind: months(draw, level)}


def months(draw: random.Random, level: float) -> list[float]:
    """Return the amounts of the years, month by month: a level for each year, which may move within the last two."""
    amounts: list[float] = []
    for year in range(YEARS_OF_INCOME):
        of_year = level * draw.uniform(0.8, 1.2)
        moves = year > 1 and draw.random() < 0.4  # noqa: PLR2004 - shares of the draw
        amounts += [round(of_year * (draw.uniform(0.3, 1.3) if moves else 1)) for _ in range(MONTHS)]
    return amounts
