"""Le nombre de parts de quotient familial (CGI, art. 194 et 195) et ce dont le plafonnement a besoin de savoir sur elles.

Les personnes à charge prennent rang : d'abord celles à charge exclusive ou principale, puis les enfants en résidence alternée, dont
chacun donne la moitié de la majoration de son rang.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.periods import YEAR
from engine.variables import Variable
from legislation.entites import FoyerFiscal
from legislation.impot_revenu.foyer_composition import SituationFamiliale

if TYPE_CHECKING:
    from legislation.impot_revenu.arrondis import Valeurs


def majoration_selon_le_nombre(personnes: Valeurs, loi: Any) -> Valeurs:
    """Retourne les parts que donne un nombre de personnes à charge exclusive, selon leur rang."""
    premiere, deuxieme = np.minimum(personnes, 1), np.minimum(np.maximum(personnes - 1, 0), 1)
    return premiere * loi.enfant_rang_1 + deuxieme * loi.enfant_rang_2 + (personnes - premiere - deuxieme) * loi.enfant_rang_3


class imposition_commune(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Les contribuables, mariés ou pacsés, sont imposés ensemble"
    reference = "CGI, art. 6, 1"

    def formula(foyer, period):
        situation = foyer("situation_familiale", period)
        return (situation == SituationFamiliale.marie) | (situation == SituationFamiliale.pacse)


class charges_exclusives(Variable):
    value_type = int
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Nombre de personnes à charge exclusive ou principale"
    reference = "CGI, art. 196, 196 A bis et 196 B"

    def formula(foyer, period):
        return foyer("enfants_a_charge", period) + foyer("enfants_majeurs_rattaches", period) + foyer("autres_personnes_invalides", period)


class a_des_charges(Variable):
    value_type = bool
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Le foyer a au moins une personne à charge, fût-elle en résidence alternée"
    reference = "CGI, art. 194, I"

    def formula(foyer, period):
        return foyer("charges_exclusives", period) + foyer("enfants_en_alternance", period) > 0


class parts_des_declarants(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Parts des contribuables eux-mêmes, dont l'avantage n'est pas plafonné"
    reference = ["CGI, art. 194, I", "CGI, art. 197, I, 2"]

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.parts
        return np.where(foyer("imposition_commune", period), loi.couple, loi.personne_seule)


class part_du_conjoint_decede(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Part du conjoint décédé, que garde le veuf qui a des personnes à charge"
    reference = "CGI, art. 194, I"

    def formula(foyer, period, parameters):
        veuf = foyer("situation_familiale", period) == SituationFamiliale.veuf
        return np.where(veuf & foyer("a_des_charges", period), parameters(period).impot_revenu.parts.veuf_avec_charge, 0.0)


class parts_des_charges(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Parts des personnes à charge, selon leur rang et leur résidence"
    reference = "CGI, art. 194, I"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.parts
        exclusives, alternees = foyer("charges_exclusives", period), foyer("enfants_en_alternance", period)
        entieres = majoration_selon_le_nombre(exclusives, loi)
        avec_alternance = majoration_selon_le_nombre(exclusives + alternees, loi)
        return entieres + loi.fraction_residence_alternee * (avec_alternance - entieres)


class parts_du_parent_isole(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Majoration du parent isolé"
    reference = "CGI, art. 194, II"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.parts
        en_alternance = np.minimum(foyer("enfants_en_alternance", period), loi.enfants_en_alternance_pris_en_compte)
        majoration = np.where(foyer("charges_exclusives", period) > 0, loi.parent_isole, en_alternance * loi.parent_isole_par_enfant_en_alternance)
        situation = foyer("situation_familiale", period)
        seul = (situation == SituationFamiliale.celibataire) | (situation == SituationFamiliale.divorce)
        return np.where(foyer("parent_isole", period) & seul, majoration, 0.0)


class parts_d_invalidite(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Majorations pour invalidité, ou pour la carte du combattant"
    documentation = (
        "Une personne seule ou un couple ne cumule pas la majoration de l'ancien combattant avec celle de l'invalide."
        " Un des déclarants au moins a l'âge qu'elle demande : cochée plus tôt, la case ne donne rien."
    )
    reference = "CGI, art. 195, 1, c, d, d bis et f, 2, 3, 4, 5 et 6"

    def formula(foyer, period, parameters):
        loi = parameters(period).impot_revenu.parts
        commune = foyer("imposition_commune", period)
        invalides = foyer.declarant("invalide", period).astype(np.int64) + np.where(commune, foyer.conjoint("invalide", period), False)  # noqa: FBT003
        trop_jeunes = foyer.declarant("est_trop_jeune_pour_la_carte", period) & (~commune | foyer.conjoint("est_trop_jeune_pour_la_carte", period))
        combattant = foyer("ancien_combattant", period) & (commune | ~foyer("a_des_charges", period)) & ~trop_jeunes
        des_declarants = np.where(invalides > 0, invalides * loi.invalide, np.where(combattant, loi.ancien_combattant, 0.0))
        a_charge = foyer("enfants_a_charge_invalides", period) + foyer("autres_personnes_invalides", period)
        partages = loi.fraction_residence_alternee * foyer("enfants_en_alternance_invalides", period)
        return des_declarants + (a_charge + partages) * loi.personne_a_charge_invalide


class part_de_l_enfant_eleve_seul(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Demi-part de la personne seule qui a élevé seule un enfant, si aucune autre majoration ne lui est due"
    reference = "CGI, art. 195, 1, a, b et e"

    def formula(foyer, period, parameters):
        seul = ~foyer("imposition_commune", period) & ~foyer("a_des_charges", period) & (foyer("parts_d_invalidite", period) == 0)
        return np.where(seul & foyer("enfant_eleve_seul", period), parameters(period).impot_revenu.parts.enfant_eleve_seul, 0.0)


class nombre_parts(Variable):
    value_type = float
    entity = FoyerFiscal
    definition_period = YEAR
    label = "Nombre de parts de quotient familial"
    reference = ["CGI, art. 194", "CGI, art. 195"]

    def formula(foyer, period):
        declarants = foyer("parts_des_declarants", period) + foyer("part_du_conjoint_decede", period)
        charges = foyer("parts_des_charges", period) + foyer("parts_du_parent_isole", period)
        return declarants + charges + foyer("parts_d_invalidite", period) + foyer("part_de_l_enfant_eleve_seul", period)
