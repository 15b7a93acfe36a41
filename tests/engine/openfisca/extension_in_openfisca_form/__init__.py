"""A miniature extension, written as for OpenFisca-Core."""
