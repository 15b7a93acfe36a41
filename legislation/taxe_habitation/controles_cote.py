"""Contrôles de l'avis, et le code de retour de tout le calcul de la cote.

Les contrôles sont faits dans l'ordre du programme ; le premier qui n'est pas satisfait donne le code de retour. Viennent
ensuite ceux des délibérations, des régimes d'abattement, et les anomalies que la liquidation elle-même rencontre. Les
résultats n'ont de sens que là où le code de retour est nul.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.arrondis import est_parmi
from legislation.taxe_habitation.autorites import DEPARTEMENT, VALEUR_LOCATIVE_MOYENNE, delibere
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.cote_saisie import DEGREVEMENTS_DES_EXONERATIONS
from legislation.taxe_habitation.nomenclatures import (
    Affectation,
    Beneficiaire,
    ChampAudiovisuel,
    DegrevementAudiovisuel,
    Exoneration,
    GroupeRevision,
    Handicap,
    Indicateur,
    NatureRedevable,
    NatureTaxation,
    OuiNon,
    PersonneMorale,
    RangSortie,
    Television,
    TypeImposition,
)
from legislation.taxe_habitation.situation import DIRECTION_MAYOTTE

# L'année où chaque règle que les contrôles suivent est entrée en vigueur.
MAJORATION_INSTITUEE = 2015  # majoration des résidences secondaires (CGI, art. 1407 ter)
MAJORATION_AU_TAUX_VOTE = 2017  # la commune vote le taux de la majoration
PERSONNES_MORALES_PRECISEES = 2016  # personnes morales majorées, et personnes morales redevables de la THLV
MAINTIEN_DES_EXONERATIONS = 2016  # exonération maintenue deux ans (CGI, art. 1414, I bis)
ABATTEMENT_DE_SORTIE = 2017  # puis abattement sur la valeur locative
PREMIERE_ANNEE_DE_K = 2015  # première année où l'exonération est maintenue en sortie


def _controles_identification(cote, period, p):
    """L'avis est établi par une direction connue, pour une année connue, et ses codes sont dans leurs nomenclatures."""
    vacant = cote("est_logement_vacant", period)
    habite = cote("type_imposition", period) == TypeImposition.taxe_habitation
    institution = cote.commune("institution_thlv", period)
    parts = cote("parts_foyer", period)
    au_plus = p.controles.personnes_a_charge_maximum
    champ, television = cote("champ_audiovisuel", period), cote("television", period)
    taxable = est_parmi(cote("nature_taxation", period), NatureTaxation.principale, NatureTaxation.secondaire, NatureTaxation.dependance)
    sans_k = period.start.year < PREMIERE_ANNEE_DE_K
    degrevements_inconnus = [DegrevementAudiovisuel.invalide, *([DegrevementAudiovisuel.degrevement_k] if sans_k else [])]
    exonerations_inconnues = [Exoneration.invalide, *([Exoneration.exoneration_k] if sans_k else [])]
    return [
        (5, ~np.isin(cote("direction", period), p.directions)),
        (62, vacant & ~est_parmi(institution, Beneficiaire.commune, Beneficiaire.epci)),
        (1, annee_inconnue(cote.commune("annee_deliberations", period), p.controles)),
        (3, habite & ~taxable),
        (4, (cote("personnes_a_charge", period) > au_plus) | (cote("personnes_a_charge", period) < 0)),
        (6, cote("revenu_sous_seuil_1417_I", period) == Indicateur.invalide),
        (7, cote("handicap", period) == Handicap.invalide),
        (8, cote("nature_redevable", period) == NatureRedevable.invalide),
        (10, cote("affectation", period) == Affectation.invalide),
        (15, parts < 0),
        (14, parts * 4 // 10 % 10 != 0),
        (16, (cote("enfants_residence_alternee", period) > au_plus) | (cote("enfants_residence_alternee", period) < 0)),
        (17, cote("personne_morale", period) == PersonneMorale.invalide),
        (18, cote("groupe_revision", period) == GroupeRevision.invalide),
        (19, habite & est_parmi(champ, ChampAudiovisuel.vide, ChampAudiovisuel.invalide)),
        (20, habite & est_parmi(television, Television.vide, Television.invalide)),
        (21, est_parmi(cote("degrevement_audiovisuel", period), *degrevements_inconnus)),
        (22, est_parmi(cote("exoneration", period), *exonerations_inconnues)),
        (23, cote("type_imposition", period) == TypeImposition.invalide),
    ]


def _controles_logement_vacant(cote, period, p):
    """Un avis de THLV ne porte rien de ce qui tient à l'occupant."""
    del p
    vacant = cote("est_logement_vacant", period)
    avant_2016 = vacant & (cote("annee_imposition", period) < PERSONNES_MORALES_PRECISEES)
    a_charge = (cote("personnes_a_charge", period) != 0) | (cote("enfants_residence_alternee", period) != 0)
    return [
        (25, vacant & a_charge),
        (26, vacant & (cote("exoneration", period) != Exoneration.vide)),
        (27, vacant & (cote("revenu_sous_seuil_1417_I", period) != Indicateur.vide)),
        (28, vacant & (cote("champ_audiovisuel", period) != ChampAudiovisuel.vide)),
        (29, vacant & (cote("degrevement_audiovisuel", period) != DegrevementAudiovisuel.vide)),
        (30, vacant & (cote("television", period) != Television.vide)),
        (31, avant_2016 & (cote("personne_morale", period) != PersonneMorale.vide)),
        (32, avant_2016 & (cote("groupe_revision", period) != GroupeRevision.vide)),
        (35, vacant & (cote("nature_taxation", period) != NatureTaxation.vide)),
        (36, vacant & (cote("valeur_locative_brute_secondaire", period) != 0)),
        (38, vacant & (cote("revenu_plafonnement_foyer", period) != 0)),
    ]


def _controles_majoration_et_regularisation(cote, period, p):
    """La majoration des résidences secondaires n'est instituée que dans les zones tendues, à un taux admis ; l'année est la même partout."""
    majoration = cote.commune("institution_majoration", period)
    instituee = majoration == OuiNon.oui
    taux = cote.commune("taux_majoration_residences_secondaires", period)
    zone_tendue = np.isin(cote.commune("departement", period), p.departements_taxe_logements_vacants)
    taux_refuse = instituee & (taux > p.majoration_residences_secondaires.taux_maximal) if period.start.year >= MAJORATION_AU_TAUX_VOTE else taux != 0
    annee = cote("annee_imposition", period)
    depuis_qu_elle_existe = [(39, majoration == OuiNon.invalide), (40, instituee & ~zone_tendue)]
    return [
        *(depuis_qu_elle_existe if period.start.year >= MAJORATION_INSTITUEE else []),
        (41, taux_refuse),
        (42, (annee >= PERSONNES_MORALES_PRECISEES) & (cote("personne_morale_majoree", period) == Indicateur.invalide)),
        (5201, cote("regularisation", period) == Indicateur.invalide),
        (51, annee != cote.commune("annee_deliberations", period)),
    ]


def _controles_nature(cote, period, p):
    """Ce que porte l'avis convient à l'habitation principale, à la résidence secondaire ou à la dépendance."""
    del p
    principale, secondaire = cote("est_habitation_principale", period), cote("est_residence_secondaire", period)
    dependance = cote("est_dependance_isolee", period)
    exoneration = cote("exoneration", period)
    sous_seuil = cote("revenu_sous_seuil_1417_I", period) == Indicateur.oui
    brute_principale, brute_secondaire = cote("valeur_locative_brute_principale", period), cote("valeur_locative_brute_secondaire", period)
    a_charge = (cote("personnes_a_charge", period) != 0) | (cote("enfants_residence_alternee", period) != 0)
    sous_condition = est_parmi(exoneration, Exoneration.exoneration_a, Exoneration.exoneration_v)
    personne_morale = cote("nature_redevable", period) == NatureRedevable.personne_morale
    return [
        (52, (secondaire | dependance) & a_charge),
        (53, secondaire & (brute_principale != 0)),
        (54, secondaire & (exoneration != Exoneration.vide)),
        (55, secondaire & sous_seuil),
        (58, (exoneration == Exoneration.exoneration_d) & ~cote.commune("outre_mer", period)),
        (59, dependance & (brute_secondaire != 0)),
        (60, principale & sous_condition & ~sous_seuil),
        (61, (exoneration == Exoneration.gestionnaire) & ~personne_morale),
        (64, (brute_principale != 0) & (brute_secondaire != 0)),
    ]


def _degrevement_audiovisuel_discordant(cote, period):
    """Retourne si l'avis porte une exonération sans porter le dégrèvement audiovisuel de même code."""
    exoneration, degrevement = cote("exoneration", period), cote("degrevement_audiovisuel", period)
    concordant = np.False_
    for code_exoneration, code_degrevement in DEGREVEMENTS_DES_EXONERATIONS.items():
        concordant = concordant | ((exoneration == code_exoneration) & (degrevement == code_degrevement))
    return ~concordant & ~est_parmi(exoneration, Exoneration.vide, Exoneration.plafonnement)


def _controles_audiovisuel(cote, period, p):
    """La contribution à l'audiovisuel public n'est déclarée et dégrevée que dans son champ."""
    del p
    dans_le_champ = cote("champ_audiovisuel", period) == ChampAudiovisuel.dans_le_champ
    degrevement = cote("degrevement_audiovisuel", period)
    personne_morale = cote("nature_redevable", period) == NatureRedevable.personne_morale
    ni_exoneration = est_parmi(cote("exoneration", period), Exoneration.vide, Exoneration.plafonnement)
    hors_exoneration = est_parmi(degrevement, DegrevementAudiovisuel.degrevement_e, DegrevementAudiovisuel.degrevement_j)
    return [
        (65, ~dans_le_champ & (cote("television", period) == Television.declaree)),
        (66, dans_le_champ & cote("est_dependance_isolee", period)),
        (67, dans_le_champ & personne_morale),
        (68, dans_le_champ & cote("est_habitation_principale", period) & _degrevement_audiovisuel_discordant(cote, period)),
        (69, ~dans_le_champ & (degrevement != DegrevementAudiovisuel.vide)),
        (70, hors_exoneration & ~ni_exoneration),
    ]


def _controles_sortie_exoneration(cote, period, p):
    """L'année du maintien de l'exonération et l'abattement qui le suit vont avec le code d'exonération."""
    del p
    controles = [(77, _rang_sortie_discordant(cote, period))]
    if period.start.year < ABATTEMENT_DE_SORTIE:
        return controles
    abattement, annee = cote("abattement_sortie_exoneration", period), cote("troisieme_annee_sortie", period)
    porte = abattement == Indicateur.oui
    incompatible = est_parmi(
        cote("exoneration", period),
        Exoneration.exoneration_a,
        Exoneration.exoneration_f,
        Exoneration.exoneration_i,
        Exoneration.exoneration_s,
        Exoneration.exoneration_v,
        Exoneration.exoneration_w,
        Exoneration.exoneration_k,
    )
    discordant = np.where(porte, annee != Indicateur.oui, annee != Indicateur.vide)
    return [*controles, (78, discordant), (79, porte & incompatible), (80, porte & cote("est_residence_secondaire", period))]


def _rang_sortie_discordant(cote, period):
    """Retourne si l'année du maintien n'est pas celle que demande le code d'exonération."""
    rang, exoneration = cote("rang_sortie_exoneration", period), cote("exoneration", period)
    vide = rang == RangSortie.vide
    if period.start.year < MAINTIEN_DES_EXONERATIONS:
        return ~vide
    maintien = exoneration == Exoneration.exoneration_k
    un_ou_deux = est_parmi(rang, RangSortie.premiere_annee, RangSortie.deuxieme_annee)
    attendu = np.where(maintien, un_ou_deux, vide)
    if period.start.year == MAINTIEN_DES_EXONERATIONS:
        attendu = np.where(exoneration == Exoneration.exoneration_w, rang == RangSortie.deuxieme_annee, attendu)
    return ~attendu


def _controles_collectivites(cote, period, p):
    """Les contrôles qui ne dépendent que de la commune ; un seul, au milieu d'eux, dépend de la direction."""
    commune_epci = cote.commune("code_deliberations_commune_epci", period)
    departement = cote.commune("code_deliberations_departement", period)
    regimes = cote.commune("code_regimes_abattement", period)
    moyenne = cote.commune(delibere(VALEUR_LOCATIVE_MOYENNE, DEPARTEMENT), period)
    nulle_hors_mayotte = (moyenne == 0) & (cote("direction", period) != DIRECTION_MAYOTTE)
    return [
        (commune_epci, commune_epci != 0),
        (301, (moyenne > p.controles.valeur_locative_moyenne_maximale) | nulle_hors_mayotte),
        (departement, departement != 0),
        (regimes, regimes != 0),
    ]


def _anomalies_de_liquidation(cote, period, p):
    """Ce que la liquidation rencontre : base ou cotisation négative, base inférieure à la valeur secondaire, revenu négatif, département mal écrit.

    Le code 1103 est celui du calcul des frais sur une somme négative ; des taux négatifs seuls y mènent, que le programme ne contrôle pas avant.
    """
    del p
    principale, dependance = cote("est_habitation_principale", period), cote("est_dependance_isolee", period)
    exonere_plus_que_retenu = dependance & cote("est_exoneree", period) & (cote("valeur_locative_non_retenue", period) > 0)
    brute_secondaire = cote("valeur_locative_brute_secondaire", period)
    seconde = cote("seconde_liquidation_faite", period)
    reduction_calculee = principale | dependance | seconde
    liquidee_ici = ~cote("plafonnement_calcule_a_part", period)
    cotisation_negative = (cote("assiette_frais_commune_epci", period) < 0) | (cote("cotisations_des_suiveuses", period) < 0)
    return [
        (901, (cote("base_imposable_commune", period) < 0) | exonere_plus_que_retenu),
        (903, cote("base_imposable_epci", period) < 0),
        (1103, cotisation_negative),
        (2204, reduction_calculee & (cote("base_imposable_commune", period) < brute_secondaire)),
        (2206, reduction_calculee & (cote("base_imposable_departement", period) < brute_secondaire)),
        (1005, liquidee_ici & (cote("revenu_fiscal_reference_cote", period) < 0)),
        (1010, liquidee_ici & (cote("revenu_plafonnement_foyer", period) < 0)),
        (1006, cote("est_exoneree", period) & (cote("somme_cotisations_principale", period) != 0)),
        (2502, ~cote("est_logement_vacant", period) & ~cote.commune("departement_bien_ecrit", period)),
    ]


def _anomalies_en_amont(cote, period, p):
    """Ce qui a empêché de calculer la valeur locative ou la position des revenus, si l'on connaît le local ou les foyers dont l'avis découle."""
    del p
    references = ("valeur_locative_reference_principale", "valeur_locative_reference_parties_communes")
    local_connu = reduce(or_, [cote.local(reference, period) != 0 for reference in references])
    foyers = (cote.premier_redevable, cote.second_redevable, cote.rattaches)
    foyers_connus = reduce(or_, [foyer(figure, period) != 0 for foyer in foyers for figure in ("revenu_fiscal_reference", "nombre_parts_fiscales")])
    du_local, des_revenus = cote.local("code_retour_valeur_locative", period), cote("code_retour_revenus", period)
    return [(du_local, local_connu & (du_local != 0)), (des_revenus, foyers_connus & (des_revenus != 0))]


class code_retour_cote(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Code de retour du calcul de la cote : 0 si l'avis est calculé, sinon le code du premier contrôle non satisfait"
    documentation = "Un avis dont la valeur locative ou les revenus découlent du local ou des foyers a, à défaut d'autre anomalie, leur propre code de retour."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcac"

    def formula(cote, period, parameters):
        p = parameters(period).taxe_habitation
        suites = (
            _controles_identification,
            _controles_logement_vacant,
            _controles_majoration_et_regularisation,
            _controles_nature,
            _controles_audiovisuel,
            _controles_sortie_exoneration,
            _controles_collectivites,
            _anomalies_de_liquidation,
            _anomalies_en_amont,
        )
        return premier_code([controle for suite in suites for controle in suite(cote, period, p)])
