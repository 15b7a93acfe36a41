"""Finding the variables of a law in modules, packages, files and directories."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import types

import pytest

from engine.errors import VariableDefinitionError
from engine.variables import Variable, define_all, from_directory, from_file, from_module, from_modules

HEAD = """
from engine.periods import MONTH, YEAR
from engine.variables import Enum, Variable
from engine.entities import build_entity

Individu = build_entity("individu", "individus", "", is_person=True)
"""


def law(*names):
    return HEAD + "".join(
        f"""
class {name}(Variable):
    value_type = float
    entity = Individu
    definition_period = YEAR
    label = "{name}"

    def formula(individu, period, parameters):
        return individu("autre", period)

    def formula_2015(individu, period):
        return 0
"""
        for name in names
    )


@pytest.fixture
def package(tmp_path, monkeypatch):
    root = tmp_path / "une_loi"
    (root / "impots").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "revenus.py").write_text(law("salaire", "loyer"))
    (root / "impots" / "__init__.py").write_text(law("impot"))
    (root / "impots" / "taxe.py").write_text("from une_loi.revenus import salaire, Variable\n" + law("taxe", "_base"))
    (root / "__main__.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root
    for name in [name for name in sys.modules if name.startswith("une_loi")]:
        del sys.modules[name]


def named(classes):
    return [cls.__name__ for cls in classes]


def test_a_package_is_read_with_all_below(package):
    assert named(from_modules("une_loi")) == ["impot", "taxe", "salaire", "loyer"]
    assert named(from_modules("une_loi.impots", "une_loi.revenus")) == ["impot", "taxe", "salaire", "loyer"]


def test_modules_are_imported_when_their_turn_comes(package):
    found = from_modules("une_loi")
    assert "une_loi" not in sys.modules
    assert next(found).__name__ == "impot"
    assert "une_loi.revenus" not in sys.modules


def test_a_module_gives_what_it_writes_itself(package):
    module = types.ModuleType("une_autre")
    module.Variable = Variable
    assert from_module(module) == []


def test_modules_that_fail_are_told(package):
    (package / "zone.py").write_text("x = 1\n\nraise NameError('nope')\n")
    with pytest.raises(VariableDefinitionError, match=r"`une_loi\.zone` cannot be read: NameError: nope \(.*zone\.py:3\)"):
        list(from_modules("une_loi"))
    with pytest.raises(VariableDefinitionError, match="`une_lo` cannot be read: ModuleNotFoundError"):
        list(from_modules("une_lo"))


def test_a_file_is_run(tmp_path):
    file = tmp_path / "reforme.py"
    file.write_text(law("salaire", "_base", "loyer"))
    found = from_file(file)
    assert named(found) == ["salaire", "loyer"]
    again = from_file(str(file))
    assert found[0] is not again[0]
    rules = define_all(found)
    assert rules["salaire"].file == str(file)
    assert rules["salaire"].line == 8
    assert rules["loyer"].formulas[1].start.year == 2015
    assert rules["salaire"].formulas[0].line == 14
    file.write_text("# a line more\n" + law("salaire"))
    os.utime(file, (1, 1))
    assert rules["salaire"].line == 9
    file.unlink()
    assert rules["salaire"].line is None
    assert rules["salaire"].place == str(file)


def test_files_of_one_name_do_not_meet(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "loi.py").write_text(law(f"salaire_{folder}"))
    assert named(from_directory(tmp_path)) == ["salaire_a", "salaire_b"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    (tmp_path / "reforme.py").write_text("")
    with pytest.raises(VariableDefinitionError, match=r"There is no file .*reformes\.py\. Did you mean `reforme\.py`"):
        from_file(tmp_path / "reformes.py")
    with pytest.raises(VariableDefinitionError, match="There is no file"):
        from_file(tmp_path / "nowhere" / "reformes.py")
    with pytest.raises(VariableDefinitionError, match="There is no directory"):
        from_directory(tmp_path / "nowhere")
    (tmp_path / "loi.txt").write_text("")
    with pytest.raises(VariableDefinitionError, match="is not a Python file"):
        from_file(tmp_path / "loi.txt")


def test_all_files_that_fail_are_told_at_once(tmp_path):
    (tmp_path / "a.py").write_text("x = \n")
    (tmp_path / "b.py").write_text("import nowhere_at_all\n")
    (tmp_path / "c.py").write_text(law("salaire"))
    before = set(sys.modules)
    with pytest.raises(VariableDefinitionError) as caught:
        from_directory(tmp_path)
    lines = str(caught.value).splitlines()
    assert "a.py cannot be read: SyntaxError: invalid syntax (" in lines[0]
    assert lines[0].endswith("a.py:1)")
    assert "b.py cannot be read: ModuleNotFoundError: No module named 'nowhere_at_all' (" in lines[1]
    assert len(lines) == 2
    assert not any("a_py" in name or "b_py" in name for name in set(sys.modules) - before)


def test_seven_hundred_variables_are_read_quickly(tmp_path):
    for number in range(7):
        (tmp_path / f"loi_{number}.py").write_text(law(*(f"variable_{number}_{index}" for index in range(100))))
    code = (
        "import time; start = time.perf_counter()\n"
        "from engine.variables import define_all, from_directory\n"
        f"assert len(define_all(from_directory({str(tmp_path)!r}))) == 700\n"
        "print(time.perf_counter() - start)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    # generous for a busy machine: 0.2 s on a quiet one
    assert float(done.stdout) < time.perf_counter() - started < 5
