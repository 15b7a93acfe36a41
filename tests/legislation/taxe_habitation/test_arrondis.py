import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation.taxe_habitation.arrondis import (
    EPSILON,
    arrondi,
    arrondi_decimal,
    dizaine_inferieure,
    est_inferieur_a_un_arrondi,
    moitie,
    plancher,
)

MONTANTS = st.integers(min_value=0, max_value=10**7)


def test_half_an_euro_goes_up():
    assert arrondi(np.array([0.0, 0.49, 0.5, 1.5, 2.4999, 2.5])).tolist() == [0, 0, 1, 2, 2, 3]


def test_a_product_just_under_half_an_euro_goes_up():
    product = 3 * 0.0344 * 1000 * 5 / 1.032  # 500 in mathematics
    just_under = np.array([100.5 * (1 - EPSILON), 100.5 * (1 - 8 * EPSILON)])
    assert arrondi(just_under).tolist() == [101, 101]
    assert arrondi(np.array([product])).tolist() == [500]


def test_what_is_clearly_under_half_an_euro_goes_down():
    assert arrondi(np.array([100.5 - 1e-9, 100.4999])).tolist() == [100, 100]


def test_the_result_is_a_whole_number():
    assert arrondi(np.array([1.2])).dtype == np.int64


@given(MONTANTS)
def test_whole_amounts_stay_as_they_are(montant):
    assert arrondi(np.array([float(montant)])).item() == montant
    assert plancher(np.array([float(montant)])).item() == montant


@given(MONTANTS)
def test_half_of_an_amount_is_its_rounded_half(montant):
    assert moitie(np.array([montant])).item() == arrondi(np.array([montant / 2])).item()


@given(MONTANTS, st.integers(min_value=0, max_value=10**9))
def test_comparison_with_a_rounded_amount_needs_no_division(montant, centiemes):
    literal = montant < arrondi(np.array([centiemes / 100])).item()
    assert bool(est_inferieur_a_un_arrondi(np.array([montant]), np.array([centiemes])).item()) is literal


@pytest.mark.parametrize("nombre, attendu", [(0.0, 0), (9.99, 0), (10.0, 10), (99.999, 90), (353.9, 350)])
def test_ten_euros_below(nombre, attendu):
    assert dizaine_inferieure(np.array([nombre])).item() == attendu


@pytest.mark.parametrize(
    "nombre, decimales, attendu",
    [(0.30974999, 4, 0.3097), (0.30975, 4, 0.3098), (0.1 + 0.2, 4, 0.3), (49.5, 0, 50.0), (49.4, 0, 49.0)],
)
def test_decimal_rounding(nombre, decimales, attendu):
    assert arrondi_decimal(np.array([nombre]), decimales).item() == attendu
