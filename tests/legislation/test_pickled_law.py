"""A law that is told by files and names is pickled as these: another process makes the same."""

import pickle

import pytest

from engine.extensions import extended
from engine.reform import chained, reform_from_data
from legislation import france


def _without_salaries(law):
    return law.neutralizing("salaires")


def test_the_law_of_a_function_is_pickled_as_its_name():
    law = france()
    assert pickle.loads(pickle.dumps(law)) is law  # noqa: S301 - made in the same line
    assert len(pickle.dumps(law)) < 200


@pytest.mark.parametrize(
    "reform",
    [
        reform_from_data({"title": "Décote", "parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}}),
        reform_from_data({"title": "Rien", "neutralize": ["salaires"]}),
        chained(reform_from_data({"neutralize": ["salaires"]}), reform_from_data({"parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.5}}})),
        chained(_without_salaries),
    ],
    ids=lambda reform: type(reform).__name__,
)
def test_a_reformed_law_is_pickled_as_its_reform(reform):
    law = reform(france())
    again = pickle.loads(pickle.dumps(law))  # noqa: S301 - made in the same line
    assert again is not law
    assert again.baseline is not None
    assert set(again.variables) == set(law.variables)
    assert again.parameters.read("impot_revenu.decote.taux", "2022") == law.parameters.read("impot_revenu.decote.taux", "2022")
    assert again.variable("salaires").is_neutralized == law.variable("salaires").is_neutralized
    assert again.entities["foyer_fiscal"] is france().entities["foyer_fiscal"]


def test_a_reform_that_changes_nothing_leaves_the_law_its_name():
    law = france()
    assert chained(lambda law: law)(law) is law
    assert pickle.loads(pickle.dumps(law)) is law  # noqa: S301 - made in the same line


def test_a_law_changed_by_hand_cannot_be_pickled():
    with pytest.raises(pickle.PicklingError, match=r"is not told by files or names alone: expected a law as `legislation.france\(\)`"):
        pickle.dumps(france().neutralizing("salaires"))
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(chained(lambda law: law.neutralizing("salaires"))(france()))


def test_a_law_with_an_extension_is_pickled_as_both(tmp_path, monkeypatch):
    figure = tmp_path / "aide_pickle" / "parameters" / "aide_pickle" / "montant.yaml"
    figure.parent.mkdir(parents=True)
    figure.write_text("values: {2022-01-01: 50}\n", encoding="utf-8")
    (tmp_path / "aide_pickle" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    law = extended(france(), "aide_pickle")
    again = pickle.loads(pickle.dumps(law))  # noqa: S301 - made in the same line
    assert again.parameters.read("aide_pickle.montant", "2022") == 50
    assert pickle.loads(pickle.dumps(france())) is france()  # noqa: S301 - made in the same line
