"""Où est le local et de quoi l'avis relève : les questions que toutes les autres règles posent, posées une seule fois."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Commune, Cote
from legislation.taxe_habitation.arrondis import est_parmi
from legislation.taxe_habitation.nomenclatures import (
    Affectation,
    Exoneration,
    GroupeRevision,
    Indicateur,
    NatureTaxation,
    PersonneMorale,
    TypeImposition,
    Zone,
)

# Codes qui désignent un territoire.
DEPARTEMENT_OUTRE_MER = "97"
CODE_COMMUNE_SAINT_MARTIN = "127"
DIRECTIONS_ANTILLES_REUNION = ["971", "972", "974"]
DIRECTION_GUYANE = "973"
DIRECTION_MAYOTTE = "976"
# Le programme ne vérifie que la forme : "98" ou "99" passent.
DEPARTEMENTS_BIEN_ECRITS = [*(f"{numero:02}" for numero in range(1, 100)), "2A", "2B"]


class outre_mer(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La commune est dans un département d'outre-mer"
    reference = "CGI, art. 1411, II bis"

    def formula(commune, period):
        return commune("departement", period) == DEPARTEMENT_OUTRE_MER


class saint_martin(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La commune est Saint-Martin, dont la collectivité a sa propre fiscalité"
    reference = "CGCT, art. LO 6314-4"

    def formula(commune, period):
        return commune("outre_mer", period) & (commune("code_commune", period) == CODE_COMMUNE_SAINT_MARTIN)


class epci_a_fiscalite_propre(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La commune appartient à un EPCI qui perçoit sa propre part de taxe d'habitation"
    reference = "CGI, art. 1379-0 bis"

    def formula(commune, period):
        return commune("appartenance_epci", period) == Indicateur.oui


class zone_revenu(Variable):
    value_type = Enum
    possible_values = Zone
    default_value = Zone.metropole
    entity = Cote
    definition_period = YEAR
    label = "Zone dont dépendent les seuils et abattements de revenu"
    reference = "CGI, art. 1414 A, I et 1417"

    def formula(cote, period):
        direction = cote("direction", period)
        return np.select(
            [np.isin(direction, DIRECTIONS_ANTILLES_REUNION), direction == DIRECTION_GUYANE, direction == DIRECTION_MAYOTTE],
            [Zone.antilles_reunion, Zone.guyane, Zone.mayotte],
            default=Zone.metropole,
        )


class est_logement_vacant(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'avis impose un logement vacant (THLV)"
    reference = "CGI, art. 1407 bis"

    def formula(cote, period):
        return cote("type_imposition", period) == TypeImposition.logements_vacants


class est_habitation_principale(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'avis impose une habitation principale"
    reference = "CGI, art. 1407"

    def formula(cote, period):
        return cote("nature_taxation", period) == NatureTaxation.principale


class est_residence_secondaire(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'avis impose une résidence secondaire"
    reference = "CGI, art. 1407"

    def formula(cote, period):
        return cote("nature_taxation", period) == NatureTaxation.secondaire


class est_dependance_isolee(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'avis impose une dépendance isolée de l'habitation principale"
    reference = "CGI, art. 1407"

    def formula(cote, period):
        return cote("nature_taxation", period) == NatureTaxation.dependance


class est_exoneree(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La cote porte une exonération (F, I, A, D, V, S, W ou K)"
    reference = "CGI, art. 1414, I et I bis"

    def formula(cote, period):
        exoneration = cote("exoneration", period)
        return ~est_parmi(exoneration, Exoneration.vide, Exoneration.gestionnaire, Exoneration.plafonnement, Exoneration.invalide)


class est_plafonnee(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La cote ouvre droit au plafonnement selon le revenu"
    documentation = "Jamais à compter de 2020 : l'article 1414 A est abrogé."
    reference = "CGI, art. 1414 A"

    def formula(cote, period):
        return cote("exoneration", period) == Exoneration.plafonnement

    def formula_2018(cote, period, parameters):
        en_vigueur = parameters(period).taxe_habitation.plafonnement.en_vigueur
        return (cote("exoneration", period) == Exoneration.plafonnement) & en_vigueur


class est_logement_social(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Logement social d'un organisme d'HLM ou d'une société d'économie mixte, exonéré de taxes spéciales d'équipement"
    reference = "CGI, art. 1607 bis et 1530 bis"

    def formula(cote, period):
        return (
            est_parmi(cote("personne_morale", period), PersonneMorale.hlm, PersonneMorale.sem)
            & est_parmi(cote("groupe_revision", period), GroupeRevision.vide, GroupeRevision.logement_social)
            & est_parmi(cote("affectation", period), Affectation.fiscale, Affectation.habitation, Affectation.mixte)
        )


class departement_bien_ecrit(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Le département est écrit comme il se doit : deux chiffres, ou 2A ou 2B"
    reference = "Insee, code officiel géographique"

    def formula(commune, period):
        return np.isin(commune("departement", period), DEPARTEMENTS_BIEN_ECRITS)
