"""La prime d'activité : la moyenne des primes de trois mois (CSS, art. L842-1 à L842-7, R843-1 et D843-1 à D843-3).

Pour chacun de ces mois : montant forfaitaire, bonifications et fraction des revenus professionnels, moins le plus élevé du montant
forfaitaire et des ressources. Le foyer, ses revenus, ses prestations et le SMIC sont ceux de ce mois ;
les montants et les taux, ceux du mois du droit.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.montant_forfaitaire import DEUXIEME_AU_QUATRIEME_MOIS, TROIS_DERNIERS_MOIS, coefficient_forfaitaire, forfait_logement
from legislation.prestations.periodes import lu, mois_passes
from legislation.prestations.ressources_mensuelles import patrimoine_du_foyer


class prime_activite_beneficiaire(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Travailleur dont l'âge et la situation ouvrent droit à la prime : majeur ; s'il étudie, rémunéré au-delà de la limite"
    reference = ["CSS, art. L842-1 et L842-2", "CSS, art. R842-1"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations
        parent = individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)
        limite = loi.personnes_a_charge.part_du_smic * loi.personnes_a_charge.heures_par_mois * parameters(period).cotisations.smic.horaire
        revenus = individu("revenus_professionnels_du_mois", period)
        admis = (revenus > 0) & (~lu(individu, "etudiant", period) | (revenus > limite))
        return parent & (individu("age", period) >= loi.prime_activite.age_minimum) & admis


class revenus_professionnels_prime(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Revenus professionnels du mois, et allocation aux adultes handicapés de qui travaille assez pour qu'elle en tienne lieu"
    reference = "CSS, art. L842-8"

    def formula(individu, period, parameters):
        revenus = individu("revenus_professionnels_du_mois", period)
        seuil = parameters(period).prestations.aah.seuil_prime_activite * parameters(period).cotisations.smic.horaire
        return revenus + np.where(revenus >= seuil, individu("aah", period), 0.0)


def bonifications(famille, mois, loi, smic):
    """Retourne les bonifications des travailleurs du foyer pour leurs revenus d'un mois : de rien à un seuil, à l'entière à un autre."""
    regle = loi.bonification
    revenus = famille.members("revenus_professionnels_prime", mois)
    fraction = np.minimum(1.0, np.maximum(0.0, (revenus - regle.seuil * smic) / ((regle.seuil_maximum - regle.seuil) * smic)))
    return loi.montant_de_base * regle.taux_maximum * famille.sum(fraction * famille.members("membre_du_foyer_social", mois))


def prime_d_un_mois(famille, mois, loi, smic):
    """Retourne la prime que donnent le foyer et les ressources d'un mois, d'après les montants de la loi du mois du droit."""
    forfait = loi.montant_de_base * coefficient_forfaitaire(famille, mois, loi.montant_forfaitaire)
    professionnels = famille.sum(famille.members("revenus_professionnels_prime", mois) * famille.members("membre_du_foyer_social", mois))
    prestations = famille("prestations_familiales_comptees", mois) + forfait_logement(famille, mois, loi)
    # R843-1, III, 2° : les revenus imposables du patrimoine sont ceux de l'avant-dernière année
    autres = famille("revenus_de_remplacement_foyer", mois) + famille("aspa", mois) + patrimoine_du_foyer(famille, mois, annees=2)
    ressources = famille("revenus_professionnels_foyer", mois) + autres + prestations
    avantages = bonifications(famille, mois, loi, smic) + loi.taux_revenus_professionnels * professionnels
    prime = np.maximum(0.0, forfait + avantages - np.maximum(forfait, ressources))
    return np.where(famille.any(famille.members("prime_activite_beneficiaire", mois)), prime, 0.0)


def moyenne_des_primes(famille, period, parameters, reculs):
    """Retourne la moyenne des primes des mois qui précèdent d'autant de mois, ou zéro si elle n'atteint pas le minimum."""
    loi = parameters(period).prestations.prime_activite
    passes = mois_passes(period, reculs)
    # le SMIC est celui du mois où les revenus sont perçus
    montant = au_centime(sum(prime_d_un_mois(famille, mois, loi, parameters(mois).cotisations.smic.horaire) for mois in passes) / len(passes))
    return np.where(montant >= loi.minimum, montant, 0.0)


class prime_activite(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Prime d'activité, avant CRDS"
    documentation = "Chaque mois est calculé comme s'il ouvrait un trimestre. Depuis mars 2025, les mois de référence sont du quatrième au deuxième."
    reference = ["CSS, art. L842-3", "CSS, art. R843-1", "CSS, art. D843-1 à D843-5"]

    def formula(famille, period, parameters):
        return moyenne_des_primes(famille, period, parameters, TROIS_DERNIERS_MOIS)

    def formula_2025_03(famille, period, parameters):
        return moyenne_des_primes(famille, period, parameters, DEUXIEME_AU_QUATRIEME_MOIS)
