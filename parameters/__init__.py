"""The figures of the French law: dated values in YAML, and the communes' yearly tables in `communes/`.

A package only so that the files travel in the wheel and are found by `importlib.resources.files("parameters")`.
"""
