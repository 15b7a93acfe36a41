"""Named arrays and what is told of them as bytes, and back: what a worker sends, and what is kept of a part on disk."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MAGIC: Final = b"bareme partial 1\n"
_DIGEST: Final = 32
_LENGTH: Final = 8
_CODEC: Final = "zstd"


@dataclass(frozen=True)
class Packed:
    """What is told of a part, and its arrays, unpacked one at a time when they are asked for."""

    told: dict[str, Any]
    _places: Mapping[str, tuple[str, list[int], int, int, int]]
    _body: memoryview

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays."""
        return tuple(self._places)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return an array by name; read-only."""
        kind, shape, start, length, size = self._places[name]
        content = pa.Codec(_CODEC).decompress(self._body[start : start + length], decompressed_size=size) if size else b""
        return np.frombuffer(content, np.dtype(kind)).reshape(shape)


def packed(told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of what is told and of arrays: the same for the same contents."""
    codec, body, places = pa.Codec(_CODEC, compression_level=1), bytearray(), {}
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array)
        content = codec.compress(plain.data.cast("B"), asbytes=True) if plain.nbytes else b""
        places[name] = (plain.dtype.str, list(plain.shape), len(body), len(content), plain.nbytes)
        body += content
    header = json.dumps({"told": told, "arrays": places}, ensure_ascii=False, sort_keys=True).encode()
    whole = len(header).to_bytes(_LENGTH, "big") + header + bytes(body)
    return MAGIC + hashlib.sha256(whole).digest() + whole


def unpacked(content: bytes) -> Packed:
    """Return what bytes say. Raises DataError where they are not whole, or of another kind."""
    start = len(MAGIC) + _DIGEST
    whole = memoryview(content)[start:]
    if content[: len(MAGIC)] != MAGIC or hashlib.sha256(whole).digest() != content[len(MAGIC) : start]:
        raise DataError("What was kept or sent of a part is not whole, or of another version: expected the bytes that `partial_of` gave.")
    length = int.from_bytes(whole[:_LENGTH], "big")
    header = json.loads(bytes(whole[_LENGTH : _LENGTH + length]))
    return Packed(header["told"], header["arrays"], whole[_LENGTH + length :])
