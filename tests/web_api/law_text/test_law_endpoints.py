"""The law over HTTP: as data, with a bill and an amendment; the text of an amendment; the bills; the panel."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legislation import france
from web_api.amendments import FIRST_YEAR, LAST_YEAR, Amendment, bills, laws_of
from web_api.app import create_app
from web_api.law_text import panel
from web_api.parameter_paths import full_names
from web_api.service import own_service
from web_api.settings import Settings

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
DECOTE = "impot_revenu.decote.personne_seule"


@pytest.fixture(scope="module", name="service")
def _service():
    return own_service(Settings(requests_per_minute=0))


@pytest.fixture(scope="module", name="client")
def _client(service):
    return create_app(service).test_client()


def figures(law):
    found = {}
    for article in law["articles"]:
        for paragraph in article["paragraphs"]:
            cells = [piece for row in (paragraph["table"] or {"rows": []})["rows"] for cell in row["cells"] for piece in cell]
            found |= {piece["path"]: piece for piece in [*paragraph["pieces"], *cells] if piece["kind"] == "figure"}
    return found


def problems(answer):
    return {each["path"]: each["message"] for each in answer.json["error"]["problems"]}


def test_the_law_in_force(client):
    law = client.get("/v1/law?year=2022").json
    assert (law["year"], law["language"], law["bill"], law["notes"]) == (2022, "fr", None, [])
    assert figures(law)[DECOTE]["values"] == {"in_force": 833}
    assert figures(law)[DECOTE]["texts"] == {"in_force": "833\u00a0€"}
    assert not any(article["changed_by_bill"] or article["changed_by_amendment"] for article in law["articles"])


def test_the_law_with_a_bill(client):
    law = client.get("/v1/law?year=2022&language=en&bill=plf_2024").json
    assert figures(law)[DECOTE]["values"] == {"in_force": 833, "bill": 873}
    changed = {article["name"] for article in law["articles"] if article["changed_by_bill"]}
    assert changed == {"cgi_197", "cgi_196_b"}


def test_a_bill_that_does_not_touch_the_year_is_told(client):
    law = client.get("/v1/law?year=2019&bill=plf_2024").json
    (note,) = law["notes"]
    assert "est posé ici sur les revenus de 2022 et ne change rien au droit des revenus de 2019" in note
    assert not any(article["changed_by_bill"] for article in law["articles"])


def test_the_law_amended(client):
    body = {
        "year": 2022,
        "bill": "plf_2024",
        "language": "fr",
        "changes": {DECOTE: 900, "impot_revenu.bareme": [{"threshold": 0, "rate": 0}, {"threshold": 9000, "rate": 0.2}]},
    }
    law = client.post("/v1/law", json=body).json
    assert figures(law)[DECOTE]["values"] == {"in_force": 833, "bill": 873, "amended": 900}
    (article,) = [each for each in law["articles"] if each["name"] == "cgi_197"]
    assert article["changed_by_amendment"]
    (scale,) = [each["scale"] for each in article["paragraphs"] if each["scale"]]
    assert [len(scale["brackets"][name]) for name in ("in_force", "bill", "amended")] == [5, 5, 2]
    (derived,) = article["paragraphs"][0]["pieces"][1:2]
    assert derived["values"] == {"in_force": 10777, "bill": 11294, "amended": 9000}


@pytest.mark.parametrize("query", ["year=2016", "year=abc", "language=de", "unknown=1"])
def test_a_query_that_does_not_fit_is_told(client, query):
    answer = client.get(f"/v1/law?{query}")
    assert answer.status_code == 400
    assert list(problems(answer)) == [f"?{query.partition('=')[0]}"]


def test_an_unknown_bill_is_told_with_the_nearest(client):
    answer = client.get("/v1/law?bill=plf_2042")
    assert answer.status_code == 404
    assert "Did you mean `plf_2024`?" in answer.json["error"]["message"]


def test_unknown_figures_are_told_by_their_path(client):
    answer = client.post("/v1/amendments/text", json={"changes": {"impot_revenu.decote.tau": 1, "decote.taux": 1}})
    assert answer.status_code == 404
    found = problems(answer)
    assert "Did you mean `impot_revenu.decote.taux`" in found["/changes/impot_revenu.decote.tau"]
    assert set(found) == {"/changes/impot_revenu.decote.tau", "/changes/decote.taux"}


@pytest.mark.parametrize(
    "path, value, place, message",
    [
        ("impot_revenu.decote", 1, "", "is a branch: expected the path of a figure or of a scale, as `impot_revenu.decote."),
        ("impot_revenu.decote.taux", "much", "", "expected a number"),
        ("impot_revenu.decote.taux", None, "", "expected a number"),
        ("impot_revenu.decote.taux", True, "", "expected a number"),
        ("impot_revenu.decote.taux", [], "", "is a figure, not a scale"),
        ("impot_revenu.bareme", 1, "", "expected the list of its brackets"),
        ("impot_revenu.bareme", [], "", "expected the list of its brackets"),
        ("impot_revenu.bareme", [{"threshold": 0, "amount": 3}], "/0/amount", "no `amount`"),
        ("impot_revenu.bareme", [{"threshold": 5, "rate": 0}, {"threshold": 5, "rate": 1}], "/1/threshold", "is not above 5"),
        ("taxe_habitation.habitation_principale.imposable", 1, "", "expected true or false"),
        ("impot_revenu.contribution_differentielle.taux", 0.1, "", "comes before the first"),
        ("a/b~c", 1, "", "There is no figure of the law"),
    ],
)
def test_changes_that_do_not_fit_are_told_by_their_path(client, path, value, place, message):
    answer = client.post("/v1/amendments/text", json={"year": 2022, "changes": {path: value}})
    assert answer.status_code in {400, 404}
    found = problems(answer)
    key = f"/changes/{path.replace('~', '~0').replace('/', '~1')}{place}"
    assert message in found[key], found


def test_a_bracket_s_own_path_may_be_amended(client):
    answer = client.post("/v1/amendments/text", json={"year": 2022, "changes": {"impot_revenu.bareme.brackets[1].rate": 0.12}})
    text = answer.json["text"].replace("\u00a0", " ")
    assert text.endswith("au deuxième alinéa du 1 du I, substituer au taux : « 11 % » le taux : « 12 % ».")


def test_the_text_of_an_amendment(client):
    told = client.post("/v1/amendments/text", json={"year": 2022, "changes": {DECOTE: 900}}).json
    assert "le montant\u00a0: «\u00a0900\u00a0€\u00a0»" in told["text"]
    assert told["html"].startswith("<section><p>")
    assert "À l’article" in told["html"]
    nothing = client.post("/v1/amendments/text", json={"year": 2022}).json
    assert (nothing["text"], nothing["html"]) == ("", "")
    assert nothing["notes"] == ["Aucun chiffre n’est changé."]


PATHS = st.sampled_from(
    [*full_names(france().parameters)[::7], "impot_revenu.bareme", "impot_revenu", "", "a.b", "impot_revenu.bareme[9].rate", "[0]", "\u0000/~"]
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([1e308, -1e308, 10**400, 5e-324]))
BRACKETS = st.lists(st.fixed_dictionaries({"threshold": NUMBERS}, optional={"rate": NUMBERS, "amount": NUMBERS}), max_size=6)


@settings(max_examples=60)
@given(st.dictionaries(PATHS, st.one_of(NUMBERS, BRACKETS, st.booleans(), st.text(max_size=3), st.none()), max_size=4), st.sampled_from(YEARS))
def test_no_amendment_breaks_the_server(client, changes, year):
    for path in ("/v1/law", "/v1/amendments/text"):
        answer = client.post(path, json={"year": year, "bill": "plf_2024", "changes": changes})
        assert answer.status_code in {200, 400, 404}
        assert answer.status_code == 200 or answer.json["error"]["problems"]


def test_too_many_changes_are_refused(client):
    assert client.post("/v1/law", json={"changes": {f"a.b{i}": 1 for i in range(1001)}}).status_code == 400
    assert client.post("/v1/law", json={"changes": {"impot_revenu.bareme": [{"threshold": i, "rate": 0} for i in range(101)]}}).status_code == 400
    assert client.post("/v1/law", json={"changes": {f"a.b{i}": 1 for i in range(1000)}}).status_code == 404


def test_the_bills_are_listed(client):
    (bill,) = [each for each in client.get("/v1/bills").json["bills"] if each["name"] == "plf_2024"]
    assert bill["years"] == [2022]
    assert bill["title"].startswith("Projet de loi de finances pour 2024")
    assert bill["reference"] == ["Loi n° 2023-1322 du 29 décembre 2023 de finances pour 2024, art. 2"]


def test_the_bill_s_figures_are_those_that_became_law():
    bill = bills(Settings())["plf_2024"]
    under = laws_of(Amendment(year=2022, bill="plf_2024"), france(), Settings()).bill
    for path in bill.parameters:
        law = path.replace(".brackets[", "[")
        assert (
            under.parameters.child(law).at_date("2022-01-01")
            == france().parameters.child(law).at_date("2023-01-01")
            != france().parameters.child(law).at_date("2022-01-01")
        ), path
        assert under.parameters.child(law).at_date("2023-01-01") == france().parameters.child(law).at_date("2023-01-01")
    assert len(bill.parameters) == 12


def test_laws_under_one_amendment_are_kept():
    amendment = {"year": 2022, "changes": {DECOTE: 901}}
    one, other = (laws_of(Amendment.model_validate(amendment), france(), Settings()).amended for _ in range(2))
    assert one is other


class Fields(HTMLParser):
    """What stands in the panel: fields without a name, ids twice, and how many fields there are."""

    def __init__(self):
        super().__init__()
        self.unnamed, self.fields, self.ids = [], 0, []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.ids += [known["id"]] if "id" in known else []
        if tag in {"input", "select"}:
            self.fields += 1
            if not known.get("aria-label") and "value" in known:
                self.unnamed.append(attrs)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_panel_is_made_in_every_year_and_language(client, service, year, language):
    html = client.get(f"/panels/law?year={year}&language={language}").text
    assert html == panel(service, year, language)
    assert f'data-year="{year}" data-language="{language}"' in html
    found = Fields()
    found.feed(html)
    assert found.fields > 60
    assert found.unnamed == []
    assert len(found.ids) == len(set(found.ids))
    assert not re.search(r"<script|\son\w+=|\sstyle=", html)


def test_every_figure_that_the_panel_shows_may_be_amended(client):
    law = client.get("/v1/law?year=2022").json
    for path, piece in figures(law).items():
        value = piece["values"]["in_force"]
        changed = (not value) if isinstance(value, bool) else value + 1
        answer = client.post("/v1/law", json={"year": 2022, "changes": {path: changed}})
        assert figures(answer.json)[path]["values"]["amended"] == changed
