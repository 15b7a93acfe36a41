"""Digests of files and texts, as the manifest holds them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_SHORT: Final = 16


def of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def of_json(data: Any) -> str:
    """Return the SHA-256 of data in JSON, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogateescape")).hexdigest()


def short(text: str) -> str:
    """Return the first 64 bits of a text's SHA-256: enough to tell the variables of one law apart, where no one means harm."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_SHORT]


def written(data: Any) -> str:
    """Return data as the bundle's JSON files hold them."""
    return f"{json.dumps(data, indent=1, ensure_ascii=False)}\n"
