"""The law over parts gives the results of the whole, goes on after a cut, and refuses formulas that look beyond a part."""

import numpy as np
import pytest
from pyarrow import parquet

from engine.errors import CalculationError, DataError, VariableNotFoundError
from engine.periods import YEAR, period
from engine.variables import Variable
from legislation.entites import Commune, FoyerFiscal
from population.partitions import simulating
from population.partitions.beyond import check_rows
from population.partitions.cutting import rows_of_pieces, taken
from population.partitions.reading import read_part
from population.partitions.simulating import Asked, simulate_parts
from population.results import calculate, simulation_of, to_table
from population.tables import read_tables, tables_in

WANTED = ("impot_net", "niveau_de_vie", "revenu_fiscal_reference_annee")


def reader(law):
    return lambda part: read_part(part, law, 2022)


def by_id(table, entity):
    return {row[f"{entity}_id"]: row for row in table.to_pylist()}


def test_parts_give_what_the_whole_gives_in_pieces_too(whole, parts, law, tmp_path):
    totals = simulate_parts(parts, Asked(law, WANTED, 2022, rows=7), reader(law), tmp_path / "out")
    for group in calculate(read_tables(tables_in(whole, law), law, 2022), law, WANTED, 2022):
        expected = by_id(to_table([group]), group.entity)
        found = {}
        for part in parts.parts:
            rows = parquet.read_table(tmp_path / "out" / group.entity / f"{part.name}.parquet")
            assert rows[f"{group.entity}_id"].to_pylist() == parquet.read_table(part.files[group.entity])[f"{group.entity}_id"].to_pylist()
            found |= by_id(rows, group.entity)
        assert found == expected
        for result in group.results:
            total = next(each for each in totals if each.name == result.name)
            weights = np.ones(len(result.values)) if group.weights is None else group.weights
            assert total.total == pytest.approx(result.values @ weights)
            assert (total.rows, total.smallest, total.largest) == (len(result.values), result.values.min(), result.values.max())


def test_a_run_cut_off_goes_on_where_it_stood(parts, law, tmp_path, monkeypatch):
    asked = Asked(law, WANTED, 2022, of_law="a")
    whole = simulate_parts(parts, asked, reader(law), tmp_path / "undisturbed")
    computed, said = [], []
    results_of = simulating.results_of

    def cut_off(columns, asked, shared):
        if len(computed) == 1:
            raise KeyboardInterrupt
        computed.append(columns)
        return results_of(columns, asked, shared)

    monkeypatch.setattr(simulating, "results_of", cut_off)
    with pytest.raises(KeyboardInterrupt):
        simulate_parts(parts, asked, reader(law), tmp_path / "out")
    monkeypatch.setattr(simulating, "results_of", lambda *given: (computed.append(given), results_of(*given))[1])
    assert simulate_parts(parts, asked, reader(law), tmp_path / "out", say=said.append) == whole
    assert said == ["1 of 3 parts are finished already."]
    assert len(computed) == 3
    for file in (tmp_path / "undisturbed").rglob("*.parquet"):
        assert parquet.read_table(file).equals(parquet.read_table(tmp_path / "out" / file.relative_to(tmp_path / "undisturbed")))
    (tmp_path / "out" / "menage" / "part-00001.parquet").write_bytes(b"half")
    assert simulate_parts(parts, asked, reader(law), tmp_path / "out", say=said.append) == whole
    assert "part-00001: menage/part-00001.parquet is not what was written: computed again." in said


class ensemble_des_foyers(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR

    def formula(foyer, period, parameters):
        revenu = foyer("revenu_fiscal_reference_annee", period)
        return revenu > 0 if (revenu > 1000).any() else revenu < 0


class rang_du_foyer(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR

    def formula(foyer, period, parameters):
        return np.argsort(np.argsort(foyer("revenu_fiscal_reference_annee", period)))


class rang_lu(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR

    def formula(foyer, period, parameters):
        return foyer("rang_du_foyer", period) + 1


class locaux_de_la_commune(Variable):
    value_type = int
    entity = Commune
    definition_period = YEAR

    def formula(commune, period, parameters):
        return commune.nb_persons()


class locaux_voisins(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR

    def formula(foyer, period, parameters):
        return foyer.cote.local.commune("locaux_de_la_commune", period)


@pytest.mark.parametrize(
    "variable, of, words",
    [
        ("ensemble_des_foyers", "ensemble_des_foyers", "asks for a truth about the whole population"),
        ("rang_du_foyer", "rang_du_foyer", "walks through the values of the whole population"),
        ("rang_lu", "rang_du_foyer", "walks through the values of the whole population"),
        ("locaux_voisins", "locaux_de_la_commune", "takes the sum of all `local` of a `commune`, which lie in several parts"),
    ],
)
def test_what_looks_beyond_a_part_is_refused_by_name(parts, law, tmp_path, variable, of, words):
    more = law
    for rule in (ensemble_des_foyers, rang_du_foyer, rang_lu, locaux_de_la_commune, locaux_voisins):
        more = more.with_variable(rule)
    with pytest.raises(CalculationError, match=rf"`{of}` at 2022 \(.*test_simulating_parts.py:\d+\) {words}.*: this cannot be told of one part"):
        simulate_parts(parts, Asked(more, (variable,), 2022), reader(more), tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_names_and_shared_entities_are_told_before_anything_is_computed(parts, law, tmp_path):
    with pytest.raises(VariableNotFoundError, match="Did you mean `impot_net`"):
        simulate_parts(parts, Asked(law, ("impot_nett",), 2022), reader(law), tmp_path / "out")
    with pytest.raises(DataError, match="`departement` is of `commune`, whose rows all parts share"):
        simulate_parts(parts, Asked(law, ("departement",), 2022), reader(law), tmp_path / "out")


def test_what_was_checked_with_some_shared_entities_is_checked_again_with_others(whole, law):
    columns = read_tables(tables_in(whole, law), law, 2022)
    for _ in range(2):
        simulation = simulation_of(columns, law)
        keys = [("niveau_de_vie", period("2022"))]
        simulation.calculate_all(keys)
        check_rows(simulation, keys, ["commune"])
        check_rows(simulation, keys, ["commune"])
        with pytest.raises(CalculationError, match="foyer_fiscal"):
            check_rows(simulation, keys, ["commune", "foyer_fiscal"])


def test_a_part_that_is_taken_whole_is_as_it_was(whole, law):
    columns = read_tables(tables_in(whole, law), law, 2022)
    (rows,) = rows_of_pieces(columns, ["commune"], "menage", columns.counts["menage"])
    found = taken(columns, law, rows)
    every = taken(columns, law, {entity: np.arange(count) for entity, count in columns.counts.items()})
    assert found.counts == {**columns.counts, "commune": found.counts["commune"]}
    for key, values in found.inputs.items():
        if law.variable(key[0]).entity.key != "commune":
            assert values is columns.inputs[key]
    assert all(np.array_equal(every.links[names][0], index) for names, (index, _) in columns.links.items())
