import pytest


def local(departement="33", code_commune="063", direction="330", principale=1_000, communes=0, **autres):
    return {
        "departement": [departement],
        "code_commune": [code_commune],
        "direction_local": [direction],
        "valeur_locative_reference_principale": [principale],
        "valeur_locative_reference_parties_communes": [communes],
        **{nom: [valeur] for nom, valeur in autres.items()},
    }


@pytest.mark.parametrize(
    "entrees,attendu",
    [
        (local(), 5_102),  # 1 000 x 1,65 = 1 650 ; x 3,092 = 5 101,8
        (local(affectation_local="association"), 6_308),  # 1 000 x 2,04 x 3,092
        (local("97", "411", "974"), 2_811),
        (local("97", "608", "976"), 1_023),
        (local("54", "602", "540"), 5_256),  # coefficient propre à la commune : 1,70
        (local("54", "601", "540"), 5_040),  # coefficient du département : 1,63
        (local("21", "617", "210", affectation_local="association"), 6_370),  # 2,06, comme le département
    ],
)
def test_the_rental_value_is_updated_and_revalued_with_a_rounding_each_time(calculer, entrees, attendu):
    assert calculer(2017, entrees, "valeur_locative_principale", "valeur_locative_imposable") == [[attendu], [attendu]]


@pytest.mark.parametrize("annee,attendu", [(2014, 4_684), (2015, 4_726), (2016, 4_774), (2017, 4_793)])
def test_the_published_example_of_each_year(calculer, annee, attendu):
    assert calculer(annee, local("06", "088", "060"), "valeur_locative_principale") == [attendu]


@pytest.mark.parametrize(
    "annee,hebergement,votee,exoneree,imposable",
    [
        (2017, "gite_rural", "exoneration_votee_gites_ruraux", 479, 4_314),
        (2016, "meuble_de_tourisme", "exoneration_votee_meubles_de_tourisme", 477, 4_297),
        (2016, "chambre_d_hotes", "exoneration_votee_chambres_d_hotes", 477, 4_297),
        (2017, "chambre_d_hotes", "exoneration_votee_chambres_d_hotes", 0, 4_793),
        (2017, "gite_rural", "exoneration_votee_meubles_de_tourisme", 0, 4_793),
    ],
)
def test_the_exemption_of_rural_lodgings_voted_by_the_commune(calculer, annee, hebergement, votee, exoneree, imposable):
    ce_qui_est_vote = {
        "exoneration_votee_gites_ruraux": "gite_rural",
        "exoneration_votee_meubles_de_tourisme": "meuble_de_tourisme",
        "exoneration_votee_chambres_d_hotes": "chambre_d_hotes",
    }[votee]
    entrees = local("06", "088", "060", location_rurale=hebergement, taux_exoneration_location_rurale=10, **{votee: ce_qui_est_vote})
    assert calculer(annee, entrees, f"valeur_locative_exoneree_{hebergement}", "valeur_locative_imposable") == [[exoneree], [imposable]]


@pytest.mark.parametrize(
    "entrees,code",
    [
        (local(), 0),
        (local(annee_deliberations=2016), 4402),
        (local(departement_local="99"), 4404),
        (local(code_commune_local="001"), 4403),
        (local(affectation_local="invalide"), 4401),
        (local("20"), 2),
        (local(annee_imposition_local=2018, annee_deliberations=2018), 1),
        (local(annee_imposition_local=2018), 4402),
    ],
)
def test_the_first_control_that_fails_gives_the_return_code(calculer, entrees, code):
    assert calculer(2017, entrees, "code_retour_valeur_locative") == [code]
