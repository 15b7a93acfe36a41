import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation.taxe_habitation.plafonnement import majoration_degrevement_total

CODE = "code_retour_cote"
PLAFONNEE = {"exoneration": "plafonnement"}  # the usual bill amounts to 485 euros


def test_what_exceeds_the_share_of_income_is_remitted(liquider):
    # 3.44 % of 10,000 are 344 euros
    resultats = liquider("degrevement", "taxe_habitation_nette", "code_role", CODE, revenu_plafonnement_foyer=10_000, **PLAFONNEE)
    assert resultats == [141, 344, "plafonnement", 0]


def test_less_than_eight_euros_are_not_remitted(liquider):
    variables = ("degrevement", "reduction_seuil_degrevement", "taxe_habitation_nette", "code_role")
    assert liquider(*variables, revenu_plafonnement_foyer=13_890, **PLAFONNEE) == [0, 7, 485, "vide"]  # 478 euros
    assert liquider(*variables, revenu_plafonnement_foyer=13_870, **PLAFONNEE) == [8, 0, 477, "plafonnement"]


@pytest.mark.parametrize("taux, reduction, degrevement", [(0.2060, 0, 155), (0.2063, 15, 141)])
def test_higher_rates_than_in_2000_reduce_the_relief_from_fifteen_euros_on(liquider, taux, reduction, degrevement):
    resultats = liquider("reduction_taux_plafonnement", "degrevement", CODE, taux_commune=taux, revenu_plafonnement_foyer=10_000, **PLAFONNEE)
    assert resultats == [reduction, degrevement, 0]


def test_lower_abatements_than_in_2003_reduce_the_relief(liquider):
    en_baisse = {
        f"deliberation_{chiffre}_abattement_general_{autorite}": valeur
        for autorite in ("commune", "commune_avant_ajustement")
        for chiffre, valeur in (("taux", 10), ("quotite", 400))
    }
    variables = ("somme_cotisations", "somme_cotisations_2003", "reduction_abattements", "degrevement", "plafond_2003_affiche", CODE)
    assert liquider(*variables, revenu_plafonnement_foyer=10_000, **en_baisse, **PLAFONNEE) == [525, 485, 40, 141, 141, 0]


def test_below_fifteen_euros_of_income_nothing_is_left_to_pay(liquider):
    resultats = liquider("degrevement", "taxe_habitation_nette", "code_role", CODE, revenu_plafonnement_foyer=14, **PLAFONNEE)
    assert resultats == [485, 0, "plafonnement", 0]


@pytest.mark.parametrize("revenu, majoration", [(0, 96), (2731, 48), (5461, 0), (9999, 0)])  # of 5,461 euros of allowance
def test_total_ceiling_is_raised_for_lower_incomes(liquider, revenu, majoration):
    # the higher rate since 2000 leaves 2,400 × 0.04 = 96 euros to pay
    hausse = {"taux_commune": 0.24, "revenu_plafonnement_foyer": 14, "revenu_fiscal_reference_cote": revenu}
    assert liquider("reduction_taux_plafonnement", "majoration_plafonnement_total", **hausse, **PLAFONNEE) == [96, majoration]


def test_managers_of_collective_housing_have_total_relief(liquider):
    gestionnaire = {"exoneration": "gestionnaire", "nature_redevable": "personne_morale"}
    assert liquider("degrevement", "taxe_habitation_nette", "code_role", CODE, **gestionnaire) == [485, 0, "degrevement_total", 0]


DEPENDANCE = {"nature_taxation": "dependance"}


def test_an_isolated_dependency_has_its_ceiling_computed_apart(liquider):
    plafonnee = PLAFONNEE | DEPENDANCE | {"revenu_plafonnement_foyer": 10_000}
    assert liquider("somme_cotisations", "degrevement", "net_a_payer", "code_role", CODE, **plafonnee) == [606, 0, 0, "vide", 0]
    # computed from the bill itself where no earlier bill is given
    de_la_dependance = ("dependance_degrevement", "dependance_nette", "dependance_code_role", "code_retour_dependance")
    assert liquider(*de_la_dependance, **plafonnee) == [262, 344, "plafonnement", 0]


def test_a_dependency_has_what_earlier_bills_left(liquider):
    anterieurs = {"cumul_cotisations": 485, "cumul_degrevements": 141, "revenu_plafonnement_foyer": 10_000}
    assert liquider("dependance_degrevement", "dependance_nette", **PLAFONNEE, **DEPENDANCE, **anterieurs) == [606, 0]


@pytest.mark.parametrize(
    "code, autrement",
    [
        (1, {"annee_imposition": 2018}),
        (5, {"direction": "999"}),
        (5002, {"exoneration": "vide"}),
        (5004, {"dependance_somme_cotisations": -1}),
        (5015, {"parts_foyer": -25}),
        (5014, {"parts_foyer": 126}),
        (5025, {"revenu_plafonnement_foyer": -1}),
        (5028, {"cumul_degrevements": 1}),
        (5039, {"regularisation": "invalide"}),
        (5041, {"net_a_payer_initial": 10}),
    ],
)
def test_controls_of_dependencies(liquider, code, autrement):
    assert liquider("code_retour_dependance", **(PLAFONNEE | DEPENDANCE | autrement)) == code


@given(st.integers(min_value=0, max_value=100_000), st.integers(min_value=0, max_value=300))
def test_the_raise_never_exceeds_what_is_left_to_pay(reste, pourcentage):
    majoration = majoration_degrevement_total(np.array([reste]), np.array([float(pourcentage)])).item()
    assert 0 <= majoration <= reste
    assert majoration == 0 or pourcentage < 100
