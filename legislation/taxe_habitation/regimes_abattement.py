"""Les régimes d'abattement : quels abattements s'appliquent à la part de chaque collectivité, cette année et d'après 2003.

Une collectivité qui a délibéré a son propre régime ; sinon elle suit celui de la commune. Le syndicat, les taxes spéciales
d'équipement et la taxe GEMAPI suivent toujours la commune. Si les abattements de la commune ou de l'EPCI sont devenus
inférieurs à ceux de 2003, le plafonnement selon le revenu demande une seconde liquidation sur les régimes de 2003 (CGI,
art. 1414 A, III, 2).

Les variables `regime_<chiffre>_<autorité>` sont déclarées ici par une boucle : une fonction par autorité dit d'où vient
chacun des quatorze chiffres de son régime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum
from legislation.entites import Commune
from legislation.taxe_habitation.arrondis import POUR_CENT, POUR_UN_POUR_CENT, arrondi
from legislation.taxe_habitation.autorites import (
    ABATTEMENTS,
    ABSENT,
    AUTRES_TSE,
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    COMMUNE,
    COMMUNE_AVANT_AJUSTEMENT,
    DEPARTEMENT,
    EPCI,
    EPCI_AVANT_AJUSTEMENT,
    FORFAIT,
    GEMAPI,
    HANDICAP,
    SUIVEUSES,
    SYNDICAT,
    TSE,
    VALEUR_LOCATIVE_MOYENNE,
    Abattement,
    applicable,
    delibere,
)
from legislation.taxe_habitation.declarations import declarer, formule, formule_parametree
from legislation.taxe_habitation.deliberations import Deliberation
from legislation.taxe_habitation.nomenclatures import CodeAncienRegime, Indicateur, OuiNon

LIMITATION_2003 = "CGI, art. 1414 A, III, 2"


@dataclass(frozen=True)
class Chiffre:
    """Un des chiffres d'un régime : son nom, sa valeur dans un régime qui ne s'applique pas, et l'abattement dont il est le taux ou la quotité."""

    nom: str
    libelle: str
    reference: str
    nul: Any = 0
    abattement: Abattement | None = None
    est_quotite: bool = False
    est_alsacien: bool = False


MINIMUM_ALSACE = Chiffre("minimum_alsace_moselle", "minimum d'Alsace-Moselle", "CGI, art. 1411, II, 1", est_alsacien=True)
CODE_ALSACE = Chiffre("code_alsace_moselle", "régime d'Alsace-Moselle", "CGI, art. 1411, II, 1", Indicateur.vide, est_alsacien=True)
ANCIEN_REGIME = Chiffre("code_ancien_regime", "ancien régime local", "CGI, art. 1411", CodeAncienRegime.vide, est_alsacien=True)
MOYENNE = Chiffre(VALEUR_LOCATIVE_MOYENNE, "valeur locative moyenne", "CGI, art. 1411, II, 4")
CHIFFRES = (
    *(Chiffre(a.taux, f"taux de l'{a.libelle} (en %)", a.reference, 0, a) for a in ABATTEMENTS),
    *(Chiffre(a.quotite, f"quotité de l'{a.libelle}", a.reference, 0, a, est_quotite=True) for a in ABATTEMENTS),
    MOYENNE,
    MINIMUM_ALSACE,
    CODE_ALSACE,
    ANCIEN_REGIME,
)
CHARGES = (CHARGES_RANGS_1_2, CHARGES_RANG_3)


def _saisi(commune, period, autorite, chiffre):
    """Retourne le chiffre délibéré par une autorité ; seule la commune peut avoir un régime d'Alsace-Moselle."""
    if not chiffre.est_alsacien:
        return commune(delibere(chiffre.nom, autorite), period)
    return commune(chiffre.nom, period) if autorite in (COMMUNE, COMMUNE_AVANT_AJUSTEMENT) else chiffre.nul


def _applicable(commune, period, autorite, chiffre):
    """Retourne le chiffre du régime applicable à une autorité."""
    return commune(applicable(chiffre.nom, autorite), period)


# Régimes de l'année


def _regime_commune(commune, period, chiffre):
    return _saisi(commune, period, COMMUNE, chiffre)


def _regime_commune_avant_ajustement(commune, period, chiffre):
    return _saisi(commune, period, COMMUNE_AVANT_AJUSTEMENT, chiffre)


def _regime_epci(commune, period, chiffre):
    """L'EPCI a son régime s'il a voté des taux ; sinon celui de la commune avant ajustement, avec ses propres quotités s'il en a."""
    a_le_sien = commune("delibere_des_taux_epci", period)
    if chiffre.est_quotite:
        a_le_sien = a_le_sien | commune("delibere_des_quotites_epci", period)
    de_la_commune = _applicable(commune, period, COMMUNE_AVANT_AJUSTEMENT, chiffre)
    regime = np.where(a_le_sien, _saisi(commune, period, EPCI, chiffre), de_la_commune)
    return np.where(commune("epci_a_fiscalite_propre", period), regime, chiffre.nul)


def _regime_epci_avant_ajustement(commune, period, chiffre):
    a_le_sien = commune("delibere_des_quotites_epci_avant_ajustement", period)
    de_la_commune = _applicable(commune, period, COMMUNE_AVANT_AJUSTEMENT, chiffre)
    regime = np.where(a_le_sien, _saisi(commune, period, EPCI_AVANT_AJUSTEMENT, chiffre), de_la_commune)
    return np.where(commune("epci_a_fiscalite_propre", period), regime, chiffre.nul)


def _regime_departement(commune, period, chiffre):
    a_le_sien = commune("delibere_des_quotites_departement", period)
    return np.where(a_le_sien, _saisi(commune, period, DEPARTEMENT, chiffre), _applicable(commune, period, COMMUNE, chiffre))


def _comme(autorite_suivie, taxe_percue):
    """Retourne le régime de qui suit les abattements d'une autre autorité, là où la taxe est perçue."""

    def regime(commune, period, chiffre):
        return np.where(commune(taxe_percue, period), _applicable(commune, period, autorite_suivie, chiffre), chiffre.nul)

    return regime


# Régimes de 2003


def _en_seconde_liquidation(regime):
    """Retourne le régime là où une seconde liquidation est demandée, et un régime nul ailleurs."""

    def regime_2003(commune, period, chiffre):
        return np.where(commune("seconde_liquidation", period), regime(commune, period, chiffre), chiffre.nul)

    return regime_2003


def _regime_commune_2003(autorite):
    """Retourne le régime de 2003 de la commune, appliqué ou avant ajustement.

    L'abattement en faveur des handicapés n'existait pas en 2003 : il est toujours celui de l'année. Une commune qui a quitté
    le régime d'Alsace-Moselle depuis 2003 garde ses abattements de l'année pour charges de famille.
    """

    def regime(commune, period, chiffre):
        de_l_annee = _applicable(commune, period, autorite, chiffre)
        if chiffre.est_alsacien or chiffre.abattement == HANDICAP:
            return de_l_annee
        garde_l_annee = commune("meme_commune_2003", period) == OuiNon.non
        if chiffre.abattement in CHARGES:
            garde_l_annee = garde_l_annee | commune("sortie_du_regime_alsace_moselle", period)
        return np.where(garde_l_annee, de_l_annee, _saisi(commune, period, autorite.en_2003, chiffre))

    return regime


def _melange(commune, period, commune_2003, autorite, chiffre):
    """Retourne un chiffre du régime mixte : les taux de 2003 de la commune sur la valeur locative moyenne de l'autorité, de l'année.

    Une quotité forfaitaire de 2003 est gardée telle quelle. Dans une commune d'Alsace-Moselle, les abattements pour charges
    de famille prennent les taux de l'année de l'autorité (où un forfait compte pour -1 %, comme dans le programme).
    """
    a_un_regime_local = commune("a_un_regime_local", period)
    if chiffre.est_alsacien:
        return np.where(a_un_regime_local, chiffre.nul, commune(chiffre.nom, period))
    de_l_annee, en_2003 = Deliberation(commune, period, autorite), Deliberation(commune, period, commune_2003)
    if chiffre.abattement is None or chiffre.abattement == HANDICAP:
        return _saisi(commune, period, autorite, chiffre)
    taux_de_l_annee, taux_2003 = de_l_annee.taux(chiffre.abattement), en_2003.taux(chiffre.abattement)
    if not chiffre.est_quotite:
        return np.where(a_un_regime_local, taux_de_l_annee, taux_2003) if chiffre.abattement in CHARGES else taux_2003
    moyenne = de_l_annee.valeur_locative_moyenne
    quotite = np.where(taux_2003 == FORFAIT, en_2003.quotite(chiffre.abattement), _au_taux(taux_2003, moyenne))
    if chiffre.abattement in CHARGES:
        quotite = np.where(a_un_regime_local, _au_taux(taux_de_l_annee, moyenne), quotite)
    return quotite


def _au_taux(taux, moyenne):
    pourcentage = np.where(taux == ABSENT, 0, taux)
    return arrondi(POUR_UN_POUR_CENT * pourcentage * moyenne)


def _propre_2003(commune, period, autorite, chiffre):
    """Retourne un chiffre du régime de 2003 d'une autorité, avec l'abattement en faveur des handicapés de l'année."""
    return _saisi(commune, period, autorite if chiffre.abattement == HANDICAP else autorite.en_2003, chiffre)


def _regime_epci_2003(autorite, commune_2003):
    """Retourne le régime de 2003 de l'EPCI, appliqué ou avant ajustement ; `commune_2003` est la délibération de la commune à y mêler."""

    def regime(commune, period, chiffre):
        propre = _propre_2003(commune, period, autorite, chiffre)
        melange = _melange(commune, period, commune_2003, autorite, chiffre)
        avait_des_quotites = commune(f"delibere_des_quotites_{autorite.en_2003.nom}", period)
        quotites = np.where(avait_des_quotites, propre, melange)
        a_des_quotites = commune(f"delibere_des_quotites_{autorite.nom}", period)
        meme_epci = np.where(a_des_quotites, quotites, _applicable(commune, period, COMMUNE_AVANT_AJUSTEMENT, chiffre))
        autre_epci = commune("meme_epci_2003", period) == OuiNon.non
        choisi = np.where(autre_epci, _applicable(commune, period, autorite, chiffre), meme_epci)
        return np.where(commune("epci_a_fiscalite_propre", period), choisi, chiffre.nul)

    return regime


def _regime_departement_2003(commune, period, chiffre):
    propre = _propre_2003(commune, period, DEPARTEMENT, chiffre)
    melange = _melange(commune, period, COMMUNE_AVANT_AJUSTEMENT.en_2003, DEPARTEMENT, chiffre)
    quotites = np.where(commune("delibere_des_quotites_departement_2003", period), propre, melange)
    return np.where(commune("delibere_des_quotites_departement", period), quotites, _applicable(commune, period, COMMUNE, chiffre))


def _de_l_annee(autorite):
    def regime(commune, period, chiffre):
        return _applicable(commune, period, autorite, chiffre)

    return regime


REGIMES = {
    COMMUNE: _regime_commune,
    COMMUNE_AVANT_AJUSTEMENT: _regime_commune_avant_ajustement,
    EPCI: _regime_epci,
    EPCI_AVANT_AJUSTEMENT: _regime_epci_avant_ajustement,
    DEPARTEMENT: _regime_departement,
    SYNDICAT: _comme(COMMUNE_AVANT_AJUSTEMENT, "syndicat_percoit"),
    TSE: _comme(COMMUNE_AVANT_AJUSTEMENT, "tse_percues"),
    AUTRES_TSE: _comme(COMMUNE_AVANT_AJUSTEMENT, "autres_tse_percues"),
    GEMAPI: _comme(COMMUNE, "gemapi_percue"),
}
REGIMES_2003 = {
    COMMUNE: _regime_commune_2003(COMMUNE),
    COMMUNE_AVANT_AJUSTEMENT: _regime_commune_2003(COMMUNE_AVANT_AJUSTEMENT),
    EPCI: _regime_epci_2003(EPCI, COMMUNE.en_2003),
    EPCI_AVANT_AJUSTEMENT: _regime_epci_2003(EPCI_AVANT_AJUSTEMENT, COMMUNE_AVANT_AJUSTEMENT.en_2003),
    DEPARTEMENT: _regime_departement_2003,
    **{autorite: _de_l_annee(autorite) for autorite in SUIVEUSES},
}


def _type(chiffre):
    if chiffre in (CODE_ALSACE, ANCIEN_REGIME):
        return {"value_type": Enum, "possible_values": type(chiffre.nul), "default_value": chiffre.nul}
    return {"value_type": int} if chiffre.abattement and not chiffre.est_quotite else {"value_type": int, "unit": "currency"}


def _declarer_regime(autorite, regime, references):
    for chiffre in CHIFFRES:
        declarer(
            globals(),
            applicable(chiffre.nom, autorite),
            entity=Commune,
            definition_period=YEAR,
            label=f"Régime applicable, {autorite.libelle} : {chiffre.libelle}",
            reference=[chiffre.reference, *references],
            formula=formule(regime, chiffre),
            **_type(chiffre),
        )


for _autorite, _regime in REGIMES.items():
    _declarer_regime(_autorite, _regime, [])
for _autorite, _regime in REGIMES_2003.items():
    _declarer_regime(_autorite.en_2003, _en_seconde_liquidation(_regime), [LIMITATION_2003])


# L'abattement par personne à charge, avant le minimum qui dépend du local


def _par_personne(commune, period, parameters, autorite, rang):
    """L'abattement par personne à charge ; en Alsace-Moselle, un pourcentage de la valeur locative moyenne."""
    legaux = parameters(period).taxe_habitation.abattements.alsace_moselle
    taux = legaux.taux_rangs_1_2 if rang == CHARGES_RANGS_1_2 else legaux.taux_rang_3
    alsace = _applicable(commune, period, autorite, CODE_ALSACE) == Indicateur.oui
    de_la_moyenne = _applicable(commune, period, autorite, MOYENNE) * taux // POUR_CENT
    return np.where(alsace, de_la_moyenne, commune(applicable(rang.quotite, autorite), period))


for _autorite in (*REGIMES, *(autorite.en_2003 for autorite in REGIMES_2003)):
    for _rang in CHARGES:
        declarer(
            globals(),
            applicable(f"par_personne_{_rang.nom}", _autorite),
            value_type=int,
            entity=Commune,
            definition_period=YEAR,
            unit="currency",
            label=f"Régime applicable, {_autorite.libelle} : {_rang.libelle}, par personne",
            reference=_rang.reference,
            formula=formule_parametree(_par_personne, _autorite, _rang),
        )
