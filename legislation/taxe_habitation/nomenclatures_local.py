"""Les nomenclatures des locaux et des revenus des redevables, et les caractères qui les désignent dans les fichiers.

Même convention que `nomenclatures.py` : un membre `invalide` pour tout caractère inconnu, un membre `vide` là où le blanc
a un sens, et à côté de chaque nomenclature le dictionnaire de ses caractères.
"""

from __future__ import annotations

from engine.variables import Enum


class LocationRurale(Enum):
    """L'hébergement que la commune peut exonérer en zone de revitalisation rurale (CGI, art. 1407, III)."""

    vide = "Aucun"
    gite_rural = "Gîte rural"
    meuble_de_tourisme = "Meublé de tourisme"
    chambre_d_hotes = "Chambre d'hôtes"
    invalide = "Code inconnu"


CODES_LOCATION_RURALE = {
    "  ": LocationRurale.vide,
    "M1": LocationRurale.gite_rural,
    "M2": LocationRurale.meuble_de_tourisme,
    "M3": LocationRurale.chambre_d_hotes,
}


class CompositionCote(Enum):
    """Au nom de qui la cote est établie."""

    simple = "Un seul redevable"
    conjointe = "Deux redevables dont les revenus sont imposés séparément"
    rattache = "Un redevable rattaché au foyer fiscal d'autrui"
    invalide = "Code inconnu"


CODES_COMPOSITION_COTE = {"S": CompositionCote.simple, "C": CompositionCote.conjointe, "R": CompositionCote.rattache}


class TravailleurFrontalier(Enum):
    """Si le foyer a des revenus de travailleur frontalier, absents de son revenu fiscal de référence (case 8ZK)."""

    vide = "Non"
    frontalier = "Oui"
    invalide = "Code inconnu"


CODES_TRAVAILLEUR_FRONTALIER = {" ": TravailleurFrontalier.vide, "K": TravailleurFrontalier.frontalier}


class PositionRevenu(Enum):
    """Où se place un revenu parmi les limites de l'article 1417 du CGI."""

    vide = "Revenu inconnu"
    sous_limite_exoneration = "N'excède pas la limite du I de l'article 1417"
    sous_limite_plafonnement = "N'excède pas la limite du II de l'article 1417"
    au_dela = "Excède la limite du II de l'article 1417"


CODES_POSITION_REVENU = {
    " ": PositionRevenu.vide,
    "0": PositionRevenu.sous_limite_exoneration,
    "2": PositionRevenu.sous_limite_plafonnement,
    "3": PositionRevenu.au_dela,
}


class DroitPlafonnement(Enum):
    """Si le revenu du foyer permet de plafonner la taxe d'habitation (CGI, art. 1414 A, I)."""

    vide = "Revenu inconnu"
    ouvert = "Plafonnement possible"
    ferme = "Plafonnement impossible"


CODES_DROIT_PLAFONNEMENT = {" ": DroitPlafonnement.vide, "A": DroitPlafonnement.ouvert, "3": DroitPlafonnement.ferme}


class PositionRevenuMaintien(Enum):
    """Où se place un revenu par rapport à la limite du I bis de l'article 1417 du CGI."""

    vide = "Revenu inconnu, ou année sans cette limite"
    sous_limite_maintien = "N'excède pas la limite du I bis de l'article 1417"
    au_dela = "Excède la limite du I bis de l'article 1417"


CODES_POSITION_REVENU_MAINTIEN = {
    " ": PositionRevenuMaintien.vide,
    "0": PositionRevenuMaintien.sous_limite_maintien,
    "1": PositionRevenuMaintien.au_dela,
}


class TrancheRevenu(Enum):
    """La tranche d'un revenu parmi l'abattement du 1414 A, I et les limites de l'article 1417 du CGI."""

    nul = "Revenu nul"
    sous_abattement = "N'excède pas l'abattement du I de l'article 1414 A"
    sous_limite_exoneration = "N'excède pas la limite du I de l'article 1417"
    sous_limite_plafonnement = "N'excède pas la limite du II de l'article 1417"
    au_dela = "Excède la limite du II de l'article 1417"


CODES_TRANCHE_REVENU = {
    "0": TrancheRevenu.nul,
    "1": TrancheRevenu.sous_abattement,
    "2": TrancheRevenu.sous_limite_exoneration,
    "3": TrancheRevenu.sous_limite_plafonnement,
    "4": TrancheRevenu.au_dela,
}
