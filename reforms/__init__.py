"""Reforms of the French law, as data or as code."""
