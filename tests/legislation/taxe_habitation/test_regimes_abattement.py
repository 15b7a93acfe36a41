import pytest

from legislation.taxe_habitation.autorites import ABSENT, FORFAIT


@pytest.fixture(scope="session")
def regime(calculer, commune_type):
    """Computes variables of one commune: the usual one, with what is said otherwise."""

    def compute(*variables, annee=2017, **autrement):
        entrees = {nom: [valeur] for nom, valeur in (commune_type | autrement).items()}
        resultats = calculer(annee, entrees, *variables)
        return resultats[0] if len(variables) == 1 else [resultat[0] for resultat in resultats]

    return compute


GENERAL = "deliberation_{}_abattement_general_{}"


def deliberation(autorite, taux, quotite):
    return {GENERAL.format("taux", autorite): taux, GENERAL.format("quotite", autorite): quotite}


def test_what_does_not_apply_is_nil(regime):
    chiffres = ("regime_quotite_abattement_general_epci", "regime_taux_abattement_general_syndicat", "regime_quotite_abattement_general_commune_2003")
    assert regime(*chiffres) == [0, 0, 0]


def test_an_epci_with_amounts_but_no_rates_keeps_the_commune_s_rates(regime):
    epci = {"appartenance_epci": "oui"} | deliberation("epci", ABSENT, 250) | {"deliberation_valeur_locative_moyenne_epci": 5000}
    chiffres = ("quotite_abattement_general", "quotite_abattement_special", "taux_abattement_general", "valeur_locative_moyenne")
    assert regime(*(f"regime_{chiffre}_epci" for chiffre in chiffres), **epci) == [250, 0, 15, 4000]


def test_a_department_without_deliberation_follows_the_commune(regime):
    assert regime("regime_quotite_abattement_general_departement") == 600
    assert regime("regime_quotite_abattement_general_departement", deliberation_quotite_abattement_special_departement=100) == 0


def test_lower_abatements_than_in_2003_ask_for_a_second_computation(regime):
    plus_haut_en_2003 = deliberation("commune_avant_ajustement_2003", 16, 640)
    assert regime("double_liquidation_commune", "seconde_liquidation", **plus_haut_en_2003) == [True, True]
    assert regime("double_liquidation_commune", **deliberation("commune_avant_ajustement_2003", 14, 640)) is False
    assert regime("double_liquidation_commune", **plus_haut_en_2003, meme_commune_2003="non") is False


def test_amounts_are_compared_where_one_is_flat(regime):
    assert regime("double_liquidation_commune", **deliberation("commune_avant_ajustement_2003", FORFAIT, 601)) is True
    assert regime("double_liquidation_commune", **deliberation("commune_avant_ajustement_2003", FORFAIT, 600)) is False


def test_a_missing_rate_is_no_lower_than_a_zero_rate(regime):
    aucun = {"deliberation_taux_abattement_special_commune_avant_ajustement": ABSENT, "deliberation_taux_abattement_special_commune_avant_ajustement_2003": 0}
    assert regime("double_liquidation_commune", **aucun) is False


def test_the_regime_of_2003_keeps_this_year_s_abatement_for_disabled_persons(regime):
    en_2003 = deliberation("commune_avant_ajustement_2003", 16, 640) | deliberation("commune_2003", 16, 640)
    en_2003 |= {"deliberation_quotite_abattement_handicap_commune_2003": 0}
    chiffres = ("regime_quotite_abattement_general_commune_2003", "regime_quotite_abattement_handicap_commune_2003")
    assert regime(*chiffres, **en_2003) == [640, 400]


def test_an_epci_without_abatements_in_2003_mixes_the_commune_s_rates_with_its_own_value(regime):
    epci = {"appartenance_epci": "oui", "meme_epci_2003": "oui", "deliberation_valeur_locative_moyenne_epci": 5001}
    epci |= deliberation("epci", 5, 250) | deliberation("commune_avant_ajustement_2003", 16, 640) | deliberation("commune_2003", 16, 640)
    assert regime("regime_quotite_abattement_general_epci_2003", "regime_taux_abattement_general_epci_2003", **epci) == [800, 16]  # 16 % of 5,001
    forfait = epci | deliberation("commune_2003", FORFAIT, 1234)
    assert regime("regime_quotite_abattement_general_epci_2003", **forfait) == 1234


def test_those_who_follow_the_commune_have_the_same_regime_in_2003(regime):
    en_2003 = deliberation("commune_avant_ajustement_2003", 16, 640) | {"taux_syndicat": 0.01}
    assert regime("regime_quotite_abattement_general_syndicat", "regime_quotite_abattement_general_syndicat_2003", **en_2003) == [600, 600]


@pytest.mark.parametrize(
    "code, autrement",
    [
        (1, {"annee_deliberations": 2013}),
        (2301, {"deliberation_valeur_locative_moyenne_commune_avant_ajustement": -1}),
        (2308, {"deliberation_quotite_abattement_general_commune_avant_ajustement": 5001}),
        (2311, {"deliberation_quotite_abattement_charges_rang_3_commune_avant_ajustement": 0}),
        (2313, {"deliberation_taux_abattement_general_commune_avant_ajustement": 16}),
        (2313, {"deliberation_taux_abattement_charges_rangs_1_2_commune_avant_ajustement": 5}),
        (2313, {"deliberation_taux_abattement_special_commune_avant_ajustement": FORFAIT}),
        (2346, {"deliberation_valeur_locative_moyenne_departement": 15001}),
        (2422, {"meme_epci_2003": "invalide"}),
        (2423, {"minimum_alsace_moselle": 100}),
        (2421, {"meme_epci_2003": "oui"}),
        (2475, {"institution_gemapi": "invalide"}),
        (2476, {"taux_gemapi": 0.01, "institution_gemapi": "vide"}),
        (2425, {"taux_autres_tse": 0.01}),
    ],
)
def test_controls_of_the_regimes(regime, code, autrement):
    assert regime("code_retour_regimes", **autrement) == code


def test_overseas_rates_are_others(regime):
    en_outre_mer = {"departement": "97"} | deliberation("commune_avant_ajustement", 40, 1600)
    charges = {
        f"deliberation_taux_abattement_charges_{rang}_{autorite}": 5
        for rang in ("rangs_1_2", "rang_3")
        for autorite in ("commune_avant_ajustement", "commune_avant_ajustement_2003")
    }
    sans_special = {f"deliberation_taux_abattement_special_{autorite}": 0 for autorite in ("commune_avant_ajustement", "commune_avant_ajustement_2003")}
    en_outre_mer |= charges | sans_special | deliberation("commune_avant_ajustement_2003", 50, 2000)
    assert regime("code_retour_regimes", **en_outre_mer) == 0
    assert regime("code_retour_regimes", **(en_outre_mer | deliberation("commune_avant_ajustement", 15, 600))) == 2313


def test_the_cap_of_mayotte_asks_for_its_direction(regime):
    mayotte = {"deliberation_quotite_abattement_general_commune_avant_ajustement": 6000}
    assert regime("code_retour_regimes", **mayotte) == 2308
    assert regime("code_retour_regimes", **mayotte, direction_commune="976") == 0


@pytest.mark.parametrize("annee, code", [(2014, 2475), (2015, 2475), (2016, 0), (2017, 0)])
def test_a_joint_syndicate_may_levy_gemapi_since_2016(regime, annee, code):
    assert regime("code_retour_regimes", annee=annee, institution_gemapi="syndicat_mixte", taux_gemapi=0.01) == code


def test_a_gemapi_tax_without_a_rate_was_refused_in_its_first_year_only(regime):
    assert [regime("code_retour_regimes", annee=annee, institution_gemapi="commune") for annee in (2015, 2016)] == [2476, 0]
