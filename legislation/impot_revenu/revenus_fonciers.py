"""Les revenus fonciers : le régime micro-foncier et le régime réel, déjà net (CGI, art. 28 à 32)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class revenus_fonciers(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus fonciers imposables, avant imputation du déficit sur le revenu global"
    documentation = "Au-delà de son plafond, le régime micro-foncier n'est pas ouvert : les loyers déclarés là sont imposés sans abattement."
    reference = "CGI, art. 28 à 32"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.revenus_fonciers
        loyers = foyer("loyers_micro_foncier", period)
        abattement = np.where(loyers <= loi.plafond_micro, arrondi(loi.abattement_micro * loyers), 0.0)
        return loyers - abattement + foyer("revenus_fonciers_nets", period)


class deficit_foncier_impute(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Déficit foncier imputé sur les revenus fonciers, puis sur le revenu global dans sa limite"
    documentation = "Ce qui reste attend les revenus fonciers des années suivantes."
    reference = "CGI, art. 156, I, 3°"

    def formula(foyer, period, parameters):
        limite = np.maximum(0.0, foyer("revenus_fonciers", period)) + parameters(period).impot_revenu.revenus_fonciers.deficit_imputable
        return np.minimum(foyer("deficit_foncier_imputable", period), limite)
