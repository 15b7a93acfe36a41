"""L'impôt que donne le barème, le plafonnement du quotient familial et ses réductions, la réfaction outre-mer et la décote (CGI, art. 197, I)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi
from legislation.impot_revenu.foyer_composition import Territoire

POUR_CENT = 100


class impot_quotient_familial(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt que donne le barème avec toutes les parts"
    reference = "CGI, art. 197, I, 1"

    def formula(foyer, period, parameters):
        parts = foyer("nombre_parts", period)
        return arrondi(parts * parameters(period).impot_revenu.bareme.calc(foyer("revenu_imposable", period) / parts))


class impot_parts_des_declarants(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt que donne le barème avec les seules parts des contribuables"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period, parameters):
        parts = foyer("parts_des_declarants", period)
        return arrondi(parts * parameters(period).impot_revenu.bareme.calc(foyer("revenu_imposable", period) / parts))


class avantage_maximal_quotient_familial(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Avantage maximal que les parts au-delà de celles des contribuables peuvent donner"
    documentation = (
        "Le premier enfant à charge du parent isolé, ou ses deux premiers en résidence alternée, ont un maximum propre ;"
        " la personne invalide recueillie n'est pas un enfant, et s'il n'y a qu'elle, c'est le maximum ordinaire."
    )
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.plafonnement
        parts = parameters(period).impot_revenu.parts
        supplementaires = foyer("nombre_parts", period) - foyer("parts_des_declarants", period)
        enfants = foyer("enfants_a_charge", period) + foyer("enfants_majeurs_rattaches", period) > 0
        seule_invalide = ~enfants & (foyer("autres_personnes_invalides", period) > 0)
        isole = (foyer("parts_du_parent_isole", period) > 0) & ~seule_invalide
        alternees = np.minimum(foyer("enfants_en_alternance", period), parts.enfants_en_alternance_pris_en_compte)
        en_alternance = arrondi(loi.parent_isole * parts.fraction_residence_alternee * alternees)
        propre = np.where(isole, np.where(enfants, loi.parent_isole, en_alternance), 0.0)
        comptees = np.where(isole, foyer("parts_du_parent_isole", period) * 2, 0.0)
        general = arrondi(loi.demi_part * (supplementaires - comptees) / loi.valeur_demi_part)
        seul = foyer("part_de_l_enfant_eleve_seul", period) > 0
        return np.where(seul, loi.enfant_eleve_seul, propre + general)


class impot_plafonne(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt après plafonnement du quotient familial, avant ses réductions complémentaires"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period):
        plancher = foyer("impot_parts_des_declarants", period) - foyer("avantage_maximal_quotient_familial", period)
        return np.maximum(foyer("impot_quotient_familial", period), plancher)


class quotient_familial_plafonne(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "L'avantage du quotient familial est plafonné"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period):
        return foyer("impot_plafonne", period) > foyer("impot_quotient_familial", period)


class taux_marginal(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "percent"
    label = "Taux marginal d'imposition, en pourcentage ; zéro si le barème ne donne aucun impôt"
    documentation = "Si le quotient familial est plafonné, c'est celui de la tranche que les seules parts des contribuables atteignent."
    reference = "CGI, art. 197, I, 1 et 2"

    def formula(foyer, period, parameters):
        parts = np.where(foyer("quotient_familial_plafonne", period), foyer("parts_des_declarants", period), foyer("nombre_parts", period))
        taux = parameters(period).impot_revenu.bareme.rate_from_tax_base(foyer("revenu_imposable", period) / parts)
        return np.where(foyer("impot_plafonne", period) > 0, arrondi(POUR_CENT * taux), 0.0)


class reduction_complementaire(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réductions d'impôt complémentaires des invalides, anciens combattants et veufs dont l'avantage est plafonné"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.plafonnement
        invalides = loi.reduction_invalide * foyer("parts_d_invalidite", period) / loi.valeur_demi_part
        veuf = np.where(foyer("part_du_conjoint_decede", period) > 0, loi.reduction_veuf, 0.0)
        return np.minimum(arrondi(invalides + veuf), foyer("impot_plafonne", period) - foyer("impot_quotient_familial", period))


class droits_avant_refaction(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt après plafonnement et réductions complémentaires, avant la réfaction outre-mer"
    reference = "CGI, art. 197, I, 2"

    def formula(foyer, period):
        return foyer("impot_plafonne", period) - foyer("reduction_complementaire", period)


class refaction_outre_mer(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réfaction des contribuables domiciliés outre-mer"
    reference = "CGI, art. 197, I, 3"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.outre_mer
        impot = foyer("droits_avant_refaction", period)
        territoire = foyer("territoire", period)
        des_iles = np.minimum(arrondi(loi.guadeloupe_martinique_reunion.taux * impot), loi.guadeloupe_martinique_reunion.plafond)
        de_guyane = np.minimum(arrondi(loi.guyane_mayotte.taux * impot), loi.guyane_mayotte.plafond)
        iles, guyane = territoire == Territoire.guadeloupe_martinique_reunion, territoire == Territoire.guyane_mayotte
        return np.where(iles, des_iles, np.where(guyane, de_guyane, 0.0))


class droits_simples(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Droits simples : impôt après plafonnement, réductions complémentaires et réfaction"
    reference = "CGI, art. 197, I, 1 à 3"

    def formula(foyer, period):
        return foyer("droits_avant_refaction", period) - foyer("refaction_outre_mer", period)


class decote(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Décote"
    reference = "CGI, art. 197, I, 4"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.decote
        droits = foyer("droits_simples", period)
        montant = np.where(foyer("imposition_commune", period), loi.couple, loi.personne_seule)
        return np.minimum(droits, arrondi(np.maximum(0.0, montant - loi.taux * droits)))


class reduction_sous_condition_de_revenu(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réduction d'impôt sous condition de revenu, à taux plein puis dégressif"
    documentation = "Les limites du couple sont doubles ; chaque demi-part au-delà de celles des contribuables les élève."
    reference = "CGI, art. 197, I, 4, b, abrogé pour les revenus de 2020"
    end = "2019-12-31"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.reduction_sous_condition
        demi_part = parameters(period).impot_revenu.plafonnement.valeur_demi_part
        declarants, revenu = foyer("parts_des_declarants", period), foyer("revenu_fiscal_reference_annee", period)
        majoration = loi.majoration_demi_part * (foyer("nombre_parts", period) - declarants) / demi_part
        plein, limite = loi.plafond_taux_plein * declarants + majoration, loi.plafond * declarants + majoration
        degressivite = np.minimum(1.0, np.maximum(0.0, (limite - revenu) / (limite - plein)))
        return arrondi(loi.taux * degressivite * (foyer("droits_simples", period) - foyer("decote", period)))
