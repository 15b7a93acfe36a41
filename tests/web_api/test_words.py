"""How the words of the pages are set: lines never break before a colon, within a number or inside quotation marks."""

import pytest

from web_api.words import LANGUAGES, say, typeset, words

SPACE = "\u00a0"


@pytest.mark.parametrize(
    "plain, expected",
    [
        ("Impôt : 10 %", f"Impôt{SPACE}: 10{SPACE}%"),
        ("« gain »", f"«{SPACE}gain{SPACE}»"),
        ("100 000 ménages et 12 enfants ; 0,50 €.", f"100{SPACE}000 ménages et 12 enfants{SPACE}; 0,50{SPACE}€."),
        ("Pourquoi ? {label}", f"Pourquoi{SPACE}? {{label}}"),
        ("le signe ± : un écart", f"le signe{SPACE}±{SPACE}: un écart"),
        ("{percent} %)", f"{{percent}}{SPACE}%)"),
        ("l'impôt d'avant", "l’impôt d’avant"),
        ("https://example.org/?a", "https://example.org/?a"),
    ],
)
def test_french_is_set_with_its_spaces(plain, expected):
    assert typeset(plain, "fr") == expected
    assert typeset(expected, "fr") == expected


def test_english_keeps_its_spaces():
    assert typeset("Tax: a veteran's 10 %", "en") == "Tax: a veteran’s 10 %"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_set(language):
    assert all(said == typeset(said, language) for said in words(language).values())
    assert "'" not in say(language, "law_text.opening")
