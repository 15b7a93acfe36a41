"""La réduction du dégrèvement qui vient de la hausse des taux depuis 2000 (CGI, art. 1414 A, III, 1).

L'État ne compense pas la hausse des taux votés depuis 2000 : le dégrèvement est réduit de la base par l'écart entre le taux
global de l'année et celui de 2000.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Commune, Cote
from legislation.taxe_habitation.arrondis import EPSILON, arrondi, arrondi_decimal
from legislation.taxe_habitation.commune_saisie import DECIMALES_DU_TAUX

REFERENCE = "CGI, art. 1414 A, III, 1"


def hausse_du_taux(taux_global, ancien_taux):
    """Retourne la hausse du taux global, arrondi comme les taux votés, depuis un ancien taux ; zéro s'il a baissé."""
    taux = arrondi_decimal(taux_global, DECIMALES_DU_TAUX) + EPSILON
    return np.where(taux < ancien_taux, 0.0, taux - ancien_taux)


class somme_des_taux(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Somme des taux votés par toutes les autorités qui perçoivent la taxe"
    reference = REFERENCE

    def formula(commune, period):
        return (
            commune("taux_commune", period)
            + commune("taux_syndicat", period)
            + commune("taux_tse", period)
            + commune("taux_epci", period)
            + commune("taux_autres_tse", period)
            + commune("taux_gemapi", period)
        )


class hausse_taux_global(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Hausse du taux global depuis 2000"
    reference = REFERENCE

    def formula(commune, period):
        return hausse_du_taux(commune("somme_des_taux", period), commune("taux_global_2000", period))


class hausse_taux_global_logement_social(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Hausse du taux global depuis 2000, sans les taxes dont les logements sociaux sont exonérés"
    reference = REFERENCE

    def formula(commune, period):
        taux_global = commune("taux_commune", period) + commune("taux_syndicat", period) + commune("taux_epci", period)
        return hausse_du_taux(taux_global, commune("taux_global_2000", period))


class hausse_taux_applicable(Variable):
    value_type = float
    entity = Cote
    definition_period = YEAR
    unit = "/1"
    label = "Hausse du taux global depuis 2000, pour la cote"
    reference = REFERENCE

    def formula(cote, period):
        hausse, hausse_logement_social = cote.commune("hausse_taux_global", period), cote.commune("hausse_taux_global_logement_social", period)
        return np.where(cote("est_logement_social", period), hausse_logement_social, hausse)


def plus_petite_base(base, autre):
    """Retourne la plus petite des deux bases, ou l'autre si elle est nulle."""
    plus_petite = np.minimum(base, autre)
    return np.where(plus_petite == 0, np.maximum(base, autre), plus_petite)


def _reduction(cote, period, base_commune, base_epci):
    """Retourne la réduction sur la plus petite base non nulle ; celle du département, qui n'est plus imposée, ne sert qu'ici."""
    base = plus_petite_base(plus_petite_base(base_commune, base_epci), cote("base_imposable_departement", period))
    return arrondi((base - cote("valeur_locative_brute_secondaire", period)) * cote("hausse_taux_applicable", period))


class reduction_taux(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction théorique du dégrèvement, due à la hausse des taux depuis 2000"
    reference = REFERENCE

    def formula(cote, period):
        concernee = cote("est_habitation_principale", period) | cote("est_dependance_isolee", period)
        reduction = _reduction(cote, period, cote("base_imposable_commune", period), cote("base_imposable_epci", period))
        return np.where(concernee, reduction, 0)


class reduction_taux_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction théorique du dégrèvement, due à la hausse des taux depuis 2000, sur les abattements de 2003"
    reference = ["CGI, art. 1414 A, III, 1", "CGI, art. 1414 A, III, 2"]

    def formula(cote, period):
        reduction = _reduction(cote, period, cote("base_imposable_commune_2003", period), cote("base_imposable_epci_2003", period))
        return np.where(cote("seconde_liquidation_faite", period), reduction, 0)
