"""Parts packed as a zip archive (PKWARE's APPNOTE 6.3.10, 4.3): the same bytes every time, deflated by libdeflate.

``zipfile`` can only deflate with zlib, which takes twice as long for a file that is a twentieth larger.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

import deflate

from xlcnn.errors import WorkbookError

LOCAL, ENTRY, END = "<4s5H3I2H", "<4s6H3I5H2I", "<4s4H2IH"
VERSION, UNIX, DEFLATED = 20, 3 << 8, 8
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can name
MOMENT = 0, (EPOCH[0] - 1980) << 9 | EPOCH[1] << 5 | EPOCH[2]  # the same as it stands there: time and date
OURS = 0o600 << 16  # who may read and write
LEVEL = 7  # of 12: 9 takes four times as long for a hundredth less
LARGE, LONGEST, OTHERS = 1 << 24, 8, 10  # bytes of a large archive; in it the level of the part that all wait for, and of others
MOST = 1 << 32  # bytes: beyond, the format is another one


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The archive of parts with ASCII names. Raises `WorkbookError` if it would be larger than 4 GB."""
    body: list[bytes | bytearray] = []
    directory: list[bytes] = []
    at = 0
    with ThreadPoolExecutor() as pool:  # libdeflate does not need Python's lock
        deflated = list(pool.map(deflate.deflate_compress, parts.values(), levels([*map(len, parts.values())])))
    for (name, content), packed in zip(parts.items(), deflated, strict=True):
        if at + max(len(content), len(packed)) >= MOST:
            raise WorkbookError("the workbook would be larger than 4 GB; use smaller images or fewer maps")
        title = name.encode("ascii")
        about: tuple[int, ...] = (VERSION, 0, DEFLATED, *MOMENT, crc32(content), len(packed), len(content), len(title), 0)
        body += [struct.pack(LOCAL, b"PK\3\4", *about), title, packed]
        directory += [struct.pack(ENTRY, b"PK\1\2", UNIX | VERSION, *about, 0, 0, 0, OURS, at), title]
        at += struct.calcsize(LOCAL) + len(title) + len(packed)
    listed = b"".join(directory)
    return b"".join([*body, listed, struct.pack(END, b"PK\5\6", 0, 0, len(parts), len(parts), len(listed), at, 0)])


def levels(sizes: Sequence[int]) -> list[int]:
    """How hard each part is deflated: in a large archive harder, where another core has the time."""
    if sum(sizes) < LARGE:
        return [LEVEL] * len(sizes)
    return [LONGEST if size > sum(sizes) / 2 else OTHERS for size in sizes]
