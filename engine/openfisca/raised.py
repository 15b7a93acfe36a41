"""What a formula raises, handed on as it was raised: packages and tools for OpenFisca catch it by its own class."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.errors import FormulaError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def as_formulas_raise() -> Iterator[None]:
    """Raise what a formula raised in the place of the engine's FormulaError, whose words, variable, period, file and callers, become a note."""
    try:
        yield
    except FormulaError as error:
        cause: BaseException | None = error
        while isinstance(cause, FormulaError):
            cause = cause.__cause__
        if cause is None:
            raise
        if str(error) not in getattr(cause, "__notes__", ()):
            cause.add_note(str(error))
        raise cause from None
