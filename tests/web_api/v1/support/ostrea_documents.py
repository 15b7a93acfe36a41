"""Documents for the API over Ostrea's law: families as clients write them, and anything that JSON can say."""

from hypothesis import strategies as st

PERIODS = ("2020", "2020-01", "2021-06", "2019-12-31", "2020-W10", "month:2020-01:3", "year:2019:2", "eternity", "")
OF_PERSONS = {
    "salary": st.floats(0, 1e6) | st.integers(0, 10**6),
    "birth_date": st.dates().map(str),
    "occupation": st.sampled_from(["none", "fisher", "farmer", "clerk"]),
    "nets_owned": st.integers(0, 50),
    "is_ill": st.booleans(),
    "nickname": st.text(max_size=12),
}
ASKED_OF_PERSONS = (("income_tax", "2020"), ("age", "2020-03"), ("sea_dues", "2020"), ("lives_by_the_sea", "2020"))
ASKED_OF_HOUSEHOLDS = (("disposable_income", "2020"), ("heating_aid", "2020"), ("lucky_number", "2020"), ("child_allowance", "2020-03"), ("heating", "2020"))


@st.composite
def families(draw, shape=None):
    """Return a household of some persons, with values given and asked for; those of one shape give and ask the same."""
    shape = shape or draw(shapes())
    given_, asked, asked_of_household = shape
    count = draw(st.integers(1, 4))
    persons = {}
    for number in range(count):
        said = {name: {period: draw(OF_PERSONS[name])} for name, period in given_ if name in OF_PERSONS}
        persons[f"p{number}"] = {**said, **{name: {period: None} for name, period in asked}}
    home = {"adults": [f"p{number}" for number in range(min(count, 2))], "children": [f"p{number}" for number in range(2, count)]}
    home |= {name: {period: None} for name, period in asked_of_household}
    return {"persons": persons, "households": {"h": home | {"rent": {"2020": draw(st.integers(0, 20_000))}}}}


@st.composite
def shapes(draw):
    """Return what families of one shape give and ask for."""
    given_ = [("salary", "2020"), *draw(st.lists(st.sampled_from([("birth_date", "eternity"), ("nets_owned", "2020")]), unique=True))]
    asked = draw(st.lists(st.sampled_from(ASKED_OF_PERSONS[:2]), unique=True))
    return given_, asked, draw(st.lists(st.sampled_from(ASKED_OF_HOUSEHOLDS[:4]), unique=True, min_size=1))


ENTITIES = ("persons", "person", "households", "household", "tax_households", "dwellings", "towns", "axes")
VARIABLES = ("salary", "birth_date", "age", "income_tax", "rent", "heating", "nickname", "occupation", "is_ill", "disposable_income", "lucky_number")
OTHERS = ("adults", "children", "first_adult", "household_id", "household_role", "declarants", "p0", "p1", "h", "name", "min", "max", "count", "index")
NAMES = st.sampled_from((*ENTITIES, *VARIABLES, *OTHERS, *PERIODS))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["p0", "p1", "h", "2020", "2020-02-30", "0001-01-01", "9999-12-31", "wood", "fisher", "\x00", "é", "a/b~c", "-1", "year:2020:99999999999"]
    )
)
ANYTHING = st.recursive(LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES | st.text(max_size=4), below, max_size=4), max_leaves=12)
DOCUMENTS = st.dictionaries(NAMES | st.text(max_size=4), ANYTHING, max_size=5)


@st.composite
def spoilt(draw):
    """Return a family in which something was put in the place of something else."""
    document = draw(families())
    at = document
    for _ in range(draw(st.integers(0, 4))):
        below = [key for key, value in at.items() if isinstance(value, dict)]
        if not below:
            break
        at = at[draw(st.sampled_from(below))]
    key = draw(st.sampled_from([*at, "x"]) | NAMES)
    at[key] = draw(ANYTHING)
    if draw(st.booleans()):
        document["axes"] = draw(st.lists(st.lists(AXES, max_size=2), max_size=2) | ANYTHING)
    return document


AXES = st.fixed_dictionaries(
    {"name": st.sampled_from(["salary", "rent", "nets_owned", "heating"]), "min": st.integers(-10, 10), "max": st.integers(-10, 10**9)},
    optional={"count": st.integers(-1, 9) | st.integers(), "period": st.sampled_from(PERIODS), "index": st.integers(-2, 3)},
)
