"""What a reform does: laws that hold for any, and figures checked against plain sums."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bareme
from analysis.calls import reform_of
from engine.errors import DataError, ReformError
from engine.reform import amended, chained, reform_from_data

RATE = "impot_revenu.bareme.brackets[1].rate"
LOWER = {"title": "Taux à 9 %", "parameters": {RATE: {"2022-01-01": 0.09}}}
GROUPED = ("ensemble", "deciles_revenu_fiscal", "deciles_niveau_de_vie", "types_de_famille", "ages", "departements")
FIGURES = {
    RATE: st.floats(0, 0.3),
    "impot_revenu.decote.taux": st.floats(0, 1),
    "impot_revenu.bareme.brackets[2].threshold": st.integers(20_000, 60_000),
    "impot_revenu.prelevements_sociaux.csg": st.floats(0, 0.3),
}
REFORMS = st.fixed_dictionaries({}, optional={path: st.fixed_dictionaries({"2022-01-01": value}) for path, value in FIGURES.items()})


@pytest.fixture(scope="module", name="found")
def _found(study):
    return bareme.impact(LOWER, study)


def total(found, comparison="reforme"):
    return next(row for row in found["budget"].rows() if row["mesure"] == "total" and row["comparaison"] == comparison)


def test_a_reform_of_nothing_changes_nothing(study):
    found = bareme.impact({}, study)
    assert "exemples" not in found.tables
    assert "chiffres" not in found.tables
    for name, table in found.tables.items():
        for row in table.rows():
            effects = {key: value for key, value in row.items() if key.startswith(("effet", "gagnants", "perdants", "part_", "ecart"))}
            assert all(value in (0, None) for value in effects.values()), (name, row)


def test_effects_are_those_of_the_simulation(study, tables):
    columns = study.columns
    taxes = []
    for law in (bareme.france(), reform_of(LOWER)(bareme.france())):
        results = bareme.calculate(columns, law, ["impot_a_payer", "restitution"], 2022, controls=False)
        paid, back = (result.values for result in results[0].results)
        taxes.append(paid - back)
    weights = dict(zip(tables["menage"]["menage_id"].to_pylist(), tables["menage"]["weight"].to_pylist(), strict=True))
    of_tax_household = [weights["m" + key[1:].split("-")[0]] for key in tables["foyer_fiscal"]["foyer_fiscal_id"].to_pylist()]
    assert total(bareme.impact(LOWER, study))["effet_budget"] == pytest.approx(float((taxes[1] - taxes[0]) @ np.array(of_tax_household)))


def test_groups_add_up_to_all(found):
    whole = found["ensemble"].rows()[0]
    assert whole["effet_total"] == pytest.approx(-total(found)["effet_budget"])
    for name in GROUPED:
        rows = found[name].rows()
        for column in ("observations", "menages", "effet_total", "gagnants", "perdants", "inchanges"):
            assert sum(row[column] for row in rows) == pytest.approx(whole[column])
        for row in rows:
            assert row["gagnants"] + row["perdants"] + row["inchanges"] == pytest.approx(row["menages"])


@settings(max_examples=8, deadline=None)
@given(REFORMS)
def test_a_reform_and_back_is_nothing(study, changes):
    law = bareme.france()
    there = reform_from_data({"parameters": changes})
    back = {
        path: {date: law.parameters.child(path).at(date) for date in {*dated, *(d for d in law.parameters.child(path).starts if d > "2022-01-01")}}
        for path, dated in changes.items()
    }
    found = bareme.impact(chained(there, reform_from_data({"parameters": back})), study)
    assert total(found)["effet_budget"] == 0
    assert found["ensemble"].rows()[0]["inchanges"] == pytest.approx(study.weights.sum())


@settings(max_examples=8, deadline=None)
@given(REFORMS, REFORMS)
def test_layers_add_up(study, bill, amendment):
    found = bareme.impact(amended(reform_from_data({"parameters": bill}), reform_from_data({"parameters": amendment})), study)
    parts = [total(found, name)["effet_budget"] for name in ("projet", "amendement", "ensemble")]
    assert parts[0] + parts[1] == pytest.approx(parts[2], abs=1)
    assert total(found, "ensemble")["apres"] == total(found, "amendement")["apres"]


def test_the_order_of_rows_changes_nothing(tables, found):
    random = np.random.default_rng(3)
    mixed = {entity: table.take(random.permutation(table.num_rows)) for entity, table in tables.items()}
    other = bareme.impact(LOWER, mixed, 2022, replicates=20)
    for name in ("budget", "foyers_imposes", "inegalites", *GROUPED):
        for one, two in zip(found[name].rows(), other[name].rows(), strict=True):
            for column, value in one.items():
                assert two[column] == (pytest.approx(value, rel=1e-7, abs=1e-6) if isinstance(value, float) else value), (name, column)


def test_who_enters_and_leaves_the_tax(found):
    counts = {row["indicateur"]: row["foyers"] for row in found["foyers_imposes"].rows()}
    assert counts["sortants"] > 0
    assert counts["entrants"] == 0
    assert counts["imposes_avant"] + counts["entrants"] - counts["sortants"] == pytest.approx(counts["imposes_apres"])


def test_changed_figures_are_listed(study):
    parameters = {
        "impot_revenu.bareme.brackets[3]": {"2022-01-01": None},
        "impot_revenu.bareme.brackets.add": {"2022-01-01": {"threshold": 500_000, "rate": 0.5}},
    }
    rows = bareme.impact({"parameters": parameters}, study)["chiffres"].rows()
    assert [(row["parametre"].removeprefix("impot_revenu."), row["avant"], row["apres"]) for row in rows] == [
        ("bareme[3].threshold", "78570", "–"),
        ("bareme[3].rate", "0.41", "–"),
        ("bareme[5].threshold", "–", "500000"),
        ("bareme[5].rate", "–", "0.5"),
    ]


def test_examples_are_told_in_words(found):
    rows = found["exemples"].rows()
    assert {row["sens"] for row in rows} == {"gagnant"}
    assert [row["rang"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["effet"] == max(row["effet"] for row in rows)
    assert "ans" in rows[0]["menage"]
    assert "Impôt sur le revenu" in rows[0]["detail"]


def test_own_weights_and_units(tables):
    weights = np.full(400, 2.0)
    found = bareme.impact(LOWER, tables, 2022, weights=weights, replicates=5)
    assert found["ensemble"].rows()[0]["menages"] == 800
    by_tax_household = bareme.impact(LOWER, tables, 2022, unit="foyer_fiscal", replicates=5)
    assert by_tax_household["ensemble"].rows()[0]["observations"] == tables["foyer_fiscal"].num_rows
    with pytest.raises(DataError, match="3 weights were given; there are 400 rows of `menage`"):
        bareme.study(tables, 2022, weights=[1, 2, 3])
    with pytest.raises(DataError, match="negative or no number"):
        bareme.study(tables, 2022, weights=-weights)
    with pytest.raises(DataError, match=r"`menages` is no household here: expected .*Did you mean `menage`"):
        bareme.study(tables, 2022, unit="menages")
    with pytest.raises(DataError, match=r"`individu` is no household here: expected .*foyer_fiscal"):
        bareme.study(tables, 2022, unit="individu")


def test_several_years_and_constant_euros(study, tables):
    dated = {"parameters": {RATE: {"2021-01-01": 0.09}}}
    found = bareme.impact(dated, study.columns, [2021, 2022], replicates=5)
    assert found.years == (2021, 2022)
    current = {row["annee"]: row["effet_budget"] for row in found["budget"].rows() if row["mesure"] == "total"}
    constant = {row["annee"]: row["effet_budget"] for row in found.in_constant_euros(2022)["budget"].rows() if row["mesure"] == "total"}
    assert constant[2022] == current[2022] != current[2021]
    assert constant[2021] == pytest.approx(current[2021] * 1.059)
    gini = [row["avant"] for row in found["inegalites"].rows() if row["indicateur"] == "gini"]
    assert gini == [row["avant"] for row in found.in_constant_euros(2023)["inegalites"].rows() if row["indicateur"] == "gini"]
    with pytest.raises(DataError, match="prices of 1950 are not known"):
        found.in_constant_euros(1950)
    with pytest.raises(DataError, match="study is of 2022"):
        bareme.impact(dated, study, 2021)


def test_tables_come_in_and_go_out_in_all_ways(tables, found, tmp_path):
    import pandas as pd
    import polars as pl

    expected = total(found)["effet_budget"]
    as_pandas = {entity: table.to_pandas() for entity, table in tables.items()}
    as_polars = {entity: pl.from_arrow(table) for entity, table in tables.items()}
    for entity, table in tables.items():
        pa.parquet.write_table(table, tmp_path / f"{entity}.parquet") if entity != "menage" else table.to_pandas().to_csv(tmp_path / "menage.csv", index=False)
    for population in (as_pandas, as_polars, tmp_path):
        assert total(bareme.impact(LOWER, population, 2022, replicates=5))["effet_budget"] == pytest.approx(expected)
    table = found["ensemble"]
    assert isinstance(table.to_pandas(), pd.DataFrame)
    assert table.to_polars().equals(pl.DataFrame(table))
    assert pa.table(table).equals(table.to_arrow())
    assert pd.DataFrame.from_arrow(table)["menages"].iloc[0] == pytest.approx(table.rows()[0]["menages"]) if hasattr(pd.DataFrame, "from_arrow") else True


def test_a_flat_table_is_told_by_tax_household():
    table = pa.table({"salaires": [20_000.0, 40_000.0, 0.0], "weight": [1.0, 2.0, 3.0], "annee_naissance": [1980, 1970, 1990]})
    found = bareme.impact(LOWER, table, 2022, replicates=5)
    assert found["ensemble"].rows()[0]["menages"] == 6
    assert total(found)["effet_budget"] < 0


def test_what_is_no_population_or_no_reform(study, tmp_path):
    with pytest.raises(DataError, match="is of type int: expected a file, a folder"):
        bareme.study(5, 2022)
    with pytest.raises(DataError, match="there is no table of an entity"):
        bareme.study(tmp_path, 2022)
    (tmp_path / "menages.csv").write_text("x\n")
    with pytest.raises(DataError, match="Did you mean `menage`"):
        bareme.study(tmp_path, 2022)
    with pytest.raises(ReformError, match="is no reform"):
        bareme.impact(5, study)
    with pytest.raises(DataError, match="at least one year"):
        bareme.impact({}, study.columns, [])


def test_a_reform_in_code(study):
    def flat(law):
        return law.neutralizing("decote")

    assert total(bareme.impact(flat, study))["effet_budget"] > 0


def test_an_impact_tells_its_tables(study):
    found = bareme.impact({"parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}}, study)
    assert found.title == "Réforme sans titre"
    assert "budget" in found
    assert next(iter(found)) == "chiffres"
    assert repr(found).startswith("<Impact Réforme sans titre (2022, reforme : ")
    with pytest.raises(bareme.BaremeError, match=r"no table `budjet`.*Did you mean `budget`"):
        found["budjet"]


@pytest.mark.parametrize("year", ["2022", [2022, "x"], 2022.5, []])
def test_a_year_is_a_whole_number(tables, year):
    with pytest.raises(bareme.BaremeError, match=r"is no year|at least one year"):
        bareme.impact({}, tables, year)
    assert bareme.study(tables, np.int64(2022), replicates=2).year == 2022


def test_bounds_of_a_search_are_two(study):
    with pytest.raises(bareme.BaremeError, match="expected two numbers"):
        bareme.solve(None, "impot_revenu.decote.taux", "budget = 0", study, between=(0.1,))
