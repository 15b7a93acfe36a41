"""Les bases nettes imposables au profit de chaque collectivité : valeur locative, moins les abattements, moins les exonérations.

Les abattements ne profitent qu'à l'habitation principale. Ils sont retranchés dans l'ordre : abattement général, charges de
famille, abattement spécial, abattement en faveur des handicapés ; chacun dans la limite de ce qui reste.

Une même liquidation vaut pour toutes les collectivités qui ont leur régime (`LIQUIDEES`) ; le syndicat, les taxes spéciales
d'équipement et la taxe GEMAPI reprennent celle de la commune là où ils sont perçus (`SUIVIES`). Les variables
(`abattement_general_commune`, `base_imposable_epci`, …) sont déclarées en fin de fichier, une fonction par étape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.arrondis import est_inferieur_a_un_arrondi, moitie
from legislation.taxe_habitation.autorites import (
    AUTRES_TSE,
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    GEMAPI,
    GENERAL,
    HANDICAP,
    SPECIAL,
    SYNDICAT,
    TSE,
    VALEUR_LOCATIVE_MOYENNE,
    Autorite,
    applicable,
)
from legislation.taxe_habitation.declarations import declarer, formule
from legislation.taxe_habitation.nomenclatures import Beneficiaire, DroitAbattementSpecial, Handicap, Indicateur

if TYPE_CHECKING:
    from collections.abc import Callable

# La taxe GEMAPI impose les logements vacants depuis cette année.
GEMAPI_DES_LOGEMENTS_VACANTS = 2016


class seconde_liquidation_faite(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La cote est liquidée une seconde fois sur les abattements de 2003"
    documentation = "Pas pour la dépendance isolée plafonnée, dont le plafonnement est calculé à part, sauf dans la variante ILIAD du programme."
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period):
        demandee = cote.commune("seconde_liquidation", period) & ~cote("est_logement_vacant", period)
        return demandee & ~cote("plafonnement_calcule_a_part", period)


# La liquidation pour une autorité qui a son propre régime

LIQUIDEES = (
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    COMMUNE.en_2003,
    EPCI.en_2003,
    DEPARTEMENT.en_2003,
)
INTERCOMMUNALES = (EPCI, EPCI_AVANT_AJUSTEMENT, EPCI.en_2003)
DE_2003 = (COMMUNE.en_2003, EPCI.en_2003, DEPARTEMENT.en_2003)


def _imposee_par(cote, period, autorite, valeur):
    """Retourne une valeur là où l'autorité impose la cote, zéro ailleurs."""
    if autorite in INTERCOMMUNALES:
        valeur = np.where(cote.commune("epci_a_fiscalite_propre", period), valeur, 0)
    return np.where(cote("seconde_liquidation_faite", period), valeur, 0) if autorite in DE_2003 else valeur


def _valeur_avec_abattements(cote, period, autorite):
    return _imposee_par(cote, period, autorite, cote("valeur_locative_avec_abattements", period))


def _valeur_sans_abattement(cote, period, autorite):
    valeur = _imposee_par(cote, period, autorite, cote("valeur_locative_sans_abattement", period))
    beneficiaire = {COMMUNE: Beneficiaire.commune, EPCI: Beneficiaire.epci}.get(autorite)
    if beneficiaire is None:
        return valeur
    institution = cote.commune("institution_thlv", period)
    return valeur + np.where(institution == beneficiaire, cote("valeur_locative_vacante", period), 0)


def _chiffre(cote, period, autorite, chiffre):
    return cote.commune(applicable(chiffre, autorite), period)


def _etape(nom, cote, period, autorite):
    return cote(f"{nom}_{autorite.nom}", period)


def _abattement_general(cote, period, autorite):
    return np.minimum(_chiffre(cote, period, autorite, GENERAL.quotite), _valeur_avec_abattements(cote, period, autorite))


def _apres_abattement_general(cote, period, autorite):
    return _valeur_avec_abattements(cote, period, autorite) - _etape("abattement_general", cote, period, autorite)


def _par_personne(cote, period, autorite, rang):
    """Retourne l'abattement par personne à charge ; en Alsace-Moselle, au moins celui que donnent le local et le minimum."""
    quotite = _chiffre(cote, period, autorite, f"par_personne_{rang.nom}")
    alsace = _chiffre(cote, period, autorite, "code_alsace_moselle") == Indicateur.oui
    return np.where(alsace, np.maximum(quotite, cote("minimum_charges_alsace_moselle", period)), quotite)


def _charges_rangs_1_2(cote, period, autorite):
    quotite = _par_personne(cote, period, autorite, CHARGES_RANGS_1_2)
    return cote("personnes_a_charge_rangs_1_2", period) * quotite + cote("enfants_alternes_rangs_1_2", period) * moitie(quotite)


def _charges_rang_3(cote, period, autorite):
    quotite = _par_personne(cote, period, autorite, CHARGES_RANG_3)
    return cote("personnes_a_charge_rang_3", period) * quotite + cote("enfants_alternes_rang_3", period) * moitie(quotite)


def _abattement_charges_rangs_1_2(cote, period, autorite):
    return np.minimum(_charges_rangs_1_2(cote, period, autorite), _apres_abattement_general(cote, period, autorite))


def _abattement_charges(cote, period, autorite):
    total = _charges_rangs_1_2(cote, period, autorite) + _charges_rang_3(cote, period, autorite)
    return np.minimum(total, _apres_abattement_general(cote, period, autorite))


def _apres_charges(cote, period, autorite):
    return _apres_abattement_general(cote, period, autorite) - _etape("abattement_charges", cote, period, autorite)


def _valeur_locative_modeste(cote, period, autorite):
    """Retourne si la valeur locative du logement est inférieure à 130 % de la moyenne, majorés de 10 points par personne à charge."""
    plafond = cote("plafond_abattement_special", period) * _chiffre(cote, period, autorite, VALEUR_LOCATIVE_MOYENNE)
    return est_inferieur_a_un_arrondi(cote("valeur_locative_brute_principale", period), plafond)


def _abattement_special(cote, period, autorite):
    accorde = (cote("revenu_sous_seuil_1417_I", period) == Indicateur.oui) & _valeur_locative_modeste(cote, period, autorite)
    quotite = np.where(accorde, _chiffre(cote, period, autorite, SPECIAL.quotite), 0)
    return np.minimum(quotite, _apres_charges(cote, period, autorite))


def _droit_abattement_special(cote, period, autorite):
    principale = cote("est_habitation_principale", period) & ~cote("est_logement_vacant", period)
    return np.select(
        [
            ~_imposee_par(cote, period, autorite, principale).astype(bool),
            cote("revenu_sous_seuil_1417_I", period) != Indicateur.oui,
            _chiffre(cote, period, autorite, SPECIAL.quotite) == 0,
            _valeur_locative_modeste(cote, period, autorite),
        ],
        [DroitAbattementSpecial.vide, DroitAbattementSpecial.refuse, DroitAbattementSpecial.vide, DroitAbattementSpecial.accorde],
        default=DroitAbattementSpecial.refuse,
    )


def _apres_abattement_special(cote, period, autorite):
    return _apres_charges(cote, period, autorite) - _etape("abattement_special", cote, period, autorite)


def _abattement_handicap(cote, period, autorite):
    a_droit = cote("handicap", period) != Handicap.vide
    quotite = np.where(a_droit, _chiffre(cote, period, autorite, HANDICAP.quotite), 0)
    return np.minimum(quotite, _apres_abattement_special(cote, period, autorite))


def _valeur_locative_nette(cote, period, autorite):
    reste = _apres_abattement_special(cote, period, autorite) - _etape("abattement_handicap", cote, period, autorite)
    return reste + _valeur_sans_abattement(cote, period, autorite)


def _base_exoneree(cote, period, autorite):
    return np.where(cote("est_exoneree", period), _etape("valeur_locative_nette", cote, period, autorite), 0)


def _base_imposable(cote, period, autorite):
    base = _etape("valeur_locative_nette", cote, period, autorite) - _etape("base_exoneree", cote, period, autorite)
    # La collectivité de Saint-Martin n'est pas un département.
    return np.where(cote.commune("saint_martin", period), 0, base) if autorite == DEPARTEMENT else base


# La liquidation des taxes qui suivent celle de la commune


@dataclass(frozen=True)
class Suite:
    """De qui une taxe reprend la liquidation, où elle est perçue, et si les logements sociaux en sont exonérés."""

    suivie: Autorite
    percue: str
    exonere_logements_sociaux: bool


SUIVIES = {
    SYNDICAT: Suite(COMMUNE_AVANT_AJUSTEMENT, "syndicat_percoit", exonere_logements_sociaux=False),
    TSE: Suite(COMMUNE_AVANT_AJUSTEMENT, "tse_percues", exonere_logements_sociaux=True),
    AUTRES_TSE: Suite(COMMUNE_AVANT_AJUSTEMENT, "autres_tse_percues", exonere_logements_sociaux=True),
    GEMAPI: Suite(COMMUNE, "gemapi_percue", exonere_logements_sociaux=True),
}


def _reprise(nom, nul=0):
    """Retourne l'étape qui reprend celle de la collectivité suivie, là où la taxe est perçue."""

    def etape(cote, period, autorite):
        suite = SUIVIES[autorite]
        return np.where(cote.commune(suite.percue, period), _etape(nom, cote, period, suite.suivie), nul)

    return etape


def _valeur_locative_nette_reprise(cote, period, autorite):
    """Reprend la valeur nette de la collectivité suivie ; pour un logement vacant, celle de la commune qui a institué la THLV.

    La taxe GEMAPI impose le logement vacant quelle que soit la collectivité qui a institué la THLV, mais seulement depuis 2016.
    """
    suite = SUIVIES[autorite]
    valeur = _etape("valeur_locative_nette", cote, period, suite.suivie)
    if autorite == SYNDICAT:
        valeur = np.where(cote("est_logement_vacant", period), _etape("valeur_locative_nette", cote, period, COMMUNE), valeur)
    if autorite == GEMAPI:
        vacante = cote("valeur_locative_vacante", period) if period.start.year >= GEMAPI_DES_LOGEMENTS_VACANTS else 0
        valeur = np.where(cote("est_logement_vacant", period), vacante, valeur)
    return np.where(cote.commune(suite.percue, period), valeur, 0)


def _base_exoneree_reprise(cote, period, autorite):
    suite = SUIVIES[autorite]
    exoneree = np.where(cote.commune(suite.percue, period), _etape("base_exoneree", cote, period, suite.suivie), 0)
    if not suite.exonere_logements_sociaux:
        return exoneree
    return np.where(cote("est_logement_social", period), _etape("valeur_locative_nette", cote, period, autorite), exoneree)


def _reprise_en_2003(nom, nul=0):
    """Retourne l'étape de la seconde liquidation d'une taxe qui suit la commune : la même que dans l'année."""

    def etape(cote, period, autorite):
        return np.where(cote("seconde_liquidation_faite", period), _etape(nom, cote, period, autorite), nul)

    return etape


# Les variables


@dataclass(frozen=True)
class Resultat:
    """Une étape de la liquidation dont le résultat est une variable, pour chaque autorité."""

    nom: str
    libelle: str
    reference: str
    liquidee: Callable[..., Any]
    suivie: Callable[..., Any] | None = None


RESULTATS = (
    Resultat(GENERAL.nom, "Abattement général à la base", GENERAL.reference, _abattement_general),
    Resultat("abattement_charges", "Abattements pour charges de famille", CHARGES_RANGS_1_2.reference, _abattement_charges),
    Resultat(CHARGES_RANGS_1_2.nom, "Abattements pour charges de famille, rangs 1 et 2", CHARGES_RANGS_1_2.reference, _abattement_charges_rangs_1_2),
    Resultat(SPECIAL.nom, "Abattement spécial", SPECIAL.reference, _abattement_special),
    Resultat(HANDICAP.nom, "Abattement en faveur des personnes handicapées ou invalides", HANDICAP.reference, _abattement_handicap),
    Resultat("valeur_locative_nette", "Valeur locative nette", "CGI, art. 1409 et 1411", _valeur_locative_nette, _valeur_locative_nette_reprise),
    Resultat("base_exoneree", "Base exonérée", "CGI, art. 1414 et 1407", _base_exoneree, _base_exoneree_reprise),
    Resultat("base_imposable", "Base nette imposable", "CGI, art. 1409", _base_imposable, _base_imposable),
)
DROIT_ABATTEMENT_SPECIAL = "droit_abattement_special"


def _declarer_base(nom, libelle, reference, etape, autorite, nommee, **type_):
    declarer(
        globals(),
        f"{nom}_{nommee.nom}",
        entity=Cote,
        definition_period=YEAR,
        label=f"{libelle}, {nommee.libelle}",
        reference=reference,
        formula=formule(etape, autorite),
        **type_,
    )


_EN_EUROS = {"value_type": int, "unit": "currency"}
_EN_DROIT = {"value_type": Enum, "possible_values": DroitAbattementSpecial, "default_value": DroitAbattementSpecial.vide}
_DROIT = ("Droit à l'abattement spécial", SPECIAL.reference)

for _autorite in LIQUIDEES:
    for _resultat in RESULTATS:
        _declarer_base(_resultat.nom, _resultat.libelle, _resultat.reference, _resultat.liquidee, _autorite, _autorite, **_EN_EUROS)
    _declarer_base(DROIT_ABATTEMENT_SPECIAL, *_DROIT, _droit_abattement_special, _autorite, _autorite, **_EN_DROIT)
for _autorite in SUIVIES:
    for _resultat in RESULTATS:
        _suivie = _resultat.suivie or _reprise(_resultat.nom)
        _declarer_base(_resultat.nom, _resultat.libelle, _resultat.reference, _suivie, _autorite, _autorite, **_EN_EUROS)
        _suivie = _reprise_en_2003(_resultat.nom)
        _declarer_base(_resultat.nom, _resultat.libelle, _resultat.reference, _suivie, _autorite, _autorite.en_2003, **_EN_EUROS)
    _nul = DroitAbattementSpecial.vide
    _declarer_base(DROIT_ABATTEMENT_SPECIAL, *_DROIT, _reprise(DROIT_ABATTEMENT_SPECIAL, _nul), _autorite, _autorite, **_EN_DROIT)
    _declarer_base(DROIT_ABATTEMENT_SPECIAL, *_DROIT, _reprise_en_2003(DROIT_ABATTEMENT_SPECIAL, _nul), _autorite, _autorite.en_2003, **_EN_DROIT)
