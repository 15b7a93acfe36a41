"""Le net à payer de l'avis, et ce qu'un avis rectificatif y change."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.nomenclatures import Indicateur, Signe


class net_a_payer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Net à payer : taxe d'habitation et contribution à l'audiovisuel public"
    reference = "CGI, art. 1657 et 1605"

    def formula(cote, period):
        return cote("taxe_habitation_nette", period) + cote("net_audiovisuel", period)


class signe_regularisation(Variable):
    value_type = Enum
    possible_values = Signe
    default_value = Signe.vide
    entity = Cote
    definition_period = YEAR
    label = "Sens de la différence entre l'avis rectificatif et le premier avis"
    reference = "LPF, art. R*211-1"

    def formula(cote, period):
        return signe(cote("regularisation", period) == Indicateur.oui, cote("net_a_payer", period) - cote("net_a_payer_initial", period))


class montant_regularisation(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Différence entre l'avis rectificatif et le premier avis, sans son signe"
    reference = "LPF, art. R*211-1"

    def formula(cote, period):
        return ecart(cote("regularisation", period) == Indicateur.oui, cote("net_a_payer", period) - cote("net_a_payer_initial", period))


def signe(est_rectificatif, difference):
    """Retourne le sens d'une différence, vide si l'avis n'est pas rectificatif."""
    return np.select([~est_rectificatif, difference > 0, difference < 0], [Signe.vide, Signe.plus, Signe.moins], default=Signe.egal)


def ecart(est_rectificatif, difference):
    """Retourne une différence sans son signe, zéro si l'avis n'est pas rectificatif."""
    return np.where(est_rectificatif, np.abs(difference), 0)
