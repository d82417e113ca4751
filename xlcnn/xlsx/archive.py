"""The zip archive of a package (ECMA-376 Part 2), opened only if every program finds the same parts in it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from xlcnn.errors import WorkbookError
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.xml import refuse

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCAL, END = b"PK\x03\x04", b"PK\x05\x06"
TYPES = "[Content_Types].xml"


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive. Whatever goes wrong with it becomes a `WorkbookError` in one line."""
    if data[:8] == OLE:
        raise WorkbookError("is an encrypted workbook or an old .xls file; save it as .xlsx without a password")
    if len(data) > limits.file_bytes:
        raise WorkbookError(f"is larger than {limits.file_bytes // 2**20} MB")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check(archive, data, limits)
            yield archive
    except WorkbookError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OSError,
    ) as error:
        raise WorkbookError(f"is not a workbook that can be read ({str(error) or type(error).__name__})") from None


def check(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> None:
    """Raises `WorkbookError` where programs would find other parts, or too many."""
    infos = archive.infolist()
    if len(infos) > limits.parts:
        raise WorkbookError(f"has more than {limits.parts} parts")
    if sum(i.file_size for i in infos) > limits.unpacked_bytes:
        raise WorkbookError(f"unpacks to more than {limits.unpacked_bytes // 2**20} MB")
    first = min((i.header_offset for i in infos), default=0)
    if first or not data.startswith(LOCAL) or END in archive.comment:
        refuse("the archive", "has other data around its parts, in which programs may find other parts")
    seen: dict[str, str] = {}
    for info in infos:
        check_entry(info)
        key = info.filename.encode("ascii", "backslashreplace").decode().upper().rstrip("/")  # ASCII letters alone
        if key in seen:
            refuse("the archive", f"holds {info.filename} twice" + capitals(info.filename, seen[key]))
        seen[key] = info.filename
    check_gaps(archive, data)


def capitals(name: str, other: str) -> str:
    return "" if name == other else f", once as {other}: names that differ in capitals only are one name"


def check_entry(info: zipfile.ZipInfo) -> None:
    """Raises `WorkbookError` for what can be no part's name (ECMA-376 Part 2, "Part names"), or is packed as not all read it."""
    name = info.filename
    odd = info.orig_filename != name or name.startswith("/") or any(c in name for c in "\\\0") or not name.isprintable()
    steps = name.rstrip("/").split("/")
    if odd or any(step in ("", ".", "..") or step.endswith(".") for step in steps):
        refuse("the archive", f"holds {name!r}, which cannot be the name of a part")
    if "[" in name and name != TYPES:
        refuse("the archive", f"holds a part in pieces, {name}, which not every program puts together")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refuse(name, "is packed in another way than deflated, which not every program reads")


def check_gaps(archive: zipfile.ZipFile, data: bytes) -> None:
    """Raises `WorkbookError` where parts overlap, or a part stands between two others that the archive's directory does not list.

    A program that reads an archive from its beginning would see it. After a part may stand a descriptor of up to 24 bytes.
    """
    infos = sorted(archive.infolist(), key=lambda i: i.header_offset)
    ends = [i.header_offset for i in infos[1:]] + [archive.start_dir]
    for info, following in zip(infos, ends, strict=True):
        head = data[info.header_offset : info.header_offset + 30]
        start = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        end = start + info.compress_size
        if end > following:
            refuse("the archive", f"holds {info.filename} on top of another part")
        if LOCAL in data[end:following]:
            refuse("the archive", f"hides a part after {info.filename} that its directory does not list")
