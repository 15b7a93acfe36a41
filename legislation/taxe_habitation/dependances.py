"""La dépendance isolée plafonnée : son plafonnement tient compte de ce que les avis antérieurs du redevable ont déjà reçu.

Le plafond de 3,44 % du revenu vaut pour l'habitation principale et ses dépendances ensemble : on plafonne leur somme, puis on
retranche ce qui a été dégrevé. La cote elle-même n'est donc pas plafonnée (`plafonnement_calcule_a_part`), sauf dans la
variante ILIAD du programme.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.net_a_payer import ecart, signe
from legislation.taxe_habitation.nomenclatures import CodeRole, Exoneration, Indicateur, Signe
from legislation.taxe_habitation.parts import QUART_DE_PART
from legislation.taxe_habitation.plafonnement import majoration_degrevement_total, part_du_revenu_dans_l_abattement, plafonner

# Ce que l'on sait de la dépendance et des avis antérieurs


class dependance_somme_cotisations(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Somme des cotisations de la dépendance"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return cote("somme_cotisations_principale", period)


class dependance_reduction_taux(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction théorique de la dépendance, due à la hausse des taux depuis 2000"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return cote("reduction_taux", period)


class cumul_cotisations(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Somme des cotisations des avis antérieurs du même redevable"
    reference = "CGI, art. 1414 A"


class cumul_degrevements(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvements accordés par les avis antérieurs"
    reference = "CGI, art. 1414 A"


class cumul_degrevements_ancien(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Autre cumul de dégrèvements, transmis mais sans effet"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kdec"


class cumul_reductions_taux_theoriques(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réductions théoriques des avis antérieurs, dues à la hausse des taux depuis 2000"
    reference = "CGI, art. 1414 A"


class cumul_reductions_taux_appliquees(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réductions réellement appliquées par les avis antérieurs, dues à la hausse des taux depuis 2000"
    reference = "CGI, art. 1414 A"


class cumul_reductions_abattements(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réductions appliquées par les avis antérieurs, dues à la baisse des abattements (contrôlées, sans effet)"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kdec"


class cumul_reductions_seuil(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvements des avis antérieurs non accordés parce que trop faibles (sans effet)"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kdec"


# Ce que le plafonnement d'ensemble donne, et ce qu'il en reste à la dépendance


def _plafonnement_d_ensemble(cote, period, parameters):
    """Retourne le plafonnement de la dépendance et des avis antérieurs pris ensemble."""
    somme = cote("dependance_somme_cotisations", period) + cote("cumul_cotisations", period)
    reduction = cote("dependance_reduction_taux", period) + cote("cumul_reductions_taux_theoriques", period)
    return plafonner(somme, reduction, cote("revenu_plafonnement_foyer", period), parameters(period).taxe_habitation.plafonnement)


def _a_repartir(cote, period, parameters, ensemble):
    """Retourne ce que l'ensemble reçoit, réduction comprise, et que les avis antérieurs n'ont pas encore reçu.

    Le plafond compte, qu'il soit dégrevé ou refusé comme trop faible ; en plafonnement total, où le revenu est tenu pour nul, un
    ensemble trop faible pour être dégrevé compte tout entier.
    """
    somme = cote("dependance_somme_cotisations", period) + cote("cumul_cotisations", period)
    trop_faible = cote("dependance_total", period) & (somme < parameters(period).taxe_habitation.plafonnement.seuil_degrevement)
    return np.maximum(0, np.where(trop_faible, somme, ensemble.plafond) + ensemble.reduction - cote("cumul_degrevements", period))


class dependance_total(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La dépendance est totalement plafonnée : le revenu après abattement est inférieur au seuil"
    reference = "CGI, art. 1414 A"

    def formula(cote, period, parameters):
        seuil = parameters(period).taxe_habitation.plafonnement.seuil_revenu_degrevement_total
        return cote("revenu_plafonnement_foyer", period) < seuil


class dependance_reduction_taux_appliquee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction appliquée à la dépendance, due à la hausse des taux depuis 2000"
    reference = "CGI, art. 1414 A, III, 1"

    def formula(cote, period, parameters):
        plafonnement = _plafonnement_d_ensemble(cote, period, parameters)
        du_reste = np.maximum(0, plafonnement.reduction - cote("cumul_reductions_taux_appliquees", period))
        de_la_dependance = np.minimum(cote("dependance_somme_cotisations", period), du_reste)
        return np.minimum(_a_repartir(cote, period, parameters, plafonnement), de_la_dependance)


class dependance_plafond(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de la dépendance excédant le plafond, après la réduction et ce que les avis antérieurs ont reçu"
    reference = "CGI, art. 1414 A"

    def formula(cote, period, parameters):
        plafonnement = _plafonnement_d_ensemble(cote, period, parameters)
        reste_a_degrever = np.maximum(0, plafonnement.plafond - cote("cumul_degrevements", period))
        apres_reduction = cote("dependance_somme_cotisations", period) - cote("dependance_reduction_taux_appliquee", period)
        return np.minimum(apres_reduction, reste_a_degrever)


class dependance_degrevement_hors_majoration(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la dépendance avant majoration, nul s'il est inférieur à huit euros"
    reference = "CGI, art. 1965 L"

    def formula(cote, period, parameters):
        plafond = cote("dependance_plafond", period)
        return np.where(plafond < parameters(period).taxe_habitation.plafonnement.seuil_degrevement, 0, plafond)


class dependance_majoration(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Majoration du dégrèvement de la dépendance en cas de plafonnement total"
    reference = "CGI, art. 1414 A"

    def formula(cote, period, parameters):
        revenu, parts, zone = cote("revenu_fiscal_reference_cote", period), cote("parts_foyer", period), cote("zone_revenu", period)
        pourcentage = part_du_revenu_dans_l_abattement(revenu, parts, zone, parameters(period).taxe_habitation)
        reste = cote("dependance_somme_cotisations", period) - cote("dependance_degrevement_hors_majoration", period)
        return np.where(cote("dependance_total", period), majoration_degrevement_total(reste, pourcentage), 0)


class dependance_degrevement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la dépendance, majoration comprise, nul s'il est inférieur à huit euros"
    reference = "CGI, art. 1414 A et 1965 L"

    def formula(cote, period, parameters):
        majore = cote("dependance_degrevement_hors_majoration", period) + cote("dependance_majoration", period)
        return np.where(majore < parameters(period).taxe_habitation.plafonnement.seuil_degrevement, 0, majore)


class dependance_degrevement_total(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la dépendance en cas de plafonnement total"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return np.where(cote("dependance_total", period), cote("dependance_degrevement", period), 0)


class dependance_reduction_seuil(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la dépendance non accordé, parce qu'il est inférieur à huit euros"
    reference = "CGI, art. 1965 L"

    def formula(cote, period, parameters):
        hors_majoration = cote("dependance_degrevement_hors_majoration", period)
        majore = hors_majoration + cote("dependance_majoration", period)
        tout_refuse = cote("dependance_total", period) & (majore < parameters(period).taxe_habitation.plafonnement.seuil_degrevement)
        return np.where(tout_refuse, majore, cote("dependance_plafond", period) - hors_majoration)


class dependance_apres_degrevement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Taxe d'habitation de la dépendance après dégrèvement"
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return np.maximum(0, cote("dependance_somme_cotisations", period) - cote("dependance_degrevement", period))

    def formula_2018(cote, period):
        degrevements = cote("dependance_degrevement", period) + cote("dependance_allegement_1414_C", period)
        return np.maximum(0, cote("dependance_somme_cotisations", period) - degrevements)


class dependance_nette(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Taxe d'habitation nette de la dépendance : nulle si elle est inférieure au seuil de mise en recouvrement"
    reference = "CGI, art. 1657, 2"

    def formula(cote, period, parameters):
        apres = cote("dependance_apres_degrevement", period)
        return np.where(apres < parameters(period).taxe_habitation.seuil_mise_en_recouvrement, 0, apres)


class dependance_code_role(Variable):
    value_type = Enum
    possible_values = CodeRole
    default_value = CodeRole.vide
    entity = Cote
    definition_period = YEAR
    label = "Code porté au rôle pour la dépendance"
    reference = "CGI, art. 1658"

    def formula(cote, period, parameters):
        apres = cote("dependance_apres_degrevement", period)
        trop_faible = (apres > 0) & (apres < parameters(period).taxe_habitation.seuil_mise_en_recouvrement)
        degrevee = cote("dependance_degrevement", period) > 0
        return np.select([degrevee, trop_faible], [CodeRole.plafonnement, CodeRole.non_mise_en_recouvrement], default=CodeRole.vide)


class dependance_signe_regularisation(Variable):
    value_type = Enum
    possible_values = Signe
    default_value = Signe.vide
    entity = Cote
    definition_period = YEAR
    label = "Sens de la différence entre l'avis rectificatif de la dépendance et le premier avis"
    reference = "LPF, art. R*211-1"

    def formula(cote, period):
        return signe(cote("regularisation", period) == Indicateur.oui, cote("dependance_nette", period) - cote("net_a_payer_initial", period))


class dependance_montant_regularisation(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Différence entre l'avis rectificatif de la dépendance et le premier avis, sans son signe"
    reference = "LPF, art. R*211-1"

    def formula(cote, period):
        return ecart(cote("regularisation", period) == Indicateur.oui, cote("dependance_nette", period) - cote("net_a_payer_initial", period))


class dependance_reduction_abattements(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Réduction appliquée à la dépendance, due à la baisse des abattements depuis 2003 (toujours nulle)"
    reference = "CGI, art. 1414 A, III, 2"


class dependance_plafond_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de la dépendance dans la seconde liquidation (toujours nul : elle n'est pas faite)"
    reference = "CGI, art. 1414 A, III, 2"


# Contrôles


class code_retour_dependance(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Code de retour du calcul de la dépendance : 0 si elle est calculée, sinon le code du premier contrôle non satisfait"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kdec"

    def formula(cote, period, parameters):
        p = parameters(period).taxe_habitation
        parts, regularisation = cote("parts_foyer", period), cote("regularisation", period)
        cumul_cotisations, cumul_degrevements = cote("cumul_cotisations", period), cote("cumul_degrevements", period)
        initial = cote("net_a_payer_initial", period)
        return premier_code(
            [
                (1, annee_inconnue(cote("annee_imposition", period), p.controles)),
                (5, ~np.isin(cote("direction", period), p.directions)),
                (5002, cote("exoneration", period) != Exoneration.plafonnement),
                (5004, cote("dependance_somme_cotisations", period) < 0),
                (5015, parts < 0),
                (5014, parts % QUART_DE_PART != 0),
                (5025, cote("revenu_plafonnement_foyer", period) < 0),
                (5026, cumul_cotisations < 0),
                (5027, cumul_degrevements < 0),
                (5028, cumul_cotisations < cumul_degrevements),
                (5036, cote("dependance_reduction_taux", period) < 0),
                (5038, cote("cumul_reductions_taux_theoriques", period) < 0),
                (5033, cote("cumul_reductions_abattements", period) < 0),
                (5039, regularisation == Indicateur.invalide),
                (5040, initial < 0),
                (5041, (regularisation == Indicateur.vide) & (initial != 0)),
            ]
        )
