"""What is told of the law: entities, figures, variables, the document of it all; headers."""

import pytest
from jsonschema import Draft4Validator

JSON = "application/json"


def get(client, path, **headers):
    answer = client.get(path, headers=headers)
    return answer.status_code, answer.get_json()


def test_the_root_answers_300_and_names_the_document(client):
    status, told = get(client, "/", Accept="*/*")
    assert status == 300
    assert told["welcome"].endswith("http://localhost/spec")


def test_every_answer_names_the_package_and_lets_other_origins_read(client):
    for answer in (client.get("/entities"), client.get("/nowhere"), client.post("/calculate", data="{")):
        assert answer.headers["Country-Package"] == "land_in_openfisca_form"
        assert "Country-Package-Version" in answer.headers
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.mimetype == JSON


def test_a_page_of_another_origin_may_ask(client):
    answer = client.options("/calculate", headers={"Origin": "http://x.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code in {200, 204}
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_entities(client):
    status, told = get(client, "/entities")
    assert status == 200
    assert told["person"] == {"plural": "persons", "description": "Person", "documentation": ""}
    assert told["household"]["documentation"] == "Who lives together."
    assert told["household"]["roles"] == {
        "adult": {"plural": "adults", "description": "Who is grown up.", "max": 2},
        "child": {"plural": "children", "description": "Children"},
    }


def test_variables_are_listed_with_their_address(client):
    _, told = get(client, "/variables")
    assert told["salary"] == {"description": "Salary", "href": "http://localhost/variable/salary"}
    assert client.get("/variables", headers={"Host": "api.example"}).get_json()["salary"]["href"] == "http://api.example/variable/salary"


def test_an_input_variable(client):
    _, told = get(client, "/variable/salary")
    assert told.pop("source").endswith("land_in_openfisca_form/variables/land.py#L15-L21")
    assert told == {
        "id": "salary",
        "description": "Salary",
        "valueType": "Float",
        "defaultValue": 0,
        "definitionPeriod": "MONTH",
        "entity": "person",
        "references": ["https://law.example/salary"],
    }


def test_a_variable_with_formulas_and_an_end(client):
    _, told = get(client, "/variable/tax")
    assert list(told["formulas"]) == ["2010-01-01", "2020-01-01", "2026-01-01"]
    assert told["formulas"]["2026-01-01"] is None
    first = told["formulas"]["2010-01-01"]
    assert first["content"].startswith('def formula_2010(person, period, parameters):\n    """Return the tax.\n')
    assert first["content"].endswith('return person("salary", period) * parameters(period).taxes.rate\n')
    assert "It is a share of the salary." in first["documentation"]
    assert "#L" in first["source"]
    assert "documentation" not in told["formulas"]["2020-01-01"]


@pytest.mark.parametrize(
    "name, value_type, default",
    [("status", "String", "tenant"), ("birth", "Date", "1970-01-01"), ("is_rich", "Boolean", False), ("age", "Int", 0), ("name_of_town", "String", "")],
)
def test_types_and_defaults(client, name, value_type, default):
    _, told = get(client, f"/variable/{name}")
    assert (told["valueType"], told["defaultValue"]) == (value_type, default)


def test_possible_values_and_eternity(client):
    assert get(client, "/variable/status")[1]["possibleValues"] == {"owner": "Owner", "tenant": "Tenant"}
    assert get(client, "/variable/birth")[1]["definitionPeriod"] == "ETERNITY"


def test_an_unknown_variable_is_404_with_the_nearest(client):
    status, told = get(client, "/variable/salari")
    assert status == 404
    assert "Did you mean `salary`?" in told["error"]


@pytest.mark.parametrize("path", ["taxes/rate", "taxes.rate", "taxes/rate/"])
def test_a_figure_by_either_form_of_its_name(client, path):
    status, told = get(client, f"/parameter/{path}")
    assert status == 200
    assert told.pop("source").endswith("land_in_openfisca_form/parameters/taxes/rate.yaml")
    assert told == {
        "id": "taxes.rate",
        "description": "Rate of the tax",
        "metadata": {"unit": "/1", "reference": "Code, art. 1"},
        "values": {"2010-01-01": 0.1, "2017-01-01": 0.2, "2030-01-01": None},
    }


def test_a_scale_and_a_branch(client):
    assert get(client, "/parameter/taxes/scale")[1]["brackets"] == {
        "2010-01-01": {"0": 0, "100": 0.5},
        "2015-01-01": {"0": 0, "100": None},
        "2016-01-01": {"0": 0, "100": 0.6},
        "2020-01-01": {"0": 0},
    }
    branch = get(client, "/parameter/taxes")[1]
    assert branch["subparams"] == {"rate": {"description": "Rate of the tax"}, "scale": {"description": "Scale of the tax on rents"}}
    assert branch["source"].endswith("parameters/taxes")
    assert branch["description"] == "All taxes"


def test_parameters_lists_figures_and_scales_without_branches(client):
    assert get(client, "/parameters")[1] == {
        "taxes.rate": {"description": "Rate of the tax", "href": "http://localhost/parameter/taxes/rate"},
        "taxes.scale": {"description": "Scale of the tax on rents", "href": "http://localhost/parameter/taxes/scale"},
    }


@pytest.mark.parametrize("path", ["/parameter/taxes/rote", "/parameter/taxes.rate.x", "/parameter/..", "/parameter/taxes//rate", "/parameter/%00"])
def test_an_unknown_parameter_is_404(client, path):
    status, told = get(client, path)
    assert status == 404
    assert "error" in told


def test_the_document_describes_situations_of_the_law(client):
    status, told = get(client, "/spec")
    assert status == 200
    assert told["openapi"] == "3.0.0"
    assert set(told["paths"]) == {
        *("/entities", "/parameters", "/parameter/{parameterID}", "/variables", "/variable/{variableID}", "/spec", "/calculate", "/trace"),
    }
    schemas = told["components"]["schemas"]
    assert schemas["Household"]["properties"]["status"]["additionalProperties"] == {"type": "string", "enum": ["owner", "tenant"], "nullable": True}
    assert schemas["SituationOutput"]["example"]["households"]["h"]["income"] == {"2017-01": 800.0}
    assert schemas["Variable"]["example"]["id"] == "tax"
    assert schemas["Parameter"]["example"]["id"] == "taxes.rate"
    for schema in schemas.values():
        Draft4Validator.check_schema(schema)


def test_lists_are_answered_with_or_without_a_slash_at_the_end(client):
    assert client.get("/entities/").get_json() == client.get("/entities").get_json()


def test_the_law_of_bareme_is_served_too(own_client):
    assert own_client.get("/", headers={"Accept": "application/json"}).status_code == 300
    variables = own_client.get("/variables").get_json()
    for name in list(variables)[::97]:
        told = own_client.get(f"/variable/{name}").get_json()
        assert told["id"] == name
        assert told["source"].startswith("legislation/")
    parameters = own_client.get("/parameters").get_json()
    for name in list(parameters)[::97]:
        told = own_client.get(parameters[name]["href"].removeprefix("http://localhost")).get_json()
        assert told["id"] == name
        assert told["source"].startswith("parameters/")
    table = own_client.get("/parameter/taxe_habitation/directions_des_departements").get_json()
    assert "2A" in table["subparams"]
    assert "values" in own_client.get("/parameter/taxe_habitation/directions_des_departements/2A").get_json()
    assert own_client.get("/spec").status_code == 200
