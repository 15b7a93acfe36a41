"""A miniature country package, written as for OpenFisca-Core: it imports nothing of Barème."""

import os

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from package_in_openfisca_form import entities

COUNTRY_DIR = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as packages write it


def preprocess_parameters(parameters):
    """Hang up a branch made in memory, as France does with its contributions."""
    from openfisca_core.model_api import ParameterNode

    made = ParameterNode("made_in_memory", data={"description": "Rates by kind", "metadata": {"order": []}})
    parameters.add_child("contributions", ParameterNode("contributions", data={"description": "Contributions"}))
    parameters.contributions.add_child("by_kind", made)
    made.children.update(parameters.taxes.rates.children)
    made.children["renamed"] = made.children.pop("high")
    made.metadata["order"] += ["low", "renamed"]
    return parameters


class CountryTaxBenefitSystem(TaxBenefitSystem):
    preprocess_parameters = staticmethod(preprocess_parameters)

    def __init__(self):
        super().__init__(entities.entities)
        self.add_variables_from_directory(os.path.join(COUNTRY_DIR, "variables"))  # noqa: PTH118
        self.load_parameters(os.path.join(COUNTRY_DIR, "parameters"))  # noqa: PTH118
