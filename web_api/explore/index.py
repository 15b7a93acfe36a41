"""Search over the variables and figures of a law, by the words of their names, labels and ancestors; accents and case do not count.

Every word that is asked for must be found, anywhere. What has a word in its name comes before what has it in its label, and that before what
has it in the names and labels of what it stands in; whole words come before beginnings of words, and these before parts.

Each word of the law is compared once with each word asked for, however often it stands: a search among 8,000 entries takes some milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.legislation import Legislation
    from engine.parameters import ParameterNode

    Integers = NDArray[np.int64]

VARIABLE, PARAMETER = "variable", "parameter"
LITTLE_WORDS: Final = frozenset("a au aux d de des du en et l la le les of or ou s sur the to un une".split())  # noqa: SIM905 - words are read as words
"""Words that tell nothing, left out where others are asked for."""
WEIGHTS: Final = (100, 30, 5)
"""Of a word that is found in the name, in the label, in what it stands in."""
WHOLE, BEGINNING, PART = 3, 2, 1
_SEPARATORS: Final = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Return a text without accents and case, its words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return _SEPARATORS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()


def words_of(query: str) -> list[str]:
    """Return the words that are asked for."""
    found = list(dict.fromkeys(folded(query).split()))
    return [word for word in found if word not in LITTLE_WORDS] or found


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable or an item of the tree of figures; `place` is what it stands in, as readers are told.

    `fields` are its texts as they are searched: name, label and ancestors.
    """

    kind: str
    name: str
    label: str
    sort: str
    place: str
    fields: tuple[str, str, str]


@dataclass(frozen=True)
class Found:
    """What a search found: the first entries, the best first, and how many there are in all."""

    entries: tuple[Entry, ...]
    count: int


@dataclass(frozen=True, eq=False)
class Index:
    """All entries of a law."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, legislation: Legislation) -> Index:
        """Return the index of a law: its variables, then its figures, scales, tables and branches."""
        return cls((*_variables(legislation), *_parameters(legislation.parameters)))

    @cached_property
    def _rows(self) -> tuple[list[str], Integers, Integers, Integers]:
        """The law's words; then, a row for each word of each field, the word's number and its weight; then each entry's first row."""
        known: dict[str, int] = {}
        rows: list[tuple[int, int]] = []
        firsts = []
        for entry in self.entries:
            firsts.append(len(rows))
            for weight, text in zip(WEIGHTS, entry.fields, strict=True):
                rows += [(known.setdefault(word, len(known)), weight) for word in dict.fromkeys(text.split())]
        words, weights = np.array(rows, np.int64).reshape(-1, 2).T
        return list(known), words, weights, np.array(firsts, np.int64)

    @cached_property
    def _order(self) -> tuple[Integers, NDArray[np.bool_]]:
        """Each entry's rank by the length of its name, then the name itself; and which are variables."""
        ranked = sorted(range(len(self.entries)), key=lambda place: (len(self.entries[place].name), self.entries[place].name))
        ranks = np.empty(len(ranked), np.int64)
        ranks[ranked] = np.arange(len(ranked))
        return ranks, np.array([entry.kind == VARIABLE for entry in self.entries], np.bool_)

    def search(self, query: str, most: int, kind: str = "") -> Found:
        """Return the entries that hold all words of a query, of one kind where it is said."""
        words = words_of(query)
        if not words or not self.entries:
            return Found((), 0)
        scores = [self._scores(word) for word in words]
        ranks, are_variables = self._order
        fits = np.logical_and.reduce([each > 0 for each in scores])
        if kind:
            fits &= are_variables if kind == VARIABLE else ~are_variables
        places = np.flatnonzero(fits)
        total, wanted = np.sum(scores, axis=0), folded(query)
        named = np.array([self.entries[place].fields[0] == wanted for place in places.tolist()], np.bool_)
        best = places[np.lexsort((ranks[places], -total[places], ~named))][:most]
        return Found(tuple(self.entries[place] for place in best.tolist()), len(places))

    def _scores(self, word: str) -> Any:
        """Return how well a word fits each entry, 0 where it is not found; a single Latin letter must begin a word."""
        known, words, weights, firsts = self._rows
        fits = [0 if word not in each else WHOLE if word == each else BEGINNING if each.startswith(word) else PART for each in known]
        of_words = np.array(fits, np.int64)
        if len(word) == 1 and word.isascii():
            of_words[of_words == PART] = 0
        return np.maximum.reduceat(of_words[words] * weights, firsts)


def _variables(legislation: Legislation) -> Iterator[Entry]:
    for rule in legislation.variables.values():
        ancestors = f"{rule.entity.key} {rule.entity.label} {rule.module}"
        fields = (folded(rule.name), folded(rule.label), folded(ancestors))
        yield Entry(VARIABLE, rule.name, rule.label, "input" if rule.is_input else "formula", rule.entity.label or rule.entity.key, fields)


def _parameters(tree: ParameterNode) -> Iterator[Entry]:
    ancestors: dict[str, str] = {"": ""}
    for item in tree.descendants():
        above, _, last = item.name.rpartition(".")
        label = item.description or ""
        own, said = folded(last), folded(label)
        stands_in = ancestors[above]
        ancestors[item.name] = f"{stands_in} {own} {said}"
        yield Entry(PARAMETER, item.name, label, item.sort.value, above, (own, said, stands_in))
