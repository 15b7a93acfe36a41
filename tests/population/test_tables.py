"""Tables of several entities: their links, roles, and what is wrong with them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableError
from engine.population import Population
from population.assembly import _ranks
from population.tables import read_tables


@pytest.fixture
def files(write):
    return {
        "commune": write("communes.csv", "commune_id,taux,nom\n01001,0.1,A\n01002,0.2,B\n"),
        "local": write("locaux.csv", "local_id,commune_id,valeur\na,01002,5\nb,01001,6\n"),
        "cote": write("cotes.csv", "cote_id,local_id,weight\nx,a,10\ny,b,20\nz,a,30\n"),
        "foyer": write("foyers.csv", "foyer_id,cote_id,cote_role\n1,x,premier\n2,x,second\n3,x,autres\n4,x,autres\n5,y,premier\n"),
    }


def problems(*arguments):
    with pytest.raises(TableError) as caught:
        read_tables(*arguments)
    return [str(problem) for problem in caught.value.problems]


def test_rows_are_linked_by_identifiers_and_roles(law, year, files):
    columns = read_tables(files, law, year)
    assert dict(columns.counts) == {"commune": 2, "local": 2, "cote": 3, "foyer": 5}
    assert columns.links["local", "commune"][0].tolist() == [1, 0]
    assert columns.links["cote", "local"][0].tolist() == [0, 1, 0]
    assert [array.tolist() for array in columns.links["foyer", "cote"]] == [[0, 0, 0, 0, 1], [0, 1, 2, 2, 0]]
    assert columns.ids["commune"].tolist() == ["01001", "01002"]
    Population(columns.counts, columns.links, columns.ids)


def test_weights_go_down_to_members(law, year, files):
    columns = read_tables(files, law, year)
    assert columns.weights_of("foyer").tolist() == [10.0, 10.0, 10.0, 10.0, 20.0]
    assert columns.weights_of("cote").tolist() == [10.0, 20.0, 30.0]
    assert columns.weights_of("local") is None


def test_groups_without_a_table_are_made_from_what_names_them(law, year, files):
    columns = read_tables({"foyer": files["foyer"]}, law, year)
    assert dict(columns.counts) == {"foyer": 5, "cote": 2, "local": 2, "commune": 2}
    assert columns.links["cote", "local"][0].tolist() == [0, 1]
    columns = read_tables({"local": files["local"]}, law, year)
    assert dict(columns.counts) == {"foyer": 0, "cote": 0, "local": 2, "commune": 2}
    assert columns.ids["commune"].tolist() == ["01002", "01001"]


def test_identifiers_are_the_same_as_numbers_and_as_text(law, year, tmp_path, write):
    pyarrow.parquet.write_table(pa.table({"cote_id": [2, 1], "local_id": [1.0, 1.0]}), tmp_path / "cotes.parquet")
    foyers = write("foyers.csv", "cote_id,cote_role\n1,premier\n2,premier\n")
    columns = read_tables({"cote": tmp_path / "cotes.parquet", "foyer": foyers}, law, year)
    assert columns.links["foyer", "cote"][0].tolist() == [1, 0]


def test_every_fault_of_every_table_is_said_at_once(law, year, write):
    files = {
        "commune": write("communes.csv", "commune_id,taux,valeur\n01001,0.1,1\n01002,x,1\n01001,.3,1\n"),
        "local": write("locaux.csv", "local_id,commune_id\na,01001\nb,01003\n,01001\n"),
        "cote": write("cotes.csv", "cote_id\nx\n"),
        "foyer": write("foyers.csv", "cote_id,cote_role\nx,premier\nx,premier\nx,autre\n"),
    }
    assert problems(files, law, year) == [
        "communes.csv, column `valeur`: `valeur` describes `local`: it belongs into that entity's table",
        "communes.csv, row 2 (line 3), column `taux`: `x` is not a number.",
        "locaux.csv, row 3 (line 4), column `local_id`: the cell is empty: expected an identifier",
        "foyers.csv, row 3 (line 4), column `cote_role`: `autre` is not one of premier, second, autres. Did you mean `autres`?",
        "communes.csv, row 3 (line 4), column `commune_id`: `01001` names row 1 already.",
        "cotes.csv: expected a column `local_id` that says to which local each cote belongs",
        "locaux.csv, row 2 (line 3), column `commune_id`: there is no commune `01003` in communes.csv",
    ]


def test_roles_that_are_taken_or_not_said_are_faults(law, year, write):
    cotes = write("cotes.csv", "cote_id\nx\ny\n")
    foyers = write("foyers.csv", "cote_id,cote_role\nx,premier\ny,premier\nx,autres\nx,premier\n")
    assert problems({"cote": cotes, "foyer": foyers}, law, year) == [
        "foyers.csv, row 4 (line 5), column `cote_role`: its cote has 1 `premier` already, and may have no more",
    ]
    foyers = write("foyers.csv", "cote_id\nx\ny\n")
    assert problems({"cote": cotes, "foyer": foyers}, law, year) == [
        "foyers.csv: expected a column `cote_role` with the role of each row: premier, second, autres",
    ]


def test_an_empty_identifier_hides_no_other_fault(law, year, write, files):
    cotes = write("cotes.csv", "cote_id,local_id\nx,\n,vila\nz,a\nz,b\n")
    assert problems({**files, "cote": cotes}, law, year) == [
        "cotes.csv, row 1 (line 2), column `local_id`: the cell is empty: expected an identifier",
        "cotes.csv, row 2 (line 3), column `cote_id`: the cell is empty: expected an identifier",
        "cotes.csv, row 4 (line 5), column `cote_id`: `z` names row 3 already.",
        "foyers.csv, row 5 (line 6), column `cote_id`: there is no cote `y` in cotes.csv",
        "cotes.csv, row 2 (line 3), column `local_id`: there is no local `vila` in locaux.csv",
    ]


def test_paths_and_periods_may_be_plain(law, files):
    columns = read_tables({key: str(path) for key, path in files.items()}, law, 2017)
    assert columns.counts["foyer"] == 5


def test_tables_that_cannot_be_linked_say_which_column_they_lack(law, year, write, files):
    assert problems({"cote": files["cote"], "commune": files["commune"]}, law, year) == [
        "no table of `local`: expected a column `commune_id` that says to which commune each local belongs",
    ]
    nameless = write("locaux.csv", "commune_id,valeur\n01001,1\n")
    assert problems({"cote": files["cote"], "local": nameless}, law, year) == [
        "locaux.csv: expected a column `local_id`: the rows of cotes.csv name theirs",
    ]
    assert problems({"locale": nameless}, law, year)[0].endswith(
        "there is no entity `locale`: expected one of foyer, cote, local, commune. Did you mean `local`?"
    )


@given(st.lists(st.integers(0, 5), max_size=30))
def test_ranks_count_the_earlier_rows_of_the_same_group(groups):
    assert _ranks(np.array(groups, np.int64)).tolist() == [groups[:row].count(group) for row, group in enumerate(groups)]
