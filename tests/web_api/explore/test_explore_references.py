"""References, however the law's files give them."""

import pytest

from web_api.explore.references import Reference, references_of


@pytest.mark.parametrize(
    "given, expected",
    [
        (None, []),
        ("CGI, art. 197", [("CGI, art. 197", "")]),
        ("CGI, art. 197 https://a.fr/197?b=c", [("CGI, art. 197", "https://a.fr/197?b=c")]),
        ("Loi (art. 2) : https://a.fr/x.", [("Loi (art. 2)", "https://a.fr/x")]),
        ("Loi (https://a.fr/x)", [("Loi", "https://a.fr/x")]),
        ("https://a.fr", [("https://a.fr", "https://a.fr")]),
        (["un", "deux", "un"], [("un", ""), ("deux", "")]),
        ({"title": "Décret", "href": "https://a.fr"}, [("Décret", "https://a.fr")]),
        ({"title": "Décret", "href": "javascript:alert(1)"}, [("Décret", "")]),
        ({"href": "https://a.fr"}, [("https://a.fr", "https://a.fr")]),
        (
            {"2020-01-01": "Loi A https://a.fr", "2021-01-01": [{"title": "Loi B"}]},
            [("2020-01-01\N{NO-BREAK SPACE}: Loi A", "https://a.fr"), ("2021-01-01\N{NO-BREAK SPACE}: Loi B", "")],
        ),
        (5, [("5", "")]),
    ],
)
def test_titles_and_addresses(given, expected):
    assert references_of(given) == tuple(Reference(*each) for each in expected)


def test_the_first_that_has_any():
    assert references_of(None, "", "A") == references_of("A", "B") == (Reference("A"),)
