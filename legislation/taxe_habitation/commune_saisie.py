"""Ce que le programme sait de la commune : délibérations d'abattement, taux votés, taxes instituées (134 chiffres saisis).

Ce qui n'est pas donné a la valeur que la loi lui donne à défaut, là où elle en a une (`deliberations_par_defaut.py`).

Les chiffres « avant ajustement » sont ceux qui résultent de la délibération ; ceux de la commune et de l'EPCI « appliqués »
tiennent compte de la correction qui a neutralisé le transfert de la part départementale. Ceux de 2003 servent au
plafonnement selon le revenu (CGI, art. 1414 A, III).
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.taxe_habitation.autorites import (
    ABATTEMENTS,
    ABSENT,
    AUTORITES_DE_2003,
    DELIBERANTES,
    VALEUR_LOCATIVE_MOYENNE,
    delibere,
)
from legislation.taxe_habitation.arrondis import arrondi_decimal
from legislation.taxe_habitation.declarations import declarer
from legislation.taxe_habitation.deliberations_par_defaut import quotite_par_defaut, taux_par_defaut, valeur_locative_moyenne_par_defaut
from legislation.taxe_habitation.entites import Commune
from legislation.taxe_habitation.nomenclatures import Beneficiaire, CodeAncienRegime, Indicateur, OuiNon

AUTORITES_SAISIES = DELIBERANTES + AUTORITES_DE_2003[: len(DELIBERANTES)]

for _autorite in AUTORITES_SAISIES:
    for _abattement in ABATTEMENTS:
        declarer(
            globals(),
            delibere(_abattement.taux, _autorite),
            value_type=int,
            default_value=ABSENT,
            entity=Commune,
            definition_period=YEAR,
            label=f"Délibération, {_autorite.libelle} : taux de l'{_abattement.libelle} (en %)",
            reference=_abattement.reference,
            formula=taux_par_defaut(_autorite, _abattement),
        )
        declarer(
            globals(),
            delibere(_abattement.quotite, _autorite),
            value_type=int,
            entity=Commune,
            definition_period=YEAR,
            unit="currency",
            label=f"Délibération, {_autorite.libelle} : quotité (montant) de l'{_abattement.libelle}",
            reference=_abattement.reference,
            formula=quotite_par_defaut(_autorite, _abattement),
        )
    declarer(
        globals(),
        delibere(VALEUR_LOCATIVE_MOYENNE, _autorite),
        value_type=int,
        entity=Commune,
        definition_period=YEAR,
        unit="currency",
        label=f"Valeur locative moyenne des locaux d'habitation, {_autorite.libelle}",
        reference="CGI, art. 1411, II, 4",
        formula=valeur_locative_moyenne_par_defaut(_autorite),
    )


class annee_deliberations(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    label = "Année des délibérations et des taux"
    reference = "CGI, art. 1639 A bis"

    def formula(commune, period):
        return period.start.year


class departement(Variable):
    value_type = str
    entity = Commune
    definition_period = YEAR
    label = "Département (97 pour tous les départements d'outre-mer)"
    reference = "Insee, code officiel géographique"


class code_commune(Variable):
    value_type = str
    entity = Commune
    definition_period = YEAR
    label = "Code de la commune dans le département"
    reference = "Insee, code officiel géographique"


class direction_commune(Variable):
    value_type = str
    entity = Commune
    definition_period = YEAR
    label = "Direction des finances publiques dont relève la commune"
    documentation = "Ne sert qu'au plafond des quotités de Mayotte, dans le calcul isolé des régimes d'abattement : le calcul de la cote ne la transmet pas."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ktac"


class appartenance_epci(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Commune
    definition_period = YEAR
    label = "La commune appartient à un EPCI qui perçoit sa propre part"
    reference = "CGI, art. 1379-0 bis"


class minimum_alsace_moselle(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    unit = "currency"
    label = "Minimum de l'abattement pour charges de famille en Alsace-Moselle"
    reference = "CGI, art. 1411, II, 1"


class code_alsace_moselle(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Commune
    definition_period = YEAR
    label = "La commune a gardé le régime d'abattement d'Alsace-Moselle"
    reference = "CGI, art. 1411, II, 1"


class code_ancien_regime(Variable):
    value_type = Enum
    possible_values = CodeAncienRegime
    default_value = CodeAncienRegime.vide
    entity = Commune
    definition_period = YEAR
    label = "Ancien régime local d'abattements"
    documentation = "Le programme le recopie dans les régimes, mais refuse tout avis qui le porte (contrôle 109)."
    reference = "CGI, art. 1411"


class valeur_locative_moyenne_outre_mer(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative moyenne de référence outre-mer"
    reference = "CGI, art. 332 de l'annexe II"


class meme_commune_2003(Variable):
    value_type = Enum
    possible_values = OuiNon
    default_value = OuiNon.non
    entity = Commune
    definition_period = YEAR
    label = "La commune est la même qu'en 2003"
    reference = "CGI, art. 1414 A, III"


class meme_epci_2003(Variable):
    value_type = Enum
    possible_values = OuiNon
    default_value = OuiNon.non
    entity = Commune
    definition_period = YEAR
    label = "L'EPCI est le même qu'en 2003"
    reference = "CGI, art. 1414 A, III"


class alsace_moselle_2003(Variable):
    value_type = Enum
    possible_values = OuiNon
    default_value = OuiNon.non
    entity = Commune
    definition_period = YEAR
    label = "La commune avait en 2003 le régime d'abattement d'Alsace-Moselle"
    reference = "CGI, art. 1414 A, III"


class taux_commune(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux de taxe d'habitation de la commune"
    reference = "CGI, art. 1636 B sexies"


class taux_syndicat(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux du syndicat de communes"
    reference = "CGI, art. 1609 quater"


class taux_tse(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Somme des taux des taxes spéciales d'équipement"
    reference = "CGI, art. 1607 bis et 1607 ter"


class taux_agglomeration_nouvelle(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux de l'agglomération nouvelle (toujours nul)"
    reference = "CGI, art. 1609 nonies B"


class taux_global_2000(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux global de taxe d'habitation de l'année 2000, corrigé"
    reference = "CGI, art. 1414 A, III, 1"


class taux_epci(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux de taxe d'habitation de l'EPCI"
    reference = "CGI, art. 1609 nonies C"


class taux_departement(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux du département (le département ne perçoit plus de taxe d'habitation : ignoré)"
    reference = "Loi n° 2009-1673 du 30 décembre 2009, art. 77"


class taux_autres_tse(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux des autres taxes spéciales d'équipement (Île-de-France, outre-mer)"
    reference = "CGI, art. 1609 B à 1609 G"


class taux_gemapi(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux de la taxe pour la gestion des milieux aquatiques et la prévention des inondations"
    reference = "CGI, art. 1530 bis"


class institution_thlv(Variable):
    value_type = Enum
    possible_values = Beneficiaire
    default_value = Beneficiaire.vide
    entity = Commune
    definition_period = YEAR
    label = "Qui a institué la taxe d'habitation sur les logements vacants"
    reference = "CGI, art. 1407 bis"


class institution_gemapi(Variable):
    value_type = Enum
    possible_values = Beneficiaire
    default_value = Beneficiaire.vide
    entity = Commune
    definition_period = YEAR
    label = "Qui a institué la taxe GEMAPI"
    reference = "CGI, art. 1530 bis"


class institution_majoration(Variable):
    value_type = Enum
    possible_values = OuiNon
    default_value = OuiNon.non
    entity = Commune
    definition_period = YEAR
    label = "La commune a institué la majoration des résidences secondaires"
    reference = "CGI, art. 1407 ter"


class taux_majoration_residences_secondaires(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux voté de la majoration des résidences secondaires"
    reference = "CGI, art. 1407 ter"
