"""Ce qui appelle une seconde liquidation sur les abattements de 2003, et ce qu'il faut savoir des délibérations pour établir les régimes.

Le dégrèvement par plafonnement ne doit pas compenser la baisse des abattements décidée par la commune ou l'EPCI depuis 2003 :
là où un abattement est devenu inférieur à celui de 2003, la cote est liquidée une seconde fois sur les abattements de 2003.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Commune
from legislation.taxe_habitation.autorites import ABATTEMENTS_TEMOINS, COMMUNE_AVANT_AJUSTEMENT, EPCI_AVANT_AJUSTEMENT, FORFAIT
from legislation.taxe_habitation.commune_saisie import AUTORITES_SAISIES
from legislation.taxe_habitation.declarations import declarer, formule
from legislation.taxe_habitation.deliberations import Deliberation
from legislation.taxe_habitation.nomenclatures import CodeAncienRegime, Indicateur, OuiNon


def _a_des_taux(commune, period, autorite):
    return Deliberation(commune, period, autorite).a_des_taux()


def _a_des_quotites(commune, period, autorite):
    return Deliberation(commune, period, autorite).a_des_quotites()


for _autorite in AUTORITES_SAISIES:
    declarer(
        globals(),
        f"delibere_des_taux_{_autorite.nom}",
        value_type=bool,
        entity=Commune,
        definition_period=YEAR,
        label=f"La délibération fixe au moins un taux d'abattement, {_autorite.libelle}",
        reference="CGI, art. 1411, II",
        formula=formule(_a_des_taux, _autorite),
    )
    declarer(
        globals(),
        f"delibere_des_quotites_{_autorite.nom}",
        value_type=bool,
        entity=Commune,
        definition_period=YEAR,
        label=f"La délibération fixe au moins une quotité d'abattement, {_autorite.libelle}",
        reference="CGI, art. 1411, II",
        formula=formule(_a_des_quotites, _autorite),
    )


def _inferieurs(de_l_annee, en_2003):
    """Retourne si l'un des quatre abattements est devenu inférieur : on compare les taux, ou les quotités si l'un des deux est forfaitaire."""
    inferieur = np.False_
    for abattement in ABATTEMENTS_TEMOINS:
        taux, taux_2003 = de_l_annee.taux(abattement), en_2003.taux(abattement)
        forfaitaire = (taux == FORFAIT) | (taux_2003 == FORFAIT)
        quotite_inferieure = de_l_annee.quotite(abattement) < en_2003.quotite(abattement)
        taux_inferieur = (taux_2003 > 0) & (taux < taux_2003)  # un taux absent vaut zéro
        inferieur = inferieur | np.where(forfaitaire, quotite_inferieure, taux_inferieur)
    return inferieur


class double_liquidation_commune(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Un abattement de la commune est inférieur à celui de 2003"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(commune, period):
        meme_commune = commune("meme_commune_2003", period) == OuiNon.oui
        de_l_annee = Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT)
        return meme_commune & _inferieurs(de_l_annee, Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT.en_2003))


class double_liquidation_epci(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Un abattement de l'EPCI est inférieur à celui de 2003 (de l'EPCI, ou de la commune si l'EPCI n'en avait pas)"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(commune, period):
        meme_epci = commune("meme_epci_2003", period) == OuiNon.oui
        de_l_annee = Deliberation(commune, period, EPCI_AVANT_AJUSTEMENT)
        inferieurs_a_l_epci = _inferieurs(de_l_annee, Deliberation(commune, period, EPCI_AVANT_AJUSTEMENT.en_2003))
        inferieurs_a_la_commune = _inferieurs(de_l_annee, Deliberation(commune, period, COMMUNE_AVANT_AJUSTEMENT.en_2003))
        avait_les_siens = commune("delibere_des_quotites_epci_avant_ajustement_2003", period)
        a_vote_des_taux = commune("delibere_des_taux_epci_avant_ajustement", period)
        return meme_epci & a_vote_des_taux & np.where(avait_les_siens, inferieurs_a_l_epci, inferieurs_a_la_commune)


class seconde_liquidation(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Une seconde liquidation sur les abattements de 2003 est demandée"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(commune, period):
        return commune("double_liquidation_commune", period) | commune("double_liquidation_epci", period)


class a_un_regime_local(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La commune a le régime d'abattement d'Alsace-Moselle ou un ancien régime local"
    reference = "CGI, art. 1411, II, 1"

    def formula(commune, period):
        alsace = commune("code_alsace_moselle", period) != Indicateur.vide
        return alsace | (commune("code_ancien_regime", period) != CodeAncienRegime.vide)


class sortie_du_regime_alsace_moselle(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La commune a quitté le régime d'abattement d'Alsace-Moselle depuis 2003, et ses abattements ont baissé"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(commune, period):
        alsace_2003 = commune("alsace_moselle_2003", period) == OuiNon.oui
        return commune("double_liquidation_commune", period) & ~commune("a_un_regime_local", period) & alsace_2003


class syndicat_percoit(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Un syndicat de communes perçoit une part de taxe d'habitation"
    reference = "CGI, art. 1609 quater"

    def formula(commune, period):
        return commune("taux_syndicat", period) != 0


class tse_percues(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "Des taxes spéciales d'équipement sont perçues"
    reference = "CGI, art. 1607 bis et 1607 ter"

    def formula(commune, period):
        return commune("taux_tse", period) != 0


class autres_tse_percues(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "D'autres taxes spéciales d'équipement sont perçues (Île-de-France, outre-mer)"
    reference = "CGI, art. 1609 B à 1609 G"

    def formula(commune, period):
        return commune("taux_autres_tse", period) != 0


class gemapi_percue(Variable):
    value_type = bool
    entity = Commune
    definition_period = YEAR
    label = "La taxe GEMAPI est perçue"
    reference = "CGI, art. 1530 bis"

    def formula(commune, period):
        return commune("taux_gemapi", period) > 0
