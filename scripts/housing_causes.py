"""Why a housing benefit may differ from OpenFisca-France's."""
def causes(name, family, year, month):
    return []
