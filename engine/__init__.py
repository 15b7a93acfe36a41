"""The engine: runs any country's tax and benefit law, over one household or over a population. It knows no country."""
