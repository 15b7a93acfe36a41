"""A law over columns: results grouped by entity, with identifiers, and rows that the law refuses."""

import numpy as np
import pytest

from engine.errors import DataError, PeriodMismatchError, VariableNotFoundError
from engine.periods import period
from population.results import calculate, to_table
from population.summary import refusals, summarize
from population.tables import read_flat_table, read_tables


@pytest.fixture
def flat(law, year, write):
    text = "cote_id,taux,valeur,statut,salaire,weight\na,0.5,100,heberge,1200,1\nb,0.25,-4,locataire,600,5\nc,2,1,heberge,0,1\nd,0.1,200,locataire,12,3\n"
    return read_flat_table(write("cas.csv", text), law, year)


def test_results_come_in_one_pass_with_the_law_s_return_codes(law, year, flat):
    (group,) = calculate(flat, law, ["impot", "revenu_de_la_cote", "loge"], year)
    assert group.entity == "cote"
    assert [result.name for result in group.results] == ["impot", "revenu_de_la_cote", "loge"]
    (refusal,) = group.refusals
    assert (refusal.name, refusal.values.tolist()) == ("code_refus", [0, 7, 9, 0])
    assert [result.refused.tolist() for result in group.results] == [[False, True, True, False]] * 3


def test_refused_rows_keep_their_place_with_empty_results(law, year, flat):
    table = to_table(calculate(flat, law, ["impot", "loge"], year))
    assert table.to_pydict() == {
        "cote_id": ["a", "b", "c", "d"],
        "code_refus": [0, 7, 9, 0],
        "impot": [50.0, None, None, 20.0],
        "loge": ["heberge", None, None, "locataire"],
    }
    assert table.schema.field("impot").metadata == {
        b"label": "Impôt de la cote".encode(),
        b"unit": b"currency",
        b"period": b"2017",
        b"reference": b"Loi, art. 1; Loi, art. 2",
    }


def test_results_of_each_period_are_refused_by_the_code_of_that_period(law, year, write):
    text = "taux,valeur,taux@2019,valeur@2019\n0.5,100,0.5,-1\n2,100,0.5,200\n0.5,200,0.5,400\n"
    columns = read_flat_table(write("cas.csv", text), law, year)
    table = to_table(calculate(columns, law, ["impot@2019", "impot"], year))
    assert table.to_pydict() == {
        "code_refus@2019": [7, 0, 0],
        "code_refus": [0, 9, 0],
        "impot@2019": [None, 100.0, 200.0],
        "impot": [50.0, None, 100.0],
    }
    (group,) = calculate(columns, law, ["impot@2019", "code_refus@2019"], year)
    assert to_table([group]).column_names == ["code_refus@2019", "impot@2019"]
    assert refusals(group) == [("code_refus@2019", [(7, 1)])]
    (line,) = summarize(group)
    assert (line.count, line.total) == (2, 300.0)


def test_months_are_refused_by_the_code_of_their_year(law, write):
    month = period("2017-03")
    columns = read_flat_table(write("cas.csv", "valeur,loyer\n-1,5\n1,6\n"), law, month)
    table = to_table(calculate(columns, law, ["loyer"], month))
    assert table.to_pydict() == {"code_refus@2017": [7, 0], "loyer": [None, 6.0]}


def test_controls_may_be_left_out(law, year, flat):
    table = to_table(calculate(flat, law, ["impot"], year, controls=False))
    assert table.to_pydict() == {"cote_id": ["a", "b", "c", "d"], "impot": [50.0, -1.0, 2.0, 20.0]}


def test_the_code_itself_is_not_said_twice(law, year, flat):
    assert to_table(calculate(flat, law, ["code_refus"], year)).column_names == ["cote_id", "code_refus"]


def test_other_entities_of_a_flat_table_are_not_refused(law, year, flat):
    table = to_table(calculate(flat, law, ["impot", "revenu", "salaire@2017-02"], year))
    assert table["revenu"].to_pylist() == [1200.0, 600.0, 0.0, 12.0]
    assert table["salaire@2017-02"].to_pylist() == [100.0, 50.0, 0.0, 1.0]


def test_results_do_not_depend_on_blocks_or_threads(law, year, flat):
    expected = to_table(calculate(flat, law, ["impot", "revenu_de_la_cote"], year))
    assert to_table(calculate(flat, law, ["impot", "revenu_de_la_cote"], year, threads=2, block_rows=1)).equals(expected)


def test_a_known_month_is_not_shared_out_again(law, year, write):
    columns = read_flat_table(write("cas.csv", "salaire,salaire@2017-01\n1200,100\n1200,650\n"), law, year)
    (group,) = calculate(columns, law, ["revenu", "salaire@2017-01", "salaire@2017-12"], year)
    assert [result.values.tolist() for result in group.results] == [[1200.0, 1200.0], [100.0, 650.0], [100.0, 50.0]]


def test_unknown_names_are_all_said(law, year, flat):
    with pytest.raises(VariableNotFoundError, match=r"`impots`.*Did you mean `impot`.*`reve`"):
        calculate(flat, law, ["impots", "impot", "reve"], year)


def test_periods_that_must_be_said_are_asked_for(law, year, flat):
    with pytest.raises(PeriodMismatchError, match="`loyer@2017-01`"):
        calculate(flat, law, ["loyer"], year)
    with pytest.raises(PeriodMismatchError, match="`impot@2017`"):
        calculate(flat, law, ["impot"], period("2017-03"))
    with pytest.raises(PeriodMismatchError, match=r"for `ETERNITY`.*as in `loyer@2017-01`.*for `2017-02`: say which, as in `impot@2017`"):
        calculate(flat, law, ["loyer@eternity", "impot@2017-02"], year)
    with pytest.raises(PeriodMismatchError, match="`impot` has a value for each year, not for `ETERNITY`"):
        calculate(flat, law, ["impot"], period("eternity"))


def test_results_of_different_rows_do_not_fit_one_table(law, year, write):
    cotes = write("cotes.csv", "cote_id\nx\ny\n")
    foyers = write("foyers.csv", "cote_id,cote_role,salaire\nx,premier,1\ny,premier,2\ny,second,3\n")
    groups = calculate(read_tables({"cote": cotes, "foyer": foyers}, law, year), law, ["revenu_de_la_cote", "revenu"], year)
    assert [group.entity for group in groups] == ["cote", "foyer"]
    assert to_table(groups[:1])["revenu_de_la_cote"].to_pylist() == [1.0, 5.0]
    with pytest.raises(DataError, match="cote, foyer have different rows"):
        to_table(groups)


def test_the_summary_is_weighted_and_leaves_refused_rows_out(law, year, flat):
    (group,) = calculate(flat, law, ["impot", "loge"], year)
    impot, loge = summarize(group)
    assert (impot.count, impot.mean, impot.total) == (2, 27.5, 110.0)
    assert impot.quantiles == (20.0, 20.0, 20.0, 20.0, 20.0, 50.0, 50.0)
    assert loge.shares == (("locataire", 0.75), ("heberge", 0.25))
    assert refusals(group) == [("code_refus", [(7, 1), (9, 1)])]


def test_the_summary_without_weights_counts_rows(law, year, write):
    values = np.arange(1, 101)
    columns = read_flat_table(write("cas.csv", "valeur,couple\n" + "".join(f"{value},{value % 4 == 0:d}\n" for value in values)), law, year)
    groups = calculate(columns, law, ["valeur", "couple"], year)
    (valeur,), (couple,) = (summarize(group) for group in groups)
    assert (valeur.mean, valeur.total) == (50.5, 5050.0)
    assert valeur.quantiles == (1.0, 1.0, 25.0, 50.0, 75.0, 99.0, 100.0)
    assert (couple.mean, couple.total, couple.quantiles) == (0.25, 25.0, None)
