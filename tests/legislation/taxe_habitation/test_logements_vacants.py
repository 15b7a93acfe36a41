import pytest


def local(local_depuis, commune_depuis, departement="33", **autres):
    return {
        "departement": [departement],
        "code_commune": ["063"],
        "direction_local": ["330"],
        "affectation_local": ["association"],
        "valeur_locative_reference_principale": [1_000],
        "annee_entree_tlv_local": [local_depuis],
        "annee_entree_tlv_commune": [commune_depuis],
        **{nom: [valeur] for nom, valeur in autres.items()},
    }


@pytest.mark.parametrize(
    "local_depuis,commune_depuis,taux",
    [(2016, 2013, 0.125), (2012, 2017, 0.125), (2015, 2013, 0.25), (2012, 2016, 0.25)],
)
def test_the_rate_is_halved_in_the_first_year(calculer, local_depuis, commune_depuis, taux):
    assert calculer(2017, local(local_depuis, commune_depuis), "taux_tlv_local", "base_tlv_local") == [[taux], [5_102]]


@pytest.mark.parametrize(
    "entrees,code",
    [
        (local(2015, 2013), 0),
        (local(2015, 2018), 4104),
        (local(2017, 2013), 4105),
        (local(2012, 2013, annee_imposition_local=2018), 1),
        (local(2015, 2013, departement="02"), 4106),
    ],
)
def test_the_controls_of_a_vacant_dwelling(calculer, entrees, code):
    assert calculer(2017, entrees, "code_retour_logement_vacant") == [code]


@pytest.mark.parametrize(
    "premiere,suivantes,cotisation,frais,net,role",
    [
        (56, 3_861, 972, 87, 1_059, "vide"),
        (20, 32, 11, 1, 12, "vide"),
        (20, 28, 10, 1, 0, "non_mise_en_recouvrement"),
        (0, 0, 0, 0, 0, "vide"),
    ],
)
def test_a_bill_below_twelve_euros_is_not_collected(calculer, premiere, suivantes, cotisation, frais, net, role):
    entrees = {"base_tlv_premiere_annee": [premiere], "base_tlv_annees_suivantes": [suivantes]}
    variables = ("cotisation_tlv", "frais_gestion_tlv", "net_a_payer_tlv", "code_role_tlv", "code_retour_cote_tlv")
    assert calculer(2017, entrees, *variables) == [[cotisation], [frais], [net], [role], [0]]


def test_a_negative_contribution_is_refused(calculer):
    entrees = {"base_tlv_premiere_annee": [-731], "base_tlv_annees_suivantes": [0]}
    assert calculer(2017, entrees, "code_retour_cote_tlv") == [1103]
