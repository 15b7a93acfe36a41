"""Qui demande les prestations auxquelles il a droit : le droit à elles n'en dépend pas, mais ce qui est versé en dépend.

Les formules des prestations donnent le droit. Ces colonnes disent, dans une population, quelles familles le demandent ; une somme
versée est le droit de celles-là. Les aides au logement, elles, regardent si le RSA est perçu.
"""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Famille


class recours_rsa(Variable):
    value_type = bool
    default_value = True
    entity = Famille
    definition_period = YEAR
    label = "Demande le revenu de solidarité active si elle y a droit"
    reference = "DREES, Mesurer régulièrement le non-recours au RSA et à la prime d'activité, Les Dossiers de la DREES 92, 2022"


class recours_prime_activite(Variable):
    value_type = bool
    default_value = True
    entity = Famille
    definition_period = YEAR
    label = "Demande la prime d'activité si elle y a droit"
    reference = "DGCS, Rapport d'évaluation de la prime d'activité, 2017"


class recours_aspa(Variable):
    value_type = bool
    default_value = True
    entity = Famille
    definition_period = YEAR
    label = "Demande l'allocation de solidarité aux personnes âgées si elle y a droit"
    documentation = "Si une population ne le dit pas, comme pour le revenu de solidarité active."
    reference = "DREES, Le non-recours au minimum vieillesse des personnes seules, Les Dossiers de la DREES 97, 2022"

    def formula(famille, period):
        return famille("recours_rsa", period)
