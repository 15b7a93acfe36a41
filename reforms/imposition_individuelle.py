"""L'imposition individuelle : chaque membre d'un couple est imposé sur son propre revenu, avec ses propres parts.

Ce que la réforme change, et la règle de partage qu'elle retient :
- le revenu propre d'un déclarant est celui de ses salaires, pensions et bénéfices, nets ; tout le reste du revenu imposable du foyer (capitaux, loyers,
  revenus des personnes à charge, charges déductibles, abattement des personnes âgées) se partage par moitié ; aucune part n'est négative ;
- chacun a une part, et la moitié des parts que donnent les personnes à charge et l'invalidité ; le plafond de leur avantage se partage de même ;
- chacun a la décote d'une personne seule, sur sa quote-part des droits.

Restent au foyer : le nombre de parts, le revenu fiscal de référence, la réfaction outre-mer, les réductions complémentaires, les réductions et crédits, et
la contribution sur les hauts revenus. Qui est imposé seul n'est pas touché.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.periods import YEAR
from engine.reform import Reform
from engine.variables import Variable
from legislation.entites import FoyerFiscal, Individu
from legislation.impot_revenu.arrondis import arrondi
from legislation.impot_revenu.impot_brut import POUR_CENT

if TYPE_CHECKING:
    from engine.legislation import Legislation

DECLARANT, CONJOINT = (next(role for role in FoyerFiscal.roles if role.key == key) for key in ("declarant", "conjoint"))


class est_contribuable(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Est un contribuable : le déclarant, ou son conjoint imposé avec lui"
    reference = "CGI, art. 6, 1"

    def formula(individu, period):
        commune = individu.foyer_fiscal("imposition_commune", period)
        return individu.has_role(DECLARANT) | (individu.has_role(CONJOINT) & commune)


class revenu_propre(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Salaires, pensions et bénéfices nets d'un contribuable"
    documentation = "L'abattement sur les pensions du foyer, qui a un maximum, se partage en proportion de ceux des personnes."
    reference = ["CGI, art. 83", "CGI, art. 158, 5, a"]

    def formula(individu, period):
        salaires = individu("salaires_bruts", period) - individu("frais_professionnels", period)
        retenu = individu.foyer_fiscal("abattement_pensions", period) / np.maximum(individu.foyer_fiscal("abattements_pensions_avant_maximum", period), 1.0)
        pensions = individu("pensions_brutes", period) - retenu * individu("abattement_pensions_individuel", period)
        return np.where(individu("est_contribuable", period), salaires + pensions + individu("benefices_nets", period), 0.0)


class abattements_pensions_avant_maximum(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Abattements sur les pensions des membres du foyer, avant leur maximum"
    reference = "CGI, art. 158, 5, a"

    def formula(foyer, period):
        return foyer.sum(foyer.members("abattement_pensions_individuel", period))


class revenus_propres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus propres des contribuables"
    reference = "CGI, art. 6, 1"

    def formula(foyer, period):
        return foyer.sum(foyer.members("revenu_propre", period))


class revenu_imposable_individuel(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Revenu imposable d'un contribuable : son revenu propre et sa part du reste"
    reference = "CGI, art. 6, 1"

    def formula(individu, period):
        foyer = individu.foyer_fiscal
        imposable, contribuables = foyer("revenu_imposable", period), foyer("parts_des_declarants", period)
        reste = imposable - foyer("revenus_propres", period)
        revenu = np.minimum(np.maximum(individu("revenu_propre", period) + reste / contribuables, 0.0), imposable)
        return np.where(individu("est_contribuable", period), revenu, 0.0)


class parts_individuelles(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    label = "Parts d'un contribuable : la sienne, et la moitié de celles que donnent les charges et l'invalidité"
    reference = ["CGI, art. 194", "CGI, art. 195"]

    def formula(individu, period):
        return individu.foyer_fiscal("nombre_parts", period) / individu.foyer_fiscal("parts_des_declarants", period)


class impot_individuel_quotient_familial(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Impôt d'un contribuable, avec toutes ses parts"
    reference = "CGI, art. 197, I, 1"

    def formula(individu, period, parameters):
        parts = individu("parts_individuelles", period)
        return arrondi(parts * parameters(period).impot_revenu.bareme.calc(individu("revenu_imposable_individuel", period) / parts))


class impot_individuel_une_part(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Impôt d'un contribuable, avec une seule part"
    reference = "CGI, art. 197, I, 2"

    def formula(individu, period, parameters):
        return arrondi(parameters(period).impot_revenu.bareme.calc(individu("revenu_imposable_individuel", period)))


class impot_individuel_plafonne(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Impôt d'un contribuable, après le plafonnement de ses parts"
    reference = "CGI, art. 197, I, 2"

    def formula(individu, period):
        foyer = individu.foyer_fiscal
        avantage = foyer("avantage_maximal_quotient_familial", period) / foyer("parts_des_declarants", period)
        return np.maximum(individu("impot_individuel_quotient_familial", period), individu("impot_individuel_une_part", period) - avantage)


class decote_individuelle(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Décote d'un contribuable, sur sa quote-part des droits"
    reference = "CGI, art. 197, I, 4"

    def formula(individu, period, parameters):
        loi = parameters(period).impot_revenu.decote
        foyer = individu.foyer_fiscal
        quote_part = individu("impot_individuel_plafonne", period) / np.maximum(foyer("impot_plafonne", period), 1.0)
        droits = foyer("droits_simples", period) * quote_part
        return np.minimum(droits, arrondi(np.maximum(0.0, loi.personne_seule - loi.taux * droits)))


class taux_marginal_individuel(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "percent"
    label = "Taux marginal d'un contribuable, en pourcentage"
    reference = "CGI, art. 197, I, 1 et 2"

    def formula(individu, period, parameters):
        plafonne = individu("impot_individuel_plafonne", period) > individu("impot_individuel_quotient_familial", period)
        parts = np.where(plafonne, 1.0, individu("parts_individuelles", period))
        taux = parameters(period).impot_revenu.bareme.rate_from_tax_base(individu("revenu_imposable_individuel", period) / parts)
        return np.where(individu("impot_individuel_plafonne", period) > 0, arrondi(POUR_CENT * taux), 0.0)


# Ce qui, dans la loi, prend la place de ce que le foyer calculait.


class impot_quotient_familial(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôts des contribuables, avec toutes leurs parts"
    reference = "CGI, art. 197, I, 1"

    def formula(foyer, period):
        return foyer.sum(foyer.members("impot_individuel_quotient_familial", period))


class impot_parts_des_declarants(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôts des contribuables, avec une seule part chacun"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period):
        return foyer.sum(foyer.members("impot_individuel_une_part", period))


class impot_plafonne(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôts des contribuables, après le plafonnement de leurs parts"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period):
        return arrondi(foyer.sum(foyer.members("impot_individuel_plafonne", period)))


class decote(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Décotes des contribuables"
    reference = "CGI, art. 197, I, 4"

    def formula(foyer, period):
        return np.minimum(foyer("droits_simples", period), arrondi(foyer.sum(foyer.members("decote_individuelle", period))))


class taux_marginal(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "percent"
    label = "Taux marginal le plus élevé des contribuables, en pourcentage"
    reference = "CGI, art. 197, I, 1 et 2"

    def formula(foyer, period):
        return np.maximum(0.0, foyer.max(foyer.members("taux_marginal_individuel", period)))


NOUVELLES = (
    est_contribuable,
    abattements_pensions_avant_maximum,
    revenu_propre,
    revenus_propres,
    revenu_imposable_individuel,
    parts_individuelles,
    impot_individuel_quotient_familial,
    impot_individuel_une_part,
    impot_individuel_plafonne,
    decote_individuelle,
    taux_marginal_individuel,
)
REMPLACEES = (impot_quotient_familial, impot_parts_des_declarants, impot_plafonne, decote, taux_marginal)


class imposition_individuelle(Reform):
    """L'imposition individuelle des couples."""

    name = "Imposition individuelle des couples"
    description = "Chaque membre d'un couple marié ou pacsé est imposé sur son propre revenu ; les parts des personnes à charge se partagent par moitié."
    reference = ("CGI, art. 6, 1", "CGI, art. 194", "CGI, art. 197, I")

    def apply(self, law: Legislation) -> Legislation:
        """Return the law in which each member of a couple is taxed alone."""
        for nouvelle in NOUVELLES:
            law = law.with_variable(nouvelle)
        for remplacee in REMPLACEES:
            law = law.replacing(remplacee)
        return law
