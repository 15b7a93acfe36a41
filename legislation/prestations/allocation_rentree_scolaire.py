"""L'allocation de rentrée scolaire, versée en août selon l'âge de chaque enfant (CSS, art. L543-1, R543-1 à R543-7 et D543-1)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.periodes import annee_de_la_naissance
from legislation.prestations.personnes import MOIS_PAR_AN


class taux_rentree_scolaire_enfant(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "BMAF"
    label = "Allocation de rentrée scolaire d'un enfant, avant la condition de ressources"
    documentation = (
        "Six ans avant le 1er février qui suit la rentrée, moins de dix-huit ans au 15 septembre : l'on tient pour tel celui qui ne les a pas "
        "à la fin de ce mois. Les montants suivent l'âge atteint au 31 décembre. La scolarité est présumée."
    )
    reference = ["CSS, art. R543-1 à R543-3", "CSS, art. D543-1"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.allocation_rentree_scolaire
        if period.start.month != loi.mois:
            return individu.empty_array()
        age = period.start.year - individu("annee_naissance", annee_de_la_naissance(individu, period))
        en_mois = individu("age_en_mois", period)
        assez_age = en_mois + MOIS_PAR_AN + loi.mois_age_minimum - loi.mois >= MOIS_PAR_AN * loi.age_minimum
        assez_jeune = en_mois + loi.mois_age_limite - loi.mois < MOIS_PAR_AN * loi.age_limite
        taux = np.select([age >= loi.age_lycee, age >= loi.age_college], [loi.taux_lycee, loi.taux_college], loi.taux_primaire)
        ouvert = individu("enfant_a_charge_prestations", period) & assez_age & assez_jeune
        return np.where(ouvert, taux + loi.majoration_exceptionnelle, 0.0)


def de_tous_les_enfants(famille, period, base_mensuelle):
    """Retourne l'allocation de tous les enfants, celle de chacun arrondie au centime, d'après une base mensuelle."""
    return famille.sum(au_centime(famille.members("taux_rentree_scolaire_enfant", period) * base_mensuelle))


class allocation_rentree_scolaire(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de rentrée scolaire, différentielle si les ressources excèdent peu le plafond, avant CRDS"
    documentation = "L'allocation différentielle se fonde sur les montants du 1er janvier."
    reference = ["CSS, art. L543-1 et L543-2", "CSS, art. R543-5 à R543-7"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocation_rentree_scolaire
        if period.start.month != loi.mois:
            return famille.empty_array()
        entiere = de_tous_les_enfants(famille, period, parameters(period).prestations.base_mensuelle)
        de_janvier = de_tous_les_enfants(famille, period, parameters(period.this_year).prestations.base_mensuelle)
        plafond = loi.plafond * (1 + loi.majoration_plafond * famille("nombre_enfants_prestations", period))
        exces = famille("ressources_prestations_familiales", period.this_year) - plafond
        differentielle = au_centime(np.maximum(0.0, de_janvier - exces))
        return np.where(exces <= 0, entiere, np.where(differentielle < loi.minimum, 0.0, differentielle))
