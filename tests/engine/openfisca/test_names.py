"""The names that packages import are there, and no more than OpenFisca-Core gives by a star."""

import datetime

import pytest

MODEL_API = (
    "date not_ max_ min_ round_ select where apply_thresholds concat switch set_input_dispatch_by_period set_input_divide_by_period Enum Bracket Parameter "
    "ParameterNode Scale ValuesHistory load_parameter_file DAY ETERNITY MONTH YEAR period ADD DIVIDE Reform calculate_output_add "
    "calculate_output_divide Variable"
)


def test_model_api_has_its_thirty_names(core):
    api = core("openfisca_core.model_api")
    assert sorted(api.__all__) == sorted(MODEL_API.split())
    assert len(api.__all__) == 30
    assert api.date is datetime.date
    assert all(hasattr(api, name) for name in api.__all__)


@pytest.mark.parametrize(
    "module,names",
    [
        ("periods", "DAY ETERNITY MONTH WEEK WEEKDAY YEAR DateUnit Instant Period instant period"),
        ("periods.date_unit", "DateUnit"),
        ("indexed_enums", "Enum EnumArray"),
        ("entities", "build_entity GroupEntity Entity Role"),
        ("errors", "ParameterNotFoundError VariableNameConflictError VariableNotFoundError"),
        ("errors.variable_not_found_error", "VariableNotFoundError"),
        ("parameters", "ParameterNode ParameterNotFound Scale Parameter Bracket ParameterScaleBracket ParameterAtInstant load_parameter_file"),
        ("parameters.parameter_node_at_instant", "ParameterNodeAtInstant"),
        ("taxscales", "MarginalRateTaxScale SingleAmountTaxScale combine_tax_scales"),
        ("tools", "assert_near"),
        ("tools.test_runner", "run_tests"),
        ("tools.simulation_dumper", "dump_simulation restore_simulation"),
        ("simulation_builder", "SimulationBuilder"),
        ("simulations", "Simulation SimulationBuilder"),
        ("simulations.simulation_builder", "SimulationBuilder"),
        ("types", "TaxBenefitSystem Array Period CoreEntity"),
        ("populations", "ADD DIVIDE Population"),
        ("populations.population", "Population"),
        ("memory_config", "MemoryConfig"),
        ("formula_helpers", "switch"),
        ("rates", "average_rate marginal_rate"),
        ("reforms", "Reform"),
        ("holders", "set_input_divide_by_period"),
        ("taxbenefitsystems", "TaxBenefitSystem"),
    ],
)
def test_names_of_packages(core, module, names):
    found = core(f"openfisca_core.{module}")
    assert [name for name in names.split() if not hasattr(found, name)] == []


def test_what_is_not_there_is_not_found(core):
    with pytest.raises(ModuleNotFoundError):
        core("openfisca_core.conv")


def test_modules_hang_on_their_parents(core):
    import openfisca_core

    assert openfisca_core.periods.MONTH == "month"
