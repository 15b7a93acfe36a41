"""The pages over the French law, over Ostrea's, and over a law whose words are hostile."""

import re
import time

import pytest

from engine.entities import Entity
from engine.legislation import Legislation
from engine.parameters import load_parameters
from engine.periods import YEAR
from engine.variables import Enum, Variable
from fictional_country import country
from legislation import france

HOSTILE = "<script>alert(1)</script>"
Person = Entity("person", "persons", HOSTILE, is_person=True)


class Kind(Enum):
    one = HOSTILE
    two = "Two"


class hostile(Variable):
    value_type = Enum
    possible_values = Kind
    default_value = Kind.one
    entity = Person
    definition_period = YEAR
    label = HOSTILE
    documentation = HOSTILE
    unit = HOSTILE
    reference = (HOSTILE, f"x https://a.fr/{HOSTILE}", "javascript:alert(1)")


class reading(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):
        """<script>alert(2)</script> & é"""
        text = "é <script>alert(3)</script>", person("hostile", period)
        return parameters(period).branch.figure if text else 0.0

    def formula_2020(person, period):
        return person("hostile", period) == Kind.one


FIGURE = f"""
description: "{HOSTILE}"
documentation: "{HOSTILE}"
unit: "{HOSTILE}"
reference: "{HOSTILE}"
values:
  2015-01-01: {{value: 1.5, metadata: {{reference: [{{title: "{HOSTILE}", href: "https://a.fr/x"}}]}}}}
  2018-01-01: {{value: 2}}
  2020-01-01: {{value: null}}
"""


@pytest.fixture(scope="module", name="french")
def _french(client_of):
    return client_of(france())


@pytest.fixture(scope="module", name="ostrea")
def _ostrea(client_of):
    return client_of(country())


@pytest.fixture(scope="module", name="enemy")
def _enemy(client_of, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    (folder / "branch").mkdir()
    (folder / "branch" / "figure.yaml").write_text(FIGURE, encoding="utf-8")
    return client_of(Legislation.make([Person], [hostile, reading], load_parameters(folder), name=HOSTILE))


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main>")[0]).split())


def test_the_search_page_works_by_itself(french):
    page = french.get("/explore?lang=fr&q=d%C3%A9cote")
    assert page.status_code == 200
    assert 'action="/explore" method="get"' in page.text
    assert 'name="q" value="décote"' in page.text
    first = re.search(r'<ol class="found".*?<a href="([^"]+)">', page.text, re.DOTALL).group(1)
    assert first == "/explore/variables/decote?lang=fr"
    assert french.get(first).status_code == 200
    assert '<a href="?lang=en&amp;q=d%C3%A9cote"' in page.text, "the other language keeps what is searched"


def test_words_are_in_both_languages(french):
    assert "Nothing holds all these words." in french.get("/explore?lang=en&q=qqqq").text
    assert "Rien ne contient tous ces mots." in french.get("/explore?lang=fr&q=qqqq").text
    assert "Variables that read it" in french.get("/explore/variables/decote?lang=en").text
    assert "Variables qui la lisent" in french.get("/explore/variables/decote?lang=fr").text


def test_more_results_stand_on_further_pages(french):
    first, second = (french.get(f"/explore?lang=en&q=impot&page={page}") for page in (1, 2))
    assert 'rel="next"' in first.text
    assert 'rel="prev"' in second.text
    assert '<ol class="found" start="31">' in second.text
    found = [set(re.findall(r"<li><a href=\"([^\"]+)\"", page.text.partition('class="found"')[2])) for page in (first, second)]
    assert len(found[0]) == 30
    assert not found[0] & found[1]
    assert french.get("/explore?q=impot&page=99999999999999999999").status_code == 200
    assert french.get("/explore?q=impot&page=-3&kind=nothing").status_code == 200


def test_a_variable_tells_its_formula_its_links_and_its_references(french):
    page = french.get("/explore/variables/impot_net?lang=fr")
    said = text_of(page)
    assert "Impôt sur le revenu net" in said
    assert "CGI, art. 197, I, 5" in said
    assert "Formule en vigueur" in said
    assert "Source : legislation/impot_revenu/impot_net.py:" in said
    assert '&#34;<a href="/explore/variables/solde_impot?lang=fr" class="variable">solde_impot</a>&#34;' in page.text
    assert "impot_net" in text_of(french.get("/explore/variables/solde_impot?lang=fr")).partition("Variables qui la lisent")[2]


def test_links_lead_back(french):
    page = french.get("/explore/variables/decote?lang=fr")
    figure = re.search(r'href="(/explore/parameters/impot_revenu\.decote[^"]*)"', page.text).group(1)
    assert "/explore/variables/decote?lang=fr" in french.get(figure).text.partition("Variables qui lisent")[2]


def test_a_figure_tells_its_history(french):
    page = french.get("/explore/parameters/impot_revenu.decote.couple?lang=fr")
    said = text_of(page)
    assert "Chiffres de la loi Impôt sur le revenu" in said
    assert "2022-01-01 1 378 €" in said
    assert 'href="https://www.legifrance.gouv.fr/' in page.text
    chart = french.get("/explore/charts/impot_revenu.decote.couple?lang=fr").get_json()
    assert chart["mark"]["interpolate"] == "step-after"
    assert {"date": "2022-01-01", "value": 1378} in [{key: row[key] for key in ("date", "value")} for row in chart["data"]["values"]]


def test_a_scale_tells_its_tables_by_date(french):
    page = french.get("/explore/parameters/impot_revenu.bareme?lang=en")
    said = text_of(page)
    assert "Scale from 2022-01-01 on" in said
    assert "10,777 € 11" in said
    rate = re.search(r'href="([^"]+%5B1%5D\.rate[^"]*)"', page.text).group(1)
    assert "bracket 2" in text_of(french.get(rate))
    assert french.get("/explore/parameters/impot_revenu.bareme[1]").status_code == 302
    assert len(french.get("/explore/charts/impot_revenu.bareme").get_json()["encoding"]["color"]["scale"]["domain"]) == 5


def test_tables_branches_and_the_whole_tree(french):
    assert "2017" in text_of(french.get("/explore/parameters/taxe_habitation.codes_retour?lang=fr"))
    assert "impot_revenu.bareme" in french.get("/explore/parameters/impot_revenu").text
    assert "taxe_habitation" in french.get("/explore/parameters").text


@pytest.mark.parametrize(
    "address, near",
    [
        ("/explore/variables/impot_nett", "impot_net"),
        ("/explore/parameters/impot_revenu.baremme", "impot_revenu.bareme"),
        ("/explore/parameters/impot_revenu..bareme", "impot_revenu.bareme"),
        ("/explore/parameters/impot_revenu.bareme[77]", "impot_revenu.bareme"),
        ("/explore/variables/impot_revenu.bareme", "impot_revenu.bareme"),
        ("/explore/variables/" + "x" * 3000, ""),
        ("/explore/parameters/%00%3Cscript%3E", ""),
    ],
)
def test_a_name_that_is_not_there_gets_404_with_the_nearest(french, address, near):
    answer = french.get(address + "?lang=fr")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert "<script>" not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert not near or f"<code>{near}</code>" in answer.text


def test_every_page_of_a_law_answers(ostrea):
    law = country()
    for name in law.variables:
        assert ostrea.get(f"/explore/variables/{name}?lang=en").status_code == 200, name
    for item in law.parameters.descendants():
        page = ostrea.get(f"/explore/parameters/{item.name}?lang=fr")
        assert page.status_code == 200, item.name
        assert ostrea.get(f"/explore/charts/{item.name}").status_code == (200 if "data-chart" in page.text else 404)


def test_every_address_on_a_page_leads_somewhere(french):
    for start in (
        "/explore?lang=fr",
        "/explore/variables/impot_brut_de_la_personne",
        "/explore/parameters/impot_revenu?lang=en",
        "/explore/variables/decote?lang=fr",
    ):
        page = french.get(start)
        for address in re.findall(r'href="(/explore[^"]*)"', page.text)[:60]:
            assert french.get(address.replace("&amp;", "&")).status_code in (200, 302), address


def test_what_a_law_says_is_never_markup(enemy):
    for address in (
        "/explore",
        "/explore?q=script",
        f"/explore?q={HOSTILE}",
        "/explore/variables/hostile",
        "/explore/variables/reading",
        "/explore/parameters/branch.figure",
        "/explore/parameters",
        f"/explore/variables/{HOSTILE}",
    ):
        page = enemy.get(address)
        inside = page.text.partition("<main")[2].partition("</main>")[0]
        assert "<script" not in inside, address
        assert "javascript:" not in re.findall(r'href="([^"]*)"', inside), address


def test_a_formula_shows_vintages_and_names_by_column(enemy):
    page = enemy.get("/explore/variables/reading?lang=en")
    assert "Formula from 2020-01-01 on" in page.text
    assert "Formula until before 2020-01-01" in page.text
    assert 'person(&#34;<a href="/explore/variables/hostile?lang=en" class="variable">hostile</a>&#34;' in page.text
    assert '<a href="/explore/parameters/branch.figure?lang=en" class="parameter">figure</a>' in page.text
    assert "no value any more" in enemy.get("/explore/parameters/branch.figure?lang=en").text
    chart = enemy.get("/explore/charts/branch.figure").get_json()
    assert [row["value"] for row in chart["data"]["values"]] == [1.5, 2, None]


def test_search_for_programs(french):
    found = french.get("/v1/search?q=csg&limit=2").get_json()
    assert found["count"] > 2
    assert [each["name"] for each in found["results"]] == ["cotisations.csg", "impot_revenu.prelevements_sociaux.csg"]
    assert french.get(found["results"][0]["page"]).status_code == 200
    assert french.get("/v1/search").get_json() == {"query": "", "count": 0, "results": []}
    assert {each["kind"] for each in french.get("/v1/search?q=csg&kind=variable").get_json()["results"]} == {"variable"}
    refused = french.get("/v1/search?q=csg&kind=x&limit=-5")
    assert refused.status_code == 400
    assert [each["path"] for each in refused.get_json()["error"]["problems"]] == ["?kind", "?limit"]


def test_a_search_is_quick(french):
    french.get("/explore?q=impot")
    times = []
    for query in ("impot", "csg", "revenu net", "a", "taux de la csg"):
        start = time.perf_counter()
        french.get(f"/v1/search?q={query}")
        times.append(time.perf_counter() - start)
    assert sorted(times)[2] < 0.1, "some milliseconds; ten times that on a busy machine"
