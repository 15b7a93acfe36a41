"""Ce que vaut un chiffre d'une délibération qui n'est pas donné : ce qui résulte de la loi et des chiffres donnés, sinon rien.

Un montant résulte du taux et de la valeur locative moyenne. La loi impose l'abattement pour charges de famille (10 % et 15 %,
5 % outre-mer) et, outre-mer, un abattement général de 40 %. Sans autre indication, une autorité applique ce qu'elle a
délibéré : les chiffres avant ajustement sont ceux qui sont appliqués. Ces règles ne servent jamais là où un chiffre est donné.
"""

from __future__ import annotations

import numpy as np

from legislation.taxe_habitation.arrondis import POUR_UN_POUR_CENT, arrondi
from legislation.taxe_habitation.autorites import (
    ABSENT,
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    GENERAL,
    VALEUR_LOCATIVE_MOYENNE,
    delibere,
)
from legislation.taxe_habitation.declarations import formule, formule_parametree

# L'autorité dont chacune reprend les chiffres qui ne sont pas donnés.
APPLIQUEE = {
    COMMUNE_AVANT_AJUSTEMENT: COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT.en_2003: COMMUNE.en_2003,
    EPCI_AVANT_AJUSTEMENT: EPCI,
    EPCI_AVANT_AJUSTEMENT.en_2003: EPCI.en_2003,
}
INTERCOMMUNALES = (EPCI_AVANT_AJUSTEMENT, EPCI_AVANT_AJUSTEMENT.en_2003)


def taux_par_defaut(autorite, abattement):
    """Retourne la formule du taux d'un abattement qui n'est pas donné, ou None s'il est alors absent."""
    if autorite in APPLIQUEE:
        return formule(_repris, autorite, abattement.taux, ABSENT)
    return formule_parametree(_taux_general_commune) if (autorite, abattement) == (COMMUNE, GENERAL) else None


def quotite_par_defaut(autorite, abattement):
    """Retourne la formule de la quotité (montant) d'un abattement qui n'est pas donnée."""
    if autorite in APPLIQUEE:
        return formule(_repris, autorite, abattement.quotite, 0)
    if autorite == COMMUNE and abattement in (CHARGES_RANGS_1_2, CHARGES_RANG_3):
        return formule_parametree(_quotite_charges_commune, abattement)
    return formule(_quotite_au_taux, autorite, abattement)


def valeur_locative_moyenne_par_defaut(autorite):
    """Retourne la formule de la valeur locative moyenne qui n'est pas donnée, ou None si elle est alors nulle.

    Celle du département ne sert qu'à ses propres abattements, et à un contrôle : sans elle, celle de la commune en tient lieu.
    """
    if autorite == DEPARTEMENT:
        return formule(_moyenne_commune)
    return formule(_repris, autorite, VALEUR_LOCATIVE_MOYENNE, 0) if autorite in APPLIQUEE else None


def _repris(commune, period, autorite, chiffre, nul):
    """Reprend le chiffre appliqué ; hors d'un EPCI, il n'y a rien à reprendre pour lui."""
    applique = commune(delibere(chiffre, APPLIQUEE[autorite]), period)
    return np.where(commune("epci_a_fiscalite_propre", period), applique, nul) if autorite in INTERCOMMUNALES else applique


def _moyenne_commune(commune, period):
    return commune(delibere(VALEUR_LOCATIVE_MOYENNE, COMMUNE), period)


def _taux_general_commune(commune, period, parameters):
    """L'abattement général est facultatif en métropole ; outre-mer, il est au moins de 40 %."""
    return np.where(commune("outre_mer", period), parameters(period).taxe_habitation.abattements.outre_mer.general.taux_bas, ABSENT)


def _au_taux(commune, period, autorite, taux):
    moyenne = commune(delibere(VALEUR_LOCATIVE_MOYENNE, autorite), period)
    return np.where(taux > 0, arrondi(POUR_UN_POUR_CENT * taux * moyenne), 0)


def _quotite_au_taux(commune, period, autorite, abattement):
    """Le montant résulte du taux ; un abattement sans taux, ou forfaitaire, n'a pas de montant qui en résulte."""
    return _au_taux(commune, period, autorite, commune(delibere(abattement.taux, autorite), period))


def _quotite_charges_commune(commune, period, parameters, abattement):
    """L'abattement pour charges de famille est obligatoire : sans taux, il est au taux légal ; un régime local n'a pas de montant."""
    legaux = parameters(period).taxe_habitation.abattements
    en_metropole = legaux.metropole.charges_rangs_1_2 if abattement == CHARGES_RANGS_1_2 else legaux.metropole.charges_rang_3
    taux_legal = np.where(commune("outre_mer", period), legaux.outre_mer.charges.taux_bas, en_metropole.taux_minimal)
    taux = commune(delibere(abattement.taux, COMMUNE), period)
    quotite = _au_taux(commune, period, COMMUNE, np.where(taux == ABSENT, taux_legal, taux))
    return np.where(commune("a_un_regime_local", period), 0, quotite)
