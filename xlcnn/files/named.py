"""The files that people name: files, folders, and patterns such as ``photos/*.jpg``, which not every shell replaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from glob import glob, has_magic
from pathlib import Path

from xlcnn.errors import XlcnnError, printable


def is_many(path: str) -> bool:
    """Whether a folder or a pattern is meant; a file that is named like a pattern is a file."""
    return path not in ("", "-") and (Path(path).is_dir() or (has_magic(path) and not Path(path).exists()))


def files_named(path: str, endings: Sequence[str], what: str, wrong: Callable[[str], XlcnnError]) -> list[str]:
    """The files that `path` stands for, sorted: of a folder those with one of the `endings`, in small letters; of a pattern, all.

    `what` they are, for the message. What is neither folder nor pattern stands for itself. Raises `wrong` where there is none.
    """
    if not is_many(path):
        return [path]
    if Path(path).is_dir():
        inside = sorted(str(p) for p in Path(path).iterdir() if p.suffix.lower() in endings and p.is_file() and not is_lock(p))
        if not inside:
            raise wrong(f"{printable(path)} is a folder without {what} ({', '.join(endings)})")
        return inside
    found = sorted(p for p in glob(path, recursive=True) if Path(p).is_file() and not is_lock(Path(p)))
    if not found:
        raise wrong(f"{printable(path)}: no file has such a name")
    return found


def is_lock(path: Path) -> bool:
    """What Excel and LibreOffice leave beside a workbook that somebody has opened."""
    return path.name.startswith(("~$", ".~lock."))
