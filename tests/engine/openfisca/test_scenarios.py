"""Scenarios, what a system says of its package, and populations seen from one another outside formulas."""

from pathlib import Path

import numpy as np
import pytest

SITUATION = {
    "period": 2016,
    "persons": {"ana": {"salary": 24000, "birth": "1970-01-01"}, "bo": {"salary": 12000}, "cy": {}},
    "households": {"h": {"adults": ["ana", "cy"], "town": "97411"}, "i": {"adults": [], "children": ["bo"]}},
}


def test_a_scenario_waits_for_its_simulations(core, system):
    reformed = core("package_in_openfisca_form.reforms").half(system)
    scenario = reformed.new_scenario().init_from_dict(SITUATION)
    assert "period" in SITUATION
    assert scenario.period == 2016
    simulation = scenario.new_simulation(trace=True, debug=True, opt_out_cache=True)
    assert (simulation.tax_benefit_system, simulation.trace, simulation.debug, simulation.opt_out_cache) == (reformed, True, True, True)
    assert simulation.calculate("yearly_salary", 2016).tolist() == [24000, 12000, 0]
    baseline = scenario.new_simulation(use_baseline=True)
    assert baseline.tax_benefit_system is system
    assert baseline.household.members is baseline.persons


def test_a_scenario_of_columns(system):
    scenario = system.new_scenario().init_from_attributes(period="2016-01", input_variables={"salary": [1000, 20]})
    assert scenario.attributes["period"] == "2016-01"
    assert scenario.new_simulation(use_baseline=True).calculate("salary", "2016-01").tolist() == [1000, 20]


def test_what_a_system_says_of_its_package(core, system):
    about = system.get_package_metadata()
    assert about["name"] == "package_in_openfisca_form"
    assert about["location"] == str(Path(core("package_in_openfisca_form").__file__).parent.parent)


@pytest.fixture
def simulation(system):
    return system.new_scenario().init_from_dict(SITUATION).new_simulation()


def test_populations_are_seen_from_one_another(simulation):
    household, person = simulation.household, simulation.person
    assert household.first_person("yearly_salary", 2016).tolist() == [24000, 12000]
    assert household.first_adult("yearly_salary", 2016).tolist() == [24000, 0]
    assert household.second_adult("salary", 2016, options=["add"]).tolist() == [0, 0]
    assert household.first_adult("birth", None).astype(str).tolist() == ["1970-01-01", "1970-01-01"]
    assert person.household("children_count", 2016).tolist() == [0, 1, 0]
    assert person.household.first_adult("yearly_salary", 2016).tolist() == [24000, 0, 24000]
    assert household.first_adult.household.first_person("yearly_salary", 2016).tolist() == [24000, 0]
    assert person.household.sum(person("yearly_salary", 2016)).tolist() == [24000, 12000, 24000]
    assert person.household.nb_persons(role=household.entity.ADULT).tolist() == [2, 0, 2]
    assert household.first_person("status", 2016).decode_to_str().tolist() == ["worker", "worker"]


def test_texts_of_a_limited_length_are_bytes(simulation):
    assert simulation.person.household("town", 2016).tolist() == [b"97411", b"00000", b"97411"]
    assert simulation.household.get_holder("town").get_array(2016).tolist() == [b"97411", b"00000"]
    simulation.set_input("town", 2017, np.array([b"20000", b"97411"]))
    assert simulation.calculate("in_island", 2017).tolist() == [True, True]


def test_ways_that_lead_nowhere_are_said(simulation):
    for way in ("adult", "nowhere", "_nowhere"):
        with pytest.raises(AttributeError):
            getattr(simulation.household, way)
    assert not hasattr(simulation.person, "first_person")
    with pytest.raises(AttributeError, match="seen from elsewhere, has no `members`"):
        _ = simulation.person.household.members


def test_what_a_formula_raises_is_raised_as_it_is(core, system, simulation):
    model_api = core("openfisca_core.model_api")

    class yearly_salary(model_api.Variable):
        def formula(person, period, parameters):
            raise NotImplementedError("not written yet")

    system.update_variable(yearly_salary)
    for _ in range(2):
        with pytest.raises(NotImplementedError, match="not written yet") as raised:
            simulation.calculate("tax", 2016)
        (note,) = raised.value.__notes__
        assert "`yearly_salary` at 2016" in note
        assert "tax at 2016" in note
    for method in (simulation.calculate_add, simulation.calculate_output):
        with pytest.raises(NotImplementedError):
            method("tax", 2016)

    class tax(model_api.Variable):
        def formula(person, period, parameters):
            return parameters("1900-01-01").taxes.rates.low

    system.update_variable(tax)
    with pytest.raises(core("openfisca_core.errors").ParameterNotFoundError):
        simulation.calculate("tax", 2016)


def test_errors_are_made_as_packages_make_them(core):
    errors = core("openfisca_core.errors")
    assert str(errors.ParameterNotFoundError("a.b", "2020-01-01", variable_name="tax")) == "a.b"
    assert "tax" in str(errors.VariableNotFoundError("tax", None))
    assert str(errors.VariableNameConflictError("tax")) == "tax"
