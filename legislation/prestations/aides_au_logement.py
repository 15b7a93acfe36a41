"""Les aides personnelles au logement des locataires : APL, allocations de logement familiale et sociale (CCH, art. D823-16 à D823-19).

Un seul calcul pour les trois. L'aide est Af = L + C - Pp : le loyer dans la limite d'un plafond, un forfait de charges, moins la participation
personnelle Pp = P0 + Tp × (R - R0). Elle décroît si le loyer est très élevé, perd cinq euros, est arrondie, et, dans le parc social, baisse de
presque toute la réduction de loyer de solidarité. Les logements-foyers, les résidences et l'accession à la propriété ne sont pas calculés.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_divide_by_period
from legislation.descriptions.menages import StatutOccupation
from legislation.entites import Famille
from legislation.prestations.arrondis import TOLERANCE, au_centime, au_centime_inferieur
from legislation.prestations.logement_loue import logement_donne, selon_la_famille, selon_la_zone, selon_les_charges
from legislation.prestations.periodes import lu_annee
from legislation.prestations.personnes import MOIS_PAR_AN

DECIMALES_RAPPORT = 10_000
"""RL est exprimé en pourcentage et arrondi à la deuxième décimale (arrêté du 27 septembre 2019, art. 14)."""

DECIMALES_TAUX = 100_000
"""TL est exprimé en pourcentage et arrondi à la troisième décimale (même article)."""


def arrondi_a(valeur, unites):
    """Retourne une valeur positive arrondie à l'unité la plus proche, `unites` d'entre elles faisant un."""
    return np.floor(unites * valeur + 0.5 + TOLERANCE) / unites


class plafond_loyer(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Plafond de loyer, selon la zone et la famille ; d'une chambre ou d'une colocation, une fraction"
    reference = ["CCH, art. D823-16, 2° et D823-18", "Arrêté du 27 septembre 2019, art. 7, 8 et 16"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.loyers
        menage, annee = famille.demandeur.menage, period.this_year
        couple, charges = famille("en_couple", period), famille("personnes_a_charge_logement", period)
        zone = lu_annee(menage, "zone_apl", annee)
        entier = selon_la_zone(zone, lambda plafonds: selon_la_famille(couple, charges, plafonds), loi.plafonds)
        chambre = au_centime(loi.chambre * selon_la_zone(zone, lambda plafonds: plafonds.seul, loi.plafonds))
        partage = np.where(lu_annee(menage, "colocation", annee), au_centime(loi.colocation * entier), entier)
        return np.where(lu_annee(menage, "logement_chambre", annee), chambre, partage)


class loyer_eligible(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Loyer éligible L, dans la limite du plafond"
    reference = "CCH, art. D823-16, 2°"

    def formula(famille, period):
        return np.minimum(famille.demandeur.menage("loyer_principal", period.this_year), famille("plafond_loyer", period))


class forfait_charges_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Montant forfaitaire C au titre des charges"
    reference = ["CCH, art. D823-16, 3° et D823-18", "Arrêté du 27 septembre 2019, art. 9 et 16"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.charges
        partagees = np.where(famille("en_couple", period), loi.colocation.couple, loi.colocation.seul)
        base = np.where(lu_annee(famille.demandeur.menage, "colocation", period.this_year), partagees, loi.base)
        return base + loi.par_personne_a_charge * famille("personnes_a_charge_logement", period)


class taux_participation_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "/1"
    label = "Taux Tp de prise en compte des ressources : TF selon la famille, et TL selon le loyer"
    reference = ["CCH, art. D823-17, 3°", "Arrêté du 27 septembre 2019, art. 14"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement
        couple, charges = famille("en_couple", period), famille("personnes_a_charge_logement", period)
        reference = selon_la_famille(couple, charges, loi.loyers.plafonds.zone_2)
        rapport = arrondi_a(famille("loyer_eligible", period) / reference, DECIMALES_RAPPORT)
        tranches = loi.participation.taux_loyer
        deuxieme = np.minimum(np.maximum(rapport - tranches.seuil_1, 0.0), tranches.seuil_2 - tranches.seuil_1)
        progressif = tranches.taux_2 * deuxieme + tranches.taux_3 * np.maximum(rapport - tranches.seuil_2, 0.0)
        return selon_les_charges(couple, charges, loi.participation.taux_famille) + arrondi_a(progressif, DECIMALES_TAUX)


class participation_personnelle_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Participation personnelle Pp : une part minimale, et un taux des ressources au-delà d'un abattement"
    reference = ["CCH, art. D823-17", "Arrêté du 27 septembre 2019, art. 13 à 15"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement
        depense = famille("loyer_eligible", period) + famille("forfait_charges_logement", period)
        minimale = np.maximum(loi.participation.minimale.taux * depense, loi.participation.minimale.montant)
        abattement = selon_les_charges(famille("en_couple", period), famille("personnes_a_charge_logement", period), loi.participation.abattement)
        centaines = np.ceil(famille("ressources_aides_au_logement", period) / loi.ressources.arrondi - TOLERANCE)
        excedent = np.maximum(loi.ressources.arrondi * centaines - abattement, 0.0)
        return minimale + famille("taux_participation_logement", period) * excedent


class aide_au_logement_avant_minoration(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Aide au logement Af = L + C - Pp, réduite si le loyer dépasse un multiple de son plafond"
    documentation = "La réduction épargne les bénéficiaires de l'AAH et de l'AEEH, qui ne sont pas distingués ici."
    reference = ["CCH, art. D823-16", "Arrêté du 27 septembre 2019, art. 10"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.loyers
        menage, annee = famille.demandeur.menage, period.this_year
        zone, plafond = lu_annee(menage, "zone_apl", annee), famille("plafond_loyer", period)
        premier, second = (plafond * selon_la_zone(zone, lambda coefficient: coefficient, regle) for regle in (loi.degressivite, loi.suppression))
        reste = np.minimum(np.maximum((second - menage("loyer_principal", annee)) / np.maximum(second - premier, 1.0), 0.0), 1.0)
        depense = famille("loyer_eligible", period) + famille("forfait_charges_logement", period)
        return reste * np.maximum(depense - famille("participation_personnelle_logement", period), 0.0)


class plafond_reduction_loyer_solidarite(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Ressources par mois jusqu'auxquelles la réduction de loyer de solidarité est due"
    reference = ["CCH, art. L442-2-1", "Arrêté du 27 février 2018 relatif à la réduction de loyer de solidarité"]

    def formula_2018_02(famille, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.reduction_loyer_solidarite
        couple, charges = famille("en_couple", period), famille("personnes_a_charge_logement", period)
        zone = lu_annee(famille.demandeur.menage, "zone_apl", period.this_year)
        return selon_la_zone(zone, lambda plafonds: selon_les_charges(couple, charges, plafonds), loi.plafonds)


class reduction_loyer_solidarite(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Réduction de loyer de solidarité d'un locataire du parc social, par mois"
    documentation = "Depuis février 2018. Le loyer donné est celui d'avant la réduction."
    reference = ["CCH, art. L442-2-1", "Arrêté du 27 février 2018 relatif à la réduction de loyer de solidarité"]

    def formula_2018_02(famille, period, parameters):
        if not logement_donne(famille):
            return famille.empty_array()
        loi = parameters(period).prestations.aides_au_logement.reduction_loyer_solidarite
        couple, charges = famille("en_couple", period), famille("personnes_a_charge_logement", period)
        zone = lu_annee(famille.demandeur.menage, "zone_apl", period.this_year)
        montant = selon_la_zone(zone, lambda montants: selon_la_famille(couple, charges, montants), loi.montants)
        modeste = famille("ressources_aides_au_logement", period) / MOIS_PAR_AN <= famille("plafond_reduction_loyer_solidarite", period)
        return np.where(famille("locataire_aide", period) & du_parc_social(famille, period.this_year) & modeste, montant, 0.0)


def du_parc_social(famille, annee):
    """Dit quelles familles sont locataires d'un logement social : leur aide est l'APL, celle des autres une allocation de logement."""
    return lu_annee(famille.demandeur.menage, "statut_occupation", annee) == StatutOccupation.locataire_hlm


class aides_au_logement_brutes(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Aides personnelles au logement, avant CRDS"
    documentation = "Un locataire du parc social a l'APL, un autre une allocation de logement : les logements privés conventionnés ne sont pas distingués."
    reference = ["CCH, art. D823-16", "Arrêté du 27 septembre 2019, art. 11 et 12"]

    def formula(famille, period, parameters):
        if not logement_donne(famille):
            return famille.empty_array()
        loi = parameters(period).prestations
        regle = loi.aides_au_logement.versement
        minoree = np.maximum(famille("aide_au_logement_avant_minoration", period) - regle.minoration, 0.0)
        contribution = au_centime(loi.crds * minoree)
        arrondie = np.where(minoree > 0, np.floor(minoree - contribution + TOLERANCE) + contribution, 0.0)
        baisse = loi.aides_au_logement.reduction_loyer_solidarite.baisse_de_l_aide * famille("reduction_loyer_solidarite", period)
        montant = au_centime(np.maximum(arrondie - baisse, 0.0))
        seuil = np.where(du_parc_social(famille, period.this_year), regle.seuil.apl, regle.seuil.allocation_logement)
        return np.where(famille("locataire_aide", period) & (montant >= seuil), montant, 0.0)


class crds_aides_au_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "CRDS retenue sur les aides au logement, au centime inférieur"
    reference = "Ordonnance 96-50 du 24 janvier 1996, art. 14 et 19"

    def formula(famille, period, parameters):
        return au_centime_inferieur(parameters(period).prestations.crds * famille("aides_au_logement_brutes", period))


class aides_au_logement(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    set_input = set_input_divide_by_period
    unit = "currency"
    label = "Aides personnelles au logement perçues, par mois, nettes de CRDS"
    documentation = "Données, ou calculées pour les locataires dont la population donne le loyer, le statut d'occupation et la zone ; nulles sinon."
    reference = ["CCH, art. L821-1", "CASF, art. R262-9"]

    def formula(famille, period):
        return famille("aides_au_logement_brutes", period) - famille("crds_aides_au_logement", period)
