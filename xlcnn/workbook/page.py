"""What every sheet has in common: titles, square cells, frozen headings, and a print set-up of one page."""

from __future__ import annotations

from math import ceil

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.blocks import a1, sheet_ref
from xlcnn.workbook import styles


def write_text(sheet: Worksheet, row: int, col: int, text: str, font: Font, alignment: Alignment | None = None) -> None:
    """Words, never a formula: what starts like one is stored as text."""
    cell = sheet.cell(row, col)
    cell.value = text or None
    if text and cell.data_type != "s":
        cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    cell.font = font
    if alignment:
        cell.alignment = alignment


def write_wrapped(
    sheet: Worksheet, row: int, col: int, width: int, text: str, font: Font, pixels: float, cell: float = styles.CELL
) -> None:
    """Words over `width` columns of `cell` pixels, in as many lines as they need at `pixels` a character."""
    write_text(sheet, row, col, text, font, styles.WRAP)
    merge(sheet, row, col, width)
    lines = sum(max(1, ceil(len(line) * pixels / (width * cell))) for line in text.split("\n"))
    sheet.row_dimensions[row].height = 13 * lines + 4


def merge(sheet: Worksheet, row: int, col: int, width: int, height: int = 1) -> None:
    """Make a block of cells one. openpyxl's own `merge_cells` also styles each cell's border, which took a tenth of `make`."""
    sheet.merged_cells.add(f"{a1(row, col)}:{a1(row + height - 1, col + width - 1)}")


def link(sheet: Worksheet, row: int, col: int, target: str, tip: str) -> None:
    """Make a cell a link to the top of another sheet of this workbook."""
    where = f"{sheet_ref(target)}!A1"
    sheet.cell(row, col).hyperlink = Hyperlink(ref=a1(row, col), location=where, tooltip=tip)
    sheet.cell(row, col).font = styles.BACK


def square_cells(sheet: Worksheet, rows: int, cols: int, cell: int) -> None:
    """Cells of `cell` × `cell` pixels: Arial's digits are 7 pixels wide in every program."""
    widths = ColumnDimension(sheet, min=1, max=cols, width=cell / 7, customWidth=True)
    sheet.column_dimensions["A"] = widths
    sheet.sheet_format.defaultColWidth = cell / 7
    sheet.sheet_format.defaultRowHeight = cell * 0.75
    sheet.sheet_format.customHeight = True
    for row in range(1, rows + 1):
        sheet.row_dimensions[row].height = cell * 0.75


def set_up(sheet: Worksheet, rows: int, cols: int, zoom: int, freeze: str | None) -> None:
    """No grid lines, one landscape page."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = zoom
    sheet.sheet_view.zoomScaleNormal = zoom
    sheet.freeze_panes = freeze
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(cols)}{rows}"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.4
    margins.bottom, margins.footer = 0.75, 0.35
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
