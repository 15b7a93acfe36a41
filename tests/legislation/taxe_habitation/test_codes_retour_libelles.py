"""Every return code that the law can give has a sentence that says what is wrong, and no other code has one."""

import runpy
from pathlib import Path

import pytest

from engine.errors import ParameterNotFoundError
from engine.parameters import ParameterNode
from legislation.taxe_habitation.codes_retour import libelles_codes_retour

# Controls that the law has as the program has them, and that an earlier one hides (the tests of the codes say which).
HIDDEN = {70, 1006}


@pytest.fixture(scope="module")
def libelles():
    return libelles_codes_retour()


@pytest.fixture(scope="module")
def exercised():
    """The codes that the tests of the controls reach."""
    of_bills, of_parts = (runpy.run_path(str(Path(__file__).with_name(f"test_codes_retour_{part}.py"))) for part in ("cote", "modules"))
    codes = {case[0] for case in [*of_bills["CASES"], *of_bills["OLDER_YEARS"]]} | {code for _, cases in of_parts["CASES"].values() for code, *_ in cases}
    return codes - {0}


def test_each_code_that_an_input_reaches_has_a_sentence(libelles, exercised):
    assert len(exercised) > 200
    assert sorted(exercised - set(libelles)) == []


def test_no_other_code_has_one_but_those_that_earlier_controls_hide(libelles, exercised):
    assert set(libelles) - exercised == HIDDEN
    assert 0 not in libelles


def test_the_sentences_are_sentences_and_differ(libelles):
    assert {code: phrase for code, phrase in libelles.items() if not (phrase[0].isupper() and phrase.endswith(".") and phrase.count(". ") == 0)} == {}
    assert {code: phrase for code, phrase in libelles.items() if len(phrase) > 140} == {}
    assert len(set(libelles.values())) == len(libelles)


@pytest.mark.parametrize(
    "code, phrase",
    [
        (40, "La majoration des résidences secondaires est instituée hors des départements où elle peut l'être."),
        (2367, "L'abattement spécial à la base de la commune en 2003, avant ajustement, dépasse le montant maximal."),
        (4312, "Le nombre de parts des personnes rattachées n'est pas un nombre entier, positif ou nul, de quarts de part."),
    ],
)
def test_a_sentence_says_what_is_wrong(libelles, code, phrase):
    assert libelles[code] == phrase


def test_the_table_is_that_of_the_parameters_of_the_law(loi, libelles):
    assert libelles_codes_retour(loi.parameters) == libelles


def test_parameters_without_the_table_are_told():
    with pytest.raises(ParameterNotFoundError, match="taxe_habitation"):
        libelles_codes_retour(ParameterNode(""))
