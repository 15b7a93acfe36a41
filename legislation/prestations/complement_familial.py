"""Le complément familial des familles d'au moins trois enfants de trois ans et plus (CSS, art. L522-1 à L522-3)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.allocations_familiales import degressif
from legislation.prestations.arrondis import au_centime
from legislation.prestations.personnes import MOIS_PAR_AN


def facteur_enfants(enfants, loi):
    """Retourne par quoi un plafond de ressources est multiplié selon le nombre d'enfants, d'après les majorations que la loi donne."""
    return 1 + loi.majoration_deux_premiers * np.minimum(enfants, 2) + loi.majoration_suivants * np.maximum(enfants - 2, 0)


class enfant_complement_familial(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge au sens du complément familial : sa limite d'âge est plus élevée"
    reference = "CSS, art. R522-1"

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.complement_familial
        ne = individu("age_en_mois", period) > 0
        return individu.has_role(Famille.ENFANT) & ne & (individu("age", period) < loi.age_limite) & individu("remuneration_compatible", period)


class nombre_enfants_complement_familial(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'enfants à charge au sens du complément familial"
    reference = "CSS, art. R522-1 et R522-2"

    def formula(famille, period):
        return famille.sum(famille.members("enfant_complement_familial", period))


class plafond_complement_familial(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles jusqu'auxquelles le complément familial est entier"
    reference = "CSS, art. R522-2"

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.complement_familial
        majoration = np.where(famille("deux_revenus_ou_seul", period), loi.majoration_deux_revenus, 0.0)
        return loi.plafond * facteur_enfants(famille("nombre_enfants_complement_familial", period), loi) + majoration


class plafond_complement_familial_majore(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles jusqu'auxquelles le complément familial est majoré"
    reference = ["CSS, art. R522-4", "CSS, art. D522-2"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.complement_familial
        majoration = np.where(famille("deux_revenus_ou_seul", period), loi.majoration_deux_revenus_majore, 0.0)
        return loi.plafond_majore * facteur_enfants(famille("nombre_enfants_complement_familial", period), loi) + majoration


class complement_familial_ouvert(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "Assez d'enfants ont l'âge du complément familial, et l'allocation de base de la PAJE n'est pas due"
    reference = ["CSS, art. L522-1 et R522-1", "CSS, art. L532-1"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.complement_familial
        assez_ages = famille.members("age_en_mois", period) > MOIS_PAR_AN * loi.age_minimum
        enfants = famille.sum(famille.members("enfant_complement_familial", period) & assez_ages)
        return (enfants >= loi.enfants_minimum) & (famille("paje_allocation_base", period) == 0)


class complement_familial_non_majore(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Complément familial sans majoration, ou différentiel si les ressources excèdent peu le plafond"
    reference = ["CSS, art. L522-2", "CSS, art. D522-1"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations
        montant = au_centime(loi.complement_familial.taux * loi.base_mensuelle)
        ressources, plafond = famille("ressources_prestations_familiales", period.this_year), famille("plafond_complement_familial", period)
        differentiel = au_centime(degressif(ressources, (plafond,), montant))
        return np.where(famille("complement_familial_ouvert", period), np.where(ressources <= plafond, montant, differentiel), 0.0)


class complement_familial(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Complément familial, majoré si les ressources sont faibles, avant CRDS"
    reference = ["CSS, art. L522-1 à L522-3", "CSS, art. D522-1"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations
        majore = famille("ressources_prestations_familiales", period.this_year) <= famille("plafond_complement_familial_majore", period)
        ouvert = famille("complement_familial_ouvert", period)
        montant_majore = au_centime(loi.complement_familial.taux_majore * loi.base_mensuelle)
        return np.where(ouvert & majore, montant_majore, famille("complement_familial_non_majore", period))
