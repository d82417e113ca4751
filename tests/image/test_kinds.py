"""What a file is, by its first bytes."""

import gzip
from struct import pack

import pytest

from xlcnn.image.kinds import kind


def boxes(*brands: bytes, size: int | None = None) -> bytes:
    """The first box of a file that names its brands, and something behind it."""
    body = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return pack(">I", 4 + len(body) if size is None else size) + body + b"\0\0\0\x08meta"


@pytest.mark.parametrize(
    ("brands", "what"),
    [
        ((b"heic", b"mif1", b"heic"), "HEIC"),
        ((b"heix",), "HEIC"),
        ((b"hevc", b"msf1"), "HEIC"),
        ((b"mif1",), "HEIC"),
        ((b"mif1", b"miaf", b"heic"), "HEIC"),
        ((b"avif", b"mif1", b"miaf"), "AVIF"),
        ((b"avis", b"msf1"), "AVIF"),
        ((b"mif1", b"miaf", b"avif"), "AVIF"),
        ((b"heic", b"avif"), "HEIC"),
        ((b"isom", b"mp42"), ""),
        ((b"qt  ",), ""),
    ],
)
def test_boxes_name_their_brands(brands: tuple[bytes, ...], what: str) -> None:
    assert kind(boxes(*brands)) == what


def test_brands_end_with_their_box() -> None:
    assert kind(boxes(b"isom", b"heic", size=16)) == ""
    assert kind(boxes(b"isom", b"heic", size=20)) == "HEIC"
    assert kind(boxes(b"isom", b"heic", size=2**32 - 1)) == "HEIC"
    assert kind(boxes(b"heic", size=0)) == "HEIC"
    assert kind(boxes(b"heic")[:12]) == "HEIC"
    assert kind(boxes(b"heic")[:10]) == ""


SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
ENTITIES = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [\n<!ENTITY a "b>c">\n]>'


@pytest.mark.parametrize(
    "text",
    [
        SVG,
        f"\n  {SVG}",
        f'<?xml version="1.0"?>\n<!-- made > by hand -->\n<!DOCTYPE svg>\n{SVG}',
        f"<?xml version='1.0'?>{ENTITIES}<!-- a --><!-- b -->{SVG}",
        "<svg>",
        "<svg\nwidth='1'>",
        "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
    ],
)
def test_drawings_of_lines_are_known(text: str) -> None:
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), gzip.compress(text.encode())):
        assert kind(data) == "SVG"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svgx>",
        b"<html><svg></svg></html>",
        b"<!-- <svg> ",
        b"<!DOCTYPE svg [ <svg>",
        b"an <svg>",
        b"\x1f\x8b and no more",
        gzip.compress(b"<html>", mtime=0),
        gzip.compress(b"<svg>", mtime=0)[:12],
        b"\x89PNG\r\n\x1a\n<svg>",
    ],
)
def test_nothing_else_is_a_drawing(data: bytes) -> None:
    assert kind(data) == ""


def test_documents_are_known() -> None:
    assert kind(b"%PDF-1.7\n") == kind(b"\r\n%PDF-2.0") == "PDF"
    assert kind(b"a %PDF-1.7") == ""


@pytest.mark.parametrize("piece", [b"<!---->", b"<?", b"<!--", b"<!DOCTYPE [ ]", b"] ", b" ", b"<a:", b"<!DOCTYPE a>"])
def test_an_answer_is_found_however_it_goes_on(piece: bytes) -> None:
    """A search that goes back and forth would not end in a lifetime."""
    for data in (piece * 10**6, b"<!DOCTYPE [" + piece * 10**6, gzip.compress(piece * 10**6)):
        assert kind(data) in ("", "SVG")
