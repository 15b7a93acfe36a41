"""Mistakes that Python itself finds in a file of the law, told as those that Barème finds: file, line, what is wrong."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.errors import BaremeError, LawError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_OURS = tuple(str(Path(__file__).parents[2] / package) for package in ("bareme", "engine", "analysis", "population"))


@contextmanager
def law_as_written() -> Iterator[None]:
    """Raise LawError with file and line where loading a law fails in one of its own files."""
    try:
        yield
    except (BaremeError, click.ClickException):
        raise
    except SyntaxError as error:
        wrong = (error.text or "").strip()
        raise LawError(f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}{f': {wrong}' if wrong else ''}") from error
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith((*_OF_OURS, "<"))]
        if not frames:
            raise  # a mistake of ours
        raise LawError(f"{frames[-1].filename}:{frames[-1].lineno}: {type(error).__name__}: {error}") from error
