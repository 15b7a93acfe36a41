"""La position du revenu de chaque redevable parmi les limites qui ouvrent droit aux exonérations et dégrèvements.

Trois limites croissent avec les parts de quotient familial : le I de l'article 1417 (exonérations, abattement spécial), le
I bis (maintien temporaire des exonérations, depuis 2016) et le II (plafonnement selon le revenu). Un revenu égal à la
limite ne l'excède pas. Les fonctions de ce fichier servent aussi à la cote et à tout le foyer (`position_revenus_cote.py`).
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import FoyerFiscal
from legislation.taxe_habitation.nomenclatures_local import (
    CompositionCote,
    PositionRevenu,
    PositionRevenuMaintien,
    TrancheRevenu,
    TravailleurFrontalier,
)
from legislation.taxe_habitation.parts import DEMI_PART, PART, montant_selon_parts

DEUX_PARTS = 2 * PART


def position_revenu(revenu, parts, zone, loi):
    """Retourne où se place un revenu parmi les limites du I et du II de l'article 1417."""
    limite_exoneration = montant_selon_parts(loi.seuils_revenu.article_1417_I[zone], parts)
    limite_plafonnement = montant_selon_parts(loi.seuils_revenu.article_1417_II[zone], parts)
    return np.select(
        [revenu <= limite_exoneration, revenu <= limite_plafonnement],
        [PositionRevenu.sous_limite_exoneration, PositionRevenu.sous_limite_plafonnement],
        default=PositionRevenu.au_dela,
    )


def position_revenu_maintien(revenu, parts, zone, loi):
    """Retourne où se place un revenu par rapport à la limite du I bis de l'article 1417."""
    limites = loi.seuils_revenu.article_1417_I_bis[zone]
    demi_parts = np.where(parts >= DEUX_PARTS, (parts - DEUX_PARTS + DEMI_PART) // DEMI_PART, 0)
    limite = limites.premiere_part + demi_parts * limites.demi_part_supplementaire
    return np.where(revenu <= limite, PositionRevenuMaintien.sous_limite_maintien, PositionRevenuMaintien.au_dela)


def tranche_revenu(revenu, parts, zone, loi):
    """Retourne la tranche d'un revenu parmi l'abattement du 1414 A, I et les limites du I et du II de l'article 1417."""
    abattement = montant_selon_parts(loi.abattement_revenu_1414_A_I[zone], parts)
    limite_exoneration = montant_selon_parts(loi.seuils_revenu.article_1417_I[zone], parts)
    limite_plafonnement = montant_selon_parts(loi.seuils_revenu.article_1417_II[zone], parts)
    return np.select(
        [revenu == 0, revenu <= abattement, revenu <= limite_exoneration, revenu <= limite_plafonnement],
        [TrancheRevenu.nul, TrancheRevenu.sous_abattement, TrancheRevenu.sous_limite_exoneration, TrancheRevenu.sous_limite_plafonnement],
        default=TrancheRevenu.au_dela,
    )


class revenu_frontalier_inconnu(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Travailleur frontalier dont le revenu fiscal de référence, nul, ne dit pas le revenu"
    reference = "CGI, art. 1417, IV"

    def formula(foyer, period):
        frontalier = foyer("travailleur_frontalier", period) == TravailleurFrontalier.frontalier
        return frontalier & (foyer("revenu_fiscal_reference", period) == 0)


class position_revenu_redevable(Variable):
    value_type = Enum
    possible_values = PositionRevenu
    default_value = PositionRevenu.vide
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Position du revenu du redevable parmi les limites de l'article 1417"
    reference = ["CGI, art. 1417, I", "CGI, art. 1417, II"]

    def formula(foyer, period, parameters):
        parts = foyer("nombre_parts_fiscales", period)
        position = position_revenu(foyer("revenu_fiscal_reference", period), parts, foyer.cote("zone_revenu", period), parameters(period).taxe_habitation)
        inconnu = np.where(parts == 0, PositionRevenu.vide, position)
        return np.where(foyer("revenu_frontalier_inconnu", period), PositionRevenu.au_dela, inconnu)


class position_revenu_maintien_redevable(Variable):
    value_type = Enum
    possible_values = PositionRevenuMaintien
    default_value = PositionRevenuMaintien.vide
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Position du revenu du redevable par rapport à la limite du I bis de l'article 1417"
    reference = "CGI, art. 1417, I bis"

    def formula_2016(foyer, period, parameters):
        parts = foyer("nombre_parts_fiscales", period)
        revenu = foyer("revenu_fiscal_reference", period)
        position = position_revenu_maintien(revenu, parts, foyer.cote("zone_revenu", period), parameters(period).taxe_habitation)
        return np.where(parts == 0, PositionRevenuMaintien.vide, position)


class tranche_revenu_redevable(Variable):
    value_type = Enum
    possible_values = TrancheRevenu
    default_value = TrancheRevenu.nul
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Tranche du revenu du redevable (nulle si la cote est celle d'un rattaché)"
    reference = ["CGI, art. 1414 A, I", "CGI, art. 1417, I", "CGI, art. 1417, II"]

    def formula(foyer, period, parameters):
        tranche = tranche_revenu(
            foyer("revenu_fiscal_reference", period),
            foyer("nombre_parts_fiscales", period),
            foyer.cote("zone_revenu", period),
            parameters(period).taxe_habitation,
        )
        return np.where(foyer.cote("composition_cote", period) == CompositionCote.rattache, TrancheRevenu.nul, tranche)
