"""Random programs in the part of numpy that formulas use: the same lines run on numpy's arrays and on symbols.

A program grows line by line. A line that numpy itself refuses, or that overflows, is left out, so that what remains has one
right answer: numpy's.
"""

from __future__ import annotations

import datetime
import warnings
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from engine.variables import Enum, EnumArray
from graph_law import ROW, Kind, law, rows, simulate, variable

DAY_0, DAY_1 = datetime.date(1999, 12, 31), datetime.date(2020, 2, 29)
GIVEN = {"f": float, "g": float, "i": int, "j": int, "b": bool, "c": bool, "t": str, "u": str, "d": datetime.date, "e": datetime.date, "k": Enum, "l": Enum}
# variables that nobody gives: in the engine they are constants, which fold
DEFAULTS = {"of0": 0.0, "of1": 2.5, "of2": 1.0, "oi0": 0, "oi1": 1, "oi2": -3, "ob0": False, "ob1": True, "ot0": "B", "od0": DAY_0, "ok0": Kind.tenant}
INPUTS = tuple(variable(name, ROW, value_type=kind) for name, kind in GIVEN.items()) + tuple(
    variable(name, ROW, value_type=Enum if isinstance(value, Kind) else type(value), default_value=value) for name, value in DEFAULTS.items()
)

FLOATS = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 3.0, 1 / 3, 100.0, 123456.789, 1e-3, 1e6, float("nan"), float("inf"), float("-inf")]) | st.floats(
    -1e6, 1e6
)
INTS = st.sampled_from([0, 1, -1, 2, 7, 100, -128, 127, 255, 2**31, 2**40, 2**53 + 1]) | st.integers(-1000, 1000)
TEXTS = st.sampled_from(["", "A", "B", "BB", "01", "2A", "é"])
DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)) | st.sampled_from([DAY_0, DAY_1])
COLUMNS = {float: FLOATS, int: INTS, bool: st.booleans(), str: TEXTS, datetime.date: DATES, Enum: st.integers(0, 2)}

# {n} numbers, {b} truths, {t} texts, {d} dates, {k} members, {s} spans of time, {a} any; {w} a Python number, {T} a type;
# {y…} is written into, and must be of the same sort
TEMPLATES = """
{n1} + {n2}; {n1} - {n2}; {n1} * {n2}; {n1} / {n2}; {n1} // {n2}; {n1} % {n2}; {w} + {n1}; {n1} - {w}; {w} - {n1}; {n1} * {w}; {w} * {n1}; {n1} / {w}; {w} / {n1}; {n1} // {w}
{n1} % {w}; -{n1}; abs({n1}); +{n1}; {n1} ** 2; np.minimum({n1}, {n2}); np.maximum({n1}, {w}); np.fmin({n1}, {n2}); np.fmax({w}, {n1}); np.minimum({w}, {n1})
{n1} < {n2}; {n1} <= {w}; {n1} > {n2}; {w} >= {n1}; {n1} == {n2}; {n1} != {w}; {b1} == {b2}; {b1} < {b2}; {n1} == {b1}
np.floor({n1}); np.ceil({n1}); np.rint({n1}); np.trunc({n1}); np.round({n1}); np.round({n1}, 2); {n1}.round(1); np.around({n1}, -1); np.sign({n1}); np.square({n1})
np.sqrt(np.abs({n1})); np.log1p(np.abs({n1})); np.isnan({n1}); np.isfinite({n1}); np.exp(np.minimum({n1}, 5.0)); np.hypot({n1}, {n2}); np.abs({n1}); np.absolute({n1})
np.add({n1}, {n2}, dtype=np.float64); np.float64(0.1) * {n1}; {n1} * np.float32(0.1); np.int8(3) + {n1}; {n1} - np.int64(7); np.bool_(True) & {b1}
{n1}.astype({F}); np.where(np.abs({n1}) < 1e9, {n1}, 0).astype({I}); {b1}.astype({F}); {b1}.astype({I}); {n1}.astype(bool); {b1}.astype(str); {t1}.astype(str)
{b1} & {b2}; {b1} | {b2}; {b1} ^ {b2}; ~{b1}; np.logical_and({b1}, {n1}); np.logical_or({n1}, {b1}); np.logical_not({n1}); np.logical_xor({b1}, {b2}); {b1} * {n1}; {n1} * {b1}
~~{b1}; np.logical_not(~{b1}); {b1} & True; False | {b1}; {b1} + {b2}; {b1} * {b2}; {b1} + {w}; np.invert({b1}); {b1} & {b1}; {b1} | {b1}; {n1} + {n1}; np.maximum({n1}, {n1})
np.where({b1}, {n1}, {n2}); np.where({b1}, {n1}, {w}); np.where({b1}, {w}, {v}); np.where({b1}, {b2}, {n1}); np.where({b1}, {n1}, {n1}); np.where({n1}, {n2}, {w}); np.where({n1}, {n2}, 0) + np.where({n1}, {n3}, 0); np.where({b1}, {n2}, 0) - np.where({b1}, 0, {n3}); np.where({b1}, 0.0, {n2}) * np.where({b1}, 0.0, {n3})
np.select([{b1}, {b2}], [{n1}, {n2}], {w}); np.select([{b1}, {b2}], [{n1}, {w}], {n2}); np.select([{b1}], [{n1}], default={w}); np.select([{b1}, {b2}], [{w}, {v}])
np.select([{b1}, {b2}, {b3}], [{n1}, {n2}, {n3}]); np.select([{b1}, {b2}], [{b3}, {n1}], {w})
np.clip({n1}, {w}, {v}); {n1}.clip({w}, {v}); np.clip({n1}, {w}, None); np.clip({n1}, {n2}, {n3}); np.clip({n1}, a_min={w}, a_max={v})
np.zeros_like({n1}); np.ones_like({n1}); np.full_like({n1}, 7); np.zeros_like({n1}, dtype=bool); np.ones_like({b1}, dtype=float); np.full_like({b1}, {w}, dtype=float)
np.isin({n1}, [1, 2, -3]); np.isin({n1}, [0.5, 2.5], invert=True); np.isin({t1}, ["A", "01"]); np.isin({k1}, [Kind.owner, Kind.guest]); ~np.isin({t1}, ["B"]); np.isin({n1}, [])
{n1} + 0; 0 + {n1}; {n1} - 0; {n1} * 1; 1 * {n1}; {n1} * 0; 0.0 * {n1}; {n1} / 1; {n1} + 0.0; {n1} * 1.0; {n1} ** 1; {n1} * True
np.fromiter((x * 2 for x in of1), dtype=float); np.cumsum(of1) + {n1}; np.cumsum(of0); sum(of1) + {n1}; sum(of0) + {n1}; np.array([x + 1 for x in oi2]) * {n1}
np.sort(of2)[::-1] - {n1}; np.arange(len(of1)) * of1; np.array([x * y for x, y in zip(of1, oi2)]); np.fromiter((x == "B" for x in ot0), dtype=bool) & {b1}; of1[0] + {n1}
np.array(list(of1))[-1] + {n1}; of1.cumsum() > {n1}; np.busday_count({d1}, {d2}); np.busday_count({d1}, od0, weekmask="1111111"); np.busday_count(od0, {d1}, holidays=["2020-01-01"])
{n1} * oi0; {n1} * of0; {n1} + of0; {n1} + oi0; {n1} * of2; {n1} / of2; {b1} & ob0; {b1} | ob0; {n1} * ob0; np.where(ob0, {n1}, {n2}); np.where(ob1, {n1}, {n2})
{t1} == {t2}; {t1} != "A"; "A" == {t1}; {t1} < {t2}; {t1} >= "B"; {t1} + {t2}; {t1} + "z"; "z" + {t1}; np.where({b1}, {t1}, {t2}); np.where({b1}, "A", {t1}); np.where({b1}, "A", "BB")
np.select([{b1}, {b2}], [{t1}, "A"], {t2}); np.select([{b1}, {b2}], ["A", "i4"], "C"); np.select([{b1}, {b2}], [{t1}, {t2}], "")
{k1} == Kind.owner; Kind.guest == {k1}; {k1} != Kind.tenant; {k1} == {k2}; {k1} != {k2}; np.where({b1}, {k1}, Kind.guest); np.where({b1}, Kind.owner, Kind.tenant); np.where({n1}, Kind.owner, Kind.guest); np.where({n1}, {k1}, {k2}); np.where({n1}, {b1}, {b2})
np.where({b1}, {k1}, {k2}); np.select([{b1}, {b2}], [Kind.owner, Kind.guest], {k1}); np.select([{b1}], [{k1}], Kind.tenant); {k1}.decode_to_str() == "guest"
np.full_like({k1}, Kind.guest); {k1}.copy(); np.equal({k1}, Kind.owner)
{d1} < {d2}; {d1} == {d2}; {d1} - {d2}; {d1} > datetime.date(2000, 6, 1); {d1} <= np.datetime64("2020-02-29"); np.where({b1}, {d1}, {d2}); np.minimum({d1}, {d2})
{d1} - np.datetime64("2000-01-01"); {d1}.astype("datetime64[M]"); {d1}.astype("datetime64[Y]").astype(int); {d1}.astype("datetime64[M]").astype(int) % 12; {d1} + np.timedelta64(30, "D")
{s1} / np.timedelta64(1, "D"); {s1} > np.timedelta64(365, "D"); {s1}.astype(int); {s1} + {s1}; {d1} + {s1}; {s1}.astype("timedelta64[D]").astype(float)
{n1}.copy(); {n1}[:]; {b1}[...]; {t1}[:]; {k1}[:]; {a1}.copy()
"""
WRITES = """
{y} = {n1}; {n1}[{b1}] = {n2}; {n1}[{b1}] = {w}; {n1}[{b1}] += {w}; {n1}[{b1}] *= {w}; {n1}[{b1}] = {n2}[{b1}]; {n1}[{b1}] = {n2}[{b1}] * {w} + {n3}[{b1}]; {n1}[{b1}] -= {n2}[{b1}]
{n1}[~{b1}] = {n2}[~{b1}] / {w}; {n1} += {n2}; {n1} -= {w}; {n1} *= {n2}; {n1} /= {w}; {n1} //= {w}; {n1}[:] = {w}; {n1}[...] = {n2}; {n1}.fill({w}); {b1} |= {b2}; {b1} &= {b2}; {b1} ^= {b2}
{b1}[{b2}] = True; {b1}[{b2}] = {b3}; {t1}[{b1}] = "A"; {t1}[{b1}] = {t2}; {k1}[{b1}] = Kind.guest; {k1}[{b1}] = {k2}[{b1}]; {d1}[{b1}] = {d2}; {d1}[{b1}] = np.datetime64("2001-01-01")
{n1}[{n2} > {w}] = {w}; {n1}[{n2} > {w}] += {n3}[{n2} > {w}]; np.add({n1}, {n2}, out={n1}); np.maximum({n1}, {w}, out={n1}); {n1}[{b1} & {b2}] = 0; {b1}[{n1} > {w}] = {b2}[{n1} > {w}]
"""
# these look at whole arrays: the engine must run the formula on real ones, and be as right
WALKS = """
np.array([x for x in {n1}]); np.maximum.reduce([{n1}, {n2}]); np.sum([{n1}, {n2}], axis=0); {n1} - {n1}.min(); {n1} * {n1}.mean(); np.cumsum({n1}); np.sort({n1}); {n1} + len({n1})
np.nan_to_num({n1}); np.isclose({n1}, {n2}); np.vectorize(float)({n1}); np.where({b1}.any(), {n1}, {n2}); np.arange(len({n1})); np.array({n1}); np.asarray({b1}) & {b2}; {n1} + np.sum({n2})
np.zeros(len({n1})) + {n1}; np.max({n1}) * np.ones_like({n2}); np.fix({n1}); np.logical_or.reduce([{b1}, {b2}]); np.divmod({n1}, 3)[0]; {n1}[np.argsort({n2})]; np.where({n1} > {n1}[0], 1, 2)
np.mod({n1}, 3); np.nanmax({n1}) - {n1}; np.unique({n1}, return_inverse=True)[1]; np.char.add({t1}.astype(str), "x"); np.array([x.upper() for x in {t1}]); np.full({n1}.shape, 2.0) * {n1}
np.interp({n1}, [0, 1, 2], [0, 10, 100]); np.searchsorted([0, 10], {n1}); np.digitize({n1}, [0, 1]); ~np.any({b1}) + {n1} * 0; (~{b1}.all()) * {n1}; np.diff({n1}, prepend=0)
"""
WALKING_WRITES = """
{n1}[0] = 7; {n1}.sort(); {n1}.put([0], [2]); np.nan_to_num({n1}, copy=False); np.clip({n1}, {w}, {w} + 2, out={n1}); np.round({n1}, 0, out={n1}); np.cumsum({n1}, out={n1}); {n1}[[0]] = {w}; np.putmask({n1}, {b1}, {w}); np.copyto({n1}, {n2}, where={b1}); np.copyto({n1}, {n2}); np.put({n1}, [0], [3]); np.add.at({n1}, [0, 0], 2)
np.place({n1}, {b1}, [5]); np.add({n1}, {w}, out={n1}, where={b1}); {n1}[1:] = {w}; {n1}[{b1}] = {n1}[{b1}].max() if {b1}.any() else 0
"""
SORTS = "nbtdks"


def _split(text):
    return [template.strip() for template in text.replace("\n", ";").split(";") if template.strip()]


PURE = [(template, False) for template in _split(TEMPLATES)] + [(template, True) for template in _split(WRITES)]
WALKING = [(template, False) for template in _split(WALKS)] + [(template, True) for template in _split(WALKING_WRITES)]


@dataclass
class Program:
    lines: list
    names: list
    inputs: dict
    count: int

    def __repr__(self):
        return f"Program({self.inputs!r},\n  " + "\n  ".join(self.lines) + f"\n  -> {self.names})"

    def subset(self, order):
        """Return the same program over some of the rows, in another order."""
        return Program(self.lines, self.names, {name: values[order] for name, values in self.inputs.items()}, len(order))


def sort_of(value):
    if isinstance(value, EnumArray):
        return "k"
    return {"f": "n", "i": "n", "u": "n", "b": "b", "O": "t", "U": "t", "M": "d", "m": "s"}[value.dtype.kind]


def environment(program):
    """Return numpy arrays for the names of a program: given values and defaults."""
    found = {}
    for name, values in program.inputs.items():
        found[name] = EnumArray(values.copy(), Kind) if GIVEN[name] is Enum else values.copy()
    for name, value in DEFAULTS.items():
        if isinstance(value, Kind):
            found[name] = EnumArray(np.full(program.count, value.index, dtype=Kind.dtype), Kind)
        else:
            found[name] = np.full(program.count, value, dtype={str: object, datetime.date: "datetime64[D]"}.get(type(value)))
    return found


def run_by_numpy(program):
    """Return all names after the program has run on numpy's arrays. Raises where numpy raises or overflows."""
    found = environment(program)
    with warnings.catch_warnings(), np.errstate(over="raise", divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")
        for line in program.lines:
            # casts of what is no whole number have no defined result
            with np.errstate(invalid="raise" if "] = " in line or "astype(np.int" in line or "fill" in line or "out=" in line or "= {" in line else "ignore"):
                exec(line, {"np": np, "Kind": Kind, "datetime": datetime}, found)  # noqa: S102 - the programs are ours
    return found


def law_of(program):
    """Return the law whose variables `result_…` are the program's names, and the types that its arrays have in it."""
    dtypes = {}
    code = compile("\n".join(program.lines) or "pass", "<program>", "exec")

    def formula_of(name):
        def formula(row, period):
            found = {each: row(each, period) for each in (*GIVEN, *DEFAULTS)}
            exec(code, {"np": np, "Kind": Kind, "datetime": datetime}, found)  # noqa: S102 - the programs are ours
            dtypes[name] = np.dtype(object) if found[name].dtype.kind in "US" else found[name].dtype
            return found[name]

        return formula

    wanted = run_by_numpy(program)
    outputs = [variable(f"result_{name}", ROW, formula_of(name), value_type=value_type_of(wanted[name])) for name in program.names]
    return law(*INPUTS, *outputs), dtypes


def run_by_engine(program, legislation=None, **options):
    """Return the program's names after it has run as the formula of a law, and their types."""
    legislation, dtypes = legislation or law_of(program)
    copies = {name: values.copy() for name, values in program.inputs.items()}
    simulation = simulate(legislation, rows(program.count), copies, **options)
    results = simulation.calculate_all([(f"result_{name}", "2020") for name in program.names])
    return {key[0].removeprefix("result_"): values for key, values in results.items()}, dtypes


def value_type_of(values):
    if isinstance(values, EnumArray):
        return Enum
    return {"f": float, "i": int, "u": int, "b": bool, "O": str, "U": str, "M": datetime.date, "m": int}[values.dtype.kind]


RULE_TYPES = {float: np.float64, int: np.int64, bool: np.bool_, str: object, datetime.date: "datetime64[D]"}


def as_result(values):
    """Return numpy's result in the type of the variable that the engine computes."""
    kind = value_type_of(values)
    return values.view(np.ndarray) if kind is Enum else values.astype(RULE_TYPES[kind])


@st.composite
def programs(draw, templates=PURE, most_lines=10):
    count = draw(st.integers(1, 6))
    inputs = {}
    for name, kind in GIVEN.items():
        same = draw(st.integers(0, 4)) == 0  # a given value that is the same for all is still given
        values = [draw(COLUMNS[kind])] * count if same else draw(st.lists(COLUMNS[kind], min_size=count, max_size=count))
        inputs[name] = np.array(
            values, dtype={float: np.float64, int: np.int64, bool: bool, str: object, datetime.date: "datetime64[D]", Enum: Kind.dtype}[kind]
        )
    program = Program([], [], inputs, count)
    for number in range(draw(st.integers(1, most_lines))):
        line = _line(draw, program, templates, number)
        trial = Program([*program.lines, line], program.names, inputs, count)
        try:
            found = run_by_numpy(trial)
        except (TypeError, ValueError, FloatingPointError, OverflowError, IndexError):
            continue
        made = line.split(" = ")[0]
        if made in found and not _fits(found[made], count):
            continue
        program = trial
    found = run_by_numpy(program)
    names = [name for name, values in found.items() if name.startswith("v") and _fits(values, count)]
    written = [line.split("[")[0].split(" ")[0] for line in program.lines if not line.startswith("v")]
    program.names = list(dict.fromkeys([*names[-4:], *(name for name in written if name in found)]))
    return program


def _fits(values, count):
    if not isinstance(values, np.ndarray) or values.shape != (count,):
        return False
    return values.dtype.kind != "f" or bool(np.nanmax(np.abs(values[np.isfinite(values)]), initial=0) < 1e30)


def _line(draw, program, templates, number):
    found = run_by_numpy(program)
    by_sort = {sort: [name for name, values in found.items() if isinstance(values, np.ndarray) and sort_of(values) == sort] for sort in SORTS}
    templates = [each for each in templates if all(by_sort[sort] for sort in SORTS if f"{{{sort}1}}" in each[0])]
    template, writes = draw(st.sampled_from(templates))
    weak = st.sampled_from([0, 1, -1, 2, 3, 10, 0.5, 1.0, -2.5, 0.0, 100.0, True])
    choices = {f"{sort}{place}": draw(st.sampled_from(by_sort[sort])) for sort in SORTS for place in (1, 2, 3) if f"{{{sort}{place}}}" in template}
    choices |= {"w": repr(draw(weak)), "v": repr(draw(weak)), "y": f"v{number}"}
    choices |= {
        "F": draw(st.sampled_from(["float", "np.float32", "np.float64"])),
        "I": draw(st.sampled_from(["int", "np.int8", "np.int16", "np.int64", "np.uint8"])),
    }
    if "a1" in template:
        choices["a1"] = draw(st.sampled_from([name for names in by_sort.values() for name in names]))
    line = template.format(**choices)
    return line if writes else f"v{number} = {line}"
