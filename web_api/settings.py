"""What whoever runs the server chooses: limits, origins, keys, where workspaces lie. Read from the environment, `BAREME_` before each name.

    BAREME_MAX_PERSONS=500 BAREME_API_KEYS=one,two bareme serve

Nothing here is needed to start: the defaults serve one machine and its users.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_type_hints

from engine.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "BAREME_"


@dataclass(frozen=True)
class Settings:
    """The choices, each with what it is for."""

    max_body_bytes: int = 2_000_000
    """The largest body of a request."""
    max_persons: int = 2_000
    """The most persons that one request may describe, in all its situations together."""
    max_values: int = 1_000_000
    """The most values of variables, row by row and period by period, that the situations of one request may come to."""
    max_seconds: float = 60.0
    """The longest that one request may compute; a run over the country is not bound by it; 0 for no limit."""
    requests_per_minute: int = 600
    """The most requests of one client (its address, or its key) in a minute; 0 for no limit."""
    impacts_per_minute: int = 60
    """The most runs over the country, of those that are not known yet, that one client may ask for in a minute; 0 for no limit of their own."""
    cors_origins: tuple[str, ...] = ("*",)
    """The origins whose pages may call the API; `*` lets those of all others call what computes situations and tells the law, and nothing else."""
    hosts: tuple[str, ...] = ()
    """The names under which the server is asked (`bareme.example`, `.example` for all below); others are refused. Without any, all are served."""
    api_keys: tuple[str, ...] = ()
    """Where there are any, the API answers only requests with one of them (`Authorization: Bearer …` or `X-API-Key`)."""
    trusted_proxies: int = 0
    """How many proxies stand before the server and set X-Forwarded-For, -Proto, -Host and -Prefix: each of them, for a client may send any."""
    database: str = ""
    """The SQLAlchemy address of the workspaces' database; empty for SQLite in the user's own data folder."""
    max_workspaces: int = 20_000
    """The most workspaces that are kept, of 500,000 bytes at most; 0 for no limit."""
    population: str = ""
    """A folder with the population of the runs over the country; empty for the invented France that is shipped."""
    cache: bool = True
    """Whether results of runs over the country are kept between starts, by content."""
    bills: str = ""
    """A folder with draft bills (reforms in YAML) beside those that are shipped."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of the environment. Raises DataError that lists every value that cannot be read."""
        given = os.environ if environment is None else environment
        types, found, problems = get_type_hints(cls), dict[str, Any](), list[str]()
        for each in fields(cls):
            text = given.get(f"{PREFIX}{each.name.upper()}")
            if text is None:
                continue
            try:
                found[each.name] = _read(text, types[each.name])
            except ValueError as error:
                problems.append(f"{PREFIX}{each.name.upper()}={text!r}: {error}")
        if problems:
            raise DataError("\n".join(problems))
        return cls(**found)


def _read(text: str, wanted: Any) -> Any:
    if wanted is bool:
        words = {"1": True, "true": True, "on": True, "yes": True, "0": False, "false": False, "off": False, "no": False}
        if text.lower() not in words:
            raise ValueError(f"expected one of {', '.join(words)}.{nearest(text, words)}")
        return words[text.lower()]
    if wanted in {int, float}:
        value = wanted(text)
        if not 0 <= value < float("inf"):
            raise ValueError("expected a number from 0 on")
        return value
    if wanted is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())
