"""Les bénéfices des professions non salariées et les plus-values mobilières, déclarés nets.

Les premiers entrent dans le revenu brut global ; les secondes suivent les revenus de capitaux : taux forfaitaire, ou barème si
l'option est prise (CGI, art. 200 A).
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal, Individu


class benefices_non_salaries(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices industriels et commerciaux, non commerciaux et agricoles, nets des abattements du régime choisi"
    documentation = "Sans le quotient ni les exonérations particulières ; une perte est négative."
    reference = ["CGI, art. 34", "CGI, art. 63", "CGI, art. 92"]


class plus_values_mobilieres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Plus-values nettes de cession de valeurs mobilières (case 3VG)"
    documentation = "Sans les abattements pour durée de détention des titres acquis avant 2018."
    reference = ["CGI, art. 150-0 A", "CGI, art. 200 A"]


class plus_values_au_bareme(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Plus-values mobilières soumises au barème"
    reference = "CGI, art. 200 A, 2"

    def formula(foyer, period):
        return np.where(foyer("capitaux_au_bareme", period), foyer("plus_values_mobilieres", period), 0.0)
