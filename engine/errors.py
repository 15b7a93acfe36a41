"""Every error that Barème raises, in one tree.

An error says where (file and line, variable, period or JSON path), what was expected, and the nearest valid name.
Whoever wants to catch all of them catches `BaremeError`; the branches answer "whose mistake is it?".

    BaremeError
    ├── PeriodError              a text or number is not a period or an instant
    ├── LawError                 the law as written is wrong
    │   ├── EntityError              entities, roles and links do not fit
    │   │   └── RoleNotFoundError        an entity has no such role
    │   ├── ParameterError           a figure of the law
    │   │   ├── ParameterFileError       files that cannot be read: all their problems at once
    │   │   ├── ParameterNotFoundError   no such parameter, or no value at that date
    │   │   └── ScaleError               a scale is used in a way it does not allow
    │   ├── VariableError            a rule of the law
    │   │   ├── VariableDefinitionError  a class attribute or a formula's name is wrong
    │   │   ├── VariableNotFoundError    no such variable
    │   │   ├── VariableNameConflictError  the name is already taken
    │   │   ├── EnumMemberNotFoundError  no such member of an enumeration
    │   │   └── VariableValueError       a value does not fit the variable's type
    │   └── ReformError              a reform names what is not there, or forgets to give it back
    ├── DataError                what the user gave does not fit the law
    │   ├── SituationError           a JSON situation: path and message of each problem
    │   ├── TableError               tables: row and column of each problem
    │   └── InputConflictError       two inputs of one variable contradict each other
    └── CalculationError         a calculation could not be done
        ├── PeriodMismatchError      a variable was asked for a period it does not have
        ├── FormulaError             a formula failed: variable, period, file, line, callers
        ├── LookUpError              rows chose a key that the parameter lacks
        ├── CycleError               a variable needs itself
        ├── SpiralError              a variable needs itself at ever other periods
        ├── OutOfTimeError           it would take longer than it may (engine/deadline.py)
        └── ClusterError             other machines do not answer, are not alike, or failed
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


# Names are shorter; comparing what somebody sent instead of one may take for ever.
LONGEST_NAME = 200


# So many names are told of those that there are, where none is close to the one that was asked for.
_NAMES_LISTED = 8


def nearest_or_first(name: str, names: Iterable[str]) -> str:
    """Return what `nearest` gives, or, where no name is close, the first of those that there are: " Expected `…` or `…`."."""
    known = [str(candidate) for candidate in names]
    shown = [f"`{candidate}`" for candidate in known[:_NAMES_LISTED]]
    more = f", … ({len(known)} in all)" if len(known) > _NAMES_LISTED else ""
    listed = f" Expected {'one of ' if len(known) > 1 else ''}{', '.join(shown)}{more}." if shown else ""
    return nearest(name, known) or listed


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean `…`?" for the names closest to `name`, or an empty text where none is close."""
    if len(name) > LONGEST_NAME:
        return ""
    close = difflib.get_close_matches(str(name), [str(candidate) for candidate in names], n=3, cutoff=0.6)
    return " Did you mean " + " or ".join(f"`{candidate}`" for candidate in close) + "?" if close else ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in what was read: where (file and line, JSON path, or row and column) and what was expected."""

    place: str
    message: str

    def __str__(self) -> str:
        """Return `place: message`."""
        return f"{self.place}: {self.message}"


class BaremeError(Exception):
    """The root of the tree."""


class _WithProblems(BaremeError):  # noqa: N818 - a part of errors, never raised itself
    """An error that reports all the problems found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[_WithProblems], tuple[tuple[Problem, ...]]]:
        """Say what it is made of, so that it is the same in another process."""
        return type(self), (self.problems,)


class PeriodError(BaremeError, ValueError):
    """A text, a number or an object is not a period or an instant."""


class LawError(BaremeError):
    """The law as written is wrong: a legal coder has something to mend."""


class EntityError(LawError, ValueError):
    """Entities, roles and links do not fit together."""


class RoleNotFoundError(EntityError, AttributeError):
    """An entity has no such role. An AttributeError, so that `hasattr` answers."""


class ParameterError(LawError):
    """A figure of the law is wrong or is used wrongly."""


class ParameterFileError(_WithProblems, ParameterError, ValueError):
    """Parameter files cannot be read; every problem of every file is listed."""


class ParameterNotFoundError(ParameterError, AttributeError, KeyError):
    """There is no such parameter, or it has no value at that date. An AttributeError, so that `hasattr` answers.

    The nearest of the `known` names is looked for only when the message is read: packages try names by hundreds. Packages for
    OpenFisca raise it themselves, with the figure's name, the instant, and the name of the variable that looks.
    """

    def __init__(self, message: str, missing: str = "", known: Iterable[str] = (), *, variable_name: str | None = None) -> None:
        super().__init__(message)
        self.variable_name = variable_name
        self.missing = missing
        self.known = known

    def __str__(self) -> str:
        """Return the message with the nearest known names, or the first where none is near."""
        return f"{self.args[0]}{nearest_or_first(self.missing, self.known) if self.missing else ''}"


class ScaleError(ParameterError, ValueError):
    """A scale is used in a way that it does not allow."""


class VariableError(LawError):
    """A variable is wrong or is used wrongly."""


class VariableDefinitionError(VariableError, ValueError):
    """A variable's class has a wrong attribute, or a formula whose name or date is wrong."""


class VariableNotFoundError(VariableError, KeyError):
    """There is no such variable."""

    __str__ = Exception.__str__


class VariableNameConflictError(VariableError, ValueError):
    """A variable of that name exists already."""


class EnumMemberNotFoundError(VariableError, ValueError):
    """An enumeration has no such member."""


class VariableValueError(VariableError, ValueError):
    """A value does not fit the variable's type."""


class ReformError(LawError, ValueError):
    """A reform names what is not there, or does not return what it should."""


class DataError(BaremeError, ValueError):
    """What the user gave does not fit the law."""


class SituationError(_WithProblems, DataError):
    """A situation in JSON is wrong: the path and the message of each problem."""


class TableError(_WithProblems, DataError):
    """Tables are wrong: the row and column of each problem."""


class InputConflictError(DataError):
    """Inputs of one variable contradict each other."""


class CalculationError(BaremeError):
    """A calculation could not be done."""


class PeriodMismatchError(CalculationError, ValueError):
    """A variable was asked for, or given, a period that is not of its kind."""


class FormulaError(CalculationError):
    """A formula failed; the message names variable, period, the formula's file and line, and the callers."""


class LookUpError(CalculationError, KeyError):
    """Rows chose a key that a parameter lacks; the message names variable, parameter, key and row."""

    __str__ = Exception.__str__


class CycleError(CalculationError):
    """A variable needs itself at the same period; the message shows the chain."""


class SpiralError(CalculationError):
    """A variable needs itself at ever other periods; the message shows the chain."""


class OutOfTimeError(CalculationError):
    """A calculation would take longer than it may."""


class ClusterError(CalculationError):
    """Other machines that were to compute do not answer, are not like this one, or failed; the message names them and the part."""
