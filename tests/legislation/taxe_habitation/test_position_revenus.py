import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legislation.taxe_habitation.nomenclatures_local import PositionRevenu

ORDRE = {membre.name: membre.index for membre in PositionRevenu}
METROPOLE, MARTINIQUE, GUYANE, MAYOTTE = "780", "972", "973", "976"
PARTS = st.integers(min_value=4, max_value=40).map(lambda quarts: 25 * quarts)


def foyers(premier, second=(0, 0), rattaches=(0, 0), frontaliers=("vide", "vide", "vide"), annee=2016):
    trois = (premier, second, rattaches)
    return {
        "revenu_fiscal_reference": [revenu for revenu, _ in trois],
        "nombre_parts_fiscales": [parts for _, parts in trois],
        "travailleur_frontalier": list(frontaliers),
        "annee_revenus": [annee] * 3,
    }


def cote(composition="simple", direction=METROPOLE, **des_foyers):
    return {"composition_cote": [composition], "direction": [direction], **foyers(**des_foyers)}


@pytest.mark.parametrize(
    "direction,parts,limite",
    [
        (METROPOLE, 100, 10_708),
        (METROPOLE, 125, 10_708 + 1_430),
        (METROPOLE, 150, 10_708 + 2_859),
        (METROPOLE, 350, 10_708 + 5 * 2_859),
        (MARTINIQUE, 200, 12_671 + 3_027 + 2_859),
        (GUYANE, 150, 13_248 + 3_647),
        (MAYOTTE, 100, 19_853),
    ],
)
def test_a_revenue_equal_to_the_limit_of_article_1417_1_does_not_exceed_it(calculer, direction, parts, limite):
    for revenu, attendu in ((limite, "sous_limite_exoneration"), (limite + 1, "sous_limite_plafonnement")):
        positions = calculer(2017, cote(direction=direction, premier=(revenu, parts)), "position_revenu_redevable")
        assert positions == [attendu, "vide", "vide"]


def test_two_taxpayers_below_the_limit_only_together_are_below_that_of_the_ceiling(calculer):
    un_seul_sous_la_limite = cote("conjointe", premier=(12_000, 100), second=(5_000, 100))
    assert calculer(2017, un_seul_sous_la_limite, "position_revenu_cote") == ["sous_limite_plafonnement"]
    chacun_sous_la_limite = cote("conjointe", premier=(10_000, 100), second=(10_000, 100))
    assert calculer(2017, chacun_sous_la_limite, "position_revenu_cote") == ["sous_limite_exoneration"]


def test_an_unknown_second_revenue_leaves_the_ceiling_open_if_the_first_is_low(calculer):
    assert calculer(2017, cote("conjointe", premier=(9_000, 100)), "position_revenu_cote") == ["sous_limite_plafonnement"]
    assert calculer(2017, cote("conjointe", premier=(90_000, 100)), "position_revenu_cote") == ["vide"]


def test_a_frontier_worker_without_known_revenue_is_beyond_all_limits(calculer):
    entrees = cote(premier=(0, 100), frontaliers=("frontalier", "vide", "vide"))
    assert calculer(2017, entrees, "position_revenu_redevable")[0] == "au_dela"
    assert calculer(2017, entrees, "droit_plafonnement", "revenu_tout_le_foyer", "parts_tout_le_foyer") == [["vide"], [0], [0]]


def test_the_household_adds_the_attached_persons_and_takes_the_allowance_off(calculer):
    entrees = cote(premier=(10_000, 150), rattaches=(8_000, 100))
    variables = ("parts_tout_le_foyer", "revenu_tout_le_foyer", "revenu_tout_le_foyer_apres_abattement", "droit_plafonnement")
    assert calculer(2017, entrees, *variables) == [[250], [18_000], [18_000 - 5_461 - 3 * 1_580], ["ouvert"]]


def test_an_attached_taxpayer_has_no_household_of_the_bill(calculer):
    entrees = cote("rattache", premier=(42_472, 350))
    variables = ("tranche_revenu_cote", "droit_plafonnement", "revenu_tout_le_foyer_apres_abattement")
    assert calculer(2017, entrees, *variables) == [["nul"], ["vide"], [0]]


@pytest.mark.parametrize("annee,attendu", [(2015, "vide"), (2016, "sous_limite_maintien"), (2017, "sous_limite_maintien")])
def test_the_limit_of_article_1417_1_bis_begins_in_2016(calculer, annee, attendu):
    assert calculer(annee, cote(premier=(13_553, 100), annee=annee - 1), "position_revenu_maintien_cote") == [attendu]


def test_the_limit_of_article_1417_1_bis_counts_no_quarter_of_a_part(calculer):
    def position(revenu, parts):
        return calculer(2017, cote(premier=(revenu, parts)), "position_revenu_maintien_cote")[0]

    assert position(13_567, 175) == position(13_567 + 2_859, 225) == position(13_567 + 2 * 2_859, 250) == "sous_limite_maintien"
    assert position(13_568, 175) == position(13_568 + 2_859, 225) == "au_dela"


@settings(max_examples=30, deadline=None)
@given(revenus=st.lists(st.integers(min_value=0, max_value=200_000), min_size=2, max_size=2).map(sorted), parts=PARTS, de_plus=PARTS)
def test_more_revenue_never_gives_a_better_position_nor_more_parts_a_worse_one(calculer, revenus, parts, de_plus):
    moins, plus = revenus

    def position(revenu, nombre):
        return ORDRE[calculer(2017, cote(premier=(revenu, nombre)), "position_revenu_cote")[0]]

    assert position(moins, parts) <= position(plus, parts)
    assert position(plus, parts + de_plus) <= position(plus, parts)


@pytest.mark.parametrize(
    "entrees,code",
    [
        (cote(premier=(10_000, 100)), 0),
        (cote(premier=(10_000, 100)) | {"annee_imposition": [2013]}, 1),
        (cote(premier=(10_000, 100), direction="999"), 4302),
        (cote("invalide", premier=(10_000, 100)), 4303),
        (cote(premier=(10_000, 100), frontaliers=("vide", "vide", "invalide")), 4306),
        (cote("rattache", premier=(10_000, 75)), 4308),
        (cote(premier=(10_000, 100), second=(0, 100)), 4309),
        (cote("conjointe", premier=(10_000, 100), second=(0, 130)), 4311),
        (cote(premier=(10_000, -100)), 4310),
        (cote(premier=(0, 75), frontaliers=("frontalier", "vide", "vide")), 4313),
        (cote(premier=(-1, 100)), 4319),
        (cote(premier=(10_000, 100), rattaches=(1, 0)), 4322),
        (cote(premier=(10_000, 100), rattaches=(1, 100), frontaliers=("vide", "vide", "frontalier")), 4323),
        (cote(premier=(10_000, 100), rattaches=(1, 100), annee=2015), 4326),
        (cote(premier=(10_000, 100), annee=2017), 4327),
    ],
)
def test_the_first_control_that_fails_gives_the_return_code(calculer, entrees, code):
    assert calculer(2017, entrees, "code_retour_revenus") == [code]
