"""How pages are printed: in landscape, and large enough to be read."""

from __future__ import annotations

from tests.workbook.test_heading import Made, made
from xlcnn.workbook.page import PAPER

__all__ = ["made"]
LEAST = 4.0  # points of a map's numbers on paper; those on the screen have 7
GUIDE = 4.5  # points of the guide's words, a page of text: with reserve, LibreOffice prints 5 to 5.5; on the screen 10


def test_every_sheet_is_printed_on_one_page_in_landscape_and_can_be_read(made: Made) -> None:
    for name, page in made.pages.items():
        setup = page.sheet.page_setup
        assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 1), name
        last = page.sheet[page.sheet.print_area.split(":")[1].replace("$", "")]
        width = page.pixels(1, last.column)
        height = sum(page.rows.heights.get(row, 0) for row in range(1, last.row + 1)) / 0.75
        scale = min(PAPER[0] / width, PAPER[1] / height)
        assert scale * (10 if name == "guide" else 7) >= (GUIDE if name == "guide" else LEAST), name
