"""Limits that hold for every request: keys, requests a minute, size of body, seconds; and headers that every answer has."""

import io
import logging
import time

import numpy as np
import pytest
from flask import Blueprint
from werkzeug.test import EnvironBuilder, run_wsgi_app

from engine.errors import FormulaError
from engine.periods import YEAR
from engine.variables import Variable
from fictional_country import country
from fictional_country.entities import Person
from web_api.answers import MOST_PROBLEMS
from web_api.app import create_app
from web_api.country_runs import endpoints
from web_api.service import Service, own_service
from web_api.settings import Settings


def app_with(law=None, **settings):
    return create_app(Service(law or country(), "ostrea", "1", Settings(**{"requests_per_minute": 0, **settings})), parts=("v1",))


def client_with(**settings):
    return app_with(**settings).test_client()


# Keys


def test_where_there_are_keys_none_is_served_without():
    client = client_with(api_keys=("one", "two-é"))
    refused = client.get("/v1/law-facts")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get("/v1/law-facts", headers={"X-API-Key": "on"}).status_code == 401
    assert client.get("/v1/law-facts", headers={"X-API-Key": "one"}).status_code == 200
    assert client.get("/v1/law-facts", headers={"Authorization": "Bearer one"}).status_code == 200
    assert client.get("/v1/law-facts", headers={"Authorization": "Basic one"}).status_code == 401
    assert client.get("/nowhere").status_code == 401
    assert client.get("/v1/health").status_code == 200


# Requests a minute


def test_too_many_requests_are_429_and_say_when_to_come_again():
    client = client_with(requests_per_minute=2)
    assert [client.get("/v1/law-facts").status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get("/nowhere")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/v1/health").status_code == 200


def test_clients_are_told_apart_by_address_and_a_header_that_anybody_writes_changes_nothing():
    client = client_with(requests_per_minute=1)

    def ask(address, **headers):
        return client.get("/v1/law-facts", environ_overrides={"REMOTE_ADDR": address}, headers=headers).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.2"), ask("192.0.2.1")] == [200, 200, 429]
    assert ask("192.0.2.1", **{"X-Forwarded-For": "198.51.100.1"}) == 429
    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8:0:1::1")] == [200, 429, 200]
    assert ask("::ffff:192.0.2.2") == 429


def test_behind_proxies_that_are_trusted_the_address_is_the_one_that_they_saw():
    client = client_with(requests_per_minute=1, trusted_proxies=1)

    def ask(forwarded):
        return client.get("/v1/law-facts", headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.2"), ask("192.0.2.1")] == [200, 200, 429]
    assert ask("203.0.113.9, 192.0.2.1") == 429  # what the client itself wrote before


def test_with_keys_each_key_has_its_own_count_wherever_it_comes_from():
    client = client_with(requests_per_minute=1, api_keys=("one", "two"))

    def ask(key, address):
        return client.get("/v1/law-facts", environ_overrides={"REMOTE_ADDR": address}, headers={"X-API-Key": key}).status_code

    assert [ask("one", "192.0.2.1"), ask("two", "192.0.2.1"), ask("one", "192.0.2.2")] == [200, 200, 429]


# Size of body


def test_a_large_body_is_413_whether_it_says_so_or_not():
    app = app_with(max_body_bytes=1000)
    client = app.test_client()
    assert client.post("/v1/calculations", data=b" " * 1001).status_code == 413
    text = b'{"situations": [{}]}'
    for sent, status in ((text, "200 OK"), (text + b" " * 5000 + b"more", "413 REQUEST ENTITY TOO LARGE")):
        environ = EnvironBuilder(path="/v1/calculations", method="POST").get_environ()
        environ.pop("CONTENT_LENGTH", None)
        environ |= {"wsgi.input": io.BytesIO(sent), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        assert run_wsgi_app(app, environ)[1] == status
    assert client.post("/v1/calculations", data=b'{"situations": [{}]}').status_code == 200


def test_deep_nesting_is_400():
    client = client_with()
    assert client.post("/v1/calculations", data=b"[" * 1_000_000).status_code == 400
    deep = b'{"situations": [' + b'{"persons":' * 190 + b"1" + b"}" * 190 + b"]}"
    assert client.post("/v1/calculations", data=deep).status_code == 404


# Seconds


class slow(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        time.sleep(0.02)
        return person("slow", period.last_year) if period.start.year > 1900 else np.float64(1)


def test_a_request_that_computes_too_long_is_503_and_its_computing_stops():
    app = app_with(country().with_variable(slow), max_seconds=0.2)
    start = time.perf_counter()
    answer = app.test_client().post("/v1/calculations", json={"situations": [{"slow": {"2020": None}}]})
    assert answer.status_code == 503
    assert 0.2 <= time.perf_counter() - start < 1
    assert answer.headers["Retry-After"] == "60"
    assert app.test_client().post("/v1/calculations", json={"situations": [{"age": {"2020-01": None}}]}).status_code == 200


# Headers


def test_every_answer_tells_browsers_to_be_careful():
    for path in ("/v1/law-facts", "/nowhere"):
        headers = client_with().get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


A, B = "https://a.example", "https://b.example"
ALLOW = "Access-Control-Allow-Origin"


def whole_app(**settings):
    return create_app(own_service(Settings(requests_per_minute=0, **settings)))


def allowed(client, method, path, origin=B, **headers):
    return client.open(path, method=method, headers={"Origin": origin, **headers}).headers.get(ALLOW)


OPEN = ("/entities", "/parameters", "/calculate", "/trace", "/v1/calculations", "/v1/explanations", "/v1/missing", "/v1/law-facts", "/v1/openapi.json")
OWN = ("/v1/workspaces", "/v1/workspaces/x", "/workspaces", "/v1/impacts", "/v1/impacts/known", "/v1/notes", "/v1/households", "/population", "/v1/session")


def test_calculations_are_open_to_all_pages_and_all_else_to_the_own_ones(tmp_path):
    client = whole_app(database=f"sqlite:///{tmp_path / 'none.sqlite'}", api_keys=("one",)).test_client()
    asks = {"Access-Control-Request-Method": "POST"}
    for path in OPEN:
        assert allowed(client, "OPTIONS", path, **asks) == allowed(client, "GET", path, **{"X-API-Key": "one"}) == "*", path
    for path in OWN:
        for method in ("OPTIONS", "GET", "POST", "DELETE"):
            answer = client.open(path, method=method, headers={"Origin": B, "X-API-Key": "one", **asks})
            assert (ALLOW in answer.headers) == (answer.status_code == 405), path  # where there is no such thing nothing is hidden
            if ALLOW not in answer.headers:
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                assert not any(name.startswith("Access-Control") for name, _ in answer.headers)


def test_no_answer_lets_other_pages_send_cookies(tmp_path):
    for origins in (("*",), (A,), ("*", A), ()):
        client = whole_app(cors_origins=origins, api_keys=("one",), database=f"sqlite:///{tmp_path / 'none.sqlite'}").test_client()
        for path in (*OPEN, *OWN, "/", "/v1/docs"):
            for origin in (A, B, "null"):
                for method in ("OPTIONS", "GET", "POST"):
                    answer = client.open(path, method=method, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
                    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_themselves_are_for_people_and_pages_of_named_origins(tmp_path):
    html = {"Accept": "text/html"}
    client = whole_app().test_client()
    assert allowed(client, "GET", "/", **html) is None
    assert allowed(client, "GET", "/v1/docs", **html) is None
    assert allowed(client, "GET", "/", Accept="application/json") == "*"


def test_a_named_origin_may_ask_for_all(tmp_path):
    for origins in ((A,), ("*", A)):
        client = whole_app(cors_origins=origins, database=f"sqlite:///{tmp_path / 'none.sqlite'}").test_client()
        for path in OWN[:-1]:
            asks = {"Access-Control-Request-Method": "POST"}
            assert allowed(client, "OPTIONS", path, A, **asks) == A
            assert allowed(client, "OPTIONS", path, B, **asks) is None
            assert "Origin" in client.options(path, headers={"Origin": B}).headers["Vary"]
        assert allowed(client, "GET", "/entities", A) == ("*" if "*" in origins else A)
        assert allowed(client, "GET", "/entities", B) == ("*" if "*" in origins else None)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_changes_something_is_refused_to_pages_of_other_sites_though_they_ask_nobody(site):
    client = whole_app(cors_origins=("*", A)).test_client()
    sent = {"data": "{}", "content_type": "text/plain"}
    for path in ("/v1/impacts", "/v1/workspaces", "/v1/notes"):
        assert client.post(path, headers={"Origin": B, "Sec-Fetch-Site": site}, **sent).status_code == 403
    assert client.post("/v1/notes", headers={"Origin": A, "Sec-Fetch-Site": site}, **sent).status_code != 403
    assert client.post("/v1/notes", headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, **sent).status_code != 403
    assert client.post("/v1/notes", **sent).status_code != 403
    assert client.post("/calculate", headers={"Origin": B, "Sec-Fetch-Site": site}, **sent).status_code == 200
    assert client.get("/workspaces", headers={"Sec-Fetch-Site": site}).status_code == 200  # a link that is followed


def test_a_server_that_has_names_answers_to_no_others():
    client = client_with(hosts=("bareme.example", ".below.example"), trusted_proxies=1)
    for host, status in (("bareme.example", 200), ("bareme.example:5000", 200), ("a.below.example", 200), ("evil.example", 400), ("127.0.0.1:5000", 400)):
        answer = client.get("/v1/law-facts", headers={"Host": host})
        assert answer.status_code == status, host
        assert "error" in answer.get_json() or status == 200
    assert client.get("/v1/law-facts", headers={"Host": "bareme.example", "X-Forwarded-Host": "evil.example"}).status_code == 400


def test_any_page_may_ask_unless_the_settings_name_those_that_may():
    origin = {"Origin": "https://a.example"}
    assert client_with().get("/v1/health", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    one = client_with(cors_origins=("https://a.example",))
    answer = one.get("/v1/health", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in one.get("/v1/health", headers={"Origin": "https://b.example"}).headers
    assert "Access-Control-Allow-Origin" not in client_with(cors_origins=()).get("/v1/health", headers=origin).headers


def test_what_a_browser_asks_first_needs_no_key_and_is_not_counted():
    client = client_with(requests_per_minute=1, api_keys=("one",))
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type, x-api-key"}
    for _ in range(3):
        answer = client.options("/v1/calculations", headers=asked)
        assert answer.status_code == 204
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        assert "X-API-Key" in answer.headers["Access-Control-Allow-Headers"]
        assert answer.headers["Access-Control-Max-Age"]


# What is asked for with much computing


def run_over_the_country(monkeypatch, **settings):
    """Return a client of a server whose runner is always at work, and what the runner is asked."""
    asked = []

    class Runner:
        def submit(self, key, message):
            asked.append(message)
            return {"key": key, "state": "queued", "step": "waiting", "fraction": 0.0, "ahead": 0}, b""

    monkeypatch.setattr(endpoints, "client_of", lambda _: Runner())
    monkeypatch.setattr(endpoints, "kept", lambda _: None)
    monkeypatch.setattr(endpoints, "population_identity", lambda _: "p")
    monkeypatch.setattr(endpoints, "key_of", lambda asked, *_: f"{asked.changes['impot_revenu.decote.personne_seule']:032}")
    return create_app(own_service(Settings(**settings))).test_client(), asked


def post_impact(client, value, address="192.0.2.1", **headers):
    body = {"changes": {"impot_revenu.decote.personne_seule": value}}
    return client.post("/v1/impacts", json=body, environ_overrides={"REMOTE_ADDR": address}, headers=headers)


def test_each_client_asks_for_so_many_runs_in_a_minute(monkeypatch):
    client, asked = run_over_the_country(monkeypatch, impacts_per_minute=2)
    assert [post_impact(client, value).status_code for value in (1, 2, 3)] == [202, 202, 429]
    refused = post_impact(client, 4)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "2 new impacts a minute" in refused.get_json()["error"]["message"]
    assert post_impact(client, 5, "192.0.2.2").status_code == 202
    assert len(asked) == 3
    assert client.get("/v1/health").status_code == 200


def test_what_is_known_or_wrong_is_no_run(monkeypatch):
    client, asked = run_over_the_country(monkeypatch, impacts_per_minute=1)
    assert [client.post("/v1/impacts", json={"changes": {"x": 1}}).status_code for _ in range(3)] == [400] * 3
    monkeypatch.setattr(endpoints, "kept", lambda _: b"{}")
    assert [post_impact(client, value).status_code for value in (1, 2, 3)] == [200] * 3
    assert not asked


def test_with_keys_each_key_has_its_runs(monkeypatch):
    client, _ = run_over_the_country(monkeypatch, impacts_per_minute=1, api_keys=("one", "two"))
    answers = [post_impact(client, number, f"192.0.2.{number}", **{"X-API-Key": key}) for number, key in enumerate(("one", "one", "two"))]
    assert [answer.status_code for answer in answers] == [202, 429, 202]


@pytest.mark.parametrize("settings", [{"impacts_per_minute": 0}, {"impacts_per_minute": 1, "requests_per_minute": 0}])
def test_runs_are_not_counted_where_nothing_is(monkeypatch, settings):
    client, _ = run_over_the_country(monkeypatch, **settings)
    assert [post_impact(client, value).status_code for value in range(5)] == [202] * 5


SCALE = "impot_revenu.bareme.brackets"


@pytest.mark.parametrize(
    "parameters",
    [
        {SCALE: {"2022-01-01": [{"threshold": number, "rate": 0.1} for number in range(30_000)]}},
        {"impot_revenu.decote.personne_seule": {f"{year:04}-01-01": 1 for year in range(1, 9_999)}},
        {"impot_revenu.bareme." + "a." * 500_000: {"2022-01-01": 1}},
    ],
)
def test_a_reform_of_a_size_that_nobody_writes_is_refused_at_once(parameters):
    client = create_app(own_service(Settings(requests_per_minute=0))).test_client()
    start = time.perf_counter()
    for path, body in (("/v1/calculations", {"situations": [{}]}), ("/v1/impacts", {})):
        answer = client.post(path, json={**body, "reform": {"parameters": parameters}})
        assert answer.status_code == 400
        assert answer.get_json()["error"]["problems"][0]["path"] == "/reform"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("path", ["/calculate", "/v1/calculations"])
def test_more_axes_than_arrays_have_dimensions_are_refused(path):
    client = create_app(own_service(Settings(requests_per_minute=0))).test_client()
    axis = [{"name": "salaires", "count": 1, "min": 0, "max": 1, "period": "2022"}]
    for count, status in ((16, 200), (17, 413), (20_000, 413)):
        situation = {"individus": {"a": {}}, "axes": [axis] * count}
        assert client.post(path, json={"situations": [situation]} if "v1" in path else situation).status_code == status


# Errors


def failing(error):
    app = app_with()
    blueprint = Blueprint("failing", __name__)

    @blueprint.get("/fail")
    def fail():
        raise error

    app.register_blueprint(blueprint)
    return app.test_client()


def test_what_nobody_foresaw_is_500_without_a_trace_and_logged_without_what_was_sent(caplog):
    with caplog.at_level(logging.ERROR):
        answer = failing(RuntimeError("of Jeanne Dupont")).get("/fail")
    assert answer.status_code == 500
    for text in (answer.get_data(as_text=True), caplog.text):
        assert "Jeanne" not in text
    assert "Traceback" not in answer.get_data(as_text=True)
    assert "RuntimeError" in caplog.text
    assert "in fail" in caplog.text


@pytest.mark.parametrize("place", ["/srv/secret/law/rule.py:12", r"C:\srv\secret\law\rule.py:12"])
def test_no_answer_says_where_things_lie_on_the_server(place):
    told = failing(FormulaError(f"`income_tax` at 2020, {place}: ZeroDivisionError.")).get("/fail").get_data(as_text=True)
    assert "secret" not in told
    assert "rule.py:12" in told


@pytest.mark.parametrize("method, path, status", [("GET", "/v1/calculations", 405), ("DELETE", "/v1/health", 405), ("GET", "/v1/none", 404)])
def test_other_errors_have_the_same_form(method, path, status):
    answer = client_with().open(path, method=method)
    assert answer.status_code == status == answer.get_json()["error"]["status"]
    assert (status == 405) == ("Allow" in answer.headers)


def test_of_very_many_problems_the_first_are_told_and_how_many_others_there_are():
    answer = client_with().post("/v1/calculations", json={"situations": [], **{f"key {number}": 0 for number in range(5_000)}})
    problems = answer.get_json()["error"]["problems"]
    assert answer.status_code == 400
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1] == {"path": "", "message": f"and {5_001 - MOST_PROBLEMS:,} other problems."}
