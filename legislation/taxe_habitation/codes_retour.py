"""Ce que signifie chaque code de retour du calcul, pour dire en une phrase pourquoi un avis n'est pas calculé.

Les phrases sont un chiffre de la loi comme un autre : la table `taxe_habitation.codes_retour` des paramètres. Un code a la même
signification dans toutes les parties du programme ; les contrôles eux-mêmes sont dans les modules `controles_*` et avec leur calcul.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from engine.parameters import load_parameter_file
from legislation.entites import Cote, Local
from legislation.taxe_habitation.colonnes_cote import KCAC, KDEC, KTAC
from legislation.taxe_habitation.colonnes_foyer import KSFC
from legislation.taxe_habitation.colonnes_local import KCVC, KTVC, KVLC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.parameters import ParameterNode, Table

TABLE = "taxe_habitation.codes_retour"
MODULES = (KTAC, KDEC, KSFC, KTVC, KVLC, KCVC, KCAC)
FICHIER = ("taxe_habitation", "codes_retour.yaml")


def libelles_codes_retour(parametres: ParameterNode | None = None) -> Mapping[int, str]:
    """Retourne la phrase de chaque code de retour, par code ; 0 (calcul fait) n'en a pas.

    `parametres` est l'arbre des paramètres de la loi ; sans lui, seul le fichier de la table est lu.
    Lève ParameterNotFoundError si l'arbre n'a pas la table, ParameterFileError si le fichier est mal écrit.
    """
    table = _table_du_fichier() if parametres is None else parametres.child(TABLE)
    return {int(code): str(phrase) for codes, phrases in zip(table.codes, table.values, strict=True) for code, phrase in zip(codes, phrases, strict=True)}


def codes_retour_par_variable() -> Mapping[str, str]:
    """Retourne la variable du code de retour qui vaut pour chaque résultat, et pour tous les autres d'une entité sous son nom.

    Un résultat d'une partie du programme (le local, la taxe sur les logements vacants, la dépendance) a le code de cette partie.
    """
    par_variable = {
        variable: module.code_retour
        for module in MODULES
        for colonne in module.sorties.values()
        if colonne.entite is module.entite
        for variable in colonne.variables
    }
    return {**par_variable, Cote.key: KCAC.code_retour, Local.key: KVLC.code_retour}


def _table_du_fichier() -> Table:
    with as_file(files("parameters").joinpath(*FICHIER)) as fichier:
        table: Table = load_parameter_file(fichier, TABLE)
    return table
