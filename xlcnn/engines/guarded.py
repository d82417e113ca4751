"""Starts a program that ends when this process is gone, however it went: at its end, by an exception, a signal or a kill.

A guard stands between (see `guard`). Nothing heavy is imported here: the command line starts the work first.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from xlcnn.engines import guard
from xlcnn.errors import EngineError

PATIENCE = 1.0  # seconds until a guard that was told to end its program is ended itself


@dataclass(frozen=True)
class Ended:
    """A program that has come to its end: its exit code, 128 + n where signal n ended it, and what it printed."""

    code: int
    output: bytes


def guarded(
    command: Sequence[str],
    seconds: float,
    *,
    request: bytes = b"",
    environment: Mapping[str, str] | None = None,
    errors: int = subprocess.STDOUT,
    megabytes: int = 0,
    folder: str = "",
    meanwhile: Callable[[], object] = lambda: None,
) -> Ended:
    """Run a program that reads `request` and nothing else; see `guard` for `megabytes` and `folder`.

    `meanwhile` is called once, while the program runs. Raises `subprocess.TimeoutExpired` after `seconds`; whatever ends
    the waiting, the program and all that it started are gone.
    """
    start = [python(), "-I", "-S", guard.__file__, str(megabytes), folder, *command]
    process = subprocess.Popen(
        start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, start_new_session=True
    )
    lifeline, process.stdin = process.stdin, None  # or `communicate` would close it
    assert lifeline is not None
    try:
        with suppress(BrokenPipeError):
            lifeline.write(b"%d\n" % len(request) + request)
            lifeline.flush()
        meanwhile()
        output, _ = process.communicate(timeout=seconds)
    finally:
        cut(lifeline, process)
    return Ended(process.returncode, output)


def cut(lifeline: IO[bytes], process: subprocess.Popen[bytes]) -> None:
    """End a guard's program. It is told so in a word: somebody else may hold the same pipe, since a `fork` copies all."""
    with suppress(OSError, ValueError):
        lifeline.write(b"!")
        lifeline.flush()
    with suppress(OSError, ValueError):
        lifeline.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def python() -> str:
    """The interpreter that runs this. Raises `EngineError` where a program of its own has taken its place."""
    if getattr(sys, "frozen", False) or not sys.executable:
        raise EngineError("no process of its own can be started: this Python is part of another program (timeout=None needs none)")
    return sys.executable
