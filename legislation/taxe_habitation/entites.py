"""Les entités de la taxe d'habitation : le local, la cote, les foyers fiscaux des redevables, la commune.

Une cote (un avis) concerne un local et jusqu'à deux redevables, ou une personne morale ; un local se trouve dans une
commune. Les chiffres de l'EPCI, du syndicat et du département où se trouve la commune sont des colonnes de la commune.
"""

from engine.entities import Entity, Role

Commune = Entity(
    key="commune",
    plural="communes",
    label="Commune, avec l'EPCI, le syndicat et le département dont elle fait partie",
)

Local = Entity(
    key="local",
    plural="locaux",
    label="Local d'habitation",
    belongs_to=("commune",),
)

Cote = Entity(
    key="cote",
    plural="cotes",
    label="Cote de taxe d'habitation : un avis d'imposition",
    belongs_to=("local",),
    roles=(
        Role("premier_redevable", "premiers_redevables", "Foyer fiscal du premier redevable", max=1),
        Role("second_redevable", "seconds_redevables", "Foyer fiscal du second redevable (cote conjointe)", max=1),
        Role("rattaches", "rattaches", "Foyers fiscaux des personnes rattachées, pris ensemble", max=1),
    ),
)

FoyerFiscal = Entity(
    key="foyer_fiscal",
    plural="foyers_fiscaux",
    label="Foyer fiscal d'un redevable, avec son revenu fiscal de référence et ses parts",
    belongs_to=("cote",),
    roles=(
        Role("declarant", "declarants", "Premier déclarant de l'impôt sur le revenu", max=1),
        Role("conjoint", "conjoints", "Second déclarant, conjoint ou partenaire", max=1),
        Role("personne_a_charge", "personnes_a_charge", "Enfant ou autre personne à charge"),
    ),
)

ENTITES = (FoyerFiscal, Cote, Local, Commune)
