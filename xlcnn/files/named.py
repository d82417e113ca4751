"""The files that people name: files, folders, and patterns such as ``photos/*.jpg``, which not every shell replaces."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from xlcnn.errors import XlcnnError, printable


@dataclass(frozen=True)
class Named:
    """The files that names stand for, in their order; and the names that stand for none, with what is wrong."""

    paths: tuple[str, ...]
    wrong: tuple[tuple[str, XlcnnError], ...] = ()

    @property
    def count(self) -> int:
        """Of all that has an answer of its own."""
        return len(self.paths) + len(self.wrong)

    @property
    def once(self) -> Named:
        """Each file once, however its folder is written; under another name of its own it is another file."""
        first: dict[tuple[str, str], str] = {}
        for path in self.paths:
            first.setdefault(identity(path), path)
        return replace(self, paths=tuple(first.values()))


def all_named(names: Sequence[str], endings: Sequence[str], what: str, wrong: Callable[[str], XlcnnError]) -> Named:
    """What several names stand for (see `files_named`); ``-`` can be read but once. Raises the first error where all are wrong."""
    paths: list[str] = []
    failed: list[tuple[str, XlcnnError]] = []
    for place, name in enumerate(names):
        if name == "-" and "-" in names[:place]:
            continue
        try:
            paths += files_named(name, endings, what, wrong)
        except XlcnnError as error:
            failed.append((name, error))
    if failed and not paths:
        raise failed[0][1]
    return Named(tuple(paths), tuple(failed))


def identity(path: str) -> tuple[str, str]:
    """What two names of one file have in common."""
    try:
        return (path, "") if path == "-" else (os.path.normcase(os.path.realpath(path)), os.path.basename(path))
    except (OSError, ValueError):  # a name that no file can have
        return path, ""


def is_many(path: str) -> bool:
    """Whether a folder or a pattern is meant; a file that is named like a pattern is a file."""
    return path not in ("", "-") and (Path(path).is_dir() or (has_magic(path) and not Path(path).exists()))


def files_named(path: str, endings: Sequence[str], what: str, wrong: Callable[[str], XlcnnError]) -> list[str]:
    """The files that `path` stands for, sorted: of a folder those with one of the `endings`, in small letters; of a pattern, all.

    `what` they are, for the message. What is neither folder nor pattern stands for itself, and only so is a hidden file meant.
    Raises `wrong` where there is none.
    """
    if not path:
        raise wrong(f"an empty name stands for no file; name {what}, a folder of them or a pattern")
    if not is_many(path):
        return [path]
    if Path(path).is_dir():
        try:
            there = sorted(Path(path).iterdir())
        except OSError as error:
            raise wrong(f"{printable(path)} cannot be searched: {error.strerror}") from None
        inside = [str(p) for p in there if p.suffix.lower() in endings and p.is_file() and not is_hidden(p)]
        if not inside:
            raise wrong(f"{printable(path)} is a folder without {what} ({', '.join(endings)})")
        return inside
    found = sorted(p for p in glob(path, recursive=True) if Path(p).is_file() and not is_lock(Path(p)))
    if not found:
        raise wrong(f"{printable(path)}: no file has such a name")
    return found


def is_hidden(path: Path) -> bool:
    """What nobody sees in a folder: macOS puts ``._7.png`` beside ``7.png`` on other systems' disks."""
    return path.name.startswith(".") or is_lock(path)


def is_lock(path: Path) -> bool:
    """What Excel and LibreOffice leave beside a workbook that somebody has opened."""
    return path.name.startswith(("~$", ".~lock."))
