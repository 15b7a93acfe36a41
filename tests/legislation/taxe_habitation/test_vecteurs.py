import gzip
from pathlib import Path

import pytest

from engine.errors import TableError
from legislation.taxe_habitation.vecteurs import read_vectors

VECTORS = Path(__file__).parents[2] / "data" / "taxe_habitation"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "vectors.csv.gz"
        path.write_bytes(gzip.compress(text.encode("ascii")))
        return path

    return write


def test_a_column_is_its_distinct_texts_and_a_code_per_row():
    table = read_vectors(VECTORS / "vectors_dev_ksfc.csv.gz")
    column = table.columns["e4.cnua"]
    assert table.rows == len(column.codes) == 2000
    assert set(column.texts) == {"S", "C", "R", "X"}
    assert column.text(0) == "X"


def test_an_underscore_is_a_blank_except_in_an_id(written):
    table = read_vectors(written("id,e1.cxloz,rc\na_1,__,0\na_2,M1,0\n"))
    assert table.columns["id"].texts == ("a_1", "a_2")
    assert table.columns["e1.cxloz"].texts == ("  ", "M1")


def test_a_file_without_rows_is_a_table_without_rows(written):
    assert read_vectors(written("id,e1.aff,rc\n")).rows == 0


@pytest.mark.parametrize(
    "text,message",
    [
        ("", "the file is empty"),
        ("id,rc,s1.a,s1.a\n1,0,2,2\n", "`s1.a` stands twice"),
        ("id,rc\n1,0\n2\n3,0,0\n", r"line 3: 1 cells: expected 2\.\n.*line 4: 3 cells"),
    ],
)
def test_a_malformed_file_is_refused_with_all_its_problems(written, text, message):
    with pytest.raises(TableError, match=message):
        read_vectors(written(text))


def test_a_plain_file_is_read_too(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("id,rc\n1,0\n")
    assert read_vectors(path).rows == 1


def test_what_is_no_text_or_no_file_is_refused(tmp_path):
    path = tmp_path / "binary.csv.gz"
    path.write_bytes(bytes(range(128, 256)))
    with pytest.raises(TableError, match="it is no file of reference results: expected plain text"):
        read_vectors(path)
    with pytest.raises(TableError, match="No such file"):
        read_vectors(tmp_path / "absent.csv.gz")


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes((VECTORS / "vectors_dev_kcvc.csv.gz").read_bytes()[:-1000])
    with pytest.raises(TableError, match="cannot be read"):
        read_vectors(path)


def test_long_lists_of_problems_are_cut_and_counted(written):
    with pytest.raises(TableError) as caught:
        read_vectors(written("id,rc\n" + "1\n" * 100))
    assert len(caught.value.problems) == 21
    assert str(caught.value).endswith("\nand: 80 more problems")


def test_missing_and_unknown_columns_are_listed_together(written):
    table = read_vectors(written("id,e7.antxa,e7.btlv1,rc\n"))
    with pytest.raises(TableError) as caught:
        table.check_columns(["e7.antax", "e7.btlv1", "e7.btlv2"])
    message = str(caught.value)
    assert "column `e7.antax` is missing. Did you mean `e7.antxa`?" in message
    assert "column `e7.btlv2` is missing" in message
    assert "column `e7.antxa` is not one of this module's" in message
