"""The files that a command writes besides its answer, after long work: one that fails costs neither the others nor the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from xlcnn.console.commands import sentence
from xlcnn.errors import XlcnnError

T = TypeVar("T")


class Saving:
    """Writes files, each whole or not at all, and keeps what went wrong until the answer is printed."""

    def __init__(self, force: bool) -> None:
        self.force = force
        self.written: list[Path] = []
        self.failures: list[Exception] = []

    def attempt(self, work: Callable[[], T]) -> T | None:
        """What the work gives; None where it fails."""
        try:
            return work()
        except Exception as error:  # whatever it is, the answer is still to be printed
            self.failures.append(error)
            return None

    def save(self, path: Path | None, content: Callable[[], bytes]) -> None:
        """Write what is made for a file, if it was asked for."""
        from xlcnn.xlsx.files import write_whole

        def write(target: Path) -> None:
            write_whole(target, content(), self.force)
            self.written.append(target)

        if path is not None:
            self.attempt(lambda: write(path))


@contextmanager
def kept(found: Sequence[object]) -> Iterator[list[Exception]]:
    """Within, work on many things that comes to an end in the middle costs nothing that has been `found`: its error is in a list,
    to be told once the rest has been printed. Where nothing was found, it is raised."""
    ends: list[Exception] = []
    try:
        yield ends
    except XlcnnError as error:
        if not found:
            raise
        ends.append(error)


def tell(failures: Sequence[Exception]) -> None:
    """A line for each failure; the last one is raised, so that it ends the command with 2 as any other error does."""
    for failure in failures[:-1]:
        click.echo(f"Error: {sentence(failure)}", err=True)
    if failures:
        raise failures[-1]
