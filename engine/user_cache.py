"""Files kept for the user from one start to the next: parsed parameters, traced laws.

A kept file is used only where it was made for the very identity that is asked for, is whole, belongs to the user who runs us and
may be written by nobody else. No trouble with one is ever an error: whatever it held is made anew. `BAREME_CACHE_DIR` moves the
directory (else `bareme` under `XDG_CACHE_HOME`, else under `~/.cache`), `BAREME_CACHE=off` does without.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

DIGEST_SIZE: Final = 32
# a file changed twice within the clock's step looks unchanged: what rests on files this fresh is not kept
FRESH_SECONDS: Final = 2.0
_DEEPEST: Final = 64


def digest(content: bytes) -> bytes:
    """Return the digest by which contents are told apart."""
    return hashlib.blake2b(content, digest_size=DIGEST_SIZE).digest()


def cache_file(kind: str, *whose: object) -> Path | None:
    """Return the file that keeps something for these values, compared by their text, or None where nothing is to be kept."""
    if os.environ.get("BAREME_CACHE", "").lower() == "off":
        return None
    chosen = os.environ.get("BAREME_CACHE_DIR")
    try:
        base = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bareme"
    except RuntimeError:  # no home directory
        return None
    text = repr((*whose, sys.implementation.cache_tag)).encode("utf-8", "surrogateescape")
    return base / f"{kind}-{hashlib.blake2b(text, digest_size=12).hexdigest()}.pickle"


def identity_of_files(directory: Path, takes: Callable[[str], bool]) -> tuple[bytes, float]:
    """Return what tells the files of a directory from any others, by names, sizes and times of change, and when the last changed (seconds).

    `takes` says of a file's or directory's name whether it counts.
    """
    found: list[str] = []
    newest = _listed(str(directory), "", found, takes, 0)
    return digest("\0".join(found).encode("utf-8", "surrogateescape")), newest / 1e9


def _listed(directory: str, relative: str, found: list[str], takes: Callable[[str], bool], depth: int) -> int:
    """Add what tells the files of a directory apart to `found`, in the order of names; return the latest change, in nanoseconds."""
    newest = 0
    for entry in sorted(os.scandir(directory), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            found.append(f"{relative}{entry.name}/")
            if depth < _DEEPEST:
                newest = max(newest, _listed(entry.path, f"{relative}{entry.name}/", found, takes, depth + 1))
        elif takes(entry.name):
            with suppress(OSError):
                about = entry.stat()
                found.append(f"{relative}{entry.name}:{about.st_size}:{about.st_mtime_ns}")
                newest = max(newest, about.st_mtime_ns)
    return newest


def kept(file: Path, magic: bytes, identity: bytes) -> bytes | None:
    """Return what a file keeps for an identity, or None where there is nothing that may be used."""
    try:
        with file.open("rb") as stream:
            if not _is_ours(os.fstat(stream.fileno())):
                return None
            content = stream.read()
    except OSError:
        return None
    header = len(magic) + 2 * DIGEST_SIZE
    payload = content[header:]
    return payload if content[:header] == magic + identity + digest(payload) else None


def _is_ours(about: os.stat_result) -> bool:
    """Tell whether a file belongs to the user who runs us and nobody else may write it, where the system knows of users."""
    return not hasattr(os, "geteuid") or (about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def keep(file: Path, magic: bytes, identity: bytes, payload: bytes) -> None:
    """Keep something for an identity; where that cannot be done, do without."""
    temporary = None
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(magic + identity + digest(payload) + payload)
        Path(temporary).replace(file)
    except OSError:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
