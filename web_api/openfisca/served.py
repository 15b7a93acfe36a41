"""The law as these endpoints serve it: what is made once for all requests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from engine.situation import Shapes
from web_api.openfisca.sources import Sources
from web_api.openfisca.specification import specification
from web_api.openfisca.told_law import told_entities, told_variables
from web_api.openfisca.told_parameters import told_parameters

if TYPE_CHECKING:
    from engine.legislation import Legislation
    from web_api.service import Service
    from web_api.settings import Settings

HOST: Final = "http://host.of.the.request/"
"""Stands in kept answers where each answer names the host that was asked."""


@dataclass(frozen=True)
class Served:
    """A law, and the answers about it that do not change."""

    service: Service
    _told: dict[str, bytes] = field(default_factory=dict)

    @property
    def legislation(self) -> Legislation:
        """The law."""
        return self.service.legislation

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.service.settings

    @cached_property
    def sources(self) -> Sources:
        """Where the law is written."""
        return Sources.of(self.service)

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of situations that were computed before."""
        return Shapes(self.legislation)

    def told(self, name: str, host: str) -> bytes:
        """Return the JSON of a list of the law, for the host that was asked; it is made once."""
        if name not in self._told:
            made = {"entities": self._entities, "parameters": self._parameters, "variables": self._variables, "spec": self._spec}
            self._told[name] = json.dumps(made[name]()).encode()
        return self._told[name].replace(HOST.encode(), json.dumps(host)[1:-1].encode())

    def _entities(self) -> dict[str, Any]:
        return told_entities(self.legislation)

    def _variables(self) -> dict[str, Any]:
        return told_variables(self.legislation, HOST)

    def _parameters(self) -> dict[str, Any]:
        return told_parameters(self.legislation, HOST)

    def _spec(self) -> dict[str, Any]:
        return specification(self, HOST)
