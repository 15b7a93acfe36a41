"""The names of OpenFisca-Core, for existing country packages, over the modules of the engine (next)."""
