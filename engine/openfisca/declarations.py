"""Variables as packages declare them, read into Barème's rules, and rules as packages look at them.

A package's formulas are run by the engine on symbols; what differs is what they see of entities (populations.py). A rule made
here may serve several systems: a reform shares it with the system it reforms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.openfisca.holders import input_rule
from engine.openfisca.populations import PopulationView
from engine.periods import period as as_period
from engine.variables import Formula, Rule, Variable, define, define_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.views import EntityView

FORMULA_NAME_PREFIX = "formula"


class PackageFormula:
    """A package's formula, called with entities as it knows them. Its code object tells the engine where it is written."""

    def __init__(self, function: Callable[..., Any], rule: Rule) -> None:
        self.function = function
        self.rule = rule
        self.is_single = False
        self.__code__ = function.__code__
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__

    def __call__(self, rows: EntityView, *others: Any) -> Any:
        """Return what the formula gives: the variable's default where it gives nothing."""
        try:
            result = self.function(PopulationView.of(rows, single=self.is_single), *others)
        except TypeError as error:
            # compiled for single precision only, as OpenFisca's numbers are: from now on it gets these
            if self.is_single or _COMPILED_FOR_OTHERS not in str(error):
                raise
            self.is_single = True
            return self(rows, *others)
        if result is None:
            return PopulationView.of(rows).default_array(self.rule)
        return result[0] if isinstance(result, tuple) and len(result) == 1 else result

    def seen_through(self, glass: Callable[[EntityView], Any]) -> PackageFormula:
        """Return the formula as one that sees its rows through something, as a debugger's facade."""

        def through(rows: EntityView, *others: Any) -> Any:
            return self.function(glass(rows), *others)

        return PackageFormula(through, self.rule)


# numba's words
_COMPILED_FOR_OTHERS = "No matching definition for argument type(s)"


def adapted(rule: Rule) -> Rule:
    """Return a rule that runs as OpenFisca's packages expect."""
    set_input = input_rule(rule.set_input, is_number=rule.dtype.kind in "if" and rule.possible_values is None)
    return replace(rule, formulas=tuple(_adapted(formula, rule) for formula in rule.formulas), set_input=set_input, is_lenient=True)


def _adapted(formula: Formula, rule: Rule) -> Formula:
    return replace(formula, function=PackageFormula(of_package(formula), rule))


def _declared(cls: type[Variable]) -> type[Variable]:
    """Return a class that declares by formulas what a package's class says by a method `get_formula` of its own."""
    own = getattr(cls, "get_formula", None)
    if own is None:
        return cls

    def formula(rows: Any, period: Any, parameters: Any) -> Any:
        found = own(cls.__new__(cls), period)
        if found is None:
            return None
        return found(rows, period) if found.__code__.co_argcount == _WITHOUT_PARAMETERS else found(rows, period, parameters)

    said = {name: value for name, value in vars(cls).items() if not name.startswith(("__", "formula", "get_formula"))}
    return type(cls.__name__, (Variable,), {**said, "__module__": cls.__module__, "__doc__": cls.__doc__, "formula": formula})


_WITHOUT_PARAMETERS = 2


def read(cls: type[Variable], baseline: Rule | None = None) -> Rule:
    """Read one class; with a baseline, the class updates it. Raises VariableDefinitionError."""
    return adapted(define(_declared(cls), baseline))


def read_all(classes: Iterable[type[Variable]]) -> dict[str, Rule]:
    """Read many classes. Raises VariableDefinitionError that lists the mistakes of all of them."""
    return {name: adapted(rule) for name, rule in define_all(map(_declared, classes)).items()}


def of_package(formula: Formula) -> Callable[..., Any]:
    """Return the function that a package wrote."""
    function = formula.function
    return function.function if isinstance(function, PackageFormula) else function


class KnownVariable(Variable):
    """A variable of a system, as packages and tools look at it."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.name = rule.name
        self.value_type = rule.value_type  # type: ignore[misc]
        self.possible_values = rule.possible_values  # type: ignore[misc, assignment]
        self.default_value = rule.default_value  # type: ignore[misc]
        self.entity = rule.entity  # type: ignore[misc]
        self.definition_period = rule.definition_period  # type: ignore[misc]
        self.label = rule.label or None  # type: ignore[misc, assignment]
        self.unit = rule.unit or None  # type: ignore[misc, assignment]
        self.reference = list(rule.reference) or None  # type: ignore[misc, assignment]
        self.documentation = rule.documentation or None  # type: ignore[misc, assignment]
        self.end = rule.end.date if rule.end is not None else None  # type: ignore[misc, assignment]
        self.max_length = rule.max_length  # type: ignore[misc, assignment]
        self.cerfa_field = rule.cerfa_field  # type: ignore[misc, assignment]
        self.set_input = rule.set_input  # type: ignore[misc, assignment]
        self.calculate_output = rule.calculate_output  # type: ignore[misc, assignment]
        self.is_period_size_independent = rule.is_period_size_independent  # type: ignore[misc]
        self.is_neutralized = rule.is_neutralized
        self.dtype = rule.dtype
        self.formulas = {str(formula.start): of_package(formula) for formula in rule.formulas}

    def is_input_variable(self) -> bool:
        """Whether the variable has no formula."""
        return not self.formulas

    def get_formula(self, period: Any = None) -> Any:
        """Return the formula in force at a period, the oldest where none is given, or None."""
        if period is None:
            return next(iter(self.formulas.values()), None)
        found = self.rule.formula_at(as_period(period))
        return None if found is None else of_package(found)

    def default_array(self, array_size: int) -> Any:
        """Return the default for so many rows."""
        return self.rule.default_array(array_size)

    def check_set_value(self, value: Any) -> Any:
        """Return a value in the variable's type. Raises ValueError."""
        return self.rule.check_value(value, lenient=True)

    def get_introspection_data(self) -> tuple[str, str, int | None]:
        """Return where the variable is written: file and line; the text of the class is left to whoever reads the file."""
        return self.rule.file, "", self.rule.line

    def __repr__(self) -> str:
        """Show the name."""
        return f"<Variable {self.name}>"


class KnownVariables(Mapping[str, KnownVariable]):
    """The variables of a system by name, each looked at when first asked for."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._known: dict[str, KnownVariable] = {}

    def __getitem__(self, name: str) -> KnownVariable:
        """Return a variable. Raises KeyError."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = KnownVariable(self._rules[name])
        return known

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._rules)

    def __len__(self) -> int:
        """Return how many variables there are."""
        return len(self._rules)

    def copy(self) -> dict[str, KnownVariable]:
        """Return the variables in a dictionary of one's own."""
        return dict(self)
