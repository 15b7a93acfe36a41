"""La composition de la famille, au sens des prestations familiales, et si elle a deux revenus."""

from __future__ import annotations

from engine.periods import MONTH, YEAR, DateUnit
from engine.variables import Variable
from legislation.entites import Famille, Individu
from legislation.prestations.periodes import annee_des_revenus


class en_couple(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "L'allocataire vit en couple"
    reference = ["CSS, art. L512-1", "CASF, art. L262-9"]

    def formula(famille, period):  # noqa: ARG002 - la population ne dit pas quand les couples se font
        return famille.nb_persons(Famille.CONJOINT) > 0


class nombre_enfants_prestations(Variable):
    value_type = int
    entity = Famille
    definition_period = MONTH
    label = "Nombre d'enfants à charge au sens des prestations familiales"
    reference = "CSS, art. L512-3"

    def formula(famille, period):
        return famille.sum(famille.members("enfant_a_charge_prestations", period))


class revenu_professionnel_suffisant(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Le revenu professionnel de l'avant-dernière année est de ceux qui donnent deux revenus au couple"
    reference = ["CSS, art. R522-2", "CSS, art. R531-1"]

    def formula(individu, period, parameters):
        reference = period.offset(-2, DateUnit.YEAR)
        loi = parameters(period).prestations.personnes_a_charge
        plafond = parameters(reference).cotisations.plafond_securite_sociale.annuel
        revenu = individu("revenu_professionnel_net", annee_des_revenus(individu, reference))
        return revenu >= loi.part_du_plafond_biactivite * plafond


class deux_revenus_ou_seul(Variable):
    value_type = bool
    entity = Famille
    definition_period = MONTH
    label = "Couple à deux revenus, ou personne seule : les plafonds de ressources sont majorés"
    reference = ["CSS, art. R522-2", "CSS, art. R531-1"]

    def formula(famille, period):
        annee = period.this_year
        deux = famille.demandeur("revenu_professionnel_suffisant", annee) & famille.conjoint("revenu_professionnel_suffisant", annee)
        return ~famille("en_couple", period) | deux
