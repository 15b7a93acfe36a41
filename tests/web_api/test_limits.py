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
from web_api.service import Service
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
