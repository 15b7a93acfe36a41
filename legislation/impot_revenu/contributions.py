"""La contribution sur les hauts revenus et les prélèvements sociaux sur les revenus du patrimoine et les produits de placement."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class contribution_hauts_revenus(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Contribution exceptionnelle sur les hauts revenus"
    documentation = "Sans le lissage des revenus exceptionnels, qui demande les revenus des deux années précédentes."
    reference = "CGI, art. 223 sexies"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.contribution_hauts_revenus
        revenu = foyer("revenu_fiscal_reference_annee", period)
        return arrondi(np.where(foyer("imposition_commune", period), loi.couple.calc(revenu), loi.personne_seule.calc(revenu)))


class assiette_prelevements_sociaux(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus de capitaux et revenus fonciers que les prélèvements sociaux n'ont pas encore atteints"
    reference = "CSS, art. L136-6 et L136-7"

    def formula(foyer, period):
        deja = foyer("capitaux_deja_preleves", period) + foyer("capitaux_deja_preleves_csg_deductible", period)
        capitaux = np.maximum(0.0, foyer("capitaux_mobiliers_bruts", period) - deja) + foyer("plus_values_mobilieres", period)
        return capitaux + foyer("revenus_fonciers", period)


class csg_crds_patrimoine(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "CSG et CRDS sur les revenus du patrimoine, ensemble"
    reference = ["CSS, art. L136-8, I, 2°", "Ordonnance 96-50 du 24 janvier 1996, art. 15, 16 et 19"]

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.prelevements_sociaux
        return arrondi((loi.csg + loi.crds) * foyer("assiette_prelevements_sociaux", period))


class prelevement_solidarite(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement de solidarité sur les revenus du patrimoine"
    reference = "CGI, art. 235 ter"

    def formula(foyer, period, parameters):
        return arrondi(parameters(period).impot_revenu.prelevements_sociaux.solidarite * foyer("assiette_prelevements_sociaux", period))


class prelevement_social(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement social et sa contribution additionnelle sur les revenus du patrimoine"
    reference = ["CSS, art. L245-14 à L245-16", "CASF, art. L14-10-4, 2°", "Loi 2018-1203 du 22 décembre 2018, art. 26"]
    end = "2017-12-31"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.prelevements_sociaux
        return arrondi((loi.prelevement_social + loi.contribution_additionnelle) * foyer("assiette_prelevements_sociaux", period))
