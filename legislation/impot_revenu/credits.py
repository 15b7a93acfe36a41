"""Les crédits d'impôt : garde d'enfants, emploi à domicile, cotisations syndicales, prélèvement déjà versé. Leur excédent est remboursé."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class credit_garde_enfants(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédit pour la garde des enfants de moins de six ans"
    reference = "CGI, art. 200 quater B"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.credits.garde_enfants
        partage = parameters(period).impot_revenu.parts.fraction_residence_alternee * loi.plafond
        depenses = 0.0
        for enfant in ("garde_premier_enfant", "garde_deuxieme_enfant", "garde_troisieme_enfant"):
            depenses = depenses + np.minimum(foyer(enfant, period), loi.plafond) + np.minimum(foyer(f"{enfant}_en_alternance", period), partage)
        return arrondi(loi.taux * depenses)


class credit_emploi_domicile(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédit pour l'emploi d'un salarié à domicile"
    documentation = (
        "Le plafond des invalides suit la case 7DG : la demi-part d'invalidité n'y donne pas droit par elle-même."
        " Les enfants à charge, rattachés ou en résidence alternée et les déclarants âgés élèvent le plafond, non l'invalide recueilli (case 0CR)."
    )
    reference = "CGI, art. 199 sexdecies"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.credits.emploi_domicile
        commune = foyer("imposition_commune", period)
        ages = foyer.declarant("est_age", period).astype(np.int64) + (commune & foyer.conjoint("est_age", period))
        enfants = foyer("enfants_a_charge", period) + foyer("enfants_majeurs_rattaches", period) + foyer("enfants_en_alternance", period) / 2
        personnes = enfants + ages
        premiere = foyer("emploi_domicile_premiere_annee", period)
        base = np.where(premiere, loi.plafond_premiere_annee, loi.plafond)
        maximum = np.where(premiere, loi.plafond_maximal_premiere_annee, loi.plafond_maximal)
        plafond = np.minimum(base + loi.majoration * personnes, maximum)
        plafond = np.where(foyer("emploi_domicile_invalidite", period), loi.plafond_invalide, plafond)
        return arrondi(loi.taux * np.minimum(foyer("depenses_emploi_domicile", period), plafond))


class excedent_avantages_plafonnes(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Excédent des avantages fiscaux sur leur plafond global, repris avec l'impôt"
    documentation = "La garde d'enfants et l'emploi à domicile sont plafonnés ensemble ; dons, dépendance, scolarité et cotisations syndicales ne le sont pas."
    reference = "CGI, art. 200-0 A"

    def formula(foyer, period, parameters):
        avantages = foyer("credit_garde_enfants", period) + foyer("credit_emploi_domicile", period)
        return np.maximum(0.0, avantages - parameters(period).impot_revenu.plafonnement_avantages.plafond)


class credit_cotisations_syndicales(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédit pour cotisations syndicales"
    documentation = "Qui déduit ses frais réels y a déjà compris ses cotisations. La case dit celles du premier déclarant."
    reference = "CGI, art. 199 quater C"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.credits.cotisations_syndicales
        bruts = foyer.declarant("salaires_bruts", period) + foyer.declarant("pensions_brutes", period)
        credit = arrondi(loi.taux * np.minimum(foyer("cotisations_syndicales", period), arrondi(loi.plafond * bruts)))
        return np.where(foyer.declarant("frais_reels_retenus", period), 0.0, credit)


class credit_prelevement_forfaitaire(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédit égal au prélèvement forfaitaire non libératoire déjà versé"
    reference = "CGI, art. 117 quater, I et 125 A, V"

    def formula(foyer, period):
        return foyer("prelevement_forfaitaire_non_liberatoire", period)


class credits_impot(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Crédits d'impôt"
    reference = "CGI, art. 199 quater C, 199 sexdecies, 200 quater B"

    def formula(foyer, period):
        credits_du_foyer = foyer("credit_garde_enfants", period) + foyer("credit_emploi_domicile", period) + foyer("credit_cotisations_syndicales", period)
        return credits_du_foyer + foyer("credit_prelevement_forfaitaire", period)
