"""An invented France: households, persons, tax households and families whose totals are those of public statistics."""
