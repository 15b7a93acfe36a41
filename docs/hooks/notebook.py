"""A notebook as a page with its results: the cells are run while the site is built, so that what is shown is what the code gives today."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rendered(notebook: Path) -> str:
    """Return a notebook of Python as Markdown: texts, code, and after it what it printed and its last value. What a cell raises, the build raises."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(part for cell in cells for part in _cell(cell["cell_type"], "".join(cell["source"]), names)) + "\n"


def _cell(kind: str, source: str, names: dict[str, Any]) -> Iterator[str]:
    if kind != "code":
        yield source
        return
    yield f"```python\n{source}\n```"
    printed, value = _run(source, names)
    if printed:
        yield f"```text\n{printed.rstrip()}\n```"
    if value is not None:
        html = value._repr_html_() if hasattr(value, "_repr_html_") else f"<pre>{escape(repr(value))}</pre>"
        yield f'<div class="notebook-output">{" ".join(line.strip() for line in html.splitlines())}</div>'


def _run(source: str, names: dict[str, Any]) -> tuple[str, Any]:
    """Run a cell as a notebook does: return what it printed and the value of its last line, where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "notebook", "exec"), names)  # noqa: S102 - the repository's own notebook
        value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307
    return printed.getvalue(), value
