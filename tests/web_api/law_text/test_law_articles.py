"""The articles' templates: every one renders in every year, holds the same in both languages, and what is wrong in one is told by file and line."""

from pathlib import Path

import pytest

from engine.errors import ParameterFileError
from engine.parameters import load_parameters
from legislation import france
from web_api.amendments import FIRST_YEAR, LAST_YEAR
from web_api.law_text.articles import own_articles, read_articles
from web_api.law_text.pieces import Derived, Figure
from web_api.law_text.telling import Telling, pieces_of_paragraph
from web_api.law_text.told import TextTold
from web_api.parameter_paths import item_at, value_at
from web_api.words import LANGUAGES

HOUSE = Path(__file__).parents[3]
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
GOOD = """
code: CGI
number: "1"
tax: {fr: Impôt, en: Tax}
title: {fr: Titre, en: Title}
address: https://example.org/{year}
paragraphs:
  - {place: "I", fr: "Un {impot_revenu.decote.taux}.", en: "One {impot_revenu.decote.taux}."}
"""


def told(article, year, language="fr"):
    return Telling({"in_force": france()}, year, language).article(article)


def problems(text):
    with pytest.raises(ParameterFileError) as caught:
        read_articles({"x.article.yaml": text.encode()}, france().parameters)
    return [str(each) for each in caught.value.problems]


@pytest.mark.parametrize("article", own_articles(), ids=lambda article: article.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_article_renders_in_every_year_that_its_figures_have(article, language):
    shown = {id(paragraph): False for paragraph in article.paragraphs}
    for year in YEARS:
        found = told(article, year, language)
        for paragraph in article.paragraphs:
            has_figures = all(value_at(france().parameters, path, f"{year}-01-01") is not None for path in paragraph.paths())
            in_years = paragraph.years[0] <= year <= paragraph.years[1]
            shown[id(paragraph)] |= has_figures and in_years
        expected = sum(
            all(value_at(france().parameters, path, f"{year}-01-01") is not None for path in each.paths()) and each.years[0] <= year <= each.years[1]
            for each in article.paragraphs
        )
        assert len(found.paragraphs) == expected
        for paragraph in found.paragraphs:
            texts = [each.text if isinstance(each, TextTold) else each.texts["in_force"] for each in pieces_of_paragraph(paragraph)]
            assert "—" not in texts
            assert "{" not in "".join(texts)
    assert all(shown.values()), "a paragraph that no year shows"


def test_the_articles_that_are_asked_for_are_there():
    numbers = [(each.code, each.number) for each in own_articles()]
    wanted = "194 195 197|197 A|1407|1407 ter|1411|1414|1414 A|1414 C|1417".replace("194 195 197", "194|195|197").split("|")
    assert [("CGI", number) for number in wanted] == [each for each in numbers if each[1] in wanted]
    assert ("CSS", "L136-8") in numbers


@pytest.mark.parametrize("article", own_articles(), ids=lambda article: article.name)
def test_every_article_links_to_legifrance(article):
    assert told(article, 2022).address.startswith("https://www.legifrance.gouv.fr/codes/")
    assert "{" not in told(article, 2022).address


def test_no_figure_stands_twice_as_a_field_in_an_article():
    for article in own_articles():
        paths = [each.path for paragraph in article.paragraphs for each in paragraph.pieces("fr") if isinstance(each, Figure)]
        assert len(paths) == len(set(paths)), article.name


def test_the_scale_and_the_caps_of_article_197_are_those_of_the_parameters():
    (article,) = [each for each in own_articles() if each.name == "cgi_197"]
    found = told(article, 2022)
    (scale,) = [each.scale for each in found.paragraphs if each.scale]
    assert [(each.threshold, each.value) for each in scale.brackets["in_force"]] == [(0, 0), (10777, 0.11), (27478, 0.3), (78570, 0.41), (168994, 0.45)]
    texts = {each.path: each.texts["in_force"] for paragraph in found.paragraphs for each in paragraph.pieces if each.kind == "figure"}
    assert texts["impot_revenu.plafonnement.demi_part"] == "1\u00a0678\u00a0€"
    assert texts["impot_revenu.decote.taux"] == "45,25\u00a0%"


def test_what_is_not_in_force_is_left_out_or_said():
    found = {each.name: told(each, 2023) for each in own_articles()}
    assert not found["cgi_1414_c"].in_force
    assert found["cgi_1417"].in_force
    assert len(found["cgi_1417"].paragraphs) == 1


def test_derived_figures_follow():
    (article,) = [each for each in own_articles() if each.name == "cgi_194"]
    table = next(each.table for each in told(article, 2022).paragraphs if each.table)
    assert [cell[0].texts["in_force"] for cell in table.rows[3].cells] == ["3\u00a0parts", "4\u00a0parts", "4\u00a0parts"]
    expressions = [each for paragraph in article.paragraphs for each in paragraph.pieces("fr") if isinstance(each, Derived)]
    assert expressions


def test_a_good_file_is_read():
    (article,) = read_articles({"a/x.article.yaml": GOOD.encode()}, france().parameters)
    assert article.name == "x"
    assert told(article, 2022).address == "https://example.org/2022"


def test_all_that_is_wrong_is_told_by_file_and_line():
    wrong = GOOD.replace("decote.taux}.", "decote.tau}.").replace("code: CGI", "code: CGX")
    assert problems(wrong) == ["x.article.yaml:2: `CGX` is no code of law known here: expected one of CGI, CSS, CASF."]
    found = problems(GOOD.replace("decote.taux}.", "decote.tau}."))
    assert len(found) == 2
    assert found[0].startswith("x.article.yaml:8: There is no parameter `impot_revenu.decote.tau`. Did you mean `impot_revenu.decote.taux`")


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("impot_revenu.decote.taux", "impot_revenu.decote", "is a branch, not a figure"),
        ("impot_revenu.decote.taux", "impot_revenu.bareme", "is a scale, not a figure"),
        ("impot_revenu.decote.taux", "impot_revenu.bareme[1].rate", "is amended with its whole scale"),
        ("impot_revenu.decote.taux", "2 * impot_revenu.decote.taux", "is reckoned from figures: expected `{= "),
        ("impot_revenu.decote.taux", "impot_revenu.decote taux", "is no figure: expected the path"),
        ("impot_revenu.decote.taux}.", "impot_revenu.decote.taux.", "has a brace that is not closed"),
        ('en: "One {impot_revenu.decote.taux}."', 'en: "One."', "do not hold the same figures"),
        ("place:", "plce:", "There is no key `plce`. Did you mean `place`?"),
        ("title: {fr: Titre, en: Title}", "", "there is no `title`"),
        ("title: {fr: Titre, en: Title}", "title: {fr: Titre}", "is to be said in each language"),
        ('place: "I"', 'place: "I", scale: impot_revenu.decote.taux', "is no scale"),
        ('place: "I"', 'place: "I", scale: impot_revenu.barem', "Did you mean `impot_revenu.bareme`"),
    ],
)
def test_what_is_wrong_is_told(old, new, message):
    found = problems(GOOD.replace(old, new))
    assert any(message in each for each in found), found
    assert all(each.startswith("x.article.yaml:") for each in found)


def test_the_parameters_do_not_see_the_articles(tmp_path):
    (tmp_path / "a.yaml").write_text("values: {2020-01-01: 1}", encoding="utf-8")
    (tmp_path / "cgi_1.article.yaml").write_text(GOOD, encoding="utf-8")
    assert load_parameters(tmp_path, cache=False).child_names() == ("a",)
    assert item_at(france().parameters, "impot_revenu.cgi_197") is None


def test_our_articles_lie_beside_the_parameters():
    assert len(list((HOUSE / "parameters").rglob("*.article.yaml"))) == len(own_articles())
