"""L'impôt net : ce qui reste après réductions et crédits, ou ce qui est restitué (CGI, art. 1657)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi
from legislation.impot_revenu.impot_brut import POUR_CENT


class impot_apres_reductions(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt après réductions et impôt proportionnel, avant crédits"
    reference = "CGI, art. 197, I, 5"

    def formula(foyer, period):
        return foyer("impot_apres_decote", period) - foyer("reductions_impot", period)


class impot_avant_credits(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt du barème et impôt au taux forfaitaire, après réductions et avant crédits"
    documentation = "L'excédent des avantages fiscaux sur leur plafond global s'y ajoute."
    reference = "CGI, art. 197, I, 5, 200 A et 200-0 A"

    def formula(foyer, period):
        impots = foyer("impot_apres_reductions", period) + foyer("impot_proportionnel", period)
        return impots + foyer("excedent_avantages_plafonnes", period)


class impot_et_contribution_avant_credits(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt et contribution sur les hauts revenus, avant crédits"
    reference = "CGI, art. 197, I, 5, 200 A, 223 sexies et 224"

    def formula(foyer, period):
        return foyer("impot_avant_credits", period) + foyer("contributions_hauts_revenus", period)


class solde_impot(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt sur le revenu moins les crédits ; négatif si les crédits l'excèdent"
    reference = "CGI, art. 197, I, 5 et 200 A"

    def formula(foyer, period):
        return foyer("impot_avant_credits", period) - foyer("credits_impot", period)


class impot_net(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt sur le revenu net, avant les seuils de mise en recouvrement"
    reference = "CGI, art. 197, I, 5"

    def formula(foyer, period):
        return np.maximum(0.0, foyer("solde_impot", period))


class impot_et_contribution_nets(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt net et contribution sur les hauts revenus, avant les seuils de mise en recouvrement"
    reference = "CGI, art. 197, I, 5, 223 sexies et 224"

    def formula(foyer, period):
        return np.maximum(0.0, foyer("solde_impot", period) + foyer("contributions_hauts_revenus", period))


class taux_moyen(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "percent"
    label = "Taux moyen d'imposition, en pourcentage à deux décimales, tel que l'avis l'affiche"
    documentation = (
        "L'impôt et la contribution, avant l'imputation du prélèvement forfaitaire déjà versé, rapportés au revenu net global où l'abattement sur les"
        " pensions, celui sur les dividendes et les revenus taxés au taux forfaitaire sont rétablis. Zéro si rien n'est mis en recouvrement, ou au-delà"
        " du taux de la dernière tranche."
    )
    reference = "CGI, art. 197, I, 1"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu
        nets = foyer("impot_et_contribution_nets", period)
        impot = POUR_CENT * (nets + foyer("credit_prelevement_forfaitaire", period))
        restitues = foyer("capitaux_mobiliers_bruts", period) - foyer("capitaux_mobiliers_au_bareme", period)
        capitaux = restitues + foyer("plus_values_au_taux_forfaitaire", period)
        revenu = foyer("revenu_net_global", period) + foyer("abattement_pensions", period) + capitaux
        taux = arrondi(POUR_CENT * impot / np.maximum(revenu, 1.0)) / POUR_CENT
        recouvre = (foyer("impot_et_contribution_avant_credits", period) >= loi.recouvrement.avant_credits) & (foyer("impot_a_payer", period) > 0)
        return np.where(recouvre & (nets > 0) & (taux <= POUR_CENT * loi.bareme.rates[-1]), taux, 0.0)


class prelevements_sociaux_recouvres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvements sociaux mis en recouvrement : aucun au-dessous du seuil"
    reference = "CGI, art. 1657, 1 bis"

    def formula(foyer, period, parameters):
        du = foyer("csg_crds_patrimoine", period) + foyer("prelevement_solidarite", period) + foyer("prelevement_social", period)
        return np.where(du < parameters(period).impot_revenu.recouvrement.avant_credits, 0.0, du)


class solde_recouvre(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Solde de l'impôt, de la contribution et des prélèvements sociaux ; négatif s'il est restitué"
    documentation = "Un impôt qui n'atteint pas le seuil avant crédits n'est pas mis en recouvrement ; les crédits restent dus."
    reference = "CGI, art. 1657, 1 bis"

    def formula(foyer, period, parameters):
        solde = foyer("solde_impot", period) + foyer("contributions_hauts_revenus", period)
        faible = foyer("impot_et_contribution_avant_credits", period) < parameters(period).impot_revenu.recouvrement.avant_credits
        return np.where(faible, np.minimum(solde, 0.0), solde) + foyer("prelevements_sociaux_recouvres", period)


class impot_a_payer(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Montant à payer : impôt, contribution et prélèvements sociaux, après les seuils de mise en recouvrement"
    reference = "CGI, art. 1657, 1 bis"

    def formula(foyer, period, parameters):
        solde = foyer("solde_recouvre", period)
        return np.where(solde < parameters(period).impot_revenu.recouvrement.apres_credits, 0.0, solde)


class restitution(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédits d'impôt restitués, après imputation sur la contribution des hauts revenus et les prélèvements sociaux"
    reference = "CGI, art. 199 quater C, 199 sexdecies et 200 quater B"

    def formula(foyer, period):
        return np.maximum(0.0, -foyer("solde_recouvre", period))


class restitution_versee(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Restitution versée : aucune au-dessous du seuil"
    documentation = "Le programme officiel donne la restitution sans ce seuil ; l'administration l'applique au versement."
    reference = "CGI, art. 1965 L"

    def formula(foyer, period, parameters):
        montant = foyer("restitution", period)
        return np.where(montant < parameters(period).impot_revenu.recouvrement.restitution, 0.0, montant)
