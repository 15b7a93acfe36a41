"""Les revenus de capitaux mobiliers et les plus-values mobilières : imposés au taux forfaitaire, ou au barème si le contribuable le demande (CGI, art. 200 A).

Au barème, les dividendes ont un abattement, et une fraction de la CSG déjà payée est déductible du revenu global.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class capitaux_au_bareme(Variable):
    value_type = bool
    default_value = True
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Les revenus de capitaux mobiliers sont soumis au barème : toujours avant 2018, ensuite si l'option est prise"
    reference = ["CGI, art. 200 A, 2", "Loi 2017-1837 du 30 décembre 2017, art. 28"]

    def formula_2018(foyer, period):
        return foyer("option_bareme", period)


class capitaux_mobiliers_bruts(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus de capitaux mobiliers, avant abattement"
    reference = "CGI, art. 108 et 125 A"

    def formula(foyer, period):
        return foyer("interets", period) + foyer("dividendes", period)


class capitaux_mobiliers_au_bareme(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus de capitaux mobiliers soumis au barème, nets de l'abattement"
    reference = ["CGI, art. 158, 3, 2°", "CGI, art. 200 A, 2"]

    def formula(foyer, period, parameters):
        dividendes = foyer("dividendes", period)
        abattement = arrondi(parameters(period).impot_revenu.capitaux_mobiliers.abattement_dividendes * dividendes)
        return np.where(foyer("capitaux_au_bareme", period), foyer("interets", period) + dividendes - abattement, 0.0)


class capitaux_mobiliers_au_taux_forfaitaire(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus de capitaux mobiliers soumis au taux forfaitaire"
    reference = "CGI, art. 200 A, 1"

    def formula(foyer, period):
        return np.where(foyer("capitaux_au_bareme", period), 0.0, foyer("capitaux_mobiliers_bruts", period))


class plus_values_au_bareme(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Plus-values de cession de valeurs mobilières soumises au barème"
    documentation = "Sans l'abattement pour durée de détention des titres acquis avant 2018."
    reference = ["CGI, art. 150-0 A", "CGI, art. 200 A, 2"]

    def formula(foyer, period):
        return np.where(foyer("capitaux_au_bareme", period), foyer("plus_values_mobilieres", period), 0.0)


class plus_values_au_taux_forfaitaire(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Plus-values de cession de valeurs mobilières soumises au taux forfaitaire"
    reference = ["CGI, art. 150-0 A", "CGI, art. 200 A, 1"]

    def formula(foyer, period):
        return foyer("plus_values_mobilieres", period) - foyer("plus_values_au_bareme", period)


class impot_proportionnel(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt au taux forfaitaire"
    reference = "CGI, art. 200 A, 1"

    def formula_2018(foyer, period, parameters):
        taux = parameters(period).impot_revenu.capitaux_mobiliers.taux_forfaitaire
        return arrondi(taux * (foyer("capitaux_mobiliers_au_taux_forfaitaire", period) + foyer("plus_values_au_taux_forfaitaire", period)))


class csg_deductible_capitaux(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "CSG déductible sur les revenus déjà soumis aux prélèvements sociaux, si l'option pour le barème est prise"
    documentation = "Elle ne porte pas sur plus que les revenus de capitaux mobiliers déclarés."
    reference = "CGI, art. 154 quinquies, II"

    def formula(foyer, period, parameters):
        base = np.minimum(foyer("capitaux_deja_preleves_csg_deductible", period), foyer("capitaux_mobiliers_bruts", period))
        deductible = arrondi(parameters(period).impot_revenu.capitaux_mobiliers.csg_deductible * base)
        return np.where(foyer("capitaux_au_bareme", period), deductible, 0.0)
