"""Traces kept on disk: another process runs no formula, and nothing is used that is not surely the same."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from country import check, country, worlds
from engine import kept_files, kept_graphs, law_identity
from engine.kept_graphs import KeptGraphs
from engine.legislation import Legislation
from engine.population import Population
from engine.simulation import Simulation
from graph_law import ROW, figures, simulate
from graph_law import law as law_of

FORMULAS = '''
"""A small law, whose formulas tell when they run."""

import enum
from engine.periods import YEAR, MONTH
from engine.variables import Enum, Variable
from graph_law import ROW
import numpy as np

RUN = []


class Kind(Enum):
    low = "Low"
    high = "High"


class x(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR


class born(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR


class double(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR

    def formula(row, period):
        RUN.append("double")
        return np.round(row("x", period) * 2, 1)


class tax(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR

    def formula(row, period, parameters):
        RUN.append("tax")
        law = parameters(period)
        return law.scale.calc(row("double", period)) + law.fee + law.zones[row("kind", period)].amount


class kind(Variable):
    value_type = Enum
    possible_values = Kind
    default_value = Kind.low
    entity = ROW
    definition_period = YEAR

    def formula(row, period):
        RUN.append("kind")
        return np.where(row("x", period) > 10, Kind.high, Kind.low)


class benefit(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR

    def formula(row, period, parameters):
        RUN.append("benefit")
        if (row("x", period) > 100).any():
            return row("double", period)
        return row("tax", period) - parameters(period).allowance


class walked(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR

    def formula(row, period):
        RUN.append("walked")
        return np.array([value + 1 for value in row("tax", period)])


class asks(Variable):
    value_type = float
    entity = ROW
    definition_period = YEAR

    def formula(row, period):
        RUN.append("asks")
        return row("walked", period) + row("benefit", period)
'''
FIGURES = {
    "fee": {"values": {"2000-01-01": {"value": 3}}},
    "allowance": {"values": {"2000-01-01": {"value": 5}}},
    "scale": {"brackets": [{"threshold": {"2000-01-01": 0}, "rate": {"2000-01-01": 0.1}}, {"threshold": {"2000-01-01": 20}, "rate": {"2000-01-01": 0.5}}]},
    "zones": {"low": {"amount": {"values": {"2000-01-01": {"value": 1}}}}, "high": {"amount": {"values": {"2000-01-01": {"value": 2}}}}},
}


@pytest.fixture(name="package")
def _package(tmp_path, monkeypatch):
    """A package with the law, old enough to be kept, and a cache of its own in which everything is kept."""
    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("BAREME_CACHE", raising=False)
    monkeypatch.setattr(kept_files, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(kept_files, "_slow", set())
    monkeypatch.setattr(kept_files.user_cache, "FRESH_SECONDS", -1e9)  # so that a checkout made just now is old enough
    package = f"kept_law_{tmp_path.name.replace('-', '_')}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / package / "formulas.py").write_text(FORMULAS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return package


def law(package, **changes):
    """Return the law made anew, as another process would, and the list of the formulas that run."""
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]
    module = importlib.import_module(f"{package}.formulas")
    from engine.parameters import parameters_from_data
    from engine.variables.loading import from_module

    tree = parameters_from_data({**FIGURES, **changes})
    return Legislation.make([ROW], from_module(module), tree, name="kept"), module.RUN


def asked(legislation, x, name="asks"):
    simulation = Simulation(legislation, Population({"row": len(x)}))
    simulation.set_input("x", "2020", x)
    return simulation.calculate(name, "2020"), simulation


def expected(x, fee=3, allowance=5):
    x = np.array(x, dtype=float)
    double = np.round(x * 2, 1)
    tax = np.minimum(double, 20) * 0.1 + np.maximum(double - 20, 0) * 0.5 + fee + np.where(x > 10, 2, 1)
    return tax + 1 + (double if (x > 100).any() else tax - allowance)


def files(package):
    return sorted(Path(os.environ["BAREME_CACHE_DIR"]).glob("graphs-*"))


def written(package, x=(1.0, 20.5)):
    first, run = law(package)
    assert np.allclose(asked(first, x)[0], expected(x))
    assert run
    kept_files.keep_all()
    (file,) = files(package)
    return file


def test_another_process_runs_no_formula_but_those_that_walk(package):
    written(package)
    again, run = law(package)
    for x in ([3.0], [40.0, 5.0, 6.0]):
        assert np.array_equal(asked(again, x)[0], asked(law_without_files(package), x)[0])
    assert set(run) == {"walked"}  # it is called with the real values of these populations


def law_without_files(package):
    os.environ["BAREME_CACHE"] = "off"
    try:
        return law(package)[0]
    finally:
        del os.environ["BAREME_CACHE"]


def test_what_was_read_is_known_too(package):
    written(package)
    again, _ = law(package)
    simulation = asked(again, [3.0], "tax")[1]
    traced = simulation.traced("tax", "2020")
    assert [name for name, _ in traced.reads] == ["double", "kind"]
    assert {(read.name, read.value) for read in traced.figures if read.name == "fee"} == {("fee", 3)}
    assert traced.formula is again.variable("tax").formulas[0]


def test_a_reform_runs_only_what_it_reaches(package):
    written(package)
    again, run = law(package)
    asked(again, [3.0], "benefit")
    reform, _ = law(package)
    reform = again.with_parameters(law(package, allowance={"values": {"2000-01-01": {"value": 7}}})[0].parameters)
    assert np.allclose(asked(reform, [3.0], "benefit")[0], asked(again, [3.0], "benefit")[0] - 2)
    assert run == ["benefit"]


def test_other_figures_use_what_does_not_rest_on_them(package):
    written(package)
    changed, run = law(package, fee={"values": {"2000-01-01": {"value": 4}}})
    assert np.allclose(asked(changed, [3.0, 50.0])[0], expected([3.0, 50.0], fee=4))
    assert "double" not in run
    assert "kind" not in run
    assert "tax" in run


def test_guards_answered_otherwise(package):
    written(package)
    again, run = law(package)
    assert np.allclose(asked(again, [300.0, 1.0])[0], expected([300.0, 1.0]))
    assert set(run) == {"benefit", "asks", "walked"}
    run.clear()
    assert np.allclose(asked(again, [2.0, 1.0])[0], expected([2.0, 1.0]))
    assert set(run) <= {"walked"}


def test_changed_code_is_run(package, tmp_path):
    written(package)
    file = tmp_path / package / "formulas.py"
    file.write_text(FORMULAS.replace('row("x", period) * 2', 'row("x", period) * 4'), encoding="utf-8")
    os.utime(file, (time.time() - 50, time.time() - 50))
    again, run = law(package)
    assert asked(again, [3.0], "double")[0] == [12.0]
    assert run == ["double"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"something else",
        lambda content: content[:78] + b"cos\nsystem\n(S'touch stolen'\ntR.",
    ],
)
def test_damaged_files_are_made_anew(package, damage):
    file = written(package)
    file.write_bytes(damage(file.read_bytes()))
    again, run = law(package)
    assert np.allclose(asked(again, [3.0])[0], expected([3.0]))
    assert "tax" in run
    kept_files.keep_all()
    third, run = law(package)
    asked(third, [3.0], "tax")
    assert run == []


def test_a_file_that_names_what_is_no_part_of_a_graph_is_refused(package, tmp_path):
    """Whole and with the right digests, it still makes nothing but graphs."""
    import pickle

    file = written(package)
    legislation, run = law(package)
    content = pickle.dumps((os.getcwd, [], [], {}))
    kept_files.user_cache.keep(file, kept_files._MAGIC, legislation.kept_graphs.identity(legislation), content)
    assert np.allclose(asked(legislation, [3.0])[0], expected([3.0]))
    assert "tax" in run


def test_nothing_is_kept_where_the_user_does_not_want_it(package, monkeypatch):
    monkeypatch.setenv("BAREME_CACHE", "off")
    asked(law(package)[0], [3.0])
    kept_files.keep_all()
    monkeypatch.delenv("BAREME_CACHE")
    assert files(package) == []


def test_nothing_is_kept_of_a_law_written_in_a_script(package, tmp_path):
    """Its formulas may depend on what no file says."""
    (tmp_path / package / "__init__.py").unlink()
    asked(law(package)[0], [3.0])
    kept_files.keep_all()
    assert files(package) == []


def edit(package, tmp_path, text, name="formulas.py"):
    file = tmp_path / package / name
    file.write_text(text, encoding="utf-8")
    when = time.time() - 50
    os.utime(file, (when, when))


def test_code_edited_since_the_process_began_is_not_kept(package, monkeypatch):
    """What was imported is not what the files say."""
    monkeypatch.setattr(kept_files.user_cache, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(law_identity, "_STARTED", time.time() - 1e4)
    asked(law(package)[0], [3.0])
    kept_files.keep_all()
    assert files(package) == []


def test_a_helper_beside_the_formulas_is_part_of_the_law(package, tmp_path, monkeypatch):
    helpers = package.replace("kept_law", "helper")
    (tmp_path / helpers).mkdir()
    for rate, gives in ((2, 6.0), (4, 12.0)):
        edit(helpers, tmp_path, f"def double(x):\n    return x * {rate}\n", "__init__.py")
        edit(package, tmp_path, f"from {helpers} import double as twice\n" + FORMULAS.replace('row("x", period) * 2', 'twice(row("x", period))'))
        sys.modules.pop(helpers, None)
        assert asked(law(package)[0], [3.0], "double")[0] == [gives]
        kept_files.keep_all()


def test_a_figure_that_the_packages_own_code_reads_is_part_of_the_law(package, tmp_path):
    code = FORMULAS.replace("RUN = []", "import pathlib\nRUN = []\nRATE = float((pathlib.Path(__file__).parent / 'rate.yaml').read_text())")
    for rate in (2, 4):
        edit(package, tmp_path, str(rate), "rate.yaml")
        edit(package, tmp_path, code.replace('row("x", period) * 2', 'row("x", period) * RATE'))
        assert asked(law(package)[0], [3.0], "double")[0] == [3.0 * rate]
        kept_files.keep_all()


def test_formulas_made_with_other_values_are_other_formulas(package, tmp_path):
    head, _, tail = FORMULAS.partition("class double(Variable):")
    body, _, rest = tail.partition("class tax(Variable):")
    made = "def made(rate):\n    class double(Variable):" + body.replace("\n", "\n    ").replace("* 2", "* rate") + "\n    return double\n\n\n"
    for rate in (2, 4):
        edit(
            package,
            tmp_path,
            f"{head}{made}double = made(RATES[0])\n\n\nclass tax(Variable):{rest}".replace("RUN = []", "RUN = []\nfrom rates_of_test import RATES"),
        )
        sys.modules["rates_of_test"] = types.ModuleType("rates_of_test")
        sys.modules["rates_of_test"].RATES = [rate]
        assert asked(law(package)[0], [3.0], "double")[0] == [3.0 * rate]
        kept_files.keep_all()
    del sys.modules["rates_of_test"]


def test_only_so_many_files_are_kept(package, monkeypatch):
    monkeypatch.setattr(kept_files, "MOST_FILES", 2)
    legislation, _ = law(package)
    for year in range(2015, 2020):
        simulation = Simulation(legislation, Population({"row": 1}))
        simulation.set_input("x", year, [1.0])
        simulation.calculate("tax", year)
        kept_files.keep_all()
    assert len(files(package)) == 2


def test_two_processes(package, tmp_path):
    script = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parent / "support")!r}]
from engine import kept_files, kept_graphs, law_identity
kept_files.LEAST_SECONDS = 0.0
kept_files.user_cache.FRESH_SECONDS = -1e9
import test_kept_files as tests
legislation, run = tests.law({package!r})
print(tests.asked(legislation, [3.0, 50.0], "benefit")[0].tolist(), len(run))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(kept_files.__file__).parents[1]), str(Path(__file__).parent)])}
    printed = [subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert [text.split()[-1] for text in printed] == ["4", "0"]
    assert printed[0].rsplit(" ", 1)[0] == printed[1].rsplit(" ", 1)[0]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), worlds(most=6))
def test_a_law_read_back_gives_what_it_gave(tmp_path_factory, first, second):
    """Every operation between entities, through the file: for the population that was traced, and for another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAREME_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(kept_files, "LEAST_SECONDS", 0.0)
        patch.setattr(kept_files, "_slow", set())
        patch.setattr(kept_graphs, "identity_of", lambda law, of_rules: b"i" * 32)
        legislation = country()
        check(first, met(legislation, first))
        kept_files.keep_all()
        again = replace(legislation, kept_graphs=KeptGraphs())
        for world in (first, second):
            check(world, met(again, world))


def met(legislation, world):
    return simulate(legislation, world.population, world.values)


def test_values_whose_types_and_signs_differ_stay_apart():
    from engine.graph.nodes import Graph, in_order
    from engine.graph.storage import StoredNodes, to_columns

    graph = Graph()
    values = [0.0, -0.0, 0, False, np.float64(0.0), np.float64(-0.0), np.int64(0), np.bool_(False), 1, True, 1.0, "", "0", np.datetime64("2020"), np.nan]
    nodes = [graph.constant(value) for value in values]
    columns, places = to_columns(in_order(nodes))
    other = StoredNodes(columns, Graph())
    for node in nodes:
        found = other.node(places[node.number])
        assert (repr(found.value), type(found.value), found.dtype) == (repr(node.value), type(node.value), node.dtype)


def test_figures_are_compared_by_value():
    legislation = law_of(parameters=figures(rate=0.5))
    assert legislation.has_figure("rate", "2020-01-01", 0.5)
    assert not legislation.has_figure("rate", "2020-01-01", 1)


def test_symmetric_operations_are_the_same_whatever_was_asked_first():
    """Operands stand in the order of their numbers, which are other ones in another process: what is recorded there must meet what was kept."""
    from engine.graph import folding
    from engine.graph.nodes import Graph, Input, in_order
    from engine.graph.operations import Elementwise
    from engine.graph.storage import StoredNodes, to_columns

    def leaf(graph, name):
        return graph.leaf(Input(name, "2020", bounded=True), np.dtype(float), "row", bounded=True)

    def total(graph, one, other, operation=np.add):
        return folding.apply(graph, Elementwise(operation), (one, other))

    first = Graph()
    x, y = leaf(first, "x"), leaf(first, "y")
    node, difference = total(first, x, y), total(first, x, y, np.subtract)
    columns, places = to_columns(in_order([node, difference]))
    other = Graph()
    y, x = leaf(other, "y"), leaf(other, "x")
    kept = StoredNodes(columns, other)
    assert kept.node(places[node.number]) is total(other, x, y) is total(other, y, x)
    assert kept.node(places[difference.number]) is total(other, x, y, np.subtract) is not total(other, y, x, np.subtract)


def test_what_a_result_rests_on_is_made_when_it_is_asked_for(package):
    written(package)
    again, _ = law(package)
    simulation = asked(again, [3.0], "tax")[1]
    below = simulation.traced_below("tax", "2020")
    key = ("double", simulation.traced("tax", "2020").reads[0][1])
    assert key in below
    assert below[key].rule.name == "double"
    with pytest.raises(KeyError):
        below["nothing", key[1]]


def test_a_trace_whose_figures_differ_at_one_date_is_not_served(package):
    written(package)
    other, run = law(package, fee={"values": {"2000-01-01": {"value": 3}, "2020-01-01": {"value": 4}}})
    assert np.allclose(asked(other, [3.0])[0], expected([3.0], fee=4))
    assert "tax" in run
