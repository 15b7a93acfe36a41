"""Une délibération, lue par abattement : ses taux, ses quotités (montants), sa valeur locative moyenne."""

from __future__ import annotations

from legislation.taxe_habitation.autorites import (
    CHARGES_RANG_3,
    CHARGES_RANGS_1_2,
    GENERAL,
    SPECIAL,
    VALEUR_LOCATIVE_MOYENNE,
    delibere,
)


class Deliberation:
    """Les chiffres délibérés par une autorité, lus à la demande : `deliberation.quotite(GENERAL)`."""

    def __init__(self, commune, period, autorite):
        self._commune = commune
        self._period = period
        self._autorite = autorite

    def taux(self, abattement):
        """Retourne le taux d'un abattement, en pourcentage, ou FORFAIT, ABSENT ou ILLISIBLE."""
        return self._commune(delibere(abattement.taux, self._autorite), self._period)

    def quotite(self, abattement):
        """Retourne le montant d'un abattement, en euros."""
        return self._commune(delibere(abattement.quotite, self._autorite), self._period)

    @property
    def valeur_locative_moyenne(self):
        """Retourne la valeur locative moyenne, en euros."""
        return self._commune(delibere(VALEUR_LOCATIVE_MOYENNE, self._autorite), self._period)

    def a_des_taux(self):
        """Retourne si l'un au moins des quatre abattements autres que celui des handicapés a un taux."""
        return (self.taux(GENERAL) > 0) | (self.taux(CHARGES_RANGS_1_2) > 0) | (self.taux(CHARGES_RANG_3) > 0) | (self.taux(SPECIAL) > 0)

    def a_des_quotites(self):
        """Retourne si l'un au moins des quatre abattements autres que celui des handicapés a un montant."""
        charges = (self.quotite(CHARGES_RANGS_1_2) != 0) | (self.quotite(CHARGES_RANG_3) != 0)
        return (self.quotite(GENERAL) != 0) | charges | (self.quotite(SPECIAL) != 0)
