"""The rows of a sheet as `xlcnn.xlsx.rows` writes them, read without asking an XML parser about every cell.

Only a part of the format is understood here, and of it every byte: numbers, shared texts, formulas and their results, in rows and
cells in order, in plain letters. At anything else the sheet is read again, by the reader of all sheets (`xlcnn.xlsx.cells`), which
also finds the words for what is wrong. Where the rows begin and end is known without a parser because no part is read so that has a
comment, a CDATA section, a document type or an instruction: but for these, ``<`` stands in XML before a tag and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat
from math import isfinite
from operator import lt
from typing import NoReturn

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import COLUMNS, ROWS
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.cells import Columns, Numbers, value_of, written
from xlcnn.xlsx.shared import Shared

BOM, DECLARATION = b"\xef\xbb\xbf", b"<?xml "
FIRST, LAST = b"<sheetData>", b"</sheetData>"
NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?"
PLAIN = "[ !-%'-;=?-~]*"  # printable ASCII but & < >, which are escaped
TEXT = rf"{PLAIN}(?:&(?:amp|lt|gt);{PLAIN})*"
ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"(?: ht="([0-9]{1,5}(?:\.[0-9]{1,10})?)" customHeight="1")?>')
NUMBERS = re.compile(rf'(?:<c r="[A-Z]{{1,3}}[0-9]+" s="[0-9]{{1,9}}"><v>{NUMBER}</v></c>)+')
EACH_NUMBER = re.compile(r'<c r="([A-Z]+)([0-9]+)" s="([0-9]+)"><v>([^<]+)</v></c>')
CELL = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]+)" s="([0-9]{1,9})"(?: t="(s|str)")?(?:/>|>'
    rf'(?:(<f)(?: t="(shared)"(?: ref="([A-Z0-9:]{{1,21}})")? si="([0-9]{{1,9}})")?(?:/>|>({TEXT})</f>))?<v>({TEXT})</v></c>)'
)
ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class UnusualError(Exception):
    """Something that is to be read by the reader of all sheets."""


def cut(data: bytes) -> tuple[bytes, str]:
    """A sheet without its rows, and these. Raises `UnusualError`."""
    if (
        b"<!" in data
        or b"<?" in data.removeprefix(BOM).removeprefix(DECLARATION)
        or data.count(FIRST) != 1
        or data.count(b"sheetData>") != 2
    ):
        raise UnusualError
    start, end = data.index(FIRST) + len(FIRST), data.find(LAST)
    if end < start:
        raise UnusualError
    try:
        return data[:start] + data[end:], data[start:end].decode("ascii")
    except UnicodeDecodeError:
        raise UnusualError from None


def read_rows(part: str, text: str, found: SheetCells, strings: list[str], most: int) -> int:
    """Fill `found` with the cells of these rows, at most so many; say how many there were. Raises `UnusualError`."""
    columns, numbers, masters = Columns(), Numbers(), dict[str, Shared]()
    before = count = 0
    for row, height, body in rows(text):
        if not before < row <= ROWS:
            raise UnusualError
        before = row
        if body.count("<c ") > min(COLUMNS, most - count):  # before anything is made of them
            raise UnusualError
        if height:
            found.heights[row] = float(height)
        count += line_of_numbers(row, body, found, columns, numbers) or line(
            part, row, body, found, columns, numbers, strings, masters
        )
        if count > most:
            raise UnusualError
    return count


def rows(text: str) -> Iterator[tuple[int, str, str]]:
    """The number, the height and the cells of each row, one directly after the other."""
    at = 0
    while at < len(text):
        head = ROW.match(text, at)
        end = text.find("</row>", at)
        if head is None or end < 0:
            raise UnusualError
        yield int(head[1]), head[2], text[head.end() : end]
        at = end + len("</row>")


def line_of_numbers(row: int, body: str, found: SheetCells, columns: Columns, numbers: Numbers) -> int:
    """How many cells there are, if they all hold numbers: nearly all cells of a large network do."""
    if not NUMBERS.fullmatch(body):
        return 0
    letters, digits, styles, texts = zip(*EACH_NUMBER.findall(body), strict=True)
    cols = [columns[name] for name in letters]
    values = [float(text) for text in texts]
    if set(digits) != {str(row)} or not all(map(lt, [0, *cols], cols)) or not all(map(isfinite, values)):
        raise UnusualError
    cells: list[Cell] = list(zip(repeat(row), cols))
    found.values.update(zip(cells, values, strict=True))
    found.styles.update((cell, style) for cell, style in zip(cells, map(numbers.__getitem__, styles), strict=True) if style)
    return len(cells)


def line(
    part: str, row: int, body: str, found: SheetCells, columns: Columns, numbers: Numbers, strings: list[str],
    masters: dict[str, Shared],
) -> int:  # fmt: skip
    """How many cells there are, of any kind."""
    at = before = count = 0
    digits = str(row)
    while at < len(body):
        match = CELL.match(body, at)
        if match is None:
            raise UnusualError
        letters, number, style, kind, formula, shared, ref, si, text, value = match.groups()
        col = columns[letters]
        if number != digits or col <= before:
            raise UnusualError
        cell = row, col
        if formula:
            drag = {"t": "shared", "si": si} | ({"ref": ref} if ref else {}) if shared else {}
            found.formulas[cell] = written(part, cell, unescaped(text or ""), drag, masters)
        found.values[cell] = None if value is None else value_of(kind or "n", unescaped(value), strings, unusual)
        if numbers[style]:
            found.styles[cell] = numbers[style]
        at, before, count = match.end(), col, count + 1
    return count


def unescaped(text: str) -> str:
    """Letters in place of their escapes."""
    if "&" in text:
        for escape, letter in ESCAPES:
            text = text.replace(escape, letter)
    return text


def unusual(_: str) -> NoReturn:
    raise UnusualError
