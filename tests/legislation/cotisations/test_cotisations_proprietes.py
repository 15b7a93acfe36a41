"""Laws of gross, net and taxable amounts: what is taken and what is left make the whole, more gross is never less net, nothing of nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.periods import period
from engine.population import Population
from engine.simulation import Simulation
from legislation import france
from legislation.cotisations.individu_saisie import CategorieSalarie
from legislation.cotisations.inversion import chomage_brut_annuel, retraite_brute_annuelle, salaire_brut_annuel, schedule_of
from legislation.cotisations.taux_remplacement import TauxCsgRemplacement

MONTHS = st.builds(lambda year, month: period(f"{year}-{month:02}"), st.integers(2017, 2025), st.integers(1, 12))
YEARS = st.integers(2017, 2025)
AMOUNTS = st.lists(st.floats(0, 60_000, allow_subnormal=False).map(lambda amount: round(amount, 2)), min_size=1, max_size=20)
CATEGORIES = st.sampled_from(list(CategorieSalarie))
LEVIES = {
    "salaire": ("salaire_brut", "salaire_net", ["cotisations_salariales", "csg_deductible_salaire", "csg_non_deductible_salaire", "crds_salaire"]),
    "chomage": (
        "chomage_brut",
        "chomage_net",
        ["participation_retraite_complementaire", "csg_deductible_chomage", "csg_non_deductible_chomage", "crds_chomage"],
    ),
    "retraite": (
        "retraite_brute",
        "retraite_nette",
        ["csg_deductible_retraite", "csg_non_deductible_retraite", "crds_retraite", "casa_retraite", "cotisation_maladie_retraite"],
    ),
}


def rates_of(year):
    return [rate for rate in TauxCsgRemplacement if year >= 2019 or rate is not TauxCsgRemplacement.median]


def persons(at, **columns):
    """Return a simulation of persons without household, given by columns."""
    law = france()
    count = max(np.size(column) for column in columns.values())
    simulation = Simulation(law, Population({"individu": count}, {}).completed(list(law.entities), law.links), threads=1)
    for name, column in columns.items():
        values = column.index if isinstance(column, (CategorieSalarie, TauxCsgRemplacement)) else column
        simulation.set_input(name, at, np.broadcast_to(np.asarray(values), count))
    return simulation


@settings(max_examples=60, deadline=None)
@given(at=MONTHS, amounts=AMOUNTS, category=CATEGORIES, local=st.booleans(), hours=st.sampled_from([0.2, 0.5, 0.8, 1.0]), data=st.data())
def test_net_and_levies_make_the_gross(at, amounts, category, local, hours, data):
    rate = data.draw(st.sampled_from(rates_of(at.start.year)))
    given_ = {gross: np.array(amounts) for gross, _, _ in LEVIES.values()}
    given_["primes_fonction_publique"] = np.array(amounts) * 0.3
    given_["retraite_complementaire_brute"] = np.array(amounts) * 0.4
    simulation = persons(at, **given_, categorie_salarie=category, alsace_moselle=local, quotite_travail=hours, taux_csg_remplacement=rate)
    for gross, net, levies in LEVIES.values():
        taken = [simulation.calculate(levy, at) for levy in levies]
        assert all((levy >= 0).all() for levy in taken)
        assert simulation.calculate(net, at) + sum(taken) == pytest.approx(simulation.calculate(gross, at), abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(at=MONTHS, amounts=AMOUNTS, category=CATEGORIES, local=st.booleans(), data=st.data())
def test_more_gross_is_more_net_but_where_the_technical_contribution_begins(at, amounts, category, local, data):
    rate = data.draw(st.sampled_from(rates_of(at.start.year)))
    gross = np.sort(amounts)
    given_ = {name: gross for name, _, _ in LEVIES.values()}
    simulation = persons(at, **given_, categorie_salarie=category, alsace_moselle=local, taux_csg_remplacement=rate)
    ceiling = france().parameters.at(str(at.start)).cotisations.plafond_securite_sociale.mensuel
    jump = 0.0014 * ceiling * (at.start.year >= 2019)
    guarantee = 30 * (at.start.year < 2019)  # of points, an executive's least contribution; and a civil servant's solidarity contribution
    assert (np.diff(simulation.calculate("salaire_net", at)) >= -jump - guarantee - 1e-9).all()
    for net in ("chomage_net", "chomage_imposable", "retraite_nette", "retraite_imposable"):
        assert (np.diff(simulation.calculate(net, at)) >= -1e-9).all()


@settings(max_examples=30, deadline=None)
@given(at=MONTHS, category=CATEGORIES, data=st.data())
def test_nothing_is_taken_of_nothing(at, category, data):
    rate = data.draw(st.sampled_from(rates_of(at.start.year)))
    simulation = persons(at, **{gross: 0.0 for gross, _, _ in LEVIES.values()}, categorie_salarie=category, taux_csg_remplacement=rate)
    for _, net, levies in LEVIES.values():
        assert [simulation.calculate(name, at).tolist() for name in (net, *levies)] == [[0.0]] * (1 + len(levies))


@settings(max_examples=20, deadline=None)
@given(year=YEARS, amounts=AMOUNTS, data=st.data())
def test_a_year_is_the_sum_of_its_months(year, amounts, data):
    rate = data.draw(st.sampled_from(rates_of(year)))
    at, yearly = period(year), 12 * np.array(amounts)
    simulation = persons(at, salaire_brut=yearly, chomage_brut=yearly, retraite_brute=yearly, taux_csg_remplacement=rate)
    for declared, monthly in (("salaires", "salaire_imposable"), ("allocations_chomage", "chomage_imposable"), ("pensions_retraite", "retraite_imposable")):
        months = [simulation.calculate(monthly, month) for month in at.get_subperiods("month")]
        assert simulation.calculate(declared, at) == pytest.approx(sum(months), abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(year=YEARS, reference=st.floats(0, 60_000), before=st.floats(0, 60_000), more=st.floats(0, 20_000), parts=st.sampled_from([1, 1.25, 1.5, 2, 3]))
def test_a_higher_reference_income_never_lowers_the_rate_and_a_past_one_spares_at_most_the_median(year, reference, before, more, parts):
    law, at = france(), period(year)
    simulation = Simulation(law, Population({"foyer_fiscal": 3}, {}).completed(list(law.entities), law.links), threads=1)
    simulation.set_input("rfr_avant_derniere_annee", at, np.array([reference, reference + more, reference]))
    simulation.set_input("rfr_antepenultieme_annee", at, np.array([before, before, reference]))
    simulation.set_input("parts_avant_derniere_annee", at, np.full(3, float(parts)))
    one, richer, steady = simulation.calculate("taux_csg_foyer", at).view(np.ndarray)
    assert one <= richer
    assert one == steady or (one == TauxCsgRemplacement.reduit.index and year >= 2019 and before < reference)


# --- The way back ---------------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(year=YEARS, amounts=AMOUNTS, category=CATEGORIES, local=st.booleans(), hours=st.sampled_from([0.3, 0.5, 1.0]))
def test_gross_wages_found_from_taxable_ones_leave_them(year, amounts, category, local, hours):
    taxable, at = 12 * np.array(amounts), period(year)
    gross = salaire_brut_annuel(taxable, year, categorie=category, alsace_moselle=local, quotite=hours)
    simulation = persons(at, salaire_brut=gross, categorie_salarie=category, alsace_moselle=local, quotite_travail=hours)
    assert simulation.calculate("salaires", at) == pytest.approx(taxable, abs=1e-6)
    assert (gross >= taxable).all()


@settings(max_examples=12, deadline=None)
@given(year=YEARS, amounts=AMOUNTS, data=st.data())
def test_gross_benefits_and_pensions_found_from_taxable_ones_leave_them(year, amounts, data):
    rate = data.draw(st.sampled_from(rates_of(year)))
    taxable, at = np.array(amounts), period(year)
    simulation = persons(
        at,
        chomage_brut=chomage_brut_annuel(taxable, year, taux=rate),
        retraite_brute=retraite_brute_annuelle(taxable, year, taux=rate, part_complementaire=0.25),
        retraite_complementaire_brute=0.25 * retraite_brute_annuelle(taxable, year, taux=rate, part_complementaire=0.25),
        taux_csg_remplacement=rate,
    )
    assert simulation.calculate("allocations_chomage", at) == pytest.approx(taxable, abs=1e-6)
    assert simulation.calculate("pensions_retraite", at) == pytest.approx(taxable, abs=1e-6)


def test_each_row_has_its_own_category_and_rate():
    taxable = np.array([24_000.0, 24_000.0, 24_000.0])
    wages = salaire_brut_annuel(taxable, 2022, categorie=["prive_non_cadre", "prive_cadre", "fonctionnaire"], alsace_moselle=[True, False, False])
    alone = [
        salaire_brut_annuel(24_000.0, 2022, categorie=each, alsace_moselle=local) for each, local in zip(CategorieSalarie, [True, False, False], strict=True)
    ]
    assert wages.tolist() == [float(each) for each in alone]
    pensions = retraite_brute_annuelle(taxable, 2022, taux=["exonere", "reduit", "normal"])
    assert pensions == pytest.approx([24_000, 24_000 / 0.962, 24_000 / 0.941])


def test_a_schedule_finds_breaks_and_jumps_and_goes_on_beyond():
    def taxable(gross):
        return np.where(gross > 300, 0.5 * gross + 50 - 20, np.where(gross > 100, 0.5 * gross + 50, gross))

    schedule = schedule_of(taxable, highest=500 * np.sqrt(2), cells=7)
    amounts = np.array([0, 50, 100, 170, 299.9, 300.1, 400, 5000.0])
    assert schedule(amounts) == pytest.approx(taxable(amounts), abs=1e-6)
    # between 180 and 200 two gross amounts would do: the lower is taken
    assert schedule.inverse([0, 99, 185, 199, 210, 2530]) == pytest.approx([0, 99, 270, 298, 360, 5000], abs=1e-5)


def test_a_negative_taxable_amount_is_refused():
    with pytest.raises(DataError, match="-1"):
        salaire_brut_annuel([100.0, -1.0], 2022)
    with pytest.raises(DataError, match="nan"):
        retraite_brute_annuelle([np.nan], 2022, taux="normal")


# --- The chain of years -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2017, 2019, 2022, 2025])
def test_the_chain_of_reference_incomes_ends_with_the_estimate_of_the_year(year):
    law, at = france(), period(year)
    links = {("individu", "foyer_fiscal"): (np.arange(3), np.zeros(3, dtype=np.int16))}
    simulation = Simulation(law, Population({"individu": 3, "foyer_fiscal": 3}, links).completed(list(law.entities), law.links), threads=1)
    simulation.set_input("retraite_brute", at, np.array([9_000.0, 20_000.0, 50_000.0]))
    rates = simulation.calculate("taux_csg_foyer", at).view(np.ndarray)
    assert [rates[0], rates[2]] == [TauxCsgRemplacement.exonere.index, TauxCsgRemplacement.normal.index]
    assert (simulation.calculate("revenu_fiscal_reference_annee", at) > 0).all()
    assert years_read(simulation, ("revenu_fiscal_reference_annee", at)) == {year}


def years_read(simulation, key):
    """Return the years of all that a variable rests on."""
    found, waiting = {key}, [key]
    while waiting:
        reads = set(simulation.traced(*waiting.pop()).reads) - found
        found |= reads
        waiting += reads
    return {at.start.year for _, at in found}
