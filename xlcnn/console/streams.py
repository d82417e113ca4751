"""Standard streams that can be closed, full, broken or unable to show a letter: no command breaks off because of them.

Everything that is printed goes through `Outlet`, which writes as long as it can and remembers why it could not. At the end the
command line asks `failure`. Who has read enough (``| head``) is no failure.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

#: Letters of ours that an old console may lack → what says the same; any other becomes a question mark.
PLAIN = {"→": "->", "×": "x", "−": "-", "–": "-", "…": "...", "≤": "<=", "≥": ">=", "’": "'", "·": ".", "η": "eta"}  # fmt: skip
CLOSED = OSError(errno.EBADF, "it is closed")


class Outlet(io.RawIOBase):
    """A raw stream that swallows what `inner` does not take, and remembers the reason in `error`."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.error: OSError | None = None if inner is not None else CLOSED
        self.lost = False  # whether anything was not printed

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.inner is not None and bool(self.inner.isatty())

    def fileno(self) -> int:
        if self.inner is None:
            raise io.UnsupportedOperation("fileno")
        return int(self.inner.fileno())

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        while size and self.error is None:
            try:
                written = self.inner.write(data)
            except OSError as error:
                self.error = error
            else:
                if written is not None:
                    return int(written)
                select.select([], [self.inner], [])  # another program has made it non-blocking: wait for room
        self.lost = size > 0
        return size


def failure(stream: object) -> str | None:
    """Why something that was printed to a stream of ours has not got there; None if it has, or if nobody wanted more."""
    outlet = getattr(getattr(stream, "buffer", None), "raw", None)
    if not isinstance(outlet, Outlet) or not outlet.lost or outlet.error is None:
        return None
    enough = isinstance(outlet.error, BrokenPipeError) or (os.name == "nt" and outlet.error.errno == errno.EINVAL)
    return None if enough else (outlet.error.strerror or str(outlet.error))


@contextmanager
def patient() -> Iterator[None]:
    """Standard output and standard error as such streams; the process's own ones only, not what a caller has put there."""
    fill_closed()
    kept = sys.stdout, sys.stderr
    try:
        if sys.stdout is sys.__stdout__:
            sys.stdout = wrapped(sys.stdout)
        if sys.stderr is sys.__stderr__:
            sys.stderr = wrapped(sys.stderr)
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        sys.stdout, sys.stderr = kept


def wrapped(stream: Any) -> io.TextIOWrapper:
    codecs.register_error("xlcnn-plain", plain)
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.flush()
    raw = Outlet(None if stream is None else getattr(stream.buffer, "raw", stream.buffer))
    encoding = getattr(stream, "encoding", None) or "utf-8"
    kind = Ascii if codecs.lookup(encoding).name == "ascii" else io.TextIOWrapper
    encoding = "utf-8" if kind is Ascii else encoding
    return kind(io.BufferedWriter(raw), encoding, "xlcnn-plain", line_buffering=raw.isatty())


class Ascii(io.TextIOWrapper):
    """A console of ASCII letters. It calls itself UTF-8, of which they are a part: click would not believe it otherwise."""

    def write(self, text: str) -> int:
        return super().write(text.encode("ascii", "xlcnn-plain").decode("ascii"))


def plain(error: UnicodeError) -> tuple[str, int]:
    """What is printed in place of letters that the console cannot show."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def fill_closed() -> None:
    """Give closed standard streams to nobody: or the next file that is opened would become one of them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
