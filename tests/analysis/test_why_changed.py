"""Why a result changes: the parts of a reform, their shares, and the way of the change."""

import json
from itertools import combinations

import pytest
from click.testing import CliRunner
from hypothesis import given, settings, strategies

import bareme
from analysis.reform_parts import RULES, ReformParts
from bareme.cli import main
from engine.errors import DataError, ReformError, VariableValueError
from engine.reform import read_reform, reform_from_data

SITUATION = {
    "individus": {
        "elle": {"foyer_fiscal": "f", "foyer_fiscal_role": "declarant", "annee_naissance": 1980, "salaires": {"2022": 60000}},
        "lui": {"foyer_fiscal": "f", "foyer_fiscal_role": "conjoint", "annee_naissance": 1981, "salaires": {"2022": 20000}},
    },
    "foyers_fiscaux": {"f": {"situation_familiale": {"2022": "marie"}, "enfants_a_charge": {"2022": 2}}},
}
CHANGES = {
    "impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.10},
    "impot_revenu.bareme.brackets[2].threshold": {"2022-01-01": 26000},
    "impot_revenu.decote.couple": {"2022-01-01": 2500},
    "impot_revenu.deductions.salaires.taux": {"2022-01-01": 0.09},
    "impot_revenu.plafonnement.demi_part": {"2022-01-01": 1000},
    "impot_revenu.reductions.scolarite.college": {"2022-01-01": 100},
}


@pytest.fixture(scope="module", name="law")
def _law():
    return bareme.france()


@pytest.fixture(scope="module", name="simulation")
def _simulation(law):
    return bareme.simulation_from(law, SITUATION, 2022)


def by_part(found):
    return {share.part.name: share.value for share in found.shares}


@settings(max_examples=8)
@given(
    strategies.lists(strategies.sampled_from(sorted(CHANGES)), unique=True, max_size=4),
    strategies.floats(0.05, 0.13),
    strategies.integers(20_000, 30_000),
    strategies.lists(strategies.sampled_from(["reduction_dons", "decote"]), unique=True),
    strategies.randoms(),
)
def test_shares_add_up_and_the_order_in_the_file_changes_nothing(law, simulation, paths, rate, threshold, neutralized, random):
    changes = {path: CHANGES[path] for path in paths}
    if "impot_revenu.bareme.brackets[1].rate" in changes:
        changes["impot_revenu.bareme.brackets[1].rate"] = {"2022-01-01": rate}
    if "impot_revenu.bareme.brackets[2].threshold" in changes:
        changes["impot_revenu.bareme.brackets[2].threshold"] = {"2022-01-01": threshold}
    found = bareme.why_changed(simulation, {"parameters": changes, "neutralize": neutralized}, "impot_net", 2022)
    assert sum(share.value for share in found.shares) == pytest.approx(found.total, abs=1e-9)
    assert found.after == simulation.under(reform_from_data({"parameters": changes, "neutralize": neutralized})(law)).calculate("impot_net", 2022)[0]
    for step in found.steps:
        if step.shares:
            assert sum(step.shares.values()) == pytest.approx(step.after - step.before, abs=1e-9)
    shuffled = list(changes.items())
    random.shuffle(shuffled)
    again = bareme.why_changed(simulation, {"parameters": dict(shuffled), "neutralize": neutralized[::-1]}, "impot_net", 2022)
    assert by_part(again) == by_part(found)


def test_what_each_part_does_and_by_what_way(simulation):
    found = bareme.why_changed(simulation, {"parameters": CHANGES, "neutralize": ["reduction_dons"]}, "impot_net", 2022, "f")
    assert (found.before, found.after, found.id) == (5431, 7285, "f")
    assert found.method.is_exact
    assert [part.name for part in found.without_effect] == ["impot_revenu.reductions.scolarite.college", "reduction_dons"]
    ceiling = found.shares[0]
    assert (ceiling.part.name, ceiling.before, ceiling.after) == ("impot_revenu.plafonnement.demi_part", "1678", "1000")
    assert ceiling.part.reference[-1].startswith("CGI, art. 197")
    names = [step.rule.name for step in found.steps]
    assert names.index("deduction_forfaitaire") < names.index("revenu_imposable") < names.index("impot_plafonne") < names.index("impot_net")
    assert names[-1] == "impot_net"
    deduction = next(step for step in found.steps if step.rule.name == "deduction_forfaitaire" and step.id == "elle")
    assert (deduction.before, deduction.after, deduction.parts) == (6000, 5400, ("impot_revenu.deductions.salaires.taux",))
    assert {name: share for name, share in deduction.shares.items() if share} == {"impot_revenu.deductions.salaires.taux": -600}
    assert "salaires" not in names  # an input that stays


def test_one_part_alone_makes_all_of_it(simulation):
    found = bareme.why_changed(simulation, {"parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.1}}}, "impot_net", 2022)
    assert by_part(found) == {"impot_revenu.bareme[1].rate": found.total}
    assert found.total < 0


def test_nothing_changes_nothing(simulation):
    found = bareme.why_changed(simulation, {}, "impot_net", 2022)
    assert (found.total, found.shares, found.steps, found.without_effect) == (0, (), (), ())
    later = bareme.why_changed(simulation, {"parameters": {"impot_revenu.decote.taux": {"2024-01-01": 0.1}}}, "impot_net", 2022)
    assert (later.total, later.shares, [part.name for part in later.without_effect]) == (0, (), ["impot_revenu.decote.taux"])


def test_drawn_orders_say_so(simulation):
    reform = {"parameters": CHANGES}
    exact = bareme.why_changed(simulation, reform, "impot_net", 2022)
    drawn = bareme.why_changed(simulation, reform, "impot_net", 2022, most_exact=2, orders=60)
    assert not drawn.method.is_exact
    assert drawn.method.orders == 60
    assert sum(by_part(drawn).values()) == pytest.approx(exact.total)
    for share in drawn.shares:
        assert share.value == pytest.approx(by_part(exact)[share.part.name], abs=6 * share.error + 1e-6)


def test_an_amendment_is_told_against_its_bill(simulation):
    bill = {"parameters": {"impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.1}}}
    both = {"parameters": {"impot_revenu.decote.couple": {"2022-01-01": 20000}}}
    found = bareme.why_changed(simulation, reform_from_data(both), "impot_net", 2022, against=bill)
    assert list(by_part(found)) == ["impot_revenu.decote.couple"]


def test_a_reform_in_code_is_one_part_with_its_figures(law):
    reform = read_reform("reforms.imposition_individuelle.imposition_individuelle")
    parts = ReformParts.of(law, reform(law)).parts
    assert RULES in {part.name for part in parts}
    found = bareme.why_changed(SITUATION, reform, "impot_net", 2022)
    assert sum(by_part(found).values()) == pytest.approx(found.total)
    assert found.total != 0


def test_thresholds_that_would_overlap_are_one_part(law):
    def names(changes):
        return [part.name for part in ReformParts.of(law, reform_from_data({"parameters": changes})(law)).parts]

    scale = "impot_revenu.bareme.brackets"
    apart = {f"{scale}[1].threshold": {"2022-01-01": 12000}, f"{scale}[2].threshold": {"2022-01-01": 30000}}
    assert names(apart) == ["impot_revenu.bareme[1].threshold", "impot_revenu.bareme[2].threshold"]
    beyond = {f"{scale}[1].threshold": {"2022-01-01": 28000}, f"{scale}[2].threshold": {"2022-01-01": 30000}}
    assert names(beyond) == ["impot_revenu.bareme{[1].threshold, [2].threshold}"]
    assert names({f"{scale}[2]": {"2022-01-01": None}}) == ["impot_revenu.bareme{[2].threshold, [2].rate}"]
    assert names({f"{scale}.add": {"2022-01-01": {"threshold": 300000, "rate": 0.5}}}) == ["impot_revenu.bareme[5]"]


@given(strategies.sets(strategies.sampled_from(sorted(CHANGES))))
def test_some_parts_are_the_reform_of_these_alone(law, paths):
    whole = ReformParts.of(law, reform_from_data({"parameters": CHANGES})(law))
    chosen = [number for number, part in enumerate(whole.parts) if part.name.replace("bareme[", "bareme.brackets[") in paths]
    alone = reform_from_data({"parameters": {path: CHANGES[path] for path in paths}})(law)
    some = whole.law(chosen)
    for path in CHANGES:
        assert some.parameters.child(path).values == alone.parameters.child(path).values


def test_what_cannot_be_told(simulation):
    with pytest.raises(VariableValueError, match="is no number"):
        bareme.why_changed(simulation, {}, "situation_familiale", 2022)
    with pytest.raises(DataError, match=r"no `foyer_fiscal` with the id `g`"):
        bareme.why_changed(simulation, {}, "impot_net", 2022, "g")
    with pytest.raises(DataError, match="expected a number from 0 to 0"):
        bareme.why_changed(simulation, {}, "impot_net", 2022, 3)
    with pytest.raises(ReformError):
        bareme.why_changed(simulation, {"parameters": {"impot_revenu.nulle_part": {"2022-01-01": 1}}}, "impot_net", 2022)


# A population

THREE = {
    "parameters": {
        "impot_revenu.bareme.brackets[1].rate": {"2022-01-01": 0.10},
        "impot_revenu.bareme.brackets[2].threshold": {"2022-01-01": 26000},
        "impot_revenu.decote.taux": {"2022-01-01": 0.3},
        "impot_revenu.outre_mer.guyane_mayotte.plafond": {"2022-01-01": 0},
    }
}


def test_shares_of_the_budget_are_those_of_impacts(study):
    found = bareme.why_budget_changed(THREE, "budget.impot_revenu", study)

    def effect(paths):
        rows = bareme.impact({"parameters": {path: THREE["parameters"][path] for path in paths}}, study)["budget"].rows()
        return next(row["effet_budget"] for row in rows if row["mesure"] == "impot_revenu")

    paths = list(THREE["parameters"])
    assert found.total == pytest.approx(effect(paths))
    assert sum(by_part(found).values()) == pytest.approx(found.total)
    part = "impot_revenu.decote.taux"
    others = [path for path in paths if path != part]
    weights = {0: 1 / 4, 1: 1 / 12, 2: 1 / 12, 3: 1 / 4}
    share = sum(weight * (effect([*some, part]) - (effect(some) if some else 0.0)) for size, weight in weights.items() for some in combinations(others, size))
    assert by_part(found)[part] == pytest.approx(share)


def test_the_whole_budget_is_told_by_measure(study):
    found = bareme.why_budget_changed(THREE, "budget", study)
    assert set(found.by_result) == {"budget.impot_revenu"}
    assert sum(found.by_result["budget.impot_revenu"].values()) == pytest.approx(found.total)


def test_another_result_has_shares_too(study):
    found = bareme.why_budget_changed(THREE, "gini", study, how={"most_exact": 0, "orders": 4})
    assert sum(by_part(found).values()) == pytest.approx(found.total)
    assert not found.method.is_exact
    with pytest.raises(DataError, match="Did you mean `gini`"):
        bareme.why_budget_changed(THREE, "ginni", study)


# The command


@pytest.fixture(name="files")
def _files(tmp_path):
    situation, reform = tmp_path / "menage.json", tmp_path / "reforme.yaml"
    situation.write_text(json.dumps(SITUATION))
    reform.write_text(json.dumps({"parameters": {path: CHANGES[path] for path in list(CHANGES)[:3]}}))
    return str(situation), str(reform)


def run(*arguments):
    return CliRunner().invoke(main, ["why-changed", *map(str, arguments)])


def test_the_command_tells_in_words_and_in_json(files):
    shown = run(*files, "--variable", "impot_net", "--period", 2022)
    assert shown.exit_code == 0, shown.output
    for words in ("Ensemble", "Par où passe le changement", "impot_apres_decote"):
        assert words in shown.output
    found = json.loads(run(*files, "--variable", "impot_net", "--period", 2022, "--row", "f", "--format", "json").stdout)
    assert found["schema"] == "bareme/why-changed/1"
    assert sum(share["share"] for share in found["shares"]) == pytest.approx(found["total"]) == pytest.approx(found["after"] - found["before"])
    assert found["steps"][-1]["variable"] == "impot_net"


def test_rows_of_tables(files, tmp_path):
    table = tmp_path / "foyers.csv"
    table.write_text("foyer_fiscal_id,rfr_estime,nombre_parts\na,1,1\n")
    result = run(files[1], "--table", f"foyer_fiscal={table}", "--variable", "nombre_parts", "--period", 2022, "--row", "a")
    assert result.exit_code == 0, result.output
    assert "foyer_fiscal a" in result.output


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((), "Missing --variable or --period"),
        (("--variable", "impot_net", "--period", 2022, "--output", "budget"), "expected REFORM alone"),
        (("--variable", "impot_nett", "--period", 2022), "Did you mean `impot_net`"),
        (("x.yaml", "--variable", "impot_net", "--period", 2022), "3 files were given"),
    ],
)
def test_what_is_asked_wrongly_is_said(files, arguments, words):
    result = run(*files, *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.output.replace("│", " ").split())
