import pytest
from hypothesis import given
from hypothesis import strategies as st

CODE = "code_retour_cote"
BASE = "base_imposable_commune"


def test_the_usual_bill_is_accepted(liquider):
    assert liquider(CODE) == 0


def test_the_general_abatement_is_taken_off(liquider):
    assert liquider("abattement_general_commune", BASE, CODE) == [600, 2400, 0]


@pytest.mark.parametrize(
    "personnes, alternes, attendu, rangs_1_2",
    [
        (1, 0, 400, 400),
        (2, 0, 800, 800),
        (3, 0, 1400, 800),
        (0, 1, 200, 200),
        (2, 1, 200 + 400 + 600, 600),  # the child in alternating residence takes the first rank
        (1, 3, 200 + 200 + 300 + 600, 400),
    ],
)
def test_dependants_count_by_rank(liquider, personnes, alternes, attendu, rangs_1_2):
    charges = {"personnes_a_charge": personnes, "enfants_residence_alternee": alternes, "valeur_locative_brute_principale": 5000}
    assert liquider("abattement_charges_commune", "abattement_charges_rangs_1_2_commune", CODE, **charges) == [attendu, rangs_1_2, 0]


def test_abatements_never_make_the_base_negative(liquider):
    resultats = liquider("abattement_general_commune", "abattement_charges_commune", BASE, valeur_locative_brute_principale=900, personnes_a_charge=2)
    assert resultats == [600, 300, 0]


@pytest.mark.parametrize("valeur, droit", [(5199, "accorde"), (5200, "refuse")])  # 130 % of 4,000
def test_special_abatement_asks_for_a_modest_rental_value(liquider, valeur, droit):
    entrees = {"valeur_locative_brute_principale": valeur, "revenu_sous_seuil_1417_I": "oui"}
    montant = 400 if droit == "accorde" else 0
    assert liquider("droit_abattement_special_commune", "abattement_special_commune", CODE, **entrees) == [droit, montant, 0]


def test_the_ceiling_of_the_special_abatement_rises_with_dependants(liquider):
    entrees = {"revenu_sous_seuil_1417_I": "oui", "personnes_a_charge": 1, "enfants_residence_alternee": 1}
    assert liquider("abattement_special_commune", valeur_locative_brute_principale=5799, **entrees) == 400  # 145 %
    assert liquider("abattement_special_commune", valeur_locative_brute_principale=5800, **entrees) == 0


def test_the_special_abatement_asks_for_a_modest_income(liquider):
    assert liquider("droit_abattement_special_commune", "abattement_special_commune") == ["refuse", 0]


def test_disabled_persons_have_an_abatement(liquider):
    assert liquider("abattement_handicap_commune", BASE, handicap="motif_2") == [400, 2000]


def test_second_homes_have_no_abatement(liquider):
    secondaire = {"nature_taxation": "secondaire", "valeur_locative_brute_principale": 0, "valeur_locative_brute_secondaire": 3000}
    assert liquider("abattement_general_commune", BASE, CODE, **secondaire) == [0, 3000, 0]


def test_exemption_empties_the_base(liquider):
    exoneree = {"exoneration": "exoneration_f", "degrevement_audiovisuel": "vide"}
    assert liquider("valeur_locative_nette_commune", "base_exoneree_commune", BASE, "code_role", "net_a_payer", CODE, **exoneree) == [
        2400,
        2400,
        0,
        "exoneration",
        0,
        0,
    ]


def test_leaving_exemption_leaves_two_thirds_of_the_value_out(liquider):
    sortie = {"abattement_sortie_exoneration": "oui", "troisieme_annee_sortie": "oui"}
    variables = ("valeur_locative_non_retenue", "valeur_locative_retenue", BASE, CODE)
    assert liquider(*variables, valeur_locative_brute_principale=5000, **sortie) == [3333, 1667, 1067, 0]
    assert liquider("valeur_locative_non_retenue", annee=2016, **sortie) == 0


def test_an_epci_without_deliberation_follows_the_commune(liquider):
    assert liquider("abattement_general_epci", "base_imposable_epci", CODE, appartenance_epci="oui") == [600, 2400, 0]


def test_an_epci_with_rates_has_its_own_abatements(liquider):
    epci = {"appartenance_epci": "oui"}
    for autorite in ("epci", "epci_avant_ajustement"):
        epci |= {
            f"deliberation_valeur_locative_moyenne_{autorite}": 5000,
            f"deliberation_taux_abattement_general_{autorite}": 5,
            f"deliberation_quotite_abattement_general_{autorite}": 250,
            f"deliberation_quotite_abattement_charges_rangs_1_2_{autorite}": 500,
            f"deliberation_quotite_abattement_charges_rang_3_{autorite}": 750,
        }
    assert liquider("abattement_general_epci", "abattement_charges_epci", CODE, personnes_a_charge=1, **epci) == [250, 500, 0]


def test_outside_an_epci_there_is_no_base_for_it(liquider):
    assert liquider("valeur_locative_nette_epci", "droit_abattement_special_epci") == [0, "vide"]


def test_special_taxes_follow_the_commune_and_spare_social_housing(liquider):
    percues = {"taux_tse": 0.001, "taux_syndicat": 0.01}
    assert liquider("base_imposable_tse", "base_imposable_syndicat", CODE, **percues) == [2400, 2400, 0]
    social = {"personne_morale": "hlm", "groupe_revision": "logement_social"}
    assert liquider("base_imposable_tse", "base_exoneree_tse", "base_imposable_syndicat", **percues, **social) == [0, 2400, 2400]


def test_alsace_moselle_counts_dependants_on_the_dwelling(liquider):
    alsace = {"code_alsace_moselle": "oui", "minimum_alsace_moselle": 250, "departement": "68", "direction": "680"}
    for autorite in ("commune", "commune_avant_ajustement"):
        alsace |= {f"deliberation_quotite_abattement_charges_{rang}_{autorite}": 0 for rang in ("rangs_1_2", "rang_3")}
    charges = {"personnes_a_charge": 3, "valeur_locative_brute_principale": 5009}
    # 10 % of the dwelling (500) for ranks 1 and 2, 15 % of the average (600) from rank 3 on
    assert liquider("abattement_charges_commune", CODE, **alsace, **charges) == [500 + 500 + 600, 0]


def test_vacant_dwellings_are_taxed_by_who_instituted_the_tax(liquider):
    vacant = {"type_imposition": "logements_vacants", "nature_taxation": "vide", "champ_audiovisuel": "vide", "television": "vide"}
    bases = ("base_imposable_commune", "base_imposable_epci", "base_imposable_gemapi", CODE)
    commun = vacant | {"appartenance_epci": "oui", "taux_gemapi": 0.001, "institution_gemapi": "epci"}
    assert liquider(*bases, **commun, institution_thlv="commune") == [3000, 0, 3000, 0]
    assert liquider(*bases, **commun, institution_thlv="epci") == [0, 3000, 3000, 0]
    assert liquider(*bases, annee=2015, **commun, institution_thlv="epci") == [0, 3000, 0, 0]


@given(valeur=st.integers(min_value=0, max_value=20_000), personnes=st.integers(min_value=0, max_value=9), alternes=st.integers(min_value=0, max_value=9))
def test_what_is_taken_off_and_what_remains_make_the_value(liquider, valeur, personnes, alternes):
    abattements = [f"abattement_{nom}_commune" for nom in ("general", "charges", "special", "handicap")]
    entrees = {
        "valeur_locative_brute_principale": valeur,
        "personnes_a_charge": personnes,
        "enfants_residence_alternee": alternes,
        "revenu_sous_seuil_1417_I": "oui",
        "handicap": "motif_1",
    }
    *retranches, nette = liquider(*abattements, "valeur_locative_nette_commune", **entrees)
    assert sum(retranches) + nette == valeur
    assert min(*retranches, nette) >= 0
