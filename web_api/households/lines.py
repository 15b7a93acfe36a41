"""What a card lists: levies and benefits of the law, with their labels and articles, and how they are added up over a household."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.measures import Measure, catalogue, periods_of
from engine.periods import period
from web_api.words import say, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.legislation import Legislation
    from engine.traces import Key
    from engine.variables import Rule
    from web_api.households.situation import Rows

    Floats = np.ndarray[Any, np.dtype[np.float64]]

BESIDE: Final = (
    Measure(
        "participation_retraite_complementaire",
        "Participation du chômeur à sa retraite complémentaire",
        is_levy=True,
        plus=("participation_retraite_complementaire",),
    ),
    Measure("crds_prestations", "CRDS sur les prestations", is_levy=True, plus=("crds_prestations",)),
    Measure("aides_au_logement", "Aides au logement (données)", is_levy=False, plus=("aides_au_logement",)),
)
"""What the catalogue of reforms' effects leaves out, and a household's income holds."""
SUMS: Final = ("revenu_disponible", "niveau_de_vie", "nombre_parts", "taux_marginal", "revenus_nets_de_la_personne", "revenus_du_patrimoine")
GROSS: Final = ("salaire_brut", "chomage_brut", "retraite_brute", "pensions_invalidite", "benefices_nets", "pensions_alimentaires_percues")
MAIN: Final = ("impot_revenu", "taxe_habitation")
"""Lines that a card shows even where they are zero."""


@dataclass(frozen=True)
class Asked:
    """What is computed for every household: measures, and variables by period."""

    measures: tuple[Measure, ...]
    keys: tuple[Key, ...]
    codes: Mapping[str, str]
    """By variable, the variable of the code under which the law refuses a row."""


@lru_cache(maxsize=32)
def asked(law: Legislation, year: int) -> Asked:
    """Return what is computed under a law in force; the laws that change it are asked for the same."""
    measures = (*catalogue().of_law(law), *BESIDE)
    names = list(dict.fromkeys([*(name for each in measures for name in each.variables), *SUMS, *GROSS]))
    codes = {name: code for name in names if (code := law.refusal_of(law.variable(name))) is not None}
    keys = [(name, at) for name in (*names, *codes.values()) for at in periods_of(law.variable(name), period(year))]
    return Asked(measures, tuple(dict.fromkeys(keys)), codes)


class Values:
    """The values of one law, added up over the year and over each household."""

    def __init__(self, law: Legislation, year: int, rows: Rows, values: Mapping[Key, Any], wanted: Asked) -> None:
        self.law = law
        self.rows = rows
        self.wanted = wanted
        self._values = values
        self._at = period(year)
        count = np.arange(len(rows.households))
        of_persons = np.array([row for row, _, _ in rows.persons], np.int64)
        of_returns = np.array([row for row, _ in rows.returns], np.int64)
        self._household_of = {"individu": of_persons, "foyer_fiscal": of_returns}
        self._each = count

    def yearly(self, name: str) -> Floats:
        """Return a variable's sum over the year, one per row of its entity; nothing where the law refuses the row."""
        rule = self.law.variable(name)
        total = sum(np.asarray(self._values[name, at], np.float64) for at in periods_of(rule, self._at))
        refused = self.refused(name)
        return np.asarray(total if refused is None else np.where(refused != 0, 0.0, total), np.float64)

    def refused(self, name: str) -> Any:
        """Return the code under which the law refuses each row, 0 where it does not; None where it never does."""
        code = self.wanted.codes.get(name)
        return None if code is None else self._values[code, self._at]

    def by_household(self, name: str) -> Floats:
        """Return a variable's sum over each household."""
        values, entity = self.yearly(name), self.law.variable(name).entity.key
        return np.asarray(np.bincount(self._household_of.get(entity, self._each), values, len(self._each)), np.float64)

    def most(self, name: str) -> Floats:
        """Return the largest value over each household's rows."""
        found = np.full(len(self._each), -np.inf)
        np.maximum.at(found, self._household_of.get(self.law.variable(name).entity.key, self._each), self.yearly(name))
        return found

    def of_measure(self, measure: Measure) -> Floats:
        """Return a levy or benefit by household."""
        total = sum((self.by_household(name) for name in measure.plus), start=np.zeros(len(self._each)))
        return total - sum((self.by_household(name) for name in measure.minus), start=np.zeros(len(self._each)))

    def refusals(self, row: int) -> list[tuple[int, str]]:
        """Return the codes under which the law refuses a household's bill, with what each means."""
        codes = dict.fromkeys(int(self._values[code, self._at][row]) for code in dict.fromkeys(self.wanted.codes.values()))
        return [(code, self.law.refusal_labels.get(code, "")) for code in codes if code]


def references_of(rule: Rule) -> list[str]:
    """Return the articles of a variable."""
    return [str(each) for each in rule.reference]


def label_of(measure: Measure, language: str) -> str:
    """Return a measure's name in a language; the catalogue's own, in French, for one that has none."""
    key = f"households.line_{measure.name}"
    return say(language, key) if key in words(language) else measure.label
