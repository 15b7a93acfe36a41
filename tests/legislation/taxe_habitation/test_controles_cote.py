import pytest

CODE = "code_retour_cote"
VACANT = {"type_imposition": "logements_vacants", "nature_taxation": "vide", "champ_audiovisuel": "vide", "television": "vide"}
THLV = VACANT | {"institution_thlv": "commune"}
SECONDAIRE = {"nature_taxation": "secondaire", "valeur_locative_brute_principale": 0, "valeur_locative_brute_secondaire": 3000}


@pytest.mark.parametrize(
    "code, autrement",
    [
        (5, {"direction": "999"}),
        (62, VACANT),
        (1, {"annee_deliberations": 2018}),
        (3, {"nature_taxation": "vide"}),
        (4, {"personnes_a_charge": 100}),
        (6, {"revenu_sous_seuil_1417_I": "invalide"}),
        (7, {"handicap": "invalide"}),
        (8, {"nature_redevable": "invalide"}),
        (10, {"affectation": "invalide"}),
        (14, {"parts_foyer": 130}),
        (15, {"parts_foyer": -1}),
        (16, {"enfants_residence_alternee": 100}),
        (17, {"personne_morale": "invalide"}),
        (18, {"groupe_revision": "invalide"}),
        (19, {"champ_audiovisuel": "vide"}),
        (20, {"television": "vide"}),
        (21, {"degrevement_audiovisuel": "invalide"}),
        (22, {"exoneration": "invalide"}),
        (23, {"type_imposition": "invalide"}),
        (25, THLV | {"personnes_a_charge": 1}),
        (26, THLV | {"exoneration": "plafonnement"}),
        (27, THLV | {"revenu_sous_seuil_1417_I": "oui"}),
        (28, THLV | {"champ_audiovisuel": "hors_champ_m"}),
        (29, THLV | {"degrevement_audiovisuel": "degrevement_j"}),
        (30, THLV | {"television": "aucune"}),
        (35, THLV | {"nature_taxation": "principale"}),
        (36, THLV | {"valeur_locative_brute_secondaire": 1}),
        (38, THLV | {"revenu_plafonnement_foyer": 1}),
        (39, {"institution_majoration": "invalide"}),
        (40, {"institution_majoration": "oui", "departement": "58"}),
        (41, {"institution_majoration": "oui", "taux_majoration_residences_secondaires": 0.61}),
        (42, {"personne_morale_majoree": "invalide"}),
        (5201, {"regularisation": "invalide"}),
        (51, {"annee_imposition": 2016}),
        (52, SECONDAIRE | {"personnes_a_charge": 1}),
        (53, SECONDAIRE | {"valeur_locative_brute_principale": 1}),
        (54, SECONDAIRE | {"exoneration": "plafonnement"}),
        (55, SECONDAIRE | {"revenu_sous_seuil_1417_I": "oui"}),
        (58, {"exoneration": "exoneration_d"}),
        (59, {"nature_taxation": "dependance", "valeur_locative_brute_secondaire": 1}),
        (60, {"exoneration": "exoneration_a"}),
        (61, {"exoneration": "gestionnaire"}),
        (64, {"valeur_locative_brute_secondaire": 1}),
        (65, {"television": "declaree"}),
        (66, {"nature_taxation": "dependance", "champ_audiovisuel": "dans_le_champ"}),
        (67, {"nature_redevable": "personne_morale", "champ_audiovisuel": "dans_le_champ"}),
        (68, {"exoneration": "exoneration_f", "champ_audiovisuel": "dans_le_champ", "degrevement_audiovisuel": "vide"}),
        (69, {"degrevement_audiovisuel": "degrevement_j"}),
        (77, {"rang_sortie_exoneration": "premiere_annee"}),
        (78, {"abattement_sortie_exoneration": "oui", "troisieme_annee_sortie": "vide"}),
        (79, {"abattement_sortie_exoneration": "oui", "troisieme_annee_sortie": "oui", "exoneration": "exoneration_f"}),
        (80, SECONDAIRE | {"abattement_sortie_exoneration": "oui", "troisieme_annee_sortie": "oui"}),
        (101, {"deliberation_valeur_locative_moyenne_commune": 0}),
        (102, {"deliberation_quotite_abattement_charges_rangs_1_2_commune_avant_ajustement": 389}),
        (103, {"deliberation_quotite_abattement_charges_rang_3_commune_avant_ajustement": 589}),
        (104, {"deliberation_quotite_abattement_general_commune_avant_ajustement": 602}),
        (105, {"deliberation_quotite_abattement_special_commune_avant_ajustement": 602}),
        (106, {"code_alsace_moselle": "oui", "minimum_alsace_moselle": 100}),
        (108, {"deliberation_quotite_abattement_charges_rang_3_commune_avant_ajustement": 0}),
        (111, {"appartenance_epci": "invalide"}),
        (112, {"taux_global_2000": 0.009}),
        (115, {"valeur_locative_moyenne_outre_mer": 200_001}),
        (117, {"valeur_locative_moyenne_outre_mer": 3000}),
        (119, {"deliberation_quotite_abattement_handicap_commune_avant_ajustement": 398}),
        (152, {"deliberation_quotite_abattement_charges_rangs_1_2_commune_avant_ajustement_2003": 0}),
        (154, {"meme_commune_2003": "invalide"}),
        (201, {"deliberation_valeur_locative_moyenne_epci": 200_001}),
        (206, {"deliberation_valeur_locative_moyenne_epci_avant_ajustement": 4000}),
        (211, {"taux_epci": 0.01, "appartenance_epci": "vide"}),
        (301, {"deliberation_valeur_locative_moyenne_departement": 0}),
        (305, {"deliberation_quotite_abattement_special_departement": 602}),
        (810, {"taux_agglomeration_nouvelle": 0.01}),
        (110, {"taux_tse": 0.81}),
        (2425, {"taux_autres_tse": 0.01}),
        (1005, {"revenu_fiscal_reference_cote": -1}),
        (1010, {"revenu_plafonnement_foyer": -1}),
        (2502, {"departement": "XX"}),
    ],
)
def test_each_control_has_its_code(liquider, code, autrement):
    assert liquider(CODE, **autrement) == code


def test_the_first_control_that_fails_gives_the_code(liquider):
    sans_epci = {"taux_epci": 0.01, "appartenance_epci": "vide"}
    assert liquider(CODE, direction="999", affectation="invalide", **sans_epci) == 5
    assert liquider(CODE, affectation="invalide", **sans_epci) == 10
    assert liquider(CODE, taux_agglomeration_nouvelle=0.01, **sans_epci) == 211


def test_ninety_eight_looks_like_a_department(liquider):
    assert liquider(CODE, departement="98") == 0


@pytest.mark.parametrize("annee, code", [(2014, 0), (2015, 40), (2016, 40), (2017, 40)])
def test_the_surcharge_is_controlled_since_it_exists(liquider, annee, code):
    assert liquider(CODE, annee=annee, institution_majoration="oui", departement="58") == code


def test_no_surcharge_rate_was_voted_before_2017(liquider):
    assert liquider(CODE, annee=2016, taux_majoration_residences_secondaires=0.2) == 41


@pytest.mark.parametrize("annee, code", [(2014, 119), (2015, 119), (2016, 0), (2017, 0)])
def test_the_abatement_for_disabled_persons_may_be_twenty_percent_since_2016(liquider, annee, code):
    vingt_pour_cent = {"deliberation_quotite_abattement_handicap_commune_avant_ajustement": 800}
    assert liquider(CODE, annee=annee, **vingt_pour_cent) == code


@pytest.mark.parametrize(
    "annee, rang, code",
    [(2015, "vide", 0), (2015, "premiere_annee", 77), (2016, "vide", 77), (2016, "premiere_annee", 0), (2017, "deuxieme_annee", 0)],
)
def test_kept_exemptions_say_which_year_it_is_since_2016(liquider, annee, rang, code):
    assert liquider(CODE, annee=annee, exoneration="exoneration_k", rang_sortie_exoneration=rang) == code


def test_a_dependency_exempted_of_more_than_its_value_is_refused(liquider):
    sortie = {"abattement_sortie_exoneration": "oui", "troisieme_annee_sortie": "oui", "exoneration": "exoneration_d", "nature_taxation": "dependance"}
    en_outre_mer = {
        "departement": "97",
        "direction": "974",
        "valeur_locative_moyenne_outre_mer": 3000,
        "deliberation_taux_abattement_general_commune": 40,
    }
    for autorite in ("commune_avant_ajustement", "commune_avant_ajustement_2003"):
        en_outre_mer |= {
            f"deliberation_taux_abattement_general_{autorite}": 40,
            f"deliberation_taux_abattement_special_{autorite}": 0,
            f"deliberation_taux_abattement_charges_rangs_1_2_{autorite}": 10,
            f"deliberation_taux_abattement_charges_rang_3_{autorite}": 10,
        }
    assert liquider(CODE, **sortie, **en_outre_mer) == 901
