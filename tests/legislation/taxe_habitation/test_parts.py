from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation.taxe_habitation.parts import montant_selon_parts


@dataclass(frozen=True)
class Bareme:
    premiere_part: int
    premiere_demi_part: int
    deuxieme_demi_part: int
    troisieme_demi_part: int
    quatrieme_demi_part: int
    demi_part_supplementaire: int


METROPOLE_1417_II = Bareme(25180, 5883, 4631, 4631, 4631, 4631)  # 2017
GUYANE_1414_A = Bareme(7281, 1213, 1213, 2909, 2909, 2909)  # 2017


def montant(bareme, parts):
    return montant_selon_parts(bareme, np.array([parts])).item()


@pytest.mark.parametrize(
    "parts, attendu",
    [
        (0, 25180),
        (100, 25180),
        (125, 25180 + 2942),  # a quarter: half of the first half part, rounded
        (150, 25180 + 5883),
        (175, 25180 + 5883 + 2316),
        (200, 25180 + 5883 + 4631),
        (250, 25180 + 5883 + 2 * 4631),
        (300, 25180 + 5883 + 3 * 4631),
        (325, 25180 + 5883 + 3 * 4631 + 2316),
        (350, 25180 + 5883 + 4 * 4631),
        (375, 25180 + 5883 + 4 * 4631 + 2316),
        (1000, 25180 + 5883 + 17 * 4631),
    ],
)
def test_each_half_part_has_its_amount(parts, attendu):
    assert montant(METROPOLE_1417_II, parts) == attendu


def test_ranks_have_different_amounts_overseas():
    assert [montant(GUYANE_1414_A, parts) for parts in (100, 150, 200, 250, 300)] == [7281, 8494, 9707, 12616, 15525]


def test_between_two_quarters_the_half_part_counts_whole():
    assert montant(METROPOLE_1417_II, 126) == montant(METROPOLE_1417_II, 150)


def test_figures_may_differ_row_by_row():
    par_zone = Bareme(*(np.array(figures) for figures in zip((25180, 5883, 4631, 4631, 4631, 4631), (7281, 1213, 1213, 2909, 2909, 2909), strict=True)))
    assert montant_selon_parts(par_zone, np.array([150, 250])).tolist() == [31063, 12616]


@given(st.integers(min_value=0, max_value=100).map(lambda quarters: 25 * quarters))
def test_more_parts_never_give_less(parts):
    assert montant(METROPOLE_1417_II, parts + 25) >= montant(METROPOLE_1417_II, parts)


@given(st.integers(min_value=14, max_value=80).map(lambda quarters: 25 * quarters))
def test_beyond_three_parts_each_half_part_adds_the_same(parts):
    assert montant(METROPOLE_1417_II, parts + 50) - montant(METROPOLE_1417_II, parts) == METROPOLE_1417_II.demi_part_supplementaire
