"""How long formulas take: `Profile` measures, tables in CSV and a page in HTML tell."""

from engine.profiling.page import page
from engine.profiling.times import Profile, Span

# The files that hold them, by OpenFisca's names
GRAPH = "performance_graph.html"
TABLE = "performance_table.csv"
AGGREGATED_TABLE = "aggregated_performance_table.csv"

__all__ = ["AGGREGATED_TABLE", "GRAPH", "TABLE", "Profile", "Span", "page"]
