"""Ce que le programme sait de l'avis (la cote) : le local, le redevable, ses droits et ses revenus (27 données saisies)."""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.taxe_habitation.entites import Cote
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
    reference = "CGI, art. 1409"


class valeur_locative_brute_secondaire(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative brute de la résidence secondaire"
    reference = "CGI, art. 1409"


class affectation(Variable):
    value_type = Enum
    possible_values = Affectation
    default_value = Affectation.habitation
    entity = Cote
    definition_period = YEAR
    label = "Affectation du local"
    reference = "CGI, art. 1407"


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
    reference = "CGI, art. 1414, 1414 A et 1414 B"


class rang_sortie_exoneration(Variable):
    value_type = Enum
    possible_values = RangSortie
    default_value = RangSortie.vide
    entity = Cote
    definition_period = YEAR
    label = "Année du maintien de l'exonération"
    reference = "CGI, art. 1414, I bis"


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
    reference = "CGI, art. 1414, I bis"


class champ_audiovisuel(Variable):
    value_type = Enum
    possible_values = ChampAudiovisuel
    default_value = ChampAudiovisuel.dans_le_champ
    entity = Cote
    definition_period = YEAR
    label = "Champ de la contribution à l'audiovisuel public"
    reference = "CGI, art. 1605"


class television(Variable):
    value_type = Enum
    possible_values = Television
    default_value = Television.aucune
    entity = Cote
    definition_period = YEAR
    label = "Téléviseur déclaré"
    reference = "CGI, art. 1605"


class degrevement_audiovisuel(Variable):
    value_type = Enum
    possible_values = DegrevementAudiovisuel
    default_value = DegrevementAudiovisuel.vide
    entity = Cote
    definition_period = YEAR
    label = "Dégrèvement de contribution à l'audiovisuel public"
    reference = "CGI, art. 1605 bis"


class revenu_sous_seuil_1417_I(Variable):
    value_type = Enum
    possible_values = Indicateur
    default_value = Indicateur.vide
    entity = Cote
    definition_period = YEAR
    label = "Le revenu fiscal de référence n'excède pas le seuil du I de l'article 1417"
    reference = "CGI, art. 1417, I"


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


class revenu_plafonnement_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de tout le foyer après abattement, pour le plafonnement"
    reference = "CGI, art. 1414 A, I"


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
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017"


class parts_foyer(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Parts de quotient familial de tout le foyer, multipliées par 100"
    reference = "CGI, art. 194 et 1414 A, I"
