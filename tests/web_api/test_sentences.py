"""What errors say, in English and in French: every error that a reader of the page can meet is really provoked, in both languages."""

import pytest

from web_api import sentences
from web_api.app import create_app
from web_api.sentences import in_language
from web_api.service import own_service
from web_api.settings import Settings

DECOTE = "impot_revenu.decote.personne_seule"
SCALE = "impot_revenu.bareme"
TEXT, HOUSEHOLDS, CURVE, IMPACTS = "/v1/amendments/text", "/v1/households", "/v1/households/curve", "/v1/impacts"
CHILD = {"age": 23}
FALLING = [{"threshold": 12000.5, "rate": 0}, {"threshold": 1000, "rate": 0.1}]


def of_household(**said):
    return HOUSEHOLDS, {"households": [said]}


def amended(path, value, address=TEXT):
    return address, {"changes": {path: value}}


@pytest.fixture(scope="module", name="client")
def _client(tmp_path_factory):
    database = f"sqlite:///{tmp_path_factory.mktemp('workspaces') / 'workspaces.sqlite'}"
    return create_app(own_service(Settings(requests_per_minute=0, max_persons=20, database=database))).test_client()


def error(answer):
    assert answer.status_code >= 400, answer.text
    return answer.get_json()["error"]


def said(found):
    return [found["message"], *(each["message"] for each in found["problems"])]


@pytest.mark.parametrize(
    "asked, told",
    [
        (amended(DECOTE, "neuf cents"), "reçoit 'neuf cents' : il faut un nombre."),
        (amended("impot_revenu.option_inconnue", 1, IMPACTS), "La loi n’a pas de chiffre `impot_revenu.option_inconnue`."),
        (amended("impot_revenu.decote.personne_seul", 1), "Vouliez-vous dire `impot_revenu.decote.personne_seule`"),
        (amended("taxe_habitation.habitation_principale.imposable", 3), "il faut `true` ou `false`"),
        (amended("impot_revenu.decote", 1), "n’est ni un chiffre ni un barème ; en voici un : `impot_revenu.decote."),
        (amended(DECOTE, [{"threshold": 0, "rate": 1}]), "a une seule valeur"),
        (amended(SCALE, 3), "est un barème"),
        (
            amended(SCALE, [{"threshold": 12000.5, "rate": 0}, {"threshold": 1000, "rate": 0.1}]),
            "les seuils doivent croître : 1000 n’est pas au-dessus de 12000,5",
        ),
        (amended(SCALE, [{"threshold": 0}]), "il faut un nombre, et non None"),
        (amended(SCALE, [{"threshold": 0, "rate": 1, "amount": 1}]), "rien qui s’appelle `amount`"),
        (amended(SCALE, [{"threshold": "a", "rate": 1}]), "il faut un nombre"),
        ((TEXT, {"bill": "plf_2023"}), "Il n’y a pas de projet de loi `plf_2023`"),
        ((TEXT, {"year": 1990}), "il faut 2017 ou plus"),
        ((TEXT, {"yeer": 2022}), "ce nom n’est pas connu"),
        ((TEXT, {"changes": {f"a.{i}": 1 for i in range(1001)}}), "il en faut 1000 au plus"),
        (of_household(commune="99999"), "Il n’y a pas de commune `99999`"),
        (of_household(commune="Paris"), "n’a pas la forme attendue"),
        (of_household(adults=[]), "il faut un ou deux adultes"),
        (of_household(adults=[{}, {}]), "deux adultes : leur situation"),
        (of_household(status="marie"), "un adulte : sa situation"),
        (of_household(lone_parent=True), "il n’y en a pas"),
        (of_household(adults=[{}, {}], status="marie", lone_parent=True), "une personne qui vit seule"),
        (of_household(children=[CHILD]), "l’enfant 1 a 23 ans"),
        (of_household(children=[{"age": 18, "shared_custody": True, "student": True}]), "la résidence alternée s’arrête à 18 ans"),
        (of_household(adults=[{"wages": -1}]), "il faut 0 ou plus"),
        (of_household(adults=[{"wages": 1e12}]), "ou moins"),
        (of_household(name="n" * 81), "il faut 80 caractères au plus"),
        (of_household(children=[{"age": 1}] * 10), "il en faut 9 au plus"),
        ((HOUSEHOLDS, {"households": [{}] * 101}), "il en faut 100 au plus"),
        ((HOUSEHOLDS, {"households": [{}] * 21}), "Ces ménages ont 21 personnes : ce serveur en calcule 20 au plus"),
        ((CURVE, {"household": {}, "from": 100, "to": 50}), "le premier revenu doit être plus petit"),
        ((CURVE, {"household": {}, "varies": "wages of adult 2"}), "pas de second adulte"),
        ((IMPACTS, {"bill": "no"}), "Il n’y a pas de projet de loi `no`"),
        (("/v1/workspaces", {"name": ""}), "il faut au moins 1 caractère"),
        (("/v1/workspaces", {}), "il manque une valeur"),
    ],
)
def test_every_error_of_what_is_asked_is_told_in_both_languages(client, asked, told):
    address, body = asked
    plain = error(client.post(address, json=body))
    english = error(client.post(address, json=body, headers={"Accept-Language": "en-GB, fr;q=0.5"}))
    french = error(client.post(address, json=body, headers={"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"}))
    assert plain == english
    assert {name: value for name, value in french.items() if name == "status"} == {"status": english["status"]}
    assert [each["path"] for each in french["problems"]] == [each["path"] for each in english["problems"]]
    assert told in " ".join(said(french)).replace("\u00a0", " ")
    for one, other in zip(said(english), said(french), strict=True):
        assert one != other, "this has no French"


@pytest.mark.parametrize(
    "method, address, told",
    [
        ("GET", "/v1/workspaces/none", "Cet espace de travail n’existe pas"),
        ("GET", "/v1/impacts/none", "Il n’y a pas de tel calcul"),
        ("GET", "/v1/impacts/" + "0" * 32, "Le serveur ne connaît pas ou plus ce calcul"),
        ("GET", "/v1/nowhere", "Il n’y a rien à cette adresse"),
        ("PUT", "/v1/bills", "Cette adresse ne se demande pas ainsi"),
    ],
)
def test_so_is_what_is_not_there(client, method, address, told):
    french = client.open(address, method=method, headers={"Accept-Language": "fr"})
    assert told in error(french)["message"]
    assert "Accept-Language" in french.headers["Vary"]
    assert error(client.open(address, method=method))["message"] != error(french)["message"]


@pytest.mark.parametrize(
    "settings, headers, told",
    [
        ({"api_keys": ("one",)}, {}, "Ce serveur répond à qui a une clé"),
        ({"requests_per_minute": 1}, {}, "ce serveur en accepte 1 par minute. Réessayez dans"),
        ({"max_body_bytes": 10}, {}, "trop grande pour ce serveur"),
        ({"max_seconds": 1e-9}, {}, "il a été arrêté"),
    ],
)
def test_so_are_the_limits_of_the_server(settings, headers, told):
    client = create_app(own_service(Settings(**{"requests_per_minute": 0, **settings}))).test_client()
    for _ in range(2):
        answer = client.post(HOUSEHOLDS, json={"households": [{}], "changes": {DECOTE: 900}}, headers={"Accept-Language": "fr", **headers})
    assert told in error(answer)["message"].replace("\u00a0", " ")


def test_a_failed_run_and_a_crash_are_told_in_french():
    for sentence in ("The server has not enough memory for this.", "Internal error: it was logged on the server."):
        assert in_language(sentence, "fr") != sentence


def test_what_nobody_said_in_french_stays_english():
    assert in_language("The moon is no variable.", "fr") == "The moon is no variable."
    assert in_language("", "fr") == ""


def test_lines_are_told_each_by_itself_and_numbers_as_french_writes_them():
    told = in_language("A workspace holds 500,000 bytes at most.\nThe moon.", "fr").replace("\u00a0", " ")
    assert told == "Un espace de travail contient 500 000 octets au plus.\nThe moon."


def test_sentences_are_found_fast_whatever_is_quoted():
    long = "There is no figure of the law `" + "`: expected one of " * 50
    assert in_language(long, "fr") == long
    assert len(sentences.catalogue()) > 50
