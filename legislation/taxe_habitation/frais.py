"""Les frais que l'État ajoute aux cotisations pour leur gestion (CGI, art. 1641), et ce qui en revient à l'assiette et au recouvrement.

La part d'assiette et de recouvrement est une information : elle est comprise dans les frais de gestion et ne s'y ajoute
pas. Les deux se calculent de la même façon, avec des taux différents : leurs variables sont déclarées par la même boucle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.declarations import declarer, formule, formule_parametree

REFERENCE = "CGI, art. 1641"


class assiette_frais_commune_epci(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisations de la commune et de l'EPCI, majoration comprise"
    reference = REFERENCE

    def formula(cote, period):
        return cote("cotisation_commune_majoree", period) + cote("cotisation_epci", period)


class assiette_frais_commune_epci_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisations de la commune et de l'EPCI, majoration comprise, sur les abattements de 2003"
    reference = "CGI, art. 1414 A, III, 2"

    def formula(cote, period):
        return cote("cotisation_commune_2003", period) + cote("majoration_residences_secondaires_2003", period) + cote("cotisation_epci_2003", period)


class assiette_frais_tse(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisations de taxes spéciales d'équipement"
    reference = REFERENCE

    def formula(cote, period):
        return cote("cotisation_tse", period) + cote("cotisation_autres_tse", period)


@dataclass(frozen=True)
class Nature:
    """Une nature de frais : le nom de ses variables, son libellé, et où ses taux sont dans la loi."""

    nom: str
    libelle: str
    taux: str
    taux_thlv: str


GESTION = Nature("frais_gestion", "Frais de gestion", "gestion", "gestion")
ASSIETTE = Nature("frais_assiette", "Part d'assiette et de recouvrement des frais de gestion", "assiette_recouvrement", "assiette")


def _taux(cote, period, parameters, nature, part):
    """Retourne le taux des frais de taxe d'habitation sur les cotisations d'une part."""
    taux = getattr(parameters(period).taxe_habitation.frais, nature.taux)
    return np.where(cote("est_residence_secondaire", period), getattr(taux.secondaire, part), getattr(taux.principale_ou_dependance, part))


def _sur_commune_epci(cote, period, parameters, nature):
    """Les frais sur les cotisations de la commune et de l'EPCI ; en THLV, sur toutes les cotisations sauf celle de taxe GEMAPI."""
    vacant = cote("est_logement_vacant", period)
    taux_thlv = getattr(parameters(period).taxe_habitation.frais.thlv, nature.taux_thlv)
    taux = np.where(vacant, taux_thlv, _taux(cote, period, parameters, nature, "commune_epci"))
    assiette = cote("assiette_frais_commune_epci", period)
    return arrondi(taux * np.where(vacant, assiette + cote("cotisation_syndicat", period), assiette))


def _sur_gemapi(cote, period, parameters, nature):
    """Les frais sur la cotisation de taxe GEMAPI."""
    taux_thlv = getattr(parameters(period).taxe_habitation.frais.thlv, f"{nature.taux_thlv}_gemapi")
    taux = np.where(cote("est_logement_vacant", period), taux_thlv, _taux(cote, period, parameters, nature, "gemapi"))
    return arrondi(taux * cote("cotisation_gemapi", period))


def _commune_epci(cote, period, nature):
    """En taxe d'habitation, les frais sur la taxe GEMAPI sont portés avec ceux de la commune et de l'EPCI."""
    gemapi = np.where(cote("est_logement_vacant", period), 0, cote(f"{nature.nom}_sur_gemapi", period))
    return cote(f"{nature.nom}_sur_commune_epci", period) + gemapi


def _syndicat(cote, period, parameters, nature):
    """Les frais sur la cotisation du syndicat ; en THLV, ils sont comptés avec ceux de la commune et de l'EPCI."""
    taux = np.where(cote("est_logement_vacant", period), 0.0, _taux(cote, period, parameters, nature, "syndicat"))
    return arrondi(taux * cote("cotisation_syndicat", period))


def _tse(cote, period, parameters, nature):
    """Les frais sur les cotisations de taxes spéciales d'équipement (il n'y en a pas en THLV)."""
    return arrondi(_taux(cote, period, parameters, nature, "tse") * cote("assiette_frais_tse", period))


def _gemapi(cote, period, nature):
    """En THLV, les frais sur la taxe GEMAPI sont portés à part."""
    return np.where(cote("est_logement_vacant", period), cote(f"{nature.nom}_sur_gemapi", period), 0)


def _total(cote, period, nature):
    """Saint-Martin n'a pas de frais : le total y est nul, même si le détail est calculé."""
    de_toutes_les_parts = (
        cote(f"{nature.nom}_sur_commune_epci", period)
        + cote(f"{nature.nom}_sur_gemapi", period)
        + cote(f"{nature.nom}_syndicat", period)
        + cote(f"{nature.nom}_tse", period)
    )
    return np.where(cote.commune("saint_martin", period), 0, de_toutes_les_parts)


POSTES = (
    ("_sur_commune_epci", "commune et EPCI (en THLV, toutes cotisations hors GEMAPI)", formule_parametree, _sur_commune_epci),
    ("_sur_gemapi", "taxe GEMAPI", formule_parametree, _sur_gemapi),
    ("_commune_epci", "poste commune et EPCI de l'avis, taxe GEMAPI comprise sauf en THLV", formule, _commune_epci),
    ("_syndicat", "syndicat de communes", formule_parametree, _syndicat),
    ("_tse", "taxes spéciales d'équipement", formule_parametree, _tse),
    ("_gemapi", "poste taxe GEMAPI de l'avis, en THLV seulement", formule, _gemapi),
    ("", "total", formule, _total),
)

for _nature in (GESTION, ASSIETTE):
    for _suffixe, _libelle, _formule, _regle in POSTES:
        declarer(
            globals(),
            f"{_nature.nom}{_suffixe}",
            value_type=int,
            entity=Cote,
            definition_period=YEAR,
            unit="currency",
            label=f"{_nature.libelle}, {_libelle}",
            reference=REFERENCE,
            formula=_formule(_regle, _nature),
        )


class frais_gestion_2003(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Frais de gestion sur les abattements de 2003 : seuls changent ceux de la commune et de l'EPCI"
    reference = ["CGI, art. 1641", "CGI, art. 1414 A, III, 2"]

    def formula(cote, period, parameters):
        sur_commune_epci = arrondi(_taux(cote, period, parameters, GESTION, "commune_epci") * cote("assiette_frais_commune_epci_2003", period))
        autres = cote("frais_gestion_sur_gemapi", period) + cote("frais_gestion_syndicat", period) + cote("frais_gestion_tse", period)
        return np.where(cote.commune("saint_martin", period), 0, sur_commune_epci + autres)
