"""Les cotisations : la part de chaque collectivité, base nette imposable par son taux, et la majoration des résidences secondaires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.taxe_habitation.arrondis import Colonne, arrondi, est_parmi
from legislation.taxe_habitation.autorites import AUTRES_TSE, COMMUNE, EPCI, GEMAPI, SYNDICAT, TSE, Autorite, declarer
from legislation.taxe_habitation.entites import Cote
from legislation.taxe_habitation.nomenclatures import Affectation, Indicateur, NatureRedevable, OuiNon

PERCEPTRICES = (COMMUNE, EPCI, SYNDICAT, TSE, AUTRES_TSE, GEMAPI)
RESTENT_COMME_DANS_L_ANNEE = (SYNDICAT, TSE, AUTRES_TSE, GEMAPI)
REFERENCES = {
    COMMUNE: "CGI, art. 1407 et 1636 B sexies",
    EPCI: "CGI, art. 1379-0 bis",
    SYNDICAT: "CGI, art. 1609 quater",
    TSE: "CGI, art. 1607 bis et 1607 ter",
    AUTRES_TSE: "CGI, art. 1609 B à 1609 G",
    GEMAPI: "CGI, art. 1530 bis",
}


def _cotisation(autorite: Autorite) -> Callable[[Any, Any], Colonne]:
    def formula(cote: Any, period: Any) -> Colonne:
        return arrondi(cote(f"base_imposable_{autorite.nom}", period) * cote.commune(f"taux_{autorite.nom}", period))

    return formula


def _cotisation_2003(autorite: Autorite) -> Callable[[Any, Any], Colonne]:
    """Retourne la formule de la part d'une autorité sur les abattements de 2003, aux taux de l'année."""

    def formula(cote: Any, period: Any) -> Colonne:
        if autorite in RESTENT_COMME_DANS_L_ANNEE:
            return np.where(cote("seconde_liquidation_faite", period), cote(f"cotisation_{autorite.nom}", period), 0)
        return arrondi(cote(f"base_imposable_{autorite.en_2003.nom}", period) * cote.commune(f"taux_{autorite.nom}", period))

    return formula


def _declarer_cotisation(autorite: Autorite, reference: str, formula: Callable[..., Colonne]) -> None:
    declarer(
        globals(),
        f"cotisation_{autorite.nom}",
        value_type=int,
        entity=Cote,
        definition_period=YEAR,
        unit="currency",
        label=f"Cotisation, {autorite.libelle}",
        reference=reference,
        formula=formula,
    )


for _autorite in PERCEPTRICES:
    _declarer_cotisation(_autorite, REFERENCES[_autorite], _cotisation(_autorite))
    _declarer_cotisation(_autorite.en_2003, "CGI, art. 1414 A, III, 2", _cotisation_2003(_autorite))


class cotisation_departement(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation du département (toujours nulle : le département ne perçoit plus de taxe d'habitation depuis 2011)"
    reference = "Loi n° 2009-1673 du 30 décembre 2009, art. 77"


class cotisation_agglomeration_nouvelle(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de l'agglomération nouvelle (toujours nulle)"
    reference = "CGI, art. 1609 nonies B"


class est_majorable(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Résidence secondaire passible de la majoration que la commune a instituée"
    reference = "CGI, art. 1407 ter"

    def formula_2015(cote, period):
        affectation = est_parmi(cote("affectation", period), Affectation.habitation, Affectation.mixte)
        personne_physique = cote("nature_redevable", period) != NatureRedevable.personne_morale
        instituee = cote.commune("institution_majoration", period) == OuiNon.oui
        return cote("est_residence_secondaire", period) & instituee & affectation & personne_physique

    def formula_2016(cote, period):
        habitation = cote("affectation", period) == Affectation.habitation
        personne_physique = cote("nature_redevable", period) != NatureRedevable.personne_morale
        redevable = personne_physique | (cote("personne_morale_majoree", period) == Indicateur.oui)
        instituee = cote.commune("institution_majoration", period) == OuiNon.oui
        return cote("est_residence_secondaire", period) & instituee & habitation & redevable


class taux_majoration_applicable(Variable):
    value_type = float
    entity = Cote
    definition_period = YEAR
    unit = "/1"
    label = "Taux de la majoration des résidences secondaires (nul si elle n'est pas due)"
    reference = "CGI, art. 1407 ter"

    def formula_2015(cote, period, parameters):
        return np.where(cote("est_majorable", period), parameters(period).taxe_habitation.majoration_residences_secondaires.taux_forfaitaire, 0.0)

    def formula_2017(cote, period):
        return np.where(cote("est_majorable", period), cote.commune("taux_majoration_residences_secondaires", period), 0.0)


class majoration_residences_secondaires(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Majoration de la cotisation communale des résidences secondaires"
    reference = "CGI, art. 1407 ter"

    def formula_2015(cote, period):
        return arrondi(cote("cotisation_commune", period) * cote("taux_majoration_applicable", period))


class majoration_residences_secondaires_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Majoration des résidences secondaires, sur les abattements de 2003"
    reference = "CGI, art. 1414 A, III, 2"

    def formula_2015(cote, period):
        return arrondi(cote("cotisation_commune_2003", period) * cote("taux_majoration_applicable", period))


class cotisation_commune_majoree(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de la commune, majoration des résidences secondaires comprise"
    reference = "CGI, art. 1407 ter"

    def formula(cote, period):
        return cote("cotisation_commune", period) + cote("majoration_residences_secondaires", period)
