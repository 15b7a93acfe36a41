"""A flat table: every row is a case of its own, with a row of every entity."""

import datetime
import decimal
import gzip

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableError
from engine.periods import period
from population.tables import read_flat_table


def problems(call, *arguments):
    with pytest.raises(TableError) as caught:
        call(*arguments)
    return [str(problem) for problem in caught.value.problems]


def test_every_entity_has_a_row_for_each_row_linked_to_its_own(law, year, write):
    columns = read_flat_table(write("cas.csv", "taux,valeur\n0.1,1000\n0.2,2000\n"), law, year)
    assert dict(columns.counts) == dict.fromkeys(("foyer", "cote", "local", "commune"), 2)
    assert set(columns.links) == {("foyer", "cote"), ("cote", "local"), ("local", "commune")}
    index, roles = columns.links["foyer", "cote"]
    assert index.tolist() == [0, 1]
    assert roles.tolist() == [0, 0]
    assert columns.links["local", "commune"][1] is None


def test_every_value_type_is_read(law, year, write):
    text = "taux,nom,valeur,statut,couple,naissance\n.5,Ain,7,heberge,1,1980-01-31\n2,,-3.0,locataire,faux,2000-02-29\n"
    inputs = read_flat_table(write("cas.csv", text), law, year).inputs
    assert inputs["taux", year].tolist() == [0.5, 2.0]
    assert inputs["nom", year].tolist() == ["Ain", ""]
    assert inputs["valeur", year].tolist() == [7, -3]
    assert inputs["valeur", year].dtype == np.int64
    assert inputs["statut", year].decode_to_str().tolist() == ["heberge", "locataire"]
    assert inputs["couple", year].tolist() == [True, False]
    assert inputs["naissance", period("eternity")].tolist() == [datetime.date(1980, 1, 31), datetime.date(2000, 2, 29)]


def test_a_column_may_say_its_period(law, year, write):
    inputs = read_flat_table(write("cas.csv", "loyer@2017-01,loyer@2017-02,salaire,taux@2016\n1,2,3,4\n"), law, year).inputs
    assert set(inputs) == {("loyer", period("2017-01")), ("loyer", period("2017-02")), ("salaire", year), ("taux", period(2016))}


def test_a_longer_period_around_the_run_needs_no_word(law, write):
    assert set(read_flat_table(write("cas.csv", "taux,loyer\n1,2\n"), law, period("2017-03")).inputs) == {("taux", period(2017)), ("loyer", period("2017-03"))}


def test_weights_hold_for_every_entity_and_roles_may_be_said(law, year, write):
    columns = read_flat_table(write("cas.csv", "weight,cote_role,valeur,cote_id\n1.5,second,1,a\n2,autres,2,b\n"), law, year)
    assert columns.weights["commune"].tolist() == columns.weights_of("foyer").tolist() == [1.5, 2.0]
    assert columns.links["foyer", "cote"][1].tolist() == [1, 2]
    assert columns.ids["cote"].tolist() == ["a", "b"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_byte_order_marks_are_seen(law, year, write, separator):
    text = "\ufeffvaleur,nom\n1,a b\n".replace(",", separator)
    assert read_flat_table(write("cas.csv", text), law, year).inputs["nom", year].tolist() == ["a b"]


def test_a_header_of_the_law_is_checked_as_a_whole(law, year, write):
    text = "tauxx,taux,taux,loyer,valeur@2017-13,,valeur@2017-01,salaire,salaire@2017\n" + ",".join("1" * 9) + "\n"
    assert problems(read_flat_table, write("cas.csv", text), law, year) == [
        "cas.csv, column `tauxx`: is no variable of the law. Did you mean `taux`?",
        "cas.csv, column `taux`: stands twice",
        "cas.csv, column `loyer`: `loyer` has a value for each month: say which, as in `loyer@2017-01`",
        next(line for line in problems(read_flat_table, write("cas.csv", text), law, year) if "2017-13" in line),
        "cas.csv, column 6: has no name",
        "cas.csv, column `valeur@2017-01`: `valeur` has a value for each year, not for `2017-01`",
        "cas.csv, column `salaire@2017`: says the same as column `salaire`",
    ]


def test_every_bad_cell_is_named_with_row_line_and_column(law, year, write):
    text = (
        "taux,nom,valeur,statut,couple,naissance,salaire,weight\n"
        "0.1,Ain,1000,locataire,1,1980-01-01,1200,2\n"
        '\n,"trop long, vraiment",1e3,locataires,2,1980-13-01,"1,5",-1\n'
        "nan,a,2.5,,vrai,hier,inf,x\n"
    )
    assert problems(read_flat_table, write("cas.csv", text), law, year) == [
        "cas.csv, row 2 (line 4), column `taux`: the cell is empty: expected a number",
        "cas.csv, row 2 (line 4), column `nom`: `trop long, vraiment` has 19 characters: expected at most 10",
        "cas.csv, row 2 (line 4), column `valeur`: `1e3` is not a whole number",
        "cas.csv, row 2 (line 4), column `statut`: `locataires` is not one of proprietaire, locataire, heberge. Did you mean `locataire`?",
        "cas.csv, row 2 (line 4), column `couple`: `2` is neither true nor false",
        "cas.csv, row 2 (line 4), column `naissance`: `1980-13-01` is not a date: expected 2017-12-31",
        "cas.csv, row 2 (line 4), column `salaire`: `1,5` is not a number. Write a decimal point.",
        "cas.csv, row 2 (line 4), column `weight`: `-1` is negative: expected a weight of at least 0",
        "cas.csv, row 3 (line 5), column `taux`: `nan` is not finite: expected a number",
        "cas.csv, row 3 (line 5), column `valeur`: `2.5` is not a whole number",
        "cas.csv, row 3 (line 5), column `statut`: the cell is empty: expected one of proprietaire, locataire, heberge",
        "cas.csv, row 3 (line 5), column `naissance`: `hier` is not a date: expected 2017-12-31",
        "cas.csv, row 3 (line 5), column `salaire`: `inf` is not finite: expected a number",
        "cas.csv, row 3 (line 5), column `weight`: `x` is not a number.",
    ]


def test_rows_of_the_wrong_width_are_named_and_the_others_checked(law, year, write):
    text = '\n\ntaux,nom\n1,2\n\n1\n2,"a\nb"\n1,2,3\n,u\n'
    assert problems(read_flat_table, write("cas.csv", text), law, year) == [
        "cas.csv, row 2 (line 6): 1 cell, where the header has 2",
        "cas.csv, row 4 (line 9): 3 cells, where the header has 2",
        "cas.csv, row 5 (line 10), column `taux`: the cell is empty: expected a number",
    ]


def test_typed_files_are_checked_too(law, year, tmp_path):
    table = {
        "taux": [1.0, float("nan"), float("inf")],
        "valeur": [1.0, 2.5, None],
        "statut": pa.array(["locataire", "x", None]).dictionary_encode(),
        "couple": [0, 1, 2],
        "naissance": [1, 2, 3],
        "salaire": pa.nulls(3),
        "loyer@2017-01": [True, False, True],
    }
    path = tmp_path / "cas.parquet"
    pyarrow.parquet.write_table(pa.table(table), path)
    assert problems(read_flat_table, path, law, year) == [
        "cas.parquet, column `naissance`: holds values of type int64: expected dates",
        "cas.parquet, column `salaire`: every cell is empty: expected a number, or no such column",
        "cas.parquet, column `loyer@2017-01`: holds values of type bool: expected numbers",
        "cas.parquet, row 2, column `taux`: `nan` is not finite: expected a number",
        "cas.parquet, row 2, column `valeur`: `2.5` is not a whole number",
        "cas.parquet, row 2, column `statut`: `x` is not one of proprietaire, locataire, heberge.",
        "cas.parquet, row 3, column `taux`: `inf` is not finite: expected a number",
        "cas.parquet, row 3, column `valeur`: the cell is empty: expected a whole number",
        "cas.parquet, row 3, column `statut`: the cell is empty: expected one of proprietaire, locataire, heberge",
        "cas.parquet, row 3, column `couple`: `2` is neither true (1) nor false (0)",
    ]


def test_arrow_types_that_hold_the_same_are_taken(law, year, tmp_path):
    table = {
        "taux": [decimal.Decimal("1.5"), decimal.Decimal(2)],
        "nom": pa.array(["a", "b"]).dictionary_encode(),
        "valeur": np.array([1, 2], np.uint64),
        "statut": pa.array(["heberge", "locataire"], pa.large_string()),
        "couple": [0.0, 1.0],
        "naissance": pa.array([datetime.datetime(1980, 1, 1, 5), datetime.datetime(2020, 1, 1)]),
    }
    pyarrow.parquet.write_table(pa.table(table), tmp_path / "cas.parquet")
    inputs = read_flat_table(tmp_path / "cas.parquet", law, year).inputs
    assert inputs["taux", year].tolist() == [1.5, 2.0]
    assert inputs["valeur", year].dtype == np.int64
    assert inputs["statut", year].decode_to_str().tolist() == ["heberge", "locataire"]
    assert inputs["naissance", period("eternity")].tolist() == [datetime.date(1980, 1, 1), datetime.date(2020, 1, 1)]


def test_csv_may_be_compressed_and_arrow_files_come_in_pieces(law, year, tmp_path):
    with gzip.open(tmp_path / "cas.csv.gz", "wt") as stream:
        stream.write("valeur\n1\nx\n")
    assert problems(read_flat_table, tmp_path / "cas.csv.gz", law, year) == ["cas.csv.gz, row 2 (line 3), column `valeur`: `x` is not a whole number"]
    pieces = pa.chunked_array([pa.array(["locataire", "heberge"]).dictionary_encode(), pa.array(["heberge"]).dictionary_encode()])
    pyarrow.feather.write_feather(pa.table({"statut": pieces}), tmp_path / "cas.feather")
    assert read_flat_table(tmp_path / "cas.feather", law, year).inputs["statut", year].decode_to_str().tolist() == ["locataire", "heberge", "heberge"]


def test_a_file_that_cannot_be_read_says_why(law, year, write, tmp_path):
    assert problems(read_flat_table, tmp_path / "rien.csv", law, year)[0].endswith("rien.csv: there is no such file")
    assert "expected a name that ends in .csv" in problems(read_flat_table, tmp_path / "cas.xlsx", law, year)[0]
    assert "cannot be read as Parquet" in problems(read_flat_table, write("cas.parquet", "nom"), law, year)[0]
    assert "the file is empty" in problems(read_flat_table, write("vide.csv", ""), law, year)[0]
    assert problems(read_flat_table, write("cas.csv", "taux\n"), law, year) == ["cas.csv: the table has no rows that can be read"]


@pytest.mark.parametrize(
    "data, line",
    [
        ("nom\na\r\né\n".encode("latin-1"), 3),
        ("nom\na\n".encode("utf-16"), 1),
        ("nom\na\n".encode("utf-16-le"), 1),
        (b"nom\na\n" + b"1,2\n" * 2_000_000 + b"\xe9,1\n", 2_000_003),
        (b"nom\n\x00\xff\xfe\n1,2\n", 2),
    ],
)
def test_what_is_not_utf_8_is_said_with_its_line_and_nothing_else(law, year, tmp_path, capfd, data, line):
    (tmp_path / "cas.csv").write_bytes(data)
    assert problems(read_flat_table, tmp_path / "cas.csv", law, year) == [f"cas.csv, line {line}: is not text in UTF-8: save the file as CSV in UTF-8"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text, place",
    [
        ("valeur\r1\rx\r", "row 2 (line 3)"),
        ("valeur\r\n1\r\n\r\nx\r\n", "row 2 (line 4)"),
        ('valeur,nom\n1,a"b\n1,c\nx,d\n', "row 3 (line 4)"),
        ('valeur,"nom"\n1,"a""\n\nb"\nx,d\n', "row 2 (line 5)"),
        ("\ufeffvaleur\n1\nx\n", "row 2 (line 3)"),
        ("\n \nvaleur\n1\nx\n", "row 2 (line 5)"),
        ("valeur,nom\n1,a\u2028b\nx,\x0b\n", "row 2 (line 3)"),
        (f"valeur,nom\n1,{'a' * 200_000}\nx,d\n", "row 2"),
    ],
)
def test_lines_are_counted_however_they_end(law, year, tmp_path, text, place):
    (tmp_path / "cas.csv").write_bytes(text.encode())
    found = [problem for problem in problems(read_flat_table, tmp_path / "cas.csv", law, year) if "`valeur`" in problem]
    assert found == [f"cas.csv, {place}, column `valeur`: `x` is not a whole number"]


def test_a_header_may_have_quoted_line_ends(law, year, write):
    found = problems(read_flat_table, write("cas.csv", 'valeur,"de\nux"\n1,2\nx,3\n1\n'), law, year)
    assert [problem.splitlines()[-1] for problem in found] == [
        "ux`: is no variable of the law.",
        "cas.csv, row 2 (line 4), column `valeur`: `x` is not a whole number",
        "cas.csv, row 3 (line 5): 1 cell, where the header has 2",
    ]


def test_every_bad_weight_is_named(law, year, write, tmp_path):
    expected = ["`-1.0` is negative: expected a weight of at least 0", "`nan` is not finite: expected a number", "the cell is empty: expected a weight"]
    pyarrow.parquet.write_table(pa.table({"weight": [-1.0, float("nan"), None]}), tmp_path / "cas.parquet")
    for path in (write("cas.csv", "weight,nom\n-1.0,a\nnan,a\n,a\n"), tmp_path / "cas.parquet"):
        assert [problem.split("`weight`: ")[1] for problem in problems(read_flat_table, path, law, year)] == expected


def test_problems_come_row_by_row_however_many_a_column_has(law, year, write):
    found = problems(read_flat_table, write("cas.csv", "taux,valeur\n" + "x,y\n" * 1000), law, year)
    assert found[1].startswith("cas.csv, row 1 (line 2), column `valeur`")
    assert found[-2].startswith("cas.csv, row 25 (line 26), column `valeur`")
    assert found[-1] == "and: 1,950 more problems: 975 in cas.csv, column `taux`, 975 in cas.csv, column `valeur`"


def test_an_eternal_run_asks_for_the_period_of_each_column(law, write):
    assert problems(read_flat_table, write("cas.csv", "taux,loyer,salaire,naissance\n1,2,3,1980-01-01\n"), law, period("eternity")) == [
        "cas.csv, column `taux`: `taux` has a value for each year: say which, as in `taux@2017`",
        "cas.csv, column `loyer`: `loyer` has a value for each month: say which, as in `loyer@2017-01`",
        "cas.csv, column `salaire`: `salaire` has a value for each month: say which, as in `salaire@2017-01`",
    ]


def test_periods_that_a_variable_cannot_take_are_named_with_their_column(law, year, write):
    names = ["salaire@eternity", "taux@year:2017:2", "salaire@2017-01-05", "salaire@month:2017-01:3"]
    assert problems(read_flat_table, write("cas.csv", ",".join(names) + "\n1,1,1,1\n"), law, year) == [
        "cas.csv, column `salaire@eternity`: `salaire` has a value for each month, not for `eternity`",
        "cas.csv, column `taux@year:2017:2`: `taux` has a value for each year, not for `year:2017:2`",
        "cas.csv, column `salaire@2017-01-05`: `salaire` has a value for each month, not for `2017-01-05`",
    ]


def test_long_lists_of_problems_are_cut_and_counted(law, year, write):
    found = problems(read_flat_table, write("cas.csv", "taux\n" + "x\n" * 1234), law, year)
    assert len(found) == 51
    assert found[-1] == "and: 1,184 more problems: 1,184 in cas.csv, column `taux`"


def test_rows_of_a_flat_table_do_not_share(law, year, write):
    found = problems(read_flat_table, write("cas.csv", "commune_id,taux\n01001,1\n01002,2\n01001,3\n"), law, year)
    assert len(found) == 1
    assert found[0].startswith("cas.csv, row 3 (line 4), column `commune_id`: `01001` names row 1 already.")


@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=20))
def test_numbers_come_back_to_the_last_bit(law, year, tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("nombres") / "cas.csv"
    path.write_text("taux,valeur\n" + "".join(f"{number!r},{whole}\n" for number, whole in rows))
    inputs = read_flat_table(path, law, year).inputs
    assert inputs["taux", year].tolist() == [number for number, _ in rows]
    assert inputs["valeur", year].tolist() == [whole for _, whole in rows]
