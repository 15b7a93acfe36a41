"""Les dégrèvements de la cote : exonération, dégrèvement total du gestionnaire, plafonnement selon le revenu ; et le net qui en résulte."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.nomenclatures import CodeRole, Exoneration
from legislation.taxe_habitation.plafonnement import majoration_degrevement_total, part_du_revenu_dans_l_abattement, plafonner


class plafonnement_calcule_a_part(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Dépendance isolée plafonnée : son plafonnement est calculé à part, d'après les avis antérieurs du même redevable"
    documentation = "La variante ILIAD du programme ne fait pas cette exception."
    reference = "CGI, art. 1414 A"

    def formula(cote, period, parameters):
        a_part = cote("est_dependance_isolee", period) & cote("est_plafonnee", period)
        return a_part & (not parameters(period).taxe_habitation.variante_iliad)


class plafonnement_partiel(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le plafonnement est partiel : le revenu après abattement atteint le seuil"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period, parameters):
        seuil = parameters(period).taxe_habitation.plafonnement.seuil_revenu_degrevement_total
        applicable = cote("est_plafonnee", period) & ~cote("plafonnement_calcule_a_part", period)
        return applicable & (cote("revenu_plafonnement_foyer", period) >= seuil)


class plafonnement_total(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le plafonnement est total : le revenu après abattement est inférieur au seuil"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period, parameters):
        seuil = parameters(period).taxe_habitation.plafonnement.seuil_revenu_degrevement_total
        applicable = cote("est_plafonnee", period) & ~cote("plafonnement_calcule_a_part", period)
        return applicable & (cote("revenu_plafonnement_foyer", period) < seuil)


class plafonnement_applicable(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le plafonnement s'applique à la cote, partiel ou total"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period):
        return cote("plafonnement_partiel", period) | cote("plafonnement_total", period)


class reduction_taux_plafonnement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction appliquée au dégrèvement, due à la hausse des taux depuis 2000"
    reference = "CGI, art. 1414 A, III, 1"

    def formula(cote, period, parameters):
        loi = parameters(period).taxe_habitation.plafonnement
        plafonnement = plafonner(cote("somme_cotisations", period), cote("reduction_taux", period), cote("revenu_plafonnement_foyer", period), loi)
        return np.where(cote("plafonnement_applicable", period), plafonnement.reduction, 0)


class plafond_apres_reduction_taux(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation excédant le plafond, après la réduction due à la hausse des taux"
    reference = "CGI, art. 1414 A, I et III, 1"

    def formula(cote, period, parameters):
        loi = parameters(period).taxe_habitation.plafonnement
        plafonnement = plafonner(cote("somme_cotisations", period), cote("reduction_taux", period), cote("revenu_plafonnement_foyer", period), loi)
        return np.where(cote("plafonnement_applicable", period), plafonnement.plafond, 0)


class plafond_apres_reduction_taux_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation excédant le plafond dans la seconde liquidation, ou la même que dans l'année s'il n'y en a pas"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period, parameters):
        loi = parameters(period).taxe_habitation.plafonnement
        plafonnement = plafonner(cote("somme_cotisations_2003", period), cote("reduction_taux_2003", period), cote("revenu_plafonnement_foyer", period), loi)
        en_2003 = np.where(cote("plafonnement_applicable", period), plafonnement.plafond, 0)
        return np.where(cote("seconde_liquidation_faite", period), en_2003, cote("plafond_apres_reduction_taux", period))


class reduction_abattements(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction appliquée au dégrèvement, due à la baisse des abattements depuis 2003"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period):
        return np.maximum(0, cote("plafond_apres_reduction_taux", period) - cote("plafond_apres_reduction_taux_2003", period))


class degrevement_plafonnement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement par plafonnement, après les deux réductions, avant le seuil"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return cote("plafond_apres_reduction_taux", period) - cote("reduction_abattements", period)


class majoration_plafonnement_total(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Majoration du dégrèvement en cas de plafonnement total"
    reference = "CGI, art. 1414 A, I et III"

    def formula(cote, period, parameters):
        loi = parameters(period).taxe_habitation
        reste_a_payer = cote("somme_cotisations", period) - cote("degrevement_plafonnement", period)
        revenu, parts, zone = cote("revenu_fiscal_reference_cote", period), cote("parts_foyer", period), cote("zone_revenu", period)
        majoration = majoration_degrevement_total(reste_a_payer, part_du_revenu_dans_l_abattement(revenu, parts, zone, loi))
        return np.where(cote("plafonnement_total", period), majoration, 0)


class degrevement_plafonnement_majore(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement par plafonnement, majoration comprise, avant le seuil"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return cote("degrevement_plafonnement", period) + cote("majoration_plafonnement_total", period)


class reduction_seuil_degrevement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement par plafonnement non accordé, parce qu'il est inférieur à huit euros"
    reference = "CGI, art. 1965 L"

    def formula(cote, period, parameters):
        degrevement = cote("degrevement_plafonnement_majore", period)
        return np.where(degrevement < parameters(period).taxe_habitation.plafonnement.seuil_degrevement, degrevement, 0)


class degrevement_plafonnement_accorde(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement par plafonnement accordé"
    reference = "CGI, art. 1414 A et 1965 L"

    def formula(cote, period):
        return cote("degrevement_plafonnement_majore", period) - cote("reduction_seuil_degrevement", period)


class degrevement_total_plafonnement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement accordé en cas de plafonnement total, majoration comprise"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return np.where(cote("plafonnement_total", period), cote("degrevement_plafonnement_accorde", period), 0)


class plafond_2003_affiche(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement par plafonnement de la seconde liquidation, tel que l'avis le porte"
    documentation = "En plafonnement partiel, il est mis à zéro si les abattements de la commune n'ont pas baissé, même si ceux de l'EPCI l'ont fait."
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period):
        partiel = cote("plafonnement_partiel", period) & cote.commune("double_liquidation_commune", period)
        affiche = partiel | (cote("plafonnement_total", period) & (cote("somme_cotisations", period) != 0))
        return np.where(affiche, cote("plafond_apres_reduction_taux_2003", period), 0)


class degrevement_gestionnaire(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement total du gestionnaire de logements collectifs"
    reference = "CGI, art. 1414, II"

    def formula(cote, period):
        gestionnaire = cote("exoneration", period) == Exoneration.gestionnaire
        return np.where(gestionnaire, cote("somme_cotisations_principale", period), 0)


class degrevement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la cote (et, en 2021 et 2022, exonération de l'article 1414 C)"
    reference = "CGI, art. 1414, II, 1414 A et 1414 C"

    def formula(cote, period):
        return cote("degrevement_gestionnaire", period) + cote("degrevement_plafonnement_accorde", period)

    def formula_2018(cote, period):
        anciens = cote("degrevement_gestionnaire", period) + cote("degrevement_plafonnement_accorde", period)
        return anciens + cote("allegement_1414_C", period)


class taxe_habitation_apres_degrevement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Taxe d'habitation après dégrèvement"
    reference = "CGI, art. 1407, 1414 A et 1414 C"

    def formula(cote, period):
        apres = cote("somme_cotisations", period) - cote("degrevement", period)
        return np.where(cote("plafonnement_calcule_a_part", period), 0, apres)


class taxe_habitation_nette(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Taxe d'habitation nette : nulle si elle est inférieure au seuil de mise en recouvrement"
    reference = "CGI, art. 1657, 2"

    def formula(cote, period, parameters):
        apres = cote("taxe_habitation_apres_degrevement", period)
        return np.where(apres < parameters(period).taxe_habitation.seuil_mise_en_recouvrement, 0, apres)


class exoneration_effective(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'exonération a effacé une base de la commune, de l'EPCI ou du syndicat, ou c'est l'exonération D"
    reference = "CGI, art. 1414, I"

    def formula(cote, period):
        base_exoneree = (cote("base_exoneree_commune", period) != 0) | (cote("base_exoneree_epci", period) != 0) | (cote("base_exoneree_syndicat", period) != 0)
        return cote("est_exoneree", period) & (base_exoneree | (cote("exoneration", period) == Exoneration.exoneration_d))


class code_role(Variable):
    value_type = Enum
    possible_values = CodeRole
    default_value = CodeRole.vide
    entity = Cote
    definition_period = YEAR
    label = "Code porté au rôle"
    reference = "CGI, art. 1658"

    def formula(cote, period, parameters):
        apres = cote("taxe_habitation_apres_degrevement", period)
        trop_faible = (apres > 0) & (apres < parameters(period).taxe_habitation.seuil_mise_en_recouvrement)
        gestionnaire = cote("degrevement_gestionnaire", period) > 0
        return np.select(
            [
                cote("exoneration_effective", period),
                gestionnaire & trop_faible,
                gestionnaire,
                cote("degrevement_plafonnement_accorde", period) > 0,
                trop_faible,
            ],
            [
                CodeRole.exoneration,
                CodeRole.degrevement_non_mis_en_recouvrement,
                CodeRole.degrevement_total,
                CodeRole.plafonnement,
                CodeRole.non_mise_en_recouvrement,
            ],
            default=CodeRole.vide,
        )
