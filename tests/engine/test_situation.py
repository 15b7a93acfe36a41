"""Situations in JSON: every form, links written on either side, and all problems at once."""

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.entities import build_entity
from engine.errors import DataError, SituationError
from engine.legislation import Legislation
from engine.parameters import ParameterNode
from engine.periods import YEAR, period
from engine.situation import read_situation, simulation_from
from engine.variables import Variable
from fictional_country import country

LAW = country()
FOLDER = Path(__file__).parent / "situation"
GOOD = sorted((FOLDER / "good").glob("*.json"))
BAD = sorted((FOLDER / "bad").glob("*.json"))


def links_of(situation):
    found = {}
    for (member, group), link in situation.population.links.items():
        found[f"{member} {group}"] = {"rows": link.index.tolist()}
        if link.roles is not None:
            roles = LAW.entities[group].flattened_roles
            found[f"{member} {group}"]["roles"] = [None if role < 0 else roles[role].key for role in link.roles.tolist()]
    return found


def shown(values):
    return (
        values.decode_to_str().tolist() if hasattr(values, "possible_values") else [str(each) if values.dtype.kind == "M" else each for each in values.tolist()]
    )


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_forms(file):
    golden = json.loads(file.read_text())
    situation = read_situation(LAW, golden["situation"], golden.get("period"))
    assert {key: list(ids) for key, ids in situation.ids.items()} == golden["ids"]
    assert links_of(situation) == golden["links"]
    inputs = {f"{name} {at}": shown(values) for (name, at), values in situation.inputs.items()}
    assert {name: inputs[name] for name in golden["inputs"]} == golden["inputs"]
    assert {name.split()[0] for name in inputs} == {name.split()[0] for name in golden["inputs"]}
    assert ["/".join(each.path) for each in situation.requested] == golden["requested"]


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_all_problems_at_once(file):
    golden = json.loads(file.read_text())
    with pytest.raises(SituationError) as raised:
        read_situation(LAW, golden["situation"], golden.get("period"))
    found = {problem.place: problem for problem in raised.value.problems}
    assert sorted(found) == sorted(place for place, _, _ in golden["problems"])
    for place, code, text in golden["problems"]:
        assert text in found[place].message
        assert found[place].code == code


def test_requested_values_can_be_calculated():
    situation = read_situation(LAW, {"persons": {"a": {"salary": {"2020": 24000}, "income_tax": {"2020": None}}, "b": {}}})
    (wanted,) = situation.requested
    assert (wanted.variable, wanted.period, wanted.entity, wanted.id, wanted.row) == ("income_tax", period("2020"), "person", "a", 0)
    assert simulation_from(LAW, situation).calculate(wanted.variable, wanted.period)[wanted.row] == pytest.approx(1680)


def test_rows_are_found_by_id():
    situation = read_situation(LAW, {"persons": {"ana": {}, 7: {}}})
    assert (situation.row("person", "ana"), situation.row("person", 7)) == (0, 1)
    with pytest.raises(DataError, match="Did you mean `ana`"):
        situation.row("person", "anna")


def test_rows_left_out_of_a_computed_variable_are_told():
    situation = read_situation(LAW, {"persons": {"a": {"income": {"2020": 5}, "salary": {"2020": 1}}, "b": {}}})
    assert {name: rows.tolist() for (name, _), rows in situation.left_out.items()} == {"income": [1]}


def test_values_after_the_end_of_a_variable_are_left_aside():
    assert not read_situation(LAW, {"persons": {"a": {"sea_dues": {"2022": 5}}}}).inputs


def test_arrays_are_taken_whole():
    salaries = np.arange(1000.0)
    situation = read_situation(LAW, {"salary": {"2020": salaries}, "nickname": "x"})
    assert situation.inputs["salary", period("2020-03")].tolist() == (salaries / 12).tolist()
    with pytest.raises(SituationError, match="finite"):
        read_situation(LAW, {"salary": {"2020": np.array([1, np.nan])}})


def test_the_second_simulation_of_a_shape_runs_no_formula(monkeypatch):
    from engine.tracing import Tracing

    law = country()
    document = {"persons": {"a": {"salary": {"2020": 24000}}}, "households": {"h": {"adults": ["a"]}}}
    first = simulation_from(law, document).calculate("income_tax", "2020")
    monkeypatch.setattr(Tracing, "call_formula", lambda *_: pytest.fail("a formula ran again"))
    document["persons"]["b"] = {"salary": {"2020": 48000}}
    document["households"]["h"]["children"] = ["b"]
    second = simulation_from(law, document).calculate("income_tax", "2020")
    assert second[0] == first[0]
    assert second[1] > first[0]


# Laws

SALARY = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"2020": st.integers(0, 100_000)}),
    st.dictionaries(st.sampled_from(["2020-01", "2020-02", "month:2020-03:3", "2020-12"]), st.integers(0, 5_000), min_size=1),
    st.fixed_dictionaries({"2020": st.integers(50_000, 90_000), "2020-07": st.integers(0, 4_000), "month:2020-07:2": st.integers(4_000, 9_000)}),
)
BIRTH = st.dates(min_value=period("1930").start.date, max_value=period("2019").start.date).map(str)
PERSON = st.fixed_dictionaries({"salary": SALARY, "birth_date": BIRTH.map(lambda day: {"ETERNITY": day})})
HOUSEHOLD = st.fixed_dictionaries(
    {
        "adults": st.lists(PERSON, max_size=2),
        "children": st.lists(PERSON, max_size=4),
        "rent": st.integers(0, 20_000).map(lambda rent: {"2020": rent}),
        "heating": st.sampled_from(["peat", "wood", "sun"]).map(lambda name: {"2020": name}),
    }
)
RESULTS = {"household": ["disposable_income", "heating_aid", "lucky_number"], "person": ["income", "income_tax", "is_declarant"]}


def document_of(households):
    document = {"persons": {}, "households": {}, "tax_households": {}}
    for number, household in enumerate(households):
        described = {key: household[key] for key in ("rent", "heating")}
        for role in ("adults", "children"):
            ids = [f"{role[0]}{place}_of_{number}" for place in range(len(household[role]))]
            document["persons"].update(zip(ids, household[role], strict=True))
            described[role] = ids
        document["households"][f"h{number}"] = described
        document["tax_households"][f"t{number}"] = {"declarants": described["adults"], "dependants": described["children"]}
    return document


def results_of(document):
    situation = read_situation(LAW, document)
    simulation = simulation_from(LAW, situation, threads=1)
    return {
        (name, id_): value
        for entity, names in RESULTS.items()
        for name in names
        for id_, value in zip(situation.ids[entity], simulation.calculate(name, "2020"), strict=True)
    }


def shuffled(draw, value):
    if not isinstance(value, dict):
        return value
    keys = draw(st.permutations(list(value)))
    return {key: shuffled(draw, value[key]) for key in keys}


@settings(max_examples=60)
@given(st.lists(HOUSEHOLD, min_size=1, max_size=3), st.data())
def test_the_order_of_keys_does_not_matter(households, data):
    document = document_of(households)
    # a sum over persons in another order may differ in its last digit
    assert results_of(shuffled(data.draw, document)) == pytest.approx(results_of(document), rel=1e-12)


@settings(max_examples=60)
@given(st.lists(HOUSEHOLD.filter(lambda household: household["adults"]), min_size=2, max_size=3))
def test_a_household_has_the_same_results_alone_and_among_others(households):
    document = document_of(households)
    together = results_of(document)
    alone = {}
    for number in range(len(households)):
        mine = {f"{kind}{number}" for kind in "ht"}
        alone.update(
            results_of(
                {
                    "persons": {id_: person for id_, person in document["persons"].items() if id_.endswith(f"_of_{number}")},
                    **{plural: {id_: each for id_, each in document[plural].items() if id_ in mine} for plural in ("households", "tax_households")},
                }
            )
        )
    assert together == alone


@settings(max_examples=60)
@given(st.lists(PERSON, min_size=1, max_size=4))
def test_persons_whom_nobody_allocates_live_alone(persons):
    written = {f"p{number}": person for number, person in enumerate(persons)}
    groups = {f"{plural}": {id_: {role: [id_]} for id_ in written} for plural, role in (("households", "first_adult"), ("tax_households", "declarants"))}
    assert results_of({"persons": written}) == results_of({"persons": written, **groups})


# Whatever the document, it is read or its problems are told

WORDS = "persons person household households town adults first_adult children household_role town_id axes salary rent income birth_date occupation nickname"
NAMES = st.sampled_from([*WORDS.split(), "nets_owned", "2020", "2020-01", "ETERNITY", "a", "b", "name", "count", "min", "max"])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(), st.sampled_from(["a", "b", "fisher", "2 + 2", "2020", "1980-01-01", "child"])
)
JSON = st.recursive(VALUES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)), max_leaves=25)


@settings(max_examples=300)
@given(st.one_of(JSON, st.dictionaries(NAMES, JSON, max_size=5)), st.sampled_from([None, "2020", "2020-01"]))
def test_any_document_is_read_or_refused(document, default_period):
    with contextlib.suppress(SituationError):
        situation = read_situation(LAW, document, default_period)
        simulation_from(LAW, situation).calculate("age", "2020-01")


# Entities of another shape: bills of dwellings in communes, and the taxpayers of a bill; nobody is a person

COMMUNE = build_entity("commune", "communes", "")
LOCAL = build_entity("local", "locaux", "", containing_entities=("commune",))
ROLES = [{"key": "premier_redevable", "max": 1}, {"key": "second_redevable", "max": 1}, {"key": "rattache", "plural": "rattaches"}]
COTE = build_entity("cote", "cotes", "", roles=ROLES, containing_entities=("local",))
FOYER = build_entity("foyer", "foyers", "", containing_entities=("cote",))


class taux(Variable):
    value_type = float
    entity = COMMUNE
    definition_period = YEAR


class parts(Variable):
    value_type = float
    entity = FOYER
    definition_period = YEAR


class montant(Variable):
    value_type = float
    entity = COTE
    definition_period = YEAR

    def formula(cote, period):
        return cote.commune("taux", period) * cote.premier_redevable("parts", period) + cote.nb_persons(COTE.RATTACHE)


BILLS = Legislation.make([FOYER, COTE, LOCAL, COMMUNE], [taux, parts, montant], ParameterNode())


def test_a_law_without_persons():
    document = {
        "communes": {"75056": {"taux": 0.5}},
        "locaux": {"l1": {"commune": 75056}, "l2": {"commune": "75056"}, "l3": {}},
        "cotes": {"c1": {"local": "l1", "premier_redevable": "f1", "rattaches": ["f3"], "montant": None}, "c2": {"local": "l2"}},
        "foyers": {"f1": {"parts": 2}, "f2": {"parts": 3, "cote": "c2", "cote_role": "premier_redevable"}, "f3": {}},
    }
    situation = read_situation(BILLS, document, 2017)
    assert situation.ids["commune"] == ("75056", "l3")
    assert simulation_from(BILLS, situation).calculate("montant", 2017).tolist() == [2.0, 1.5]
    assert read_situation(BILLS, {"communes": {"a": {}}}).ids == {"foyer": (), "cote": (), "local": (), "commune": ("a",)}
    one_of_each = {"commune": {"taux": 0.1}, "local": {}, "cote": {}, "foyer": {"parts": 3}}
    assert simulation_from(BILLS, one_of_each, 2017).calculate("montant", 2017) == pytest.approx([0.3])
    assert simulation_from(BILLS, {"taux": [0.5, 1], "parts": 2}, 2017).calculate("montant", 2017).tolist() == [1, 2]
    assert simulation_from(BILLS, {}).calculate("montant", 2017).tolist() == [0]


# Names that are not there


def told(document):
    with pytest.raises(SituationError) as raised:
        read_situation(LAW, document)
    return str(raised.value)


@pytest.mark.parametrize(
    "document, message",
    [
        ({"persons": {"a": {"salry": {"2020-01": 1}}}}, "persons/a/salry: `person` has no variable or role `salry`. Did you mean `salary`"),
        ({"persons": {"a": {"rnet": {"2020-01": 1}}}}, "Did you mean `rent` (within `households`)"),
        ({"persons": {"a": {"rent": {"2020-01": 1}}}}, "`rent` is a variable of `household`, not of `person`: expected it within `households`."),
        ({"persons": {"a": {"adults": ["a"]}}}, "It is a role in `household`: expected it within `households`."),
        ({"persons": {"a": {}}, "households": {"h": {"persons": ["a"]}}}, "Its members are named by role: `adults`, `children`"),
        ({"persons": {"a": {}}, "households": {"h": {"adlts": ["a"]}}}, "Did you mean `adults`"),
        ({"person": {"ana": {"salary": {"2020-01": 1}}}}, "Below `person` are its roles and variables; ids stand below `persons`."),
        ({"persons": {"a": {}}, "salry": {"2020-01": 1}}, "salry: there is no variable `salry`. Did you mean `salary` (within `persons`)"),
        ({"salry": {"2020-01": 1}}, "salry: there is no variable `salry`. Did you mean `salary`?"),
        ({"prsons": {"a": {}}}, "prsons: there is no such entity: expected `persons`"),
    ],
)
def test_unknown_names_are_told_with_the_nearest_of_all_entities(document, message):
    assert message in told(document)


def test_a_name_without_end_is_told_quickly():
    assert told({"persons": {"a": {"x" * 100_000: {"2020-01": 1}}}}).endswith("`.")
