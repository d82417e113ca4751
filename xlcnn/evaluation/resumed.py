"""The file from which an evaluation goes on: a line that says what is evaluated, then a line for each picture, in order.

Lines are only ever added, each written whole; one that a crash has cut short is taken away before the next is added.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import inf, isnan
from pathlib import Path
from typing import Any, BinaryIO

from xlcnn.errors import XlcnnError, printable
from xlcnn.evaluation.subject import Answered
from xlcnn.xlsx.files import check_target

KIND = "xlcnn evaluate 1"
START = json.dumps({"kind": KIND})[:-1].encode()  # of every file of ours
SAID = {
    "sample": "--sample and --seed", "engine": "engine, or --numpy", "xlcnn": "version of xlcnn", "as_is": "--as-is",
}  # fmt: skip
"""What a message calls a thing on which answers depend, where that is no word of its own."""
LONGEST = 10_000  # bytes of a line: an error's sentence is the longest
FAR = 1 << 40  # the byte that is locked, beyond all lines: on Windows nobody else could read a locked one


class Kept:
    """Answers that are kept in a file, if there is one: `earlier` those that it holds, `add` writes more."""

    def __init__(self, file: BinaryIO | None, name: str, begun: int = 0) -> None:
        self._file, self._name, self._begun = file, name, begun

    def earlier(self, classes: int, numpy_only: bool = False) -> Iterator[Answered]:
        """The answers that it holds, by formulas or by NumPy alone. Raises `XlcnnError` for a line that is none."""
        if self._file is None:
            return
        self._file.seek(self._begun)
        for number, line in enumerate(iter(lambda: self._line(), b""), 2):
            found = answered(line, classes, numpy_only)
            if found is None:
                raise XlcnnError(f"{self._name}, line {number} is no answer of an evaluation; delete the file to begin anew")
            yield found

    def _line(self) -> bytes:
        return self._file.readline(LONGEST) if self._file else b""

    def add(self, answers: Sequence[Answered]) -> None:
        """Write answers at its end."""
        if self._file is None:
            return
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write("".join(json.dumps(cut(found)) + "\n" for found in answers).encode())
            self._file.flush()
        except OSError as error:
            raise unwritten(self._name, error) from None


def cut(found: Answered) -> Answered:
    return found._replace(error=found.error[: LONGEST // 20])


def answered(line: bytes, classes: int, numpy_only: bool) -> Answered | None:
    """The answer in a line; None where it holds what no evaluation writes."""
    try:
        answer, value, of_label, apart, differs, error = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return None
    found = Answered(answer, value, of_label, apart, differs, error)
    if isinstance(error, str) and error:
        return found if found == Answered(None, error=error) else None
    numbers = [value, of_label, *([] if numpy_only else [apart])]
    usual = answer is None or (type(answer) is int and 0 <= answer < classes)
    typed = all(type(number) is float for number in numbers) and type(differs) is bool and error == ""
    return found if usual and typed and fits(found, numpy_only) else None


def fits(found: Answered, numpy_only: bool) -> bool:
    """Whether the numbers of an answer can stand together: what is no number comes from an error, which is infinitely far off."""
    if found.answer is None and not isnan(found.value):
        return False
    if numpy_only or found.apart is None:
        return found.apart is None and not found.differs
    off = found.answer is not None and isnan(found.value)
    return found.apart == inf if off or isnan(found.of_label) else found.apart >= 0


@contextmanager
def kept(path: Path | None, about: Mapping[str, Any]) -> Iterator[Kept]:
    """The file, which nobody else writes meanwhile; a new one begins with what is evaluated.

    Raises `XlcnnError` where it is of something else, or in use.
    """
    if path is None:
        yield Kept(None, "")
        return
    name = printable(path)
    check_target(path, force=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666), "r+b")  # noqa: SIM115
    except OSError as error:
        raise unwritten(name, error) from None
    try:
        if not locked(file):
            raise XlcnnError(f"{name} is being written by another evaluation; wait until it ends, or give another name")
        try:
            begun = begin(file, name, about)
        except OSError as error:
            raise unwritten(name, error) from None
        yield Kept(file, name, begun)
    finally:
        with suppress(OSError):  # closing tries once more what could not be written, which has been told with the file's name
            file.close()


def unwritten(name: str, error: OSError) -> XlcnnError:
    return XlcnnError(f"{name} cannot be written: {error.strerror or error}")


def begin(file: BinaryIO, name: str, about: Mapping[str, Any]) -> int:
    """Where the answers begin: after a first line that says what is evaluated. Raises `XlcnnError` if it says something else."""
    whole_lines(file)
    first = file.readline(LONGEST)
    if not first:
        if file.seek(0, os.SEEK_END):
            raise XlcnnError(f"{name} is no file of an evaluation; give another name to --resume")
        file.write((json.dumps({"kind": KIND, **about}) + "\n").encode())
        file.flush()
        return file.tell()
    try:
        said = json.loads(first)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise XlcnnError(f"{name} is no file of an evaluation; give another name to --resume")
    other = [SAID.get(key, key) for key, value in about.items() if said.get(key) != value]
    if other:
        raise XlcnnError(f"{name} is of another evaluation (not the same {'; '.join(other)}); give another name to --resume")
    return file.tell()


def whole_lines(file: BinaryIO) -> None:
    """Take away what a crash has left of a last line, be it the first one; what is no file of ours stays as it is."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    first = file.read(len(START))
    ours = first == START or (size == len(first) and START.startswith(first))
    file.seek(max(0, size - LONGEST))
    end = file.read(LONGEST)
    rest = end[end.rfind(b"\n") + 1 :]
    if ours and rest and (len(rest) < len(end) or size == len(end)):
        file.truncate(size - len(rest))
    file.seek(0)


def locked(file: BinaryIO) -> bool:
    """Whether the file is ours alone until it is closed; where a file system knows no locks, it is taken to be."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
