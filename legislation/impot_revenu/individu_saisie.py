"""Ce que la déclaration de revenus dit de chaque personne du foyer : naissance, invalidité, salaires et pensions."""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import ADD, Variable
from legislation.entites import Individu


class annee_naissance(Variable):
    value_type = int
    entity = Individu
    definition_period = YEAR
    label = "Année de naissance (cases 0DA, 0DB ; 0 : inconnue)"
    reference = "CGI, art. 157 bis"


class invalide(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Titulaire de la carte d’invalidité, ou d’une pension de guerre ou d’accident du travail de 40 % au moins (cases 0AP, 0AF)"
    reference = "CGI, art. 195, 1, c, d et d bis"


class salaires(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Salaires, avant déduction des frais professionnels (cases 1AJ, 1BJ, 1CJ)"
    reference = "CGI, art. 79 et 82"

    def formula(individu, period):
        return individu("salaire_imposable", period, options=[ADD])


class allocations_chomage(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Allocations de chômage et de préretraite (cases 1AP, 1BP)"
    reference = "CGI, art. 79"

    def formula(individu, period):
        return individu("chomage_imposable", period, options=[ADD])


class demandeur_emploi_longue_duree(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "Inscrit comme demandeur d’emploi depuis plus d’un an (cases 1AI, 1BI), jusqu’aux revenus de 2017"
    reference = ["CGI, art. 83, 3°", "Loi 2018-1317 du 28 décembre 2018, art. 30"]
    end = "2017-12-31"


class frais_professionnels_reels(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Frais professionnels réels, s’ils sont demandés (cases 1AK, 1BK)"
    reference = "CGI, art. 83, 3°"


class pensions_retraite(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Pensions de retraite et rentes (cases 1AS, 1BS)"
    reference = "CGI, art. 79 et 158, 5, a"

    def formula(individu, period):
        return individu("retraite_imposable", period, options=[ADD])


class pensions_invalidite(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Pensions d’invalidité (cases 1AZ, 1BZ)"
    reference = "CGI, art. 79 et 158, 5, a"


class pensions_alimentaires_percues(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    unit = "currency"
    label = "Pensions alimentaires perçues (cases 1AO, 1BO)"
    reference = "CGI, art. 80 septies et 158, 5, a"


class est_age(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "A dépassé, au 31 décembre de l'année des revenus, l'âge qui ouvre l'abattement"
    reference = ["CGI, art. 157 bis", "CGI, art. 199 sexdecies, 3"]

    def formula(individu, period, parameters):
        naissance = individu("annee_naissance", period)
        return (naissance > 0) & (naissance < period.start.year - parameters(period).impot_revenu.abattements.age + 1)


class est_trop_jeune_pour_la_carte(Variable):
    value_type = bool
    entity = Individu
    definition_period = YEAR
    label = "N'atteint pas dans l'année l'âge qui donne sa demi-part à l'ancien combattant ; non si l'année de naissance est inconnue"
    reference = "CGI, art. 195, 1, f, et 6"

    def formula(individu, period, parameters):
        naissance = individu("annee_naissance", period)
        return naissance > period.start.year - parameters(period).impot_revenu.parts.age_ancien_combattant
