"""Persons and households."""

from openfisca_core.entities import build_entity

Household = build_entity(
    key="household",
    plural="households",
    label="Household",
    roles=[
        {"key": "adult", "plural": "adults", "label": "Adults", "subroles": ["first_adult", "second_adult"]},
        {"key": "child", "plural": "children", "label": "Children"},
    ],
)
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
entities = [Household, Person]
