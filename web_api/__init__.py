"""The web API and the pages."""
