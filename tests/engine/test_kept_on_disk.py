"""A law whose graphs are kept by nobody: no identity is made for it, no file is written."""

from dataclasses import replace

from engine.kept_files import keep
from engine.kept_graphs import KeptGraphs
from legislation import france


def test_a_law_that_keeps_nothing_on_disk_has_no_identity():
    law = replace(france(), kept_graphs=KeptGraphs(on_disk=False))
    assert law.kept_graphs.identity(law) is None
    assert france().kept_graphs.on_disk


def test_nothing_of_it_is_written(tmp_path, monkeypatch):
    import bareme

    monkeypatch.setenv("BAREME_CACHE_DIR", str(tmp_path))
    law = replace(france(), kept_graphs=KeptGraphs(on_disk=False))
    simulation = bareme.simulation_from(law, {"foyers_fiscaux": {"f": {"revenu_imposable": {"2022": 30000}}}}, 2022)
    simulation.calculate("impot_quotient_familial", 2022)
    (family,) = law.kept_graphs.families
    for trace in family.traces:
        keep(trace)
    assert not list(tmp_path.iterdir())
