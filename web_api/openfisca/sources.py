"""Where the law is written: the address of a file with its lines, and the text of a formula.

    https://github.com/openfisca/country-template/blob/8.2.0/openfisca_country_template/variables/housing.py#L17-L21

A law whose package names no repository gets the path alone, from the folder that holds the package.
"""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.variables import Formula, Rule
    from web_api.service import Service

Lines = tuple[int, int]
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Written:
    """A file of the law: its lines, and where its classes (by name) and functions (by first line) begin and end."""

    lines: tuple[str, ...]
    classes: Mapping[str, Lines]
    functions: Mapping[int, Lines]

    def text(self, lines: Lines) -> str:
        """Return some lines as they would stand alone."""
        return textwrap.dedent("".join(self.lines[lines[0] - 1 : lines[1]]))


@lru_cache(maxsize=32)
def written(file: str) -> Written | None:
    """Return what stands in a Python file, None where it cannot be read."""
    try:
        text = Path(file).read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return None
    classes: dict[str, Lines] = {}
    functions: dict[int, Lines] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            classes[node.name] = (_first(node), node.end_lineno or node.lineno)
        elif isinstance(node, Function):
            functions[_first(node)] = (_first(node), node.end_lineno or node.lineno)
    return Written(tuple(text.splitlines(keepends=True)), classes, functions)


def _first(node: Any) -> int:
    """Return the first line of a class or function, with its decorators."""
    return min([int(node.lineno), *(int(each.lineno) for each in getattr(node, "decorator_list", ()))])


class Sources:
    """The files of one law: `root` holds its packages, `web` is the address under which the same folder stands, if any."""

    def __init__(self, root: Path, web: str, packages: frozenset[str]) -> None:
        self.root = root
        self.web = web
        self.packages = packages

    @classmethod
    def of(cls, service: Service) -> Sources:
        """Return the files of a service's law."""
        if service.system is None:
            return cls(Path(__file__).parent.parent.parent, "", frozenset({"legislation"}))
        about = service.system.get_package_metadata()
        url = about["repository_url"].rstrip("/")
        root = Path(about["location"])
        files = {rule.file for rule in service.legislation.variables.values()}
        tops = {Path(file).relative_to(root).parts[0] for file in files if file and Path(file).is_relative_to(root)}
        return cls(root, f"{url}/blob/{about['version']}" if url else "", frozenset(tops))

    def address(self, path: Path, lines: Lines | None = None) -> str | None:
        """Return the address of a file and of lines in it, None for a file that is not the package's."""
        if not path.is_relative_to(self.root):
            return None
        inside = path.relative_to(self.root).as_posix()
        place = f"{self.web}/{inside}" if self.web else inside
        return place if lines is None else f"{place}#L{lines[0]}-L{lines[1]}"

    def without_root(self, text: str) -> str:
        """Return a message without the folder in which the packages stand: nobody outside needs to know it."""
        return text.replace(f"{self.root}/", "")

    def of_variable(self, rule: Rule) -> str | None:
        """Return where a variable is written."""
        found = written(rule.file) if rule.file else None
        if found is None:
            return None
        return self.address(Path(rule.file), found.classes.get(rule.name))

    def of_formula(self, formula: Formula) -> tuple[str | None, str | None]:
        """Return where a formula is written, and its text; None for what cannot be told."""
        found = written(formula.file)
        lines = found.functions.get(formula.line) if found is not None else None
        if found is None or lines is None:
            return None, None
        return self.address(Path(formula.file), lines), found.text(lines)

    def of_parameter(self, file: str | None) -> str | None:
        """Return where an item of the tree is written; files of the tree are named from its folder."""
        if not file:
            return None
        below = file.removesuffix("/index.yaml").rstrip("/")
        for folder in self._trees:
            if (folder / below).exists():
                return self.address(folder / below)
        return None

    @cached_property
    def _trees(self) -> tuple[Path, ...]:
        """The folders in which figures of the law stand."""
        inside = [self.root / package / "parameters" for package in sorted(self.packages)]
        return tuple(folder for folder in [self.root / "parameters", *inside] if folder.is_dir())
