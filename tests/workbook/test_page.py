"""How pages are printed: in landscape, and large enough to be read."""

from __future__ import annotations

from tests.workbook.test_heading import Made, made
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Notice
from xlcnn.workbook.page import PAPER, words_width
from xlcnn.workbook.styles import VALUES

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


def test_rows_are_as_high_as_the_writing_in_them(made: Made) -> None:
    """Also where the cells are small, since they hold pictures to look at."""
    for name, placed in made.layout.items():
        heights = made.pages[name].rows.heights
        for block in placed.blocks:
            part = placed.parts[block.part]
            usual = "notice" if isinstance(part, Notice) else "score" if block.span > 1 else "number"
            if part.shown not in WITHOUT_NUMBER:
                high = sum(heights[block.row + k] for k in range(block.rise))
                assert high >= VALUES[part.look or usual].font.size, (name, block.label)


def test_what_is_said_of_pixels_is_not_shrunk(made: Made) -> None:
    for name in ("input", "samples", "draw"):
        (block,) = (b for b in made.layout[name].blocks if b.part == "valid")
        assert words_width(made.words["notices", "pixel"], "caption") <= made.pages[name].pixels(block.col, block.span), name
