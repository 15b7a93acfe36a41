"""What POST /v1/households answers: the same as the law run on each household by itself, whatever is described."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bareme
from households_described import descriptions
from web_api.app import create_app
from web_api.households.model import Household
from web_api.households.situation import simulation_of, situation
from web_api.households.typical import typical_households
from web_api.service import own_service
from web_api.settings import Settings

DECOTE = "impot_revenu.decote.personne_seule"
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def amounts(told, law="in_force"):
    return {line["name"]: line["amounts"][law] for line in told["lines"]}


def test_the_default_households_are_told_in_both_languages(ask):
    for language in ("fr", "en"):
        households = [each.model_dump(mode="json") for each in typical_households(language)]
        told = ask("/v1/households", households=households, language=language)
        assert told["laws"] == ["in_force"]
        assert [each["name"] for each in told["households"]] == [each["name"] for each in households]
        assert all(each["note"] for each in households)
    standards = [each["living_standard"]["in_force"] for each in told["households"]]
    assert len(standards) >= 8
    assert max(standards) > 6 * min(standards)
    assert not any(each["refusals"] for each in told["households"])
    assert any(amounts(each)["taxe_habitation"] > 0 for each in told["households"])


def test_results_are_those_of_the_law_on_the_same_situation(ask):
    law = bareme.france()
    for household in typical_households("fr"):
        (told,) = ask("/v1/households", year=2022, households=[household.model_dump(mode="json")])["households"]
        simulation = bareme.simulation_from(law, situation(household, 2022, law), 2022)
        assert told["disposable_income"]["in_force"] == pytest.approx(float(simulation.calculate("revenu_disponible", 2022)[0]), abs=0.005)
        tax = simulation.calculate("impot_a_payer", 2022) - simulation.calculate("restitution", 2022)
        assert amounts(told)["taxe_habitation"] + amounts(told).get("contribution_audiovisuel", 0) == float(simulation.calculate("net_a_payer", 2022)[0])
        levies = amounts(told)["impot_revenu"] + sum(amounts(told).get(name, 0) for name in ("contribution_hauts_revenus", "prelevements_sociaux_patrimoine"))
        assert levies == pytest.approx(float(tax.sum()), abs=0.01)


def test_a_situation_written_by_hand_gives_the_same():
    """A single employee, without anything of this package: what the law says of her wage."""
    law = bareme.france()
    document = {
        "individus": {"ada": {"annee_naissance": {"2021": 1995, "2022": 1995}, "salaire_brut": {"2021": 30000, "2022": 30000}}},
        "foyers_fiscaux": {"foyer": {"declarants": ["ada"]}},
        "familles": {"famille": {"demandeur": ["ada"]}},
        "menages": {"menage": {"personne_de_reference": ["ada"]}},
    }
    by_hand = bareme.simulation_from(law, document, 2022)
    described = simulation_of([Household.model_validate({"adults": [{"age": 27, "wages": 2500}]})], 2022, law)
    for name in ("revenu_disponible", "impot_a_payer", "nombre_parts"):
        assert float(described.calculate(name, 2022)[0]) == pytest.approx(float(by_hand.calculate(name, 2022)[0]), abs=1e-6)


@FEW
@given(st.lists(descriptions(), min_size=1, max_size=4), st.sampled_from([2017, 2022]))
def test_a_batch_is_its_households_one_by_one(ask, households, year):
    changes = {DECOTE: 1_000}
    together = ask("/v1/households", year=year, changes=changes, households=households)["households"]
    for one, told in zip(households, together, strict=True):
        (alone,) = ask("/v1/households", year=year, changes=changes, households=[one])["households"]
        assert alone == told


@FEW
@given(st.lists(descriptions(), min_size=1, max_size=3), st.integers(2017, 2025))
def test_gross_income_less_levies_plus_benefits_is_what_is_left(ask, households, year):
    for told in ask("/v1/households", year=year, households=households)["households"]:
        if told["refusals"]:
            continue
        signed = [line["amounts"]["in_force"] * (1 if line["kind"] == "benefit" else -1) for line in told["lines"]]
        assert told["gross_income"] + sum(signed) == pytest.approx(told["disposable_income"]["in_force"], abs=0.01 * (len(signed) + 2))


@pytest.mark.parametrize(
    "household, path",
    [
        ({"adults": []}, "/households/0"),
        ({"adults": [{}, {}]}, "/households/0"),
        ({"status": "marie"}, "/households/0"),
        ({"lone_parent": True}, "/households/0"),
        ({"children": [{"age": 22}]}, "/households/0"),
        ({"children": [{"age": 18, "shared_custody": True}]}, "/households/0"),
        ({"children": [{}] * 10}, "/households/0/children"),
        ({"adults": [{"wages": -1}]}, "/households/0/adults/0/wages"),
        ({"adults": [{"wage": 1}]}, "/households/0/adults/0/wage"),
        ({"commune": "99999"}, "/households/0/commune"),
        ({"commune": "Limoges"}, "/households/0/commune"),
    ],
)
def test_what_fits_no_household_is_refused_with_its_path(ask, household, path):
    error = ask("/v1/households", status=400, households=[household])["error"]
    assert [each["path"] for each in error["problems"]] == [path]


def test_too_many_persons_are_refused(ask):
    many = [{"status": "marie", "adults": [{}, {}], "children": [{}] * 9}] * 100
    assert ask("/v1/households", households=many)["households"]  # 1,100 persons
    assert ask("/v1/households", status=400, households=[*many, {}])["error"]["problems"]


def test_an_amendment_of_any_figure_the_page_edits_changes_what_it_should(ask):
    single = {"adults": [{"wages": 2200}]}
    (told,) = ask("/v1/households", changes={DECOTE: 2_000}, households=[single])["households"]
    assert amounts(told, "amended")["impot_revenu"] < amounts(told)["impot_revenu"]
    assert told["disposable_income"]["amended"] > told["disposable_income"]["in_force"]
    (told,) = ask("/v1/households", changes={"cotisations.csg.salaires.deductible": 0.08}, households=[single])["households"]
    assert amounts(told, "amended")["csg_salaires"] > amounts(told)["csg_salaires"]
    scale = [{"threshold": 0, "rate": 0}, {"threshold": 10_000, "rate": 0.5}]
    (told,) = ask("/v1/households", changes={"impot_revenu.bareme": scale}, households=[single])["households"]
    assert told["marginal_rate"] == {"in_force": 0.11, "amended": 0.5}


def test_a_bill_and_an_amendment_of_it_are_told_beside_the_law_in_force(ask):
    single = {"adults": [{"wages": 2500}]}
    told = ask("/v1/households", year=2023, bill="plf_2024", changes={DECOTE: 0}, households=[single])
    assert told["laws"] == ["in_force", "bill", "amended"]
    assert set(told["households"][0]["disposable_income"]) == {"in_force", "bill", "amended"}
    ask("/v1/households", status=404, bill="no_such_bill", households=[single])


def test_nothing_that_a_client_sent_is_kept(french_app, ask):
    from web_api.households import calculator

    own = {"name": "mine", "adults": [{"wages": 4321}]}
    ask("/v1/households", households=[own])
    kept = calculator(french_app.extensions["bareme"])._kept
    assert not any(household.name == "mine" for households, _ in kept for household in households)


def test_a_widow_keeps_her_status_and_disabled_children_are_not_shared_custody():
    """Two mistakes of an earlier simulator: the flags of one thing were read from another."""
    law = bareme.france()
    widow = Household.model_validate({"status": "veuf", "adults": [{"pensions": 2_500, "age": 70}], "children": [{"age": 12, "disabled": True}, {"age": 9}]})
    simulation = simulation_of([widow], 2022, law)
    assert simulation.calculate("situation_familiale", 2022).decode_to_str().tolist() == ["veuf"]
    assert simulation.calculate("enfants_en_alternance", 2022).tolist() == [0]
    assert simulation.calculate("enfants_a_charge_invalides", 2022).tolist() == [1]
    assert simulation.calculate("nombre_parts", 2022).tolist() == [3.5]  # 2 as for a couple, two halves, and one for the disabled child


def test_the_file_of_default_households_says_all_in_both_languages():
    assert json.dumps([each.model_dump(mode="json", exclude={"name", "note"}) for each in typical_households("fr")]) == json.dumps(
        [each.model_dump(mode="json", exclude={"name", "note"}) for each in typical_households("en")]
    )


def test_an_amount_of_several_variables_is_told_with_its_terms(ask):
    (told,) = ask("/v1/households", households=[{"adults": [{"age": 45, "wages": 4000}], "rents": 9000}])["households"]
    lines = {line["name"]: line for line in told["lines"]}
    for name, variables in (("impot_revenu", {"impot_a_payer", "prelevements_sociaux_recouvres"}), ("crds_salaires", set())):
        terms = lines[name]["terms"]
        assert {each["variable"] for each in terms} == variables
        if terms:
            assert sum(each["sign"] * each["amounts"]["in_force"] for each in terms) == pytest.approx(lines[name]["amounts"]["in_force"], abs=0.02)


def test_more_persons_than_the_settings_allow_are_413():
    client = create_app(own_service(Settings(max_persons=2, requests_per_minute=0))).test_client()
    answer = client.post("/v1/households", json={"households": [{"children": [{}, {}]}]})
    assert (answer.status_code, answer.get_json()["error"]["message"]) == (413, "The request describes 3 persons: expected 2 or fewer.")
