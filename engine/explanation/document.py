"""An explanation as JSON: the steps by number, the figures and data that they read, and the four statements; see `schema.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.explanation.words import FRENCH

if TYPE_CHECKING:
    from engine.explanation.model import Explanation, Step

VERSION: Final = 1
SCHEMA_FILE: Final = Path(__file__).parent / "schema.json"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of explanations."""
    found: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


def document_of(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON knows it."""
    return {
        "version": VERSION,
        "law": explanation.law,
        "result": {
            "variable": explanation.variable,
            "period": explanation.period,
            "row": explanation.row,
            "id": explanation.id,
            "value": explanation.result.values[0].value,
        },
        "currency": explanation.currency,
        "steps": [_step(step) for step in explanation.steps],
        "figures": [_plain(asdict(figure)) for figure in explanation.figures],
        "folded": {"steps": explanation.steps_folded, "figures": explanation.figures_folded},
        "mentions": {
            "legal_basis": FRENCH.legal_basis,
            "contribution": FRENCH.contribution_of(explanation),
            "data": [asdict(datum) for datum in explanation.data],
            "parameters": list(range(len(explanation.figures))),
            "operations": [step.number for step in explanation.steps],
        },
    }


def _step(step: Step) -> dict[str, Any]:
    return {**_plain(asdict(step)), "leaf": step.leaf}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
