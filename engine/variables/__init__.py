"""Variables: the form in which the law is written, the rules that the engine reads from it, and the values they take."""

from engine.variables.definition import define, define_all, update
from engine.variables.enums import Enum, EnumArray, EnumType
from engine.variables.inputs import InputRule, set_input_dispatch_by_period, set_input_divide_by_period
from engine.variables.loading import from_directory, from_file, from_module, from_modules
from engine.variables.options import ADD, DIVIDE, Option, calculate_output_add, calculate_output_divide
from engine.variables.rule import Formula, Rule
from engine.variables.values import Value, cast_array, check_value
from engine.variables.variable import Variable

__all__ = [
    "ADD",
    "DIVIDE",
    "Enum",
    "EnumArray",
    "EnumType",
    "Formula",
    "InputRule",
    "Option",
    "Rule",
    "Value",
    "Variable",
    "calculate_output_add",
    "calculate_output_divide",
    "cast_array",
    "check_value",
    "define",
    "define_all",
    "from_directory",
    "from_file",
    "from_module",
    "from_modules",
    "set_input_dispatch_by_period",
    "set_input_divide_by_period",
    "update",
]
