"""Les prélèvements de l'État : sur les bases d'imposition élevées, et additionnel sur les résidences secondaires (CGI, art. 1641, I, 3)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.nomenclatures import Beneficiaire, Exoneration, NatureRedevable


class releve_du_taux_principal(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le prélèvement sur base élevée est au taux de l'habitation principale : il y en a un seul pour les personnes morales"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period):
        personne_morale = cote("nature_redevable", period) == NatureRedevable.personne_morale
        secondaire = cote("est_residence_secondaire", period) & ~personne_morale
        return ~(secondaire | cote("est_logement_vacant", period))


class assiette_prelevement_base_elevee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Base retenue pour le prélèvement sur base élevée : celle de la commune, ou de l'EPCI qui a institué la THLV et en a voté le taux"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period):
        thlv_epci = cote("est_logement_vacant", period) & (cote.commune("institution_thlv", period) == Beneficiaire.epci)
        base_epci = np.where(cote.commune("taux_epci", period) > 0, cote("base_imposable_epci", period), 0)
        return np.where(thlv_epci, base_epci, cote("base_imposable_commune", period))


def _taux_du_prelevement(cote, period, parameters, base):
    """Retourne le taux du prélèvement sur toute la base, nul jusqu'au seuil ; la cote ne doit porter aucun code d'exonération."""
    prelevement = parameters(period).taxe_habitation.prelevement_base_elevee
    taux_secondaire = np.where(base > prelevement.seuil_superieur, prelevement.taux_secondaire_superieur, prelevement.taux_secondaire)
    taux = np.where(cote("releve_du_taux_principal", period), prelevement.taux_principale, taux_secondaire)
    return np.where((cote("exoneration", period) == Exoneration.vide) & (base > prelevement.seuil), taux, 0.0)


class prelevement_base_elevee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement pour base d'imposition élevée"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period, parameters):
        base = cote("assiette_prelevement_base_elevee", period)
        return arrondi(_taux_du_prelevement(cote, period, parameters, base) * base)


class prelevement_base_elevee_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement pour base d'imposition élevée, sur les abattements de 2003"
    reference = ["CGI, art. 1641, I, 3", "CGI, art. 1414 A, III, 2"]

    def formula(cote, period, parameters):
        base = cote("base_imposable_commune_2003", period)
        return arrondi(_taux_du_prelevement(cote, period, parameters, base) * base)


class prelevement_base_elevee_taux_principal(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement pour base d'imposition élevée, au taux de l'habitation principale (0,2 %)"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period):
        return np.where(cote("releve_du_taux_principal", period), cote("prelevement_base_elevee", period), 0)


class prelevement_base_elevee_taux_secondaire(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement pour base d'imposition élevée, au premier taux des résidences secondaires (1,2 %)"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period, parameters):
        seuil_superieur = parameters(period).taxe_habitation.prelevement_base_elevee.seuil_superieur
        au_premier_taux = ~cote("releve_du_taux_principal", period) & (cote("assiette_prelevement_base_elevee", period) <= seuil_superieur)
        return np.where(au_premier_taux, cote("prelevement_base_elevee", period), 0)


class prelevement_base_elevee_taux_secondaire_superieur(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement pour base d'imposition élevée, au second taux des résidences secondaires (1,7 %)"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period, parameters):
        seuil_superieur = parameters(period).taxe_habitation.prelevement_base_elevee.seuil_superieur
        au_second_taux = ~cote("releve_du_taux_principal", period) & (cote("assiette_prelevement_base_elevee", period) > seuil_superieur)
        return np.where(au_second_taux, cote("prelevement_base_elevee", period), 0)


class prelevement_residences_secondaires(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement additionnel sur les résidences secondaires"
    reference = "CGI, art. 1641, I, 3"

    def formula(cote, period, parameters):
        taux = parameters(period).taxe_habitation.prelevement_additionnel_residences_secondaires.taux
        return arrondi(taux * np.where(cote("est_residence_secondaire", period), cote("assiette_frais_commune_epci", period), 0))


class prelevement_residences_secondaires_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement additionnel sur les résidences secondaires, sur les abattements de 2003"
    reference = ["CGI, art. 1641, I, 3", "CGI, art. 1414 A, III, 2"]

    def formula(cote, period, parameters):
        taux = parameters(period).taxe_habitation.prelevement_additionnel_residences_secondaires.taux
        return arrondi(taux * np.where(cote("est_residence_secondaire", period), cote("assiette_frais_commune_epci_2003", period), 0))


class somme_cotisations(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Somme des cotisations, frais et prélèvements, avant dégrèvement"
    reference = "CGI, art. 1641"

    def formula(cote, period):
        cotisations = cote("assiette_frais_commune_epci", period) + cote("cotisations_des_suiveuses", period)
        prelevements = cote("prelevement_base_elevee", period) + cote("prelevement_residences_secondaires", period)
        return cotisations + cote("frais_gestion", period) + prelevements


class cotisations_des_suiveuses(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisations du syndicat, des taxes spéciales d'équipement et de la taxe GEMAPI"
    reference = "CGI, art. 1609 quater, 1607 bis et 1530 bis"

    def formula(cote, period):
        return cote("cotisation_syndicat", period) + cote("assiette_frais_tse", period) + cote("cotisation_gemapi", period)


class somme_cotisations_principale(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Somme des cotisations de l'habitation principale ou de la dépendance (en THLV, sans le prélèvement sur base élevée)"
    reference = "CGI, art. 1641"

    def formula(cote, period):
        somme = cote("somme_cotisations", period)
        hors_prelevement = np.where(cote("est_logement_vacant", period), somme - cote("prelevement_base_elevee", period), somme)
        return np.where(cote("est_residence_secondaire", period), 0, hors_prelevement)


class somme_cotisations_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Somme des cotisations, frais et prélèvements de la seconde liquidation, sur les abattements de 2003"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period):
        cotisations = cote("assiette_frais_commune_epci_2003", period) + cote("cotisations_des_suiveuses", period)
        prelevements = cote("prelevement_base_elevee_2003", period) + cote("prelevement_residences_secondaires_2003", period)
        somme = cotisations + cote("frais_gestion_2003", period) + prelevements
        return np.where(cote("seconde_liquidation_faite", period), somme, 0)
