"""Debugging one formula of the law: `bareme debug`. The formula runs over real arrays of a chosen case, at a prompt or told line by line.

Within: prompt, lines -> formula -> session, real_rows; reach finds the period, values shows arrays.
"""

from engine.debugging.formula import DebuggedFormula
from engine.debugging.lines import Lines
from engine.debugging.prompt import Quitted, stop_in, tell_reads
from engine.debugging.reach import Reached, namers_of, reached
from engine.debugging.values import Shown

__all__ = ["DebuggedFormula", "Lines", "Quitted", "Reached", "Shown", "namers_of", "reached", "stop_in", "tell_reads"]
