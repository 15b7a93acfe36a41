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
from legislation.entites import Commune
from legislation.taxe_habitation.arrondis import arrondi_decimal
from legislation.taxe_habitation.autorites import (
    ABATTEMENTS,
    ABSENT,
    AUTORITES_DE_2003,
    COMMUNE,
    DELIBERANTES,
    VALEUR_LOCATIVE_MOYENNE,
    delibere,
)
from legislation.taxe_habitation.declarations import declarer
from legislation.taxe_habitation.deliberations_par_defaut import quotite_par_defaut, taux_par_defaut, valeur_locative_moyenne_par_defaut
from legislation.taxe_habitation.nomenclatures import Beneficiaire, CodeAncienRegime, Indicateur, OuiNon

AUTORITES_SAISIES = DELIBERANTES + AUTORITES_DE_2003[: len(DELIBERANTES)]
DECIMALES_DU_TAUX = 4  # du taux global
# Outre-mer, le premier chiffre du code de la commune est le dernier de celui du département, qui est aussi celui de la direction.
CODES_DES_COMMUNES_D_OUTRE_MER = {f"97{chiffre}": [f"{chiffre}{numero:02}" for numero in range(100)] for chiffre in (1, 2, 3, 4, 6)}

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
    documentation = (
        "Si elle n'est pas donnée, elle est celle du département, ou outre-mer celle que dit le premier chiffre du code de la commune. Là où un "
        "département a plusieurs directions, c'est la première, qui n'est pas toujours celle de la commune : aucun résultat n'en dépend."
    )
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017"

    def formula(commune, period, parameters):
        du_departement = parameters(period).taxe_habitation.directions_des_departements.get(commune("departement", period), "")
        code = commune("code_commune", period)
        outre_mer = [np.isin(code, codes) for codes in CODES_DES_COMMUNES_D_OUTRE_MER.values()]
        return np.where(commune("outre_mer", period), np.select(outre_mer, list(CODES_DES_COMMUNES_D_OUTRE_MER), default=""), du_departement)


class appartenance_epci(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Commune
    definition_period = YEAR
    label = "La commune appartient à un EPCI qui perçoit sa propre part"
    documentation = "Si rien n'est donné, il en est ainsi là où l'EPCI a un taux."
    reference = "CGI, art. 1379-0 bis"

    def formula(commune, period):
        return np.where(commune("taux_epci", period) != 0, Indicateur.oui, Indicateur.vide)


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
    documentation = "Elle n'est que contrôlée ; si elle n'est pas donnée, celle de la commune en tient lieu."
    reference = "CGI, art. 332 de l'annexe II"

    def formula(commune, period):
        return np.where(commune("outre_mer", period), commune(delibere(VALEUR_LOCATIVE_MOYENNE, COMMUNE), period), 0)


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
    documentation = "S'il n'est pas donné, les taux sont tenus pour inchangés : il est celui de l'année, dans les bornes que le programme contrôle."
    reference = "CGI, art. 1414 A, III, 1"

    def formula(commune, period, parameters):
        bornes = parameters(period).taxe_habitation.controles
        de_l_annee = arrondi_decimal(commune("somme_des_taux", period), DECIMALES_DU_TAUX)
        return np.clip(de_l_annee, bornes.taux_global_2000_minimal, bornes.taux_global_2000_maximal)


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
    documentation = "Si rien n'est donné, là où elle a un taux : l'EPCI, ou la commune qui n'en a pas. Aucun montant n'en dépend."
    reference = "CGI, art. 1530 bis"

    def formula_2015(commune, period):
        par_qui = np.where(commune("epci_a_fiscalite_propre", period), Beneficiaire.epci, Beneficiaire.commune)
        return np.where(commune("taux_gemapi", period) > 0, par_qui, Beneficiaire.vide)


class institution_majoration(Variable):
    value_type = Enum
    possible_values = OuiNon
    default_value = OuiNon.non
    entity = Commune
    definition_period = YEAR
    label = "La commune a institué la majoration des résidences secondaires"
    documentation = "Si rien n'est donné, il en est ainsi là où elle en a voté le taux (depuis 2017)."
    reference = "CGI, art. 1407 ter"

    def formula_2017(commune, period):
        return np.where(commune("taux_majoration_residences_secondaires", period) > 0, OuiNon.oui, OuiNon.non)


class taux_majoration_residences_secondaires(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Taux voté de la majoration des résidences secondaires"
    reference = "CGI, art. 1407 ter"
