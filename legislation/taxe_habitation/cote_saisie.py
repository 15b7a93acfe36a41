"""Ce que le programme sait de l'avis (la cote) : le local, le redevable, ses droits et ses revenus (27 données saisies).

Ce qui n'est pas donné découle du local, de la commune et des foyers fiscaux de la cote, ou de la nature de l'avis.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote
from legislation.taxe_habitation.nomenclatures import (
    Affectation,
    ChampAudiovisuel,
    DegrevementAudiovisuel,
    Exoneration,
    GroupeRevision,
    Handicap,
    Indicateur,
    NatureRedevable,
    NatureTaxation,
    PersonneMorale,
    RangSortie,
    Television,
    TypeImposition,
)
from legislation.taxe_habitation.nomenclatures_local import DroitPlafonnement, PositionRevenu

# Le code du dégrèvement audiovisuel qui répond à chaque exonération.
DEGREVEMENTS_DES_EXONERATIONS = {
    Exoneration.exoneration_f: DegrevementAudiovisuel.degrevement_f,
    Exoneration.exoneration_i: DegrevementAudiovisuel.degrevement_i,
    Exoneration.exoneration_a: DegrevementAudiovisuel.degrevement_a,
    Exoneration.exoneration_d: DegrevementAudiovisuel.degrevement_d,
    Exoneration.exoneration_v: DegrevementAudiovisuel.degrevement_v,
    Exoneration.exoneration_s: DegrevementAudiovisuel.degrevement_s,
    Exoneration.exoneration_k: DegrevementAudiovisuel.degrevement_k,
    Exoneration.exoneration_w: DegrevementAudiovisuel.degrevement_w,
}
ANNEE_DU_RANG_DE_W = 2016  # seule année où l'exonération W porte un rang : le deuxième


class annee_imposition(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Année d'imposition"
    reference = "CGI, art. 1415"

    def formula(cote, period):
        return period.start.year


class type_imposition(Variable):
    value_type = Enum
    possible_values = TypeImposition
    default_value = TypeImposition.taxe_habitation
    entity = Cote
    definition_period = YEAR
    label = "Ce que l'avis impose : taxe d'habitation, ou taxe d'habitation sur les logements vacants"
    reference = "CGI, art. 1407 et 1407 bis"


class valeur_locative_brute_principale(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative brute de l'habitation principale, de la dépendance isolée ou du logement vacant"
    documentation = "Si elle n'est pas donnée, celle du local, après exonération en zone de revitalisation rurale."
    reference = "CGI, art. 1409"

    def formula(cote, period):
        return np.where(cote("est_residence_secondaire", period), 0, cote.local("valeur_locative_imposable", period))

    def formula_2020(cote, period):
        principale = cote.local("valeur_locative_imposable_habitation_principale", period)
        du_local = np.where(cote("est_logement_vacant", period), cote.local("valeur_locative_imposable", period), principale)
        return np.where(cote("est_residence_secondaire", period), 0, du_local)

    def formula_2023(cote, period):
        return np.where(cote("est_residence_secondaire", period), 0, cote.local("valeur_locative_imposable", period))


class valeur_locative_brute_secondaire(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative brute de la résidence secondaire"
    documentation = "Si elle n'est pas donnée, celle du local, après exonération en zone de revitalisation rurale."
    reference = "CGI, art. 1409"

    def formula(cote, period):
        return np.where(cote("est_residence_secondaire", period), cote.local("valeur_locative_imposable", period), 0)


class affectation(Variable):
    value_type = Enum
    possible_values = Affectation
    default_value = Affectation.habitation
    entity = Cote
    definition_period = YEAR
    label = "Affectation du local"
    reference = "CGI, art. 1407"

    def formula(cote, period):
        return cote.local("affectation_local", period)


class personne_morale(Variable):
    value_type = Enum
    possible_values = PersonneMorale
    default_value = PersonneMorale.vide
    entity = Cote
    definition_period = YEAR
    label = "Groupe de la personne morale redevable"
    reference = "CGI, art. 1408"


class groupe_revision(Variable):
    value_type = Enum
    possible_values = GroupeRevision
    default_value = GroupeRevision.vide
    entity = Cote
    definition_period = YEAR
    label = "Groupe de révision du local"
    reference = "CGI, art. 1494 et suivants"


class personne_morale_majoree(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "La personne morale est passible de la majoration des résidences secondaires"
    reference = "CGI, art. 1407 ter"


class nature_taxation(Variable):
    value_type = Enum
    possible_values = NatureTaxation
    default_value = NatureTaxation.principale
    entity = Cote
    definition_period = YEAR
    label = "Habitation principale, résidence secondaire ou dépendance isolée"
    reference = "CGI, art. 1407"

    def formula(cote, period):
        return np.where(cote("est_logement_vacant", period), NatureTaxation.vide, NatureTaxation.principale)


class personnes_a_charge(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Personnes à charge, hors enfants en résidence alternée"
    reference = "CGI, art. 1411, II, 1 et III"


class enfants_residence_alternee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Enfants en résidence alternée"
    reference = "CGI, art. 1411, II, 1 et III"


class exoneration(Variable):
    value_type = Enum
    possible_values = Exoneration
    default_value = Exoneration.vide
    entity = Cote
    definition_period = YEAR
    label = "Exonération, dégrèvement total ou droit au plafonnement"
    documentation = (
        "Si rien n'est donné, l'habitation principale est plafonnée là où le revenu de tout le foyer le permet : le plafonnement est de droit. Les "
        "exonérations tiennent à l'âge, au veuvage, à des allocations : elles ne se déduisent pas du revenu, et sont à donner. Donner `vide` au redevable de "
        "l'impôt de solidarité sur la fortune, qui n'y a pas droit (depuis 2018, donner `redevable_ifi` à son foyer), et `plafonnement` à la dépendance "
        "isolée, dont le plafonnement est calculé à part. Le plafonnement est abrogé à compter de 2020."
    )
    reference = ["CGI, art. 1414, 1414 A et 1414 B", "CGI, art. 1413 bis"]

    def formula(cote, period):
        principale = cote("est_habitation_principale", period) & ~cote("est_logement_vacant", period)
        ouvert = cote("droit_plafonnement", period) == DroitPlafonnement.ouvert
        return np.where(principale & ouvert, Exoneration.plafonnement, Exoneration.vide)

    def formula_2018(cote, period, parameters):
        principale = cote("est_habitation_principale", period) & ~cote("est_logement_vacant", period)
        ouvert = (cote("droit_plafonnement", period) == DroitPlafonnement.ouvert) & ~cote("redevable_ifi_cote", period)
        en_vigueur = parameters(period).taxe_habitation.plafonnement.en_vigueur
        return np.where(principale & ouvert & en_vigueur, Exoneration.plafonnement, Exoneration.vide)


class rang_sortie_exoneration(Variable):
    value_type = Enum
    possible_values = RangSortie
    default_value = RangSortie.vide
    entity = Cote
    definition_period = YEAR
    label = "Année du maintien de l'exonération"
    documentation = "À donner avec l'exonération K. En 2016, l'exonération W est toujours de deuxième année."
    reference = "CGI, art. 1414, I bis"

    def formula_2016(cote, period):
        if period.start.year > ANNEE_DU_RANG_DE_W:
            return RangSortie.vide
        return np.where(cote("exoneration", period) == Exoneration.exoneration_w, RangSortie.deuxieme_annee, RangSortie.vide)


class abattement_sortie_exoneration(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "Abattement sur la valeur locative en sortie d'exonération"
    reference = "CGI, art. 1414, I bis"


class troisieme_annee_sortie(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "L'abattement en sortie d'exonération est celui de la troisième année"
    documentation = "Il n'y en a pas d'autre en 2017 : si rien n'est donné, il en est ainsi là où l'abattement est porté."
    reference = "CGI, art. 1414, I bis"

    def formula_2017(cote, period):
        return np.where(cote("abattement_sortie_exoneration", period) == Indicateur.oui, Indicateur.oui, Indicateur.vide)


class champ_audiovisuel(Variable):
    value_type = Enum
    possible_values = ChampAudiovisuel
    default_value = ChampAudiovisuel.dans_le_champ
    entity = Cote
    definition_period = YEAR
    label = "Champ de la contribution à l'audiovisuel public"
    documentation = "Si rien n'est donné, tout local est dans le champ, sauf la dépendance isolée, le local d'une personne morale et le logement vacant."
    reference = "CGI, art. 1605"

    def formula(cote, period):
        return np.select(
            [
                cote("est_logement_vacant", period),
                cote("est_dependance_isolee", period),
                cote("nature_redevable", period) == NatureRedevable.personne_morale,
            ],
            [ChampAudiovisuel.vide, ChampAudiovisuel.hors_champ_e, ChampAudiovisuel.hors_champ_m],
            default=ChampAudiovisuel.dans_le_champ,
        )


class television(Variable):
    value_type = Enum
    possible_values = Television
    default_value = Television.aucune
    entity = Cote
    definition_period = YEAR
    label = "Téléviseur déclaré"
    reference = "CGI, art. 1605"

    def formula(cote, period):
        return np.where(cote("est_logement_vacant", period), Television.vide, Television.aucune)


class degrevement_audiovisuel(Variable):
    value_type = Enum
    possible_values = DegrevementAudiovisuel
    default_value = DegrevementAudiovisuel.vide
    entity = Cote
    definition_period = YEAR
    label = "Dégrèvement de contribution à l'audiovisuel public"
    documentation = "Si rien n'est donné, celui qui répond à l'exonération de l'habitation principale."
    reference = "CGI, art. 1605 bis"

    def formula(cote, period):
        dans_le_champ = cote("champ_audiovisuel", period) == ChampAudiovisuel.dans_le_champ
        concernee = dans_le_champ & cote("est_habitation_principale", period)
        exoneration = cote("exoneration", period)
        return np.select(
            [concernee & (exoneration == code) for code in DEGREVEMENTS_DES_EXONERATIONS],
            list(DEGREVEMENTS_DES_EXONERATIONS.values()),
            default=DegrevementAudiovisuel.vide,
        )


class revenu_sous_seuil_1417_I(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "Le revenu fiscal de référence n'excède pas le seuil du I de l'article 1417"
    documentation = "Si rien n'est donné, d'après les revenus des redevables ; jamais pour une résidence secondaire, ni là où un revenu est inconnu."
    reference = "CGI, art. 1417, I"

    def formula(cote, period):
        sous_le_seuil = cote("position_revenu_cote", period) == PositionRevenu.sous_limite_exoneration
        concernee = cote("est_habitation_principale", period) | cote("est_dependance_isolee", period)
        return np.where(concernee & ~cote("est_logement_vacant", period) & sous_le_seuil, Indicateur.oui, Indicateur.vide)


class handicap(Variable):
    value_type = Enum
    possible_values = Handicap
    default_value = Handicap.vide
    entity = Cote
    definition_period = YEAR
    label = "Motif de l'abattement en faveur des personnes handicapées ou invalides"
    reference = "CGI, art. 1411, II, 3 bis"


class revenu_fiscal_reference_cote(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de la cote"
    reference = "CGI, art. 1417, IV"

    def formula(cote, period):
        return cote("revenu_redevables", period)


class revenu_plafonnement_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de tout le foyer après abattement, pour le plafonnement"
    reference = "CGI, art. 1414 A, I"

    def formula(cote, period):
        return np.where(cote("est_logement_vacant", period), 0, cote("revenu_tout_le_foyer_apres_abattement", period))


class nature_redevable(Variable):
    value_type = Enum
    possible_values = NatureRedevable
    default_value = NatureRedevable.monsieur
    entity = Cote
    definition_period = YEAR
    label = "Nature du redevable"
    reference = "CGI, art. 1408"


class regularisation(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "L'avis rectifie un premier avis"
    reference = "LPF, art. R*211-1"


class net_a_payer_initial(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Net à payer du premier avis"
    reference = "LPF, art. R*211-1"


class direction(Variable):
    value_type = str
    entity = Cote
    definition_period = YEAR
    label = "Direction des finances publiques qui établit l'avis"
    documentation = "Si elle n'est pas donnée, celle dont relève la commune."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017"

    def formula(cote, period):
        return cote.commune("direction_commune", period)


class parts_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Parts de quotient familial de tout le foyer, multipliées par 100"
    reference = "CGI, art. 194 et 1414 A, I"

    def formula(cote, period):
        return cote("parts_tout_le_foyer", period)
