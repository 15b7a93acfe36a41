"""What formulas read, both ways, and where in the source the names stand."""

from pathlib import Path

from checked_law import law_of
from engine.checks import links_of
from engine.situation import simulation_from
from fictional_country import country

SITUATION = {
    "persons": {"ana": {"salary": {"2020": 240_000}, "birth_date": "1980-01-01"}, "bo": {"birth_date": "2015-01-01"}},
    "households": {"h": {"first_adult": ["ana"], "children": ["bo"], "dwelling": "d"}},
    "tax_households": {"t": {"declarants": ["ana"], "dependants": ["bo"]}},
    "dwellings": {"d": {"town": "v"}},
    "towns": {"v": {}},
}


def text_at(place):
    file, line, column = place
    return Path(file).read_text(encoding="utf-8").splitlines()[line - 1].encode()[column - 1 :].decode()


def test_links_lead_both_ways():
    law = country()
    links = links_of(law)
    for reader, names in links.variables.items():
        assert all(reader in links.readers_of_variables[name] for name in names)
    for reader, names in links.parameters.items():
        assert all(reader in links.readers_of_parameters[name] for name in names)
    assert set(links.variables) | set(links.parameters) <= set(law.variables)
    assert {name for names in links.variables.values() for name in names} <= set(law.variables)
    for names in links.parameters.values():
        assert all(law.parameters.child(name).name == name for name in names)


def test_what_a_run_reads_is_among_what_the_source_says():
    law = country()
    links = links_of(law)
    simulation = simulation_from(law, SITUATION)
    simulation.calculate("disposable_income", "2020")
    for (name, _), traced in simulation.traced_below("disposable_income", "2020").items():
        assert {read for read, _ in traced.reads} <= set(links.variables.get(name, ())), name


def test_a_name_stands_where_it_is_written():
    links = links_of(law_of("good"))
    assert links.variables_at
    literal = 0
    for place, names in links.variables_at.items():
        said = text_at(place)
        if said[0] in "\"'" and len(names) == 1:
            assert any(said[1:].startswith(name) for name in names), (place, names)
            literal += 1
    assert literal > 10
    by_attribute = [place for place, names in links.parameters_at.items() if any(text_at(place).startswith(name.rpartition(".")[2]) for name in names)]
    assert len(by_attribute) > 5


def test_helpers_and_loops_are_followed():
    links = links_of(law_of("good"))
    assert {"bonus_2014", "bonus_2015"} <= {name for names in links.variables.values() for name in names}
    assert "salary" in links.variables["yearly_salary"]
