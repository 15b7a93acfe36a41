"""Les cotisations : la part de chaque collectivité, base nette imposable par son taux, et la majoration des résidences secondaires."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.arrondis import arrondi, est_parmi
from legislation.taxe_habitation.autorites import AUTRES_TSE, COMMUNE, EPCI, GEMAPI, SYNDICAT, TSE
from legislation.taxe_habitation.declarations import declarer, formule
from legislation.taxe_habitation.nomenclatures import Affectation, Indicateur, NatureRedevable, OuiNon

PERCEPTRICES = (COMMUNE, EPCI, SYNDICAT, TSE, AUTRES_TSE, GEMAPI)
# Les autres suivent les abattements de l'année : leur part est la même dans les deux liquidations.
CHANGENT_EN_2003 = (COMMUNE, EPCI)
REFERENCES = {
    COMMUNE: "CGI, art. 1407 et 1636 B sexies",
    EPCI: "CGI, art. 1379-0 bis",
    SYNDICAT: "CGI, art. 1609 quater",
    TSE: "CGI, art. 1607 bis et 1607 ter",
    AUTRES_TSE: "CGI, art. 1609 B à 1609 G",
    GEMAPI: "CGI, art. 1530 bis",
}


def _cotisation(cote, period, autorite):
    return arrondi(cote(f"base_imposable_{autorite.nom}", period) * cote.commune(f"taux_{autorite.nom}", period))


def _cotisation_2003(cote, period, autorite):
    """La part de l'autorité sur les abattements de 2003, au taux de l'année."""
    return arrondi(cote(f"base_imposable_{autorite.en_2003.nom}", period) * cote.commune(f"taux_{autorite.nom}", period))


for _autorite in PERCEPTRICES:
    declarer(
        globals(),
        f"cotisation_{_autorite.nom}",
        value_type=int,
        entity=Cote,
        definition_period=YEAR,
        unit="currency",
        label=f"Cotisation, {_autorite.libelle}",
        reference=REFERENCES[_autorite],
        formula=formule(_cotisation, _autorite),
    )
for _autorite in CHANGENT_EN_2003:
    declarer(
        globals(),
        f"cotisation_{_autorite.en_2003.nom}",
        value_type=int,
        entity=Cote,
        definition_period=YEAR,
        unit="currency",
        label=f"Cotisation, {_autorite.en_2003.libelle}",
        reference="CGI, art. 1414 A, III, 2",
        formula=formule(_cotisation_2003, _autorite),
    )


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
