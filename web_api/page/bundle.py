"""The browser's Vega-Lite, taken from vl-convert, so that nothing is fetched from outside: one ES module that exports `vegaEmbed`.

vl-convert takes a second to make it, so it is kept for the user, by vl-convert's version, as parsed figures of the law are.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from typing import Final

from engine import user_cache

SNIPPET: Final = "export { vegaEmbed };"
MAGIC: Final = b"bareme charts bundle 1\n"


@lru_cache(maxsize=1)
def charts_bundle() -> bytes:
    """Return the module's source, UTF-8."""
    identity = user_cache.digest(f"{bundle_version()}\0{SNIPPET}".encode())
    file = user_cache.cache_file("charts", SNIPPET)
    found = None if file is None else user_cache.kept(file, MAGIC, identity)
    if found is not None:
        return found
    import vl_convert  # noqa: PLC0415 - 50 MB, needed once for each version of it

    made = str(vl_convert.javascript_bundle(SNIPPET)).encode()
    if file is not None:
        user_cache.keep(file, MAGIC, identity, made)
    return made


def bundle_version() -> str:
    """Return the version by which bundles are told apart."""
    return version("vl-convert-python")
