"""Search: which entries are found, and in which order."""

import pytest

from fictional_country import country
from legislation import france
from web_api.explore.index import Entry, Index, folded, words_of


def entry(kind, name, label="", ancestors=""):
    return Entry(kind, name, label, "figure", "", (folded(name), folded(label), folded(ancestors)))


INDEX = Index(
    (
        entry("parameter", "montant", "Montant", "prestations prime prime d’activité"),
        entry("variable", "rente", "Prime versée une fois"),
        entry("variable", "prime_activite", "Prime d’activité, par mois"),
        entry("variable", "primes", "Éléments de salaire"),
        entry("variable", "prime", "Tout"),
        entry("variable", "reprime", "Autre"),
        entry("variable", "cœur", "L’œuvre"),
    )
)


def names(query, **how):
    return [each.name for each in INDEX.search(query, 10, **how).entries]


def test_the_name_comes_before_the_label_and_that_before_the_ancestors():
    assert names("prime") == ["prime", "prime_activite", "primes", "reprime", "rente", "montant"]


@pytest.mark.parametrize("query", ["activité", "ACTIVITE", "activite  prime", "prime_activite", "d’activité"])
def test_accents_case_order_and_little_words_do_not_count(query):
    assert names(query)[0] == "prime_activite"


def test_all_words_must_be_found_in_any_field():
    assert names("prime montant") == ["montant"]
    assert names("prime absent") == []


def test_ligatures_are_read_as_letters():
    assert names("coeur") == names("cœur") == ["cœur"]
    assert names("oeuvre") == ["cœur"]


def test_other_scripts_are_searched_too():
    index = Index((entry("variable", "高等学校等就学費"), entry("variable", "年齢", "Âge Ελλάδα")))
    assert [each.name for each in index.search("学校", 5).entries] == ["高等学校等就学費"]
    assert [each.name for each in index.search("費", 5).entries] == ["高等学校等就学費"]
    assert [each.name for each in index.search("ΕΛΛΑΔΑ", 5).entries] == ["年齢"]


def test_one_kind_alone():
    assert names("prime", kind="parameter") == ["montant"]
    assert "montant" not in names("prime", kind="variable")


@pytest.mark.parametrize("query", ["", "   ", "!?", "’"])
def test_nothing_is_asked_for(query):
    assert INDEX.search(query, 10).count == 0


def test_little_words_count_where_there_are_no_others():
    assert words_of("de la") == ["de", "la"]
    assert words_of("taux de la csg") == ["taux", "csg"]


def test_the_first_are_given_and_all_are_counted():
    found = INDEX.search("prime", 2)
    assert ([each.name for each in found.entries], found.count) == (["prime", "prime_activite"], 6)


def test_everything_of_a_law_is_found_by_its_name():
    for law in (country(), france()):
        index = Index.of(law)
        assert {each.name for each in index.entries} == {*law.variables, *(item.name for item in law.parameters.descendants())}
        for each in index.entries[::40]:
            assert each in index.search(each.name, len(index.entries)).entries


def test_a_law_without_anything():
    assert Index(()).search("x", 10).count == 0
