"""Les nomenclatures à un caractère des avis et des délibérations, et les caractères qui les désignent dans les fichiers.

Chaque nomenclature a un membre `invalide` pour tout caractère qu'elle ne connaît pas, de sorte qu'un contrôle est une seule
comparaison, et, là où le blanc a un sens, un membre `vide`. Le dictionnaire qui suit chacune donne le membre de chaque
caractère ; un caractère absent du dictionnaire est `invalide`.
"""

from __future__ import annotations

from engine.variables import Enum


class TypeImposition(Enum):
    """Ce que l'avis impose."""

    taxe_habitation = "Taxe d'habitation"
    logements_vacants = "Taxe d'habitation sur les logements vacants (THLV)"
    invalide = "Code inconnu"


CODES_TYPE_IMPOSITION = {"H": TypeImposition.taxe_habitation, "T": TypeImposition.logements_vacants}


class Affectation(Enum):
    """À quoi le local est affecté."""

    vide = "En attente"
    habitation = "Habitation"
    mixte = "Local mixte"
    special = "Local à usage spécial"
    association = "Association à but lucratif"
    fiscale = "Local affecté à un usage fiscal"
    invalide = "Code inconnu"


CODES_AFFECTATION = {
    " ": Affectation.vide,
    "H": Affectation.habitation,
    "M": Affectation.mixte,
    "S": Affectation.special,
    "A": Affectation.association,
    "F": Affectation.fiscale,
}


class PersonneMorale(Enum):
    """Le groupe de la personne morale redevable."""

    vide = "Personne physique"
    autre = "Autre personne morale"
    etat = "État"
    region = "Région"
    departement = "Département"
    commune = "Commune"
    hlm = "Organisme d'habitations à loyer modéré"
    sem = "Société d'économie mixte"
    coproprietaires = "Copropriétaires"
    associes = "Associés"
    sncf = "SNCF"
    invalide = "Code inconnu"


CODES_PERSONNE_MORALE = {
    " ": PersonneMorale.vide,
    "0": PersonneMorale.autre,
    "1": PersonneMorale.etat,
    "2": PersonneMorale.region,
    "3": PersonneMorale.departement,
    "4": PersonneMorale.commune,
    "5": PersonneMorale.hlm,
    "6": PersonneMorale.sem,
    "7": PersonneMorale.coproprietaires,
    "8": PersonneMorale.associes,
    "9": PersonneMorale.sncf,
}


class GroupeRevision(Enum):
    """Le groupe de révision du local ; le groupe 2 est celui des logements sociaux."""

    vide = "Sans groupe"
    groupe_1 = "Groupe 1"
    logement_social = "Groupe 2 : logements sociaux"
    groupe_3 = "Groupe 3"
    groupe_4 = "Groupe 4"
    invalide = "Code inconnu"


CODES_GROUPE_REVISION = {
    " ": GroupeRevision.vide,
    "1": GroupeRevision.groupe_1,
    "2": GroupeRevision.logement_social,
    "3": GroupeRevision.groupe_3,
    "4": GroupeRevision.groupe_4,
}


class Indicateur(Enum):
    """Une indication qui est portée ou ne l'est pas."""

    vide = "Non"
    oui = "Oui"
    invalide = "Code inconnu"


CODES_PERSONNE_MORALE_MAJOREE = {" ": Indicateur.vide, "O": Indicateur.oui}
CODES_APPARTENANCE_EPCI = {" ": Indicateur.vide, "C": Indicateur.oui}
CODES_ALSACE_MOSELLE = {" ": Indicateur.vide, "F": Indicateur.oui}
CODES_REGULARISATION = {" ": Indicateur.vide, "R": Indicateur.oui}
CODES_REVENU_SOUS_SEUIL = {" ": Indicateur.vide, "A": Indicateur.oui}
CODES_ABATTEMENT_SORTIE = {" ": Indicateur.vide, "K": Indicateur.oui}
CODES_TROISIEME_ANNEE_SORTIE = {" ": Indicateur.vide, "3": Indicateur.oui}


class OuiNon(Enum):
    """Une réponse obligatoire : oui ou non."""

    non = "Non"
    oui = "Oui"
    invalide = "Code inconnu"


CODES_OUI_NON = {"N": OuiNon.non, "O": OuiNon.oui}


class NatureTaxation(Enum):
    """Ce qu'est le local pour son occupant."""

    vide = "Logement vacant"
    principale = "Habitation principale"
    secondaire = "Résidence secondaire"
    dependance = "Dépendance isolée de l'habitation principale"
    invalide = "Code inconnu"


CODES_NATURE_TAXATION = {
    " ": NatureTaxation.vide,
    "P": NatureTaxation.principale,
    "S": NatureTaxation.secondaire,
    "E": NatureTaxation.dependance,
}


class Exoneration(Enum):
    """L'exonération ou le dégrèvement de la cote, tel que le code le désigne.

    Les codes F, I, A, D, V, S, W et K sont des exonérations ; G est le dégrèvement total du gestionnaire d'un foyer ou d'un
    logement collectif ; H ouvre droit au plafonnement selon le revenu.
    """

    vide = "Ni exonération ni dégrèvement"
    exoneration_f = "Exonération F"
    exoneration_i = "Exonération I"
    exoneration_a = "Exonération A, sous condition de revenu"
    exoneration_d = "Exonération D, outre-mer"
    exoneration_v = "Exonération V, sous condition de revenu"
    exoneration_s = "Exonération S"
    exoneration_w = "Exonération W, revenu inférieur au seuil du I bis de l'article 1417"
    exoneration_k = "Exonération K, maintenue en sortie d'exonération"
    gestionnaire = "Dégrèvement total G du gestionnaire de logements collectifs"
    plafonnement = "Plafonnement H selon le revenu"
    invalide = "Code inconnu"


CODES_EXONERATION = {
    " ": Exoneration.vide,
    "F": Exoneration.exoneration_f,
    "I": Exoneration.exoneration_i,
    "A": Exoneration.exoneration_a,
    "D": Exoneration.exoneration_d,
    "V": Exoneration.exoneration_v,
    "S": Exoneration.exoneration_s,
    "W": Exoneration.exoneration_w,
    "K": Exoneration.exoneration_k,
    "G": Exoneration.gestionnaire,
    "H": Exoneration.plafonnement,
}


class RangSortie(Enum):
    """L'année du maintien de l'exonération (première ou deuxième année de sortie)."""

    vide = "Sans objet"
    premiere_annee = "Première année"
    deuxieme_annee = "Deuxième année"
    invalide = "Code inconnu"


CODES_RANG_SORTIE = {" ": RangSortie.vide, "1": RangSortie.premiere_annee, "2": RangSortie.deuxieme_annee}


class ChampAudiovisuel(Enum):
    """Si le local est dans le champ de la contribution à l'audiovisuel public, et sinon pour quel motif il n'y est pas."""

    vide = "Sans objet (logement vacant)"
    dans_le_champ = "Dans le champ"
    hors_champ_d = "Hors champ, motif D"
    hors_champ_e = "Hors champ, motif E"
    hors_champ_i = "Hors champ, motif I"
    hors_champ_m = "Hors champ, motif M"
    hors_champ_r = "Hors champ, motif R"
    hors_champ_s = "Hors champ, motif S"
    hors_champ_t = "Hors champ, motif T"
    invalide = "Code inconnu"


CODES_CHAMP_AUDIOVISUEL = {
    " ": ChampAudiovisuel.vide,
    "C": ChampAudiovisuel.dans_le_champ,
    "D": ChampAudiovisuel.hors_champ_d,
    "E": ChampAudiovisuel.hors_champ_e,
    "I": ChampAudiovisuel.hors_champ_i,
    "M": ChampAudiovisuel.hors_champ_m,
    "R": ChampAudiovisuel.hors_champ_r,
    "S": ChampAudiovisuel.hors_champ_s,
    "T": ChampAudiovisuel.hors_champ_t,
}


class Television(Enum):
    """Si un téléviseur est déclaré."""

    vide = "Sans objet (logement vacant)"
    aucune = "Aucun téléviseur"
    declaree = "Un téléviseur déclaré"
    invalide = "Code inconnu"


CODES_TELEVISION = {" ": Television.vide, "0": Television.aucune, "1": Television.declaree}


class DegrevementAudiovisuel(Enum):
    """Le dégrèvement de contribution à l'audiovisuel public.

    `sans_contribution` n'est jamais saisi : l'avis le porte là où rien n'est déclaré et où le local est hors du champ.
    """

    vide = "Aucun"
    degrevement_e = "Dégrèvement E"
    degrevement_j = "Dégrèvement J"
    degrevement_f = "Dégrèvement F, comme l'exonération de même code"
    degrevement_i = "Dégrèvement I, comme l'exonération de même code"
    degrevement_a = "Dégrèvement A, comme l'exonération de même code"
    degrevement_d = "Dégrèvement D, comme l'exonération de même code"
    degrevement_v = "Dégrèvement V, comme l'exonération de même code"
    degrevement_s = "Dégrèvement S, comme l'exonération de même code"
    degrevement_k = "Dégrèvement K, comme l'exonération de même code"
    degrevement_w = "Dégrèvement W, comme l'exonération de même code"
    degrevement_z = "Dégrèvement Z"
    sans_contribution = "Sans contribution"
    invalide = "Code inconnu"


CODES_DEGREVEMENT_AUDIOVISUEL = {
    " ": DegrevementAudiovisuel.vide,
    "E": DegrevementAudiovisuel.degrevement_e,
    "J": DegrevementAudiovisuel.degrevement_j,
    "F": DegrevementAudiovisuel.degrevement_f,
    "I": DegrevementAudiovisuel.degrevement_i,
    "A": DegrevementAudiovisuel.degrevement_a,
    "D": DegrevementAudiovisuel.degrevement_d,
    "V": DegrevementAudiovisuel.degrevement_v,
    "S": DegrevementAudiovisuel.degrevement_s,
    "K": DegrevementAudiovisuel.degrevement_k,
    "W": DegrevementAudiovisuel.degrevement_w,
    "Z": DegrevementAudiovisuel.degrevement_z,
}
CODES_ROLE_AUDIOVISUEL = CODES_DEGREVEMENT_AUDIOVISUEL | {"N": DegrevementAudiovisuel.sans_contribution}


class Handicap(Enum):
    """Le motif de l'abattement en faveur des personnes handicapées ou invalides (CGI, art. 1411, II, 3 bis)."""

    vide = "Aucun"
    motif_1 = "Motif 1"
    motif_2 = "Motif 2"
    motif_3 = "Motif 3"
    motif_4 = "Motif 4"
    motif_5 = "Motif 5"
    invalide = "Code inconnu"


CODES_HANDICAP = {" ": Handicap.vide} | {str(motif): getattr(Handicap, f"motif_{motif}") for motif in range(1, 6)}


class NatureRedevable(Enum):
    """Qui est le redevable."""

    monsieur = "Monsieur"
    madame = "Madame"
    personne_morale = "Personne morale"
    groupe_personnes = "Groupe de personnes physiques"
    invalide = "Code inconnu"


CODES_NATURE_REDEVABLE = {
    "3": NatureRedevable.monsieur,
    "4": NatureRedevable.madame,
    "5": NatureRedevable.personne_morale,
    "6": NatureRedevable.groupe_personnes,
}


class Beneficiaire(Enum):
    """La collectivité qui a institué une taxe."""

    vide = "Taxe non instituée"
    commune = "Commune"
    epci = "Établissement public de coopération intercommunale"
    syndicat_mixte = "Syndicat mixte"
    invalide = "Code inconnu"


CODES_INSTITUTION_THLV = {" ": Beneficiaire.vide, "C": Beneficiaire.commune, "I": Beneficiaire.epci}
CODES_INSTITUTION_GEMAPI = CODES_INSTITUTION_THLV | {"M": Beneficiaire.syndicat_mixte}


class CodeAncienRegime(Enum):
    """Un ancien régime local d'abattements : le programme le recopie encore, mais refuse désormais tout avis qui le porte."""

    vide = "Aucun"
    code_1 = "Code 1"
    code_2 = "Code 2"
    code_3 = "Code 3"
    code_4 = "Code 4"
    code_5 = "Code 5"
    invalide = "Code inconnu"


CODES_ANCIEN_REGIME = {" ": CodeAncienRegime.vide} | {str(code): getattr(CodeAncienRegime, f"code_{code}") for code in range(1, 6)}


class Zone(Enum):
    """La zone dont dépendent les seuils et abattements de revenu (CGI, art. 1414 A et 1417)."""

    metropole = "Métropole"
    antilles_reunion = "Guadeloupe, Martinique et La Réunion"
    guyane = "Guyane"
    mayotte = "Mayotte"


class DroitAbattementSpecial(Enum):
    """Si l'abattement spécial en faveur des personnes de condition modeste est accordé."""

    vide = "Sans objet"
    accorde = "Accordé"
    refuse = "Refusé"


CODES_DROIT_ABATTEMENT_SPECIAL = {
    " ": DroitAbattementSpecial.vide,
    "O": DroitAbattementSpecial.accorde,
    "N": DroitAbattementSpecial.refuse,
}


class CodeRole(Enum):
    """Le code porté au rôle : ce qu'il est advenu de la cotisation."""

    vide = "Cotisation mise en recouvrement"
    non_mise_en_recouvrement = "NV : cotisation trop faible pour être mise en recouvrement"
    plafonnement = "PA : dégrèvement par plafonnement selon le revenu"
    degrevement_total = "DT : dégrèvement total du gestionnaire"
    degrevement_non_mis_en_recouvrement = "DV : reste après dégrèvement trop faible pour être mis en recouvrement"
    exoneration = "EX : exonération"


CODES_ROLE = {
    "  ": CodeRole.vide,
    "NV": CodeRole.non_mise_en_recouvrement,
    "PA": CodeRole.plafonnement,
    "DT": CodeRole.degrevement_total,
    "DV": CodeRole.degrevement_non_mis_en_recouvrement,
    "EX": CodeRole.exoneration,
}


class Signe(Enum):
    """Le sens de la différence entre un avis rectifié et l'avis initial."""

    vide = "Sans objet"
    plus = "Complément à payer"
    moins = "Trop-perçu"
    egal = "Aucune différence"


CODES_SIGNE = {" ": Signe.vide, "+": Signe.plus, "-": Signe.moins, "=": Signe.egal}
