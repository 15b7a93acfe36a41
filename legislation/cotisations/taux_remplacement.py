"""Le taux de la CSG sur les revenus de remplacement, d'après le revenu fiscal de référence (RFR) de l'avant-dernière année.

Les contributions de l'année N dépendent du RFR de N-2, qui dépend des pensions de N-2 nettes de la CSG déductible, donc du
RFR de N-4, et ainsi de suite. Cette chaîne est coupée dès son premier maillon : `rfr_avant_derniere_annee` est une entrée, et
si elle n'est pas donnée, c'est une estimation d'après les revenus du foyer de l'année N elle-même. L'estimation compte
allocations et pensions brutes, moins la CSG déductible au taux normal : elle ne lit aucune contribution qui dépende d'elle.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH, YEAR
from engine.variables import ADD, Enum, Variable, set_input_dispatch_by_period
from legislation.entites import FoyerFiscal, Individu


class TauxCsgRemplacement(Enum):
    exonere = "Exonération"
    reduit = "Taux réduit"
    median = "Taux médian"
    normal = "Taux normal"


class remplacement_estime(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Estimation des salaires et pensions d'une personne, nets de frais, avant l'abattement maximal du foyer"
    reference = "CGI, art. 83, 3° et 158, 5, a"

    def formula(individu, period, parameters):
        csg, deductions = parameters(period).cotisations.csg, parameters(period).impot_revenu.deductions
        chomage = (1 - csg.chomage.deductible.normal) * individu("chomage_brut", period, options=[ADD])
        activite = individu("salaires", period) + chomage + individu("remunerations_gerants", period)
        forfait = np.minimum(np.minimum(np.maximum(deductions.salaires.taux * activite, deductions.salaires.minimum), deductions.salaires.maximum), activite)
        return activite - np.maximum(forfait, individu("frais_professionnels_reels", period))


class pensions_estimees(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Estimation des pensions d'une personne, avant abattement"
    reference = "CGI, art. 158, 5, a"

    def formula(individu, period, parameters):
        csg = parameters(period).cotisations.csg.retraites
        autres = individu("pensions_invalidite", period) + individu("pensions_alimentaires_percues", period)
        return (1 - csg.deductible.normal) * individu("retraite_brute", period, options=[ADD]) + autres


class rfr_estime(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence, estimé d'après les revenus bruts de l'année"
    reference = "CGI, art. 1417, IV, 1°"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu
        pensions = foyer.members("pensions_estimees", period)
        abattement = np.minimum(np.maximum(loi.deductions.pensions.taux * pensions, loi.deductions.pensions.minimum), pensions)
        pensions_nettes = foyer.sum(pensions) - np.minimum(foyer.sum(abattement), loi.deductions.pensions.maximum)
        patrimoine = foyer("capitaux_mobiliers_bruts", period) + foyer("revenus_fonciers", period) - foyer("deficit_foncier_imputable", period)
        charges = foyer("csg_deductible_patrimoine", period) + foyer("csg_deductible_capitaux", period) + foyer("pensions_alimentaires_deductibles", period)
        net = np.maximum(0.0, foyer.sum(foyer.members("remplacement_estime", period)) + pensions_nettes + patrimoine - charges)
        montant = np.where(net <= loi.abattements.plafond_double, loi.abattements.montant_double, loi.abattements.montant_simple)
        montant = np.where(net <= loi.abattements.plafond_simple, montant, 0.0)
        return np.maximum(0.0, net - foyer("beneficiaires_abattement_age", period) * montant)


class rfr_avant_derniere_annee(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'avant-dernière année ; s'il n'est pas donné, estimé d'après les revenus de l'année"
    reference = "CSS, art. L136-8, III"

    def formula(foyer, period):
        return foyer("rfr_estime", period)


class rfr_antepenultieme_annee(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'année qui précède l'avant-dernière ; s'il n'est pas donné, celui de l'avant-dernière"
    reference = "CSS, art. L136-8, III, 2°"

    def formula(foyer, period):
        return foyer("rfr_avant_derniere_annee", period)


class parts_avant_derniere_annee(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Parts de quotient familial de l'avant-dernière année ; si elles ne sont pas données, celles de l'année"
    reference = "CSS, art. L136-8, III"

    def formula(foyer, period):
        return foyer("nombre_parts", period)


class taux_csg_foyer(Variable):
    value_type = Enum
    possible_values = TauxCsgRemplacement
    default_value = TauxCsgRemplacement.normal
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Taux de la CSG sur les revenus de remplacement du foyer"
    documentation = (
        "Depuis 2019, le taux réduit reste dû si le seuil du taux médian n'est atteint que pour une des deux dernières années de référence. "
        "Le taux médian existe depuis 2019."
    )
    reference = ["CSS, art. L136-8, II, III et III bis", "Loi 2018-1203 du 22 décembre 2018, art. 14", "Loi 2018-1213 du 24 décembre 2018, art. 3"]

    def formula_2017(foyer, period, parameters):
        rfr = foyer("rfr_avant_derniere_annee", period)
        exonere, reduit = (rfr <= _seuil(foyer, period, parameters, "exoneration")), (rfr < _seuil(foyer, period, parameters, "taux_reduit"))
        return np.select([exonere, reduit], [TauxCsgRemplacement.exonere, TauxCsgRemplacement.reduit], TauxCsgRemplacement.normal)

    def formula_2019(foyer, period, parameters):
        rfr, precedent = foyer("rfr_avant_derniere_annee", period), foyer("rfr_antepenultieme_annee", period)
        seuil = _seuil(foyer, period, parameters, "taux_reduit")
        exonere = rfr <= _seuil(foyer, period, parameters, "exoneration")
        median = rfr < _seuil(foyer, period, parameters, "taux_median")
        reduit = (rfr < seuil) | (precedent < seuil)
        taux = [TauxCsgRemplacement.exonere, TauxCsgRemplacement.reduit, TauxCsgRemplacement.median]
        return np.select([exonere, reduit, median], taux, TauxCsgRemplacement.normal)


def _seuil(foyer, period, parameters, nom):
    """Retourne le seuil du foyer : la première part, la première demi-part en sus, et les suivantes, selon son territoire."""
    seuils = parameters(period).cotisations.seuils_csg[nom][foyer("territoire", period)]
    demi_parts = np.maximum(0.0, 2 * (foyer("parts_avant_derniere_annee", period) - 1))
    suivantes = np.maximum(0.0, demi_parts - 1)
    return seuils.premiere_part + seuils.premiere_demi_part * (demi_parts - suivantes) + seuils.demi_part * suivantes


class taux_csg_remplacement(Variable):
    value_type = Enum
    possible_values = TauxCsgRemplacement
    default_value = TauxCsgRemplacement.normal
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Taux de la CSG sur les revenus de remplacement de la personne"
    reference = "CSS, art. L136-8, II, III et III bis"

    def formula(individu, period):
        return individu.foyer_fiscal("taux_csg_foyer", period.this_year)
