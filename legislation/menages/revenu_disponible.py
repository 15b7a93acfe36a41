"""Le revenu disponible d'un ménage : revenus nets et prestations, moins les impôts directs et les pensions versées.

L'impôt est celui des revenus de l'année, que la retenue à la source prélève dans l'année même ; la taxe d'habitation, celle de l'année.
"""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import ADD, Variable
from legislation.entites import Famille, FoyerFiscal, Individu, Local, Menage


class revenus_nets_de_la_personne(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Salaires, bénéfices, allocations de chômage et pensions d'une personne, nets des cotisations et contributions sociales"
    documentation = "Les bénéfices, les rémunérations des gérants et les pensions d'invalidité sont comptés tels que déclarés."
    reference = "Insee, définition du revenu disponible"

    def formula(individu, period):
        mensuels = sum(individu(nom, period, options=[ADD]) for nom in ("salaire_net", "chomage_net", "retraite_nette"))
        pensions = individu("pensions_invalidite", period) + individu("pensions_alimentaires_percues", period)
        return mensuels + pensions + individu("benefices_nets", period) + individu("remunerations_gerants", period)


class revenus_du_patrimoine(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Intérêts, dividendes, plus-values et loyers, avant les prélèvements sociaux"
    documentation = "Avec les plus-values, dont l'impôt est déduit, quand l'Insee les laisse de côté ; les loyers du micro-foncier sont bruts, les autres nets."
    reference = "Insee, définition du revenu disponible"

    def formula(foyer, period):
        capitaux = foyer("interets", period) + foyer("dividendes", period) + foyer("plus_values_mobilieres", period)
        return capitaux + foyer("loyers_micro_foncier", period) + foyer("revenus_fonciers_nets", period) - foyer("deficit_foncier_imputable", period)


class prelevements_a_la_source_sur_les_capitaux(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvements sociaux et prélèvement forfaitaire déjà retenus sur les revenus de capitaux"
    reference = ["CSS, art. L136-7", "CGI, art. 117 quater, 125 A et 235 ter"]

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.prelevements_sociaux
        taux = loi.csg + loi.crds + loi.solidarite + loi.prelevement_social + loi.contribution_additionnelle
        return retenues(foyer, period, taux)

    def formula_2018(foyer, period, parameters):
        loi = parameters(period).impot_revenu.prelevements_sociaux
        return retenues(foyer, period, loi.csg + loi.crds + loi.solidarite)


def retenues(foyer, period, taux):
    """Retourne ce qui a déjà été retenu sur les revenus de capitaux, au taux des prélèvements sociaux et au taux forfaitaire."""
    deja = foyer("capitaux_deja_preleves", period) + foyer("capitaux_deja_preleves_csg_deductible", period)
    return taux * deja + foyer("prelevement_forfaitaire_non_liberatoire", period)


class impots_et_pensions_du_foyer(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt sur le revenu, contribution sur les hauts revenus, prélèvements sociaux et pensions versées, moins les restitutions"
    reference = ["CGI, art. 1657", "Insee, définition du revenu disponible"]

    def formula(foyer, period):
        impots = foyer("impot_a_payer", period) - foyer("restitution", period) + foyer("prelevements_a_la_source_sur_les_capitaux", period)
        aux_enfants = foyer("pension_enfant_majeur", period) + foyer("pension_enfant_majeur_jugement_2006", period)
        return impots + aux_enfants + foyer("autres_pensions_versees", period)


class taxe_habitation_du_local(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Taxe d'habitation et contribution à l'audiovisuel public des cotes d'un local"
    reference = "CGI, art. 1407 et 1605"

    def formula(local, period):
        return local.sum(local.cote("net_a_payer", period)).astype(float)


class prestations_de_la_famille(Variable):
    value_type = float
    entity = Famille
    definition_period = YEAR
    unit = "currency"
    label = "Prestations de l'année, nettes de CRDS, aides au logement comprises si elles sont données ou calculées"
    reference = "Insee, définition du revenu disponible"

    def formula(famille, period):
        return famille("prestations_nettes", period, options=[ADD]) + famille("aides_au_logement", period, options=[ADD])


class revenu_disponible(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "currency"
    label = "Revenu disponible du ménage"
    documentation = "Les montants d'un foyer fiscal sont ceux du ménage de son premier déclarant ; ceux d'une famille, du ménage de l'allocataire."
    reference = "Insee, définition du revenu disponible"

    def formula(menage, period):
        membres = menage.members
        foyer = membres.foyer_fiscal
        du_foyer = foyer("revenus_du_patrimoine", period) - foyer("impots_et_pensions_du_foyer", period)
        des_foyers = menage.sum(du_foyer * membres.has_role(FoyerFiscal.DECLARANT))
        des_familles = menage.sum(membres.famille("prestations_de_la_famille", period) * membres.has_role(Famille.DEMANDEUR))
        propres = menage.sum(membres("revenus_nets_de_la_personne", period))
        return propres + des_foyers + des_familles - menage.local("taxe_habitation_du_local", period)


class niveau_de_vie(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "currency"
    label = "Niveau de vie : revenu disponible par unité de consommation"
    reference = "Insee, définition du niveau de vie"

    def formula(menage, period):
        unites = menage("unites_de_consommation", period)
        return (unites > 0) * menage("revenu_disponible", period) / ((unites > 0) * unites + (unites <= 0))


class revenu_fiscal_de_reference_du_menage(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence des foyers fiscaux du ménage"
    reference = "CGI, art. 1417, IV"

    def formula(menage, period):
        membres = menage.members
        return menage.sum(membres.foyer_fiscal("revenu_fiscal_reference_annee", period) * membres.has_role(FoyerFiscal.DECLARANT))
