"""OpenFisca's errors by name: Barème's own, so that `except VariableNotFoundError` in a package catches what the engine raises."""

from __future__ import annotations

from engine.errors import (
    CycleError,
    EnumMemberNotFoundError,
    ParameterNotFoundError,
    PeriodError,
    PeriodMismatchError,
    ScaleError,
    SpiralError,
    VariableNameConflictError,
    VariableNotFoundError,
    VariableValueError,
)
from engine.errors import ParameterFileError as ParameterParsingError
from engine.openfisca.builder import SituationParsingError

__all__ = [
    "CycleError",
    "EmptyArgumentError",
    "EnumEncodingError",
    "EnumMemberNotFoundError",
    "InstantError",
    "NaNCreationError",
    "ParameterNotFound",
    "ParameterNotFoundError",
    "ParameterParsingError",
    "ParserError",
    "PeriodError",
    "PeriodMismatchError",
    "SituationParsingError",
    "SpiralError",
    "VariableNameConflict",
    "VariableNameConflictError",
    "VariableNotFound",
    "VariableNotFoundError",
]

EmptyArgumentError = ScaleError
EnumEncodingError = VariableValueError
InstantError = ParserError = PeriodError
ParameterNotFound = ParameterNotFoundError
VariableNameConflict = VariableNameConflictError
VariableNotFound = VariableNotFoundError


class NaNCreationError(Exception):
    """A value is not a number: kept for those who catch it, never raised."""
