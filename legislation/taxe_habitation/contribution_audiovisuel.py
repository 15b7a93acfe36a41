"""La contribution à l'audiovisuel public, appelée avec la taxe d'habitation (CGI, art. 1605)."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.nomenclatures import ChampAudiovisuel, DegrevementAudiovisuel, RangSortie, Television


class contribution_audiovisuel_due(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La contribution à l'audiovisuel public est due : le local est dans le champ et un téléviseur y est déclaré"
    reference = "CGI, art. 1605, II"

    def formula(cote, period):
        dans_le_champ = cote("champ_audiovisuel", period) == ChampAudiovisuel.dans_le_champ
        return dans_le_champ & (cote("television", period) == Television.declaree) & ~cote("est_logement_vacant", period)


def _si_due(cote, period, montants):
    montant = np.where(cote.commune("outre_mer", period), montants.outre_mer, montants.metropole)
    return np.where(cote("contribution_audiovisuel_due", period), montant, 0)


class cotisation_audiovisuel(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de contribution à l'audiovisuel public"
    reference = "CGI, art. 1605, III"

    def formula(cote, period, parameters):
        return _si_due(cote, period, parameters(period).taxe_habitation.contribution_audiovisuel.cotisation)


class frais_audiovisuel(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Frais d'assiette et de recouvrement de la contribution à l'audiovisuel public"
    reference = "CGI, art. 1605"

    def formula(cote, period, parameters):
        return _si_due(cote, period, parameters(period).taxe_habitation.contribution_audiovisuel.frais)


class somme_audiovisuel(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Contribution à l'audiovisuel public, frais compris"
    reference = "CGI, art. 1605"

    def formula(cote, period):
        return cote("cotisation_audiovisuel", period) + cote("frais_audiovisuel", period)


class montant_degrevement_audiovisuel(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dégrèvement de contribution à l'audiovisuel public"
    reference = "CGI, art. 1605 bis"

    def formula(cote, period):
        degreve = cote("degrevement_audiovisuel", period) != DegrevementAudiovisuel.vide
        return np.where(degreve, cote("somme_audiovisuel", period), 0)


class net_audiovisuel(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Contribution à l'audiovisuel public nette de dégrèvement"
    reference = "CGI, art. 1605 et 1605 bis"

    def formula(cote, period):
        return cote("somme_audiovisuel", period) - cote("montant_degrevement_audiovisuel", period)


# Le code porté au rôle : téléviseur, dégrèvement, année du maintien de l'exonération


class role_audiovisuel_sans_contribution(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le rôle porte qu'il n'y a pas de contribution : aucun téléviseur, et un local hors du champ"
    reference = "CGI, art. 1605"

    def formula(cote, period):
        hors_du_champ = cote("champ_audiovisuel", period) != ChampAudiovisuel.dans_le_champ
        return hors_du_champ & (cote("television", period) == Television.aucune)


class role_audiovisuel_degrevement(Variable):
    value_type = Enum
    possible_values = DegrevementAudiovisuel
    default_value = DegrevementAudiovisuel.vide
    entity = Cote
    definition_period = YEAR
    label = "Dégrèvement de contribution à l'audiovisuel public porté au rôle"
    reference = "CGI, art. 1605 bis"

    def formula(cote, period):
        sans_contribution = cote("role_audiovisuel_sans_contribution", period)
        return np.where(sans_contribution, DegrevementAudiovisuel.sans_contribution, cote("degrevement_audiovisuel", period))


class role_audiovisuel_rang_sortie(Variable):
    value_type = Enum
    possible_values = RangSortie
    default_value = RangSortie.vide
    entity = Cote
    definition_period = YEAR
    label = "Année du maintien de l'exonération portée au rôle de la contribution à l'audiovisuel public (depuis 2016)"
    reference = "CGI, art. 1605 bis"

    def formula_2016(cote, period):
        return np.where(cote("role_audiovisuel_sans_contribution", period), RangSortie.vide, cote("rang_sortie_exoneration", period))
