"""The impact of parts is that of the whole: bit for bit however it is cut and in whatever order parts come, and within 1e-9 of the one in memory."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from analysis.calls import reform_of
from analysis.streaming.combining import combine
from analysis.streaming.facts import prepared
from analysis.streaming.partial import partial_of
from analysis.streaming.running import impact_of_parts
from analysis.streaming.task import Task
from engine.errors import DataError, TableError
from engine.reform import amended
from legislation import france
from population.partitions.parts import partitioned
from population.partitions.splitting import split


def cut(folder, to, places):
    """Write the households of a folder into parts, each where `places` says; only of populations whose rows name their household's number."""
    for entity in ("individu", "foyer_fiscal", "menage", "cote", "local"):
        table = parquet.read_table(folder / f"{entity}.parquet")
        numbers = [int(name[1:].partition("-")[0]) for name in table[f"{entity}_id"].to_pylist()]
        of_rows = np.array([places[number] for number in numbers])
        (to / entity).mkdir(parents=True, exist_ok=True)
        for number in sorted(set(places)):
            parquet.write_table(table.take(np.flatnonzero(of_rows == number)), to / entity / f"part-{number:05}.parquet")
    parquet.write_table(parquet.read_table(folder / "commune.parquet"), to / "commune.parquet")
    return partitioned(to, france().entities)


def same(one, other):
    assert list(one.tables) == list(other.tables)
    for name in one.tables:
        assert one[name].data.equals(other[name].data), name
    assert (one.notes, one.cautions) == (other.notes, other.cautions)


def near(one, other):
    """Figures agree to 1e-9 of what the table's largest figure of that column is; texts and counts are the same."""
    assert list(one.tables) == list(other.tables)
    for name in one.tables:
        rows, others = one[name].rows(), other[name].rows()
        assert len(rows) == len(others), name
        for field in one[name].data.column_names:
            values, expected = [row[field] for row in rows], [row[field] for row in others]
            assert [value is None for value in values] == [value is None for value in expected], (name, field)
            if any(isinstance(value, float) for value in values):
                figures = [row[field.removesuffix("_erreur")] for row in others]  # an error may be nothing but the rounding of its figure
                top = max((abs(value) for value in figures if value is not None), default=0.0)
                known = [value for value in expected if value is not None]
                assert [value for value in values if value is not None] == pytest.approx(known, rel=1e-9, abs=1e-9 * max(top, 1.0)), (name, field)
            else:
                assert values == expected, (name, field)


@pytest.fixture(scope="module", name="alone")
def _alone(folder, task, tmp_path_factory):
    population = cut(folder, tmp_path_factory.mktemp("alone"), [0] * 150)
    ready = prepared(task, population)
    return combine([partial_of(population.parts[0], ready)], ready)


def test_one_part_is_the_whole(alone, whole):
    near(alone, whole)
    assert alone.notes == whole.notes


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 5), rows=st.sampled_from([9, 40, 1000]))
def test_any_cut_in_any_order_is_the_same(folder, task, alone, tmp_path_factory, seed, count, rows):
    draw = random.Random(seed)  # noqa: S311 - drawn by hypothesis
    population = cut(folder, tmp_path_factory.mktemp("cut"), [draw.randrange(count) for _ in range(150)])
    ready = replace(prepared(task, population), rows=rows)
    partials = [partial_of(part, ready) for part in population.parts]
    partials += draw.sample(partials, k=draw.randrange(len(partials)))  # a part that comes twice counts once
    draw.shuffle(partials)
    same(combine(partials, ready), alone)


def test_layers_secrecy_and_another_unit(folder, reform, tmp_path):
    import bareme

    amendment = amended(reform, reform_of({"parameters": {"impot_revenu.decote.taux": {"2022-01-01": 0.3}}}))
    population = split(folder, tmp_path / "parts", france(), 4, say=lambda _: None)
    for options in ({"disclosure": True}, {"unit": "foyer_fiscal"}):
        ready = prepared(Task(amendment, 2022, replicates=3, **options), population)
        near(combine([partial_of(part, ready) for part in population.parts], ready), bareme.impact(amendment, folder, 2022, replicates=3, **options))


def test_a_run_cut_off_goes_on_to_the_same(folder, task, tmp_path, monkeypatch, alone):
    population = split(folder, tmp_path / "parts", france(), 3, say=lambda _: None)
    done, said = [], []

    def cut_off(part, task):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(part.name)
        return partial_of(part, task)

    monkeypatch.setattr("analysis.streaming.running.partial_of", cut_off)
    with pytest.raises(KeyboardInterrupt):
        impact_of_parts(task, population, tmp_path / "work")
    monkeypatch.setattr("analysis.streaming.running.partial_of", lambda part, task: (done.append(part.name), partial_of(part, task))[1])
    same(impact_of_parts(task, population, tmp_path / "work", say=said.append), alone)
    assert done == ["part-00000", "part-00001", "part-00002"]
    assert said == ["2 of 3 parts are finished already."]
    same(impact_of_parts(task, population, tmp_path / "work"), alone)
    assert len(done) == 3
    other = replace(task, seed=1)
    impact_of_parts(other, population, tmp_path / "work", say=said.append)
    assert len(done) == 6
    assert "is of another law, reform, year" in said[-1]


def test_identifiers_that_two_parts_use_are_told_apart(folder, task, tmp_path):
    population = cut(folder, tmp_path / "parts", [0] * 150)
    for entity, file in population.parts[0].tables:
        parquet.write_table(parquet.read_table(file), tmp_path / "parts" / entity / "part-00001.parquet")
    twice = partitioned(tmp_path / "parts", france().entities)
    ready = prepared(task, twice)
    assert not ready.facts.names_are_unique
    found = combine([partial_of(part, ready) for part in twice.parts], ready)
    once = prepared(task, population)
    half = combine([partial_of(part, once) for part in population.parts], once)
    first, other = found["ensemble"].rows()[0], half["ensemble"].rows()[0]
    assert first["menages"] == pytest.approx(2 * other["menages"])
    assert first["effet_moyen"] == pytest.approx(other["effet_moyen"])
    assert first["effet_moyen_erreur"] < other["effet_moyen_erreur"]


def test_what_is_no_partial_is_refused(folder, task, tmp_path):
    population = cut(folder, tmp_path / "parts", [0] * 150)
    ready = prepared(task, population)
    content = partial_of(population.parts[0], ready)
    assert content == partial_of(population.parts[0], ready)
    with pytest.raises(DataError, match="is not whole, or of another version"):
        combine([content[:-1]], ready)
    with pytest.raises(DataError, match="part-00000 said is of another law, reform, year or population"):
        combine([content], replace(ready, seed=5))
    with pytest.raises(DataError, match="There is no part"):
        combine([], ready)
    with pytest.raises(DataError, match="The task lacks what is known of the whole population"):
        partial_of(population.parts[0], task)


def test_a_digest_that_does_not_match_stops_the_run(folder, task, tmp_path):
    population = split(folder, tmp_path / "parts", france(), 3, say=lambda _: None)
    file = population.folder / "cote" / "part-00001.parquet"
    parquet.write_table(parquet.read_table(file), file, compression="none")
    with pytest.raises(TableError, match=r"cote/part-00001.parquet: its digest is not the one in the manifest"):
        impact_of_parts(task, population, tmp_path / "work")


def test_a_folder_of_parts_in_python(folder, reform, tmp_path, whole):
    import bareme

    split(folder, tmp_path / "parts", france(), 2, say=lambda _: None)
    near(bareme.impact(reform, tmp_path / "parts", 2022, replicates=12, memory="3GB"), whole)
