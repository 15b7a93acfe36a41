"""What tools for surveys do to OpenFisca's classes: functions and attributes put onto them, populations filled by hand, simulations kept on disk."""

import typing

import numpy as np
import pytest


@pytest.fixture
def simulations(core):
    return core("openfisca_core.simulations")


def test_functions_put_onto_the_class_are_methods(simulations, household, monkeypatch):
    def total(simulation, variable, period, weights=None):
        weights = simulation.weights if weights is None else weights
        return float((simulation.calculate_add(variable, period) * weights).sum())

    def made(cls, system):
        return cls(system, household.populations)

    monkeypatch.setattr(simulations.Simulation, "total", total, raising=False)
    monkeypatch.setattr(simulations.Simulation, "weights", 2.0, raising=False)
    monkeypatch.setattr(simulations.Simulation, "made", classmethod(made), raising=False)
    assert household.total("salary", 2016) == 72000
    household.weights = np.array([1, 0, 0])
    assert household.total("salary", 2016) == 24000
    assert household.clone().total("salary", 2016) == 24000
    assert isinstance(simulations.Simulation.made(household.tax_benefit_system), simulations.Simulation)


def test_functions_of_the_class_may_be_replaced(simulations, household, monkeypatch):
    calculate = simulations.Simulation.calculate
    monkeypatch.setattr(simulations.Simulation, "calculate", lambda simulation, name, period: -calculate(simulation, name, period))
    assert household.calculate("tax", 2016).tolist() == [-5200, -1600, 0]
    monkeypatch.setattr(household, "calculate", lambda name, period: name, raising=False)
    assert household.calculate("tax", 2016) == "tax"


def test_a_builder_is_extended_and_fills_populations_by_hand(simulations, system, monkeypatch):
    class Builder(simulations.SimulationBuilder):
        def create_entities(self, tax_benefit_system):
            super().create_entities(tax_benefit_system)
            self.begun = True

        def join_with_persons(self, group_population, persons_group_assignment, roles):
            super().join_with_persons(group_population, persons_group_assignment[::-1], roles)

    monkeypatch.setattr(simulations.SimulationBuilder, "used_as_input_variables", None, raising=False)
    builder = Builder()
    builder.used_as_input_variables = ["salary"]
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(3))
    group = builder.declare_entity("household", np.array([10, 20]))
    builder.join_with_persons(group, np.array([20, 10, 10]), np.array(["first_adult", "child", "first_adult"]))
    simulation = builder.build(system)
    assert (builder.begun, type(builder).used_as_input_variables) == (True, None)
    assert simulation.household.members_entity_id.tolist() == [0, 0, 1]
    assert simulation.household.nb_persons().tolist() == [2, 1]

    simulation.household._members_entity_id = np.array([1, 1, 1])
    simulation.household.members_role = np.array([0, 2, 2])
    assert simulation.household._members_entity_id.tolist() == [1, 1, 1]
    assert simulation.household.nb_persons(simulation.household.entity.CHILD).tolist() == [0, 2]
    assert simulation.calculate("children_count", 2016).tolist() == [0, 2]


def test_what_a_holder_knows(core, household):
    holder = household.get_holder("salary")
    assert holder.get_array("2016-01").tolist() == [2000, 1000, 0]
    assert holder.get_array("2015-01") is None
    assert len(holder.get_known_periods()) == 12
    eternity = core("openfisca_core.periods").ETERNITY
    assert household.get_holder("birth").get_array(eternity) is None
    household.set_input("birth", None if eternity is None else eternity, np.array(["1980-01-01"] * 3, dtype="datetime64[D]"))
    assert household.persons.get_holder("birth").get_array(eternity).astype(str).tolist() == ["1980-01-01"] * 3
    household.delete_arrays("salary", "2016-01")
    assert holder.get_array("2016-01") is None


def test_memory_is_told_and_its_configuration_taken(core, household):
    told = household.get_memory_usage(variables=["salary"])
    assert told["by_variable"]["salary"] == {"nb_cells_by_array": 3, "dtype": np.float64, "nb_arrays": 12, "total_nb_bytes": 288, "cell_size": 8}
    assert household.household.get_memory_usage() == {"total_nb_bytes": 0, "by_variable": {}}
    assert np.isnan(household.get_holder("town").get_memory_usage()["cell_size"])
    household.trace = True
    household.calculate("yearly_salary", 2016)
    assert household.get_holder("salary").get_memory_usage()["nb_requests"] == 12
    memory_config = core("openfisca_core.memory_config")
    household.memory_config = memory_config.MemoryConfig(max_memory_occupation=0.95, priority_variables=["salary"], variables_to_drop=["tax"])
    assert household.calculate("tax", 2016).tolist() == [5200, 1600, 0]
    assert issubclass(memory_config.MemoryConfigWarning, UserWarning)
    with pytest.raises(ValueError, match="share"):
        memory_config.MemoryConfig(95)


def test_a_simulation_kept_on_disk(core, system, household, tmp_path):
    dumper = core("openfisca_core.tools.simulation_dumper")
    status = household.tax_benefit_system.variables["status"].possible_values
    household.set_input("status", 2016, np.array([status.pensioner, status.worker, status.worker]))
    dumper.dump_simulation(household, str(tmp_path / "kept"))
    group = tmp_path / "kept" / "__entities__" / "household"
    assert {file.name for file in group.iterdir()} == {"id.npy", "members_entity_id.npy", "members_position.npy", "members_role.npy"}
    assert np.load(group / "members_role.npy").tolist() == ["first_adult", "second_adult", "child"]
    again = dumper.restore_simulation(str(tmp_path / "kept"), system)
    assert again.persons.ids == ["ana", "bo", "cy"]
    assert [role.key for role in again.household.members_role] == ["first_adult", "second_adult", "child"]
    assert again.calculate("status", 2016).decode_to_str().tolist() == ["pensioner", "worker", "worker"]
    with pytest.raises(ValueError, match="not empty"):
        dumper.dump_simulation(household, str(tmp_path / "kept"))


def test_types_are_used_in_annotations(core):
    types = core("openfisca_core.types")
    assert typing.get_args(typing.Optional[types.Array[float]])  # noqa: UP045 - as such tools write it
    assert all(hasattr(types, name) for name in ("Array", "Period", "TaxBenefitSystem", "CoreEntity", "Simulation", "Variable", "Role"))


def test_the_sum_of_what_cannot_be_added_over_a_period_of_its_own_is_its_value(household):
    assert household.calculate_add("status", 2016).decode_to_str().tolist() == ["worker"] * 3
    assert household.calculate_add("town", 2016).tolist() == ["00000"]


def test_values_of_a_figure_are_put_anew(core, system):
    rate = system.parameters.taxes.rates.low
    value = core("openfisca_core.parameters").ParameterAtInstant("taxes.rates.low", "2010-01-01", 0.5)
    rate.values_list = []
    assert system.get_parameters_at_instant("2018-01-01").taxes.rates.high
    rate.values_list.append(value)
    assert system.get_parameters_at_instant("2018-01-01").taxes.rates.low == 0.5
    rate.update(start="2019-01-01", value=0.6)
    assert [each.value for each in rate.values_list] == [0.6, 0.5]


def test_a_figure_that_is_a_list_is_given_as_one(core):
    parameters = core("openfisca_core.parameters")
    node = parameters.ParameterNode("", data={"towns": {"values": {"2010-01-01": {"value": ["94", "75"]}}}})
    assert node.towns("2018-01-01") == node.towns.get_at_instant("2018-01-01") == ["94", "75"]
    assert node.towns.values_list[0].value == ["94", "75"]
    node.towns.values_list[0].value.append("13")
    towns = node("2018-01-01").towns  # what formulas read cannot be changed
    assert towns == ["94", "75", "13"] == towns
    assert towns != ["94"]
    assert (towns, hash(towns)) == (("94", "75", "13"), hash(("94", "75", "13")))


def test_thresholds_and_rates_equal_lists(system):
    scale = system.get_parameters_at_instant("2018-01-01").taxes.scale
    assert scale.thresholds == list(scale.thresholds)
    assert scale.rates == [rate for _, rate in scale.brackets]
    assert system.get_parameters_at_instant("1900-01-01").taxes.scale.rates == []
