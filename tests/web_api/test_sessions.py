"""Sessions of the page where keys are asked for: a key opens one, its cookie counts as the key, for the server's own pages alone."""

import time

import pytest

from legislation import france
from web_api import sessions
from web_api.app import create_app
from web_api.service import Service
from web_api.settings import Settings

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}


def client_with(keys=("one", "two-é"), **settings):
    settings = Settings(**{"requests_per_minute": 0, "api_keys": keys, **settings})
    return create_app(Service(france(), "bareme", "1", settings), parts=("openfisca", "v1", "page")).test_client()


@pytest.fixture
def client():
    return client_with()


def opened(client, key="two-é"):
    answer = client.post("/v1/session", json={"key": key})
    assert answer.status_code == 204
    return answer.headers["Set-Cookie"]


def test_who_opens_a_page_without_a_key_is_asked_for_one_and_a_program_gets_an_error(client):
    page = client.get("/explore?x=1", headers=BROWSER)
    assert (page.status_code, page.headers["Cache-Control"]) == (401, "no-store")
    assert 'id="key-form"' in page.get_data(as_text=True)
    assert "Access key" in client.get("/?lang=en", headers=BROWSER).get_data(as_text=True)
    program = client.get("/")
    assert (program.status_code, program.get_json()["error"]["status"]) == (401, 401)
    assert client.post("/v1/calculations", json={}, headers=BROWSER).get_json()["error"]["status"] == 401


def test_a_key_opens_a_session_that_counts_as_the_key_until_it_is_closed(client):
    assert client.get("/v1/law-facts", headers=OWN).status_code == 401
    cookie = opened(client)
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={sessions.SECONDS}"))
    assert "Secure" not in cookie
    assert "two" not in cookie
    assert client.get("/v1/law-facts", headers=OWN).status_code == 200
    assert client.get("/v1/law-facts").status_code == 200  # a browser that tells nothing of who asks
    assert client.delete("/v1/session", headers=OWN).status_code == 204
    assert client.get("/v1/law-facts", headers=OWN).status_code == 401


def test_over_https_the_cookie_is_never_sent_without(client):
    assert "Secure" in client.post("/v1/session", json={"key": "one"}, base_url="https://bareme.example").headers["Set-Cookie"]


@pytest.mark.parametrize("key", ["", "on", "one ", "two-e", "\ud800"])
def test_a_wrong_key_opens_none(client, key):
    answer = client.post("/v1/session", json={"key": key})
    assert answer.status_code in {400, 401}
    assert "Set-Cookie" not in answer.headers


def test_what_other_sites_ask_is_not_asked_with_the_session(client):
    opened(client)
    for site in ("cross-site", "same-site"):
        asked = {"Sec-Fetch-Site": site}
        assert client.post("/calculate", json={}, headers={**asked, "Sec-Fetch-Mode": "no-cors"}).status_code == 401
        assert client.post("/calculate", json={}, headers={**asked, "Sec-Fetch-Mode": "navigate"}).status_code == 401
        assert client.get("/v1/law-facts", headers={**asked, "Sec-Fetch-Mode": "cors"}).status_code == 401
        assert client.get("/v1/law-facts", headers={**asked, "Sec-Fetch-Mode": "navigate"}).status_code == 200  # a link that is followed


def test_without_https_browsers_tell_the_origin_alone(client):
    opened(client)
    assert client.post("/calculate", json={}, headers={"Origin": "http://localhost"}).status_code != 401
    for other in ("http://localhost:81", "https://localhost", "http://other.example", "null"):
        assert client.post("/calculate", json={}, headers={"Origin": other}).status_code == 401


@pytest.mark.parametrize("cookie", ["", ".", "x", "9999999999", "9999999999.", f"9999999999.{'0' * 64}", f"{'9' * 40}.{'0' * 64}", "²³.0", "-1.0"])
def test_a_cookie_that_was_made_up_counts_for_nothing(client, cookie):
    client.set_cookie(sessions.COOKIE, cookie)
    assert client.get("/v1/law-facts", headers=OWN).status_code == 401


def test_a_session_ends_with_its_time_or_its_key(client, monkeypatch):
    value = opened(client).partition("=")[2].partition(";")[0]
    other = client_with(keys=("one",))
    other.set_cookie(sessions.COOKIE, value)
    assert other.get("/v1/law-facts", headers=OWN).status_code == 401
    until, digest = value.split(".")
    client.set_cookie(sessions.COOKIE, f"{int(until) + 1}.{digest}")
    assert client.get("/v1/law-facts", headers=OWN).status_code == 401
    client.set_cookie(sessions.COOKIE, value)
    now = time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: now + sessions.SECONDS + 1)
    assert client.get("/v1/law-facts", headers=OWN).status_code == 401


def test_keys_are_tried_as_seldom_as_anything_is_asked():
    client = client_with(requests_per_minute=2)
    assert [client.post("/v1/session", json={"key": "x"}).status_code for _ in range(3)] == [401, 401, 429]


def test_where_no_keys_are_there_are_no_sessions():
    client = client_with(keys=())
    assert client.post("/v1/session", json={"key": "one"}).status_code in {404, 405}
    assert client.get("/explore", headers=BROWSER).status_code == 404  # that part is not served here


def test_a_session_counts_with_its_key_not_its_address():
    client = client_with(requests_per_minute=1)
    opened(client, "one")
    assert client.get("/v1/law-facts", headers=OWN).status_code == 200
    assert client.get("/v1/law-facts", headers={"X-API-Key": "one"}).status_code == 429
