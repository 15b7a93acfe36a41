"""Rows of results chosen by an expression."""

import pytest

from engine.errors import DataError
from population.results import calculate, to_table
from population.selection import select_rows
from population.tables import read_flat_table


@pytest.fixture
def results(law, year, write):
    text = "cote_id,taux,valeur,statut,salaire,weight\na,0.5,100,heberge,1200,1\nb,0.25,-4,locataire,600,5\nc,2,1,heberge,0,1\nd,0.1,200,locataire,12,3\n"
    columns = read_flat_table(write("cas.csv", text), law, year)
    return calculate(columns, law, ["impot", "revenu_de_la_cote", "loge"], year)


def test_rows_for_which_the_expression_holds_are_kept_with_their_identifiers_and_weights(results):
    (group,) = select_rows(results, "(impot > 20) & (revenu_de_la_cote > 100)")
    assert group.ids["cote"].tolist() == ["a"]
    assert group.weights.tolist() == [1.0]
    assert to_table([group]).to_pydict()["impot"] == [50.0]


def test_rows_that_the_law_refuses_are_left_out(results):
    (group,) = select_rows(results, "impot < 1e9")
    assert group.ids["cote"].tolist() == ["a", "d"]


@pytest.mark.parametrize(
    "expression, message",
    [
        ("impots > 1", "`impots` in `impots > 1` is not among the results asked for. Did you mean `impot`?"),
        ("impot + 1", "is not true or false for each row"),
        ("loge > 1", "compares `loge`: expected numbers or truths only"),
        ("impot >", "cannot be evaluated"),
        ("impot.__class__ > 1", "cannot be evaluated"),
        ("1 > 0", "is not true or false for each row"),
    ],
)
def test_what_cannot_be_evaluated_is_said(results, expression, message):
    with pytest.raises(DataError) as caught:
        select_rows(results, expression)
    assert message in str(caught.value)
