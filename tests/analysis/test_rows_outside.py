"""Second homes belong to no household of the population: the budget counts them, the tables of households do not."""

import numpy as np
import pytest

from analysis.calls import impact
from analysis.comparison import Comparison
from analysis.solving import result_of
from analysis.study import Study
from engine.legislation import Legislation
from engine.parameters import parameters_from_data
from engine.periods import YEAR, period
from engine.reform import reform_from_data
from engine.variables import Variable
from legislation.entites import ENTITES, Cote
from population.columns import Columns


def variable(name, formula=None):
    return type(name, (Variable,), {"value_type": float, "entity": Cote, "definition_period": YEAR, "label": name, **({"formula": formula} if formula else {})})


@pytest.fixture(scope="module", name="law")
def _law():
    """Bills are due at a rate of what the tables give."""
    due = variable("net_a_payer", lambda cote, at, parameters: cote("base", at) * parameters(at).rate)
    figures = parameters_from_data({"rate": {"values": {"2000-01-01": {"value": 1.0}}}})
    return Legislation.make(ENTITES, [variable("base"), due, variable("net_audiovisuel")], figures)


@pytest.fixture(scope="module", name="study")
def _study(law):
    """Two households with a bill each, and a second home whose bill has no household."""
    rows = np.arange(2)
    nobody = np.zeros(2, np.int16)
    columns = Columns(
        counts={"individu": 2, "foyer_fiscal": 2, "famille": 2, "menage": 2, "cote": 3, "local": 3, "commune": 1},
        links={
            ("individu", "foyer_fiscal"): (rows, nobody),
            ("individu", "famille"): (rows, nobody),
            ("individu", "menage"): (rows, nobody),
            ("foyer_fiscal", "cote"): (rows, nobody),
            ("menage", "local"): (rows, None),
            ("cote", "local"): (np.arange(3), None),
            ("local", "commune"): (np.zeros(3, np.int64), None),
        },
        inputs={("base", period(2022)): np.array([100.0, 200.0, 1000.0])},
        weights={"menage": np.array([10.0, 20.0]), "cote": np.array([10.0, 20.0, 5.0])},
    )
    return Study(columns, 2022, law=law, replicates=5)


def test_the_budget_counts_what_lies_in_no_household(law, study):
    after = study.outcome(reform_from_data({"parameters": {"rate": {"2000-01-01": 2.0}}})(law))
    assert study.base.outside == {"taxe_habitation": 5000.0, "contribution_audiovisuel": 0.0}
    comparison = Comparison(study, "test", study.base, after)
    assert result_of("budget", comparison) == result_of("budget.taxe_habitation", comparison) == 10 * 100 + 20 * 200 + 5 * 1000
    assert comparison.change.tolist() == [-100.0, -200.0]


def test_the_table_of_the_budget_shows_it(study):
    reform = {"parameters": {"rate": {"2000-01-01": 2.0}}}
    found = impact(reform, study)
    rows = {row["mesure"]: row for row in found.tables["budget"].rows()}
    assert (rows["taxe_habitation"]["avant"], rows["taxe_habitation"]["apres"]) == (10_000.0, 20_000.0)
    assert rows["total"]["effet_budget"] == 10_000.0
