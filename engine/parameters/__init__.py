"""The law's figures: dated values, scales and tables in a tree, read from YAML, seen at an instant, changed by reforms.

`load_parameters` reads a directory into a `ParameterNode`, an immutable tree. `tree.at(instant)` is what formulas read, and
`tree.recording(recorder)` what a run gives them, so that it learns what they read. `tree.updated(...)` and `updated_from_data` make a reform's tree.

Within: tree → items, at_instant → vectors → look_up, dated_values; items → the scales; loading → reading → yaml_text, tree.
"""

from engine.parameters.amount_scales import SCALES, EditableMarginalAmountScale, EditableSingleAmountScale, MarginalAmountScale, SingleAmountScale
from engine.parameters.at_instant import ParametersAtInstant, Recorder, TableAtInstant
from engine.parameters.dated_values import DatedValue, Parameter, Sort, Value
from engine.parameters.items import Bracket, Scale, Table
from engine.parameters.loading import load_parameter_file, load_parameters, parameters_from_data
from engine.parameters.look_up import LookUpTable
from engine.parameters.rate_scales import (
    EditableLinearAverageRateScale,
    EditableMarginalRateScale,
    LinearAverageRateScale,
    MarginalRateScale,
    combine_tax_scales,
)
from engine.parameters.tax_scales import TaxScale
from engine.parameters.tree import ParameterNode, ParameterReader
from engine.parameters.updates import updated_from_data
from engine.parameters.vectors import VectorialParameters
from engine.parameters.yaml_text import YamlMapping, read_yaml

__all__ = [
    "SCALES",
    "Bracket",
    "DatedValue",
    "EditableLinearAverageRateScale",
    "EditableMarginalAmountScale",
    "EditableMarginalRateScale",
    "EditableSingleAmountScale",
    "LinearAverageRateScale",
    "LookUpTable",
    "MarginalAmountScale",
    "MarginalRateScale",
    "Parameter",
    "ParameterNode",
    "ParameterReader",
    "ParametersAtInstant",
    "Recorder",
    "Scale",
    "SingleAmountScale",
    "Sort",
    "Table",
    "TableAtInstant",
    "TaxScale",
    "Value",
    "VectorialParameters",
    "YamlMapping",
    "combine_tax_scales",
    "load_parameter_file",
    "load_parameters",
    "parameters_from_data",
    "read_yaml",
    "updated_from_data",
]
