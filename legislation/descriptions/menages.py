"""Le sexe et l'activité d'une personne, le statut d'occupation et le loyer d'un ménage : ils décrivent ; seules les aides au logement en dépendent."""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Individu, Menage


class Sexe(Enum):
    homme = "Homme"
    femme = "Femme"


class Activite(Enum):
    inactif = "Autre inactif, ou enfant"
    salarie = "Salarié"
    independant = "Indépendant"
    chomeur = "Chômeur"
    retraite = "Retraité"
    etudiant = "Élève ou étudiant"


class StatutOccupation(Enum):
    proprietaire = "Propriétaire sans emprunt"
    accedant = "Propriétaire qui rembourse un emprunt"
    locataire_hlm = "Locataire d'un logement social"
    locataire_prive = "Locataire d'un bailleur privé"
    loge_gratuitement = "Logé gratuitement"


class CategorieMenage(Enum):
    ordinaire = "Ménage ordinaire"
    communaute = "Personne vivant en communauté"
    hors_population = "Déclarant hors de la population de fin d'année : non-résident, décédé ou parti dans l'année"


class sexe(Variable):
    value_type = Enum
    possible_values = Sexe
    default_value = Sexe.homme
    entity = Individu
    definition_period = YEAR
    label = "Sexe"
    reference = "Insee, recensement de la population"


class activite(Variable):
    value_type = Enum
    possible_values = Activite
    default_value = Activite.inactif
    entity = Individu
    definition_period = YEAR
    label = "Activité principale de l'année"
    reference = "Insee, recensement de la population"


class categorie_menage(Variable):
    value_type = Enum
    possible_values = CategorieMenage
    default_value = CategorieMenage.ordinaire
    entity = Menage
    definition_period = YEAR
    label = "Ménage ordinaire, personne vivant en communauté, ou déclarant hors de la population de fin d'année"
    documentation = "Le niveau de vie et la pauvreté ne se mesurent que sur les ménages ordinaires."
    reference = "Insee, définitions : ménage ; communauté"


class statut_occupation(Variable):
    value_type = Enum
    possible_values = StatutOccupation
    default_value = StatutOccupation.proprietaire
    entity = Menage
    definition_period = YEAR
    label = "Statut d'occupation de la résidence principale"
    reference = "Insee, définitions : statut d'occupation du logement"


class loyer_annuel(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "currency"
    label = "Loyer de la résidence principale, hors charges, sur l'année"
    reference = "Loi 89-462 du 6 juillet 1989, art. 17"
