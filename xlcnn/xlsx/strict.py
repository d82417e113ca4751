"""Strict workbooks (ISO/IEC 29500 Part 1) in the transitional form (Part 4), which is all that most programs and engines know.

The same elements, under other addresses: a workbook that Excel saved as *Strict Open XML Spreadsheet* is verified as any other.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

OOXML, SCHEMAS = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"

#: Strict → transitional, the longest first ([MS-OI29500] 1.3; ISO/IEC 29500-4, Annex A).
ADDRESSES = tuple(
    (OOXML + strict, SCHEMAS + usual)
    for strict, usual in (
        (b"officeDocument/relationships/extendedProperties", b"officeDocument/2006/relationships/extended-properties"),
        (b"officeDocument/relationships/customProperties", b"officeDocument/2006/relationships/custom-properties"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
        (b"officeDocument/extendedProperties", b"officeDocument/2006/extended-properties"),
        (b"officeDocument/customProperties", b"officeDocument/2006/custom-properties"),
        (b"officeDocument/docPropsVTypes", b"officeDocument/2006/docPropsVTypes"),
        (b"officeDocument/sharedTypes", b"officeDocument/2006/sharedTypes"),
        (b"officeDocument/math", b"officeDocument/2006/math"),
        (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
        (b"drawingml/spreadsheetDrawing", b"drawingml/2006/spreadsheetDrawing"),
        (b"drawingml/chartDrawing", b"drawingml/2006/chartDrawing"),
        (b"drawingml/chart", b"drawingml/2006/chart"),
        (b"drawingml/main", b"drawingml/2006/main"),
    )
)


def transitional(archive: zipfile.ZipFile) -> bytes:
    """The package with transitional addresses in its XML parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith((".xml", ".rels")) and OOXML in data:
                for strict, usual in ADDRESSES:
                    data = data.replace(strict, usual)
            new.writestr(name, data)
    return out.getvalue()
