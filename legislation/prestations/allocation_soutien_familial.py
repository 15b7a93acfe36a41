"""L'allocation de soutien familial, pour l'enfant privé de l'aide d'un parent ou des deux (CSS, art. L523-1 à L523-3)."""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.periodes import lu
from legislation.prestations.personnes import PriveDeSoutien


class allocation_soutien_familial_ouverte(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge privé de soutien, d'un parent qui vit seul, ou privé de ses deux parents"
    reference = ["CSS, art. L523-1", "CSS, art. L523-2"]

    def formula(individu, period):
        soutien = lu(individu, "prive_de_soutien", period)
        seul = ~individu.famille("en_couple", period)
        prive = (soutien == PriveDeSoutien.deux_parents) | ((soutien == PriveDeSoutien.un_parent) & seul)
        return individu("enfant_a_charge_prestations", period) & prive


class allocation_soutien_familial(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de soutien familial, moins la pension alimentaire perçue pour l'enfant, avant CRDS"
    reference = ["CSS, art. L523-1", "CSS, art. D523-1 et D523-2"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocation_soutien_familial
        base = parameters(period).prestations.base_mensuelle
        deux = lu(famille.members, "prive_de_soutien", period) == PriveDeSoutien.deux_parents
        entiere = np.where(deux, au_centime(loi.deux_parents * base), au_centime(loi.un_parent * base))
        reste = au_centime(np.maximum(0.0, entiere - lu(famille.members, "pension_alimentaire_enfant", period)))
        due = famille.members("allocation_soutien_familial_ouverte", period) & (reste >= loi.minimum)
        return famille.sum(np.where(due, reste, 0.0))


class allocation_soutien_familial_comptee(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Part de l'allocation de soutien familial que comptent les ressources du RSA et de la prime d'activité"
    reference = ["CASF, art. R262-10-1", "CSS, art. R844-4"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.allocation_soutien_familial
        base = parameters(period).prestations.base_mensuelle
        deux = lu(famille.members, "prive_de_soutien", period) == PriveDeSoutien.deux_parents
        part = np.where(deux, au_centime(loi.deux_parents_ressources * base), au_centime(loi.un_parent_ressources * base))
        limite = famille.sum(np.where(famille.members("allocation_soutien_familial_ouverte", period), part, 0.0))
        return np.minimum(famille("allocation_soutien_familial", period), limite)
