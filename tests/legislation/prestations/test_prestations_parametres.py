"""The figures of the benefits: each says what it is and where it comes from, and those that are known are as published."""

import pytest

from engine.parameters import Parameter
from legislation import france


@pytest.fixture(scope="module")
def tree():
    return france().parameters


@pytest.mark.parametrize("branch,at_least", [("prestations", 120), ("menages", 4)])
def test_every_figure_says_what_it_is_its_unit_and_where_it_comes_from(tree, branch, at_least):
    figures = [item for item in tree.child(branch).descendants() if isinstance(item, Parameter)]
    assert len(figures) >= at_least
    assert [item.name for item in figures if not item.description] == []
    assert [item.name for item in figures if not (item.unit or item.metadata.get("unit"))] == []
    assert [item.name for item in figures if not (item.reference or item.metadata.get("reference"))] == []


@pytest.mark.parametrize(
    "path,values",
    [
        ("base_mensuelle", {"2017-01": 406.62, "2019-04": 413.16, "2022-06": 422.28, "2022-07": 439.17, "2025-04": 474.37}),
        ("rsa.montant_de_base", {"2017-09": 545.48, "2019-04": 559.74, "2022-07": 598.54, "2024-04": 635.71, "2025-04": 646.52}),
        ("prime_activite.montant_de_base", {"2018-09": 551.51, "2022-07": 586.23, "2025-04": 633.21}),
        ("prime_activite.taux_revenus_professionnels", {"2018-07": 0.62, "2018-08": 0.61, "2025-04": 0.5985}),
        ("prime_activite.bonification.taux_maximum", {"2018-12": 0.12782, "2019-01": 0.29101}),
        ("aspa.montant_maximum.personne_seule", {"2017-05": 9638.42, "2022-01": 11001.44, "2022-07": 11441.50, "2024-01": 12144.27, "2025-01": 12411.44}),
        ("aspa.plafond.couple", {"2019-01": 16174.59, "2022-07": 17762.96, "2025-01": 19268.80}),
        ("aah.montant", {"2017-05": 810.89, "2018-11": 860, "2019-11": 900, "2022-03": 903.60, "2022-07": 956.65, "2023-04": 971.37, "2025-04": 1033.32}),
        ("aah.majoration_plafond.couple", {"2018-10": 1, "2018-11": 0.89, "2019-11": 0.81}),
        ("aah.conjoint.forfait", {"2021-12": 0, "2022-01": 5000}),
        ("complement_familial.plafond", {"2022-01": 21776, "2024-01": 23296}),
        ("allocation_rentree_scolaire.plafond", {"2022-08": 19515}),
        ("allocation_soutien_familial.un_parent", {"2022-10": 0.2813, "2022-11": 0.422}),
        ("paje.depuis_avril_2018.plafond_partiel", {"2022-01": 26016}),
    ],
)
def test_known_figures_are_as_published(tree, path, values):
    for month, value in values.items():
        found = tree.at(f"{month}-01").prestations
        for name in path.split("."):
            found = getattr(found, name)
        assert float(found) == value
