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


def test_return_codes_may_be_chosen_by(results):
    (group,) = select_rows(results, "code_refus == 7")
    assert group.ids["cote"].tolist() == ["b"]
    assert to_table([group]).to_pydict()["impot"] == [None]
    (group,) = select_rows(results, "(code_refus == 7) | (impot > 0)")
    assert group.ids["cote"].tolist() == ["a", "d"]


@pytest.mark.parametrize(
    "expression, chosen",
    [
        ("loge == 'heberge'", ["a"]),
        ("'heberge' != loge", ["d"]),
        ("(loge == 'locataire') & ~(impot > 20)", ["d"]),
        ("impot ** 2 > 10 ** 3", ["a"]),
        ("where(impot > 20, 1, 0) == 1", ["a"]),
        ("sqrt(abs(-impot)) < 5", ["d"]),
        ("code_refus == 0", ["a", "d"]),
    ],
)
def test_enumerations_and_functions_may_stand_in_expressions(results, expression, chosen):
    (group,) = select_rows(results, expression)
    assert group.ids["cote"].tolist() == chosen


def test_results_of_periods_and_texts_may_be_chosen_by(law, year, write):
    columns = read_flat_table(write("cas.csv", "cote_id,loyer@2017-01,loyer@2017-02,nom\na,1,2,Ain\nb,3,2,Aube\n"), law, year)
    results = calculate(columns, law, ["loyer@2017-01", "loyer@2017-02", "nom"], year)
    assert select_rows(results, "loyer@2017-01 > loyer@2017-02")[0].ids["cote"].tolist() == ["b"]
    assert select_rows(results, "nom == 'Ain'")[0].ids["cote"].tolist() == ["a"]


@pytest.mark.parametrize(
    "expression, message",
    [
        ("impots > 1", "`impots` in `impots > 1` is not among the results asked for. Did you mean `impot`?"),
        ("impot + 1", "is not true or false for each row"),
        ("loge > 1", "expected as `loge == 'proprietaire'`"),
        ("loge == 'locatair'", "`locatair` is no member of `loge`: expected one of proprietaire, locataire, heberge. Did you mean `locataire`?"),
        ("impot == 'a'", "`impot` holds no texts"),
        ("impot > 'a'", "a text may only be compared with a result"),
        ("impot > 1 and impot < 3", "write `&` for and, `|` for or, `~` for not, and each comparison in parentheses"),
        ("impot > 1 & impot < 3", "each comparison in parentheses"),
        ("not impot > 1", "`~` for not"),
        ("1/0 > 1", "division by zero"),
        ("impot == 9**9**9**9", "cannot be evaluated"),
        ("impot == (3*3)**(9**9*9)", "cannot be evaluated"),
        ("impot == 1 << 10", "`1 << 10` has no place in it"),
        ("open('x') == impot", "has no place in it"),
        ("[1 for x in impot]", "has no place in it"),
        ("impot == " + "(" * 500 + "1" + ")" * 500, "cannot be evaluated"),
        ("impot == " + "-" * 9000 + "1", "cannot be evaluated"),
        ("impot == " + "1" * 10001, "expected at most 10,000"),
        ("impot == " + "9" * 5000, "cannot be evaluated"),
        ("impot >", "cannot be evaluated"),
        ("impot.__class__ > 1", "cannot be evaluated"),
        ("1 > 0", "is not true or false for each row"),
    ],
)
def test_what_cannot_be_evaluated_is_said(results, expression, message):
    with pytest.raises(DataError) as caught:
        select_rows(results, expression)
    assert message in str(caught.value)
