"""Les revenus fonciers : le régime micro-foncier et le régime réel, déjà net (CGI, art. 28 à 32)."""

from __future__ import annotations

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
    reference = "CGI, art. 28 à 32"

    def formula(foyer, period, parameters):
        loyers = foyer("loyers_micro_foncier", period)
        micro = loyers - arrondi(parameters(period).impot_revenu.revenus_fonciers.abattement_micro * loyers)
        return micro + foyer("revenus_fonciers_nets", period)
