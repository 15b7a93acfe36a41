"""L'allocation aux adultes handicapés et ses majorations (CSS, art. L821-1 à L821-8, R821-1 à R821-4-4 et D821-1 à D821-11).

Elle complète les ressources d'une personne handicapée jusqu'à un plafond. Jusqu'à septembre 2023, celles de son conjoint comptaient et
élevaient le plafond ; depuis, elle est déconjugalisée. Sans taux d'incapacité donné, personne n'y a droit. Chaque mois est calculé comme
s'il ouvrait un trimestre.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.entites import Famille, FoyerFiscal, Individu
from legislation.prestations.aah_ressources import avant_derniere_annee
from legislation.prestations.arrondis import au_centime
from legislation.prestations.logement_loue import recoit_une_aide
from legislation.prestations.periodes import annee_des_revenus, lu, mois_des_revenus
from legislation.prestations.personnes import MOIS_PAR_AN


class taux_incapacite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    unit = "/1"
    label = "Taux d'incapacité permanente que la commission des droits et de l'autonomie reconnaît, en fraction (0.8 = 80 %)"
    reference = ["CSS, art. L821-1 et L821-2", "CSS, art. D821-1"]


class restriction_acces_emploi(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Restriction substantielle et durable pour l'accès à l'emploi, que la commission reconnaît"
    reference = ["CSS, art. L821-2, 2°", "CSS, art. D821-1-2"]


class complement_de_ressources_reconnu(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Capacité de travail inférieure à 5 %, que la commission reconnaît ; depuis décembre 2019, droit ouvert avant et conservé"
    reference = ["CSS, art. L821-1-1", "Loi 2018-1317 du 28 décembre 2018, art. 266"]


class aah_calcul_conjugal_conserve(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Bénéficiaire de septembre 2023 qui garde le calcul d'alors tant qu'il lui est plus favorable"
    reference = ["Loi 2022-1158 du 16 août 2022, art. 10", "Décret 2022-1694 du 28 décembre 2022"]


def est_parent(individu):
    """Retourne si une personne est l'allocataire ou son conjoint."""
    return individu.has_role(Famille.DEMANDEUR) | individu.has_role(Famille.CONJOINT)


def de_l_autre(individu, nom, period):
    """Retourne un montant du conjoint de l'allocataire, ou de l'allocataire pour son conjoint."""
    famille = individu.famille
    return np.where(individu.has_role(Famille.DEMANDEUR), famille.conjoint(nom, period), famille.demandeur(nom, period))


class aah_beneficiaire(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "L'incapacité et l'âge ouvrent droit à l'allocation aux adultes handicapés"
    documentation = "Plus de vingt ans, ou seize si l'on n'est plus à charge ; entre 50 et 79 % d'incapacité, jusqu'à l'âge de l'inaptitude au travail."
    reference = ["CSS, art. L821-1 et L821-2", "CSS, art. R821-1 et D821-1"]

    def formula(individu, period, parameters):
        loi, mois = parameters(period).prestations.aah, individu("age_en_mois", period)
        hors_charge = ~individu("enfant_a_charge_prestations", period) & (mois > MOIS_PAR_AN * loi.age_minimum_hors_charge)
        taux = lu(individu, "taux_incapacite", period)
        restreint = (taux >= loi.taux_incapacite_restriction) & lu(individu, "restriction_acces_emploi", period)
        jeune = individu("age", period) < loi.age_limite_restriction
        return (hors_charge | (mois > MOIS_PAR_AN * loi.age_minimum)) & ((taux >= loi.taux_incapacite) | (restreint & jeune))


class avantages_vieillesse_invalidite(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Pensions de retraite et d'invalidité du mois, que l'allocation complète sans que le total la dépasse"
    reference = "CSS, art. L821-1"

    def formula(individu, period):
        retraite = individu("retraite_nette", mois_des_revenus(individu, period))
        return retraite + individu("pensions_invalidite", annee_des_revenus(individu, period.this_year)) / MOIS_PAR_AN


class plafond_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Plafond annuel des ressources d'une personne, majoré pour ses enfants à charge"
    reference = "CSS, art. D821-2"

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aah
        enfants = est_parent(individu) * individu.famille("nombre_enfants_prestations", period)
        return MOIS_PAR_AN * loi.montant * (1 + loi.majoration_plafond.enfant * enfants)


class ressources_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles de la personne seule ; les revenus communs du foyer fiscal sont partagés entre ceux qui le déclarent"
    reference = ["CSS, art. L821-3", "CSS, art. R821-4 et R821-4-1"]

    def formula(individu, period):
        foyer = individu.foyer_fiscal
        declare = individu.has_role(FoyerFiscal.DECLARANT) | individu.has_role(FoyerFiscal.CONJOINT)
        part = declare / (1 + foyer("imposition_commune", avant_derniere_annee(individu, period)))
        communs = part * foyer("revenus_communs_nets", avant_derniere_annee(individu, period))
        return individu("ressources_activite_aah", period) + individu("ressources_autres_aah", period) + communs


class ressources_conjugales_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Ressources annuelles de la personne et de son conjoint, dont les revenus subissent un abattement s'il n'a pas lui-même l'allocation"
    reference = ["CSS, art. L821-3", "CSS, art. R821-4 et D821-8-1, jusqu'en septembre 2023"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.aah.conjoint
        forfait = loi.forfait + loi.forfait_par_enfant * individu.famille("nombre_enfants_prestations", period)
        travaille = individu("travaille_aah", period)
        revenus = np.where(
            travaille, de_l_autre(individu, "revenus_de_conjoint_trimestre_aah", period), de_l_autre(individu, "revenus_de_conjoint_annee_aah", period)
        )
        abattus = np.maximum(0.0, (1 - loi.taux) * revenus - forfait)
        propres = de_l_autre(individu, "ressources_activite_aah", period) + de_l_autre(individu, "ressources_autres_aah", period)
        du_conjoint = np.where(de_l_autre(individu, "aah_beneficiaire", period), propres, abattus) + de_l_autre(individu, "revenus_communs_aah", period)
        siens = individu("ressources_activite_aah", period) + individu("ressources_autres_aah", period) + individu("revenus_communs_aah", period)
        return siens + np.where(est_parent(individu), du_conjoint, 0.0)


def allocation(individu, period, parameters, plafond, ressources):
    """Retourne l'allocation mensuelle d'après un plafond et des ressources d'une année : le douzième de leur différence, dans la limite du maximum."""
    maximum = parameters(period).prestations.aah.montant
    reste = np.maximum(0.0, plafond - ressources) / MOIS_PAR_AN
    complement = np.maximum(0.0, maximum - individu("avantages_vieillesse_invalidite", period))
    return np.where(individu("aah_beneficiaire", period), au_centime(np.minimum(np.minimum(maximum, reste), complement)), 0.0)


def allocation_conjugale(individu, period, parameters):
    """Retourne l'allocation que les ressources et le plafond du couple donnent, s'il y en a un."""
    loi = parameters(period).prestations.aah
    en_plus = est_parent(individu) * individu.famille("en_couple", period) * loi.majoration_plafond.couple * loi.montant * MOIS_PAR_AN
    return allocation(individu, period, parameters, individu("plafond_aah", period) + en_plus, individu("ressources_conjugales_aah", period))


class aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation aux adultes handicapés"
    documentation = "Sans les réductions d'un séjour à l'hôpital ou en prison, ni les règles des établissements d'aide par le travail."
    reference = ["CSS, art. L821-1 à L821-3", "CSS, art. D821-2 et D821-3", "Loi 2022-1158 du 16 août 2022, art. 10"]

    def formula(individu, period, parameters):
        return allocation_conjugale(individu, period, parameters)

    def formula_2023_10(individu, period, parameters):
        seule = allocation(individu, period, parameters, individu("plafond_aah", period), individu("ressources_aah", period))
        conserve = np.maximum(seule, allocation_conjugale(individu, period, parameters))
        return np.where(lu(individu, "aah_calcul_conjugal_conserve", period), conserve, seule)


class majoration_ouverte_aah(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Incapacité de 80 %, sans revenu d'activité, avec une allocation entière ou qui complète une pension"
    reference = ["CSS, art. L821-1-1 et L821-1-2"]

    def formula(individu, period, parameters):
        loi, montant = parameters(period).prestations.aah, individu("aah", period)
        entiere = (montant >= loi.montant) | ((montant > 0) & (individu("avantages_vieillesse_invalidite", period) > 0))
        return entiere & (lu(individu, "taux_incapacite", period) >= loi.taux_incapacite) & ~individu("travaille_aah", period)


class complement_de_ressources_aah(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Complément de ressources de l'allocation aux adultes handicapés, fermé aux nouveaux bénéficiaires depuis décembre 2019"
    documentation = "Le logement indépendant est présumé."
    reference = ["CSS, art. L821-1-1", "Loi 2018-1317 du 28 décembre 2018, art. 266"]

    def formula(individu, period, parameters):
        ouvert = individu("majoration_ouverte_aah", period) & lu(individu, "complement_de_ressources_reconnu", period)
        return np.where(ouvert, parameters(period).prestations.aah.complement_de_ressources, 0.0)


class majoration_vie_autonome(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Majoration pour la vie autonome, de qui a un logement et une aide au logement, et n'a pas le complément de ressources"
    reference = ["CSS, art. L821-1-2", "CSS, art. D821-3 et R821-5-1"]

    def formula(individu, period, parameters):
        aidee = est_parent(individu) & recoit_une_aide(individu.famille, period)
        ouverte = individu("majoration_ouverte_aah", period) & aidee & ~lu(individu, "complement_de_ressources_reconnu", period)
        return np.where(ouverte, parameters(period).prestations.aah.majoration_vie_autonome, 0.0)


class aah_et_majorations(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation aux adultes handicapés, complément de ressources et majoration pour la vie autonome"
    reference = "CSS, art. L821-1 à L821-2"

    def formula(individu, period):
        return individu("aah", period) + individu("complement_de_ressources_aah", period) + individu("majoration_vie_autonome", period)
