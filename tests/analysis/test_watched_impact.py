"""An impact tells how far it is, and may be stopped; the study goes on as if nothing had been."""

import pytest

import bareme
from analysis.impact import IN_FORCE, TABLES, impact
from engine.reform import amended, reform_from_data

DECOTE = "impot_revenu.decote.personne_seule"


class StoppedError(Exception):
    pass


def reform(value):
    return reform_from_data({"title": "Essai", "parameters": {DECOTE: {"2022-01-01": value}}})


def fresh(tables):
    return bareme.study(tables, 2022, replicates=20)


def same(one, other):
    assert list(one) == list(other)
    assert all(one[name].rows() == other[name].rows() for name in one)


def test_every_step_is_told_to_its_end(tables):
    told = []
    found = impact(amended(reform(900), reform(950)), fresh(tables), watch=lambda *step: told.append(step))
    assert list(dict.fromkeys(name for name, *_ in told)) == [IN_FORCE, "projet", "amendement", TABLES]
    last = {name: (done, total) for name, done, total in told}
    assert all(done == total for done, total in last.values())
    assert last[TABLES][1] >= len(found.tables) - 1


def test_a_watched_impact_is_the_same(tables, study):
    same(impact(reform(900), fresh(tables), watch=lambda *_: None), impact(reform(900), study))


@pytest.mark.parametrize("where", [IN_FORCE, "reforme", TABLES])
def test_a_stopped_impact_leaves_the_study_usable(tables, study, where):
    stopped = fresh(tables)

    def stop(name, done, total):
        if name == where and done:
            raise StoppedError

    with pytest.raises(StoppedError):
        impact(reform(900), stopped, watch=stop)
    same(impact(reform(950), stopped), impact(reform(950), study))
    same(impact(reform(900), stopped), impact(reform(900), study))


def test_another_count_of_replicates_shares_the_calculation(tables):
    study = fresh(tables)
    known = impact(reform(900), study)
    other = study.with_replicates(5)
    assert other.base is study.base
    assert other.replicates.count == 5
    assert study.with_replicates(20) is study
    same(impact(reform(900), other), impact(reform(900), bareme.study(tables, 2022, replicates=5)))
    same(impact(reform(900), study), known)
