"""One sheet as it is written: its cells with their styles, words, links, square cells, and a print set-up of one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.grid.references import a1, sheet_prefix
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.looks import Note
from xlcnn.workbook import styles
from xlcnn.workbook.cell_styles import style_number
from xlcnn.workbook.styles import Look
from xlcnn.xlsx.rows import Content, Rows
from xlcnn.xlsx.strings import SharedStrings
from xlcnn.xlsx.workarounds import link

CHARACTER = {"formula": 0.82}  # width of a character by its size in points, on the safe side; of all other styles:
USUAL_CHARACTER = 0.58
CAPITALS = 1.35  # how much wider the letters of formulas are: =SUMPRODUCT(B6,$P$6)
RAGGED = 1.18  # what lines lose because words are not broken
LINE, AROUND = 1.28, 2  # height of a line of words by its size, and points of the space around them
LIKE_A_FORMULA = ("=", "+", "-", "@")

MARGIN = 8  # pixels of the first column
PAPER = (1080, 700)  # the pixels of a landscape A4 page without its margins

StyleKey = tuple[Look, str, bool]


@dataclass(frozen=True)
class Page:
    """A sheet: `rows` are its cells, `sheet` is openpyxl's, for all else. `numbers` are those of the workbook's styles, `lines` of
    these for whole rows of a block.

    Its cells have the size `cell` (width, height) in pixels, but for the columns that are `wide`.
    """

    sheet: Worksheet
    rows: Rows
    numbers: dict[StyleKey, int]
    cell: tuple[int, int]
    wide: Mapping[int, int]
    lines: dict[tuple[Look, str, int, bool, bool], tuple[int, ...]] = field(default_factory=dict)

    def pixels(self, col: int, count: int = 1) -> int:
        """The width of so many columns."""
        wider = sum(width - self.cell[0] for c, width in self.wide.items() if col <= c < col + count)
        return max(0, count) * self.cell[0] + wider

    def style(self, look: Look, number_format: str = "General", quoted: bool = False) -> int:
        """The number of a cell style, made when it is first asked for. openpyxl compares styles by value: slow, so once."""
        key = (look, number_format, quoted)
        if key not in self.numbers:
            self.numbers[key] = style_number(self.sheet, *key)
        return self.numbers[key]

    def put(
        self,
        row: int,
        col: int,
        value: Content,
        look: Look,
        number_format: str = "General",
        span: int = 1,
        rise: int = 1,
        place: int | None = None,
    ) -> None:
        """A value in a cell, or in several made one; with a place among the sheet's numbers it is left blank.

        What is a text stays a text, also where it looks like a formula."""
        quoted = isinstance(value, str) and value[:1] in LIKE_A_FORMULA
        style = self.style(look, number_format, quoted)
        self.rows.put(row, col, style, value or None if isinstance(value, str) else value, place)
        if span * rise > 1:
            for y in range(rise):
                for x in range(span):
                    if x or y:
                        self.rows.put(row + y, col + x, style)
            self.rows.merged.append((row, col, rise, span))

    def heighten(self, row: int, points: float) -> None:
        """Make a row at least so high."""
        self.rows.heights[row] = max(self.rows.heights.get(row, 0), points)


def new_page(book: Workbook, sheet: Sheet, strings: SharedStrings, numbers: dict[StyleKey, int]) -> Page:
    """An empty page with the sheet's title, and a narrow first column as its margin."""
    return Page(book.create_sheet(sheet.title), Rows(strings), numbers, sheet.cell, {1: MARGIN, **sheet.wide})


def write_note(page: Page, note: Note, target: str = "", tip: str = "") -> None:
    """Words over their columns; `target` is the sheet of a link."""
    style = "back" if target and note.style != "nav" else note.style
    look = styles.as_line(styles.WORDS[style], note.ruled, note.wrap or note.rise > 1)
    page.put(note.row, note.col, note.text, look, span=note.width, rise=note.rise)
    if note.rise == 1 or note.wrap:
        height = needed_height(note, page.pixels(note.col, note.width))
        for row in range(note.row, note.row + note.rise):
            page.heighten(row, height / note.rise)
    if target:
        link(page.sheet, a1(note.row, note.col), sheet_prefix(target) + note.cell, tip)


def needed_height(note: Note, width: int) -> float:
    """The points that the words of a note need in so many pixels."""
    if not note.wrap:
        return round(styles.WORDS[note.style].font.size * 1.3, 1) if note.text else 0
    size = styles.WORDS[note.style].font.size
    lines = sum(lines_needed(line, note.style, width - 6) for line in note.text.split("\n"))
    return round(LINE * size * lines + AROUND, 1)


def lines_needed(text: str, style: str, width: float) -> int:
    """How many lines words take; a long one, such as a formula, is not broken and leaves much of a line empty."""
    if words_width(text, style) * CAPITALS <= width:
        return 1
    longest = max((words_width(word, style) for word in text.split(" ")), default=0)
    unbroken = CAPITALS * longest if longest > width / 3 else 0
    return max(1, ceil((words_width(text, style) * RAGGED + unbroken) / width))


def words_width(text: str, style: str) -> float:
    """The pixels that words need on one line."""
    return len(text) * styles.WORDS[style].font.size * CHARACTER.get(style, USUAL_CHARACTER)


def size_cells(page: Page, rows: int, cols: int) -> None:
    """Cells of one size, and columns that are wider: Arial's digits are 7 pixels wide in every program."""
    sheet, (cell, height) = page.sheet, page.cell
    first = 1
    for width, some in groupby(page.wide.get(col, cell) for col in range(1, cols + 1)):
        last = first + len(list(some)) - 1
        alike = ColumnDimension(sheet, min=first, max=last, width=width / 7, customWidth=True)
        sheet.column_dimensions[get_column_letter(first)] = alike
        first = last + 1
    sheet.sheet_format.defaultColWidth = cell / 7
    sheet.sheet_format.defaultRowHeight = height * 0.75
    sheet.sheet_format.customHeight = True
    for row in range(1, rows + 1):
        page.heighten(row, height * 0.75)


def set_up(page: Page, cols: int, rows: int, freeze: str | None, tab: str) -> None:
    """No grid lines, the first rows and columns on one page of landscape paper, a tab in its group's colour."""
    sheet = page.sheet
    sheet.sheet_properties.tabColor = "FF" + tab
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = freeze
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{get_column_letter(cols)}{rows}"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.25
    margins.bottom, margins.footer = 0.5, 0.2
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
