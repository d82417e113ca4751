"""What a command is doing, on the last line of a terminal: only where somebody looks, and only of what takes a while.

    writing Dense1  ━━━━━━━━━━━━  0:00:12
    120 of 3000 pictures read  ━━━╺━━━━━━━━  0:00:02  0:00:48 left

The library knows nothing of it: a function that takes long has a parameter `say`, which is called with each stage's name.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread, Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

import click

from xlcnn.errors import printable

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 2.0  # seconds in which nothing is said
EVERY = 0.25
BAR, BESIDE, TIME = 12, 34, 8  # letters of the bar, of all that stands beside the stage, of the time that has passed alone
STAGE = 9  # letters that are left for the stage at least


class Silent:
    """Where nobody looks: stages are told to nobody."""

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """What happens now, and how much of it is done."""

    def above(self, text: str) -> None:
        """Print a line of the command's own."""
        click.echo(text)


class Line(Silent):
    """The last line of a terminal, which rich draws in a thread of its own; it is gone after `close`."""

    def __init__(self, stage: str, stream: TextIO) -> None:
        self.stream, self.begun = stream, monotonic()
        self.now: dict[str, Any] = {"description": cut(stage), "completed": 0, "total": None}
        self.progress: Progress | None = None  # once there is something to be seen
        self.changing, self.over = Lock(), False
        self.timer = Timer(PATIENCE, self.show)
        self.timer.daemon = True
        self.timer.start()

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        self.now = {"description": cut(stage), "completed": done, "total": total}
        if self.progress is not None:
            self.progress.update(self.progress.task_ids[0], **self.now)

    def above(self, text: str) -> None:
        with self.changing:
            if self.progress is not None:
                self.progress.stop()
            super().above(text)
            if self.progress is not None:
                self.progress.start()

    def show(self) -> None:
        drawn = drawing(self.stream)
        drawn.add_task(**self.now)
        drawn.tasks[0].start_time = self.begun
        with self.changing:
            if not self.over:
                self.progress = drawn
                drawn.update(drawn.task_ids[0], **self.now)  # what was told meanwhile
                drawn.start()

    def hide(self) -> None:
        with self.changing:
            if self.progress is not None:
                self.progress.stop()

    def close(self) -> None:
        self.over = True
        self.timer.cancel()
        last = Thread(target=self.hide, daemon=True)
        last.start()
        last.join(2 * EVERY)  # a terminal that somebody has stopped takes no letter


class Tolerant:
    """A stream that nobody may read any more."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        try:
            return self.stream.write(text)
        except (OSError, ValueError):
            return 0

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def drawing(stream: TextIO) -> Progress:
    """What draws the line: the stage, a bar, the time that has passed, and, where it can be told, the time that is left."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.text import Text

    class Left(TimeRemainingColumn):
        def render(self, task: Task) -> Text:
            return super().render(task) + Text(" left") if task.total and task.completed else Text("")

    wide = beside()  # whatever else would take a second line of a narrow terminal
    columns = [TextColumn("{task.description}", markup=False), *([BarColumn(BAR)] if wide == BESIDE else [])]
    columns += [TimeElapsedColumn()] if wide else []
    columns += [Left()] if wide == BESIDE else []
    console = Console(file=Tolerant(stream), force_terminal=True)  # type: ignore[arg-type]
    return Progress(
        *columns, console=console, transient=True, refresh_per_second=1 / EVERY, redirect_stdout=False, redirect_stderr=False
    )  # fmt: skip


def cut(stage: str) -> str:
    """The stage in one line, with room for what stands beside it."""
    return printable(stage)[: max(1, shutil.get_terminal_size().columns - beside())]


def beside() -> int:
    """How many letters of the terminal's line are not the stage's."""
    return next((letters for letters in (BESIDE, TIME) if shutil.get_terminal_size().columns >= letters + STAGE), 0)


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
