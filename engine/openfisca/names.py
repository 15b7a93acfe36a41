"""Which of Barème's objects each module of OpenFisca-Core holds, by the names that packages import."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import entities as law_entities
from engine import periods as law_periods
from engine import variables as law_variables
from engine.openfisca import (
    builder,
    cases,
    declarations,
    entities,
    errors,
    formulas,
    holders,
    memory,
    parameters,
    populations,
    scales,
    simulations,
    systems,
    tracers,
)
from engine.openfisca.rows import Population
from engine.parameters import VectorialParameters

if TYPE_CHECKING:
    from collections.abc import Mapping

Names = dict[str, Any]

_MODEL_API = [
    "date",
    "not_",
    "max_",
    "min_",
    "round_",
    "select",
    "where",
    "apply_thresholds",
    "concat",
    "switch",
    "set_input_dispatch_by_period",
    "set_input_divide_by_period",
    "Enum",
    "Bracket",
    "Parameter",
    "ParameterNode",
    "Scale",
    "ValuesHistory",
    "load_parameter_file",
    "DAY",
    "ETERNITY",
    "MONTH",
    "YEAR",
    "period",
    "ADD",
    "DIVIDE",
    "Reform",
    "calculate_output_add",
    "calculate_output_divide",
    "Variable",
]


def _named(*things: Any) -> Names:
    return {thing.__name__: thing for thing in things}


def _from(module: Any, names: str) -> Names:
    return {name: getattr(module, name) for name in names.split()}


def modules() -> Mapping[str, Mapping[str, object]]:
    """Return the table: modules by their full name, each with what it holds."""
    table: dict[str, Names] = {}
    for part in (_periods, _variables, _parameters, _runs, _others):
        for name, names in part().items():
            table[f"openfisca_core.{name}"] = names
    found = {name: value for names in table.values() for name, value in names.items()}
    table["openfisca_core.model_api"] = {**{name: found[name] for name in _MODEL_API}, "__all__": list(_MODEL_API)}
    table["openfisca_core"] = {"__path__": []}
    table["openfisca_core.types"] = _types()
    for name in list(table):
        parent = name.rpartition(".")[0]
        if parent and parent not in table:
            table[parent] = {}
    return table


def _periods() -> dict[str, Names]:
    units = _from(law_periods, "DAY ETERNITY MONTH WEEK WEEKDAY YEAR DateUnit")
    read = _from(law_periods, "Instant Period instant period unit_weight")
    more = {
        "ISOFORMAT": law_periods.DateUnit.isoformat,
        "ISOCALENDAR": law_periods.DateUnit.isocalendar,
        "PeriodError": errors.PeriodError,
        "InstantError": errors.InstantError,
        "ParserError": errors.ParserError,
        "instant_date": lambda instant: None if instant is None else law_periods.instant(instant).date,
        "key_period_size": law_periods.shortest_first,
        "unit_weights": lambda: {unit: law_periods.unit_weight(unit) for unit in law_periods.DateUnit},
    }
    every = {**units, **read, **more}
    return {"periods": every, "periods.date_unit": units, "periods.helpers": every, "periods.instant_": every, "periods.period_": every, "periods.config": {}}


def _variables() -> dict[str, Names]:
    enums = {**_from(law_variables, "Enum EnumArray EnumType"), **_from(errors, "EnumEncodingError EnumMemberNotFoundError"), "ENUM_ARRAY_DTYPE": np.int16}
    variables = {
        "Variable": law_variables.Variable,
        "FORMULA_NAME_PREFIX": declarations.FORMULA_NAME_PREFIX,
        "VALUE_TYPES": {bool: {}, int: {}, float: {}, str: {}, datetime.date: {}, law_variables.Enum: {}},
    }
    kinds = _from(entities, "build_entity Entity GroupEntity find_role check_role_validity")
    every = {**kinds, "Role": law_entities.Role, "CoreEntity": law_entities.Entity, "SingleEntity": law_entities.Entity}
    return {
        "indexed_enums": enums,
        "indexed_enums.enum": enums,
        "indexed_enums.enum_array": enums,
        "indexed_enums.config": {"ENUM_ARRAY_DTYPE": np.int16},
        "variables": variables,
        "variables.variable": variables,
        "variables.config": variables,
        "entities": every,
        "entities.entity": every,
        "entities.group_entity": every,
        "entities.helpers": every,
        "entities.role": every,
    }


def _parameters() -> dict[str, Names]:
    names = "ALLOWED_PARAM_TYPES COMMON_KEYS FILE_EXTENSIONS Bracket Parameter ParameterAtInstant ParameterNode ParameterNodeAtInstant ParameterScale "
    every = _from(parameters, f"{names} ParameterScaleBracket Scale ValuesHistory load_parameter_file")
    every |= _from(errors, "ParameterNotFound ParameterParsingError") | {"VectorialParameterNodeAtInstant": VectorialParameters}
    below = "config helpers parameter parameter_at_instant parameter_node parameter_node_at_instant parameter_scale parameter_scale_bracket values_history"
    scale_names = "AmountTaxScaleLike EmptyArgumentError LinearAverageRateTaxScale MarginalAmountTaxScale MarginalRateTaxScale RateTaxScaleLike"
    scaled = _from(scales, f"{scale_names} SingleAmountTaxScale TaxScaleLike combine_tax_scales")
    scaled |= {"AbstractTaxScale": scales.TaxScaleLike, "AbstractRateTaxScale": scales.RateTaxScaleLike}
    modules_of_scales = "linear_average_rate_tax_scale marginal_amount_tax_scale marginal_rate_tax_scale single_amount_tax_scale tax_scale_like helpers"
    return {
        "parameters": every,
        **{f"parameters.{name}": every for name in [*below.split(), "vectorial_parameter_node_at_instant"]},
        "taxscales": scaled,
        **{f"taxscales.{name}": scaled for name in modules_of_scales.split()},
    }


def _runs() -> dict[str, Names]:
    system = {**_named(systems.TaxBenefitSystem), **_from(errors, "VariableNameConflict VariableNotFound")}
    outputs = _from(law_variables, "calculate_output_add calculate_output_divide")
    runs = {**_named(simulations.Simulation, builder.SimulationBuilder), **outputs, **_from(errors, "CycleError NaNCreationError SpiralError")}
    holding = _from(holders, "Holder set_input_dispatch_by_period set_input_divide_by_period")
    rows = {
        **_from(law_variables, "ADD DIVIDE"),
        **dict.fromkeys(("CorePopulation", "GroupPopulation", "Population", "SinglePopulation"), Population),
        "Projector": populations.PopulationView,
    }
    reforming = _named(systems.Reform)
    tracing = _from(tracers, "FlatTrace FullTracer SimpleTracer TraceNode")
    return {
        "taxbenefitsystems": system,
        "taxbenefitsystems.tax_benefit_system": system,
        "reforms": reforming,
        "reforms.reform": reforming,
        "reforms.in_yaml_test_reform": {**reforming, **_named(cases.InYamlTestReform)},
        "simulations": runs,
        "simulations.simulation": runs,
        "simulations.simulation_builder": runs,
        "simulations.helpers": outputs,
        "simulation_builder": runs,
        "holders": holding,
        "holders.helpers": holding,
        "holders.holder": holding,
        "populations": rows,
        "populations.population": rows,
        "populations.group_population": rows,
        "projectors": {"Projector": populations.PopulationView},
        "tracers": tracing,
        "tracers.full_tracer": tracing,
        "tracers.simple_tracer": tracing,
    }


def _others() -> dict[str, Names]:
    helpers = _from(formulas, "apply_thresholds concat switch")
    rates = _from(formulas, "average_rate marginal_rate")
    words = _from(formulas, "date not_ max_ min_ round_ select where")
    checks = _from(formulas, "assert_array_equal assert_datetime_equals assert_enum_equals assert_near indent")
    every_error = _from(errors, " ".join(name for name in errors.__all__ if name not in ("EnumEncodingError", "EnumMemberNotFoundError", "ParserError")))
    files = {
        "cycle_error": "CycleError",
        "empty_argument_error": "EmptyArgumentError",
        "nan_creation_error": "NaNCreationError",
        "parameter_not_found_error": "ParameterNotFoundError",
        "parameter_parsing_error": "ParameterParsingError",
        "period_mismatch_error": "PeriodMismatchError",
        "situation_parsing_error": "SituationParsingError",
        "spiral_error": "SpiralError",
        "variable_name_config_error": "VariableNameConflictError",
        "variable_not_found_error": "VariableNotFoundError",
    }
    remembering = _from(memory, "MemoryConfig MemoryConfigWarning")
    return {
        "commons": {**helpers, **rates, **_from(formulas, "empty_clone eval_expression stringify_array")},
        "commons.formulas": {**helpers, **words},
        "commons.rates": rates,
        "formula_helpers": helpers,
        "rates": rates,
        "errors": every_error,
        **{f"errors.{file}": _from(errors, name) for file, name in files.items()},
        "experimental": remembering,
        "memory_config": remembering,
        "tools": checks,
        "tools.test_runner": _from(cases, "run_tests"),
        "tools.simulation_dumper": _from(memory, "dump_simulation restore_simulation"),
        "warnings": {"LibYAMLWarning": memory.LibYAMLWarning, "TempfileWarning": memory.TempfileWarning},
    }


def _types() -> Names:
    arrays = "Array ArrayLike BoolArray DateArray EnumArray FloatArray IntArray StrArray VarArray"
    return {
        **dict.fromkeys(arrays.split(), np.ndarray),  # the class, so that `Array[float]` may be written
        **dict.fromkeys(["Formula", "Option", "Params", "Tracer"], Any),
        "Holder": holders.Holder,
        "Projector": populations.PopulationView,
        "CoreEntity": law_entities.Entity,
        "GroupEntity": law_entities.Entity,
        "SingleEntity": law_entities.Entity,
        "Role": law_entities.Role,
        "Enum": law_variables.Enum,
        "Instant": law_periods.Instant,
        "Period": law_periods.Period,
        "DateUnit": law_periods.DateUnit,
        "CorePopulation": Population,
        "GroupPopulation": Population,
        "SinglePopulation": Population,
        "ParameterNode": parameters.ParameterNode,
        "ParameterNodeAtInstant": parameters.ParameterNodeAtInstant,
        "Simulation": simulations.Simulation,
        "TaxBenefitSystem": systems.TaxBenefitSystem,
        "Variable": law_variables.Variable,
    }
