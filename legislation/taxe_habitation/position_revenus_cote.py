"""La position des revenus de la cote et de tout le foyer parmi les limites de l'article 1417, et le revenu à plafonner.

La cote d'un seul redevable a la position de son revenu. Celle de deux redevables imposés séparément a la position de la
somme de leurs revenus pour la somme de leurs parts ; mais elle n'est sous la limite du I que si chacun d'eux l'est.
Tout le foyer comprend en outre les personnes rattachées ; son revenu, après abattement, est celui que le plafonnement retient.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.nomenclatures_local import (
    CompositionCote,
    DroitPlafonnement,
    PositionRevenu,
    PositionRevenuMaintien,
    TrancheRevenu,
    TravailleurFrontalier,
)
from legislation.taxe_habitation.parts import montant_selon_parts
from legislation.taxe_habitation.position_revenus import position_revenu, position_revenu_maintien, tranche_revenu


class revenu_redevables(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence du redevable, ou des deux redevables de la cote"
    reference = "CGI, art. 1417, IV"

    def formula(cote, period):
        premier = cote.premier_redevable("revenu_fiscal_reference", period)
        second = cote.second_redevable("revenu_fiscal_reference", period)
        return premier + np.where(cote("composition_cote", period) == CompositionCote.conjointe, second, 0)


class parts_redevables(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Parts de quotient familial du redevable, ou des deux redevables de la cote, multipliées par 100"
    reference = "CGI, art. 194"

    def formula(cote, period):
        premier = cote.premier_redevable("nombre_parts_fiscales", period)
        second = cote.second_redevable("nombre_parts_fiscales", period)
        return premier + np.where(cote("composition_cote", period) == CompositionCote.conjointe, second, 0)


class revenu_frontalier_inconnu_cote(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'un des redevables est un travailleur frontalier dont le revenu est inconnu"
    reference = "CGI, art. 1417, IV"

    def formula(cote, period):
        return cote.premier_redevable("revenu_frontalier_inconnu", period) | cote.second_redevable("revenu_frontalier_inconnu", period)


class position_revenu_cote(Variable):
    value_type = Enum
    possible_values = PositionRevenu
    default_value = PositionRevenu.vide
    entity = Cote
    definition_period = YEAR
    label = "Position du revenu de la cote parmi les limites de l'article 1417"
    reference = ["CGI, art. 1417, I", "CGI, art. 1417, II"]

    def formula(cote, period, parameters):
        premier = cote.premier_redevable("position_revenu_redevable", period)
        second = cote.second_redevable("position_revenu_redevable", period)
        ensemble = position_revenu(
            cote("revenu_redevables", period),
            cote("parts_redevables", period),
            cote("zone_revenu", period),
            parameters(period).taxe_habitation,
        )
        sous_exoneration, sous_plafonnement = PositionRevenu.sous_limite_exoneration, PositionRevenu.sous_limite_plafonnement
        l_un_sous_une_limite = (premier == sous_exoneration) | (premier == sous_plafonnement) | (second == sous_exoneration) | (second == sous_plafonnement)
        l_un_inconnu = (premier == PositionRevenu.vide) | (second == PositionRevenu.vide)
        return np.select(
            [
                cote("composition_cote", period) != CompositionCote.conjointe,
                (premier == sous_exoneration) & (second == sous_exoneration),
                l_un_inconnu & l_un_sous_une_limite,
                l_un_inconnu,
                cote("revenu_frontalier_inconnu_cote", period),
                ensemble == sous_exoneration,
            ],
            [premier, sous_exoneration, sous_plafonnement, PositionRevenu.vide, PositionRevenu.au_dela, sous_plafonnement],
            default=ensemble,
        )


class position_revenu_maintien_cote(Variable):
    value_type = Enum
    possible_values = PositionRevenuMaintien
    default_value = PositionRevenuMaintien.vide
    entity = Cote
    definition_period = YEAR
    label = "Position du revenu de la cote par rapport à la limite du I bis de l'article 1417"
    reference = "CGI, art. 1417, I bis"

    def formula_2016(cote, period, parameters):
        premier = cote.premier_redevable("position_revenu_maintien_redevable", period)
        second = cote.second_redevable("position_revenu_maintien_redevable", period)
        # Le programme met à zéro la somme des revenus dès que celui d'un travailleur frontalier est inconnu.
        revenu = np.where(cote("revenu_frontalier_inconnu_cote", period), 0, cote("revenu_redevables", period))
        ensemble = position_revenu_maintien(revenu, cote("parts_redevables", period), cote("zone_revenu", period), parameters(period).taxe_habitation)
        sous_limite = PositionRevenuMaintien.sous_limite_maintien
        return np.select(
            [
                cote("composition_cote", period) != CompositionCote.conjointe,
                (premier == sous_limite) & (second == sous_limite),
                (premier == PositionRevenuMaintien.vide) | (second == PositionRevenuMaintien.vide),
            ],
            [premier, sous_limite, PositionRevenuMaintien.vide],
            default=ensemble,
        )


class tranche_revenu_cote(Variable):
    value_type = Enum
    possible_values = TrancheRevenu
    default_value = TrancheRevenu.nul
    entity = Cote
    definition_period = YEAR
    label = "Tranche du revenu de la cote (nulle si la cote est celle d'un rattaché)"
    reference = ["CGI, art. 1414 A, I", "CGI, art. 1417, I", "CGI, art. 1417, II"]

    def formula(cote, period, parameters):
        tranche = tranche_revenu(
            cote("revenu_redevables", period),
            cote("parts_redevables", period),
            cote("zone_revenu", period),
            parameters(period).taxe_habitation,
        )
        return np.where(cote("composition_cote", period) == CompositionCote.rattache, TrancheRevenu.nul, tranche)


def somme_des_foyers(cote, period, variable):
    """Retourne la somme d'une variable sur tout le foyer : les rattachés, et les redevables dont le revenu est connu."""
    somme = cote.rattaches(variable, period)
    for redevable in (cote.premier_redevable, cote.second_redevable):
        somme = somme + np.where(redevable("revenu_frontalier_inconnu", period), 0, redevable(variable, period))
    return somme


class parts_tout_le_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Parts de quotient familial de tout le foyer, multipliées par 100 (0 pour un rattaché)"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period):
        parts = somme_des_foyers(cote, period, "nombre_parts_fiscales")
        return np.where(cote("composition_cote", period) == CompositionCote.rattache, 0, parts)


class revenu_tout_le_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de tout le foyer (0 sans aucune part, et pour un rattaché)"
    reference = ["CGI, art. 1414 A, I", "CGI, art. 1417, IV"]

    def formula(cote, period):
        revenu = somme_des_foyers(cote, period, "revenu_fiscal_reference")
        return np.where(cote("parts_tout_le_foyer", period) == 0, 0, revenu)


class revenu_tout_le_foyer_apres_abattement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de tout le foyer après abattement, que le plafonnement retient"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period, parameters):
        baremes = parameters(period).taxe_habitation.abattement_revenu_1414_A_I
        abattement = montant_selon_parts(baremes[cote("zone_revenu", period)], cote("parts_tout_le_foyer", period))
        return np.maximum(0, cote("revenu_tout_le_foyer", period) - abattement)


class droit_plafonnement(Variable):
    value_type = Enum
    possible_values = DroitPlafonnement
    default_value = DroitPlafonnement.vide
    entity = Cote
    definition_period = YEAR
    label = "Droit au plafonnement de la taxe d'habitation selon le revenu de tout le foyer"
    reference = ["CGI, art. 1414 A, I", "CGI, art. 1417, II"]

    def formula(cote, period, parameters):
        parts = cote("parts_tout_le_foyer", period)
        position = position_revenu(cote("revenu_tout_le_foyer", period), parts, cote("zone_revenu", period), parameters(period).taxe_habitation)
        frontalier_rattache = cote.rattaches("travailleur_frontalier", period) == TravailleurFrontalier.frontalier
        ferme = (
            frontalier_rattache
            | cote("revenu_frontalier_inconnu_cote", period)
            | (cote("position_revenu_cote", period) == PositionRevenu.vide)
            | (position == PositionRevenu.au_dela)
        )
        return np.select([parts == 0, ferme], [DroitPlafonnement.vide, DroitPlafonnement.ferme], default=DroitPlafonnement.ouvert)


class position_revenu_maintien_foyer(Variable):
    value_type = Enum
    possible_values = PositionRevenuMaintien
    default_value = PositionRevenuMaintien.vide
    entity = Cote
    definition_period = YEAR
    label = "Position du revenu de tout le foyer par rapport à la limite du I bis de l'article 1417"
    reference = "CGI, art. 1417, I bis"

    def formula_2016(cote, period, parameters):
        parts = cote("parts_tout_le_foyer", period)
        position = position_revenu_maintien(cote("revenu_tout_le_foyer", period), parts, cote("zone_revenu", period), parameters(period).taxe_habitation)
        return np.where(parts == 0, PositionRevenuMaintien.vide, position)


class tranche_revenu_foyer(Variable):
    value_type = Enum
    possible_values = TrancheRevenu
    default_value = TrancheRevenu.nul
    entity = Cote
    definition_period = YEAR
    label = "Tranche du revenu de tout le foyer"
    reference = ["CGI, art. 1414 A, I", "CGI, art. 1417, I", "CGI, art. 1417, II"]

    def formula(cote, period, parameters):
        return tranche_revenu(
            cote("revenu_tout_le_foyer", period),
            cote("parts_tout_le_foyer", period),
            cote("zone_revenu", period),
            parameters(period).taxe_habitation,
        )
