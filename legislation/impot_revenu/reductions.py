"""Les réductions d'impôt : dons, dépendance, scolarité. Elles s'imputent sur l'impôt du barème, sans jamais être remboursées.

Elles s'imputent dans cet ordre, qui décide de ce qui reste à chacune quand l'impôt ne suffit pas : dons d'aide aux personnes,
dépendance, scolarité, autres dons.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.arrondis import arrondi


class impot_apres_decote(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Impôt du barème après décote et réduction sous condition de revenu, sur lequel les autres réductions s'imputent"
    reference = "CGI, art. 197, I, 5"

    def formula(foyer, period):
        return foyer("droits_simples", period) - foyer("decote", period) - foyer("reduction_sous_condition_de_revenu", period)


class reduction_aide_aux_personnes(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réduction pour dons d'aide aux personnes en difficulté, imputée"
    reference = "CGI, art. 200, 1 ter"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.reductions.dons
        retenue = np.minimum(foyer("dons_aide_aux_personnes", period), loi.plafond_aide_aux_personnes)
        return np.minimum(arrondi(loi.taux_aide_aux_personnes * retenue), foyer("impot_apres_decote", period))


class reduction_dependance(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réduction pour les dépenses de dépendance en établissement, imputée"
    reference = "CGI, art. 199 quindecies"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.reductions.hebergement
        reduction = arrondi(loi.taux * np.minimum(foyer("depenses_dependance", period), loi.plafond))
        return np.minimum(reduction, foyer("impot_apres_decote", period) - foyer("reduction_aide_aux_personnes", period))


class reduction_scolarite(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réduction pour les enfants qui poursuivent leurs études, imputée"
    reference = "CGI, art. 199 quater F"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.reductions.scolarite
        part = parameters(period).impot_revenu.parts.fraction_residence_alternee
        reduction = 0.0
        for montant, niveau in ((loi.college, "au_college"), (loi.lycee, "au_lycee"), (loi.superieur, "dans_le_superieur")):
            reduction = reduction + montant * (foyer(f"enfants_{niveau}", period) + part * foyer(f"enfants_en_alternance_{niveau}", period))
        avant = foyer("reduction_aide_aux_personnes", period) + foyer("reduction_dependance", period)
        return np.minimum(arrondi(reduction), foyer("impot_apres_decote", period) - avant)


class reduction_dons(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réduction pour les autres dons, imputée"
    documentation = "Ce qui excède la limite des dons d'aide aux personnes compte parmi les autres dons."
    reference = "CGI, art. 200, 1"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.reductions.dons
        excedent = np.maximum(0.0, foyer("dons_aide_aux_personnes", period) - loi.plafond_aide_aux_personnes)
        limite = arrondi(loi.plafond_revenu * foyer("revenu_imposable", period))
        reduction = arrondi(loi.taux * np.minimum(foyer("dons_aux_oeuvres", period) + excedent, limite))
        avant = foyer("reduction_aide_aux_personnes", period) + foyer("reduction_dependance", period) + foyer("reduction_scolarite", period)
        return np.minimum(reduction, foyer("impot_apres_decote", period) - avant)


class reductions_impot(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Réductions d'impôt imputées"
    reference = "CGI, art. 197, I, 5"

    def formula(foyer, period):
        dons = foyer("reduction_aide_aux_personnes", period) + foyer("reduction_dons", period)
        return dons + foyer("reduction_scolarite", period) + foyer("reduction_dependance", period)
