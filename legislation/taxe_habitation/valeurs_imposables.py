"""Ce que la liquidation des bases prend pour point de départ : la valeur locative retenue et les personnes à charge, par rang."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.arrondis import POUR_CENT, arrondi
from legislation.taxe_habitation.nomenclatures import Indicateur

PREMIERS_RANGS = 2


class valeur_locative_non_retenue(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative laissée hors de la base la troisième année de sortie d'exonération"
    reference = "CGI, art. 1414, I bis"

    def formula_2017(cote, period, parameters):
        fraction = parameters(period).taxe_habitation.abattement_sortie_exoneration
        troisieme_annee = (cote("abattement_sortie_exoneration", period) == Indicateur.oui) & (cote("troisieme_annee_sortie", period) == Indicateur.oui)
        admise = cote("est_habitation_principale", period) | cote("est_dependance_isolee", period)
        part = arrondi(fraction.numerateur * cote("valeur_locative_brute_principale", period) / fraction.denominateur)
        return np.where(admise & troisieme_annee, part, 0)


class valeur_locative_retenue(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative retenue, avant abattements"
    documentation = "Nulle à compter de 2023 pour l'habitation principale d'un particulier, qui n'est plus imposable."
    reference = ["CGI, art. 1409", "CGI, art. 1407, I, 1°"]

    def formula(cote, period):
        principale = cote("valeur_locative_brute_principale", period) - cote("valeur_locative_non_retenue", period)
        return np.where(cote("est_residence_secondaire", period), cote("valeur_locative_brute_secondaire", period), principale)

    def formula_2018(cote, period, parameters):
        imposable = parameters(period).taxe_habitation.habitation_principale.imposable
        hors_champ = cote("est_habitation_principale_d_un_particulier", period) & (not imposable)
        principale = cote("valeur_locative_brute_principale", period) - cote("valeur_locative_non_retenue", period)
        retenue = np.where(cote("est_residence_secondaire", period), cote("valeur_locative_brute_secondaire", period), principale)
        return np.where(hors_champ, 0, retenue)


class valeur_locative_avec_abattements(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative retenue de l'habitation principale, qui supporte les abattements (nulle sinon)"
    reference = "CGI, art. 1411, I"

    def formula(cote, period):
        principale = cote("est_habitation_principale", period) & ~cote("est_logement_vacant", period)
        return np.where(principale, cote("valeur_locative_retenue", period), 0)


class valeur_locative_sans_abattement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative retenue de la résidence secondaire ou de la dépendance isolée, sans abattement (nulle sinon)"
    reference = "CGI, art. 1409"

    def formula(cote, period):
        sans_abattement = cote("est_residence_secondaire", period) | cote("est_dependance_isolee", period)
        return np.where(sans_abattement, cote("valeur_locative_retenue", period), 0)


class valeur_locative_vacante(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative du logement vacant imposable à la THLV (nulle en taxe d'habitation)"
    reference = "CGI, art. 1407 bis"

    def formula(cote, period):
        return np.where(cote("est_logement_vacant", period), cote("valeur_locative_brute_principale", period), 0)


class enfants_alternes_rangs_1_2(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Enfants en résidence alternée comptés aux rangs 1 et 2 (ils prennent rang les premiers)"
    reference = "CGI, art. 1411, II, 1"

    def formula(cote, period):
        return np.minimum(cote("enfants_residence_alternee", period), PREMIERS_RANGS)


class personnes_a_charge_rangs_1_2(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Personnes à charge comptées aux rangs 1 et 2 après les enfants en résidence alternée"
    reference = "CGI, art. 1411, II, 1"

    def formula(cote, period):
        rangs_libres = PREMIERS_RANGS - cote("enfants_alternes_rangs_1_2", period)
        return np.minimum(cote("personnes_a_charge", period), rangs_libres)


class enfants_alternes_rang_3(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Enfants en résidence alternée comptés à partir du rang 3"
    reference = "CGI, art. 1411, II, 1"

    def formula(cote, period):
        return cote("enfants_residence_alternee", period) - cote("enfants_alternes_rangs_1_2", period)


class personnes_a_charge_rang_3(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Personnes à charge comptées à partir du rang 3"
    reference = "CGI, art. 1411, II, 1"

    def formula(cote, period):
        return cote("personnes_a_charge", period) - cote("personnes_a_charge_rangs_1_2", period)


class plafond_abattement_special(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "percent"
    label = "Valeur locative à ne pas atteindre pour l'abattement spécial, en pourcentage de la valeur locative moyenne"
    reference = "CGI, art. 1411, II, 3"

    def formula(cote, period, parameters):
        special = parameters(period).taxe_habitation.abattements.special
        majoration = special.majoration_par_personne * cote("personnes_a_charge", period)
        majoration_alternes = special.majoration_par_personne // 2 * cote("enfants_residence_alternee", period)
        return special.plafond_valeur_locative + majoration + majoration_alternes


class minimum_charges_alsace_moselle(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Moindre abattement par personne à charge dans le régime d'Alsace-Moselle"
    reference = "CGI, art. 1411, II, 1"

    def formula(cote, period, parameters):
        taux = parameters(period).taxe_habitation.abattements.alsace_moselle.taux_rangs_1_2
        du_local = cote("valeur_locative_brute_principale", period) * taux // POUR_CENT
        return np.maximum(du_local, cote.commune("minimum_alsace_moselle", period))
