"""An invented land, written as for OpenFisca-Core, with a variable of each kind and formulas that fail."""

import os

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from land_in_openfisca_form import entities

COUNTRY_DIR = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as packages write it
COUPLE = {
    "persons": {"Ana": {"salary": {"2017-01": 1000}}, "Bo": {"birth": {"ETERNITY": "1980-01-31"}}},
    "households": {"h": {"adults": ["Ana", "Bo"], "income": {"2017-01": None}}},
}


class CountryTaxBenefitSystem(TaxBenefitSystem):
    def __init__(self):
        super().__init__(entities.entities)
        self.add_variables_from_directory(os.path.join(COUNTRY_DIR, "variables"))  # noqa: PTH118
        self.load_parameters(os.path.join(COUNTRY_DIR, "parameters"))  # noqa: PTH118
        self.open_api_config = {"variable_example": "tax", "parameter_example": "taxes.rate", "simulation_example": COUPLE}
