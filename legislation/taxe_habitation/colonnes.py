"""Ce qui relie les colonnes d'un fichier de données de l'administration aux variables de la loi.

Un fichier de texte donne chaque donnée sous un nom de l'administration (`e2.vlbpc`) et chaque code sous un ou deux caractères. Une
`Colonne` dit quelles variables la portent et comment lire et écrire ses textes ; un `Module` réunit les colonnes d'un calcul.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum as PythonEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.variables import Enum
from legislation.taxe_habitation.autorites import ABSENT, FORFAIT, ILLISIBLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from engine.entities import Entity

TEXTES_DES_TAUX = {FORFAIT: "F ", ABSENT: "  ", **{taux: f"{taux:02}" for taux in range(100)}}
TAUX_DES_TEXTES = {texte: taux for taux, texte in TEXTES_DES_TAUX.items()}


class Genre(PythonEnum):
    """Comment une donnée est écrite."""

    entier = "nombre entier"
    reel = "nombre décimal"
    texte = "texte"
    taux = "taux d'abattement, sur deux caractères"
    code = "code d'une nomenclature, d'un ou plusieurs caractères"


@dataclass(frozen=True)
class Colonne:
    """Une colonne : les variables qui la portent (une, ou une par caractère), leur entité, et la façon de l'écrire.

    `codes` donne, pour chaque variable d'une colonne de genre `code`, le membre de la nomenclature (ou vrai et faux) de chaque
    suite de caractères ; le rang d'un membre, et 0 ou 1 pour faux ou vrai, le représentent dans les tableaux.
    """

    variables: tuple[str, ...]
    entite: Entity
    genre: Genre
    codes: tuple[Mapping[str, Any], ...] = ()

    def lire(self, textes: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Retourne, par variable, la valeur de chaque texte (les blancs y sont des blancs). Un code inconnu est `invalide`.

        Lève ValueError pour un texte qui n'est pas un nombre là où il en faut un, ou un code inconnu d'une nomenclature de résultats.
        """
        textes = list(textes)
        if self.genre is Genre.code:
            lectures = [_lecture(rang, codes) for rang, codes in enumerate(self.codes)]
            par_variable = zip(self.variables, lectures, self.codes, strict=True)
            return {variable: np.array([lire(texte) for texte in textes], _type(codes)) for variable, lire, codes in par_variable}
        lire, type_ = _LECTURES[self.genre]
        return {self.variables[0]: np.array([lire(texte) for texte in textes], type_)}

    def ecrire(self, valeurs: Mapping[str, Iterable[Any]]) -> list[str]:
        """Retourne le texte de chaque ligne, d'après les valeurs des variables (rangs de membres pour une nomenclature)."""
        if self.genre is Genre.code:
            textes = [{_rang(membre): texte for texte, membre in codes.items()} for codes in self.codes]
            rangs = zip(*(valeurs[variable] for variable in self.variables), strict=True)
            return ["".join(texte[int(rang)] for texte, rang in zip(textes, ligne, strict=True)) for ligne in rangs]
        return [_ECRITURES[self.genre](valeur) for valeur in valeurs[self.variables[0]]]


@dataclass(frozen=True)
class Module:
    """Un calcul du programme : son entité, ses données, ses résultats, la variable de son code de retour et la colonne de son année."""

    nom: str
    libelle: str
    entite: Entity
    entrees: Mapping[str, Colonne]
    sorties: Mapping[str, Colonne]
    code_retour: str
    colonne_annee: str


def _lire_taux(texte: str) -> int:
    """Un taux qui commence par F est un forfait, quoi qui suive."""
    return FORFAIT if texte.startswith("F") else TAUX_DES_TEXTES.get(texte, ILLISIBLE)


_LECTURES: dict[Genre, tuple[Callable[[str], Any], Any]] = {
    Genre.entier: (int, np.int64),
    Genre.reel: (float, np.float64),
    Genre.texte: (str, np.object_),
    Genre.taux: (_lire_taux, np.int64),
}
_ECRITURES: dict[Genre, Callable[[Any], str]] = {
    Genre.entier: lambda valeur: str(int(valeur)),
    Genre.reel: lambda valeur: repr(float(valeur)),
    Genre.texte: str,
    Genre.taux: lambda valeur: TEXTES_DES_TAUX[int(valeur)],
}


def _lecture(rang: int, codes: Mapping[str, Any]) -> Callable[[str], int]:
    """Retourne la lecture du code de ce rang dans un texte qui en réunit plusieurs."""
    largeur = len(next(iter(codes)))
    connus = {texte: _rang(membre) for texte, membre in codes.items()}
    invalide = getattr(type(next(iter(codes.values()))), "invalide", None)

    def lire(texte: str) -> int:
        code = texte[rang * largeur : (rang + 1) * largeur]
        if code in connus:
            return connus[code]
        if invalide is None:
            raise ValueError(f"code {code!r} : un de {', '.join(map(repr, connus))} est attendu")
        return _rang(invalide)

    return lire


def _type(codes: Mapping[str, Any]) -> Any:
    nomenclature = type(next(iter(codes.values())))
    return nomenclature.dtype if issubclass(nomenclature, Enum) else np.bool_


def _rang(membre: Any) -> int:
    return int(membre.index) if isinstance(membre, Enum) else int(membre)
