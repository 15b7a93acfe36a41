"""A bill that is amended again and again stays in the study: the results are those of a fresh one, and only the amendment is computed."""

import pytest

import bareme
from analysis.bills import MOST_BILLS
from analysis.impact import TABLES, impact
from engine.reform import amended, reform_from_data

DECOTE = "impot_revenu.decote.personne_seule"
RATE = "impot_revenu.decote.taux"


class StoppedError(Exception):
    pass


def reform(value, path=DECOTE):
    return reform_from_data({"title": "Essai", "parameters": {path: {"2022-01-01": value}}})


def fresh(tables, replicates=20):
    return bareme.study(tables, 2022, replicates=replicates)


def same(one, other):
    assert list(one) == list(other)
    assert (one.notes, one.cautions) == (other.notes, other.cautions)
    assert all(one[name].rows() == other[name].rows() for name in one)


def over(bill, value, study, **options):
    return impact(amended(reform(bill), reform(value, RATE)), study, bill=str(bill), **options)


@pytest.fixture(name="warm")
def _warm(tables):
    study = fresh(tables)
    over(900, 0.5, study)
    return study


@pytest.mark.parametrize("disclosure", [False, True])
def test_results_over_a_kept_bill_are_those_of_a_fresh_study(tables, warm, disclosure):
    expected = impact(amended(reform(900), reform(0.6, RATE)), fresh(tables), disclosure=disclosure)
    same(over(900, 0.6, warm, disclosure=disclosure), expected)
    same(over(900, 0.6, warm, disclosure=disclosure), expected)
    same(over(900, 0.6, warm, disclosure=not disclosure), impact(amended(reform(900), reform(0.6, RATE)), fresh(tables), disclosure=not disclosure))


def test_a_kept_bill_is_not_computed_again(warm):
    told = []
    over(900, 0.6, warm, watch=lambda *step: told.append(step[0]))
    assert list(dict.fromkeys(told)) == ["droit_en_vigueur", "amendement", TABLES] or list(dict.fromkeys(told)) == ["amendement", TABLES]


def test_a_bill_alone_and_one_that_is_amended_share_what_is_kept(tables, warm):
    same(impact(reform(900), warm, bill="900"), impact(reform(900), fresh(tables)))
    same(over(900, 0.7, warm), impact(amended(reform(900), reform(0.7, RATE)), fresh(tables)))


def test_other_replicates_are_worked_out_of_the_same_outcome(tables, warm):
    expected = impact(amended(reform(900), reform(0.6, RATE)), fresh(tables, 5))
    same(over(900, 0.6, warm.with_replicates(5)), expected)
    same(over(900, 0.6, warm), impact(amended(reform(900), reform(0.6, RATE)), fresh(tables)))


def test_few_bills_are_kept_those_used_last(tables):
    study = fresh(tables, 2)
    for value in range(900, 900 + MOST_BILLS):
        over(value, 0.5, study)
    over(900, 0.6, study)
    over(899, 0.5, study)
    assert len(study.bills) == MOST_BILLS
    assert study.bills.get("900") is not None
    assert study.bills.get("901") is None


@pytest.mark.parametrize("where", ["projet", "amendement", TABLES])
def test_a_run_that_is_stopped_leaves_a_bill_that_is_whole_or_none(tables, where):
    study = fresh(tables)

    def stop(name, done, total):
        if name == where and done:
            raise StoppedError

    with pytest.raises(StoppedError):
        over(900, 0.5, study, watch=stop)
    same(over(900, 0.6, study), impact(amended(reform(900), reform(0.6, RATE)), fresh(tables)))


def test_without_its_content_no_bill_is_kept(tables):
    study = fresh(tables, 2)
    impact(amended(reform(900), reform(0.5, RATE)), study)
    assert len(study.bills) == 0
