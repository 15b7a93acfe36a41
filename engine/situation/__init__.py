"""Situations in JSON: persons, households and all else that a web page or a test describes, made into a simulation."""

from engine.situation.problems import SituationProblem
from engine.situation.reading import Requested, Situation, read_situation, simulation_from
from engine.situation.shapes import Shapes

__all__ = ["Requested", "Shapes", "Situation", "SituationProblem", "read_situation", "simulation_from"]
