"""A population larger than the machine: tables cut into parts, no household in two of them, read one part at a time."""
