"""From openpyxl's workbook to the bytes of a file: results computed by a real engine, and the same bytes every time."""

from __future__ import annotations

import datetime
import os
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import formualizer
from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from xlcnn.errors import EngineError, WorkbookError, printable
from xlcnn.workbook.strings import share_strings

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def to_bytes(book: Workbook) -> bytes:
    """The file with a stored result in every formula cell. Raises `EngineError` where a formula fails."""
    book.properties.creator = "xlcnn"
    book.properties.created = book.properties.modified = datetime.datetime(*EPOCH)
    raw = BytesIO()
    ExcelWriter(book, ZipFile(raw, "w", ZIP_STORED, allowZip64=True)).save()
    return timeless(store_results(raw.getvalue()))


def store_results(data: bytes) -> bytes:
    """Every formula computed by the spreadsheet engine and its result stored; nothing else is touched."""
    moment = datetime.datetime(*EPOCH, tzinfo=datetime.UTC)
    result = formualizer.recalculate_xlsx_bytes(data, deterministic_timestamp_utc=moment, external_links="refuse")
    summary = result["summary"]
    if summary["total_errors"]:
        raise EngineError(f"the spreadsheet engine could not compute {summary['total_errors']} formulas")
    return bytes(result["bytes"])


def timeless(data: bytes) -> bytes:
    """The same package with shared strings and every date set to 1980: same content, same bytes."""
    with ZipFile(BytesIO(data)) as old:
        parts = share_strings({name: old.read(name) for name in old.namelist()})
    out = BytesIO()
    with ZipFile(out, "w") as new:
        for name, content in parts.items():
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, content, compresslevel=6)
    return out.getvalue()


def write_whole(path: Path, data: bytes, force: bool) -> None:
    """Write a file whole or not at all; an existing one is replaced only if `force`. Raises `WorkbookError`."""
    shown = printable(path)
    exists = f"{shown} exists already; give --force to replace it, or --output for another name"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise WorkbookError(f"{shown} is a folder; give the name of a file")
        if path.exists() and not force:
            raise WorkbookError(exists)
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
        raise WorkbookError(exists) from None
    except OSError as error:
        raise WorkbookError(f"{shown} cannot be written: {error.strerror or error}") from None


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
