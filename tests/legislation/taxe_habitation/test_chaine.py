"""The bill that nobody filled in: what is not given follows from the dwelling, the commune and the households."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legislation.taxe_habitation.autorites import ABSENT, FORFAIT

CODE = "code_retour_cote"
COMMUNE = {"departement": "44", "code_commune": "109", "taux_commune": 0.2, "deliberation_valeur_locative_moyenne_commune": 4_000}
OUTRE_MER = {"departement": "97", "code_commune": "411", "taux_commune": 0.2, "deliberation_valeur_locative_moyenne_commune": 4_000}
LOCAL = {"valeur_locative_reference_principale": 700}  # 3,571 euros: 700 × 1.65 = 1,155; × 3.092
MODESTE, AISE = (9_000, 100), (60_000, 200)


@pytest.fixture(scope="module")
def avis(calculer):
    """Computes variables of one bill of which only the commune, the dwelling and the households are known, and what is said besides."""

    def compute(*variables, annee=2017, premier=AISE, second=(0, 0), rattaches=(0, 0), commune=COMMUNE, **autrement):
        revenus, parts = zip(premier, second, rattaches, strict=True)
        entrees = {nom: [valeur] for nom, valeur in (commune | LOCAL | autrement).items()}
        entrees |= {"revenu_fiscal_reference": list(revenus), "nombre_parts_fiscales": list(parts)}
        # every bill of these tests has three households, so that it must be said that only one of them is a taxpayer
        entrees = {"composition_cote": ["conjointe" if second[1] else "simple"]} | entrees
        resultats = calculer(annee, entrees, *variables)
        return resultats[0] if len(variables) == 1 else [resultat[0] for resultat in resultats]

    return compute


# --- The dwelling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "autrement, principale, secondaire",
    [
        ({}, 3_571, 0),
        ({"nature_taxation": "secondaire"}, 0, 3_571),
        ({"nature_taxation": "dependance"}, 3_571, 0),
        ({"type_imposition": "logements_vacants", "institution_thlv": "commune"}, 3_571, 0),
        ({"valeur_locative_brute_principale": 5_000}, 5_000, 0),
    ],
)
def test_the_value_is_the_dwelling_s_by_the_nature_of_the_bill(avis, autrement, principale, secondaire):
    assert avis("valeur_locative_brute_principale", "valeur_locative_brute_secondaire", CODE, **autrement) == [principale, secondaire, 0]


def test_what_is_exempt_in_the_dwelling_is_not_on_the_bill(avis):
    gite = {"location_rurale": "gite_rural", "exoneration_votee_gites_ruraux": "gite_rural", "taux_exoneration_location_rurale": 100}
    assert avis("valeur_locative_brute_principale", "somme_cotisations", CODE, **gite) == [0, 0, 0]


def test_the_use_is_the_dwelling_s(avis):
    assert avis("affectation", CODE, affectation_local="mixte") == ["mixte", 0]
    assert avis("affectation", CODE, affectation_local="mixte", affectation="special") == ["special", 0]


# --- The households --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "autrement, sous_seuil, exoneration",
    [
        ({"premier": (10_708, 100)}, "oui", "plafonnement"),  # the threshold of one part, and one euro more
        ({"premier": (10_709, 100)}, "vide", "plafonnement"),
        ({"premier": (25_180, 100)}, "vide", "plafonnement"),
        ({"premier": (25_181, 100)}, "vide", "vide"),
        ({"premier": (0, 0)}, "vide", "vide"),  # nobody knows this income
        ({"premier": (0, 100)}, "oui", "plafonnement"),
        ({"premier": MODESTE, "second": MODESTE}, "oui", "plafonnement"),
        ({"premier": MODESTE, "second": AISE}, "vide", "vide"),
        ({"premier": MODESTE, "rattaches": AISE}, "oui", "vide"),
        ({"premier": MODESTE, "nature_taxation": "secondaire"}, "vide", "vide"),
        ({"premier": MODESTE, "nature_taxation": "dependance"}, "oui", "vide"),
        ({"premier": MODESTE, "type_imposition": "logements_vacants", "institution_thlv": "commune"}, "vide", "vide"),
        ({"premier": MODESTE, "exoneration": "vide"}, "oui", "vide"),
        ({"premier": (12_000, 100), "commune": OUTRE_MER}, "oui", "plafonnement"),
    ],
)
def test_rights_follow_from_incomes(avis, autrement, sous_seuil, exoneration):
    assert avis("revenu_sous_seuil_1417_I", "exoneration", CODE, **autrement) == [sous_seuil, exoneration, 0]


def test_incomes_and_parts_are_the_households(avis):
    variables = ("revenu_fiscal_reference_cote", "revenu_plafonnement_foyer", "parts_foyer")
    # 9,000 + 60,000 + 5,000 euros less the allowance for 4 parts: 5,461 + 4 × 1,580 + 2 × 2,793
    assert avis(*variables, premier=MODESTE, second=AISE, rattaches=(5_000, 100)) == [69_000, 74_000 - 17_367, 400]
    assert avis(*variables, type_imposition="logements_vacants", institution_thlv="commune") == [60_000, 0, 200]


@settings(max_examples=40)
@given(
    revenu=st.integers(0, 80_000),
    parts=st.integers(0, 24).map(lambda quarts: 25 * quarts),
    reference=st.integers(0, 4_000),
    charges=st.integers(0, 6),
    departement=st.sampled_from(["01", "2A", "44", "75", "59"]),
)
def test_a_bill_filled_in_with_what_each_part_computes_is_the_same(avis, revenu, parts, reference, charges, departement):
    given_figures = {
        "premier": (revenu, parts),
        "valeur_locative_reference_principale": reference,
        "personnes_a_charge": charges,
        "commune": COMMUNE | {"departement": departement, "deliberation_taux_abattement_special_commune": 10},
    }
    computed = ("valeur_locative_imposable", "revenu_redevables", "revenu_tout_le_foyer_apres_abattement", "parts_tout_le_foyer")
    position, droit, valeur, revenu_cote, revenu_foyer, parts_foyer = avis("position_revenu_cote", "droit_plafonnement", *computed, **given_figures)
    filled_in = {
        "valeur_locative_brute_principale": valeur,
        "valeur_locative_brute_secondaire": 0,
        "revenu_fiscal_reference_cote": revenu_cote,
        "revenu_plafonnement_foyer": revenu_foyer,
        "parts_foyer": parts_foyer,
        "revenu_sous_seuil_1417_I": "oui" if position == "sous_limite_exoneration" else "vide",
        "exoneration": "plafonnement" if droit == "ouvert" else "vide",
    }
    results = ("base_imposable_commune", "abattement_special_commune", "somme_cotisations", "degrevement", "net_a_payer", "code_role", CODE)
    assert avis(*results, **given_figures) == avis(*results, **given_figures, **filled_in)
    assert avis(CODE, **given_figures) == 0


def test_a_second_taxpayer_makes_the_bill_a_joint_one(calculer):
    # in these tests each bill has a row for each of its three roles
    entrees = {"revenu_fiscal_reference": [9_000, 9_000, 0], "nombre_parts_fiscales": [100, 100, 0], "departement": ["44"]}
    assert calculer(2017, entrees, "composition_cote", "revenu_redevables") == [["conjointe"], [18_000]]


def test_incomes_are_those_of_the_year_before(calculer):
    entrees = {"revenu_fiscal_reference": [9_000, 0, 5_000], "nombre_parts_fiscales": [100, 0, 100], "departement": ["44"]}
    assert calculer(2016, entrees, "annee_revenus", "code_retour_revenus") == [[2015] * 3, [0]]


# --- What is left empty ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "autrement, champ, television, degrevement",
    [
        ({}, "dans_le_champ", "aucune", "vide"),
        ({"nature_taxation": "dependance"}, "hors_champ_e", "aucune", "vide"),
        ({"nature_redevable": "personne_morale"}, "hors_champ_m", "aucune", "vide"),
        ({"type_imposition": "logements_vacants", "institution_thlv": "commune"}, "vide", "vide", "vide"),
        ({"exoneration": "exoneration_f"}, "dans_le_champ", "aucune", "degrevement_f"),
        ({"exoneration": "exoneration_i", "champ_audiovisuel": "hors_champ_m"}, "hors_champ_m", "aucune", "vide"),
        ({"exoneration": "exoneration_s", "nature_taxation": "dependance"}, "hors_champ_e", "aucune", "vide"),
    ],
)
def test_television_is_in_the_field_where_it_can_be(avis, autrement, champ, television, degrevement):
    attendu = [champ, television, degrevement, 0]
    assert avis("champ_audiovisuel", "television", "degrevement_audiovisuel", CODE, **autrement) == attendu


def test_the_third_year_goes_without_saying(avis):
    assert avis("troisieme_annee_sortie", "valeur_locative_retenue", CODE, abattement_sortie_exoneration="oui") == ["oui", 3_571 - 2_381, 0]


def test_the_surcharge_is_instituted_where_its_rate_is_voted(avis):
    majoree = {"nature_taxation": "secondaire", "commune": COMMUNE | {"taux_majoration_residences_secondaires": 0.5}}
    assert avis("institution_majoration", "majoration_residences_secondaires", CODE, **majoree) == ["oui", 357, 0]
    hors_zone = COMMUNE | {"departement": "58", "taux_majoration_residences_secondaires": 0.5}
    assert avis(CODE, nature_taxation="secondaire", commune=hors_zone) == 40


# --- The commune -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "departement, code_commune, direction, zone",
    [
        ("44", "", "440", "metropole"),
        ("2A", "004", "2A0", "metropole"),
        ("75", "056", "754", "metropole"),
        ("97", "101", "971", "antilles_reunion"),
        ("97", "209", "972", "antilles_reunion"),
        ("97", "302", "973", "guyane"),
        ("97", "411", "974", "antilles_reunion"),
        ("97", "608", "976", "mayotte"),
    ],
)
def test_the_direction_is_that_of_the_commune(avis, departement, code_commune, direction, zone):
    commune = COMMUNE | {"departement": departement, "code_commune": code_commune}
    assert avis("direction", "direction_local", "zone_revenu", CODE, commune=commune) == [direction, direction, zone, 0]


def test_every_department_has_a_known_direction(loi):
    p = loi.parameters.at("2017-01-01").taxe_habitation
    directions = {departement: p.directions_des_departements[departement] for departement in p.directions_des_departements}
    assert set(directions) == set(p.valeur_locative.coefficients_departementaux.autres_affectations) - {"97"}
    assert all(direction in p.directions and direction.startswith(departement) for departement, direction in directions.items())


def test_an_unknown_department_has_no_direction(avis):
    assert avis("direction", CODE, commune=COMMUNE | {"departement": "20"}) == ["", 5]
    assert avis(CODE, commune=COMMUNE | {"departement": "97", "code_commune": "501"}) == 5


def deliberation(chiffre, abattement, autorite):
    return f"deliberation_{chiffre}_abattement_{abattement}_{autorite}"


@pytest.mark.parametrize(
    "abattement, taux, quotite",
    [("general", ABSENT, 0), ("charges_rangs_1_2", ABSENT, 400), ("charges_rang_3", ABSENT, 600), ("special", ABSENT, 0), ("handicap", ABSENT, 0)],
)
def test_without_a_vote_only_dependants_have_an_abatement(avis, abattement, taux, quotite):
    for autorite in ("commune", "commune_avant_ajustement"):
        assert avis(deliberation("taux", abattement, autorite), deliberation("quotite", abattement, autorite), CODE) == [taux, quotite, 0]


def test_overseas_there_is_a_general_abatement_too(avis):
    quotites = [deliberation("quotite", abattement, "commune") for abattement in ("general", "charges_rangs_1_2", "charges_rang_3")]
    assert avis(*quotites, "valeur_locative_moyenne_outre_mer", CODE, commune=OUTRE_MER) == [1_600, 200, 200, 4_000, 0]


def test_amounts_follow_from_rates(avis):
    taux = {deliberation("taux", nom, "commune"): pourcentage for nom, pourcentage in (("general", 15), ("charges_rangs_1_2", 20), ("handicap", 10))}
    quotites = [deliberation("quotite", nom, "commune_avant_ajustement") for nom in ("general", "charges_rangs_1_2", "handicap")]
    assert avis(*quotites, CODE, commune=COMMUNE | taux) == [600, 800, 400, 0]
    assert avis(*quotites, commune=COMMUNE | taux | {deliberation("quotite", "general", "commune"): 598}) == [598, 800, 400]


def test_a_flat_abatement_has_the_amount_that_is_given(avis):
    forfait = {deliberation("taux", "general", "commune"): FORFAIT}
    quotite = deliberation("quotite", "general", "commune")
    assert avis(quotite, CODE, commune=COMMUNE | forfait) == [0, 0]
    assert avis(quotite, CODE, commune=COMMUNE | forfait | {quotite: 1_000}) == [1_000, 0]


def test_the_local_regime_of_alsace_moselle_has_no_amounts(avis):
    alsace = COMMUNE | {"departement": "67", "code_alsace_moselle": "oui", "minimum_alsace_moselle": 300}
    assert avis(deliberation("quotite", "charges_rangs_1_2", "commune"), CODE, commune=alsace) == [0, 0]


def test_an_epci_with_a_rate_has_a_share(avis):
    epci = COMMUNE | {"taux_epci": 0.1}
    variables = ("appartenance_epci", "base_imposable_epci", "cotisation_epci", CODE)
    assert avis(*variables, commune=epci) == ["oui", 3_571, 357, 0]
    a_lui = {"deliberation_valeur_locative_moyenne_epci": 5_000, deliberation("taux", "general", "epci"): 10, "taux_gemapi": 0.01}
    assert avis(*variables, "institution_gemapi", commune=epci | a_lui) == ["oui", 3_071, 307, 0, "epci"]
    assert avis(*variables) == ["vide", 0, 0, 0]


def test_without_the_rate_of_2000_rates_have_not_risen(avis):
    plafonnee = {"premier": (20_000, 100), "commune": COMMUNE | {"taux_commune": 0.20126}}
    assert avis("taux_global_2000", "reduction_taux", "degrevement", CODE, **plafonnee) == [0.2013, 0, 726 - 500, 0]
    sans_taux = COMMUNE | {"taux_commune": 0.0}
    assert avis("taux_global_2000", CODE, commune=sans_taux) == [0.01, 0]


# --- Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code, autrement",
    [
        (4403, {"code_commune_local": "110"}),
        (4404, {"departement_local": "49"}),
        (4310, {"premier": (9_000, 126)}),
        (4321, {"rattaches": (-1, 100)}),
        (4322, {"rattaches": (1, 0)}),
        (1005, {"premier": (-1, 100)}),
        (101, {"deliberation_valeur_locative_moyenne_commune": 0}),
        (62, {"type_imposition": "logements_vacants"}),
        (77, {"exoneration": "exoneration_k"}),
        (60, {"exoneration": "exoneration_a"}),
        (1103, {"taux_commune": -0.1}),
    ],
)
def test_what_the_parts_before_it_refuse_the_bill_refuses_too(avis, code, autrement):
    assert avis(CODE, **autrement) == code


def test_a_bill_with_its_own_figures_does_without_the_dwelling(avis):
    ailleurs = {"code_commune_local": "110", "valeur_locative_reference_principale": 0, "valeur_locative_brute_principale": 3_000}
    assert avis(CODE, **ailleurs) == 0


def test_the_higher_cap_of_mayotte_holds_only_for_the_regimes_alone(calculer):
    mayotte = {"departement": "97", "code_commune": "608", "direction_commune": "976", "deliberation_valeur_locative_moyenne_commune": 14_000}
    entrees = {nom: [valeur] for nom, valeur in (mayotte | {deliberation("taux", "general", "commune"): 40}).items()}
    assert calculer(2017, entrees, "code_retour_regimes", "code_regimes_abattement") == [[0], [2308]]


# --- The tax on vacant dwellings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entree, premiere, suivantes, net, code",
    [(2016, 3_571, 0, 486, 0), (2014, 0, 3_571, 973, 0), (0, 0, 0, 0, 0), (2017, 0, 3_571, 973, 4105)],
)
def test_the_bill_of_a_vacant_dwelling_has_its_base(avis, entree, premiere, suivantes, net, code):
    variables = ("base_tlv_premiere_annee", "base_tlv_annees_suivantes", "net_a_payer_tlv", "code_retour_cote_tlv")
    assert avis(*variables, annee_entree_tlv_local=entree) == [premiere, suivantes, net, code]


def test_values_given_are_left_as_they_are(avis):
    donnees = {"base_tlv_premiere_annee": 100, "direction": "490", "parts_foyer": 100, "revenu_plafonnement_foyer": 1_000, "premier": MODESTE}
    noms = [nom for nom in donnees if nom != "premier"]
    assert avis(*noms, **donnees) == [donnees[nom] for nom in noms]
    assert avis("taux_global_2000", taux_global_2000=0.15) == 0.15
