"""Les bénéfices des travailleurs indépendants et des loueurs en meublé : régimes micro et régime réel (CGI, art. 50-0, 102 ter et 158, 7).

Le régime réel donne un bénéfice déjà net. Jusqu'aux revenus de 2022, celui de qui n'adhère pas à un organisme de gestion agréé est
majoré. Les déficits d'une activité professionnelle s'imputent sur le revenu global ; le versement libératoire, les plus-values
professionnelles et les seuils de chiffre d'affaires des régimes micro ne sont pas calculés ici.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal, Individu
from legislation.impot_revenu.arrondis import arrondi

if TYPE_CHECKING:
    from legislation.impot_revenu.arrondis import Valeurs


def net_de_l_abattement(recettes: Valeurs, taux: Any, minimum: Any) -> Valeurs:
    """Retourne les recettes nettes de l'abattement forfaitaire d'un régime micro, qui a un minimum et ne les excède pas."""
    return recettes - np.minimum(recettes, np.maximum(arrondi(taux * recettes), minimum))


class recettes_micro_bic_ventes(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Recettes de ventes et de fourniture de logement, régime micro-BIC (cases 5KO, 5LO)"
    reference = "CGI, art. 50-0"


class recettes_micro_bic_services(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Recettes de prestations de services, régime micro-BIC (cases 5KP, 5LP)"
    reference = "CGI, art. 50-0"


class recettes_micro_bnc(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Recettes non commerciales, régime déclaratif spécial ou micro-BNC (cases 5HQ, 5IQ)"
    reference = "CGI, art. 102 ter"


class recettes_location_meublee(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Recettes de location meublée non professionnelle, régime micro-BIC (cases 5ND, 5OD)"
    reference = "CGI, art. 50-0"


class benefices_professionnels(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices industriels, commerciaux, non commerciaux ou agricoles, régime réel (cases 5KC, 5QC, 5HC)"
    reference = "CGI, art. 34, 63 et 92"


class benefices_professionnels_sans_adhesion(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices au régime réel de qui n’adhère pas à un organisme de gestion agréé (cases 5KI, 5QI, 5HI)"
    reference = "CGI, art. 158, 7"


class deficits_professionnels(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Déficits de l’activité professionnelle, régime réel (cases 5KF, 5QE, 5HF)"
    reference = "CGI, art. 156, I"


class benefices_micro(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices des régimes micro, nets de leurs abattements"
    reference = ["CGI, art. 50-0", "CGI, art. 102 ter"]

    def formula(individu, period, parameters):
        loi = parameters(period).impot_revenu.independants
        ventes = net_de_l_abattement(individu("recettes_micro_bic_ventes", period), loi.abattement_ventes, loi.abattement_minimal)
        services = net_de_l_abattement(individu("recettes_micro_bic_services", period), loi.abattement_services, loi.abattement_minimal)
        return ventes + services + net_de_l_abattement(individu("recettes_micro_bnc", period), loi.abattement_bnc, loi.abattement_minimal)


class location_meublee_nette(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Location meublée non professionnelle au régime micro, nette de l'abattement"
    reference = "CGI, art. 50-0"

    def formula(individu, period, parameters):
        loi = parameters(period).impot_revenu.independants
        return net_de_l_abattement(individu("recettes_location_meublee", period), loi.abattement_services, loi.abattement_minimal)


class benefices_nets(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices d'une personne, compris la location meublée ; négatifs si ses déficits professionnels les excèdent"
    reference = ["CGI, art. 50-0", "CGI, art. 102 ter", "CGI, art. 158, 7", "CGI, art. 156, I"]

    def formula(individu, period, parameters):
        majoration = parameters(period).impot_revenu.independants.majoration_sans_adhesion
        reels = individu("benefices_professionnels", period) + arrondi(majoration * individu("benefices_professionnels_sans_adhesion", period))
        micro = individu("benefices_micro", period) + individu("location_meublee_nette", period)
        return micro + reels - individu("deficits_professionnels", period)


class benefices_nets_du_foyer(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Bénéfices des membres du foyer"
    reference = "CGI, art. 156"

    def formula(foyer, period):
        return foyer.sum(foyer.members("benefices_nets", period))


class locations_meublees_du_foyer(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Location meublée non professionnelle des membres du foyer, que les prélèvements sociaux sur le patrimoine atteignent"
    reference = "CSS, art. L136-6, I, f"

    def formula(foyer, period):
        return foyer.sum(foyer.members("location_meublee_nette", period))
