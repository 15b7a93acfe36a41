"""L'allocation de rentrée scolaire, versée en août selon l'âge de chaque enfant (CSS, art. L543-1, R543-1 à R543-7 et D543-1)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.periodes import annee_de_la_naissance
from legislation.prestations.personnes import MOIS_PAR_AN


class allocation_rentree_scolaire_enfant(Variable):
    value_type = float
    entity = Individu
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de rentrée scolaire d'un enfant, avant la condition de ressources"
    documentation = (
        "Les montants suivent l'âge atteint au 31 décembre ; un enfant qui a dix-huit ans au 15 septembre n'y ouvre plus droit, et l'on tient "
        "pour tel celui qui les a en septembre. L'enfant de cinq ans déjà entré en primaire n'est pas connu."
    )
    reference = ["CSS, art. R543-1 à R543-3", "CSS, art. D543-1"]

    def formula(individu, period, parameters):
        loi = parameters(period).prestations.allocation_rentree_scolaire
        if period.start.month != loi.mois:
            return individu.empty_array()
        age = period.start.year - individu("annee_naissance", annee_de_la_naissance(individu, period))
        a_la_rentree = individu("age_en_mois", period) + loi.mois_age_limite - loi.mois
        taux = np.select([age >= loi.age_lycee, age >= loi.age_college, age >= loi.age_primaire], [loi.taux_lycee, loi.taux_college, loi.taux_primaire], 0.0)
        montant = au_centime((taux + np.where(taux > 0, loi.majoration_exceptionnelle, 0.0)) * parameters(period).prestations.base_mensuelle)
        ouvert = individu("enfant_a_charge_prestations", period) & (a_la_rentree < MOIS_PAR_AN * loi.age_limite)
        return np.where(ouvert, montant, 0.0)


class allocation_rentree_scolaire(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de rentrée scolaire, différentielle si les ressources excèdent peu le plafond, avant CRDS"
    reference = ["CSS, art. L543-1 et L543-2", "CSS, art. R543-5 à R543-7"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocation_rentree_scolaire
        if period.start.month != loi.mois:
            return famille.empty_array()
        entiere = famille.sum(famille.members("allocation_rentree_scolaire_enfant", period))
        plafond = loi.plafond * (1 + loi.majoration_plafond * famille("nombre_enfants_prestations", period))
        exces = np.maximum(0.0, famille("ressources_prestations_familiales", period.this_year) - plafond)
        reste = au_centime(np.maximum(0.0, entiere - exces))
        return np.where(reste < loi.minimum, 0.0, reste)
