"""La prestation d'accueil du jeune enfant : allocation de base et prime à la naissance (CSS, art. L531-1 à L531-3).

Les règles d'un enfant sont celles de sa naissance : avant avril 2014, jusqu'en mars 2018, depuis avril 2018. Le complément de libre
choix du mode de garde et la prestation partagée d'éducation ne sont pas calculés.
"""

from __future__ import annotations

import numpy as np

from engine.periods import MONTH
from engine.variables import Enum, Variable
from legislation.entites import Famille, Individu
from legislation.prestations.arrondis import au_centime
from legislation.prestations.complement_familial import facteur_enfants
from legislation.prestations.personnes import MOIS_PAR_AN


class GenerationPaje(Enum):
    avant_avril_2014 = "Né avant avril 2014"
    avril_2014_a_mars_2018 = "Né d'avril 2014 à mars 2018"
    depuis_avril_2018 = "Né depuis avril 2018"


AVRIL_2014, AVRIL_2018 = ((annee, 4) for annee in (2014, 2018))


def mois_depuis(period, debut):
    """Retourne de combien de mois une période suit un mois, donné par son année et son rang."""
    annee, mois = debut
    return MOIS_PAR_AN * (period.start.year - annee) + period.start.month - mois


class generation_paje(Variable):
    value_type = Enum
    possible_values = GenerationPaje
    default_value = GenerationPaje.depuis_avril_2018
    entity = Individu
    definition_period = MONTH
    label = "Règles de la PAJE qui s'appliquent à un enfant, selon sa naissance"
    reference = ["Décret 2014-421 du 24 avril 2014", "Loi 2017-1836 du 30 décembre 2017, art. 37"]

    def formula(individu, period):
        age = individu("age_en_mois", period)
        conditions = [age > mois_depuis(period, AVRIL_2014), age > mois_depuis(period, AVRIL_2018)]
        return np.select(conditions, [GenerationPaje.avant_avril_2014, GenerationPaje.avril_2014_a_mars_2018], GenerationPaje.depuis_avril_2018)


class enfant_paje(Variable):
    value_type = bool
    entity = Individu
    definition_period = MONTH
    label = "Enfant à charge dont l'âge ouvre droit à l'allocation de base"
    documentation = "Du mois qui suit la naissance à celui qui précède le troisième anniversaire."
    reference = ["CSS, art. L531-3", "CSS, art. D531-2", "CSS, art. R552-2 et R552-3"]

    def formula(individu, period, parameters):
        jeune = individu("age_en_mois", period) < MOIS_PAR_AN * parameters(period).prestations.paje.age_limite
        return individu("enfant_a_charge_prestations", period) & jeune


class enfants_paje_a_naissance_multiple(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'allocations de base : une par famille, ou une par enfant né de la même naissance"
    documentation = "Deux enfants nés le même mois sont tenus pour jumeaux ; le plus jeune groupe est compté."
    reference = "CSS, art. L531-3"

    def formula(famille, period):
        ouvre = famille.members("enfant_paje", period)
        ages = np.where(ouvre, famille.members("age_en_mois", period), np.inf)
        plus_jeune = famille.project(famille.min(ages))
        return famille.sum(ouvre & (ages == plus_jeune))


def taux_selon_generation(famille, period, parameters, enfants):
    """Retourne, pour chaque génération, l'allocation de base que les ressources laissent à la famille, en fraction de la base mensuelle."""
    loi = parameters(period).prestations.paje
    ressources = famille("ressources_prestations_familiales", period.this_year)
    majore = famille("deux_revenus_ou_seul", period)

    def dans(plafond, majoration, facteur):
        return ressources <= plafond * facteur + np.where(majore, majoration, 0.0)

    ancienne, deuxieme = loi.avant_avril_2014, loi.avril_2014_a_mars_2018
    par_enfant = 1 + deuxieme.majoration_par_enfant * enfants
    taux = {
        GenerationPaje.avant_avril_2014: np.where(
            dans(ancienne.plafond, ancienne.majoration_deux_revenus, facteur_enfants(enfants, ancienne)), ancienne.taux, 0.0
        )
    }
    generations = [(GenerationPaje.avril_2014_a_mars_2018, deuxieme, par_enfant)]
    if mois_depuis(period, AVRIL_2018) >= 0:
        derniere = loi.depuis_avril_2018
        generations.append((GenerationPaje.depuis_avril_2018, derniere, facteur_enfants(enfants, derniere)))
    for generation, regle, facteur in generations:
        partiel = np.where(dans(regle.plafond_partiel, regle.majoration_deux_revenus_partiel, facteur), regle.taux_partiel, 0.0)
        taux[generation] = np.where(dans(regle.plafond_plein, regle.majoration_deux_revenus_plein, facteur), regle.taux_plein, partiel)
    return taux


class paje_allocation_base(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Allocation de base de la PAJE, à taux plein ou partiel, avant CRDS"
    documentation = "Si plusieurs enfants en relèvent, les règles sont celles du plus jeune."
    reference = ["CSS, art. L531-3", "CSS, art. R531-1", "CSS, art. D531-1"]

    def formula(famille, period, parameters):
        ouvre = famille.members("enfant_paje", period)
        generations = famille.members("generation_paje", period)
        montant = famille.empty_array()
        # de la plus ancienne à la plus récente, qui l'emporte
        for generation, taux in taux_selon_generation(famille, period, parameters, famille("nombre_enfants_prestations", period)).items():
            en_releve = famille.any(ouvre & (generations == generation))
            montant = np.where(en_releve, au_centime(taux * parameters(period).prestations.base_mensuelle), montant)
        return montant * famille("enfants_paje_a_naissance_multiple", period)


class paje_prime_naissance(Variable):
    value_type = float
    entity = Famille
    definition_period = MONTH
    unit = "currency"
    label = "Prime à la naissance, avant CRDS"
    documentation = (
        "Due sous le plafond de l'allocation de base à taux partiel, l'enfant à naître compté, au mois que la loi dit : le deuxième qui suit "
        "la naissance, et depuis avril 2021 le septième de la grossesse. Les ressources sont celles de l'année du versement."
    )
    reference = ["CSS, art. L531-2", "CSS, art. R531-1", "CSS, art. D531-2"]

    def formula(famille, period, parameters):
        loi = parameters(period).prestations.paje
        ages, enfant = famille.members("age_en_mois", period), famille.members.has_role(Famille.ENFANT)
        nes = famille.sum(enfant & (ages == loi.mois_prime))
        a_naitre = famille.sum(enfant & (ages <= 0) & (ages >= loi.mois_prime))
        taux = taux_selon_generation(famille, period, parameters, famille("nombre_enfants_prestations", period) + a_naitre)
        recente = GenerationPaje.depuis_avril_2018 if GenerationPaje.depuis_avril_2018 in taux else GenerationPaje.avril_2014_a_mars_2018
        montant = au_centime(loi.prime_naissance * parameters(period).prestations.base_mensuelle)
        return np.where(taux[recente] > 0, nes * montant, 0.0)
