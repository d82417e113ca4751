"""What a command is doing, on the last line of a terminal: only where somebody looks, and only of what takes a while.

    writing Dense1 · 12 s

The library knows nothing of it: a function that takes long has a parameter `say`, which is called with each stage's name.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import TextIO

import click

from xlcnn.errors import printable

PATIENCE = 2.0  # seconds in which nothing is said
EVERY = 0.5


class Silent:
    """Where nobody looks: stages are told to nobody."""

    def __call__(self, stage: str) -> None:
        """What happens now."""

    def above(self, text: str) -> None:
        """Print a line of the command's own."""
        click.echo(text)


class Line(Silent):
    """The last line of a terminal. It is written anew by a thread of its own, and is gone after `close`."""

    def __init__(self, stage: str, stream: TextIO) -> None:
        self.stage, self.stream = stage, stream
        self.begun = monotonic()
        self.shown = 0  # letters that stand there
        self.over, self.writing = Event(), Lock()
        self.thread = Thread(target=self.run, daemon=True)
        self.thread.start()

    def __call__(self, stage: str) -> None:
        self.stage = stage

    def above(self, text: str) -> None:
        with self.writing:
            self.put("")
            super().above(text)

    def run(self) -> None:
        pause = PATIENCE
        while not self.over.wait(pause):
            with self.writing:
                if not self.over.is_set():
                    self.put(self.text())
            pause = EVERY

    def text(self) -> str:
        """The stage and how long the command has been at work, cut off where the terminal's line ends."""
        seconds = f" · {monotonic() - self.begun:.0f} s"
        return printable(self.stage)[: max(0, shutil.get_terminal_size().columns - 1 - len(seconds))] + seconds

    def put(self, text: str) -> None:
        """The text in place of what stands there."""
        with suppress(OSError, ValueError):
            self.stream.write(f"\r{text.ljust(self.shown)}" + ("" if text else "\r"))
            self.stream.flush()
        self.shown = len(text)

    def close(self) -> None:
        self.over.set()
        if self.writing.acquire(timeout=EVERY):  # a terminal that somebody has stopped takes no letter
            if self.shown:
                self.put("")
            self.writing.release()


@contextmanager
def progress(stage: str) -> Iterator[Silent]:
    """Within, what is told of each stage stands on the last line of the terminal, if standard error is one."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    line = Line(stage, sys.stderr)
    try:
        yield line
    finally:  # also where Ctrl-C ends it
        line.close()
