"""The bytes of a regular file. A pipe or a device in its place would be read for ever."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MOST = 64 * 2**20
NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: Path, most: int = MOST) -> bytes:
    """The file's bytes. Raises `OSError` in words for what is no regular file, or has more than `most` bytes."""
    data = read_part(path, 0, most + 1)
    if len(data) > most:
        raise OSError(None, f"it is larger than {most // 2**20} MB", str(path))
    return data


def read_part(path: Path, first: int, most: int) -> bytes:
    """At most so many bytes of the file from one on. Raises `OSError` in words for what is no regular file."""
    if path.is_dir():
        raise OSError(None, "it is a folder, not a file", str(path))
    with open(os.open(path, os.O_RDONLY | NOT_WAITING), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "it is not a regular file", str(path))
        file.seek(first)
        return file.read(most)


def read_text(path: Path, most: int = MOST) -> str:
    """The same as text. Raises `ValueError`, too, where it is not in UTF-8; a mark at its beginning is dropped."""
    return read_regular(path, most).decode("utf-8-sig").replace("\r\n", "\n")


def reason(error: Exception) -> str:
    """What a message says of why a file could not be read."""
    return (isinstance(error, OSError) and error.strerror) or str(error)
