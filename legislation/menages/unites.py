"""Les unités de consommation d'un ménage (échelle de l'OCDE modifiée)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Menage
from legislation.prestations.periodes import annee_de_la_naissance


class unites_de_consommation(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "unite_de_consommation"
    label = "Unités de consommation : 1, puis 0,5 par personne et 0,3 par enfant de moins de 14 ans"
    documentation = "L'âge est celui du 31 décembre. Un ménage sans personne en a zéro."
    reference = "Insee, définition de l'unité de consommation"

    def formula(menage, period, parameters):
        loi = parameters(period).menages.unites_de_consommation
        naissance = menage.members("annee_naissance", annee_de_la_naissance(menage, period.first_month))
        enfants = menage.sum(period.start.year - naissance < loi.age_limite)
        adultes = menage.nb_persons() - enfants
        premier = np.minimum(menage.nb_persons(), 1)
        # un ménage d'enfants a lui aussi une première personne
        autres = np.maximum(adultes - 1, 0)
        des_enfants = np.where(adultes > 0, enfants, np.maximum(enfants - 1, 0))
        return premier * loi.premier_adulte + autres * loi.autre_personne + des_enfants * loi.enfant
