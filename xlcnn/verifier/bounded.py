"""Calls a function in a process of its own that may use so many seconds and so much memory, and no more.

The embedded engine computes whatever formulas a stranger's workbook holds, and nothing can interrupt it from inside. The
process is a fresh Python under a guard (`xlcnn.engines.guard`), not one of `multiprocessing`'s: so it is the same on every
system, needs no ``if __name__ == "__main__":``, and threads, notebooks and processes that may have no children can call it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any, TypeVar

from xlcnn.engines.guard import TOO_MUCH
from xlcnn.engines.guarded import Ended, guarded, python
from xlcnn.errors import EngineError

T = TypeVar("T")

#: What the process does first: it looks for modules where this one does, and nowhere else.
BEGIN = "import pickle, sys; i = sys.stdin.buffer; sys.path[:] = pickle.load(i); from xlcnn.verifier.worker import main; main(i)"
KERNEL_BOUNDS = sys.platform.startswith("linux")  # elsewhere the guard looks at the memory


def bounded(
    work: Callable[..., T], *arguments: object, seconds: float, megabytes: int, meanwhile: Callable[[], object] = lambda: None
) -> T:
    """What `work(*arguments)` returns or raises; `work` is a module's own function, `arguments` are plain data.

    `meanwhile` is called here while it works. Raises `EngineError` if it needed more than it may.
    """
    request = pickle.dumps(sys.path) + pickle.dumps((seconds, megabytes)) + pickle.dumps((work, arguments))
    folder = temporary_folder()
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder) if folder else None
    own_bytecode = ["-B"] if sys.dont_write_bytecode else []
    try:
        ended = guarded(
            [python(), "-I", *own_bytecode, "-c", BEGIN],
            seconds,
            request=request,
            environment=environment,
            errors=subprocess.DEVNULL,
            megabytes=0 if KERNEL_BOUNDS else megabytes,
            folder=folder,
            meanwhile=meanwhile,
        )
    except subprocess.TimeoutExpired:
        raise EngineError(f"verifying took longer than {seconds:g} seconds; --timeout allows more") from None
    except OSError as error:
        raise EngineError(f"no process to verify in could be started: {error.strerror or error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome(ended, megabytes)  # type: ignore[no-any-return]


def temporary_folder() -> str:
    """A folder for all that the process leaves behind; none where there is no room for one."""
    try:
        return tempfile.mkdtemp(prefix="xlcnn-")
    except OSError:
        return ""


def outcome(ended: Ended, megabytes: int) -> Any:
    """What the process has returned, or raises what it raised."""
    more = f"more than {megabytes} MB; --max-memory-mb allows more"
    if ended.code == TOO_MUCH:
        raise EngineError(f"verifying needed {more}")
    if ended.code > 128:
        raise EngineError(f"verifying ended with {signal_name(ended.code - 128)}: it probably needed {more}")
    if ended.code or not ended.output:
        raise EngineError(f"verifying ended without an answer: it probably needed {more}")
    returned, value = pickle.loads(ended.output)
    if returned:
        return value
    if isinstance(value, MemoryError):
        raise EngineError(f"verifying probably needed {more}") from None
    raise value


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
