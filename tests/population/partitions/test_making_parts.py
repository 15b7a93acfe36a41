"""A large invented France part by part: copies whose weights and incomes add up to the base."""

import numpy as np
import pytest

from engine.errors import DataError
from population.france.files import shipped
from population.partitions.making import Copies, make_parts
from population.partitions.parts import partitioned
from population.partitions.reading import read_part


@pytest.fixture(scope="module", name="base")
def _base():
    return shipped()[0]


def test_weights_and_incomes_of_copies_add_up_to_those_of_the_base(base, law):
    copies = Copies.of_base(base, law, 450_000, 7)
    parts = [copies.part(first, first + 90_000) for first in range(0, 450_000, 90_000)]
    for entity in ("menage", "individu", "local", "cote"):
        assert sum(part[entity]["weight"].sum() for part in parts) == pytest.approx(base[entity]["weight"].astype(np.float64).sum(), rel=1e-9)
        ids = np.concatenate([part[entity][f"{entity}_id"] for part in parts])
        assert len(np.unique(ids)) == len(ids)
    assert sum(len(part["menage"]["menage_id"]) for part in parts) == 450_000
    pensions = sum(float(part["individu"]["retraite_brute"] @ part["individu"]["weight"]) for part in parts)
    assert pensions == pytest.approx(float(base["individu"]["retraite_brute"] @ base["individu"]["weight"]), rel=2e-3)
    first, second = parts[0]["individu"]["retraite_brute"][:1000], base["individu"]["retraite_brute"][:1000]
    assert (first != second).any()
    np.testing.assert_allclose(first[second > 0] / second[second > 0], 1, atol=0.06)


def test_parts_are_read_and_the_same_seed_gives_the_same(base, law, tmp_path):
    said = []
    copies = Copies.of_base(base, law, 200_000, 7)
    for entity, table in copies.part(150, 250).items():
        again = Copies.of_base(base, law, 200_000, 7).part(150, 250)[entity]
        assert all((table[name] == again[name]).all() for name in table)
    with pytest.raises(DataError, match="50,000 households are fewer than the 100,000 of the base"):
        make_parts(base, tmp_path / "few", law, 50_000, 2, {}, said.append)
    with pytest.raises(DataError, match="expected at least one"):
        make_parts(base, tmp_path / "none", law, 100_000, 0, {}, said.append)


def test_parts_are_written_whole_with_their_manifest(base, law, tmp_path, monkeypatch):
    part = Copies.part
    monkeypatch.setattr(Copies, "part", lambda self, first, last: part(self, first, first + (last - first) // 500))  # a few of each
    made = make_parts(base, tmp_path / "made", law, 100_000, 2, {"year": 2022, "seed": 7}, lambda _: None)
    assert made == partitioned(tmp_path / "made", law.entities)
    assert made.shared == ("commune",)
    columns = read_part(made.parts[1], law, 2022)
    assert columns.counts["menage"] == 100
    assert columns.ids["menage"][0] == "50000"
