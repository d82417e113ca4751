"""Runs a function in a process of its own that may use so many seconds and so much memory, and no more.

The embedded engine computes whatever formulas a stranger's workbook holds, and nothing can interrupt it from inside. Where
there is no `fork` (on Windows) the function runs here, without bounds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

from xlcnn.errors import EngineError


def run_bounded(work: Callable[[], int], seconds: float, megabytes: int) -> int:
    """The exit code that `work` returns. Raises `EngineError` if it needed more than it may."""
    if not hasattr(os, "fork"):
        return work()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os._exit(_child(work, megabytes))
    try:
        status = _wait(child, seconds)
    except BaseException:  # the user's Ctrl-C, too, must not leave it running
        _end(child)
        raise
    if status is None:
        _end(child)
        raise EngineError(f"verifying took longer than {seconds:g} seconds; --timeout allows more")
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        raise EngineError(f"verifying ended with {name}: it probably needed more than {megabytes} MB; --max-memory-mb allows more")
    return os.waitstatus_to_exitcode(status)


def _child(work: Callable[[], int], megabytes: int) -> int:
    """The work; at the end of its time it is told to stop, so that it can end the programs which it started."""
    import resource

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    size = megabytes * 2**20
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        pass  # a system that knows no such bound, or has a lower one already
    try:
        return work()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 2


def _wait(child: int, seconds: float) -> int | None:
    """The child's status, or None when its time is over."""
    end, pause = time.monotonic() + seconds, 0.002
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return None


def _end(child: int) -> None:
    """Ask it to stop; what does not within two seconds is killed."""
    os.kill(child, signal.SIGTERM)
    if _wait(child, 2) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
