"""Words that a formula or a variable uses to say how values of several periods combine.

`person("salaire", period, options=[ADD])` sums the shorter periods within; `[DIVIDE]` takes the share of a longer one.
`calculate_output = calculate_output_add` says that a result asked for a longer period is such a sum.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.periods import Period


class Option(StrEnum):
    """How a formula reads a variable whose periods are shorter or longer than the one it asks for."""

    ADD = "add"
    DIVIDE = "divide"


ADD: Final = Option.ADD
DIVIDE: Final = Option.DIVIDE


class SupportsOutput(Protocol):
    """What a calculation of outputs needs of a simulation."""

    def calculate_add(self, variable_name: str, period: Period) -> Any:
        """Return the sum over the variable's own periods within `period`."""

    def calculate_divide(self, variable_name: str, period: Period) -> Any:
        """Return the share of `period` in the variable's own, longer period."""


def calculate_output_add(simulation: SupportsOutput, variable_name: str, period: Period) -> Any:
    """Return the output of a variable for a longer period as the sum of its values; used as `calculate_output`."""
    return simulation.calculate_add(variable_name, period)


def calculate_output_divide(simulation: SupportsOutput, variable_name: str, period: Period) -> Any:
    """Return the output of a variable for a shorter period as a share of its value; used as `calculate_output`."""
    return simulation.calculate_divide(variable_name, period)


if TYPE_CHECKING:
    OutputRule = Callable[[SupportsOutput, str, Period], Any]
