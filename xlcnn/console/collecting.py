"""Garbage collection, where it does not pay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Python does not look for what can be thrown away: it takes a twentieth of the time, or, where there are millions of things,
    a third, in a process that soon ends."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
