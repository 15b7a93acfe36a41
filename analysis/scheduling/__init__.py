"""A population's parts computed on other machines, by a Dask cluster: the same results, bit for bit, as on one (docs/cluster.md)."""
