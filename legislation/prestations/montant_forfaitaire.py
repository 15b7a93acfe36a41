"""Le foyer du RSA et de la prime d'activité : qui est à charge, l'isolement, le montant forfaitaire et le forfait logement qui en découlent."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable, set_input_dispatch_by_period
from legislation.entites import Famille, Individu
from legislation.prestations.periodes import lu, mois_passes
from legislation.prestations.personnes import MOIS_PAR_AN

TROIS_DERNIERS_MOIS = (1, 2, 3)
DEUXIEME_AU_QUATRIEME_MOIS = (2, 3, 4)


class isolement_recent(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    set_input = set_input_dispatch_by_period
    label = "Parent isolé depuis moins d'un an, ou femme enceinte isolée"
    reference = ["CASF, art. L262-9 et R262-2", "CSS, art. L842-7"]


class jeunes_du_foyer_social(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'enfants et de personnes de moins de vingt-cinq ans, quelles que soient leurs ressources"
    reference = ["CASF, art. R262-3", "CSS, art. R842-3"]

    def formula(famille, period):
        return famille.sum(famille.members("est_jeune_du_foyer_social", period))


class est_jeune_du_foyer_social(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant ou personne de moins de vingt-cinq ans de la famille"
    documentation = "Un enfant compte dès le mois de sa naissance."
    reference = ["CASF, art. R262-3", "CSS, art. R842-3 et R843-1"]

    def formula(individu, period, parameters):
        limite = parameters(period).prestations.rsa.age_limite_a_charge
        return individu.has_role(Famille.ENFANT) & (individu("age_en_mois", period) >= 0) & (individu("age", period) < limite)


class a_charge_du_foyer_social(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant ou personne de moins de vingt-cinq ans à charge, dont les ressources n'atteignent pas la majoration qu'elle donne"
    documentation = "La majoration est celle du rang du dernier des enfants : deuxième personne, suivante, ou à partir du troisième enfant."
    reference = ["CASF, art. R262-1 et R262-3", "CSS, art. R842-3"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.rsa
        jeunes, en_couple = individu.famille("jeunes_du_foyer_social", period), individu.famille("en_couple", period)
        rangs = loi.montant_forfaitaire
        deuxieme = ~en_couple & (jeunes == 1)
        fraction = np.where(deuxieme, rangs.deuxieme_personne, np.where(jeunes > 2, rangs.personne_a_partir_de_la_troisieme_a_charge, rangs.personne_suivante))  # noqa: PLR2004 - le troisième
        passes = mois_passes(period, TROIS_DERNIERS_MOIS)
        revenus = sum(individu("revenus_professionnels_du_mois", mois) + individu("revenus_de_remplacement_du_mois", mois) for mois in passes)
        return individu("est_jeune_du_foyer_social", period) & (revenus / len(passes) < fraction * loi.montant_de_base)


class personnes_a_charge_foyer_social(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'enfants et de personnes à charge au sens du RSA et de la prime d'activité"
    reference = ["CASF, art. R262-3", "CSS, art. R842-3"]

    def formula(famille, period):
        return famille.sum(famille.members("a_charge_du_foyer_social", period))


class age_du_plus_jeune(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    label = "Âge en mois de la plus jeune personne à charge ; infini s'il n'y en a pas"
    reference = ["CASF, art. L262-9", "CSS, art. L842-7"]

    def formula(famille, period):
        return famille.min(np.where(famille.members("a_charge_du_foyer_social", period), famille.members("age_en_mois", period), np.inf))


class foyer_social_isole(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "Personne isolée à qui le montant majoré est dû : un enfant de moins de trois ans, ou un isolement récent"
    reference = ["CASF, art. L262-9 et R262-2", "CSS, art. L842-7"]

    def formula(famille, period, parameters):
        limite = MOIS_PAR_AN * parameters(period).prestations.rsa.age_enfant_majoration
        return ~famille("en_couple", period) & ((famille("age_du_plus_jeune", period) < limite) | lu(famille, "isolement_recent", period))


def coefficient_forfaitaire(famille, period, loi):
    """Retourne le montant forfaitaire d'un foyer, en fraction de celui d'une personne seule, d'après les majorations que la loi donne."""
    charges = famille("personnes_a_charge_foyer_social", period)
    autres = charges + famille("en_couple", period)
    deuxieme = np.minimum(autres, 1) * loi.deuxieme_personne
    # à partir de la troisième personne à charge, chacune donne plus qu'une personne suivante
    suivantes = np.maximum(autres - 1, 0) * loi.personne_suivante
    supplement = np.maximum(charges - 2, 0) * (loi.personne_a_partir_de_la_troisieme_a_charge - loi.personne_suivante)
    majore = loi.majoration_sans_enfant + charges * loi.majoration_par_enfant
    return np.where(famille("foyer_social_isole", period), majore, 1 + deuxieme + suivantes + supplement)


def forfait_logement_entier(famille, period, loi):
    """Retourne le forfait logement d'un foyer dont l'aide au logement l'atteint, ou qui est logé sans charge."""
    personnes = 1 + famille("en_couple", period) + famille("personnes_a_charge_foyer_social", period)
    seconde = loi.montant_forfaitaire.deuxieme_personne
    troisieme = loi.montant_forfaitaire.personne_suivante
    taux = loi.forfait_logement
    parts = [taux.une_personne, taux.deux_personnes * (1 + seconde)]
    coefficient = np.select([personnes <= 1, personnes == 2], parts, taux.trois_personnes * (1 + seconde + troisieme))  # noqa: PLR2004 - deux personnes
    return loi.montant_de_base * coefficient


def forfait_logement(famille, period, loi):
    """Retourne le forfait logement d'un foyer : dans la limite de l'aide au logement, ou entier s'il est logé sans charge, sinon zéro."""
    forfait = forfait_logement_entier(famille, period, loi)
    return np.where(lu(famille, "loge_sans_charge", period), forfait, np.minimum(forfait, lu(famille, "aides_au_logement", period)))
