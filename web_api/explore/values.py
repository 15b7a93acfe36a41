"""Values, units and dates of the law as readers of a page see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.explaining import currency_of
from engine.explanation.words import words_of
from web_api.words import say

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from engine.variables import Rule

FIRST_DAY: Final = "0001-01-01"
_UNITS: Final = {
    "currency": "unit_currency",
    "/1": "unit_share",
    "percent": "unit_percent",
    "year": "unit_year",
    "month": "unit_month",
    "day": "unit_day",
    "hour": "unit_hour",
    "person": "unit_person",
}


@dataclass(frozen=True)
class Teller:
    """Tells values in a language, amounts of money in the law's currency where it is known."""

    language: str
    currency: str

    @classmethod
    def of(cls, legislation: Legislation, language: str) -> Teller:
        """Return the teller of a law."""
        return cls(language, currency_of(legislation))

    def say(self, key: str, **values: Any) -> str:
        """Return words of this part."""
        return say(self.language, f"explore.{key}", **values)

    def value(self, value: Any, unit: str = "") -> str:
        """Return a value with its unit."""
        if value is None:
            return self.say("no_value")
        if isinstance(value, bool | int | float | str | list | tuple):
            return words_of(self.language).value(value, unit, self.currency)
        return str(value)

    def unit(self, unit: str | None) -> str:
        """Return a unit in words, as it is written where it is none of the known ones."""
        if not unit:
            return ""
        if unit == "currency" and not self.currency:
            return self.say("unit_money")
        return self.say(_UNITS[unit]) if unit in _UNITS else unit

    def type(self, rule: Rule) -> str:
        """Return the type of a variable in words."""
        name = "Enum" if rule.possible_values is not None else str(rule.value_type.__name__)
        return self.say(f"type_{name}") if name in {"Enum", "bool", "int", "float", "str", "date"} else name

    def since(self, start: str) -> str:
        """Return a date from which something holds."""
        return self.say("always") if start <= FIRST_DAY else start
