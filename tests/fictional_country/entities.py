"""Who and what the law of Ostrea speaks of.

person -> household -> dwelling -> town, and person -> tax_household.
"""

from engine.entities import build_entity

Person = build_entity("person", "persons", "Person", is_person=True, containing_entities=("household", "tax_household"))

Household = build_entity(
    "household",
    "households",
    "Household",
    doc="People who share a hearth.",
    roles=[
        {"key": "adult", "plural": "adults", "label": "Adults", "subroles": ["first_adult", "second_adult"]},
        {"key": "child", "plural": "children", "label": "Children"},
    ],
    containing_entities=("dwelling",),
)

TaxHousehold = build_entity(
    "tax_household",
    "tax_households",
    "Tax household",
    roles=[
        {"key": "declarant", "plural": "declarants", "max": 2},
        {"key": "dependant", "plural": "dependants"},
    ],
)

Dwelling = build_entity(
    "dwelling",
    "dwellings",
    "Dwelling",
    roles=[{"key": "occupant", "plural": "occupants", "label": "The household that lives there", "max": 1}],
    containing_entities=("town",),
)

Town = build_entity("town", "towns", "Town")

ENTITIES = (Person, Household, TaxHousehold, Dwelling, Town)
