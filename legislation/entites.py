"""Les entités du droit français, communes à tous ses impôts et prestations.

Une personne (`individu`) est membre d'un foyer fiscal, qui déclare ses revenus ; d'une famille, qui reçoit ses prestations ; et
d'un ménage, qui occupe un local. Une cote de taxe d'habitation (un avis) concerne un local et jusqu'à deux redevables, ou une
personne morale ; un local se trouve dans une commune. Les chiffres de l'EPCI, du syndicat et du département où se trouve la
commune sont des colonnes de la commune.
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
    label="Foyer fiscal : les personnes d'une même déclaration de revenus",
    belongs_to=("cote",),
    roles=(
        Role("declarant", "declarants", "Premier déclarant de l'impôt sur le revenu", max=1),
        Role("conjoint", "conjoints", "Second déclarant, conjoint ou partenaire", max=1),
        Role("personne_a_charge", "personnes_a_charge", "Enfant ou autre personne à charge"),
    ),
)

Famille = Entity(
    key="famille",
    plural="familles",
    label="Famille au sens des prestations : un ou deux parents et leurs enfants à charge",
    roles=(
        Role("demandeur", "demandeurs", "Allocataire", max=1),
        Role("conjoint", "conjoints", "Conjoint, partenaire ou concubin de l'allocataire", max=1),
        Role("enfant", "enfants", "Enfant ou autre personne à charge"),
    ),
)

Menage = Entity(
    key="menage",
    plural="menages",
    label="Ménage : les occupants d'un même logement",
    belongs_to=("local",),
    roles=(
        Role("personne_de_reference", "personnes_de_reference", "Personne de référence", max=1),
        Role("conjoint", "conjoints", "Conjoint, partenaire ou concubin de la personne de référence", max=1),
        Role("enfant", "enfants", "Enfant de l'un ou de l'autre"),
        Role("autre", "autres", "Autre occupant"),
    ),
)

Individu = Entity(
    key="individu",
    plural="individus",
    label="Personne",
    belongs_to=("foyer_fiscal", "famille", "menage"),
)

ENTITES = (Individu, FoyerFiscal, Famille, Menage, Cote, Local, Commune)
