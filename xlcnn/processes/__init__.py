"""The same work on many things, by several processes or machines.

pool      results in the order asked; its processes are gone when it ends, however it ends
cluster   the same by the workers of a Dask cluster
reaching  the way to a cluster, and what is wrong with it in a sentence
shares    who works on what, and what has come of it
"""
