import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from engine.errors import TableError
from legislation.taxe_habitation.conformite import MODULES, check, find_module
from legislation.taxe_habitation.nomenclatures import CodeRole
from population.vectors import engine_calculator

VECTORS = Path(__file__).parents[2] / "data" / "taxe_habitation"
FILES = {
    "vectors_dev": (5000, "default"),
    "vectors_dev_kcac_years": (2000, "default"),
    "vectors_dev_iliad_EH": (229, "iliad"),
    "vectors_dev_ktac": (2000, "default"),
    "vectors_dev_kdec": (2000, "default"),
    "vectors_dev_ksfc": (2000, "default"),
    "vectors_dev_kvlc": (2000, "default"),
    "vectors_dev_ktvc": (2000, "default"),
    "vectors_dev_kcvc": (1850, "default"),
}


def vacant_dwellings_bill(module, year, variant, columns, names):
    """The bill of the tax on vacant dwellings, as plain numpy."""

    def rounded(amount):
        return np.floor((1 + 2.0**-48) * (amount + 0.5)).astype(np.int64)

    cote = columns["cote"]
    first, later = rounded(0.125 * cote["base_tlv_premiere_annee"]), rounded(0.25 * cote["base_tlv_annees_suivantes"])
    due = first + later
    total = due + rounded(0.09 * due)
    small = (total > 0) & (total < 12)
    results = {
        "code_retour_cote_tlv": np.select([~np.isin(cote["annee_imposition"], [2014, 2015, 2016, 2017]), due < 0], [1, 1103], 0),
        "cotisation_tlv_premiere_annee": first,
        "cotisation_tlv_annees_suivantes": later,
        "cotisation_tlv": due,
        "frais_gestion_tlv": rounded(0.09 * due),
        "frais_assiette_recouvrement_tlv": rounded(0.054 * due),
        "total_tlv": total,
        "net_a_payer_tlv": np.where(small, 0, total),
        "code_role_tlv": np.where(small, CodeRole.non_mise_en_recouvrement.index, CodeRole.vide.index),
    }
    return {name: results[name] for name in names}


@pytest.fixture
def changed(tmp_path):
    """Writes a vector file changed: `edit` gets the rows as lists, the header first."""

    def write(name, edit):
        with gzip.open(VECTORS / f"{name}.csv.gz", "rt") as stream:
            rows = list(csv.reader(stream))
        rows = edit(rows) or rows
        path = tmp_path / "changed.csv.gz"
        with gzip.open(path, "wt", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return path

    return write


def test_equal_results_make_every_row_equal():
    report = check(VECTORS / "vectors_dev_kcvc.csv.gz", None, vacant_dwellings_bill)
    assert report.is_equal
    assert report.text().splitlines() == ["vectors_dev_kcvc.csv.gz: module kcvc, variant default", "1850 of 1850 rows equal"]


def test_the_order_of_rows_and_columns_does_not_matter(changed):
    def reverse(rows):
        return [row[::-1] for row in [rows[0], *rows[:0:-1]]]

    assert check(changed("vectors_dev_kcvc", reverse), "kcvc", vacant_dwellings_bill).is_equal


def test_a_difference_is_counted_by_column_and_shown(changed):
    def spoil(rows):
        accepted = [row for row in rows[1:] if row[rows[0].index("rc")] == "0"]
        for row in accepted[:3]:
            row[rows[0].index("s7.netap")] += "9"
        accepted[3][rows[0].index("s7.cotiv")] = f"0{accepted[3][rows[0].index('s7.cotiv')]}"
        accepted[4][rows[0].index("s7.codro")] = "??"
        rows[-1][rows[0].index("rc")] = "77"

    report = check(changed("vectors_dev_kcvc", spoil), MODULES["kcvc"], vacant_dwellings_bill, shown=2)
    assert (report.equal, report.rows) == (1844, 1850)
    assert report.mismatches == {"rc": 1, "s7.netap": 3, "s7.cotiv": 1, "s7.codro": 1}
    assert [mismatch.column for mismatch in report.first] == ["s7.netap", "s7.netap"]
    assert report.first[0].expected == report.first[0].got + "9"
    assert report.text().splitlines()[1:4] == ["mismatches by column:", "  s7.netap: 3", "  rc: 1"]
    assert report.text().splitlines()[-1] == "1844 of 1850 rows equal"


def test_outputs_of_a_refused_row_are_not_compared():
    def without_refusals(module, year, variant, columns, names):
        return vacant_dwellings_bill(module, year, variant, columns, names) | {"code_retour_cote_tlv": np.zeros(len(columns["cote"]["annee_imposition"]), int)}

    report = check(VECTORS / "vectors_dev_kcvc.csv.gz", None, without_refusals)
    assert report.mismatches == {"rc": 150}
    assert report.equal == 1700


def test_missing_columns_are_listed_together(changed):
    def drop(rows):
        return [row[:2] + row[3:-1] for row in rows]

    with pytest.raises(TableError) as caught:
        check(changed("vectors_dev_kcvc", drop), None, vacant_dwellings_bill)
    assert str(caught.value).splitlines() == [
        "changed.csv.gz: column `e7.btlv1` is missing.",
        "changed.csv.gz: column `s7.codro` is missing.",
    ]


def test_inputs_that_cannot_be_read_are_listed_together(changed):
    def spoil(rows):
        rows[3][rows[0].index("e7.btlv1")] = "12.5"
        rows[5][rows[0].index("e7.antax")] = "_"

    with pytest.raises(TableError) as caught:
        check(changed("vectors_dev_kcvc", spoil), None, vacant_dwellings_bill)
    assert str(caught.value).splitlines() == [
        "changed.csv.gz, id 4, column e7.antax: ` ` cannot be read as `nombre entier`.",
        "changed.csv.gz, id 2, column e7.btlv1: `12.5` cannot be read as `nombre entier`.",
    ]


def test_a_file_without_rows_is_no_success(changed):
    with pytest.raises(TableError, match="the file has no rows"):
        check(changed("vectors_dev_kcvc", lambda rows: rows[:1]), None, vacant_dwellings_bill)


def test_a_file_of_another_module_is_recognised():
    with pytest.raises(TableError) as caught:
        check(VECTORS / "vectors_dev_ksfc.csv.gz", "kcac", vacant_dwellings_bill)
    said = str(caught.value).splitlines()
    assert said[0] == "vectors_dev_ksfc.csv.gz: it looks like a file of module ksfc, not kcac."
    assert len(said) == 21
    assert said[-1].endswith("more problems")


@pytest.mark.parametrize(
    "module,message", [("kcvd", "no module `kcvd` Did you mean `kcvc`"), (None, "its columns are those of no module: expected one of kcac")]
)
def test_an_unknown_module_is_refused(changed, module, message):
    with pytest.raises(TableError, match=message):
        check(changed("vectors_dev_kcvc", lambda rows: [["id", "x", "rc"]]), module, vacant_dwellings_bill)


def test_an_unknown_variant_is_refused():
    with pytest.raises(TableError, match="no variant `iliade`: expected one of default, iliad"):
        check(VECTORS / "vectors_dev_kcvc.csv.gz", None, vacant_dwellings_bill, variant="iliade")


def test_rows_are_calculated_year_by_year_and_those_of_unknown_years_with_the_nearest():
    years = {}

    def note(module, year, variant, columns, names):
        years[year] = set(columns["cote"]["annee_imposition"].tolist())
        return vacant_dwellings_bill(module, year, variant, columns, names)

    check(VECTORS / "vectors_dev_kcvc.csv.gz", None, note)
    assert years == {2014: {2013}, 2017: {2017, 2018}}


class NotedError(Exception):
    pass


def test_the_households_of_a_bill_stand_side_by_side():
    noted = {}

    def note(module, year, variant, columns, names):
        noted.update(columns)
        raise NotedError

    with pytest.raises(NotedError):
        check(VECTORS / "vectors_dev_ksfc.csv.gz", None, note)
    households = noted["foyer_fiscal"]
    assert len(households["revenu_fiscal_reference"]) == 3 * len(noted["cote"]["annee_imposition"])
    assert set(noted["cote"]) == {"annee_imposition", "direction", "composition_cote"}
    assert noted["cote"]["direction"].decoded()[0] in {"780", "971", "976", "973"} or len(noted["cote"]["direction"].decoded()[0]) == 3


@pytest.mark.parametrize("name,module", [("vectors_dev_kdec", "kdec"), ("vectors_dev", "kcac"), ("vectors_dev_ktvc", "ktvc")])
def test_the_module_is_found_by_the_columns(name, module):
    with gzip.open(VECTORS / f"{name}.csv.gz", "rt") as stream:
        assert find_module(next(csv.reader(stream))).nom == module


@pytest.mark.parametrize("name", FILES)
def test_every_official_row_is_equal(loi, name):
    rows, variant = FILES[name]
    report = check(VECTORS / f"{name}.csv.gz", None, engine_calculator(loi), variant=variant)
    assert report.text().splitlines()[-1] == f"{rows} of {rows} rows equal", report.text()
