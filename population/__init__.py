"""Populations that users bring: their tables read into columns for the law, with every fault of them named."""
