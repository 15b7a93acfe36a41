"""L'allègement de l'habitation principale de l'article 1414 C, de 2018 à 2022, avant que la taxe n'y soit supprimée en 2023.

Deux parts. L'une dépend du revenu (I de l'article) : entière jusqu'à la première limite du II bis de l'article 1417, dégressive
jusqu'à la seconde. Dégrèvement de 30 % en 2018, de 65 % en 2019 et de 100 % en 2020, elle est une exonération en 2021 et 2022.
L'autre (III), qui n'existe qu'en 2021 et 2022, est une exonération de 30 %, puis de 65 %, de ce qui reste, sans condition de revenu.

L'allègement vient après le plafonnement de l'article 1414 A, abrogé à compter de 2020, et porte sur les cotisations, frais et
prélèvements que celui-ci laisse à payer. En 2018 et 2019 il ne couvre pas la hausse des taux depuis 2017.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR, period
from engine.variables import Variable
from legislation.entites import Commune, Cote
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.nomenclatures import NatureRedevable
from legislation.taxe_habitation.nomenclatures_local import TravailleurFrontalier
from legislation.taxe_habitation.parts import montant_selon_parts
from legislation.taxe_habitation.reduction_taux import hausse_du_taux, plus_petite_base

REFERENCE = "CGI, art. 1414 C"
TAUX_DE_REFERENCE = 2017  # l'année dont le dégrèvement de 2018 et 2019 retient les taux
PREMIERE_ANNEE_D_EXONERATION = 2021  # l'allègement n'est plus un dégrèvement, auquel un seuil s'applique


class est_habitation_principale_d_un_particulier(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'avis impose l'habitation principale d'une personne physique, ou une dépendance de celle-ci"
    reference = ["CGI, art. 1407, I, 1°", REFERENCE]

    def formula(cote, period):
        principale = (cote("est_habitation_principale", period) | cote("est_dependance_isolee", period)) & ~cote("est_logement_vacant", period)
        return principale & (cote("nature_redevable", period) != NatureRedevable.personne_morale)


class redevable_ifi_cote(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "L'un des redevables était passible de l'impôt sur la fortune immobilière l'année précédente"
    reference = "CGI, art. 1413 bis"

    def formula(cote, period):
        return cote.premier_redevable("redevable_ifi", period) | cote.second_redevable("redevable_ifi", period)


class revenu_allegement_1414_C(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence dont dépend l'allègement : celui de tout le foyer, ou de la cote si elle seule est connue"
    reference = ["CGI, art. 1414 C, II", "CGI, art. 1417, IV"]

    def formula_2018(cote, period):
        tout_le_foyer = cote("parts_tout_le_foyer", period) > 0
        return np.where(tout_le_foyer, cote("revenu_tout_le_foyer", period), cote("revenu_fiscal_reference_cote", period))


class parts_allegement_1414_C(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Parts dont dépend l'allègement, multipliées par 100 : celles de tout le foyer, ou du redevable rattaché"
    reference = ["CGI, art. 1414 C, II", "CGI, art. 194"]

    def formula_2018(cote, period):
        parts = cote("parts_foyer", period)
        return np.where(parts > 0, parts, cote("parts_redevables", period))


class revenu_inconnu_pour_l_allegement(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "Le revenu dont dépend l'allègement est inconnu : aucune part, ou travailleur frontalier dont le revenu n'est pas dit"
    reference = "CGI, art. 1417, IV"

    def formula_2018(cote, period):
        rattache = cote.rattaches("travailleur_frontalier", period) == TravailleurFrontalier.frontalier
        return (cote("parts_allegement_1414_C", period) == 0) | cote("revenu_frontalier_inconnu_cote", period) | rattache


class part_allegement_selon_revenu(Variable):
    value_type = float
    entity = Cote
    definition_period = YEAR
    unit = "/1"
    label = "Part de l'allègement que le revenu laisse : 1 jusqu'à la première limite, puis décroissante, 0 à partir de la seconde"
    documentation = "Nulle aussi là où le revenu est inconnu, et pour le redevable de l'IFI."
    reference = ["CGI, art. 1414 C, I", "CGI, art. 1417, II bis", "CGI, art. 1413 bis"]

    def formula_2018(cote, period, parameters):
        limites = parameters(period).taxe_habitation.seuils_revenu.article_1417_II_bis
        parts = cote("parts_allegement_1414_C", period)
        premiere, seconde = (montant_selon_parts(limite, parts) for limite in (limites.limite_1, limites.limite_2))
        degressive = np.clip((seconde - cote("revenu_allegement_1414_C", period)) / (seconde - premiere), 0.0, 1.0)
        sans_droit = cote("revenu_inconnu_pour_l_allegement", period) | cote("redevable_ifi_cote", period)
        return np.where(cote("est_habitation_principale_d_un_particulier", period) & ~sans_droit, degressive, 0.0)


class taux_allegement_1414_C(Variable):
    value_type = float
    entity = Cote
    definition_period = YEAR
    unit = "/1"
    label = "Taux de l'allègement de l'habitation principale : part selon le revenu, puis part sans condition sur ce qui reste"
    reference = ["CGI, art. 1414 C, I et III"]

    def formula_2018(cote, period, parameters):
        loi = parameters(period).taxe_habitation.habitation_principale.allegement
        selon_le_revenu = loi.taux * cote("part_allegement_selon_revenu", period)
        sans_condition = np.where(cote("est_habitation_principale_d_un_particulier", period), loi.taux_sans_condition, 0.0)
        return selon_le_revenu + (1 - selon_le_revenu) * sans_condition


class taux_global_2017(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Somme des taux de toutes les autorités en 2017 (0 : inconnue)"
    documentation = "Si elle n'est pas donnée, celle des taux donnés pour 2017."
    reference = "CGI, art. 1414 C, I, 2"

    def formula_2018(commune, periode):
        del periode
        return commune("somme_des_taux", period(TAUX_DE_REFERENCE))


class hausse_taux_depuis_2017(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    unit = "/1"
    label = "Hausse du taux global depuis 2017, que le dégrèvement ne couvre pas (nulle là où le taux de 2017 est inconnu)"
    reference = "CGI, art. 1414 C, I, 2"

    def formula_2018(commune, period, parameters):
        taux_2017 = commune("taux_global_2017", period)
        opposable = parameters(period).taxe_habitation.habitation_principale.allegement.aux_taux_de_2017
        return np.where((taux_2017 > 0) & opposable, hausse_du_taux(commune("somme_des_taux", period), taux_2017), 0.0)


class cotisation_due_a_la_hausse_des_taux_depuis_2017(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Part de la cotisation qui vient de la hausse des taux depuis 2017"
    reference = "CGI, art. 1414 C, I, 2"

    def formula_2018(cote, period):
        base = plus_petite_base(cote("base_imposable_commune", period), cote("base_imposable_epci", period))
        return arrondi(base * cote.commune("hausse_taux_depuis_2017", period))


def allegement(cote, period, parameters, reste_a_payer):
    """Retourne l'allègement de ce que le plafonnement laisse à payer ; un dégrèvement inférieur à huit euros n'est pas accordé."""
    assiette = np.maximum(0, reste_a_payer - cote("cotisation_due_a_la_hausse_des_taux_depuis_2017", period))
    montant = arrondi(cote("taux_allegement_1414_C", period) * assiette)
    if period.start.year >= PREMIERE_ANNEE_D_EXONERATION:
        return montant
    return np.where(montant < parameters(period).taxe_habitation.plafonnement.seuil_degrevement, 0, montant)


class allegement_1414_C(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Allègement de l'habitation principale : dégrèvement de 2018 à 2020, exonération en 2021 et 2022"
    documentation = "Celui de la dépendance isolée dont le plafonnement est calculé à part est `dependance_allegement_1414_C`."
    reference = [REFERENCE, "CGI, art. 1965 L"]

    def formula_2018(cote, period, parameters):
        reste = cote("somme_cotisations", period) - cote("degrevement_gestionnaire", period) - cote("degrevement_plafonnement_accorde", period)
        return np.where(cote("plafonnement_calcule_a_part", period), 0, allegement(cote, period, parameters, reste))


class dependance_allegement_1414_C(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Allègement de la dépendance isolée dont le plafonnement est calculé à part"
    reference = [REFERENCE, "CGI, art. 1965 L"]

    def formula_2018(cote, period, parameters):
        reste = np.maximum(0, cote("dependance_somme_cotisations", period) - cote("dependance_degrevement", period))
        return allegement(cote, period, parameters, reste)
