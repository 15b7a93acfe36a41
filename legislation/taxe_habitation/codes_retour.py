"""Ce que signifie chaque code de retour du calcul, pour dire en une phrase pourquoi un avis n'est pas calculé.

Les phrases sont un chiffre de la loi comme un autre : la table `taxe_habitation.codes_retour` des paramètres. Un code a la même
signification dans toutes les parties du programme ; les contrôles eux-mêmes sont dans les modules `controles_*` et avec leur calcul.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from engine.parameters import load_parameter_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.parameters import ParameterNode, Table

TABLE = "taxe_habitation.codes_retour"
FICHIER = ("taxe_habitation", "codes_retour.yaml")


def libelles_codes_retour(parametres: ParameterNode | None = None) -> Mapping[int, str]:
    """Retourne la phrase de chaque code de retour, par code ; 0 (calcul fait) n'en a pas.

    `parametres` est l'arbre des paramètres de la loi ; sans lui, seul le fichier de la table est lu.
    Lève ParameterNotFoundError si l'arbre n'a pas la table, ParameterFileError si le fichier est mal écrit.
    """
    table = _table_du_fichier() if parametres is None else parametres.child(TABLE)
    return {int(code): str(phrase) for codes, phrases in zip(table.codes, table.values, strict=True) for code, phrase in zip(codes, phrases, strict=True)}


def _table_du_fichier() -> Table:
    with as_file(files("parameters").joinpath(*FICHIER)) as fichier:
        table: Table = load_parameter_file(fichier, TABLE)
    return table
