"""Traces kept on disk, so that the next process that asks the same law the same runs no formula.

A trace whose making took long is written when the process ends, for its law (engine/law_identity.py) and its signature. It is read
back where both are the same and every figure of the law that it rests on has the same value; its formulas' results serve reforms
as well. Variable-periods and nodes are made from what was read as they are asked for. The file holds the engine's own values and
names of variables; whatever else it names is refused, not run.
"""

from __future__ import annotations

import atexit
import io
import pickle
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine import user_cache
from engine.graph.nodes import in_order
from engine.graph.storage import StoredNodes, to_columns
from engine.parameters import Sort
from engine.traces import FigureRead, Guard, Key, Trace, Traced
from engine.variables import Enum, Formula

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from engine.graph.storage import NodeColumns
    from engine.kept_graphs import Family
    from engine.legislation import Legislation
    from engine.periods import Period
    from engine.traces import Signature
    from engine.variables import Rule

FORMAT: Final = 2
"""The version of what is kept: to be raised whenever it changes in a way that the engine's files do not show."""

# A trace that took so many seconds to make is kept; making it anew is as fast as reading otherwise.
LEAST_SECONDS: Final = 0.5
# So many files are kept, the latest.
MOST_FILES: Final = 64
_MAGIC: Final = b"bareme graphs\n"
_MODULES: Final = ("engine.graph.", "engine.periods.", "engine.parameters.")
_OF_NUMPY: Final = {"numpy", "numpy.dtypes", "numpy._core.multiarray", "numpy._core.numeric", "numpy.core.multiarray"}
_BUILDERS: Final = {"_reconstruct", "scalar", "dtype", "ndarray", "_frombuffer", "busday_count", "round", "around"}
_OTHERS: Final = {("datetime", "date"), ("datetime", "datetime")}

# A variable-period as it is kept: the place of its formula, and by place its node, what it read (keys and nodes), figures, guards; then
# the known periods and the names of the variables that it asked about.
Record = tuple[int, int, tuple[int, ...], tuple[int | None, ...], tuple[int, ...], tuple[tuple[int, bool, int], ...], Any, tuple[str, ...]]

# Columns of nodes, keys, figures (name, instant, value), and the records that name these by place.
Content = tuple["NodeColumns", list[Key], list[tuple[str, str, Any]], dict[Key, Record], list[str], list[Key]]

_slow: weakref.WeakSet[Trace] = weakref.WeakSet()


def note(trace: Trace, seconds: float) -> None:
    """Note that a trace took so long to make, or to go on with: it is kept when the process ends, if that is long."""
    trace.seconds += seconds
    if trace.seconds >= LEAST_SECONDS and trace not in _slow and trace.legislation.kept_graphs.on_disk:
        _slow.add(trace)


@atexit.register
def keep_all() -> None:
    """Keep the traces that took long to make."""
    for trace in list(_slow):
        keep(trace)
        _slow.discard(trace)


def _file(legislation: Legislation, signature: Signature) -> tuple[Path, bytes] | None:
    """Return the file that keeps a law's trace and what tells its law; None where nothing is kept of it."""
    identity = legislation.kept_graphs.identity(legislation)
    if identity is None:
        return None
    inputs = sorted((name, str(at), bounded, str(first)) for name, at, bounded, first in signature.inputs)
    file = user_cache.cache_file("graphs", FORMAT, identity, inputs, sorted(signature.total_links))
    return None if file is None else (file, identity)


# Writing


class _Pickler(pickle.Pickler):
    """Writes engine values; formulas and enumerations by the names of their variables."""

    def __init__(self, stream: io.BytesIO, legislation: Legislation) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        rules = legislation.variables.values()
        self._formulas = {id(formula): ("formula", rule.name, place) for rule in rules for place, formula in enumerate(rule.formulas)}
        self._enums = {id(rule.possible_values): ("enumeration", rule.name) for rule in rules if rule.possible_values is not None}

    def persistent_id(self, obj: Any) -> Any:
        """Return the name by which a formula or an enumeration is found in the law."""
        if isinstance(obj, Formula):
            return self._formulas[id(obj)]
        if isinstance(obj, type) and issubclass(obj, Enum):
            return self._enums[id(obj)]
        return None


def keep(trace: Trace) -> None:
    """Write a trace for later processes, if its law can be told from others; where that cannot be done, do without."""
    found = _file(trace.legislation, trace.signature)
    if found is None:
        return
    file, identity = found
    payload = payload_of(trace)
    if payload is None:
        return
    user_cache.keep(file, _MAGIC, identity, payload)
    others = sorted(file.parent.glob("graphs-*.pickle"), key=lambda each: each.stat().st_mtime_ns)
    for old in others[:-MOST_FILES]:
        with suppress(OSError):
            old.unlink()


def payload_of(trace: Trace) -> bytes | None:
    """Return a trace as bytes, for a file or for another machine; None where that cannot be done."""
    if trace.guards_of_forgotten:  # these rest on where a spiral was entered
        return None
    stream = io.BytesIO()
    try:
        _Pickler(stream, trace.legislation).dump(_content(trace))
    except (pickle.PicklingError, KeyError, TypeError, AttributeError, RuntimeError):  # an operation that only this process knows; another thread at work
        return None
    return stream.getvalue()


def _content(trace: Trace) -> Content:
    """Return a trace as values that can be written: columns of nodes, keys, figures, and the records that name these by place."""
    kept = {key: traced for key, traced in trace.traced.items() if traced.formula is not None and None not in traced.nodes}
    wanted = [node for traced in kept.values() for node in (traced.node, *traced.nodes, *(guard.node for guard in traced.guards)) if node is not None]
    columns, places = to_columns(in_order(wanted))
    keys: dict[Key, int] = {}
    figures: dict[tuple[str, str, int], int] = {}
    reads: list[tuple[str, str, Any]] = []
    records: dict[Key, Record] = {}

    def figure(read: FigureRead) -> int:
        place = figures.setdefault((read.name, read.instant, id(read.value)), len(reads))
        if place == len(reads):
            reads.append(tuple(read))
        return place

    for key, traced in kept.items():
        records[key] = (
            traced.rule.formulas.index(traced.formula) if traced.formula in traced.rule.formulas else -1,
            places[traced.node.number],
            tuple(keys.setdefault(read, len(keys)) for read in traced.reads),
            tuple(None if node is None else places[node.number] for node in traced.nodes),
            tuple(figure(read) for read in traced.figures),
            tuple((places[guard.node.number], guard.answer, guard.reads_before) for guard in traced.guards),
            traced.known_periods,
            tuple(name for name, _ in traced.rules),
        )
    return columns, list(keys), reads, records, branches_of(trace.legislation.parameters), list(trace.requests)


# Reading


class _Unpickler(pickle.Unpickler):
    """Reads engine values, and makes nothing else: a file that names another is refused."""

    def __init__(self, stream: io.BytesIO, legislation: Legislation) -> None:
        super().__init__(stream)
        self.legislation = legislation

    def persistent_load(self, pid: Any) -> Any:
        """Return a formula or an enumeration of the law."""
        rule = self.legislation.variable(pid[1])
        return rule.formulas[pid[2]] if pid[0] == "formula" else rule.possible_values

    def find_class(self, module_name: str, global_name: str) -> Any:
        """Return a class or function of the engine, or numpy's. Raises UnpicklingError for any other."""
        found = super().find_class(module_name, global_name) if module_name.startswith(_MODULES) or module_name in _OF_NUMPY else None
        if module_name.startswith(_MODULES) and getattr(found, "__module__", None) == module_name:
            return found
        if (module_name, global_name) in _OTHERS:
            return super().find_class(module_name, global_name)
        if isinstance(found, np.ufunc) or global_name in _BUILDERS or (isinstance(found, type) and issubclass(found, np.generic | np.dtype)):
            return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a graph")


def kept_payload(legislation: Legislation, signature: Signature) -> bytes | None:
    """Return what is kept of a law for a signature, on disk or as another machine sent it; None where nothing is."""
    found = _file(legislation, signature)
    payload = user_cache.kept(found[0], _MAGIC, found[1]) if found is not None else None
    return legislation.kept_graphs.received_of(legislation, signature) if payload is None else payload


def restore(family: Family, legislation: Legislation, signature: Signature) -> Trace | None:
    """Return the trace kept for a law and a signature, in a family's graph; None where there is none."""
    payload = kept_payload(legislation, signature)
    if payload is None:
        return None
    try:
        columns, keys, figures, records, branches, requests = _Unpickler(io.BytesIO(payload), legislation).load()
    except Exception:  # noqa: BLE001 - a kept file, whatever is wrong with it, is made anew
        return None
    kept = _Kept(legislation, signature, StoredNodes(columns, family.graph), (keys, figures, records))
    if branches != branches_of(legislation.parameters):  # a formula may have asked which there are
        return None
    holds = _all_hold(legislation, figures)
    family.variants.kept[signature] = (kept.variant, legislation.parameters if holds else None)
    if not holds:
        return None
    trace = Trace(legislation, signature, family.graph, family.variants)
    trace.traced = _KeptTraced(kept)
    trace.requests = requests
    trace.guarded = {key: made.guards for key in kept.guarded if (made := kept.traced(key)) is not None}
    family.keep(trace)
    return trace


def _all_hold(legislation: Legislation, figures: Iterable[tuple[str, str, Any]]) -> bool:
    """Whether figures have the values that they had. The dates of one figure come with one walk through the tree: most are read at many."""
    known: dict[str, Any] = {}
    for name, instant, value in figures:
        if name not in known:
            known[name] = _figure(legislation.parameters, name)
        figure = known[name]
        now = None if figure is None else figure.at_date(instant)
        is_same = now is value or (type(now) is type(value) and now == value)
        if not (is_same if figure is not None else legislation.has_figure(name, instant, value)):
            return False
    return True


def _figure(tree: Any, name: str) -> Any:
    """Return the figure or scale of a name that branches alone lead to; None where there is none."""
    item = tree
    for step in name.split("."):
        item = item.get(step) if item is not None and item.sort is Sort.BRANCH else None
    return item if item is not None and item.sort in (Sort.FIGURE, Sort.SCALE) else None


def branches_of(tree: Any) -> list[str]:
    """Return the names of all branches of a tree of figures."""
    found, pending = [], [tree]
    while pending:
        branch = pending.pop()
        found.append(branch.name)
        pending += [child for child in branch.children.values() if hasattr(child, "children")]
    return sorted(found)


class _Kept:
    """What a file holds of one law and signature; each variable-period is made when it is asked for."""

    def __init__(self, legislation: Legislation, signature: Signature, nodes: StoredNodes, content: tuple[Any, Any, Any]) -> None:
        self.legislation = legislation
        self.signature = signature
        self.nodes = nodes
        self.keys, self.figures, self.records = content
        self._made: dict[Key, Traced] = {}

    @property
    def guarded(self) -> list[Key]:
        """The variable-periods whose formulas asked for truths about the population."""
        return [key for key, record in self.records.items() if record[5]]

    def traced(self, key: Key) -> Traced | None:
        """Return a variable-period, or None where it was not computed by a formula."""
        found = self._made.get(key)
        if found is None and key in self.records:
            found = self._made[key] = self._make(key, self.records[key])
        return found

    def _make(self, key: Key, record: Record) -> Traced:
        place, node, reads, nodes, figures, guards, known_periods, rules = record
        variable, node_at = self.legislation.variable, self.nodes.node
        rule = variable(key[0])
        return Traced(
            node_at(node),
            rule,
            rule.formulas[place] if place >= 0 else rule.january,
            reads=tuple(self.keys[read] for read in reads),
            nodes=tuple(None if each is None else node_at(each) for each in nodes),
            figures=tuple(FigureRead(*self.figures[each]) for each in figures),
            guards=tuple(Guard(node_at(each), answer, before) for each, answer, before in guards),
            known_periods=known_periods,
            rules=tuple((name, self.legislation.variables.get(name)) for name in rules),
        )

    def variant(self, rule: Rule, at: Period, signature: Signature) -> Traced | None:
        """Return what a formula gave, for the comparison with what it asks now."""
        found = self.traced((rule.name, at)) if signature.total_links == self.signature.total_links else None
        return found if found is not None and found.rule is rule else None


class _KeptTraced(dict[Key, Traced]):
    """Variable-periods by key: those traced now, and those kept, each of which comes when it is asked for."""

    def __init__(self, kept: _Kept) -> None:
        super().__init__()
        self.kept = kept

    def get(self, key: Key, default: Any = None) -> Any:
        """Return a variable-period."""
        found = super().get(key)
        if found is None:
            found = self.kept.traced(key)
            if found is None:
                return default
            self[key] = found
        return found

    def __missing__(self, key: Key) -> Traced:
        """Return a variable-period that was kept. Raises KeyError where there is none."""
        found = self.kept.traced(key)
        if found is None:
            raise KeyError(key)
        self[key] = found
        return found

    def __contains__(self, key: object) -> bool:
        """Whether a variable-period was traced, now or when it was kept."""
        return super().__contains__(key) or key in self.kept.records

    def items(self) -> Any:
        """Return all, those kept too."""
        for key in self.kept.records:
            self.get(key)
        return super().items()

    def pop(self, key: Key, default: Any = None) -> Any:
        """Forget a variable-period that was traced now; what depends on where a spiral was entered is never kept."""
        return super().pop(key, default)
