"""Les prestations d'une famille, ensemble, et la CRDS retenue sur elles."""

from __future__ import annotations

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille
from legislation.prestations.arrondis import au_centime_inferieur

SOUMISES_A_LA_CRDS = (
    "allocations_familiales",
    "complement_familial",
    "allocation_rentree_scolaire",
    "allocation_soutien_familial",
    "paje_allocation_base",
    "paje_prime_naissance",
    "prime_activite",
)
"""Ordonnance 96-50 du 24 janvier 1996, art. 14 ; le revenu de solidarité active en est exempt."""


class prestations_familiales(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Prestations familiales, avant CRDS"
    reference = "CSS, art. L511-1"

    def formula(famille, period):
        return sum(famille(nom, period) for nom in SOUMISES_A_LA_CRDS if nom != "prime_activite")


class crds_prestations(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "CRDS retenue sur les prestations familiales et la prime d'activité, sur chacune au centime inférieur"
    reference = "Ordonnance 96-50 du 24 janvier 1996, art. 14 et 19"

    def formula(famille, period, parameters):
        taux = parameters(period).prestations.crds
        return sum(au_centime_inferieur(taux * famille(nom, period)) for nom in SOUMISES_A_LA_CRDS)


class prestations_nettes(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Prestations familiales, RSA, prime d'activité, allocations des personnes âgées et des adultes handicapés, nettes de CRDS"
    reference = ["CSS, art. L511-1", "CASF, art. L262-2", "CSS, art. L842-3", "CSS, art. L815-1", "CSS, art. L821-1"]

    def formula(famille, period):
        brutes = famille("prestations_familiales", period) + famille("rsa", period) + famille("prime_activite", period)
        minima = famille("aspa", period) + famille.sum(famille.members("aah_et_majorations", period))
        return brutes + minima - famille("crds_prestations", period)
