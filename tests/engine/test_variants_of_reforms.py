"""What formulas gave under reforms never puts out what they gave under the law that is reformed."""

from dataclasses import replace

import bareme
from engine.kept_graphs import KeptGraphs
from engine.periods import period
from engine.reform import reform_from_data
from engine.variants import MOST_REFORMED, MOST_VARIANTS

SEUIL = "impot_revenu.decote.personne_seule"


def test_the_law_in_force_is_found_after_any_number_of_reforms():
    law = replace(bareme.france(), kept_graphs=KeptGraphs(on_disk=False))
    document = {"individus": {"ada": {"salaires": {"2022": 20000}}}, "foyers_fiscaux": {"f": {"declarants": ["ada"]}}}
    simulation = bareme.simulation_from(law, document, 2022)
    in_force = simulation.calculate("decote", 2022)
    amounts = []
    for number in range(MOST_VARIANTS + 2):
        reform = reform_from_data({"title": "Décote", "parameters": {SEUIL: {"2022-01-01": {"value": 900 + number}}}})
        amounts.append(float(simulation.under(reform(law)).calculate("decote", 2022)[0]))
    assert amounts == sorted(set(amounts))
    (family,) = law.kept_graphs.families
    signature = family.traces[0].signature
    known = family.variants.of(law.variable("decote"), period(2022), signature)
    assert [parameters is law.parameters for _, parameters in known] == [True, *[False] * MOST_REFORMED]
    assert simulation.under(law).calculate("decote", 2022).tolist() == in_force.tolist()
