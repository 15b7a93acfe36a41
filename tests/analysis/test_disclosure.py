"""Statistical secrecy: nothing refused comes back from what is published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bareme
from analysis.disclosure import DOMINATED, FEW, INDUCED, LEAST, MOST, Cells, protected, reasons, secrets_of
from analysis.effects import effects
from analysis.replicates import Replicates

LINES = st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1)), min_size=1, max_size=12)


def cells_of(line):
    counts = np.array([count for count, _ in line])
    absolute = counts * 100.0
    largest = np.array([max(share * 100 * count, 100.0) if count else 0.0 for count, share in line])
    return Cells.of(counts, largest, absolute)


@settings(max_examples=300)
@given(LINES)
def test_what_is_refused_together_would_pass_as_one_cell(line):
    cells = cells_of(line)
    found = protected(reasons(cells), cells)
    hidden = np.array([bool(reason) for reason in found])
    assert all(hidden[cell] for cell, reason in enumerate(reasons(cells)) if reason)
    if hidden.any() and not hidden.all():
        counts, absolute = cells.observations[hidden, 0], cells.absolute[hidden, 0]
        assert hidden.sum() > 1
        assert counts.sum() == 0 or counts.sum() >= LEAST
        assert cells.largest[hidden, 0].max() <= MOST * absolute.sum()


def test_reasons():
    cells = Cells.of([0, 10, 11, 50], [0, 10, 1, 90], [0, 100, 11, 100])
    assert reasons(cells) == ["", FEW, "", DOMINATED]


def test_the_smallest_cell_that_will_do_goes_with_a_refused_one():
    cells = Cells.of([5, 40, 12, 100], [1, 1, 1, 1], [5, 40, 12, 100])
    assert protected(reasons(cells), cells) == [FEW, "", INDUCED, ""]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([-900.0, -20.0, 0.0, 5.0, 250.0]), st.integers(0, 4)), min_size=1, max_size=200), st.integers(0, 1000))
def test_a_table_of_effects_gives_no_group_of_few_away(rows, seed):
    """Whoever subtracts all that is published from the totals gets nothing, or cells of eleven households and more."""
    change, groups = (np.array(column) for column in zip(*rows, strict=True))
    weights = np.random.default_rng(seed).uniform(1, 2, len(rows))
    found = effects(Replicates.of(weights, count=0), change, groups.astype(np.int64), 5)
    secrets = secrets_of(found)
    whole = np.array([bool(reason) for reason in secrets.groups])
    senses = np.array([bool(reason) for reason in secrets.senses])
    assert (senses | ~whole).all()
    moving = found.observations[:, 1:].sum(1)
    for group in range(5):
        if not whole[group]:
            assert moving[group] == 0 or moving[group] >= LEAST
        if not senses[group]:
            assert all(count == 0 or count >= LEAST for count in found.observations[group])
    for hidden, counts in ((whole, moving), (senses, found.observations[:, 0]), (senses, found.observations[:, 1]), (senses, found.observations[:, 2])):
        if hidden.any() and not hidden.all():
            assert hidden.sum() > 1
            assert counts[hidden].sum() == 0 or counts[hidden].sum() >= LEAST


REFORM = {"title": "Essai", "parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.1}, "impot_revenu.decote.taux": {"2022-01-01": 0.6}}}


def test_published_tables_say_what_they_refuse(study):
    open_tables, secret = bareme.impact(REFORM, study), bareme.impact(REFORM, study, disclosure=True)
    assert "exemples" in open_tables.tables
    assert "exemples" not in secret.tables
    refused = 0
    for name, table in secret.tables.items():
        for row, known in zip(table.rows(), open_tables[name].rows(), strict=True):
            if row.get("secret"):
                refused += 1
                assert row["secret"].startswith("secret")
                assert row.get("effet_moyen_gagnants") is None
            else:
                assert row == known
    assert refused
    for row in secret["departements"].rows():
        if row["gagnants"]:
            assert row["observations"] >= LEAST


def test_what_is_refused_in_a_layer_is_refused_in_all(study):
    from engine.reform import amended, reform_from_data

    narrow = reform_from_data(reform_of_the_richest(study, 6))
    found = bareme.impact(amended(reform_from_data(REFORM), narrow), study, disclosure=True)
    for name, table in found.tables.items():
        if name not in ("chiffres", "foyers_imposes", "inegalites"):
            rows = table.rows()
            key = "mesure" if name == "budget" else "groupe"
            refused = {(row["comparaison"], row[key]) for row in rows if row.get("effet_total", row.get("effet_budget")) is None}
            assert {(comparison, group) for comparison in ("projet", "amendement", "ensemble") for _, group in refused} == refused


def reform_of_the_richest(study, count):
    """A new bracket that only so many tax households reach."""
    (group,) = bareme.calculate(study.columns, bareme.france(), ["revenu_imposable", "nombre_parts"], 2022, controls=False)
    income, parts = (result.values for result in group.results)
    threshold = int(np.sort(income / parts)[-count - 1])
    return {"parameters": {"impot_revenu.bareme.brackets.add": {"2022-01-01": {"threshold": threshold, "rate": 0.9}}}}


def test_a_reform_that_touches_few_households_is_refused_whole(study):
    found = bareme.impact(reform_of_the_richest(study, 6), study, disclosure=True)
    assert all(row["effet_total"] is None and row["secret"] for row in found["ensemble"].rows())
    assert all(row["apres"] is None for row in found["inegalites"].rows())
    assert str(found).endswith("(secret)")
    with pytest.raises(bareme.BaremeError, match="no table `exemples`"):
        _ = found["exemples"]
