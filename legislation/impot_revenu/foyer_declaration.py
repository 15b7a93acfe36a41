"""Ce que la déclaration dit du foyer entier : capitaux, loyers, charges déductibles, réductions et crédits d'impôt."""

from __future__ import annotations

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal


class option_bareme(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Option pour l’imposition des revenus de capitaux au barème (case 2OP)"
    reference = "CGI, art. 200 A, 2"


class interets(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Intérêts et autres produits à revenu fixe (case 2TR)"
    reference = "CGI, art. 125 A"


class dividendes(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus des actions et parts (case 2DC)"
    reference = "CGI, art. 108 et 158, 3"


class prelevement_forfaitaire_non_liberatoire(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Prélèvement forfaitaire non libératoire déjà versé (case 2CK)"
    reference = "CGI, art. 117 quater et 125 A"


class capitaux_deja_preleves(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus déjà soumis aux prélèvements sociaux, sans CSG déductible (case 2CG)"
    reference = "CSS, art. L136-7"


class capitaux_deja_preleves_csg_deductible(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus déjà soumis aux prélèvements sociaux, avec CSG déductible si l’option est prise (case 2BH)"
    reference = "CGI, art. 154 quinquies, II"


class plus_values_mobilieres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Plus-values de cession de valeurs mobilières, nettes des moins-values (case 3VG)"
    reference = "CGI, art. 150-0 A"


class revenu_fiscal_reference_un_an_avant(Variable):
    value_type = float
    default_value = -1.0
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'année précédente, pour le lissage de la contribution (-1 : inconnu)"
    reference = "CGI, art. 223 sexies, II"


class revenu_fiscal_reference_deux_ans_avant(Variable):
    value_type = float
    default_value = -1.0
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenu fiscal de référence de l'avant-dernière année, pour le lissage de la contribution (-1 : inconnu)"
    reference = "CGI, art. 223 sexies, II"


class loyers_micro_foncier(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Loyers bruts au régime micro-foncier (case 4BE)"
    reference = "CGI, art. 32"


class revenus_fonciers_nets(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Revenus fonciers nets, régime réel (case 4BA)"
    reference = "CGI, art. 28 à 31"


class deficit_foncier_imputable(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Déficit foncier imputable sur le revenu global (case 4BC)"
    reference = "CGI, art. 156, I, 3°"


class csg_deductible_patrimoine(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "CSG déductible sur les revenus du patrimoine (case 6DE)"
    reference = "CGI, art. 154 quinquies, II"


class pension_enfant_majeur(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Pension alimentaire versée à un enfant majeur (case 6EL)"
    reference = "CGI, art. 156, II, 2°"


class pension_enfant_majeur_jugement_2006(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Pension alimentaire versée à un enfant majeur, par une décision de justice antérieure à 2006 (case 6GI)"
    reference = "CGI, art. 156, II, 2°"


class autres_pensions_versees(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Autres pensions alimentaires versées (case 6GU)"
    reference = "CGI, art. 156, II, 2°"


class cotisations_syndicales(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Cotisations syndicales des salariés et pensionnés (case 7AC)"
    reference = "CGI, art. 199 quater C"


class depenses_dependance(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Dépenses liées à la dépendance, en établissement (case 7CD)"
    reference = "CGI, art. 199 quindecies"


class depenses_emploi_domicile(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Emploi d’un salarié à domicile (case 7DB)"
    reference = "CGI, art. 199 sexdecies"


class emploi_domicile_invalidite(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Un membre du foyer a une invalidité qui impose l’aide d’une tierce personne, ou la carte d’invalidité (case 7DG)"
    reference = "CGI, art. 199 sexdecies, 3"


class emploi_domicile_premiere_annee(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Le foyer emploie directement un salarié à domicile pour la première année (case 7DQ)"
    reference = "CGI, art. 199 sexdecies, 3"


class garde_premier_enfant(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du premier enfant de moins de six ans (case 7GA)"
    reference = "CGI, art. 200 quater B"


class garde_deuxieme_enfant(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du deuxième enfant de moins de six ans (case 7GB)"
    reference = "CGI, art. 200 quater B"


class garde_troisieme_enfant(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du troisième enfant de moins de six ans (case 7GC)"
    reference = "CGI, art. 200 quater B"


class dons_aide_aux_personnes(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Dons aux organismes d’aide aux personnes en difficulté (case 7UD)"
    reference = "CGI, art. 200, 1 ter"


class dons_aux_oeuvres(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Dons aux œuvres d’utilité publique (case 7UF)"
    reference = "CGI, art. 200, 1"


class enfants_au_college(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants au collège (case 7EA)"
    reference = "CGI, art. 199 quater F"


class enfants_au_lycee(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants au lycée (case 7EC)"
    reference = "CGI, art. 199 quater F"


class enfants_dans_le_superieur(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants dans l’enseignement supérieur (case 7EF)"
    reference = "CGI, art. 199 quater F"


class garde_premier_enfant_en_alternance(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du premier enfant de moins de six ans en résidence alternée (case 7GE)"
    reference = "CGI, art. 200 quater B"


class garde_deuxieme_enfant_en_alternance(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du deuxième enfant de moins de six ans en résidence alternée (case 7GF)"
    reference = "CGI, art. 200 quater B"


class garde_troisieme_enfant_en_alternance(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    unit = "currency"
    label = "Garde du troisième enfant de moins de six ans en résidence alternée (case 7GG)"
    reference = "CGI, art. 200 quater B"


class enfants_en_alternance_au_college(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants en résidence alternée au collège (case 7EB)"
    reference = "CGI, art. 199 quater F"


class enfants_en_alternance_au_lycee(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants en résidence alternée au lycée (case 7ED)"
    reference = "CGI, art. 199 quater F"


class enfants_en_alternance_dans_le_superieur(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Enfants en résidence alternée dans l’enseignement supérieur (case 7EG)"
    reference = "CGI, art. 199 quater F"
