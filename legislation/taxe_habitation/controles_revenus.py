"""Les contrôles du programme sur les revenus des redevables : le premier qui échoue donne le code de retour."""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import Cote
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.nomenclatures_local import CompositionCote, TravailleurFrontalier
from legislation.taxe_habitation.parts import PART, QUART_DE_PART

# Les foyers d'une cote, dans l'ordre où le programme contrôle chacun d'eux.
FOYERS = ("premier_redevable", "second_redevable", "rattaches")


class code_retour_revenus(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Code de retour du calcul de la position des revenus (0 : calcul fait)"
    documentation = "Un nombre de parts négatif n'est pas un multiple admis : les codes 4316 à 4318, qui suivent, ne sont jamais rendus."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ksfc"

    def formula(cote, period, parameters):
        loi = parameters(period).taxe_habitation
        annee = cote("annee_imposition", period)
        composition = cote("composition_cote", period)
        parts, revenus, frontaliers, annees = (
            [getattr(cote, foyer)(variable, period) for foyer in FOYERS]
            for variable in ("nombre_parts_fiscales", "revenu_fiscal_reference", "travailleur_frontalier", "annee_revenus")
        )
        un_frontalier = [frontalier == TravailleurFrontalier.frontalier for frontalier in frontaliers]
        un_seul_rattache_frontalier = un_frontalier[2] & (parts[2] == PART)
        controles = [
            (1, annee_inconnue(annee, loi.controles)),
            (4302, ~np.isin(cote("direction", period), loi.directions)),
            (4303, composition == CompositionCote.invalide),
            *((4304 + rang, frontalier == TravailleurFrontalier.invalide) for rang, frontalier in enumerate(frontaliers)),
            (4307, (composition == CompositionCote.rattache) & (parts[1] > 0)),
            (4308, (composition == CompositionCote.rattache) & (parts[0] < PART)),
            (4309, (composition == CompositionCote.simple) & (parts[1] > 0)),
            *((4310 + rang, (nombre < 0) | (nombre % QUART_DE_PART != 0)) for rang, nombre in enumerate(parts)),
            *((4313 + rang, un_frontalier[rang] & (nombre < PART)) for rang, nombre in enumerate(parts)),
            *((4319 + rang, revenu < 0) for rang, revenu in enumerate(revenus)),
            (4322, (parts[2] == 0) & ((revenus[2] != 0) | un_frontalier[2])),
            (4323, un_seul_rattache_frontalier & (revenus[2] > 0)),
            (4326, (parts[2] > 0) & (annees[2] < annee - 1)),
            *((4327 + rang, annee_des_revenus >= annee) for rang, annee_des_revenus in enumerate(annees)),
        ]
        return premier_code(controles)
