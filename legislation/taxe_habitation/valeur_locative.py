"""La valeur locative d'un local d'habitation, et ce qui en est exonéré en zone de revitalisation rurale.

La valeur locative de référence est actualisée par le coefficient du département (loyers de 1970 à 1978), puis
revalorisée par le coefficient cumulé depuis lors ; chaque étape est arrondie à l'euro.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Local
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.nomenclatures import Affectation
from legislation.taxe_habitation.nomenclatures_local import LocationRurale
from legislation.taxe_habitation.situation import DEPARTEMENT_OUTRE_MER, DIRECTION_MAYOTTE


def coefficient_actualisation(coefficients, communes, departement, code_commune):
    """Retourne le coefficient d'actualisation de chaque local, de sa commune si elle en a un propre, sinon du département.

    Un département inconnu prend celui de l'outre-mer : le contrôle 2 l'a refusé.
    """
    connus = list(coefficients)
    coefficient = coefficients[np.where(np.isin(departement, connus), departement, DEPARTEMENT_OUTRE_MER)]
    for code in communes:
        dans_la_commune = (departement == code[:2]) & (code_commune == code[2:])
        coefficient = np.where(dans_la_commune, communes[code], coefficient)
    return coefficient


class coefficient_actualisation_habitation(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    label = "Coefficient d'actualisation des locaux d'habitation dans la commune du local"
    reference = "CGI, art. 1518"

    def formula(local, period, parameters):
        valeur_locative = parameters(period).taxe_habitation.valeur_locative
        return coefficient_actualisation(
            valeur_locative.coefficients_departementaux.autres_affectations,
            valeur_locative.coefficients_communes.autres_affectations,
            local("departement_local", period),
            local("code_commune_local", period),
        )


class coefficient_actualisation_association(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    label = "Coefficient d'actualisation des locaux des associations à but lucratif dans la commune du local"
    reference = "CGI, art. 1518"

    def formula(local, period, parameters):
        valeur_locative = parameters(period).taxe_habitation.valeur_locative
        return coefficient_actualisation(
            valeur_locative.coefficients_departementaux.association,
            valeur_locative.coefficients_communes.association,
            local("departement_local", period),
            local("code_commune_local", period),
        )


class coefficient_actualisation_local(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    label = "Coefficient d'actualisation du local"
    reference = "CGI, art. 1518"

    def formula(local, period):
        return np.where(
            local("affectation_local", period) == Affectation.association,
            local("coefficient_actualisation_association", period),
            local("coefficient_actualisation_habitation", period),
        )


def du_territoire(local, period, revalorisation):
    """Retourne le coefficient de chaque local parmi ceux de Mayotte, du reste de l'outre-mer et de la métropole."""
    a_mayotte = local("direction_local", period) == DIRECTION_MAYOTTE
    outre_mer = local("departement_local", period) == DEPARTEMENT_OUTRE_MER
    return np.select([a_mayotte, outre_mer], [revalorisation.mayotte, revalorisation.outre_mer], default=revalorisation.metropole)


class coefficient_revalorisation(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    label = "Coefficient cumulé de revalorisation du local"
    reference = "CGI, art. 1518 bis"

    def formula(local, period, parameters):
        return du_territoire(local, period, parameters(period).taxe_habitation.valeur_locative.revalorisation)


class coefficient_revalorisation_habitation_principale(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    end = "2022-12-31"
    label = "Coefficient cumulé de revalorisation des habitations principales, à part de 2020 à 2022"
    reference = ["CGI, art. 1518 bis", "Loi n° 2019-1479 du 28 décembre 2019 de finances pour 2020, art. 16"]

    def formula(local, period):
        return local("coefficient_revalorisation", period)

    def formula_2020(local, period, parameters):
        return du_territoire(local, period, parameters(period).taxe_habitation.valeur_locative.revalorisation.habitation_principale)


def valeur_mise_a_jour(reference, actualisation, revalorisation):
    """Retourne la valeur locative actualisée puis revalorisée, arrondie à l'euro à chaque étape."""
    return arrondi(arrondi(reference * actualisation) * revalorisation)


class valeur_locative_principale(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative de la partie principale du local, actualisée et revalorisée"
    reference = ["CGI, art. 1409", "CGI, art. 1518", "CGI, art. 1518 bis"]

    def formula(local, period):
        return valeur_mise_a_jour(
            local("valeur_locative_reference_principale", period),
            local("coefficient_actualisation_local", period),
            local("coefficient_revalorisation", period),
        )


class valeur_locative_parties_communes(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Part du local dans la valeur locative des locaux communs, actualisée et revalorisée"
    reference = ["CGI, art. 1409", "CGI, art. 1518", "CGI, art. 1518 bis"]

    def formula(local, period):
        return valeur_mise_a_jour(
            local("valeur_locative_reference_parties_communes", period),
            local("coefficient_actualisation_local", period),
            local("coefficient_revalorisation", period),
        )


def valeur_exoneree(local, period, exoneration_votee, hebergement):
    """Retourne la part exonérée de la valeur locative des locaux de cet hébergement, où la commune a voté son exonération."""
    total = local("valeur_locative_principale", period) + local("valeur_locative_parties_communes", period)
    return part_exoneree(local, period, total, exoneration_votee, hebergement)


def part_exoneree(local, period, total, exoneration_votee, hebergement):
    """Retourne la part exonérée d'une valeur locative, là où le local est de cet hébergement et où la commune a voté son exonération."""
    exonere = (local("location_rurale", period) == hebergement) & (local.commune(exoneration_votee, period) == hebergement)
    return np.where(exonere, arrondi(total * local("taux_exoneration_location_rurale", period) / 100), 0)


class valeur_locative_exoneree_gite_rural(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative exonérée au titre des gîtes ruraux"
    reference = "CGI, art. 1407, III, 1°"

    def formula(local, period):
        return valeur_exoneree(local, period, "exoneration_votee_gites_ruraux", LocationRurale.gite_rural)


class valeur_locative_exoneree_meuble_de_tourisme(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative exonérée au titre des meublés de tourisme"
    reference = "CGI, art. 1407, III, 2°"

    def formula(local, period):
        return valeur_exoneree(local, period, "exoneration_votee_meubles_de_tourisme", LocationRurale.meuble_de_tourisme)


class valeur_locative_exoneree_chambre_d_hotes(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    end = "2016-12-31"
    unit = "currency"
    label = "Valeur locative exonérée au titre des chambres d'hôtes (exonération abrogée à compter de 2017)"
    reference = "CGI, art. 1407, III, 3°"

    def formula(local, period):
        return valeur_exoneree(local, period, "exoneration_votee_chambres_d_hotes", LocationRurale.chambre_d_hotes)


class valeur_locative_imposable(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative du local, après exonération en zone de revitalisation rurale"
    reference = ["CGI, art. 1409", "CGI, art. 1407, III"]

    def formula(local, period):
        return (
            local("valeur_locative_principale", period)
            + local("valeur_locative_parties_communes", period)
            - local("valeur_locative_exoneree_gite_rural", period)
            - local("valeur_locative_exoneree_meuble_de_tourisme", period)
            - local("valeur_locative_exoneree_chambre_d_hotes", period)
        )


class valeur_locative_imposable_habitation_principale(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    end = "2022-12-31"
    unit = "currency"
    label = "Valeur locative du local s'il est une habitation principale, après exonération en zone de revitalisation rurale"
    reference = ["CGI, art. 1409", "CGI, art. 1407, III", "CGI, art. 1518 bis"]

    def formula(local, period):
        return local("valeur_locative_imposable", period)

    def formula_2020(local, period):
        parties = ("valeur_locative_reference_principale", "valeur_locative_reference_parties_communes")
        actualisation = local("coefficient_actualisation_local", period)
        revalorisation = local("coefficient_revalorisation_habitation_principale", period)
        principale, communes = (local(partie, period) for partie in parties)
        total = valeur_mise_a_jour(principale, actualisation, revalorisation) + valeur_mise_a_jour(communes, actualisation, revalorisation)
        gites = part_exoneree(local, period, total, "exoneration_votee_gites_ruraux", LocationRurale.gite_rural)
        meubles = part_exoneree(local, period, total, "exoneration_votee_meubles_de_tourisme", LocationRurale.meuble_de_tourisme)
        # sans valeur de référence, on ne connaît du local que ce qui en est donné
        return np.where(principale + communes == 0, local("valeur_locative_imposable", period), total - gites - meubles)


class code_retour_valeur_locative(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Code de retour du calcul de la valeur locative (0 : calcul fait)"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kvlc"

    def formula(local, period, parameters):
        loi = parameters(period).taxe_habitation
        annee = local("annee_imposition_local", period)
        departement = local("departement_local", period)
        controles = [
            (4402, annee != local.commune("annee_deliberations", period)),
            (4404, departement != local.commune("departement", period)),
            (4403, local("code_commune_local", period) != local.commune("code_commune", period)),
            (4401, local("affectation_local", period) == Affectation.invalide),
            (2, ~np.isin(departement, list(loi.valeur_locative.coefficients_departementaux.autres_affectations))),
            (1, annee_inconnue(annee, loi.controles)),
        ]
        return premier_code(controles)
