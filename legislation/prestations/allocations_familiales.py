"""Les allocations familiales, modulées selon les ressources depuis juillet 2015 (CSS, art. L521-1 à L521-3 et D521-1 à D521-3)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.periodes import lu
from legislation.prestations.personnes import MOIS_PAR_AN


class plafond_allocations_familiales_1(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles jusqu'auxquelles les allocations familiales sont entières"
    reference = "CSS, art. D521-3, I"

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales.modulation
        return loi.plafond_tranche_1 + loi.majoration_par_enfant * famille("nombre_enfants_prestations", period)


class plafond_allocations_familiales_2(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles jusqu'auxquelles la moitié des allocations familiales est versée"
    reference = "CSS, art. D521-3, II"

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales.modulation
        return loi.plafond_tranche_2 + loi.majoration_par_enfant * famille("nombre_enfants_prestations", period)


class modulation_allocations_familiales(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "/1"
    label = "Fraction des allocations familiales que les ressources laissent"
    reference = "CSS, art. D521-1, I"

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales.modulation
        ressources = famille("ressources_prestations_familiales", period.this_year)
        au_dela = np.where(ressources <= famille("plafond_allocations_familiales_2", period), loi.taux_tranche_2, loi.taux_tranche_3)
        return np.where(ressources <= famille("plafond_allocations_familiales_1", period), loi.taux_tranche_1, au_dela)


class part_residence_alternee(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "/1"
    label = "Part moyenne des enfants à charge, dont chacun en résidence alternée compte pour la moitié"
    reference = ["CSS, art. L521-2", "CSS, art. R521-3"]

    def formula(famille, period, parameters):
        moitie = parameters(period).prestations.allocations_familiales.residence_alternee
        parts = np.where(lu(famille.members, "residence_alternee", period), moitie, 1.0)
        enfants = famille("nombre_enfants_prestations", period)
        return np.where(enfants > 0, famille.sum(parts * famille.members("enfant_a_charge_prestations", period)) / np.maximum(enfants, 1), 1.0)


class allocations_familiales_base(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocations familiales, sans majoration ni complément"
    reference = ["CSS, art. L521-1", "CSS, art. D521-1, I"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales
        enfants = famille("nombre_enfants_prestations", period)
        suivants = np.maximum(enfants - loi.enfants_minimum, 0)
        taux = np.where(enfants >= loi.enfants_minimum, loi.deuxieme_enfant + loi.enfant_suivant * suivants, 0.0)
        entieres = taux * parameters(period).prestations.base_mensuelle
        return au_centime(entieres * famille("modulation_allocations_familiales", period) * famille("part_residence_alternee", period))


class majoration_age_ouverte(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge dont l'âge donne droit à la majoration, fût-il l'aîné"
    documentation = "La majoration est due le mois qui suit l'anniversaire."
    reference = ["CSS, art. L521-3", "CSS, art. R521-1", "CSS, art. R552-2 et R552-3"]

    def formula(individu, period, parameters):
        age = parameters(period).prestations.allocations_familiales.majoration_age.age
        return individu("enfant_a_charge_prestations", period) & (individu("age_en_mois", period) > MOIS_PAR_AN * age)


class majoration_age(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Majoration des allocations familiales pour l'âge des enfants, sauf l'aîné d'une famille de deux enfants"
    documentation = "Chaque enfant en résidence alternée donne la moitié de la sienne."
    reference = ["CSS, art. L521-3", "CSS, art. R521-1 et R521-4"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales
        enfants = famille("nombre_enfants_prestations", period)
        ouvertes = famille.members("majoration_age_ouverte", period)
        parts = np.where(lu(famille.members, "residence_alternee", period), loi.residence_alternee, 1.0) * ouvertes
        rangs = famille.members("age_en_mois", period)
        ages = np.where(famille.members("enfant_a_charge_prestations", period), rangs, -1)
        est_aine = ages == famille.project(famille.max(ages))
        # de deux jumeaux aînés, un seul est l'aîné
        part_aine = famille.sum(parts * est_aine) / np.maximum(famille.sum(est_aine & (ages >= 0)), 1)
        seul_le_cadet = enfants < loi.majoration_age.enfants_minimum_pour_l_aine
        comptees = famille.sum(parts) - np.where(seul_le_cadet, part_aine, 0.0)
        montant = loi.majoration_age.taux * parameters(period).prestations.base_mensuelle * famille("modulation_allocations_familiales", period)
        return np.where(enfants >= loi.enfants_minimum, comptees * au_centime(montant), 0.0)


class enfants_au_forfait(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'enfants dans l'année qui suit leur âge limite, si la famille en avait assez"
    reference = ["CSS, art. L521-1", "CSS, art. R521-1"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations
        forfait = loi.allocations_familiales.forfait
        ages = famille.members("age", period)
        limite = loi.personnes_a_charge.age_limite
        dans_l_annee = (ages >= limite) & (ages < limite + forfait.duree)
        au_forfait = famille.sum(dans_l_annee & famille.members("remuneration_compatible", period), role=Famille.ENFANT)
        return np.where(famille("nombre_enfants_prestations", period) + au_forfait >= forfait.enfants_minimum, au_forfait, 0)


def plafonds_du_forfait(famille, period, parameters):
    """Retourne les deux plafonds de ressources de l'allocation forfaitaire : les enfants qui y ouvrent droit les élèvent aussi."""
    en_plus = parameters(period).prestations.allocations_familiales.modulation.majoration_par_enfant * famille("enfants_au_forfait", period)
    return famille("plafond_allocations_familiales_1", period) + en_plus, famille("plafond_allocations_familiales_2", period) + en_plus


class allocation_forfaitaire(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation forfaitaire des enfants de vingt ans des familles nombreuses"
    reference = ["CSS, art. L521-1", "CSS, art. D521-2 et D521-3"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocations_familiales
        premier, second = plafonds_du_forfait(famille, period, parameters)
        ressources = famille("ressources_prestations_familiales", period.this_year)
        au_dela = np.where(ressources <= second, loi.modulation.taux_tranche_2, loi.modulation.taux_tranche_3)
        modulation = np.where(ressources <= premier, loi.modulation.taux_tranche_1, au_dela)
        return famille("enfants_au_forfait", period) * au_centime(loi.forfait.taux * parameters(period).prestations.base_mensuelle * modulation)


def degressif(ressources, plafonds, montant):
    """Retourne par mois ce qui manque aux ressources pour atteindre un plafond et une année du montant, si elles excèdent le plafond."""
    complement = 0.0
    for plafond in plafonds:
        manque = (plafond + MOIS_PAR_AN * montant - ressources) / MOIS_PAR_AN
        complement = complement + np.where((ressources > plafond) & (manque > 0), manque, 0.0)
    return complement


class complement_degressif(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Complément dégressif des allocations familiales et de leur majoration"
    documentation = "Dû si les ressources excèdent un plafond de moins d'une année des allocations versées."
    reference = ["CSS, art. L521-1", "CSS, art. D521-1, II"]

    def formula(famille, period):
        plafonds = famille("plafond_allocations_familiales_1", period), famille("plafond_allocations_familiales_2", period)
        montant = famille("allocations_familiales_base", period) + famille("majoration_age", period)
        return au_centime(degressif(famille("ressources_prestations_familiales", period.this_year), plafonds, montant))


class complement_degressif_forfait(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Complément dégressif de l'allocation forfaitaire"
    reference = ["CSS, art. L521-1", "CSS, art. D521-2"]

    def formula(famille, period, parameters):
        plafonds = plafonds_du_forfait(famille, period, parameters)
        montant = famille("allocation_forfaitaire", period)
        return au_centime(degressif(famille("ressources_prestations_familiales", period.this_year), plafonds, montant))


class allocations_familiales(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocations familiales, avec majorations, allocation forfaitaire et compléments, avant CRDS"
    reference = "CSS, art. L521-1 à L521-3"

    def formula(famille, period):
        allocations = famille("allocations_familiales_base", period) + famille("majoration_age", period) + famille("complement_degressif", period)
        return allocations + famille("allocation_forfaitaire", period) + famille("complement_degressif_forfait", period)
