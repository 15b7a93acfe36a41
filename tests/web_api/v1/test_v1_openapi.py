"""One OpenAPI 3.1 document of all endpoints, valid, and true: schemathesis asks what it allows, and looks at what comes back."""

import json

import jsonschema
import pytest
import schemathesis
from flask import Blueprint, Response
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from engine.explanation.document import schema as schema_of_explanations
from ostrea_api import ostrea_app
from web_api.app import PARTS, PARTS_OF_OWN_LAW, create_app
from web_api.documented import Answer, Asked, described, endpoint
from web_api.service import own_service
from web_api.settings import Settings

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


class Years(Asked):
    year: int = 2022


class Told(Answer):
    years: list[int]


class Missed(Answer):
    error: str


def with_parts_of_others():
    """Return an application with endpoints as other parts declare them."""
    app = ostrea_app()
    blueprint = Blueprint("others", __name__)

    @endpoint(blueprint, "GET", "/v1/runs/<int:run>/events", query=Years, content_type="text/event-stream", tag="runs")
    def events(asked, run):
        """Tell how far a run is."""
        return Response(f"data: {run} {asked.year}\n\n", content_type="text/event-stream")

    @endpoint(blueprint, "POST", "/v1/files", body=Years, content_type="application/pdf", answer=None, tag="runs", also={409: Missed})
    def file(asked):
        """Give a file."""
        return Response(b"%PDF", content_type="application/pdf")

    @blueprint.get("/variable/<name>")
    @described(tag="openfisca", answer=Told, also={404: Missed}, headers={"Country-Package": "The package of the law."})
    def variable(name):
        """Tell a variable.

        At length.
        """
        return Response(json.dumps({"years": [1]}), content_type="application/json")

    app.register_blueprint(blueprint)
    return app


@pytest.fixture(scope="module")
def others():
    return with_parts_of_others().test_client()


@pytest.fixture(scope="module")
def document(others):
    return others.get("/v1/openapi.json").get_json()


def test_the_document_of_all_parts_is_valid():
    client = create_app(own_service(Settings(requests_per_minute=0))).test_client()
    found = client.get("/v1/openapi.json").get_json()
    OpenAPIV31SpecValidator(found).validate()
    told = set(found["paths"])
    assert {"/v1/calculations", "/v1/explanations", "/v1/missing", "/v1/law-facts", "/v1/health", "/v1/openapi.json"} <= told
    assert {"/", "/entities", "/parameters", "/parameter/{name}", "/variables", "/variable/{name}", "/spec", "/calculate", "/trace"} <= told
    untold = [rule.rule for rule in client.application.url_map.iter_rules() if "<" not in rule.rule and rule.rule not in told]
    assert not [rule for rule in untold if rule.startswith("/v1/")]


def test_endpoints_of_other_parts_are_in_it(document):
    OpenAPIV31SpecValidator(document).validate()
    events = document["paths"]["/v1/runs/{run}/events"]["get"]
    assert [(each["name"], each["in"], each["required"]) for each in events["parameters"]] == [("run", "path", True), ("year", "query", False)]
    assert list(events["responses"]["200"]["content"]) == ["text/event-stream"]
    assert {"400", "401", "404", "429", "503"} <= set(events["responses"])
    files = document["paths"]["/v1/files"]["post"]
    assert list(files["responses"]["200"]["content"]) == ["application/pdf"]
    assert files["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Years"}
    assert files["responses"]["409"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Missed"}
    variable = document["paths"]["/variable/{name}"]["get"]
    assert (variable["summary"], variable["description"]) == ("Tell a variable.", "At length.")
    assert "Country-Package" in variable["responses"]["200"]["headers"]
    assert variable["responses"]["404"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Missed"}


def test_what_a_query_says_is_read(others):
    assert others.get("/v1/runs/7/events?year=2020").get_data(as_text=True) == "data: 7 2020\n\n"
    answer = others.get("/v1/runs/7/events?year=x&more=1")
    assert answer.status_code == 400
    assert {each["path"] for each in answer.get_json()["error"]["problems"]} == {"?year", "?more"}


def test_explanations_are_told_by_their_own_schema(document):
    answer = document["paths"]["/v1/explanations"]["post"]["responses"]["200"]["content"]
    assert set(answer) == {"application/json", "text/plain", "text/html"}
    reference = answer["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(document["components"]["schemas"][reference]["properties"]) == set(schema_of_explanations()["properties"])


def test_examples_are_answered_as_the_document_says(france):
    document = france.get("/v1/openapi.json").get_json()
    for path, operations in document["paths"].items():
        example = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        if example is None:
            continue
        answer = france.post(path, json=example)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        schema = operations["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.get_json())


def test_keys_are_told_where_they_are_needed():
    app = ostrea_app(api_keys=("one",))
    found = app.test_client().get("/v1/openapi.json", headers={"X-API-Key": "one"}).get_json()
    assert found["security"] == [{"bearer": []}, {"key": []}, {"session": []}]


def ask_all(app, mode, examples):
    """Ask every endpoint of an application what its document allows, or what it does not; return how many there were."""
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(modes=[mode]))))
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", app, config=config)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and operation.method.upper() in {"GET", "DELETE"}:
            continue  # nothing to get wrong

        @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            answer = case.call()
            case.validate_response(answer, checks=CHECKS)
            assert answer.status_code != 503

        ask()
        asked += 1
    return asked


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_schemathesis_finds_nothing(mode):
    assert ask_all(ostrea_app(max_seconds=30), mode, 40) >= 3


def test_schemathesis_finds_nothing_in_the_other_parts(tmp_path):
    chosen = Settings(requests_per_minute=0, max_seconds=30, database=f"sqlite:///{tmp_path}/workspaces.db")
    parts = [part for part in (*PARTS, *PARTS_OF_OWN_LAW) if part not in {"v1", "country_runs"}]  # runs are tried where they are tested
    app = create_app(own_service(chosen), parts=["v1", *parts])
    assert ask_all(app, GenerationMode.POSITIVE, 3) > 15


@pytest.mark.parametrize("language, word", [("fr", "Réponses"), ("en", "Answers")])
def test_the_page_to_read_has_every_endpoint_and_fetches_nothing_from_outside(others, language, word):
    page = others.get(f"/v1/docs?language={language}").get_data(as_text=True)
    assert f'<html lang="{language}">' in page
    assert word in page
    for path in others.get("/v1/openapi.json").get_json()["paths"]:
        assert path.replace("<", "&lt;") in page
    assert "//" not in page.replace("://json-schema.org", "").replace("http://localhost", "")
    assert "<script" not in page
    assert " style=" not in page
    with others.get("/static/v1/docs.css") as style:
        assert style.status_code == 200
