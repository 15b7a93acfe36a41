"""La composition du foyer fiscal : telle que la déclaration la dit, ou à défaut telle que ses membres la montrent.

Une case donnée l'emporte toujours. Qui ne donne que des personnes (année de naissance, invalidité, résidence alternée) et leur rôle
dans le foyer obtient la situation et les charges que les articles 6, 194 et 196 en tirent. Une personne à charge sans année de
naissance ne compte pas : la déclaration donne alors les nombres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.periods import MONTH, YEAR
from engine.variables import Enum, Variable
from legislation.entites import FoyerFiscal, Individu

if TYPE_CHECKING:
    from legislation.impot_revenu.arrondis import Valeurs

PERSONNE_A_CHARGE = next(role for role in FoyerFiscal.roles if role.key == "personne_a_charge")
CONJOINT = next(role for role in FoyerFiscal.roles if role.key == "conjoint")


def nombre(foyer: Valeurs, retenus: Valeurs) -> Valeurs:
    """Retourne le nombre de membres retenus, par foyer."""
    return foyer.sum(np.where(retenus, 1, 0))


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
    documentation = "Si elle n'est pas donnée : marié si le foyer a un conjoint, sinon célibataire."
    reference = "CGI, art. 6, 1"

    def formula(foyer, _period):
        return np.where(foyer.nb_persons(CONJOINT) > 0, SituationFamiliale.marie.index, SituationFamiliale.celibataire.index)


class territoire(Variable):
    value_type = Enum
    possible_values = Territoire
    default_value = Territoire.metropole
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Territoire du domicile, qui décide de la réfaction"
    reference = "CGI, art. 197, I, 3"


class est_enfant_mineur_a_charge(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Personne à charge de moins de 18 ans au 1er janvier de l'année, ou née dans l'année"
    reference = "CGI, art. 196, 1°"

    def formula(individu, period, parameters):
        naissance = individu("annee_naissance", period)
        majorite = parameters(period).impot_revenu.composition.age_majorite
        mineur = (naissance >= period.start.year - majorite) & (naissance <= period.start.year)
        return individu.has_role(PERSONNE_A_CHARGE) & mineur


class est_majeur_a_charge(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Personne à charge de 18 ans ou plus au 1er janvier de l'année"
    reference = ["CGI, art. 6, 3", "CGI, art. 196, 2°"]

    def formula(individu, period, parameters):
        naissance = individu("annee_naissance", period)
        majeur = (naissance > 0) & (naissance < period.start.year - parameters(period).impot_revenu.composition.age_majorite)
        return individu.has_role(PERSONNE_A_CHARGE) & majeur


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
    documentation = "La case ne donne une demi-part qu'à qui a cet âge, si l'année de naissance est connue."
    reference = "CGI, art. 195, 1, f, et 6"


class enfants_a_charge(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge exclusive ou principale (case 0CF)"
    documentation = "Si le nombre n'est pas donné : les mineurs à charge hors résidence alternée, et les invalides à charge de tout âge."
    reference = "CGI, art. 196"

    def formula(foyer, period):
        mineurs = foyer.members("est_enfant_mineur_a_charge", period) & ~foyer.members("residence_alternee", period.get_subperiods(MONTH)[-1])
        invalides = foyer.members("est_majeur_a_charge", period) & foyer.members("invalide", period)
        return nombre(foyer, mineurs | invalides)


class enfants_a_charge_invalides(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge invalides, parmi les enfants à charge (case 0CG)"
    documentation = "Si le nombre n'est pas donné : les enfants à charge qui ont la carte d'invalidité."
    reference = "CGI, art. 195, 2"

    def formula(foyer, period):
        mineurs = foyer.members("est_enfant_mineur_a_charge", period) & ~foyer.members("residence_alternee", period.get_subperiods(MONTH)[-1])
        return nombre(foyer, (mineurs | foyer.members("est_majeur_a_charge", period)) & foyer.members("invalide", period))


class enfants_en_alternance(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants à charge en résidence alternée (case 0CH)"
    documentation = "Si le nombre n'est pas donné : les mineurs à charge en résidence alternée."
    reference = "CGI, art. 194, I"

    def formula(foyer, period):
        return nombre(foyer, foyer.members("est_enfant_mineur_a_charge", period) & foyer.members("residence_alternee", period.get_subperiods(MONTH)[-1]))


class enfants_en_alternance_invalides(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants en résidence alternée invalides, parmi les enfants en résidence alternée (case 0CI)"
    documentation = "Si le nombre n'est pas donné : les enfants en résidence alternée qui ont la carte d'invalidité."
    reference = "CGI, art. 195, 2"

    def formula(foyer, period):
        alternes = foyer.members("est_enfant_mineur_a_charge", period) & foyer.members("residence_alternee", period.get_subperiods(MONTH)[-1])
        return nombre(foyer, alternes & foyer.members("invalide", period))


class enfants_majeurs_rattaches(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants majeurs célibataires rattachés (case 0DJ)"
    documentation = "Si le nombre n'est pas donné : les majeurs à charge qui n'ont pas dépassé l'âge du rattachement et ne sont pas invalides."
    reference = "CGI, art. 6, 3"

    def formula(foyer, period, parameters):
        jeunes = foyer.members("annee_naissance", period) >= period.start.year - parameters(period).impot_revenu.composition.age_rattachement
        return nombre(foyer, foyer.members("est_majeur_a_charge", period) & jeunes & ~foyer.members("invalide", period))


class autres_personnes_invalides(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Autres personnes invalides recueillies (case 0CR)"
    reference = "CGI, art. 196 A bis"
