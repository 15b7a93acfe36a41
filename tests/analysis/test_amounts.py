"""Amounts in both languages: one form each, no minus before nothing, and what is read is what is meant."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.amounts import MINUS, NO_BREAK, THIN, count, euros, large_euros, number, share

LANGUAGES = st.sampled_from(("fr", "en"))
AMOUNTS = st.floats(-1e13, 1e13) | st.floats(-2, 2) | st.sampled_from((0.0, -0.0, 999_999.5, 9_995_000.0, 999_999_999.0, -999_500_000.0, 99_950_000.0))
WHOLE = {"fr": rf"\d{{1,3}}({THIN}\d{{3}})*(,\d+)?", "en": r"\d{1,3}(,\d{3})*(\.\d+)?"}
FORMS = {
    "fr": re.compile(rf"[+{MINUS}]?{WHOLE['fr']}{NO_BREAK}(Md€|M€|€)( ±{NO_BREAK}{WHOLE['fr']})?"),
    "en": re.compile(rf"[+{MINUS}]?€{WHOLE['en']}(bn|m)?( ±{NO_BREAK}{WHOLE['en']})?"),
}
FACTORS = (("Md€", 1e9), ("M€", 1e6), ("bn", 1e9), ("m", 1e6))


def read(text, language):
    """Return the number that a reader reads, and the last unit that it tells."""
    factor = next((factor for unit, factor in FACTORS if text.endswith(unit)), 1.0)
    bare = re.sub(r"[^\d.,+−]", "", text)
    bare = bare.replace(",", ".") if language == "fr" else bare.replace(",", "")
    digits = len(bare.partition(".")[2])
    return float(bare.replace(MINUS, "-")) * factor, factor * 10**-digits


@given(AMOUNTS, LANGUAGES, st.booleans())
def test_amounts_have_one_form_and_no_sign_before_nothing(value, language, signed):
    for text in (euros(value, language, signed=signed), large_euros(value, language, signed=signed)):
        assert FORMS[language].fullmatch(text), text
        assert "-" not in text
        assert text[0] not in f"+{MINUS}" or re.search("[1-9]", text)
        found, last = read(text, language)
        assert math.isclose(found, value, rel_tol=1e-12, abs_tol=last * 0.5000001)


@given(AMOUNTS, LANGUAGES)
def test_a_plus_stands_only_where_it_is_wanted(value, language):
    plain, signed = (large_euros(value, language, signed=wanted) for wanted in (False, True))
    assert signed == (f"+{plain}" if value > 0 and re.search("[1-9]", plain) else plain)


@given(st.floats(1, 1e13), LANGUAGES)
def test_large_amounts_have_three_figures_and_none_of_a_thousand_millions(value, language):
    text = large_euros(value, language)
    whole = re.sub(r"\D", "", text)
    if "bn" in text or "Md€" in text or not ("m" in text or "M€" in text):
        assert len(whole) >= 3 or value < 1_000
    else:
        assert len(whole) == 3, text


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_more_is_never_told_as_less(one, other):
    low, high = sorted((one, other))
    assert read(large_euros(low, "en"), "en")[0] <= read(large_euros(high, "en"), "en")[0]


@given(AMOUNTS, st.integers(0, 4))
def test_both_languages_tell_the_same_digits(value, decimals):
    french, english = (number(value, decimals, language) for language in ("fr", "en"))
    assert french.replace(",", ".").replace(THIN, ",") == english


@given(st.floats(-1e9, 1e9), LANGUAGES)
def test_errors_are_told_in_the_unit_of_the_amount(value, language):
    text = large_euros(value, language, abs(value) / 2)
    assert FORMS[language].fullmatch(text)
    assert large_euros(value, language, 0.0) == large_euros(value, language, None) == text.partition(" ±")[0]


@pytest.mark.parametrize(
    "found, expected",
    [
        (euros(-0.4), "0 €"),
        (euros(-1234.5), "−1 234 €"),
        (euros(1234.0, "en"), "€1,234"),
        (euros(-1234.0, "en"), "−€1,234"),
        (euros(12.5, "en", 2, signed=True), "+€12.50"),
        (large_euros(82.1e9), "82,1 Md€"),
        (large_euros(1.2286e12, "en"), "€1,229bn"),
        (large_euros(1.2e9, "en", signed=True), "+€1.20bn"),
        (large_euros(-1.2e6, "en"), "−€1.20m"),
        (large_euros(999_600.0), "999 600 €"),
        (large_euros(999_999_999.0), "1,00 Md€"),
        (large_euros(720e6, "fr", 50e6, signed=True), "+720 M€ ± 50"),
        (share(0.0264, signed=True), "+2,6 %"),
        (share(-0.00001, "en", signed=True), "0.0%"),
        (count(40_748_793), "40,7 M"),
        (count(243.0, "en"), "243"),
        (count(12_345, "en"), "12,345"),
    ],
)
def test_as_readers_of_each_language_write(found, expected):
    assert found.replace(THIN, " ").replace(NO_BREAK, " ") == expected


def test_french_spaces_are_those_of_its_locale():
    assert (euros(1234.0), large_euros(1e9), share(0.5)) == (f"1{THIN}234{NO_BREAK}€", f"1,00{NO_BREAK}Md€", f"50,0{THIN}%")
