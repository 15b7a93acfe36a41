"""Le logement loué et la famille qui l'occupe, au sens des aides personnelles au logement : zone, loyer, personnes à charge.

Ce que la loi fixe « selon la zone et la composition familiale » se lit par `selon_la_zone` et `selon_la_famille`.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH, YEAR
from engine.variables import Enum, Variable
from legislation.descriptions.menages import StatutOccupation
from legislation.entites import Famille, Individu, Menage
from legislation.prestations.periodes import lu, lu_annee
from legislation.prestations.personnes import MOIS_PAR_AN


class ZoneApl(Enum):
    non_renseignee = "Non renseignée : aucune aide n'est calculée"
    zone_1 = "Zone I : Paris et son agglomération"
    zone_2 = "Zone II : reste de l'Île-de-France, agglomérations de plus de 100 000 habitants, Corse, îles, outre-mer"
    zone_3 = "Zone III : reste de la France"


class zone_apl(Variable):
    value_type = Enum
    possible_values = ZoneApl
    default_value = ZoneApl.non_renseignee
    entity = Menage
    definition_period = YEAR
    label = "Zone du logement, pour les aides personnelles au logement"
    reference = ["CCH, art. D823-19", "Arrêté du 17 mars 1978 relatif au classement des communes par zones géographiques"]


class colocation(Variable):
    value_type = bool
    entity = Menage
    definition_period = YEAR
    label = "Colocation : plusieurs familles titulaires du bail, entre lesquelles le loyer est partagé"
    documentation = "Un colocataire donné sans les autres a pour loyer sa part."
    reference = ["CCH, art. R821-4", "CCH, art. D842-3"]


class logement_chambre(Variable):
    value_type = bool
    entity = Menage
    definition_period = YEAR
    label = "Le logement est une chambre"
    reference = "Arrêté du 27 septembre 2019, art. 8"


class logement_meuble(Variable):
    value_type = bool
    entity = Menage
    definition_period = YEAR
    label = "Le logement est loué en meublé"
    reference = "CCH, art. D842-2"


def logement_donne(vue):
    """Dit si la population donne des loyers et des zones : sans eux, aucune aide ne se calcule."""
    return bool(vue.known_periods("zone_apl") and vue.known_periods("loyer_annuel"))


def est_loue(statut):
    """Dit quels statuts d'occupation sont du secteur locatif."""
    return (statut == StatutOccupation.locataire_hlm) | (statut == StatutOccupation.locataire_prive)


class familles_du_menage(Variable):
    value_type = int
    entity = Menage
    definition_period = YEAR
    label = "Nombre de familles qui occupent le logement"
    reference = "CCH, art. R821-4"

    def formula(menage, period):  # noqa: ARG002 - la population ne dit pas quand les ménages se font
        return menage.sum(menage.members.has_role(Famille.DEMANDEUR))


class loyer_principal(Variable):
    value_type = float
    entity = Menage
    definition_period = YEAR
    unit = "currency"
    label = "Loyer principal d'un mois, pour chaque famille : deux tiers de celui d'un meublé, une part de celui d'une colocation"
    documentation = "Celui de l'année du droit, là où la loi prend celui de juillet de l'année précédente (R823-6)."
    reference = ["CCH, art. D823-16, 2°", "CCH, art. D842-2 et D842-3"]

    def formula(menage, period, parameters):
        loi = parameters(period).prestations.aides_au_logement.loyers
        loyer = lu_annee(menage, "loyer_annuel", period) / MOIS_PAR_AN
        retenu = loyer * np.where(lu_annee(menage, "logement_meuble", period), loi.meuble, 1.0)
        return retenu / np.where(lu_annee(menage, "colocation", period), np.maximum(menage("familles_du_menage", period), 1), 1)


class locataire_aide(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "Famille titulaire du bail d'un logement loué, dont la zone et le loyer sont donnés"
    documentation = "Celle de la personne de référence du ménage ; en colocation, chacune. Ni les foyers, résidences et hôtels, ni l'accession."
    reference = ["CCH, art. D823-9, 1°", "CCH, art. R821-4"]

    def formula(famille, period):
        if not logement_donne(famille):
            return famille.filled_array(value=False)
        annee, menage = period.this_year, famille.demandeur.menage
        loue = est_loue(lu_annee(menage, "statut_occupation", annee)) & (menage("loyer_principal", annee) > 0)
        titulaire = famille.any(famille.members.has_role(Menage.PERSONNE_DE_REFERENCE)) | lu_annee(menage, "colocation", annee)
        return loue & titulaire & (lu_annee(menage, "zone_apl", annee) != ZoneApl.non_renseignee)


def recoit_une_aide(famille, period):
    """Dit quelles familles reçoivent une aide au logement, ou, si elle n'est pas donnée, peuvent en avoir une : son montant remonterait le temps."""
    if famille.known_periods("aides_au_logement"):
        return lu(famille, "aides_au_logement", period) > 0
    return famille("locataire_aide", period)


class enfant_a_charge_logement(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge au sens des aides au logement : sa limite d'âge est plus élevée"
    documentation = "Un enfant en résidence alternée compte là où il est donné (L823-2 : les parents désignent l'un d'eux)."
    reference = ["CCH, art. R823-4, 1°", "CCH, art. L823-2"]

    def formula(individu, period, parameters):
        limite = parameters(period).prestations.aides_au_logement.ressources.age_limite_enfant
        ne = individu("age_en_mois", period) > 0
        return individu.has_role(Famille.ENFANT) & ne & (individu("age", period) < limite) & individu("remuneration_compatible", period)


class personnes_a_charge_logement(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre de personnes à charge au sens des aides au logement"
    documentation = "Les enfants. Ni les ascendants ni les proches handicapés (R823-4, 2° et 3°), que la population ne distingue pas."
    reference = "CCH, art. R823-4"

    def formula(famille, period):
        return famille.sum(famille.members("enfant_a_charge_logement", period))


def selon_la_zone(zone, montant, loi):
    """Retourne ce que `montant` lit des chiffres de la zone de chacun ; la zone III pour qui n'en a pas."""
    return np.select([zone == ZoneApl.zone_1, zone == ZoneApl.zone_2], [montant(loi.zone_1), montant(loi.zone_2)], montant(loi.zone_3))


def selon_la_famille(en_couple, charges, loi):
    """Retourne un montant fixé pour une personne seule, un couple, une personne à charge et chaque suivante."""
    avec = loi.une_personne_a_charge + loi.par_personne_suivante * np.maximum(charges - 1, 0)
    return np.select([charges > 0, en_couple], [avec, loi.couple], loi.seul)


def selon_les_charges(en_couple, charges, loi):
    """Retourne un montant fixé pour chaque nombre de personnes à charge jusqu'à six, et au-delà pour chaque suivante."""
    rangs = [loi.une, loi.deux, loi.trois, loi.quatre, loi.cinq]
    au_dela = loi.six + loi.par_personne_suivante * np.maximum(charges - len(rangs) - 1, 0)
    sans = np.where(en_couple, loi.couple, loi.seul)
    return np.select([charges == 0, *(charges == rang for rang in range(1, len(rangs) + 1))], [sans, *rangs], au_dela)
