"""Du revenu brut global au revenu imposable, et au revenu fiscal de référence (CGI, art. 156, 157 bis et 1417, IV)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class revenu_brut_global(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu brut global, négatif si les déficits excèdent les revenus"
    reference = "CGI, art. 156"

    def formula(foyer, period):
        capitaux = foyer("capitaux_mobiliers_au_bareme", period) + foyer("plus_values_au_bareme", period)
        fonciers = foyer("revenus_fonciers", period) - foyer("deficit_foncier_impute", period)
        return foyer("salaires_pensions_nets", period) + foyer("benefices_nets_du_foyer", period) + capitaux + fonciers


class pensions_alimentaires_deductibles(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Pensions alimentaires déductibles"
    documentation = "Celle qu'une décision de justice antérieure à 2006 fixe est majorée, dans la même limite."
    reference = ["CGI, art. 156, II, 2°", "Loi 2005-1719 du 30 décembre 2005, art. 76"]

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.charges
        ancienne = arrondi(loi.majoration_jugement_2006 * foyer("pension_enfant_majeur_jugement_2006", period))
        majeurs = np.minimum(foyer("pension_enfant_majeur", period), loi.pension_enfant_majeur) + np.minimum(ancienne, loi.pension_enfant_majeur)
        return majeurs + foyer("autres_pensions_versees", period)


class csg_deductible_totale(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "CSG déductible du revenu global, dans la limite de celui-ci"
    reference = "CGI, art. 154 quinquies, II"

    def formula(foyer, period):
        csg = foyer("csg_deductible_patrimoine", period) + foyer("csg_deductible_capitaux", period)
        return np.minimum(csg, np.maximum(0.0, foyer("revenu_brut_global", period)))


class revenu_net_global(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu net global"
    reference = "CGI, art. 156, II"

    def formula(foyer, period):
        return np.maximum(
            0.0, foyer("revenu_brut_global", period) - foyer("csg_deductible_totale", period) - foyer("pensions_alimentaires_deductibles", period)
        )


class beneficiaires_abattement_age(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Nombre de déclarants âgés ou invalides"
    reference = "CGI, art. 157 bis"

    def formula(foyer, period):
        declarant = foyer.declarant("est_age", period) | foyer.declarant("invalide", period)
        conjoint = foyer.conjoint("est_age", period) | foyer.conjoint("invalide", period)
        return declarant.astype(np.int64) + (foyer("imposition_commune", period) & conjoint)


class abattement_age_invalidite(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Abattement des personnes âgées ou invalides"
    reference = "CGI, art. 157 bis"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.abattements
        revenu = foyer("revenu_net_global", period)
        par_personne = np.where(revenu <= loi.plafond_double, loi.montant_double, np.where(revenu <= loi.plafond_simple, loi.montant_simple, 0.0))
        return np.minimum(revenu, foyer("beneficiaires_abattement_age", period) * par_personne)


class revenu_imposable(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu net imposable au barème"
    reference = "CGI, art. 156, 157 et 157 bis"

    def formula(foyer, period):
        return foyer("revenu_net_global", period) - foyer("abattement_age_invalidite", period)


class revenu_fiscal_reference_annee(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'année des revenus"
    documentation = "Les revenus taxés au taux forfaitaire, et l'abattement sur les dividendes, y sont rétablis."
    reference = "CGI, art. 1417, IV, 1°"

    def formula(foyer, period):
        bruts = foyer("capitaux_mobiliers_bruts", period)
        restitues = bruts - foyer("capitaux_mobiliers_au_bareme", period) + foyer("plus_values_au_taux_forfaitaire", period)
        return foyer("revenu_imposable", period) + restitues
