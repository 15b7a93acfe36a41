import pytest

CODE = "code_retour_cote"
SECONDAIRE = {"nature_taxation": "secondaire", "valeur_locative_brute_principale": 0, "valeur_locative_brute_secondaire": 4000}
VACANT = {"type_imposition": "logements_vacants", "nature_taxation": "vide", "champ_audiovisuel": "vide", "television": "vide"}
MAJORATION = {"institution_majoration": "oui", "departement": "44"}


def test_the_commune_s_share_is_its_base_by_its_rate(liquider):
    assert liquider("cotisation_commune", "frais_gestion", "somme_cotisations", "net_a_payer", CODE) == [480, 5, 485, 485, 0]


def test_each_authority_s_share_is_rounded(liquider):
    taux = {"taux_syndicat": 0.0101, "taux_tse": 0.00111, "taux_gemapi": 0.0009, "institution_gemapi": "commune"}
    assert liquider("cotisation_syndicat", "cotisation_tse", "cotisation_gemapi", CODE, **taux) == [24, 3, 2, 0]


def test_fees_of_each_authority_have_their_rate(liquider):
    taux = {"taux_syndicat": 0.1, "taux_tse": 0.1, "taux_gemapi": 0.05, "institution_gemapi": "commune"}
    postes = ("frais_gestion_commune_epci", "frais_gestion_syndicat", "frais_gestion_tse", "frais_gestion_gemapi", "frais_gestion")
    # 1 % of 480 and 3 % of 120; 8 % of 240; 9 % of 240
    assert liquider(*postes, **taux) == [5 + 4, 19, 22, 0, 50]
    assert liquider("frais_assiette_commune_epci", "frais_assiette_syndicat", "frais_assiette_tse", "frais_assiette", **taux) == [5 + 1, 11, 13, 30]


def test_gemapi_had_no_fees_before_it_existed(liquider):
    assert liquider("frais_gestion_sur_gemapi", annee=2014, taux_gemapi=0.05) == 0


def test_fees_of_vacant_dwellings_are_eight_percent(liquider):
    thlv = VACANT | {"institution_thlv": "commune", "taux_syndicat": 0.05, "taux_gemapi": 0.05, "institution_gemapi": "commune"}
    # shares: 600, 150 and 150
    assert liquider("frais_gestion_commune_epci", "frais_gestion_syndicat", "frais_gestion_gemapi", "frais_gestion", CODE, **thlv) == [60, 0, 5, 65, 0]


def test_saint_martin_has_no_fees(liquider):
    saint_martin = {
        "departement": "97",
        "code_commune": "127",
        "direction": "971",
        "valeur_locative_moyenne_outre_mer": 3000,
        "deliberation_taux_abattement_general_commune": 40,
    }
    details = ("frais_gestion_commune_epci", "frais_gestion", "base_imposable_departement", "somme_cotisations")
    assert liquider(*details, **saint_martin) == [5, 0, 0, 480]


@pytest.mark.parametrize(
    "annee, autrement, attendu",
    [
        (2017, {"taux_majoration_residences_secondaires": 0.5}, 400),
        (2017, {"taux_majoration_residences_secondaires": 0.5, "affectation": "mixte"}, 0),
        (2017, {"taux_majoration_residences_secondaires": 0.5, "nature_redevable": "personne_morale"}, 0),
        (2017, {"taux_majoration_residences_secondaires": 0.5, "nature_redevable": "personne_morale", "personne_morale_majoree": "oui"}, 400),
        (2016, {}, 160),
        (2015, {"affectation": "mixte"}, 160),
        (2014, {}, 0),
    ],
)
def test_surcharge_on_second_homes(liquider, annee, autrement, attendu):
    assert liquider("majoration_residences_secondaires", CODE, annee=annee, **SECONDAIRE, **MAJORATION, **autrement) == [attendu, 0]


def test_surcharge_does_not_touch_main_homes(liquider):
    assert liquider("majoration_residences_secondaires", taux_majoration_residences_secondaires=0.5, **MAJORATION) == 0


def test_second_homes_pay_an_additional_levy_on_share_and_surcharge(liquider):
    resultats = liquider("prelevement_residences_secondaires", **SECONDAIRE, **MAJORATION, taux_majoration_residences_secondaires=0.5)
    assert resultats == 18  # 1.5 % of 800 + 400


@pytest.mark.parametrize("valeur, attendu", [(5173, 0), (5174, 9)])  # bases of 4,573 and 4,574
def test_high_value_levy_of_main_homes(liquider, valeur, attendu):
    assert liquider("prelevement_base_elevee", valeur_locative_brute_principale=valeur) == attendu


@pytest.mark.parametrize("valeur, taux", [(4573, 0), (4574, 0.012), (7622, 0.012), (7623, 0.017)])
def test_high_value_levy_of_second_homes(liquider, valeur, taux):
    prelevement = liquider("prelevement_base_elevee", **(SECONDAIRE | {"valeur_locative_brute_secondaire": valeur}))
    assert prelevement == int(valeur * taux + 0.5)


def test_legal_persons_pay_the_lower_levy(liquider):
    personne_morale = SECONDAIRE | {"valeur_locative_brute_secondaire": 8000, "nature_redevable": "personne_morale"}
    details = ("prelevement_base_elevee_taux_principal", "prelevement_base_elevee_taux_secondaire_superieur")
    assert liquider(*details, **personne_morale) == [16, 0]


def test_no_high_value_levy_for_whoever_has_a_ceiling(liquider):
    assert liquider("prelevement_base_elevee", valeur_locative_brute_principale=9000, exoneration="plafonnement") == 0


@pytest.mark.parametrize("valeur, net, role", [(654, 0, "non_mise_en_recouvrement"), (660, 12, "vide"), (600, 0, "vide")])
def test_less_than_twelve_euros_are_not_collected(liquider, valeur, net, role):
    assert liquider("taxe_habitation_nette", "code_role", valeur_locative_brute_principale=valeur) == [net, role]


def test_television(liquider):
    en_metropole = {"champ_audiovisuel": "dans_le_champ", "television": "declaree"}
    assert liquider("somme_audiovisuel", "net_audiovisuel", "net_a_payer", CODE, **en_metropole) == [138, 138, 623, 0]
    degrevee = en_metropole | {"degrevement_audiovisuel": "degrevement_e"}
    assert liquider("montant_degrevement_audiovisuel", "net_audiovisuel", CODE, **degrevee) == [138, 0, 0]
    assert liquider("somme_audiovisuel", annee=2014, **en_metropole) == 133


def test_the_roll_says_that_there_is_no_television_licence(liquider):
    assert liquider("role_audiovisuel_degrevement") == "sans_contribution"
    assert liquider("role_audiovisuel_degrevement", champ_audiovisuel="dans_le_champ", degrevement_audiovisuel="degrevement_j") == "degrevement_j"


@pytest.mark.parametrize("initial, signe, montant", [(400, "plus", 85), (500, "moins", 15), (485, "egal", 0)])
def test_adjusted_bills_show_the_difference(liquider, initial, signe, montant):
    assert liquider("signe_regularisation", "montant_regularisation", regularisation="oui", net_a_payer_initial=initial) == [signe, montant]


def test_bills_that_are_not_adjusted_show_none(liquider):
    assert liquider("signe_regularisation", "montant_regularisation") == ["vide", 0]
