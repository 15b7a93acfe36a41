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
    documentation = (
        "Un revenu exceptionnel est lissé si les revenus fiscaux de référence des deux années précédentes sont connus, n'ont pas dépassé le premier seuil,"
        " et si celui de l'année est au moins d'une fois et demie leur moyenne : ce qui excède cette moyenne est divisé par deux, et la contribution doublée."
    )
    reference = "CGI, art. 223 sexies"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.contribution_hauts_revenus
        commune = foyer("imposition_commune", period)
        revenu = foyer("revenu_fiscal_reference_annee", period)
        avant, encore_avant = foyer("revenu_fiscal_reference_un_an_avant", period), foyer("revenu_fiscal_reference_deux_ans_avant", period)
        seuil = np.where(commune, loi.couple.thresholds[1], loi.personne_seule.thresholds[1])
        moyenne = (avant + encore_avant) / 2
        modestes = (avant >= 0) & (encore_avant >= 0) & (avant <= seuil) & (encore_avant <= seuil)
        lisse = modestes & (revenu >= loi.lissage.rapport_minimal * moyenne)
        quotient = loi.lissage.quotient
        base = np.where(lisse, moyenne + (revenu - moyenne) / quotient, revenu)
        contribution = np.where(commune, loi.couple.calc(base), loi.personne_seule.calc(base))
        return arrondi(np.where(lisse, quotient, 1) * contribution)


class contribution_differentielle_hauts_revenus(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Contribution différentielle sur les hauts revenus, qui porte l'imposition à un taux minimal"
    documentation = (
        "Le revenu retenu est le revenu fiscal de référence, sans ses retraitements ni le quotient des revenus exceptionnels ; l'impôt retenu est celui"
        " d'avant les crédits, après les réductions. L'acompte de décembre n'est pas distingué."
    )
    reference = ["CGI, art. 224", "Loi 2025-127 du 14 février 2025 de finances pour 2025, art. 10"]

    def formula_2025(foyer, period, parameters):
        loi = parameters(period).impot_revenu.contribution_differentielle
        commune = foyer("imposition_commune", period)
        revenu = foyer("revenu_fiscal_reference_annee", period)
        seuil = np.where(commune, loi.seuil_couple, loi.seuil_personne_seule)
        entree = np.where(commune, loi.fin_decote_couple, loi.fin_decote_personne_seule)
        progressif = np.where(revenu <= entree, np.maximum(0.0, loi.taux_decote * (revenu - seuil)), np.inf)
        minimal = np.minimum(loi.taux * revenu, progressif)
        charges = foyer("charges_exclusives", period) + foyer("enfants_en_alternance", period) / 2
        impots = foyer("impot_avant_credits", period) + foyer("contribution_hauts_revenus", period)
        retenus = impots + np.where(commune, loi.majoration_couple, 0.0) + loi.majoration_personne_a_charge * charges
        return np.where(revenu > seuil, arrondi(np.maximum(0.0, minimal - retenus)), 0.0)


class contributions_hauts_revenus(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Contributions sur les hauts revenus, exceptionnelle et différentielle"
    reference = ["CGI, art. 223 sexies", "CGI, art. 224"]

    def formula(foyer, period):
        return foyer("contribution_hauts_revenus", period) + foyer("contribution_differentielle_hauts_revenus", period)


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
        fonciers = np.maximum(0.0, foyer("revenus_fonciers", period) - foyer("deficit_foncier_imputable", period))
        return capitaux + fonciers + foyer("locations_meublees_du_foyer", period)


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
