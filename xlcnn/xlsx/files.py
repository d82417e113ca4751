"""Files that are whole, old or new, whatever happens to the command that writes them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from xlcnn.errors import WorkbookError, printable


def check_target(path: Path, force: bool, *sources: Path) -> None:
    """Raises `WorkbookError` where a file may not be written: it exists, is a folder, or is one of those that are read."""
    shown = printable(path)
    try:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.lstat()  # raises where no file can have this name; from Python 3.14 on `exists` only says no
        if read_too([path], sources):
            raise WorkbookError(f"{shown} is the file that is read; give another name to what is written")
        if path.is_dir():
            raise WorkbookError(f"{shown} is a folder; give the name of a file")
        if path.exists() and not path.is_file():
            raise WorkbookError(f"{shown} is no regular file, and would be replaced; give the name of a file")
        if path.exists() and not force:
            raise WorkbookError(existing(path))
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def read_too(paths: Iterable[Path], sources: Iterable[Path]) -> Path | None:
    """One of some files that is among those that are read, by whatever name; there may be thousands of both."""
    written = {place: path for path in paths if (place := place_of(path)) is not None}
    return next((written[place] for source in sources if written and (place := place_of(source)) in written), None)


def place_of(path: Path) -> tuple[int, int] | None:
    """What all names of a file have in common; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def check_targets(paths: Sequence[Path], force: bool, sources: Sequence[Path]) -> None:
    """Raises `WorkbookError` where one of the files that long work ends with may not or cannot be written, before it begins."""
    for path in paths:
        check_target(path, force, *sources)
        check_place(path)
    once_each(paths)


def check_place(path: Path) -> None:
    """Raises `WorkbookError` where no file can be made in its folder, or in the nearest one that is there."""
    try:
        folder = next(each for each in path.absolute().parents if each.exists())
        if not folder.is_dir():
            raise no_folder(folder)
        with TemporaryFile(dir=folder) as file:  # a try is the only sure answer: rights, a read-only disk, a full one
            file.write(bytes(4096))
    except OSError as error:
        raise unwritable(path, error) from None


def check_workbook_name(path: Path) -> None:
    """Raises `WorkbookError` for a name by which no program would know a workbook."""
    if path.suffix.lower() != ".xlsx":
        raise WorkbookError(f"{printable(path)} does not end in .xlsx, so no spreadsheet program would open it")


def once_each(paths: Sequence[Path]) -> None:
    """Raises `WorkbookError` where two things are to be written into one file."""
    seen: set[str] = set()
    for path in paths:
        whole = os.path.realpath(path)
        if whole in seen:
            raise WorkbookError(f"{printable(path)} is to hold two things; give each a name of its own")
        seen.add(whole)


def existing(path: Path) -> str:
    return f"{printable(path)} exists already; give --force to replace it, or another name"


def write_whole(path: Path, data: bytes, force: bool) -> None:
    """Write a file whole or not at all; an existing one is replaced only if `force`. Raises `WorkbookError`."""
    check_target(path, force)
    try:
        make_folder(path.parent)
        remove_leftovers(path)
        temporary = path.with_name(f"{_prefix(path)}{os.getpid()}.tmp")
        try:
            with open(temporary, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if force:
                os.replace(temporary, path)
            else:
                _place_new(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise WorkbookError(existing(path)) from None
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in. Raises `WorkbookError` where one of them is a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        wrong = next((each for each in (folder, *folder.parents) if each.exists() and not each.is_dir()), folder)
        raise no_folder(wrong) from None


def no_folder(path: Path) -> WorkbookError:
    return WorkbookError(f"{printable(path)} is a file and no folder; give another name")


def unwritable(path: Path, error: Exception) -> WorkbookError:
    return WorkbookError(f"{printable(path)} cannot be written: {getattr(error, 'strerror', None) or error}")


def _place_new(temporary: Path, path: Path) -> None:
    """Give the file its name unless somebody has taken it meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as many USB sticks have
        if path.exists():
            raise FileExistsError from None
        os.rename(temporary, path)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files that a killed command left beside its target."""
    for leftover in path.parent.iterdir():
        name = leftover.name
        if name.startswith(_prefix(path)) and name.endswith(".tmp"):
            process = name.removeprefix(_prefix(path)).removesuffix(".tmp")
            if process.isdecimal() and not _is_alive(int(process)):
                leftover.unlink(missing_ok=True)


def _prefix(path: Path) -> str:
    return f".{path.name[:40]}."


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # there, the question itself would end the process
    try:
        os.kill(process, 0)  # asks, and does nothing
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return process != os.getpid()
