"""What must be alike on all machines that compute together: Barème's own files, Python, numpy, and what carries messages between them."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOUSE: Final = Path(__file__).parents[2]
_PACKAGES: Final = ("analysis", "bareme", "engine", "legislation", "parameters", "population", "reforms")
CODE: Final = "Barème's code"


@lru_cache(maxsize=1)
def installation() -> dict[str, str]:
    """Return the versions of what computes here, by name, as they were when this process first asked; that of Barème is a digest of its files."""
    return {
        CODE: _digest_of_code(),
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "pyarrow": metadata.version("pyarrow"),
        "distributed": metadata.version("distributed"),
        "processor": platform.machine(),
    }


def _digest_of_code() -> str:
    """Return a digest of the names and contents of all files that decide a result."""
    found = hashlib.blake2b(digest_size=6)
    for package in _PACKAGES:
        for file in sorted((_HOUSE / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = hashlib.blake2b(file.read_bytes()).hexdigest()
                found.update(f"{file.relative_to(_HOUSE).as_posix()}:{content}\n".encode())
    return found.hexdigest()


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in words what differs between two machines; an empty text where nothing does."""
    return ", ".join(f"{name} {there.get(name, 'unknown')} there, {version} here" for name, version in here.items() if there.get(name) != version)
