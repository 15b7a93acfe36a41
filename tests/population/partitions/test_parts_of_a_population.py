"""Populations in parts: what is cut, what is refused, and each bad folder with its message."""

import errno
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.errors import DataError, TableError
from population.partitions.manifest import check_digests, read_manifest, written
from population.partitions.memory import BASE, FEWEST, MOST, PER_CELL, PER_HOUSEHOLD, Memory
from population.partitions.parts import is_partitioned, partitioned
from population.partitions.reading import read_part
from population.partitions.splitting import split
from population.partitions.work import Work
from population.tables import read_tables, tables_in


def test_parts_hold_every_row_once_and_read_as_tables_do(whole, parts, law):
    together = read_tables(tables_in(whole, law), law, 2022)
    read = [read_part(part, law, 2022) for part in parts.parts]
    assert parts.shared == ("commune",)
    for entity in parts.entities:
        ids = [name for columns in read for name in columns.ids[entity]]
        assert sorted(ids) == sorted(together.ids[entity])
        assert sum(columns.counts[entity] for columns in read) == together.counts[entity]
    assert is_partitioned(parts.folder)
    assert not is_partitioned(whole)


def test_the_manifest_tells_rows_and_digests(parts):
    manifest = read_manifest(parts.folder)
    assert [each["name"] for each in manifest["parts"]] == ["part-00000", "part-00001", "part-00002"]
    assert [each["files"]["menage"]["rows"] for each in manifest["parts"]] == [20, 20, 20]
    assert len({check_digests(part, manifest) for part in parts.parts}) == 3


def test_a_part_that_one_entity_lacks(parts, law):
    (parts.folder / "cote" / "part-00001.parquet").unlink()
    with pytest.raises(TableError, match=r"cote/part-00001.parquet: there is no such file: foyer_fiscal, .* has that part"):
        partitioned(parts.folder, law.entities)


def test_columns_that_differ_between_parts(parts, law):
    file = parts.folder / "individu" / "part-00002.parquet"
    table = parquet.read_table(file)
    changed = table.drop_columns(["salaires"]).append_column("pensions", pa.array(["much"] * table.num_rows))
    parquet.write_table(changed, file)
    with pytest.raises(
        TableError, match=r"part-00002.parquet: no column `salaires`, a column `pensions` more: expected the columns of part-00000.parquet for `individu`"
    ):
        partitioned(parts.folder, law.entities)


def test_a_folder_of_no_entity(parts, law):
    (parts.folder / "cote").rename(parts.folder / "cotes")
    with pytest.raises(TableError, match=r"there is no entity `cotes`.*Did you mean `cote`"):
        partitioned(parts.folder, law.entities)


def test_a_digest_that_does_not_match(parts):
    file = parts.folder / "menage" / "part-00001.parquet"
    table = parquet.read_table(file)
    parquet.write_table(table.slice(1), file)
    with pytest.raises(TableError, match=r"menage/part-00001.parquet: its digest is not the one in the manifest"):
        check_digests(parts.parts[1], read_manifest(parts.folder))


def test_a_link_that_leaves_its_part_is_told_by_file_and_row(parts, law):
    file = parts.folder / "individu" / "part-00001.parquet"
    table = parquet.read_table(file)
    other = parquet.read_table(parts.folder / "menage" / "part-00000.parquet")["menage_id"][0].as_py()
    names = [other, *table["menage_id"].to_pylist()[1:]]
    parquet.write_table(table.set_column(table.schema.get_field_index("menage_id"), "menage_id", pa.array(names)), file)
    with pytest.raises(TableError, match=rf"individu/part-00001.parquet, row 1, column `menage_id`: there is no menage `{other}` in menage/part-00001.parquet"):
        read_part(partitioned(parts.folder, law.entities).parts[1], law, 2022)


def test_links_that_join_too_many_are_refused_by_the_entity(whole, law, tmp_path):
    file = whole / "individu.parquet"
    table = parquet.read_table(file)
    rows = zip(table["menage_id"].to_pylist(), table["menage_role"].to_pylist(), strict=True)
    children_together = pa.array(["m0" if role == "enfant" else menage for menage, role in rows])
    parquet.write_table(table.set_column(table.schema.get_field_index("menage_id"), "menage_id", children_together), file)
    with pytest.raises(DataError, match=r"Links from `individu` to `menage` join \d+ rows of `menage`, more than the 6 of a part: a part would cut"):
        split(whole, tmp_path / "cut", law, 10, say=lambda _: None)


@pytest.mark.parametrize("text, size", [("2GB", 2 * 10**9), ("1.5 GiB", 3 * 2**29), ("900mb", 900 * 10**6)])
def test_amounts_of_memory(text, size):
    assert Memory.parsed(text).bytes == size


@pytest.mark.parametrize("text", ["2 gigas", "GB", "2,5GB", "lots"])
def test_no_amounts_of_memory(text):
    with pytest.raises(DataError, match=r"is no amount of memory: expected a number and a unit, as 2GB"):
        Memory.parsed(text)


def test_too_little_memory():
    with pytest.raises(DataError, match="100MB of memory are too little: the law alone takes about 420 MB"):
        Memory.parsed("100MB")


def test_a_part_too_large_for_the_bound(parts):
    assert Memory.parsed("440MB").rows_beside(parts.parts) == pytest.approx(20e6 / PER_HOUSEHOLD, rel=0.01)
    assert Memory.parsed("2GB").rows_beside(parts.parts) == MOST
    with pytest.raises(DataError, match=r"part-0000\d takes about .* more than the 434 MB of --memory .* Cut the whole tables into smaller parts"):
        Memory(BASE + FEWEST * PER_HOUSEHOLD).rows_beside(parts.parts)


def test_households_are_fewer_beside_a_larger_part(parts, monkeypatch):
    monkeypatch.setattr("population.partitions.memory.cells_of", lambda part: 3_000_000 if part.name == "part-00001" else 10)
    bound = Memory(10**9)
    assert bound.rows_beside(parts.parts[:1]) == (10**9 - BASE - 10 * PER_CELL) // PER_HOUSEHOLD
    assert bound.rows_beside(parts.parts) == (10**9 - BASE - 3_000_000 * PER_CELL) // PER_HOUSEHOLD
    with pytest.raises(DataError, match=r"part-00001 takes about 590 MB .* the 500 MB of --memory \(for each process\). .* 3 times as many\), or allow 590 MB"):
        Memory(500_000_000).rows_beside(parts.parts)


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "part.parquet"
    written(file, b"before")

    def full(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"part.parquet cannot be written: No space left on device. What was finished before is whole"):
        written(file, b"after")
    assert file.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["part.parquet"]


def test_work_is_kept_for_the_same_words_inputs_and_files(tmp_path):
    said = []
    work = Work.of(tmp_path, "law A", said.append)
    file = tmp_path / "part-00000.result"
    written(file, b"result")
    work.finish("part-00000", "inputs", [file], {"rows": 3})
    again = Work.of(tmp_path, "law A", said.append)
    assert again.is_finished("part-00000", "inputs")
    assert again.told("part-00000") == {"rows": 3}
    assert not said
    assert not again.is_finished("part-00000", "other inputs")
    file.write_bytes(b"half")
    assert not again.is_finished("part-00000", "inputs")
    assert not len(Work.of(tmp_path, "law B", said.append))
    assert [each.partition(": ")[2] or each for each in said] == [
        "its files changed since it was computed: computed again.",
        "part-00000.result is not what was written: computed again.",
        "everything is computed again.",
    ] or len(said) == 3
    (tmp_path / "work.json").write_text("{", encoding="utf-8")
    assert not len(Work.of(tmp_path, "law A", said.append))
    assert "cannot be read" in said[-1]


def test_a_manifest_of_another_form(parts):
    (parts.folder / "manifest.json").write_text(json.dumps({"format": "2"}), encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest.json is of another form: expected `format: bareme partitions 1`"):
        read_manifest(parts.folder)
