"""The graph: operations on arrays recorded once, and evaluated over any population."""
