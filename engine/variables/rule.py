"""A variable of the law as the engine knows it: an immutable rule with dated formulas.

A legal coder writes a class (see `variable.py`); the engine reads it once and keeps a `Rule`. Changing a rule, as a reform
does, makes another one. A rule knows the law only: no run, no population, no rule that it replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.errors import VariableDefinitionError
from engine.periods import ETERNITY, MONTH, DateUnit, Instant, Period
from engine.variables.enums import Enum, EnumArray
from engine.variables.values import Value, cast_array, check_value

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from engine.entities import Entity
    from engine.variables.inputs import InputRule
    from engine.variables.options import OutputRule

FormulaFunction = Callable[..., Any]
BEGINNING: Final = Instant((1, 1, 1))
WITH_PARAMETERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """One vintage of a rule's formula: the function in force from `start` on.

    `arity` is 2 for a function of rows and period, 3 for one that reads the law's figures too.
    """

    function: FormulaFunction
    start: Instant
    arity: int
    file: str
    line: int

    @property
    def takes_parameters(self) -> bool:
        """Whether the function reads figures of the law."""
        return self.arity == WITH_PARAMETERS

    @property
    def documentation(self) -> str:
        """The function's docstring."""
        return (self.function.__doc__ or "").strip()

    @property
    def place(self) -> str:
        """Where the function is written: `file:line`."""
        return f"{self.file}:{self.line}"

    def __call__(self, rows: Any, period: Period, parameters: Any = None) -> Any:
        """Run the function, with the law's figures only where it takes them."""
        return self.function(rows, period, parameters) if self.arity == WITH_PARAMETERS else self.function(rows, period)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """A variable of the law: what it is a value of, for which periods, and how it is computed.

    `formulas` are sorted by start. `end` is the last day on which the variable exists. `dtype` is that of its columns:
    float64, int64, bool, datetime64[D], object for texts, int8 to int32 for enumerations. Where it `is_lenient`, what is
    given and expected of it is read as OpenFisca reads it (see `values`, `engine.situation`, `engine.yaml_tests`). Rules compare by identity.
    """

    name: str
    value_type: Any
    dtype: np.dtype[Any]
    entity: Entity
    definition_period: DateUnit
    default_value: Value
    possible_values: type[Enum] | None = None
    label: str = ""
    unit: str = ""
    reference: tuple[str, ...] = ()
    documentation: str = ""
    formulas: tuple[Formula, ...] = ()
    end: Instant | None = None
    set_input: InputRule | None = None
    calculate_output: OutputRule | None = None
    max_length: int | None = None
    cerfa_field: str | Mapping[str, str] | None = None
    is_period_size_independent: bool = False
    is_neutralized: bool = False
    is_lenient: bool = False
    annualized_over: Period | None = None
    module: str = ""
    file: str = ""
    january: Formula | None = field(default=None, repr=False)

    # The law at a date

    @property
    def is_input(self) -> bool:
        """Whether the variable has no formula: its values are given."""
        return not self.formulas

    def formula_at(self, period: Period | Instant | None = None) -> Formula | None:
        """Return the formula in force at the start of the period: the latest that began, or None where none has, or after `end`.

        For eternity, or no period, it is the latest of all. A neutralized variable has none.
        """
        if self.is_neutralized:
            return None
        start = period.start if isinstance(period, Period) else period
        if start is None or start.is_eternal:
            return self.formulas[-1] if self.formulas else None
        if self.end is not None and start > self.end:
            return None
        if self.annualized_over is not None and start.month > 1 and self._is_annualized_at(start):
            return self.january
        for formula in reversed(self.formulas):
            if formula.start <= start:
                return formula
        return None

    def _is_annualized_at(self, start: Instant) -> bool:
        over = self.annualized_over
        return over is not None and (over.is_eternal or over.start <= start <= over.stop)

    def exists_at(self, period: Period) -> bool:
        """Return whether the variable still exists when the period starts."""
        return self.end is None or period.unit is ETERNITY or period.start <= self.end

    # Values

    def check_value(self, value: object, *, lenient: bool = False) -> Value:
        """Return one given value in the variable's type; see `values.check_value`."""
        return check_value(self, value, lenient=lenient or self.is_lenient)

    def cast_array(self, values: ArrayLike, *, lenient: bool = False) -> NDArray[Any]:
        """Return a column of given values in the variable's type; see `values.cast_array`."""
        return cast_array(self, values, lenient=lenient or self.is_lenient)

    @property
    def stored_default(self) -> Any:
        """The default as the column holds it: the position of an enumeration's member, a numpy date."""
        if isinstance(self.default_value, Enum):
            return self.default_value.index
        return np.datetime64(str(self.default_value), "D") if self.dtype.kind == "M" else self.default_value

    def default_array(self, count: int) -> NDArray[Any]:
        """Return a column of the default value, one per row."""
        column = np.full(count, self.stored_default, dtype=self.dtype)
        return column if self.possible_values is None else EnumArray(column, self.possible_values)

    # Other rules

    def neutralized(self) -> Rule:
        """Return the variable put out of force: it has its default value everywhere, whatever is given."""
        return replace(self, is_neutralized=True)

    def annualized(self, over: Period | None = None) -> Rule:
        """Return the monthly variable that keeps the value of January all year, within the period `over` or always.

        Raises VariableDefinitionError for a variable that is not monthly.
        """
        if self.definition_period is not MONTH:
            raise VariableDefinitionError(f"Variable `{self.name}` is not annualized: expected a monthly variable, it is defined by {self.definition_period}.")
        return replace(self, annualized_over=over or _ALWAYS, january=_january_formula(self.name))

    # Where it is written

    @property
    def line(self) -> int | None:
        """The line of the class in `file`, or None where it is not found there, as for a class made by a program."""
        return class_lines(self.file).get(self.name) if self.file else None

    @property
    def place(self) -> str:
        """Where the variable is written: `file:line`, for messages."""
        return f"{self.file or self.module}:{self.line}" if self.line else self.file or self.module


_ALWAYS: Final = Period((ETERNITY, Instant.eternity(), -1))


def _january_formula(name: str) -> Formula:
    def formula(rows: Any, period: Period) -> Any:
        """Return the value of January of the same year."""
        return rows(name, period.this_year.first_month)

    return Formula(formula, BEGINNING, 2, __file__, formula.__code__.co_firstlineno)


def class_lines(file: str) -> Mapping[str, int]:
    """Return the line of each class that a Python file declares at its top, the last where it is declared twice."""
    path = Path(file)
    return _class_lines(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=64)
def _class_lines(path: Path, changed: int) -> Mapping[str, int]:  # noqa: ARG001 - a changed file is read again
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line[6:].split("(")[0].split(":")[0].strip(): number for number, line in enumerate(lines, start=1) if line.startswith("class ")}
