"""What a law is, name by name: a digest for each variable, each figure and each file of code, so that two laws can be told apart in words.

A variable's digest covers what it computes (type, entity, period, default, formulas as they are written, ends), not its label. What
formulas call or read beside themselves stands in the files of code, of which only results can tell whether they matter. Digests come from
sources, not from bytecode: another Python gives the same.
"""

from __future__ import annotations

import ast
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from bareme.bundles import digests
from engine.law_identity import files_of, written_function
from engine.parameters import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.parameters import Parameter
    from engine.variables import Formula, Rule

# what decides how the law computes, and what may: whether code beside the formulas matters, results tell
DECISIVE: Final = ("variables", "figures", "entities", "settings")
CODE: Final = "code"
PARTS: Final = (*DECISIVE, CODE)
WORDS: Final = {"variables": "variables", "figures": "figures of the law", "code": "files of code", "entities": "entities", "settings": "settings"}
_PLAIN: Final = (bool, int, float, str, bytes, type(None))
_MOST_NAMES: Final = 12
# deep enough for functions made by functions, and an end for those that hold themselves
_DEEPEST: Final = 4

Identity = dict[str, dict[str, str]]
"""By part (`PARTS`) and name, the digest."""


def identity(law: Legislation) -> Identity:
    """Return the digests of all that decides how a law computes."""
    sources = Sources()
    return {
        "variables": {name: _of_rule(law.variables[name], sources) for name in sorted(law.variables)},
        "figures": dict(sorted(_figures(law.parameters))),
        "entities": {key: digests.short(repr((entity.belongs_to, [role.key for role in entity.flattened_roles]))) for key, entity in law.entities.items()},
        "settings": {"refusals": digests.short(repr(sorted(law.refusals.items()))), "max_spiral_loops": repr(law.max_spiral_loops)},
        CODE: {name: digests.short(path.read_text(encoding="utf-8", errors="surrogateescape")) for name, path in sorted(_code(law))},
    }


def changes(before: Identity, after: Identity) -> dict[str, dict[str, str | None]]:
    """Return what `after` has otherwise than `before`, by part and name; None for what it lacks."""
    found: dict[str, dict[str, str | None]] = {}
    for part in PARTS:
        one, other = before.get(part, {}), after.get(part, {})
        names = sorted({**one, **other})
        found[part] = {name: other.get(name) for name in names if one.get(name) != other.get(name)}
    return found


def changed(before: Identity, change: Mapping[str, Mapping[str, str | None]]) -> Identity:
    """Return the identity that `changes` was made of."""
    found: Identity = {}
    for part in PARTS:
        merged = {**before.get(part, {}), **change.get(part, {})}
        found[part] = {name: digest for name, digest in merged.items() if digest is not None}
    return found


def differences(before: Identity, after: Identity, parts: Sequence[str] = PARTS) -> Iterator[str]:
    """Give what differs between two laws, a line for each part: `variables: changed revenu; new prime`."""
    for part, names in changes(before, after).items():
        if part not in parts:
            continue
        told: dict[str, list[str]] = {"changed": [], "new": [], "gone": []}
        for name, digest in names.items():
            told["gone" if digest is None else "changed" if name in before.get(part, {}) else "new"].append(name)
        said = "; ".join(f"{word} {_listed(each)}" for word, each in told.items() if each)
        if said:
            yield f"{WORDS[part]}: {said}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


# Figures


def _figures(item: Any) -> Iterator[tuple[str, str]]:
    """Give each figure and table below a branch with its digest; of scales, the kind and the figures of each bracket."""
    for child in item.children.values():
        if child.sort is Sort.BRANCH:
            yield from _figures(child)
        elif child.sort is Sort.SCALE:
            yield child.name, digests.short(child.kind)
            for bracket in child.brackets:
                yield from ((figure.name, _of_figure(figure)) for figure in bracket.figures.values())
        elif child.sort is Sort.TABLE:
            yield child.name, digests.short(repr((child.starts, child.codes, child.values)))
        else:
            yield child.name, _of_figure(child)


def _of_figure(figure: Parameter) -> str:
    return digests.short(repr((figure.starts, tuple(figure.values))))


# Variables and code


class Sources:
    """The functions of files by their first lines, each file read once."""

    def __init__(self) -> None:
        self._files: dict[str, dict[int, str]] = {}

    def of(self, function: Any) -> str:
        """Return a function as it is written; where no file says so, its code as Python runs it."""
        code = getattr(function, "__code__", None)
        if code is None:
            return type(function).__qualname__
        if code.co_filename not in self._files:
            self._files[code.co_filename] = _functions_in(Path(code.co_filename))
        text = self._files[code.co_filename].get(code.co_firstlineno)
        return text if text is not None else f"{code.co_code.hex()}{code.co_names}{[value for value in code.co_consts if isinstance(value, _PLAIN)]}"


def _functions_in(path: Path) -> dict[int, str]:
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        return {}
    lines = text.splitlines()
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            found.setdefault(first, "\n".join(lines[first - 1 : node.end_lineno]))
    return found


def _of_rule(rule: Rule, sources: Sources) -> str:
    kind = None if rule.possible_values is None else [member.name for member in rule.possible_values]
    formulas = [(str(formula.start), formula.arity, _of_formula(formula, sources)) for formula in rule.formulas]
    flags = (rule.is_neutralized, rule.is_lenient, rule.max_length, str(rule.annualized_over))
    set_input = getattr(rule.set_input, "__name__", str(type(rule.set_input)))
    known = (rule.dtype.str, rule.entity.key, rule.definition_period.value, str(rule.default_value), kind, formulas, str(rule.end), set_input, flags)
    return digests.short(repr(known))


def _of_formula(formula: Formula, sources: Sources) -> str:
    function = written_function(formula)
    return f"{sources.of(function)}{_bound(function, sources, 0)}"


def _bound(value: Any, sources: Sources, depth: int) -> str:
    """Return the values that a function was made with (a closure, defaults), and what these hold, as a text without addresses."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if depth > _DEEPEST:
        return type(value).__qualname__

    def inner(values: Iterable[Any]) -> list[str]:
        return [_bound(each, sources, depth + 1) for each in values]

    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
        held = inner([*cells, *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()])
        return f"{sources.of(value) if depth else ''}({', '.join(held)})"
    if isinstance(value, dict):
        return repr(list(zip(map(str, value), inner(value.values()), strict=True)))
    if isinstance(value, list | tuple | set | frozenset):
        return repr(inner(value) if isinstance(value, list | tuple) else sorted(inner(value)))
    return str(getattr(value, "__qualname__", type(value).__qualname__))


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _code(law: Legislation) -> Iterator[tuple[str, Path]]:
    """Give the files of code by names that hold on any machine."""
    for path in files_of(law):
        if path.is_file():
            yield module_path(path), path


def module_path(path: Path) -> str:
    """Return a file's path from the folder that holds its outermost package: `legislation/impot_revenu/bareme.py`."""
    top = path.parent
    packages = [above for above in path.parents if (above / "__init__.py").is_file()]
    if packages:
        top = packages[-1].parent
    return path.relative_to(top).as_posix()
