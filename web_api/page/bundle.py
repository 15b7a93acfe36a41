"""The browser's Vega-Lite, taken from vl-convert, so that nothing is fetched from outside: one ES module that exports `vegaEmbed`.

vl-convert makes the bundle in a second; it is kept for the user by vl-convert's version, and made in the background when the server starts.
"""

from __future__ import annotations

from functools import lru_cache

import vl_convert

SNIPPET = "export { vegaEmbed };"


@lru_cache(maxsize=1)
def charts_bundle() -> bytes:
    """Return the module's source."""
    return vl_convert.javascript_bundle(SNIPPET).encode()
