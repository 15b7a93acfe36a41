"""Reading a variable's class into a rule, and all that is wrong with the class into one error.

A law has hundreds of such classes and is read at every start, so that each is read in some microseconds: from the class's
own dictionary and the code objects of its functions, never from the source text.
"""

from __future__ import annotations

import datetime
import itertools
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from engine.entities import Entity
from engine.errors import PeriodError, VariableDefinitionError, VariableError, nearest
from engine.periods import DateUnit, Instant, date_unit, instant
from engine.variables.enums import Enum, EnumType, check_enum
from engine.variables.rule import BEGINNING, WITH_PARAMETERS, Formula, Rule, class_lines
from engine.variables.values import DEFAULTS, DTYPES, EXPECTED, check_value
from engine.variables.variable import ATTRIBUTES, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_VALUE_TYPES: Final = (bool, int, float, str, datetime.date, Enum)
_FORMULA_NAME: Final = re.compile(r"formula(?:_([0-9]{4})(?:_([0-9]{2})(?:_([0-9]{2}))?)?)?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TAKES_MORE: Final = 0x04  # the flag of `*args` in a code object
_BOUND_EARLY: Final = frozenset({"parameters", "_parameters", "parametres", "legislation"})


def define(cls: type[Variable], baseline: Rule | None = None) -> Rule:
    """Read a variable's class into a rule.

    With a `baseline`, the class updates that rule: what it does not say is as in the baseline, and the baseline's formulas
    that began before the first of the class remain (all of them, where the class has none).
    Raises VariableDefinitionError that names file and line and lists all that is wrong with the class.
    """
    return _Reader(cls, baseline).read()


def update(cls: type[Variable], baseline: Rule) -> Rule:
    """Return the baseline rule changed by what the class says; see `define`."""
    return define(cls, baseline)


def define_all(classes: Iterable[type[Variable]]) -> dict[str, Rule]:
    """Read many classes into rules by name. Raises VariableDefinitionError that lists the mistakes of all of them."""
    rules: dict[str, Rule] = {}
    problems: list[str] = []
    for cls in classes:
        reader = _Reader(cls, None)
        rule = reader.rule()
        if rule is None:
            problems.append(reader.report())
        elif rule.name in rules:
            problems.append(f"Variable `{rule.name}` is written twice: {rules[rule.name].place} and {rule.place}.")
        else:
            rules[rule.name] = rule
    if problems:
        raise VariableDefinitionError("\n".join(problems))
    return rules


class _Reader:
    """Reads one class; `problems` are the mistakes met on the way."""

    def __init__(self, cls: type[Variable], baseline: Rule | None) -> None:
        self.cls = cls
        self.baseline = baseline
        self.problems: list[str] = []
        self.said: dict[str, Any] = {}
        self.formulas: dict[str, Any] = {}
        for ancestor in reversed(cls.__mro__[: cls.__mro__.index(Variable)]):
            for name, value in vars(ancestor).items():
                if name.startswith("formula"):
                    self.formulas[name] = value
                elif not name.startswith("__") and value is not None:
                    self.said[name] = value

    def read(self) -> Rule:
        """Return the rule, or raise the error that lists all problems."""
        rule = self.rule()
        if rule is None:
            raise VariableDefinitionError(self.report())
        return rule

    def report(self) -> str:
        """Return the message that names the class's place and every problem."""
        file = self.file()
        line = class_lines(file).get(self.cls.__name__) if file else None
        place = f"{file}:{line}" if line else file or self.cls.__module__
        return f"Variable `{self.cls.__name__}` ({place}) is not well written:\n" + "\n".join(f"- {problem}" for problem in self.problems)

    def file(self) -> str:
        """Return the file of the class, or an empty text where it was made without one."""
        return getattr(sys.modules.get(self.cls.__module__), "__file__", None) or ""

    def rule(self) -> Rule | None:
        """Return the rule, or None where there are problems."""
        baseline = self.baseline
        for name in self.said.keys() - ATTRIBUTES:
            self.problems.append(f"`{name}` is no attribute of a variable.{nearest(name, ATTRIBUTES)}")
        value_type = self.value_type()
        possible_values = self.possible_values(value_type)
        end = self.end()
        fields: dict[str, Any] = {
            "name": self.cls.__name__,
            "value_type": value_type,
            "dtype": DTYPES.get(value_type) if possible_values is None else possible_values.dtype,
            "entity": self.required("entity", Entity, "an Entity"),
            "definition_period": self.definition_period(),
            "possible_values": possible_values,
            "label": self.optional("label", str, "a text", ""),
            "unit": self.optional("unit", str, "a text", ""),
            "reference": self.reference(),
            "documentation": self.documentation(),
            "end": end,
            "formulas": self.vintages(end),
            "set_input": self.function("set_input"),
            "calculate_output": self.function("calculate_output"),
            "max_length": self.max_length(value_type),
            "cerfa_field": self.optional("cerfa_field", (str, dict), "a text, or a mapping of texts", None),
            "is_period_size_independent": self.optional("is_period_size_independent", bool, "True or False", default=False),
            "module": self.cls.__module__,
            "file": self.file(),
        }
        fields["default_value"] = self.default_value(value_type, possible_values)
        if self.problems:
            return None
        return Rule(**fields) if baseline is None else Rule(**fields, annualized_over=baseline.annualized_over, january=baseline.january)

    # Attributes of one type

    def wrong(self, name: str, expected: str, value: object) -> None:
        """Note that an attribute's value is not what was expected."""
        self.problems.append(f"`{name}`: expected {expected}; got {value!r}.")

    def required(self, name: str, kind: type, expected: str) -> Any:
        """Return an attribute that must be there, from the class or the baseline."""
        value = self.optional(name, kind, expected, default=None)
        if value is None and name not in self.said:
            self.problems.append(f"`{name}` is missing: expected {expected}.")
        return value

    def optional(self, name: str, kind: type | tuple[type, ...], expected: str, default: Any) -> Any:
        """Return an attribute, that of the baseline where the class does not say it, or the default."""
        if name not in self.said:
            return default if self.baseline is None else getattr(self.baseline, name)
        value = self.said[name]
        if not isinstance(value, kind):
            self.wrong(name, expected, value)
            return default
        return value

    def function(self, name: str) -> Any:
        """Return a function given as an attribute, or None."""
        if name not in self.said:
            return None if self.baseline is None else getattr(self.baseline, name)
        value = _plain(self.said[name])
        if not callable(value):
            self.wrong(name, "a function", value)
        return value

    # Attributes with rules of their own

    def value_type(self) -> Any:
        """Return the type of the values."""
        value = self.said.get("value_type", self.baseline.value_type if self.baseline else None)
        if value is None:
            self.problems.append("`value_type` is missing: expected bool, int, float, str, date or Enum.")
        elif not any(value is known for known in _VALUE_TYPES):
            self.wrong("value_type", "bool, int, float, str, date or Enum", value)
            return None
        return value

    def possible_values(self, value_type: Any) -> Any:
        """Return the enumeration of a variable of type Enum."""
        if value_type is not Enum:
            if "possible_values" in self.said and value_type is not None:
                self.problems.append(f"`possible_values` belongs to variables of type Enum; this one is of type {value_type.__name__}.")
            return None
        value = self.said.get("possible_values", self.baseline.possible_values if self.baseline else None)
        if value is None:
            self.problems.append("`possible_values` is missing: expected the enumeration, a class that derives from Enum.")
            return None
        try:
            return check_enum(value)
        except VariableDefinitionError as error:
            self.problems.append(f"`possible_values`: {error}.")
            return None

    def default_value(self, value_type: Any, possible_values: Any) -> Any:
        """Return the default: the class's, that of a baseline of the same type, or that of the type."""
        baseline = self.baseline
        if "default_value" not in self.said:
            if baseline is not None and baseline.value_type is value_type and baseline.possible_values == possible_values:
                return baseline.default_value
            if possible_values is not None:
                self.problems.append(f"`default_value` is missing: expected a member of {possible_values.__name__}.")
            return DEFAULTS.get(value_type)
        value = self.said["default_value"]
        if value_type is Enum:
            return None if possible_values is None else self.default_member(value, possible_values)
        return None if value_type is None else self.default_of_type(value, value_type)

    def default_of_type(self, value: object, value_type: Any) -> Any:
        """Return the default of a number, a text, a date or a truth value."""
        if not isinstance(value, str) or value_type is str:
            try:
                return check_value(_Type(self.cls.__name__, value_type), value)
            except VariableError:
                self.wrong("default_value", EXPECTED[value_type], value)
        else:
            self.wrong("default_value", EXPECTED[value_type], value)
        return None

    def default_member(self, value: object, possible_values: EnumType) -> Enum | None:
        """Return the default of an enumeration, as a member of this very class."""
        if isinstance(value, Enum) and possible_values.is_same_as(type(value)):
            member: Enum = possible_values.enums[value.index]
            return member
        self.wrong("default_value", f"a member of {possible_values.__name__}", value)
        return None

    def definition_period(self) -> DateUnit | None:
        """Return the unit of the variable's periods."""
        value = self.said.get("definition_period", self.baseline.definition_period if self.baseline else None)
        expected = "YEAR, MONTH, WEEK, DAY, WEEKDAY or ETERNITY"
        if value is None:
            self.problems.append(f"`definition_period` is missing: expected {expected}.")
        elif isinstance(value, DateUnit):
            return value
        elif isinstance(value, str):
            try:
                return date_unit(value)
            except PeriodError as error:
                self.problems.append(f"`definition_period`: {error}")
        else:
            self.wrong("definition_period", expected, value)
        return None

    def reference(self) -> tuple[str, ...]:
        """Return the references to the law, none, one or several."""
        if "reference" not in self.said:
            return self.baseline.reference if self.baseline else ()
        value = self.said["reference"]
        references = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else None
        if references is None or not all(isinstance(reference, str) for reference in references):
            self.wrong("reference", "a text, or a list of texts", value)
            return ()
        return references

    def documentation(self) -> str:
        """Return the documentation, or else the class's docstring, without its indentation."""
        text = self.said.get("documentation", self.cls.__doc__)
        if text is None:
            return self.baseline.documentation if self.baseline else ""
        if not isinstance(text, str):
            self.wrong("documentation", "a text", text)
            return ""
        return _dedented(text)

    def end(self) -> Instant | None:
        """Return the last day of the variable."""
        if "end" not in self.said:
            return self.baseline.end if self.baseline else None
        value = self.said["end"]
        expected = "the last day as a text `2017-12-31`"
        if isinstance(value, datetime.date) or (isinstance(value, str) and _DAY.fullmatch(value)):
            try:
                return instant(value)
            except PeriodError as error:
                self.problems.append(f"`end`: expected {expected}. {error}")
        else:
            self.wrong("end", expected, value)
        return None

    def max_length(self, value_type: Any) -> int | None:
        """Return the greatest length of a text."""
        value: int | None = self.optional("max_length", int, "a number of characters", default=None)
        if "max_length" in self.said and value_type is not str and value_type is not None:
            self.problems.append(f"`max_length` belongs to variables of type str; this one is of type {value_type.__name__}.")
        if value is not None and value < 1:
            self.wrong("max_length", "a number of characters", value)
        return value if value_type is str else None

    # Formulas

    def vintages(self, end: Instant | None) -> tuple[Formula, ...]:
        """Return the formulas by start: the class's, after those of the baseline that began before them."""
        own = [formula for name, function in self.formulas.items() if (formula := self.formula(name, function, end)) is not None]
        own.sort(key=lambda formula: formula.start)
        for earlier, later in itertools.pairwise(own):
            if earlier.start == later.start:
                self.problems.append(f"Two formulas start on {earlier.start} (lines {earlier.line} and {later.line}).")
        if self.baseline is None:
            return tuple(own)
        older = tuple(formula for formula in self.baseline.formulas if not own or formula.start < own[0].start)
        return older + tuple(own)

    def formula(self, name: str, function: Any, end: Instant | None) -> Formula | None:
        """Return one formula, or None with a problem noted."""
        function = _plain(function)
        match = _FORMULA_NAME.fullmatch(name)
        if match is None:
            self.problems.append(f"`{name}` is no name of a formula: expected `formula`, `formula_2018`, `formula_2018_01` or `formula_2018_01_31`.")
            return None
        if not callable(function):
            self.wrong(name, "a function", function)
            return None
        start = BEGINNING
        if match[1]:
            try:
                start = Instant((int(match[1]), int(match[2] or 1), int(match[3] or 1)))
            except PeriodError as error:
                self.problems.append(f"`{name}` has no valid date in its name. {error}")
                return None
        if end is not None and start > end:
            self.problems.append(f"`{name}` starts after the variable's end, {end}.")
        arity = _arity(function)
        if arity is None:
            self.problems.append(f"`{name}`: expected a function of two or three arguments, as (rows, period) or (rows, period, parameters).")
            return None
        code = getattr(function, "__code__", None)
        return Formula(function, start, arity, code.co_filename if code else self.file(), code.co_firstlineno if code else 0)


class _Type:
    """A type of values under a name, for checking a default."""

    max_length = None
    possible_values = None

    def __init__(self, name: str, value_type: Any) -> None:
        self.name = name
        self.value_type = value_type


def _plain(function: Any) -> Any:
    return function.__func__ if isinstance(function, staticmethod) else function


def _arity(function: Callable[..., Any]) -> int | None:
    """Return 2 or 3, the number of arguments that the engine hands to a formula, or None where it takes neither."""
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return _arity_of_signature(function)
    most = code.co_argcount
    least = most - len(getattr(function, "__defaults__", None) or ())
    names = code.co_varnames[:most]
    if code.co_flags & _TAKES_MORE:
        return WITH_PARAMETERS if least <= WITH_PARAMETERS else None
    return _choose_arity(least, most, names)


def _choose_arity(least: int, most: int, names: tuple[str, ...]) -> int | None:
    # a third argument with a default is the coder's own, bound early in a loop, unless it is called as the law's figures are
    if least <= WITH_PARAMETERS - 1 <= most and not (most >= WITH_PARAMETERS and names[WITH_PARAMETERS - 1] in _BOUND_EARLY):
        return WITH_PARAMETERS - 1
    return WITH_PARAMETERS if least <= WITH_PARAMETERS <= most else None


def _arity_of_signature(function: Callable[..., Any]) -> int | None:
    """Return the same for a wrapper or another callable object; slower."""
    import inspect  # noqa: PLC0415 - only rare laws need it

    arguments = [argument for argument in inspect.signature(function).parameters.values() if argument.kind is not argument.KEYWORD_ONLY]
    if any(argument.kind is argument.VAR_POSITIONAL for argument in arguments):
        return WITH_PARAMETERS
    positional = [argument for argument in arguments if argument.kind is not argument.VAR_KEYWORD]
    least = sum(argument.default is argument.empty for argument in positional)
    return _choose_arity(least, len(positional), tuple(argument.name for argument in positional))


def _dedented(text: str) -> str:
    if "\n" not in text:
        return text.strip()
    first, _, rest = text.partition("\n")
    indents = [len(line) - len(line.lstrip()) for line in rest.splitlines() if line.strip()]
    cut = min(indents, default=0)
    return "\n".join([first.strip(), *(line[cut:].rstrip() for line in rest.splitlines())]).strip()
