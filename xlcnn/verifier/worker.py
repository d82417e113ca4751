"""The other side of `bounded`: what happens in the process of its own."""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import sys
import traceback
from typing import IO

GRACE = 5  # seconds after the end of its time until the process ends itself, if nobody has ended it


def main(source: IO[bytes]) -> None:
    """Answer one request, which stands in `source`: the bounds, then a function with its arguments."""
    gc.disable()  # looking for what can be thrown away takes a fifth of the time, in a process that soon ends
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what engines print is no answer
    bound(*pickle.load(source))
    try:
        work, arguments = pickle.load(source)
        found = (True, work(*arguments))
        data = pickle.dumps(found)
    except BaseException as error:
        data = told(error)
    answer.write(data)
    answer.close()
    os._exit(0)  # nothing is left to tidy up


def bound(seconds: float, megabytes: int) -> None:
    """Where the system knows no bound for memory, the guard sees to it."""
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=sys.stderr)  # whatever holds Python's lock
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        size = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ImportError, AttributeError, OSError, ValueError, OverflowError):
        pass  # no such bound, or a lower one already


def told(error: BaseException) -> bytes:
    """An exception as bytes, with its traceback as a note; one that cannot be sent is told in words."""
    error.add_note("in the process that verified:\n" + "".join(traceback.format_exception(error)))
    try:
        data = pickle.dumps((False, error))
        pickle.loads(data)
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return data
