"""What is printed goes where it can, and what it cannot say in one way it says in another."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading

import pytest

from xlcnn.console.streams import Outlet, failure, plain, wrapped

needs_pipes = pytest.mark.skipif(os.name == "nt", reason="blocks as Unix does")


class Broken(io.RawIOBase):
    """A stream that takes some bytes, then fails."""

    def __init__(self, room: int, error: OSError) -> None:
        self.room, self.error, self.taken = room, error, b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        if not self.room:
            raise self.error
        taken = bytes(data)[: self.room]  # type: ignore[call-overload]
        self.room -= len(taken)
        self.taken += taken
        return len(taken)


@pytest.mark.parametrize(
    ("error", "says"),
    [(OSError(28, "No space left on device"), "No space left on device"), (BrokenPipeError(32, "Broken pipe"), None)],
)
def test_what_fails_is_remembered_and_nothing_is_raised(error: OSError, says: str | None) -> None:
    inner = Broken(5, error)
    stream = io.TextIOWrapper(io.BufferedWriter(Outlet(inner)), "utf-8")
    for _ in range(3):
        stream.write("twelve bytes")
        stream.flush()
    assert inner.taken == b"twelv"
    assert failure(stream) == says


def test_a_closed_stream_is_a_failure_once_something_is_printed() -> None:
    stream = wrapped(None)
    assert failure(stream) is None
    stream.write("x")
    stream.flush()
    assert failure(stream) == "it is closed"


def test_a_stream_of_somebody_else_is_none_of_ours() -> None:
    assert failure(sys.__stdout__) is None
    assert failure(io.StringIO()) is None
    assert failure(None) is None


@needs_pipes
def test_a_pipe_that_does_not_block_is_waited_for() -> None:
    """A terminal that another program has left so."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    found: list[bytes] = []

    def read() -> None:
        while data := os.read(reading, 65536):
            found.append(data)

    thread = threading.Thread(target=read)
    with open(writing, "wb", buffering=0) as raw:
        stream = io.TextIOWrapper(io.BufferedWriter(Outlet(raw)), "ascii")
        thread.start()
        stream.write("x" * 1_000_000)
        stream.flush()
        assert failure(stream) is None
    thread.join()
    assert sum(map(len, found)) == 1_000_000
    os.close(reading)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", "a -> b x c - ?"), ("cp1252", "a -> b \xd7 c - ?"), ("utf-8", "a → b × c − ?")],
)
def test_letters_that_a_console_lacks(encoding: str, shown: str) -> None:
    raw = io.BytesIO()
    console = io.TextIOWrapper(io.BufferedWriter(raw), encoding)  # type: ignore[arg-type]
    stream = wrapped(console)
    stream.write("a → b × c − \udcff")
    stream.flush()
    assert raw.getvalue() == shown.encode(encoding)
    console.close()


def test_only_what_cannot_be_written_is_replaced() -> None:
    with pytest.raises(UnicodeDecodeError):
        plain(UnicodeDecodeError("ascii", b"x", 0, 1, ""))


@needs_pipes
def test_no_file_takes_the_place_of_a_closed_stream() -> None:
    """What a library in C complains of would be written into it."""
    script = (
        "import os; from xlcnn.console.streams import patient; p = patient(); p.__enter__(); "
        "os._exit(os.open(os.devnull, os.O_RDONLY))"
    )
    done = subprocess.run(["sh", "-c", f"'{sys.executable}' -c '{script}' <&- >&- 2>&-"], check=False)
    assert done.returncode > 2
