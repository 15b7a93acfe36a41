"""Persons and households."""

from openfisca_core.entities import build_entity

Household = build_entity(
    key="household",
    plural="households",
    label="Household",
    doc="""
    Who lives together.
    """,
    roles=[
        {"key": "adult", "plural": "adults", "label": "Adults", "doc": "Who is grown up.", "max": 2},
        {"key": "child", "plural": "children", "label": "Children"},
    ],
)
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
entities = [Household, Person]
