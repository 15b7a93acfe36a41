"""The form in which the law is written: a class whose attributes describe a variable and whose functions compute it.

    class base_imposable(Variable):
        value_type = int
        entity = Cote
        definition_period = YEAR
        label = "Base nette imposable"

        def formula(cote, period, parameters):
            ...

The class is a declaration and is never instantiated. `define` reads it into a `Rule`, and reports all its mistakes at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.entities import Entity
    from engine.periods import DateUnit
    from engine.variables.enums import Enum
    from engine.variables.inputs import InputRule
    from engine.variables.options import OutputRule


class Variable:
    """The base of the classes in which the law is written.

    `value_type`, `entity` and `definition_period` are required, and for an enumeration `possible_values` and `default_value`.
    A class inherits the attributes of the variable it derives from. Names that begin with `__` are the coder's own.
    """

    value_type: ClassVar[Any]
    entity: ClassVar[Entity]
    definition_period: ClassVar[DateUnit | str]
    possible_values: ClassVar[type[Enum]]
    default_value: ClassVar[Any]
    label: ClassVar[str]
    unit: ClassVar[str]
    reference: ClassVar[str | list[str] | tuple[str, ...]]
    documentation: ClassVar[str]
    end: ClassVar[str]
    max_length: ClassVar[int]
    cerfa_field: ClassVar[str | Mapping[str, str]]
    set_input: ClassVar[InputRule]
    calculate_output: ClassVar[OutputRule]
    is_period_size_independent: ClassVar[bool]
    introspection_data: ClassVar[Any]


ATTRIBUTES = tuple(Variable.__annotations__)
