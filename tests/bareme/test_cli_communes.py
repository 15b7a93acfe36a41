"""`bareme communes`, the main job: files and the tables of departments."""

import re
from xml.etree import ElementTree as ET

import pyarrow.parquet
from click.testing import CliRunner

from bareme.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["communes", *map(str, arguments)])


def test_the_main_job_writes_its_files_and_says_what_it_leaves_out(tmp_path):
    result = run("--output-folder", tmp_path / "a" / "b")
    assert result.exit_code == 0, result.output
    table = pyarrow.parquet.read_table(tmp_path / "a" / "b" / "communes_2017.parquet")
    assert table.num_rows == 12 * 35442
    ET.parse(tmp_path / "a" / "b" / "communes_2017.svg")
    assert "35\u202f442 communes × 12 logements types = 425\u202f304 cotes" in result.output
    assert "Les départements les plus chers" in result.output
    assert "Les départements les moins chers" in result.output
    assert "Sont laissés de côté : les contrôles du programme officiel" in result.output
    assert len(re.findall(r"^│ (?:\d\d\d?|2[AB]) ", result.output, re.MULTILINE)) == 20


def test_other_dwellings_may_be_given(tmp_path):
    dwellings = tmp_path / "logements.yaml"
    dwellings.write_text("studio: {libelle: Studio, nature: principale, valeur: 0.5}\n")
    result = run("--output-folder", tmp_path, "--dwellings", dwellings, "--reference", "studio")
    assert result.exit_code == 0, result.output
    assert "0,5 fois la moyenne" in (tmp_path / "communes_2017.svg").read_text(encoding="utf-8")


def test_a_reference_that_is_not_there_ends_with_code_2(tmp_path):
    result = run("--output-folder", tmp_path, "--reference", "chateau")
    assert result.exit_code == 2
    assert "There is no typical dwelling `chateau`" in result.output
