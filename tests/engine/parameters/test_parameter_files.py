"""Files of figures: every form that is read, and every mistake that is told. The golden files are in files/, what they give beside them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ParameterFileError
from engine.parameters import LookUpTable, TaxScale, load_parameter_file, load_parameters, parameters_from_data, read_yaml
from engine.parameters.yaml_text import plain_word

FILES = Path(__file__).parent / "files"
BAD = sorted(path for path in (FILES / "bad").iterdir() if path.suffix != ".txt")


@pytest.fixture(name="good", scope="module")
def _good():
    return load_parameters(FILES / "good", cache=False)


def told(value):
    if isinstance(value, TaxScale):
        return {value.kind: [list(bracket) for bracket in value.brackets]}
    return list(value) if isinstance(value, tuple) else value


def cases():
    expected = json.loads((FILES / "good_expected.json").read_text(encoding="utf-8"))
    return [(name, date, value) for name, by_date in expected.items() for date, value in by_date.items()]


@pytest.mark.parametrize("name, date, value", cases())
def test_good_files_give_what_stands_beside_them(good, name, date, value):
    found = told(good.read(name, date))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_files_are_told_problem_by_problem(path):
    with pytest.raises(ParameterFileError) as caught:
        load_parameters(path, cache=False) if path.is_dir() else load_parameter_file(path)
    assert str(caught.value).splitlines() == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_all_bad_files_of_a_directory_are_told_at_once():
    with pytest.raises(ParameterFileError) as caught:
        load_parameters(FILES / "bad", cache=False)
    files = {problem.place.partition(":")[0] for problem in caught.value.problems}
    assert {path.name for path in BAD if path.is_file()} <= files
    assert len(caught.value.problems) >= sum(len(path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()) for path in BAD)


def test_items_know_what_they_are_and_where_they_stand(good):
    seuil = good.child("seuil")
    assert seuil.description == "Seuil, avec ses références"
    assert seuil.documentation == "Deux lignes\nde documentation.\n"
    assert (seuil.unit, seuil.reference, seuil.metadata["unit"]) == ("currency", "CGI, art. 1641", "currency")
    assert seuil.place == "seuil.yaml:1"
    assert seuil.dated_value_at(2014).reference == "LF 2014, art. 3"
    assert seuil.dated_value_at(2014).unit == "currency-EUR"
    assert seuil.dated_value_at(2016).reference == "CGI, art. 1641"
    assert good.description == "Une loi qui montre toutes les formes"
    assert good.metadata == {"order": ["impot", "zones"]}
    assert good.place == "index.yaml:1"
    assert good.child("impot").file == "impot/"
    assert good.child("valeurs.codes").reference == ["art. 1", "art. 2"]
    assert good.child("valeurs.alpha.sous_branche").place == "valeurs.yaml:12"
    assert good.child("impot.bareme").metadata == {"threshold_unit": "currency", "rate_unit": "/1"}
    assert good.child("impot.bareme[1].rate").place == "impot/bareme.yaml:9"
    assert good.child("zones.coefficients").unit == "/1"
    assert isinstance(good.read("zones.coefficients[*]", 2015), LookUpTable)
    assert type(good.metadata) is dict


def test_a_directory_that_is_not_there_is_told():
    with pytest.raises(ParameterFileError, match="there is no such directory"):
        load_parameters(FILES / "nothing", cache=False)
    with pytest.raises(ParameterFileError, match=r"nothing\.yaml: this file cannot be read"):
        load_parameter_file(FILES / "nothing.yaml")


def test_what_openfisca_lets_through_is_let_through_where_asked():
    data = {"metadata": {"rate_unit": 1}, "unit": 2, "values": {"2015-01-01": 1, "2015-01-01-01": 2}}
    with pytest.raises(ParameterFileError) as caught:
        parameters_from_data(data, "a")
    assert len(caught.value.problems) == 3
    figure = parameters_from_data(data, "a", strict=False)
    assert [figure.at(day) for day in ("2015-01-01", "2015-01-02")] == [1, 2]
    assert figure.unit == "2"


def test_a_branch_may_have_children_named_as_the_forms():
    tree = parameters_from_data({"table": {"values": {"2015-01-01": 1}}, "description": "x"})
    assert tree.at(2015).table == 1
    tree = parameters_from_data({"table": {"2015-01-01": 1}, "description": "x"})
    assert tree.at(2015).table == 1
    tree = parameters_from_data({"table": {"table": {"2015-01-01": {"01": 1}}}, "other": {"2015-01-01": 1}})
    assert tree.at(2015).table["01"] == 1


def test_files_with_windows_ends_of_line_and_a_byte_order_mark_are_read(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfvalues:\r\n  2015-01-01: 5\r\n")
    assert load_parameters(tmp_path, cache=False).at(2015).a == 5


def test_files_are_read_in_the_order_of_names_and_hidden_ones_not_at_all(tmp_path):
    for name in ("b.yaml", "a.yml", "c.txt", ".d.yaml", "é.yaml"):
        (tmp_path / name).write_text("{2015-01-01: 1}", encoding="utf-8")
    (tmp_path / "aa").mkdir()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "aa" / "index.yaml").write_text("", encoding="utf-8")
    tree = load_parameters(tmp_path, cache=False)
    assert list(tree.children) == ["a", "aa", "b", "é"]
    assert list(tree.child("aa").children) == []
    (tmp_path / "aa" / "index.yaml").write_text("[1]", encoding="utf-8")
    with pytest.raises(ParameterFileError, match=r"aa/index\.yaml:1: expected a mapping with the keys `description`"):
        load_parameters(tmp_path, cache=False)


# --- Words of YAML ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, value",
    [
        *(("null", None), ("~", None), ("", None), ("yes", True), ("Off", False), ("TRUE", True)),
        *(("0", 0), ("-12", -12), ("+3", 3), ("1_000", 1000), ("01", "01"), ("0x1F", "0x1F"), ("12:30", "12:30"), ("2015-01-01", "2015-01-01")),
        *(("1.", 1.0), (".5", 0.5), ("-1.5e3", -1500.0), ("1e-3", 0.001), ("1E5", 1e5), ("00.5", "00.5"), (".", "."), ("-", "-"), ("1.2.3", "1.2.3")),
        *((".inf", float("inf")), ("-.INF", float("-inf")), ("é", "é"), ("٣", "٣")),
    ],
)
def test_words_mean_what_a_legal_coder_means(text, value):
    assert plain_word(text) == value
    assert type(plain_word(text)) is type(value)


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_written_by_python_are_read_back(number):
    assert plain_word(repr(number)) == number


def test_mappings_know_their_lines():
    data, problems = read_yaml("a: 1\n\nb:\n  c: [x, {d: 2}]\n", "f.yaml")
    assert not problems
    assert data == {"a": 1, "b": {"c": ["x", {"d": 2}]}}
    assert data.lines == {"a": 1, "b": 3}
    assert data["b"].lines == {"c": 4}
    assert data["b"]["c"][1].line == 4


@pytest.mark.parametrize("text", ["? [1, 2]\n: 3", "a: 'x", "\x00", "a: *b", b"\xff\xfe\x00", "a: !!float x", "--- 1\n--- 2"])
def test_what_is_no_yaml_is_told_and_never_raised(text):
    _, problems = read_yaml(text, "f.yaml")
    assert problems
    assert problems[0].place.startswith("f.yaml")


def test_the_parser_in_python_gives_the_same(monkeypatch):
    import importlib.util

    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader")
    spec = importlib.util.find_spec("engine.parameters.yaml_text")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    for path in (FILES / "good").rglob("*.yaml"):
        text = path.read_bytes()
        assert module.read_yaml(text, "f") == read_yaml(text, "f")


def test_a_figure_may_be_called_value_where_its_dates_stand_under_values():
    tree = parameters_from_data({"value": {"values": {"2015-01-01": 5}}, "valeurs": {"values": {"2015-01-01": 6}}}, "points")
    assert (tree.at("2015").value, tree.at("2015").valeurs) == (5, 6)


def test_names_unlike_any_key_hold_dates_themselves():
    tree = parameters_from_data({"montant": {"2015-01-01": 5}, "volume_annuel": {"2015-01-01": 6}}, "points")
    assert (tree.at("2015").montant, tree.at("2015").volume_annuel) == (5, 6)


@pytest.mark.parametrize("key", ["value", "valeurs", "vaules"])
def test_packages_for_openfisca_may_call_a_figure_nearly_as_a_key(key):
    tree = parameters_from_data({key: {"2015-01-01": 5}, "description": "Points"}, "points", strict=False)
    assert tree.at("2015")[key] == 5
    with pytest.raises(ParameterFileError, match=r"Did you mean `values`\?"):
        parameters_from_data({key: {"2015-01-01": 5}, "description": "Points"}, "points")
