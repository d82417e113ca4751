"""From openpyxl's workbook, and rows of our own, to the bytes of a file: the same bytes every time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element, SubElement

from xlcnn.grid.references import a1
from xlcnn.xlsx.names import named
from xlcnn.xlsx.rows import Rows, SheetForm
from xlcnn.xlsx.zipped import EPOCH, zipped

ROWS = b"<sheetData></sheetData>"  # what openpyxl writes of a sheet that it knows no cells of


def packed(book: Workbook, rows: Mapping[str, Rows], names: Mapping[str, str] | None = None) -> bytes:
    """The file of a workbook whose cells are `rows`, none of them blank, by sheet, with defined `names`; all else is openpyxl's."""
    parts = parts_without_rows(book, rows, names or {})
    nothing = np.empty(0)
    return zipped(with_rows(parts, {part_of(book, title): (some.form(), nothing) for title, some in rows.items()}))


def parts_without_rows(book: Workbook, rows: Mapping[str, Rows], names: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of the package of a workbook whose cells are `rows`, in which the rows themselves are not yet."""
    book.properties.creator = "xlcnn"
    book.properties.created = book.properties.modified = datetime.datetime(*EPOCH)
    raw = BytesIO()
    SheetsWithoutRows(book, ZipFile(raw, "w", ZIP_STORED), rows).save()
    with ZipFile(raw) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return named(next(iter(rows.values())).strings.added_to(parts), names)


def part_of(book: Workbook, title: str) -> str:
    """The part of a sheet."""
    return str(book[title].path[1:])


def with_rows(parts: Mapping[str, bytes], rows: Mapping[str, tuple[SheetForm, np.ndarray]]) -> dict[str, bytes]:
    """The parts of a package with the rows of its sheets, by their parts, and what is filled into them."""
    found = dict(parts)
    for name, (form, numbers) in rows.items():
        before, _, behind = parts[name].partition(ROWS)
        found[name] = b"".join([before, b"<sheetData>", *form.filled(numbers), b"</sheetData>", behind])
    return found


class SheetsWithoutRows(ExcelWriter):  # type: ignore[misc]
    """Writes no sheet to a temporary file first, as openpyxl does: a killed command would leave it behind, a full disk stop it."""

    def __init__(self, book: Workbook, archive: ZipFile, rows: Mapping[str, Rows]) -> None:
        super().__init__(book, archive)
        self.rows = rows

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = BytesIO()
        links = ws._hyperlinks
        writer = SheetWriter(ws, out)
        ws._hyperlinks = links  # which the writer expects to find in the cells
        writer.rows = self.rows[ws.title]
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


class SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """Everything of a sheet but its rows: the range that they take, and which of their cells are one."""

    rows: Rows

    def write_dimensions(self) -> None:
        self.xf.send(SheetDimension(f"A1:{a1(*self.rows.extent())}").to_tree())

    def write_merged_cells(self) -> None:
        """In order: thousands of them in any other take up as much of a file as many numbers."""
        if self.rows.merged:
            tree = Element("mergeCells", count=str(len(self.rows.merged)))
            for row, col, rows, cols in sorted(self.rows.merged):
                SubElement(tree, "mergeCell", ref=f"{a1(row, col)}:{a1(row + rows - 1, col + cols - 1)}")
            self.xf.send(tree)

    def write_rows(self) -> None:
        xf = self.xf.send(True)
        with xf.element("sheetData"):
            pass
        self.xf.send(None)  # gives control back to the generator
