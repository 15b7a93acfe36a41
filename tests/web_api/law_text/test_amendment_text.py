"""The amendment's text: it names every figure that changes, by article and place, old and new."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from legislation import france
from web_api.amendments import Amendment, laws_of
from web_api.law_text.articles import own_articles
from web_api.law_text.drafting import Change, Draft, Part, _letters, _roman, draft
from web_api.law_text.figures import text
from web_api.law_text.pieces import Figure
from web_api.law_text.places import after, in_words, named, rank
from web_api.law_text.scale_lines import Line, aligned
from web_api.law_text.telling import Telling
from web_api.parameter_paths import full_names, item_at, unit_at, value_at
from web_api.settings import Settings

SETTINGS = Settings()
SCALE = ((0, 0), (10777, 0.11), (27478, 0.3), (78570, 0.41), (168994, 0.45))
PLACE = "À l'article 197 du code général des impôts"


def told(changes, *, year=2022, bill=None, language="fr", title=None):
    amendment = Amendment.model_validate({"year": year, "bill": bill, "changes": changes})
    laws = laws_of(amendment, france(), SETTINGS)
    base = laws.bill or laws.in_force
    found = draft(own_articles(), base, laws.amended or base, amendment.changes, Telling({"in_force": france()}, year, language), title)
    return found.text.replace("\u00a0", " ").replace("’", "'")


def scale(*brackets):
    return {"impot_revenu.bareme": [{"threshold": threshold, "rate": rate} for threshold, rate in brackets]}


@pytest.mark.parametrize("number, written", [(4, "IV"), (39, "XXXIX"), (44, "XLIV"), (90, "XC"), (199, "CXCIX")])
def test_parts_are_numbered_as_romans_did(number, written):
    assert _roman(number) == written


@pytest.mark.parametrize("number, written", [(1, "a"), (26, "z"), (27, "aa"), (28, "ab"), (52, "az"), (53, "ba"), (702, "zz"), (703, "aaa")])
def test_letters_go_on_after_z(number, written):
    assert _letters(number) == written


def test_a_list_of_many_changes_is_written_whole():
    actions = tuple(f"substituer au nombre : « {number} » le nombre : « 0 »" for number in range(30))
    found = Draft((Part("À l'article 1", (Change("au I", actions),)),), "fr").text.splitlines()
    assert [line.partition(")")[0] for line in found[26:]] == ["y", "z", "aa", "ab", "ac", "ad"]
    assert found[-1].endswith(".")


def test_one_figure_is_one_sentence():
    found = told({"impot_revenu.decote.personne_seule": 900})
    assert found == f"{PLACE}, au a du 4 du I, substituer au montant : « 833 € » le montant : « 900 € »."


def test_in_english():
    found = told({"impot_revenu.decote.personne_seule": 900}, language="en")
    assert found == "In article 197 of the General Tax Code, in I, 4, a, replace the amount “€833” with the amount “€900”."


def test_a_rate_that_stands_twice_is_replaced_each_time():
    assert "substituer au taux : « 45,25 % » (à chaque occurrence) le taux : « 50 % »" in told({"impot_revenu.decote.taux": 0.5})


def test_figures_are_grouped_by_article_and_place():
    found = told(
        {
            "impot_revenu.decote.personne_seule": 900,
            "impot_revenu.decote.couple": 1500,
            "impot_revenu.plafonnement.demi_part": 1500,
            "cotisations.csg.salaires.deductible": 0.07,
        }
    )
    assert found.splitlines() == [
        "I. – À l'article 154 quinquies du code général des impôts, au I, substituer au taux : « 6,8 % » le taux : « 7 % ».",
        "",
        f"II. – {PLACE} :",
        "1° Au premier alinéa du 2 du I, substituer au montant : « 1 678 € » le montant : « 1 500 € » ;",
        "2° Au a du 4 du I :",
        "a) Substituer au montant : « 833 € » le montant : « 900 € » ;",
        "b) Substituer au montant : « 1 378 € » le montant : « 1 500 € ».",
        "",
        "III. – À l'article L136-8 du code de la sécurité sociale, au 1° du I, substituer au taux : « 9,2 % » le taux : « 9,4 % ».",
    ]


def test_a_threshold_is_replaced_wherever_it_stands():
    found = told(scale(SCALE[0], (12000, 0.11), *SCALE[2:]))
    assert found.splitlines() == [
        f"{PLACE} :",
        "1° Au premier alinéa du 1 du I, substituer au montant : « 10 777 € » le montant : « 12 000 € » ;",
        "2° Au deuxième alinéa du 1 du I, substituer au montant : « 10 777 € » le montant : « 12 000 € ».",
    ]


def test_a_bracket_put_in_at_the_end():
    assert told(scale(*SCALE, (250000, 0.5))).splitlines() == [
        f"{PLACE} :",
        "1° Au cinquième alinéa du 1 du I, compléter la ligne par les mots : « et inférieure ou égale à 250 000 € » ;",
        "2° Après le cinquième alinéa du 1 du I, insérer un alinéa ainsi rédigé :",
        "« – 50 % pour la fraction supérieure à 250 000 € ; ».",
    ]


def test_brackets_put_in_in_the_middle():
    found = told(scale(*SCALE[:2], (15000, 0.2), (20000, 0.25), *SCALE[2:]))
    assert "Après le deuxième alinéa du 1 du I, insérer 2 alinéas ainsi rédigés :\n« – 20 % pour la fraction supérieure à 15 000 €" in found
    assert "« – 25 % pour la fraction supérieure à 20 000 € et inférieure ou égale à 27 478 € ; »" in found


def test_a_bracket_taken_out():
    found = told(scale(*SCALE[:3], SCALE[4]))
    assert "Supprimer le quatrième alinéa du 1 du I : « 41 % pour la fraction supérieure à 78 570 € et inférieure ou égale à 168 994 € »" in found
    assert "Au troisième alinéa du 1 du I, substituer au montant : « 78 570 € » le montant : « 168 994 € »" in found
    assert "supprimer les mots : « et inférieure ou égale à 168 994 € »" in told(scale(*SCALE[:4]))


def test_a_bill_is_amended_from_its_own_figures():
    found = told({"impot_revenu.decote.personne_seule": 900}, bill="plf_2024", title="Projet de loi de finances pour 2024")
    assert found == (
        f"{PLACE}, dans sa rédaction résultant du « Projet de loi de finances pour 2024 », au a du 4 du I, "
        "substituer au montant : « 873 € » le montant : « 900 € »."
    )


def test_a_figure_without_an_article_is_told_by_its_reference():
    found = told({"impot_revenu.recouvrement.restitution": 20})
    what = "« Montant au-dessous duquel une restitution n'est pas effectuée » (CGI, art. 1965 L)"
    assert found == f"Pour le chiffre {what}, substituer au montant : « 8 € » le montant : « 20 € »."


def test_a_scale_without_an_article_is_written_anew():
    found = told({"cotisations.salaires.vieillesse_plafonnee": [{"threshold": 0, "rate": 0.07}, {"threshold": 2, "rate": 0}]})
    assert (
        "(CSS, art. L241-3 et D242-4), rédiger ainsi le barème :\n« – 7 % pour la fraction supérieure à 0 plafond et inférieure ou égale à 2 plafonds ; »"
        in found
    )


def test_a_figure_of_an_article_as_a_whole_has_no_place():
    article = "À l'article 199 quater F du code général des impôts"
    assert told({"impot_revenu.reductions.scolarite.lycee": 200}) == f"{article}, substituer au montant : « 153 € » le montant : « 200 € »."
    assert told({f"impot_revenu.reductions.scolarite.{each}": 200 for each in ("lycee", "college")}).splitlines() == [
        f"{article} :",
        "1° Substituer au montant : « 61 € » le montant : « 200 € » ;",
        "2° Substituer au montant : « 153 € » le montant : « 200 € ».",
    ]


def test_a_scale_whose_lines_are_no_alineas_is_written_anew():
    found = told({"impot_revenu.contribution_hauts_revenus.couple": [{"threshold": 0, "rate": 0}, {"threshold": 600000, "rate": 0.05}]})
    beginning = "À l'article 223 sexies du code général des impôts, au 1 du I, rédiger ainsi le barème :"
    assert found == f"{beginning}\n« – 5 % pour la fraction supérieure à 600 000 € ; »."


def test_a_truth_value_is_words():
    assert "substituer aux mots : « oui » les mots : « non »" in told({"taxe_habitation.habitation_principale.imposable": False})


def test_what_changes_nothing_is_not_told():
    assert told({"impot_revenu.decote.personne_seule": 833}) == ""
    assert told({}) == ""
    assert told({"impot_revenu.recouvrement.restitution": 8}) == ""


NUMBERS = [
    path
    for path in full_names(france().parameters)
    if not path.startswith("communes")
    and item_at(france().parameters, path).sort.value == "figure"
    and type(value_at(france().parameters, path, "2022-01-01")) in {int, float}
]


@settings(max_examples=60)
@example({"impot_revenu.contribution_hauts_revenus.lissage.rapport_minimal": 0.002}, "fr")
@given(st.dictionaries(st.sampled_from(NUMBERS), st.integers(1, 10**6).map(lambda n: n / 1000), min_size=1, max_size=6), st.sampled_from(["fr", "en"]))
def test_the_text_mentions_each_changed_figure(changes, language):
    parameters = france().parameters
    found = told(changes, language=language)
    shown = {
        each.path
        for article in own_articles()
        for paragraph in article.paragraphs
        if paragraph.place
        for each in paragraph.pieces("fr")
        if isinstance(each, Figure)
    }
    for path, value in changes.items():
        before, unit = value_at(parameters, path, "2022-01-01"), unit_at(parameters, path)
        if before != value and (path in shown or not any(path in paragraph.paths() for article in own_articles() for paragraph in article.paragraphs)):
            forms = (text(value, each, language).replace("\u00a0", " ") for each in (unit, None))  # an article may write it as a plain number
            assert any(form in found for form in forms) or unit == "percent"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 300_000), st.integers(0, 60)), min_size=1, max_size=8, unique_by=lambda each: each[0]))
def test_every_new_bracket_is_written(brackets):
    rows = [(0, 0), *((threshold, rate / 100) for threshold, rate in sorted(brackets))]
    found = told(scale(*rows))
    known = {threshold for threshold, _ in SCALE}
    for threshold, _ in rows:
        assert threshold in known or text(threshold, "currency", "fr").replace("\u00a0", " ") in found


def lines(*rows):
    return [Line(value, lower, None) for value, lower in rows]


def test_lines_are_matched_with_the_fewest_changes():
    before = lines(("11", "a"), ("30", "b"), ("41", "c"))
    after_ = lines(("11", "a"), ("20", "x"), ("30", "b"), ("41", "c"))
    assert [(one and one.value, other and other.value) for one, other in aligned(before, after_)] == [("11", "11"), (None, "20"), ("30", "30"), ("41", "41")]
    assert [(one and one.value, other and other.value) for one, other in aligned(before, before[1:])] == [("11", None), ("30", "30"), ("41", "41")]


@pytest.mark.parametrize(
    "place, french, english",
    [
        ("I", "au I", "in I"),
        ("I, 2, al. 3", "au troisième alinéa du 2 du I", "in the third paragraph of I, 2"),
        ("al. 2", "au deuxième alinéa", "in the second paragraph"),
        ("III bis", "au III bis", "in III bis"),
    ],
)
def test_places_are_cited(place, french, english):
    assert in_words(place, "fr") == french
    assert in_words(place, "en") == english


def test_places_are_named_beyond_ten():
    assert named("I, al. 11", "fr") == "le 11e alinéa du I"
    assert after("I, al. 1", "fr") == "après le premier alinéa du I"
    assert (rank(11, "en"), rank(10, "en")) == ("11th", "tenth")


def test_an_article_that_the_bill_leaves_alone_is_amended_as_it_stands():
    found = told({"cotisations.csg.salaires.deductible": 0.07, "impot_revenu.decote.personne_seule": 900}, bill="plf_2024", title="Projet")
    assert "À l'article 154 quinquies du code général des impôts, au I," in found
    assert "À l'article 197 du code général des impôts, dans sa rédaction résultant du « Projet »" in found
