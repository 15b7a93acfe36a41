"""What tells the law and the population of a server from any others, so that a result is known again only where both are the same.

The law that is shipped is told by the contents of its files and of those that compute: code and figures. A population that the server's
owner gave is told by its files' names, sizes and times of change, for it may be large; it is looked at anew at every request.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from engine import user_cache
from engine.errors import DataError

PACKAGES: Final = ("engine", "legislation", "parameters", "population", "analysis", "reforms")
"""What a result rests on, the reforms that are shipped too: one that is code may be the bill."""
SHIPPED: Final = "population.france"
DATA: Final = "donnees"
_SIZE: Final = 16


@cache
def law_identity() -> str:
    """Return what tells the law, its code and the engine from any others: a digest of contents, the same on every machine."""
    digest = blake2b(np.__version__.encode(), digest_size=_SIZE)
    for package in PACKAGES:
        digest.update(_contents(Path(str(files(package)))))
    return digest.hexdigest()


def population_identity(folder: str) -> str:
    """Return what tells a population from any other; that which is shipped where no folder is named. Raises DataError where there is no folder."""
    if not folder:
        return _shipped()
    if not Path(folder).is_dir():
        raise DataError("The folder of the population is not there: the setting `population` names none.")
    return blake2b(user_cache.identity_of_files(Path(folder), lambda _: True)[0], digest_size=_SIZE).hexdigest()


@cache
def _shipped() -> str:
    return blake2b(_contents(Path(str(files(SHIPPED))) / DATA), digest_size=_SIZE).hexdigest()


def _contents(folder: Path) -> bytes:
    """Return a digest of the names and contents of a folder's files, without what Python makes of them and without the population's data."""
    digest = blake2b()
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if "__pycache__" in inside.parts or (DATA in inside.parts and folder.name != DATA) or not file.is_file():
            continue
        content = file.read_bytes()
        digest.update(f"{inside.as_posix()}:{len(content)}\0".encode())
        digest.update(content)
    return digest.digest()
