"""Numbers and texts put straight into the cells of a package, for engines that can only open files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np

from xlcnn.grid.references import a1
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.strings import escaped

Edits = Mapping[str, Sequence[tuple[int, int, np.ndarray]]]
"""Numbers (or texts) to put into cells: sheet → (row, column, matrix)."""

CELL = re.compile(rb"<((?:\w+:)?c)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|(?<!/)>[^<]*</(?:\w+:)?f>)")
TYPE = re.compile(rb'\st="\w+"')


def patched(book: Book, edits: Edits) -> bytes:
    """The workbook's bytes with `edits` in place of what the cells held; everything else as it was."""
    if not edits:
        return book.data
    replaced = {}
    with ZipFile(BytesIO(book.data)) as old:
        for sheet, changes in edits.items():
            values = {
                a1(row + y, col + x).encode(): value if isinstance(value, str) else float(value)
                for row, col, matrix in changes
                for y, line in enumerate(matrix)
                for x, value in enumerate(line)
            }
            replaced[book.paths[sheet]] = _replace(old.read(book.paths[sheet]), values)
        out = BytesIO()
        with ZipFile(out, "w", ZIP_STORED) as new:
            for name in old.namelist():
                new.writestr(name, replaced.get(name.lstrip("/"), old.read(name)))
    return out.getvalue()


def _replace(xml: bytes, values: dict[bytes, float | str]) -> bytes:
    def cell(match: re.Match[bytes]) -> bytes:
        tag, attributes = match[1], match[2]
        reference = REFERENCE.search(attributes)
        if reference is None or reference[1] not in values:
            return match[0]
        prefix = tag[:-1]
        value = values[reference[1]]
        kept = TYPE.sub(b"", attributes) + (b' t="str"' if isinstance(value, str) else b"")
        text = escaped(value).encode() if isinstance(value, str) else repr(value).encode()
        return b"<%s%s><%sv>%s</%sv></%s>" % (tag, kept, prefix, text, prefix, tag)

    return CELL.sub(cell, xml)


def without_formulas(book: Book, titles: Set[str]) -> Book:
    """The workbook in whose package some sheets hold their stored results alone."""
    paths = {book.paths[title] for title in titles}
    out = BytesIO()
    with ZipFile(BytesIO(book.data)) as old, ZipFile(out, "w", ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, FORMULA.sub(b"", content) if name.lstrip("/") in paths else content)
    return replace(book, data=out.getvalue())
