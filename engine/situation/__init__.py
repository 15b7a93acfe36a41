"""Situations in JSON: persons, households and all else that a web page or a test describes, made into a simulation."""

from engine.situation.problems import SituationProblem
from engine.situation.reading import Requested, Situation, read_situation, simulation_from

__all__ = ["Requested", "Situation", "SituationProblem", "read_situation", "simulation_from"]
