"""Les collectivités et établissements qui perçoivent la taxe, et les chiffres que chacun délibère.

Une même règle vaut pour chacun d'eux : les variables répétées (`abattement_general_commune`, `abattement_general_epci`, …)
sont déclarées une fois par autorité à l'aide de ces tables (`declarations.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Autorite:
    """Une collectivité ou un établissement, tel que les noms de variables et les libellés le désignent."""

    nom: str
    libelle: str

    @property
    def en_2003(self) -> Autorite:
        """Retourne la même autorité avec ses abattements de 2003, que l'article 1414 A, III compare à ceux de l'année."""
        return Autorite(f"{self.nom}_2003", f"{self.libelle}, abattements de 2003")


COMMUNE = Autorite("commune", "commune")
COMMUNE_AVANT_AJUSTEMENT = Autorite("commune_avant_ajustement", "commune avant ajustement")
EPCI = Autorite("epci", "EPCI")
EPCI_AVANT_AJUSTEMENT = Autorite("epci_avant_ajustement", "EPCI avant ajustement")
DEPARTEMENT = Autorite("departement", "département")
SYNDICAT = Autorite("syndicat", "syndicat de communes")
TSE = Autorite("tse", "taxes spéciales d'équipement")
AUTRES_TSE = Autorite("autres_tse", "autres taxes spéciales d'équipement")
GEMAPI = Autorite("gemapi", "taxe GEMAPI")

# Ceux qui ont leurs propres délibérations d'abattement, et ceux qui suivent les abattements de la commune.
DELIBERANTES = (COMMUNE, EPCI, DEPARTEMENT, COMMUNE_AVANT_AJUSTEMENT, EPCI_AVANT_AJUSTEMENT)
SUIVEUSES = (SYNDICAT, TSE, AUTRES_TSE, GEMAPI)
AUTORITES_DE_L_ANNEE = DELIBERANTES + SUIVEUSES
AUTORITES_DE_2003 = tuple(autorite.en_2003 for autorite in AUTORITES_DE_L_ANNEE)

# Taux d'abattement : le pourcentage, de 0 à 99, ou l'une de ces trois valeurs.
FORFAIT = -1  # abattement forfaitaire : le montant ne résulte pas d'un taux
ABSENT = -2  # aucun taux n'est porté
ILLISIBLE = 100  # ce qui est porté n'est pas un taux : au-delà de tout taux, donc toujours refusé


@dataclass(frozen=True)
class Abattement:
    """Un abattement, par ce que la délibération en dit : un taux et le montant (la quotité) qui en résulte."""

    nom: str
    libelle: str
    reference: str

    @property
    def taux(self) -> str:
        """Retourne le nom du chiffre qui porte le taux."""
        return f"taux_{self.nom}"

    @property
    def quotite(self) -> str:
        """Retourne le nom du chiffre qui porte le montant."""
        return f"quotite_{self.nom}"


GENERAL = Abattement("abattement_general", "abattement général à la base", "CGI, art. 1411, II, 2")
CHARGES_RANGS_1_2 = Abattement("abattement_charges_rangs_1_2", "abattement pour charges de famille, rangs 1 et 2", "CGI, art. 1411, II, 1")
CHARGES_RANG_3 = Abattement("abattement_charges_rang_3", "abattement pour charges de famille, à partir du rang 3", "CGI, art. 1411, II, 1")
SPECIAL = Abattement("abattement_special", "abattement spécial en faveur des personnes de condition modeste", "CGI, art. 1411, II, 3")
HANDICAP = Abattement("abattement_handicap", "abattement en faveur des personnes handicapées ou invalides", "CGI, art. 1411, II, 3 bis")
ABATTEMENTS = (GENERAL, CHARGES_RANGS_1_2, CHARGES_RANG_3, SPECIAL, HANDICAP)
# Les quatre dont la présence dit qu'une autorité a délibéré : l'abattement en faveur des handicapés ne compte pas.
ABATTEMENTS_TEMOINS = (GENERAL, CHARGES_RANGS_1_2, CHARGES_RANG_3, SPECIAL)

VALEUR_LOCATIVE_MOYENNE = "valeur_locative_moyenne"


def delibere(chiffre: str, autorite: Autorite) -> str:
    """Retourne le nom de la variable qui porte un chiffre de la délibération d'une autorité (saisie)."""
    return f"deliberation_{chiffre}_{autorite.nom}"


def applicable(chiffre: str, autorite: Autorite) -> str:
    """Retourne le nom de la variable qui porte un chiffre du régime applicable à une autorité (calculé)."""
    return f"regime_{chiffre}_{autorite.nom}"
