"""What a file is by its first bytes, where Pillow alone does not say: pictures of phones, and what is no picture of pixels."""

from __future__ import annotations

import re
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

AVIF = {b"avif", b"avis"}
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
HEIF = {b"mif1", b"msf1"}  # of any codec; that of AVIF stands beside it
MOST = 2**16  # bytes, or letters, that are looked at: comments may stand before the drawing begins
BEFORE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
BEGINS = re.compile(r"<(?:[\w.-]{1,40}:)?svg[\s/>]")


def kind(data: bytes) -> str:
    """``HEIC``, ``AVIF``, ``SVG``, ``PDF``, or nothing for whatever else it is; a name's ending says nothing."""
    found = brands(data)
    for brand in found:
        if brand in AVIF:
            return "AVIF"
        if brand in HEIC:
            return "HEIC"
    if not HEIF.isdisjoint(found):
        return "HEIC"
    if data[:MOST].lstrip().startswith(b"%PDF-"):
        return "PDF"
    return "SVG" if is_svg(data) else ""


def brands(data: bytes) -> list[bytes]:
    """What a file of boxes (ISO base media) says that it is, the most important first; nothing for other files."""
    if data[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(data[:4], "big"), len(data), MOST)
    return [data[8:12], *(data[k : k + 4] for k in range(16, end - 3, 4))]


def is_svg(data: bytes) -> bool:
    """Whether a text, perhaps packed, begins as a drawing in XML does. It is not parsed: XML is a language of traps."""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data[:MOST], MOST)
        except zlib.error:
            return False
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    text = data[:MOST].decode(encoding, errors="ignore")
    place = 0
    while found := BEFORE.match(text, place):
        place = found.end()
    return BEGINS.match(text, place) is not None
