"""What a reform may change: the taxes and benefits whose effect is measured, read from `mesures.yaml`.

Which variables of the law are taxes and which are benefits is data: a law that gains a benefit gains a line there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from engine.periods import ETERNITY, period

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.variables import Rule


@dataclass(frozen=True)
class Measure:
    """A tax or a benefit: the sum of the variables in `plus` less those in `minus`; a levy reduces a household's income."""

    name: str
    label: str
    is_levy: bool
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables of the law that say it."""
        return (*self.plus, *self.minus)


@dataclass(frozen=True)
class Catalogue:
    """The measures, and the variables that describe households, by what they say."""

    measures: tuple[Measure, ...]
    descriptions: dict[str, tuple[str, ...]]

    def of_law(self, law: Legislation) -> tuple[Measure, ...]:
        """Return the measures of which the law has all variables."""
        return tuple(measure for measure in self.measures if all(name in law.variables for name in measure.variables))

    def described_by(self, what: str, law: Legislation) -> tuple[Rule, ...]:
        """Return the law's variables that say something of households, the best first."""
        return tuple(law.variables[name] for name in self.descriptions.get(what, ()) if name in law.variables)


@cache
def catalogue() -> Catalogue:
    """Return the measures of the French law."""
    content = yaml.load((files("analysis") / "mesures.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    measures = [
        Measure(name, said["libelle"], kind == "prelevements", tuple(said["plus"]), tuple(said.get("moins", ())))
        for kind in ("prelevements", "prestations")
        for name, said in content[kind].items()
    ]
    return Catalogue(tuple(measures), {what: tuple(names) for what, names in content["descriptions"].items()})


def periods_of(rule: Rule, year: Period) -> list[Period]:
    """Return the periods of a variable within a year."""
    return [period(ETERNITY)] if rule.definition_period == ETERNITY else year.get_subperiods(rule.definition_period)
