"""Random laws over several entities, and the same formulas run variable by variable on plain arrays.

`PlainView` answers as the views of formulas do, with loops over rows: a formula, which is one line of text, runs on both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from country import World, members_of, project
from graph_law import CHILD, COUNTRY, DECLARANT, FIRST, HEAD, HOUSE, PERSON, TAX, TOWN, law, variable

ENTITIES = {"person": PERSON, "house": HOUSE, "tax": TAX, "town": TOWN}
INPUTS = {"person_1": "person", "person_2": "person", "house_1": "house", "tax_1": "tax", "town_1": "town", "person_0": "person", "house_0": "house"}
DEFAULTS = {"person_0": 1.5, "house_0": 0.0}  # never given
ROLE_NUMBERS = {HEAD: ("house", [0]), CHILD: ("house", [2]), DECLARANT: ("tax", [0, 1]), FIRST: ("tax", [0])}
UP = {"person": ["house", "tax"], "house": ["town"], "tax": [], "town": []}
MEMBER = {"house": "person", "tax": "person", "town": "house"}

# what a formula of an entity may read: {person}, {house} … stand for the name of a variable of that entity
READS = {
    "person": """e("{person}", p); e("{person}", p); e.house("{house}", p); e.tax("{tax}", p); e.town("{town}", p); e.house.town("{town}", p);
        e.has_role(CHILD) * 1.0; e.house.sum(e.house.members("{person}", p)); e.house.nb_persons() * 1.0""",
    "house": """e("{house}", p); e("{house}", p); e.town("{town}", p); e.sum(e.members("{person}", p)); e.sum(e.members("{person}", p), role=CHILD);
        e.head("{person}", p); e.nb_persons() * 1.0; e.sum(e.members.tax("{tax}", p)); e.max(e.members("{person}", p)); e.any(e.members("{person}", p) > 2) * 1.0;
        e.value_nth_person(1, e.members("{person}", p), default=-1.0)""",
    "tax": """e("{tax}", p); e.sum(e.members("{person}", p)); e.sum(e.members("{person}", p), role=DECLARANT); e.first("{person}", p);
        e.sum(e.members.house("{house}", p)); e.all(e.members("{person}", p) > 0) * 2.0; e.min(e.members("{person}", p))""",
    "town": """e("{town}", p); e.sum(e.members("{house}", p)); e.max(e.members("{house}", p)); e.sum(e.members.members("{person}", p)); e.nb_persons() * 1.0""",
}
READS = {key: [read.strip() for read in text.split(";")] for key, text in READS.items()}
SHAPES = """{0} + {1}; {0} - {1}; {0} * {1}; np.minimum({0}, {1}); np.maximum({0}, {1}); np.where({0} > {1}, {2}, {1}); np.where({0} > {1}, {2}, 0.0);
    np.where({0} > 1, 0.0, {1}) + np.where({0} > 1, 0.0, {2}); {0}; np.where({0} >= {1}, 1, 2) * {2}; ({0} > {1}) * {2}; {0} * 0; {0} + 0.0; np.floor({0} / 2) + {1};
    np.select([{0} > 3, {0} > 1], [{1}, {2}], {0}); clipped({0}, {1}); np.where({0} > {1}, {2}, {0}) - ({0} == {2})"""
SHAPES = [shape.strip() for shape in SHAPES.split(";")]


def clipped(values, bound):
    """Return the values with those above a bound written over, in place, as legal coders do."""
    result = values.copy()
    result[values > bound] = 1
    result[values < -bound] += bound[values < -bound]
    return result


NAMES = {"np": np, "CHILD": CHILD, "DECLARANT": DECLARANT, "clipped": clipped}


class Rows(np.ndarray):
    """An array that knows whose rows it has."""

    entity = ""

    def __array_finalize__(self, source):
        self.entity = getattr(source, "entity", self.entity)


def rows_of(values, entity):
    rows = np.asarray(values).view(Rows)
    rows.entity = entity
    return rows


class PlainView:
    """The rows of an entity, answering with arrays of the rows of `home`, to which `back` leads."""

    def __init__(self, run, entity, back=lambda values, default: values):
        self.run, self.entity, self.back = run, entity, back

    def __call__(self, name, at):
        return self.back(rows_of(self.run.value(name), self.entity), DEFAULTS.get(name, 0.0))

    def __getattr__(self, name):
        if name in ENTITIES:
            return self._above(name)
        role = {"head": HEAD, "first": FIRST}[name]
        return PlainView(self.run, "person", lambda values, default: self.back(self._nth(values, 0, default, role), default))

    def _above(self, target):
        steps = {"house": ["house"], "tax": ["tax"], "town": ["house", "town"]}[target] if self.entity == "person" else ["town"]

        def back(values, default):
            for step in reversed(steps):
                values = rows_of(project(values, getattr(self.run.world, step), default), {"town": "house"}.get(step, "person"))
            return self.back(values, default)

        return PlainView(self.run, target, back)

    @property
    def members(self):
        return PlainView(self.run, MEMBER[self.entity])

    def _lists(self, values, role=None):
        world = self.run.world
        if self.entity == "town" and values.entity == "person":
            values = [float(sum(each)) for each in members_of(values, world.house, world.counts["house"])]
        index = world.town if self.entity == "town" else getattr(world, self.entity)
        roles = {"house": world.house_roles, "tax": world.tax_roles}.get(self.entity)
        return members_of(values, index, world.counts[self.entity], roles, None if role is None else ROLE_NUMBERS[role][1])

    def _nth(self, values, place, default, role=None):
        return np.array([each[place] if len(each) > place else default for each in self._lists(values, role)], dtype=float)

    def _reduced(self, function, values, role, kind=float):
        return self.back(np.array([function(each) for each in self._lists(values, role)], dtype=kind), 0)

    def sum(self, values, role=None):
        return self._reduced(sum, values, role)

    def any(self, values, role=None):
        return self._reduced(any, values, role, bool)

    def all(self, values, role=None):
        return self._reduced(all, values, role, bool)

    def min(self, values, role=None):
        return self._reduced(lambda each: np.minimum.reduce(each, initial=np.inf), values, role)

    def max(self, values, role=None):
        return self._reduced(lambda each: np.maximum.reduce(each, initial=-np.inf), values, role)

    def nb_persons(self, role=None):
        return self._reduced(len, rows_of(np.ones(self.run.world.counts[MEMBER[self.entity]]), MEMBER[self.entity]), role, int)

    def value_nth_person(self, place, values, default):
        return self.back(self._nth(values, place, default), default)

    def has_role(self, role):
        group, numbers = ROLE_NUMBERS[role]
        return np.isin(self.run.world.house_roles if group == "house" else self.run.world.tax_roles, numbers)


class PlainRun:
    """Runs formulas one after the other on the arrays of a world."""

    def __init__(self, world, formulas):
        self.world, self.formulas, self.known = world, formulas, dict(world.values)

    def value(self, name):
        if name in DEFAULTS:
            return np.full(self.world.counts[INPUTS[name]], DEFAULTS[name])
        return self.known[name].copy()

    def run(self):
        with np.errstate(all="ignore"):
            for name, text in self.formulas.items():
                view = PlainView(self, name.split("_")[0])
                self.known[name] = np.asarray(eval(text, {**NAMES, "e": view, "p": None}), dtype=float)  # noqa: S307 - the formulas are ours
        return self.known


@dataclass
class RandomLaw:
    """Formulas by name of variable; the name says the entity."""

    formulas: dict
    wanted: list

    def __repr__(self):
        return "RandomLaw(\n" + "\n".join(f"  {name} = {text}" for name, text in self.formulas.items()) + f"\n  -> {self.wanted})"

    def legislation(self):
        inputs = [variable(name, ENTITIES[entity], default_value=DEFAULTS.get(name, 0.0)) for name, entity in INPUTS.items()]
        rules = [variable(name, ENTITIES[name.split("_")[0]], _formula(text)) for name, text in self.formulas.items()]
        return law(*inputs, *rules, entities=COUNTRY)


def _formula(text):
    code = compile(text, "<random law>", "eval")
    return lambda e, p: eval(code, {**NAMES, "e": e, "p": p})  # noqa: S307 - the formulas are ours


@st.composite
def random_laws(draw, most=12):
    names = {entity: [name for name, of in INPUTS.items() if of == entity] for entity in ENTITIES}
    formulas = {}
    for number in range(draw(st.integers(2, most))):
        entity = draw(st.sampled_from(["person", "person", "house", "house", "tax", "town"]))
        reads = [draw(st.sampled_from(READS[entity])).format(**{key: draw(st.sampled_from(found)) for key, found in names.items()}) for _ in range(3)]
        name = f"{entity}_f{number}"
        formulas[name] = draw(st.sampled_from(SHAPES)).format(*reads)
        names[entity].append(name)
    wanted = draw(st.lists(st.sampled_from(sorted(formulas)), unique=True, min_size=1, max_size=4))
    return RandomLaw(formulas, wanted)


@st.composite
def linked_worlds(draw, most=7):
    """Return a world whose links may be one to one, in any order, or with some who belong to nobody."""
    alike = draw(st.booleans())
    count = draw(st.integers(1, most))
    counts = {"person": count, "house": count, "tax": count, "town": count} if alike else {entity: draw(st.integers(1, most)) for entity in ENTITIES}

    def link(member, group):
        kind = draw(st.sampled_from(["same", "same", "any", "some"] if alike else ["any", "some"]))
        if kind == "same":
            return np.arange(count)
        low = 0 if kind == "any" else -1
        return np.array(draw(st.lists(st.integers(low, counts[group] - 1), min_size=counts[member], max_size=counts[member])), dtype=np.int64)

    def roles(index):
        found = np.array(draw(st.lists(st.integers(0, 2), min_size=counts["person"], max_size=counts["person"])), dtype=np.int64)
        return np.where(index >= 0, found, -1)

    house, tax, town = link("person", "house"), link("person", "tax"), link("house", "town")
    amounts = st.integers(-20, 40).map(lambda number: number / 4)
    values = {
        name: np.array(draw(st.lists(amounts, min_size=counts[entity], max_size=counts[entity])), dtype=float)
        for name, entity in INPUTS.items()
        if name not in DEFAULTS
    }
    return World(counts, house, roles(house), tax, roles(tax), town, values)
