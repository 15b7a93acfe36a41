"""La composition du foyer fiscal, telle que la déclaration de revenus la dit."""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import FoyerFiscal


class SituationFamiliale(Enum):
    celibataire = "Célibataire"
    marie = "Marié"
    pacse = "Lié par un pacte civil de solidarité"
    divorce = "Divorcé ou séparé"
    veuf = "Veuf"


class Territoire(Enum):
    metropole = "France métropolitaine"
    guadeloupe_martinique_reunion = "Guadeloupe, Martinique ou La Réunion"
    guyane_mayotte = "Guyane ou Mayotte"


class situation_familiale(Variable):
    value_type = Enum
    possible_values = SituationFamiliale
    default_value = SituationFamiliale.celibataire
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Situation de famille (cases 0AC, 0AM, 0AO, 0AD, 0AV)"
    reference = "CGI, art. 6, 1"


class territoire(Variable):
    value_type = Enum
    possible_values = Territoire
    default_value = Territoire.metropole
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Territoire du domicile, qui décide de la réfaction"
    reference = "CGI, art. 197, I, 3"


class parent_isole(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Vit seul et élève seul ses enfants (case 0BT)"
    reference = "CGI, art. 194, II"


class enfant_eleve_seul(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Vit seul, sans charge, et a élevé seul un enfant pendant au moins cinq ans (case 0AL)"
    reference = "CGI, art. 195, 1, a, b et e"


class ancien_combattant(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Un déclarant a la carte du combattant et plus de 74 ans, ou en est le veuf (cases 0AW, 0AS)"
    reference = "CGI, art. 195, 1, f, et 6"


class enfants_a_charge(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge exclusive ou principale (case 0CF)"
    reference = "CGI, art. 196"


class enfants_a_charge_invalides(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge invalides, parmi les enfants à charge (case 0CG)"
    reference = "CGI, art. 195, 2"


class enfants_en_alternance(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge en résidence alternée (case 0CH)"
    reference = "CGI, art. 194, I"


class enfants_majeurs_rattaches(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants majeurs célibataires rattachés (case 0DJ)"
    reference = "CGI, art. 6, 3"


class autres_personnes_invalides(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Autres personnes invalides recueillies (case 0CR)"
    reference = "CGI, art. 196 A bis"
