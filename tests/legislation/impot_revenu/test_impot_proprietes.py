"""Laws of the income tax: how many parts articles 194 and 195 give, and what more income, more children or the décote never do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.situation import simulation_from
from legislation import france
from legislation.impot_revenu.foyer_composition import SituationFamiliale
from population.households import engine_calculator

YEAR = 2022
CALCULATE = engine_calculator(france(), threads=1)


def calculated(names, persons=None, **household):
    """Return the results of households given by columns; `persons` are three a household, side by side."""
    columns = {name: np.asarray(column) for name, column in household.items()}
    rows = len(next(iter(columns.values())))
    columns.setdefault("situation_familiale", np.zeros(rows, dtype=np.int64))
    of_persons = {"annee_naissance": np.full(3 * rows, 1980), **(persons or {})}
    return CALCULATE(YEAR, {"individu": of_persons, "foyer_fiscal": columns}, names)


def persons_of(values, rank=0):
    column = np.zeros(3 * len(values))
    column[rank::3] = values
    return column


@pytest.mark.parametrize(
    "situation,composition,parts",
    [
        ("celibataire", {}, 1),
        ("marie", {}, 2),
        ("pacse", {"enfants_a_charge": 3}, 4),
        ("veuf", {}, 1),
        ("veuf", {"enfants_a_charge": 1}, 2.5),
        ("veuf", {"enfants_en_alternance": 2}, 2.5),
        ("celibataire", {"enfants_a_charge": 2}, 2),
        ("divorce", {"enfants_a_charge": 2, "parent_isole": 1}, 2.5),
        ("divorce", {"enfants_en_alternance": 1, "parent_isole": 1}, 1.5),
        ("divorce", {"enfants_en_alternance": 3, "parent_isole": 1}, 2.5),
        ("marie", {"enfants_a_charge": 1, "enfants_en_alternance": 2}, 3.25),
        ("marie", {"enfants_a_charge": 2, "enfants_a_charge_invalides": 1}, 3.5),
        ("celibataire", {"autres_personnes_invalides": 1}, 2),
        ("celibataire", {"enfant_eleve_seul": 1}, 1.5),
        ("celibataire", {"enfant_eleve_seul": 1, "ancien_combattant": 1}, 1.5),
        ("celibataire", {"enfant_eleve_seul": 1, "enfants_majeurs_rattaches": 1}, 1.5),
        ("marie", {"ancien_combattant": 1}, 2.5),
        ("marie", {"parent_isole": 1, "enfants_a_charge": 1}, 2.5),
    ],
)
def test_parts_are_those_of_articles_194_and_195(situation, composition, parts):
    household = {name: [value] for name, value in composition.items()}
    household["situation_familiale"] = [SituationFamiliale[situation].index]
    persons = {"annee_naissance": np.full(3, 1940 if "ancien_combattant" in composition else 1980)}
    assert calculated(["nombre_parts"], persons, **household)["nombre_parts"][0] == parts


def test_each_disabled_spouse_gives_half_a_share_and_the_veterans_card_none_beside():
    persons = {"invalide": np.array([True, True, False, True, False, False])}
    married = [SituationFamiliale.marie.index] * 2
    results = calculated(["nombre_parts"], persons, situation_familiale=married, ancien_combattant=[1, 1])
    assert results["nombre_parts"].tolist() == [3, 2.5]


@settings(max_examples=25, deadline=None)
@given(
    wages=st.lists(st.integers(0, 400_000), min_size=2, max_size=30),
    situation=st.sampled_from(list(SituationFamiliale)),
    children=st.integers(0, 5),
    alternating=st.integers(0, 3),
)
def test_more_income_never_lowers_the_tax_and_the_ceiling_holds(wages, situation, children, alternating):
    wages = np.sort(wages)
    rows = len(wages)
    household = {"enfants_a_charge": np.full(rows, children), "enfants_en_alternance": np.full(rows, alternating)}
    household["situation_familiale"] = np.full(rows, situation.index)
    names = ["impot_net", "droits_simples", "decote", "impot_quotient_familial", "impot_parts_des_declarants", "avantage_maximal_quotient_familial"]
    tax, due, discount, full, alone, most = calculated(names, {"salaires": persons_of(wages)}, **household).values()
    assert (np.diff(tax) >= -1).all()  # two roundings, of the tax and of the décote
    assert ((discount >= 0) & (discount <= due)).all()
    assert (due >= full).all()
    veuf = 0 if situation is not SituationFamiliale.veuf else france().parameters.at(f"{YEAR}-01-01").impot_revenu.plafonnement.reduction_veuf
    assert (alone - due <= most + veuf).all()


@settings(max_examples=15, deadline=None)
@given(wages=st.lists(st.integers(0, 300_000), min_size=1, max_size=20), children=st.integers(0, 5))
def test_one_more_child_never_raises_the_tax(wages, children):
    rows = len(wages)
    persons = {"salaires": persons_of(wages)}
    before, after = (calculated(["impot_net"], persons, enfants_a_charge=np.full(rows, number))["impot_net"] for number in (children, children + 1))
    assert (after <= before + 1).all()


@settings(max_examples=15, deadline=None)
@given(
    births=st.lists(st.tuples(st.integers(1997, YEAR), st.booleans(), st.booleans()), max_size=5),
    married=st.booleans(),
    wages=st.integers(0, 200_000),
)
def test_members_give_the_parts_and_the_tax_that_their_numbers_give(births, married, wages):
    """The same household by its persons and by the boxes of the declaration (art. 196)."""
    adults = {"elle": {"foyer_fiscal": "a", "foyer_fiscal_role": "declarant", "annee_naissance": 1970, "salaires": wages}}
    if married:
        adults["lui"] = {"foyer_fiscal": "a", "foyer_fiscal_role": "conjoint", "annee_naissance": 1970}
    children = {
        f"enfant_{rank}": {
            "foyer_fiscal": "a",
            "foyer_fiscal_role": "personne_a_charge",
            "annee_naissance": born,
            "invalide": disabled,
            "residence_alternee": shared,
        }
        for rank, (born, disabled, shared) in enumerate(births)
    }
    minors = [(disabled, shared) for born, disabled, shared in births if born >= YEAR - 18]
    grown = [disabled for born, disabled, _ in births if born < YEAR - 18]
    boxes = {
        "situation_familiale": "marie" if married else "celibataire",
        "enfants_a_charge": sum(not shared for _, shared in minors) + sum(grown),
        "enfants_a_charge_invalides": sum(disabled and not shared for disabled, shared in minors) + sum(grown),
        "enfants_en_alternance": sum(shared for _, shared in minors),
        "enfants_en_alternance_invalides": sum(disabled and shared for disabled, shared in minors),
        "enfants_majeurs_rattaches": len(grown) - sum(grown),
    }
    law = france()
    by_members = simulation_from(law, {"individus": {**adults, **children}, "foyers_fiscaux": {"a": {}}}, period=str(YEAR), threads=1)
    by_boxes = simulation_from(law, {"individus": adults, "foyers_fiscaux": {"a": boxes}}, period=str(YEAR), threads=1)
    for name in ("nombre_parts", "impot_net"):
        assert by_members.calculate(name, str(YEAR)).tolist() == by_boxes.calculate(name, str(YEAR)).tolist()


@settings(max_examples=15, deadline=None)
@given(wages=st.lists(st.integers(0, 300_000), min_size=1, max_size=20), children=st.integers(0, 4))
def test_overseas_relief_never_raises_the_tax_and_keeps_to_its_limits(wages, children):
    rows = len(wages)
    persons = {"salaires": persons_of(wages)}
    home, islands, guiana = (
        calculated(["impot_net", "droits_simples"], persons, enfants_a_charge=np.full(rows, children), territoire=np.full(rows, territory))
        for territory in range(3)
    )
    assert (home["impot_net"] >= islands["impot_net"]).all()
    assert (islands["impot_net"] >= guiana["impot_net"]).all()
    assert (home["droits_simples"] - islands["droits_simples"] <= 2450).all()
    assert (home["droits_simples"] - guiana["droits_simples"] <= 4050).all()
