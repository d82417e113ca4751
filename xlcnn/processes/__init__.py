"""The same work on many things, by several processes.

pool   results in the order asked; its processes are gone when it ends, however it ends
"""
