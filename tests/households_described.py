"""Households as the model takes them, for hypothesis."""

from hypothesis import strategies as st

from web_api.households.model import OF_COUPLES, OF_SINGLES, Household

AMOUNTS = st.one_of(st.just(0.0), st.floats(0, 20_000).map(lambda each: round(each, 2)))
ADULTS = st.fixed_dictionaries(
    {
        "age": st.integers(18, 110),
        "wages": AMOUNTS,
        "pensions": AMOUNTS,
        "unemployment": AMOUNTS,
        "profits": AMOUNTS,
        "alimony": AMOUNTS,
        "disability_pension": AMOUNTS,
        "category": st.sampled_from(["prive_non_cadre", "prive_cadre", "fonctionnaire"]),
        "disabled": st.booleans(),
        "student": st.booleans(),
    }
)
CHILDREN = st.fixed_dictionaries(
    {"age": st.integers(0, 24), "shared_custody": st.booleans(), "disabled": st.booleans(), "student": st.booleans(), "one_parent_only": st.booleans()}
).map(lambda child: {**child, "student": child["student"] or child["age"] > 20, "shared_custody": child["shared_custody"] and child["age"] < 18})
COMMUNES = ("75056", "87085", "97209", "97302", "97608", "2A004", "67482", "22016", "01001")


@st.composite
def descriptions(draw):
    """A household that the model takes, as JSON."""
    adults = draw(st.lists(ADULTS, min_size=1, max_size=2))
    children = draw(st.lists(CHILDREN, max_size=9))
    couple = len(adults) > 1
    described = {
        "adults": adults,
        "children": children,
        "status": draw(st.sampled_from(OF_COUPLES if couple else OF_SINGLES)),
        "lone_parent": not couple and bool(children) and draw(st.booleans()),
        "raised_child_alone": not couple and draw(st.booleans()),
        "veteran": draw(st.booleans()),
        "per": draw(st.sampled_from(["month", "year"])),
        "occupancy": draw(st.sampled_from(["tenant", "buying_owner", "owner", "housed_free"])),
        "commune": draw(st.sampled_from(COMMUNES)),
        "rental_value": draw(st.one_of(st.none(), st.integers(0, 100_000))),
        "taxed_by_scale": draw(st.booleans()),
    }
    for name in ("interests", "dividends", "rents", "net_property_income", "rent", "housing_aid"):
        described[name] = draw(AMOUNTS)
    return Household.model_validate(described).model_dump(mode="json")
