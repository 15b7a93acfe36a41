"""Ce que le programme sait d'un local : sa valeur locative de référence, son affectation, son exonération, sa vacance.

Là où le fichier n'a pas de colonne, l'année est celle de la période, et le département et la commune sont ceux de la
commune du local.
"""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Commune, Local
from legislation.taxe_habitation.nomenclatures import Affectation
from legislation.taxe_habitation.nomenclatures_local import LocationRurale


class annee_imposition_local(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Année d'imposition du local"
    reference = "CGI, art. 1415"

    def formula(local, period):
        return period.start.year


class direction_local(Variable):
    value_type = str
    entity = Local
    definition_period = YEAR
    label = "Direction des finances publiques dont relève le local"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kvlc"

    def formula(local, period):
        return local.commune("direction_commune", period)


class departement_local(Variable):
    value_type = str
    entity = Local
    definition_period = YEAR
    label = "Département du local (97 pour tous les départements d'outre-mer)"
    reference = "Code officiel géographique"

    def formula(local, period):
        return local.commune("departement", period)


class code_commune_local(Variable):
    value_type = str
    entity = Local
    definition_period = YEAR
    label = "Code de la commune du local dans le département"
    reference = "Code officiel géographique"

    def formula(local, period):
        return local.commune("code_commune", period)


class affectation_local(Variable):
    value_type = Enum
    possible_values = Affectation
    default_value = Affectation.habitation
    entity = Local
    definition_period = YEAR
    label = "Affectation du local"
    reference = "CGI, art. 1407, I"


class valeur_locative_reference_principale(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative de référence de la partie principale du local (1970 ; outre-mer 1975, Mayotte 2012)"
    reference = "CGI, art. 1496"


class valeur_locative_reference_parties_communes(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Part du local dans la valeur locative de référence des locaux communs (1970 ; outre-mer 1975, Mayotte 2012)"
    reference = "CGI, art. 1496"


class location_rurale(Variable):
    value_type = Enum
    possible_values = LocationRurale
    default_value = LocationRurale.vide
    entity = Local
    definition_period = YEAR
    label = "Hébergement que la commune peut exonérer en zone de revitalisation rurale"
    reference = "CGI, art. 1407, III"


class taux_exoneration_location_rurale(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Part du local exonérée en zone de revitalisation rurale (en %)"
    reference = "CGI, art. 1407, III"


class exoneration_votee_gites_ruraux(Variable):
    value_type = Enum
    possible_values = LocationRurale
    default_value = LocationRurale.vide
    entity = Commune
    definition_period = YEAR
    label = "Exonération des gîtes ruraux, si la commune l'a votée"
    reference = "CGI, art. 1407, III, 1°"


class exoneration_votee_meubles_de_tourisme(Variable):
    value_type = Enum
    possible_values = LocationRurale
    default_value = LocationRurale.vide
    entity = Commune
    definition_period = YEAR
    label = "Exonération des meublés de tourisme, si la commune l'a votée"
    reference = "CGI, art. 1407, III, 2°"


class exoneration_votee_chambres_d_hotes(Variable):
    value_type = Enum
    possible_values = LocationRurale
    default_value = LocationRurale.vide
    entity = Commune
    definition_period = YEAR
    label = "Exonération des chambres d'hôtes, si la commune l'a votée (sans effet à partir de 2017)"
    reference = "CGI, art. 1407, III, 3°"


class annee_entree_tlv_local(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Année d'entrée du local dans le champ de la taxe sur les logements vacants"
    reference = "CGI, art. 232, II"


class annee_entree_tlv_commune(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Année d'entrée de la commune dans le champ de la taxe sur les logements vacants"
    reference = "CGI, art. 232, I"
