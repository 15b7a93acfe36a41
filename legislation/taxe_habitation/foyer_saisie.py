"""Ce que le programme sait des revenus des redevables d'une cote : un foyer fiscal par redevable, et celui des rattachés.

Les foyers des personnes rattachées comptent ensemble pour un seul, dont le revenu et les parts sont des sommes.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote, FoyerFiscal
from legislation.taxe_habitation.nomenclatures_local import CompositionCote, TravailleurFrontalier


class composition_cote(Variable):
    value_type = Enum
    possible_values = CompositionCote
    default_value = CompositionCote.simple
    entity = Cote
    definition_period = YEAR
    label = "Au nom de qui la cote est établie : un redevable, deux redevables imposés séparément, ou un rattaché"
    documentation = "Si rien n'est donné, elle est conjointe là où un foyer y est second redevable."
    reference = "CGI, art. 1417, IV"

    def formula(cote, period):
        del period
        return np.where(cote.nb_persons(Cote.SECOND_REDEVABLE) > 0, CompositionCote.conjointe, CompositionCote.simple)


class revenu_fiscal_reference(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'année précédente"
    reference = "CGI, art. 1417, IV"


class nombre_parts_fiscales(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Nombre de parts de quotient familial, multiplié par 100 (0 : pas de déclaration de revenus)"
    reference = "CGI, art. 194"


class travailleur_frontalier(Variable):
    value_type = Enum
    possible_values = TravailleurFrontalier
    default_value = TravailleurFrontalier.vide
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Revenus de travailleur frontalier (case 8ZK de la déclaration de revenus)"
    reference = "CGI, art. 1417, IV"


class annee_revenus(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Année des revenus (0 : inconnue)"
    documentation = "Si elle n'est pas donnée, l'année précédente."
    reference = "CGI, art. 1417, IV"

    def formula(foyer, period):
        del foyer
        return period.start.year - 1
