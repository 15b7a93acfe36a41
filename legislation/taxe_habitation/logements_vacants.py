"""La taxe annuelle sur les logements vacants (TLV) : la base et le taux d'un local, puis l'avis du propriétaire.

La base est la valeur locative du local ; le taux est réduit la première année d'imposition. L'avis réunit les bases des
locaux d'un même redevable, l'une au taux de la première année, l'autre à celui des années suivantes. La taxe d'habitation
sur les logements vacants (THLV), que les communes instituent ailleurs, est calculée avec la taxe d'habitation.
"""

from __future__ import annotations

import numpy as np

from engine.periods import YEAR
from engine.variables import Enum, Variable
from legislation.entites import Cote, Local
from legislation.taxe_habitation.annees import annee_inconnue
from legislation.taxe_habitation.arrondis import arrondi
from legislation.taxe_habitation.controles_deliberations import premier_code
from legislation.taxe_habitation.nomenclatures import CodeRole
from legislation.taxe_habitation.valeur_locative import valeur_mise_a_jour

MILLE = 1000


class valeur_locative_tlv_principale(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Valeur locative de la partie principale du logement vacant, quelle que soit son affectation"
    reference = ["CGI, art. 232, IV", "CGI, art. 1409"]

    def formula(local, period):
        return valeur_mise_a_jour(
            local("valeur_locative_reference_principale", period),
            local("coefficient_actualisation_habitation", period),
            local("coefficient_revalorisation", period),
        )


class valeur_locative_tlv_parties_communes(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Part du logement vacant dans la valeur locative des locaux communs"
    reference = ["CGI, art. 232, IV", "CGI, art. 1409"]

    def formula(local, period):
        return valeur_mise_a_jour(
            local("valeur_locative_reference_parties_communes", period),
            local("coefficient_actualisation_habitation", period),
            local("coefficient_revalorisation", period),
        )


class base_tlv_local(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Base de la taxe sur les logements vacants"
    reference = "CGI, art. 232, IV"

    def formula(local, period):
        return local("valeur_locative_tlv_principale", period) + local("valeur_locative_tlv_parties_communes", period)


class dans_le_champ_tlv(Variable):
    value_type = bool
    entity = Local
    definition_period = YEAR
    label = "Le local est entré dans le champ de la taxe sur les logements vacants"
    reference = "CGI, art. 232, II"

    def formula(local, period):
        return local("annee_entree_tlv_local", period) > 0


class base_tlv_imposable(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    unit = "currency"
    label = "Base de la taxe sur les logements vacants du local, nulle s'il n'est pas dans son champ"
    reference = "CGI, art. 232, II et IV"

    def formula(local, period):
        return np.where(local("dans_le_champ_tlv", period), local("base_tlv_local", period), 0)


class premiere_annee_tlv(Variable):
    value_type = bool
    entity = Local
    definition_period = YEAR
    label = "L'année est la première où le local est imposé à la taxe sur les logements vacants"
    reference = "CGI, art. 232, IV"

    def formula(local, period):
        annee = local("annee_imposition_local", period)
        commune_nouvelle = local.commune("annee_entree_tlv_commune", period) == annee
        return commune_nouvelle | (local("annee_entree_tlv_local", period) == annee - 1)


class taux_tlv_local(Variable):
    value_type = float
    entity = Local
    definition_period = YEAR
    unit = "/1"
    label = "Taux de la taxe sur les logements vacants applicable au local"
    reference = "CGI, art. 232, IV"

    def formula(local, period, parameters):
        taxe = parameters(period).taxe_habitation.taxe_logements_vacants
        return np.where(local("premiere_annee_tlv", period), taxe.taux_premiere_annee, taxe.taux_annees_suivantes)


class taux_tlv_local_pour_mille(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Taux de la taxe sur les logements vacants applicable au local, en millièmes, tel que le programme l'écrit"
    reference = "CGI, art. 232, IV"

    def formula(local, period):
        return arrondi(MILLE * local("taux_tlv_local", period))


class code_retour_logement_vacant(Variable):
    value_type = int
    entity = Local
    definition_period = YEAR
    label = "Code de retour du calcul de la base et du taux d'un logement vacant (0 : calcul fait)"
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module ktvc"

    def formula(local, period, parameters):
        loi = parameters(period).taxe_habitation
        annee = local("annee_imposition_local", period)
        departement = local("departement_local", period)
        controles = [
            (4104, local.commune("annee_entree_tlv_commune", period) > annee),
            (4105, local("annee_entree_tlv_local", period) >= annee),
            (1, annee_inconnue(annee, loi.controles)),
            (4106, ~np.isin(departement, loi.departements_taxe_logements_vacants)),
        ]
        return premier_code(controles)


class base_tlv_premiere_annee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Bases des logements vacants du redevable imposés pour la première année"
    documentation = "Si elles ne sont pas données, celle du local de la cote, s'il est dans le champ de la taxe."
    reference = "CGI, art. 232, IV"

    def formula(cote, period):
        return np.where(cote.local("premiere_annee_tlv", period), cote.local("base_tlv_imposable", period), 0)


class base_tlv_annees_suivantes(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Bases des logements vacants du redevable imposés depuis au moins un an"
    documentation = "Si elles ne sont pas données, celle du local de la cote, s'il est dans le champ de la taxe."
    reference = "CGI, art. 232, IV"

    def formula(cote, period):
        return np.where(cote.local("premiere_annee_tlv", period), 0, cote.local("base_tlv_imposable", period))


class cotisation_tlv_premiere_annee(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de TLV au taux de la première année"
    reference = "CGI, art. 232, IV"

    def formula(cote, period, parameters):
        return arrondi(parameters(period).taxe_habitation.taxe_logements_vacants.taux_premiere_annee * cote("base_tlv_premiere_annee", period))


class cotisation_tlv_annees_suivantes(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de TLV au taux des années suivantes"
    reference = "CGI, art. 232, IV"

    def formula(cote, period, parameters):
        return arrondi(parameters(period).taxe_habitation.taxe_logements_vacants.taux_annees_suivantes * cote("base_tlv_annees_suivantes", period))


class cotisation_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Cotisation de taxe sur les logements vacants"
    reference = "CGI, art. 232, IV"

    def formula(cote, period):
        return cote("cotisation_tlv_premiere_annee", period) + cote("cotisation_tlv_annees_suivantes", period)


class frais_gestion_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Frais de gestion de la taxe sur les logements vacants"
    reference = "CGI, art. 1641"

    def formula(cote, period, parameters):
        return arrondi(parameters(period).taxe_habitation.frais.tlv.gestion * cote("cotisation_tlv", period))


class frais_assiette_recouvrement_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Dont frais d'assiette et de recouvrement de la taxe sur les logements vacants (pour information)"
    reference = "CGI, art. 1641"

    def formula(cote, period, parameters):
        return arrondi(parameters(period).taxe_habitation.frais.tlv.assiette * cote("cotisation_tlv", period))


class total_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Taxe sur les logements vacants, frais compris"
    reference = ["CGI, art. 232", "CGI, art. 1641"]

    def formula(cote, period):
        return cote("cotisation_tlv", period) + cote("frais_gestion_tlv", period)


class tlv_non_mise_en_recouvrement(Variable):
    value_type = bool
    entity = Cote
    definition_period = YEAR
    label = "La taxe sur les logements vacants est trop faible pour être mise en recouvrement"
    reference = "CGI, art. 1657, 2"

    def formula(cote, period, parameters):
        total = cote("total_tlv", period)
        return (total > 0) & (total < parameters(period).taxe_habitation.seuil_mise_en_recouvrement)


class net_a_payer_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    unit = "currency"
    label = "Net à payer de taxe sur les logements vacants"
    reference = "CGI, art. 1657, 2"

    def formula(cote, period):
        return np.where(cote("tlv_non_mise_en_recouvrement", period), 0, cote("total_tlv", period))


class code_role_tlv(Variable):
    value_type = Enum
    possible_values = CodeRole
    default_value = CodeRole.vide
    entity = Cote
    definition_period = YEAR
    label = "Code porté au rôle de la taxe sur les logements vacants"
    reference = "CGI, art. 1657, 2"

    def formula(cote, period):
        return np.where(cote("tlv_non_mise_en_recouvrement", period), CodeRole.non_mise_en_recouvrement, CodeRole.vide)


class code_retour_cote_tlv(Variable):
    value_type = int
    entity = Cote
    definition_period = YEAR
    label = "Code de retour du calcul de l'avis de taxe sur les logements vacants (0 : calcul fait)"
    documentation = "À défaut d'autre anomalie, celui du calcul de la base du local de la cote, s'il est dans le champ de la taxe."
    reference = "DGFiP, programme de calcul de la taxe d'habitation 2017, module kcvc"

    def formula(cote, period, parameters):
        du_local = np.where(cote.local("dans_le_champ_tlv", period), cote.local("code_retour_logement_vacant", period), 0)
        controles = [
            (1, annee_inconnue(cote("annee_imposition", period), parameters(period).taxe_habitation.controles)),
            (1103, cote("cotisation_tlv", period) < 0),
            (du_local, du_local != 0),
        ]
        return premier_code(controles)
