"""Les entités de l'impôt sur le revenu : l'individu, membre d'un foyer fiscal où il est déclarant, conjoint ou personne à charge.

Le foyer fiscal est celui de la taxe d'habitation : le même foyer a un impôt sur le revenu et une cote.
"""

from engine.entities import Entity

Individu = Entity(
    key="individu",
    plural="individus",
    label="Personne d'un foyer fiscal",
    belongs_to=("foyer_fiscal",),
)
