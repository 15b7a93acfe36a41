"""The tax and benefit system of OpenFisca: a law that is put together step by step, over Barème's immutable legislation.

`legislation` is made when it is first needed and made anew, on top of the one before, after each change; so a reform shares
with the system that it reforms every node of the kept graphs that it leaves alone.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import inspect
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import ReformError, VariableNameConflictError, VariableNotFoundError, nearest
from engine.legislation import Legislation, with_memberships
from engine.openfisca import declarations
from engine.openfisca.declarations import KnownVariable, KnownVariables
from engine.openfisca.parameters import ParameterNode
from engine.variables import from_directory, from_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from engine.entities import Entity
    from engine.parameters import ParameterNode as LawNode
    from engine.periods import InstantLike
    from engine.variables import Rule, Variable

# OpenFisca ends a spiral where a variable asks for itself at one other period, unless a simulation allows more.
MAX_SPIRAL_LOOPS = 1


class TaxBenefitSystem:
    """A law put together from entities, variables and parameters."""

    preprocess_parameters: ClassVar[Any] = None
    baseline: TaxBenefitSystem | None = None
    cache_blacklist: Any = None
    decomposition_file_path: str | None = None

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._start(entities)

    def _start(self, entities: Iterable[Entity]) -> None:
        persons_first = sorted(entities, key=lambda entity: not entity.is_person)
        self._entities = with_memberships(persons_first)
        self._order = [entity.key for entity in entities]
        self._rules: dict[str, Rule] = {}
        self._parameters: ParameterNode | None = None
        self._legislation: Legislation | None = None
        self._variables: KnownVariables | None = None
        self._spirals: dict[int, tuple[Legislation, Legislation]] = {}
        self.open_api_config: dict[str, Any] = {}

    # Entities

    @property
    def entities(self) -> list[Entity]:
        """The entities, in the order of the package."""
        return [self._entities[key] for key in self._order]

    @property
    def person_entity(self) -> Entity:
        """The entity of persons."""
        return next(entity for entity in self.entities if entity.is_person)

    @property
    def group_entities(self) -> list[Entity]:
        """The entities of groups."""
        return [entity for entity in self.entities if not entity.is_person]

    @property
    def group_entity_keys(self) -> list[str]:
        """The keys of the entities of groups."""
        return [entity.key for entity in self.group_entities]

    def entities_plural(self) -> set[str]:
        """Return the plurals of all entities."""
        return {entity.plural for entity in self.entities}

    def entities_by_singular(self) -> dict[str, Entity]:
        """Return the entities by key."""
        return {entity.key: entity for entity in self.entities}

    def instantiate_entities(self) -> dict[str, Any]:
        """Return empty populations by the key of their entity."""
        from engine.openfisca.rows import empty_populations  # noqa: PLC0415 - simulations hold systems

        return empty_populations(self)

    # Variables

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The variables as the engine knows them."""
        return self._rules

    @property
    def variables(self) -> KnownVariables:
        """The variables by name."""
        if self._variables is None:
            self._variables = KnownVariables(self._rules)
        return self._variables

    def get_variable(self, variable_name: str, check_existence: bool = False) -> KnownVariable | None:
        """Return a variable, or None. With `check_existence`, raises VariableNotFoundError instead."""
        if variable_name in self._rules:
            return self.variables[variable_name]
        if check_existence:
            raise VariableNotFoundError(f"There is no variable `{variable_name}`.{nearest(variable_name, self._rules)}")
        return None

    def get_variables(self, entity: Entity | None = None) -> dict[str, KnownVariable]:
        """Return the variables by name, those of one entity where it is given."""
        return {rule.name: self.variables[rule.name] for rule in self._rules.values() if entity is None or rule.entity.key == entity.key}

    def _put(self, rules: Iterable[Rule]) -> None:
        self._rules.update({rule.name: rule for rule in rules})
        self._variables = None
        self._legislation = self._legislation and self._legislation.with_rules({rule.name: rule for rule in rules})

    def _add(self, rules: list[Rule]) -> None:
        for rule in rules:
            if rule.name in self._rules:
                raise VariableNameConflictError(f"There is a variable `{rule.name}` already ({self._rules[rule.name].place}): update or replace it.")
        self._put(rules)

    def add_variable(self, variable: type[Variable]) -> KnownVariable:
        """Add a variable. Raises VariableNameConflictError where there is one of that name."""
        rule = declarations.read(variable)
        self._add([rule])
        return self.variables[rule.name]

    def add_variables(self, *variables: type[Variable]) -> None:
        """Add several variables."""
        self._add(list(declarations.read_all(variables).values()))

    def add_variables_from_file(self, file_path: str) -> None:
        """Add the variables that a Python file declares."""
        self.add_variables(*from_file(file_path))

    def add_variables_from_directory(self, directory: str) -> None:
        """Add the variables of a directory's Python files and of those below."""
        self.add_variables(*from_directory(directory))

    def replace_variable(self, variable: type[Variable]) -> None:
        """Write a variable anew; nothing of the old one remains."""
        self._put([declarations.read(variable)])

    def update_variable(self, variable: type[Variable]) -> KnownVariable:
        """Change a variable in what the class says, or add it where there is none."""
        rule = declarations.read(variable, self._rules.get(variable.__name__))
        self._put([rule])
        return self.variables[rule.name]

    def neutralize_variable(self, variable_name: str) -> None:
        """Put a variable out of force: it has its default everywhere."""
        self._put([self._rule(variable_name).neutralized()])

    def annualize_variable(self, variable_name: str, period: Any = None) -> None:
        """Let a monthly variable keep January's value all year."""
        self._put([self._rule(variable_name).annualized(period)])

    def _rule(self, name: str) -> Rule:
        if name not in self._rules:
            raise VariableNotFoundError(f"There is no variable `{name}`.{nearest(name, self._rules)}")
        return self._rules[name]

    # Parameters

    @property
    def parameters(self) -> ParameterNode:
        """The tree of parameters, which may be changed in place."""
        if self._parameters is None:
            self._parameters = ParameterNode("")
        return self._parameters

    @parameters.setter
    def parameters(self, value: ParameterNode) -> None:
        self._parameters = value

    def load_parameters(self, path_to_yaml_dir: str) -> None:
        """Read the tree of a directory, changed by `preprocess_parameters` where the system has it."""
        parameters = ParameterNode("", directory_path=path_to_yaml_dir)
        prepare = self.preprocess_parameters
        self._parameters = prepare(parameters) if prepare is not None else parameters

    def get_parameters_at_instant(self, instant: InstantLike) -> Any:
        """Return the law's figures at an instant."""
        return self.legislation.parameters.at(instant)

    # Reforms and extensions

    def load_extension(self, extension: str) -> None:
        """Add the variables and parameters of an installed package. Raises ValueError where there is none of that name."""
        found = importlib.util.find_spec(extension)
        if found is None or not found.submodule_search_locations:
            raise ValueError(f"The extension `{extension}` is not installed.")
        for folder in found.submodule_search_locations:
            self.add_variables_from_directory(folder)
            if (figures := Path(folder) / "parameters").is_dir():
                self.parameters.merge(ParameterNode("", directory_path=str(figures)))

    def apply_reform(self, reform_path: str) -> TaxBenefitSystem:
        """Return the system reformed by the class of that dotted name. Raises ValueError where there is none."""
        module_name, _, name = reform_path.rpartition(".")
        if not module_name:
            raise ValueError(f"`{reform_path}` is no reform: expected a dotted name, as `package.module.reform`.")
        reform = getattr(importlib.import_module(module_name), name, None)
        if not (isinstance(reform, type) and issubclass(reform, Reform)):
            raise ValueError(f"`{reform_path}` is no reform: expected a class that derives from Reform.")  # noqa: TRY004 - a law error, as all others of the system
        return reform(self)

    @property
    def base_tax_benefit_system(self) -> TaxBenefitSystem:
        """The system that is no reform of another."""
        return self if self.baseline is None else self.baseline.base_tax_benefit_system

    def clone(self) -> TaxBenefitSystem:
        """Return a system of its own with the same law."""
        made = type(self).__new__(type(self))
        own = {"_rules": dict(self._rules), "_parameters": self._parameters and self._parameters.clone(), "_variables": None, "_spirals": {}}
        made.__dict__.update({**self.__dict__, **own})
        return made

    def prefill_cache(self) -> None:
        """Do nothing; packages may warm their own caches here."""

    def new_scenario(self) -> Any:
        """Return a scenario, which waits for a situation."""
        from engine.openfisca.scenarios import Scenario  # noqa: PLC0415 - scenarios hold systems

        return Scenario(self)

    def get_package_metadata(self) -> dict[str, str]:
        """Return name, version, repository and location of the package that declares the system."""
        if self.baseline is not None:
            return self.baseline.get_package_metadata()
        module = inspect.getmodule(type(self))
        package = (module.__package__ if module else None) or type(self).__module__.partition(".")[0]
        package = package.partition(".")[0]
        file = inspect.getsourcefile(sys.modules.get(package, module)) if module else None
        location = str(Path(file).parent.parent) if file else ""
        try:
            about = importlib.metadata.metadata(package)
        except importlib.metadata.PackageNotFoundError:
            return {"name": package, "version": "", "repository_url": "", "location": location}
        urls = [url.partition(", ")[2] for url in about.get_all("Project-URL") or [] if url.startswith("Repository")]
        return {"name": about["Name"].lower(), "version": about["Version"], "repository_url": next(iter(urls), ""), "location": location}

    # The law

    @property
    def legislation(self) -> Legislation:
        """The law as the engine knows it: the same one as long as nothing changes."""
        tree: LawNode = self.parameters.frozen("")
        law = self._legislation
        if law is None:
            law = self._first_legislation(tree)
        elif law.parameters is not tree:
            law = law.with_parameters(tree)
        self._legislation = law
        return law

    def under_spirals(self, loops: int) -> Legislation:
        """Return the law under another number of spiral loops, with graphs of its own; the law itself where it is the number it has."""
        law = self.legislation
        if law.max_spiral_loops == loops:
            return law
        found = self._spirals.get(loops)
        if found is None or found[0] is not law:
            found = self._spirals[loops] = (law, replace(law, max_spiral_loops=loops))
        return found[1]

    def _first_legislation(self, tree: LawNode) -> Legislation:
        rules = MappingProxyType(dict(self._rules))
        return Legislation(self._entities, rules, tree, name=type(self).__name__, max_spiral_loops=MAX_SPIRAL_LOOPS)


class Reform(TaxBenefitSystem):
    """A change of a system, made by `apply`; the system itself stays as it is."""

    name: str | None = None

    def __init__(self, baseline: TaxBenefitSystem) -> None:
        self._start(baseline.entities)
        self.baseline = baseline
        self._rules = dict(baseline.rules)
        self._parameters = baseline.parameters.clone()
        self.key = type(self).__name__
        apply = getattr(self, "apply", None)
        if apply is None:
            raise ReformError(f"The reform `{self.key}` says nothing: expected a method `apply`.")
        apply()

    def __getattr__(self, name: str) -> Any:
        """Return what the reform has not, from the system that it reforms."""
        baseline = self.__dict__.get("baseline")
        if name.startswith("_") or baseline is None:
            raise AttributeError(name)
        return getattr(baseline, name)

    @property
    def full_key(self) -> str:
        """The keys of the reform and of those it stands on."""
        above = getattr(self.baseline, "full_key", None) if isinstance(self.baseline, Reform) else None
        return f"{above}.{self.key}" if above else self.key

    def modify_parameters(self, modifier_function: Callable[[ParameterNode], Any]) -> None:
        """Change the parameters, a copy of those of the baseline. Raises ReformError where the function does not return them."""
        changed = modifier_function(self.parameters)
        if not isinstance(changed, ParameterNode):
            message = f"The reform `{self.key}` gave {changed!r} for parameters: does the function end with `return parameters`?"
            raise ReformError(message)
        self._parameters = changed

    def _first_legislation(self, tree: LawNode) -> Legislation:
        assert self.baseline is not None
        law = self.baseline.legislation
        changed = {name: rule for name, rule in self._rules.items() if law.variables.get(name) is not rule}
        reformed = law.with_rules(changed)
        return replace(reformed, parameters=tree, name=self.key, baseline=law)


class _Standing(TaxBenefitSystem):
    """A system that stands for a law."""

    def __init__(self, legislation: Legislation) -> None:
        self._start(list(legislation.entities.values()))
        self._entities = legislation.entities
        self._rules = dict(legislation.variables)
        self._parameters = ParameterNode.of(legislation.parameters)
        self._legislation = legislation


def system_of(legislation: Legislation) -> TaxBenefitSystem:
    """Return a system that stands for a law, for whoever meets the law first."""
    return _Standing(legislation)
