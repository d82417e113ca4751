"""From openpyxl's workbook to the bytes of a file: results computed by a real engine, and the same bytes every time."""

from __future__ import annotations

import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import formualizer
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from xlcnn.errors import EngineError
from xlcnn.workbook.strings import share_strings

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def to_bytes(book: Workbook) -> bytes:
    """The file with a stored result in every formula cell. Raises `EngineError` where a formula fails."""
    book.properties.creator = "xlcnn"
    book.properties.created = book.properties.modified = datetime.datetime(*EPOCH)
    raw = BytesIO()
    InMemory(book, ZipFile(raw, "w", ZIP_STORED, allowZip64=True)).save()
    return timeless(store_results(raw.getvalue()))


class InMemory(ExcelWriter):  # type: ignore[misc]
    """Writes no sheet to a temporary file first, as openpyxl does: a killed command would leave it behind, a full disk stop it."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], out.getvalue())
        self.manifest.append(ws)


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
