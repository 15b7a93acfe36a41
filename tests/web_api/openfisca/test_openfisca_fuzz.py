"""Whatever is sent, it is answered, and never by an error of the server."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MONTH = "2017-01"
ANSWERS = (200, 400, 404, 413, 422)
KNOWN = (
    "persons",
    "households",
    "household",
    "person",
    "axes",
    "adults",
    "children",
    "salary",
    "birth",
    "age",
    "status",
    "rent",
    "tax",
    "failing",
    "a",
    "b",
    "",
)
PERIODS = (MONTH, "2017", "ETERNITY", "month:2017-01:3", "2017-13", "0000", "day:2017", "9999-12", "-5", "year:2017:99999999", "2017-W01")

names = st.one_of(st.sampled_from(KNOWN), st.sampled_from(PERIODS), st.text(max_size=8))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(("1/0", "2**99", "owner", "1980-01-01")))
anything = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)), max_leaves=12)
values = st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-(10**20), 10**20), st.text(max_size=5), anything)
dated = st.one_of(st.dictionaries(st.sampled_from(PERIODS), values, min_size=1, max_size=3), anything)
person = st.dictionaries(st.sampled_from(("salary", "birth", "age", "is_rich", "tax", "failing", "circular", "rent")), dated, max_size=4)
variables_of_household = ("rent", "status", "name_of_town", "income", "tax_of_rich", "share_of_rent", "bonus")
members = st.one_of(st.lists(st.sampled_from(("a", "b", "c")), max_size=3), anything)
household = st.builds(
    lambda roles, said: {**roles, **said},
    st.dictionaries(st.sampled_from(("adults", "children")), members, max_size=2),
    st.dictionaries(st.sampled_from(variables_of_household), dated, max_size=4),
)
axis = st.fixed_dictionaries(
    {}, optional={name: st.one_of(scalars, st.just("salary"), st.just(MONTH)) for name in ("name", "min", "max", "count", "period", "index")}
)
situations = st.fixed_dictionaries(
    {"persons": st.dictionaries(st.sampled_from("abc"), person, max_size=3)},
    optional={
        "households": st.dictionaries(st.sampled_from(("h", "i")), household, max_size=2),
        "axes": st.one_of(anything, st.lists(st.lists(axis, max_size=2), max_size=2)),
    },
)
fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def check(client, path, body):
    answer = client.post(path, data=body)
    assert answer.status_code in ANSWERS, answer.get_data(as_text=True)
    text = answer.get_data(as_text=True)
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
    assert "Traceback" not in text
    assert "a secret of the server" not in text or answer.status_code == 422
    return answer


@fuzzed
@given(st.binary(max_size=60))
def test_any_bytes(client, body):
    assert check(client, "/calculate", body).status_code == 400


@fuzzed
@given(anything)
def test_any_document(client, document):
    check(client, "/calculate", json.dumps(document))


@fuzzed
@given(situations)
def test_anything_like_a_situation(client, situation):
    for path in ("/calculate", "/trace", "/calculate"):  # once more: the second time its shape may be known
        check(client, path, json.dumps(situation))


@fuzzed
@given(situations)
def test_anything_like_a_situation_twice_gives_the_same(client, situation):
    body = json.dumps(situation)
    first, second = (check(client, "/calculate", body) for _ in range(2))
    assert (first.status_code, first.get_data()) == (second.status_code, second.get_data())


@fuzzed
@given(st.text(max_size=20))
def test_any_name(client, name):
    for kind in ("variable", "parameter"):
        assert client.get(f"/{kind}/{name}").status_code in {200, 308, 404}
