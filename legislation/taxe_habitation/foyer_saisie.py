"""Ce que le programme sait des revenus des redevables d'une cote : un foyer fiscal par redevable, et celui des rattachés.

Les foyers des personnes rattachées comptent ensemble pour un seul, dont le revenu et les parts sont des sommes.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote, FoyerFiscal
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.nomenclatures_local import CompositionCote, TravailleurFrontalier
from legislation.taxe_habitation.parts import PART


def revenus_connus(foyer, annee):
    """Retourne si l'impôt sur le revenu de cette année sait quelque chose du foyer : un revenu, ou l'année de naissance de celui qui déclare.

    Sans cela, une table d'avis, qui ne dit rien des personnes, ferait de chaque redevable un célibataire sans revenu, qui ne paie rien.
    """
    return (foyer("revenu_fiscal_reference_annee", annee) > 0) | (foyer.declarant("annee_naissance", annee) != 0)


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
    documentation = "S'il n'est pas donné, depuis 2018 : celui de l'impôt de l'année précédente, s'il sait un revenu ou l'année de naissance du déclarant."
    reference = "CGI, art. 1417, IV"

    def formula_2018(foyer, period):
        revenu = arrondi(np.maximum(foyer("revenu_fiscal_reference_annee", period.last_year), 0.0))
        return np.where(revenus_connus(foyer, period.last_year), revenu, 0)


class nombre_parts_fiscales(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Nombre de parts de quotient familial, multiplié par 100 (0 : pas de déclaration de revenus)"
    documentation = "S'il n'est pas donné, depuis 2018 : celui de l'impôt de l'année précédente, s'il sait un revenu ou l'année de naissance du déclarant."
    reference = "CGI, art. 194"

    def formula_2018(foyer, period):
        return np.where(revenus_connus(foyer, period.last_year), arrondi(PART * foyer("nombre_parts", period.last_year)), 0)


class redevable_ifi(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Passible de l'impôt sur la fortune immobilière au titre de l'année précédente"
    documentation = "Il n'a droit ni au plafonnement, ni à l'allègement selon le revenu de l'article 1414 C (lu depuis 2018)."
    reference = "CGI, art. 1413 bis"


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
