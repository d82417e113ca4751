"""What stands above the blocks fits on the first screen of a laptop, in every language, and leads on and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pytest
from openpyxl import Workbook

from tests.sheets.learning.lesson import NETWORK, TEMPLATE, WHOLE
from xlcnn import load_image
from xlcnn.grid.blocks import Block
from xlcnn.grid.references import split_cell
from xlcnn.layout.placed import LEFT, Layout, PlacedSheet, lay_out
from xlcnn.sheets.looks import Note
from xlcnn.sheets.words import Words
from xlcnn.workbook.heading import DOES, PANEL, SCREEN, TITLE, TRY, further, headings, legend, reach
from xlcnn.workbook.numbers import computed, given_numbers
from xlcnn.workbook.page import Page, new_page, words_width
from xlcnn.workbook.sheet import extent, write_sheet
from xlcnn.xlsx.strings import SharedStrings

WIDTH = 1240  # pixels that show cells on a laptop of 1366 × 768
GIVEN = given_numbers(NETWORK, load_image(TEMPLATE.sample(7), as_is=True), WHOLE, TEMPLATE.pictures, TEMPLATE.records)


@dataclass(frozen=True, eq=False, repr=False)  # a layout spelled out by a failing test would never end
class Made:
    """The lesson with its second part in one language, its sheets written one by one."""

    words: Words
    layout: Layout

    @cached_property
    def order(self) -> list[str]:
        return self.words.order(WHOLE.tabs)

    @cached_property
    def pages(self) -> dict[str, Page]:
        pages = {}
        book, strings = Workbook(), SharedStrings()
        for name in self.order:
            pages[name] = new_page(book, self.layout[name].sheet, strings, {})
        values = computed(self.layout, GIVEN, self.words)
        for name, placed in self.layout.items():
            write_sheet(pages[name], self.layout, placed, values[name] | GIVEN[name], self.words)
        return pages

    def columns(self, name: str) -> int:
        """The last column of a sheet's page."""
        placed = self.layout[name]
        sheets = {name: other.sheet for name, other in self.layout.items()}
        notes = list(placed.sheet.notes(self.words, sheets, {name: other.parts for name, other in self.layout.items()}))
        return extent(self.pages[name], placed, notes)[1]

    @cached_property
    def found(self) -> dict[str, list[Note]]:
        found = {}
        for name, page in self.pages.items():
            last = reach(page, self.columns(name) - 1)
            found[name] = headings(page, self.layout, self.layout[name], self.words, last)
        return found

    def headings(self, name: str) -> list[Note]:
        return self.found[name]


@pytest.fixture(scope="module", params=TEMPLATE.languages)
def made(request: pytest.FixtureRequest) -> Made:
    words = TEMPLATE.words(request.param)
    return Made(words, lay_out(WHOLE.titled(words.tab)))


def test_the_screen_is_a_laptops() -> None:
    assert SCREEN[0] == WIDTH


def test_everything_lies_on_the_first_screen_and_within_the_page(made: Made) -> None:
    for name in made.order:
        page, columns = made.pages[name], made.columns(name)
        for note in made.headings(name):
            if note.row == PANEL and note.style == "panel":
                continue  # headings over blocks: they stand where the blocks stand
            where = f"{name}: {note.text!r}"
            right = note.col + note.width - 1
            pixels = page.pixels(1, right)
            assert LEFT <= note.col <= right <= columns, where
            assert pixels <= WIDTH, where


def test_headings_over_blocks_stand_over_a_block(made: Made) -> None:
    for name in made.order:
        columns = {block.col for block in made.layout[name].blocks}
        heads = {note.col for note in made.headings(name) if note.style == "panel"}
        assert heads <= columns


def test_nothing_lies_on_something_else(made: Made) -> None:
    for name in made.order:
        taken: dict[tuple[int, int], str] = {}
        for note in made.headings(name):
            width = 1 if note.row == TITLE and note.col == LEFT else note.width
            for col in range(note.col, note.col + width):
                assert (note.row, col) not in taken, f"{name}: {note.text!r} lies on {taken[note.row, col]!r}"
                taken[note.row, col] = note.text


def test_a_title_ends_before_the_ways_begin(made: Made) -> None:
    for name in made.order:
        notes = [note for note in made.headings(name) if note.row == TITLE]
        (title,) = [note for note in notes if note.style == "title"]
        first = min((note.col for note in notes if note.link), default=0)
        room, needed = made.pages[name].pixels(title.col, first - title.col), words_width(title.text, "title")
        assert needed <= room, f"{name}: {title.text!r}"


def test_links_and_the_legend_have_room_for_their_words(made: Made) -> None:
    for name in made.order:
        for note in made.headings(name):
            if note.link or note.style in made.words.data["legend"]:
                room, needed = made.pages[name].pixels(note.col, note.width), words_width(note.text, note.style)
                assert needed <= room, f"{name}: {note.text!r}"


def test_every_sheet_has_its_title_what_it_does_and_what_to_try(made: Made) -> None:
    for name in made.order:
        sheet, notes = made.layout[name].sheet, made.headings(name)
        texts = {row: " ".join(note.text for note in notes if note.row == row) for row in (TITLE, DOES, TRY)}
        words = made.words
        title, does, try_ = words.title(sheet), words.does(sheet, made.layout[name].parts), words.try_(sheet)
        assert (title in texts[TITLE], does in texts[DOES], try_ in texts[TRY]) == (True, True, True), name


def test_every_sheet_shows_its_half_truths_and_corrections(made: Made) -> None:
    titles = {name: placed.title for name, placed in made.layout.items()}
    for name in made.order:
        shown = "\n".join(note.text for note in made.headings(name) if note.style == "mark")
        marks = "\n".join(made.words.marks(name, titles))
        assert shown == marks


def way(made: Made, name: str, key: str) -> list[str]:
    """The sheets that the links with such words in the first row lead to."""
    notes = [note for note in made.headings(name) if note.row == TITLE and note.link]
    return [n.link for n in notes if n.text == made.words["panels", key].format(made.layout[n.link].title)]


def test_every_tab_but_the_first_has_a_way_back_and_all_but_the_last_a_next(made: Made) -> None:
    order = made.order
    assert order[0] == "guide"
    assert sorted(order) == sorted(made.layout)
    back, onward = ({name: way(made, name, key) for name in order} for key in ("back", "next"))
    assert back == dict(zip(order, [[], *([name] for name in order[:-1])], strict=True))
    assert onward == dict(zip(order, [*([name] for name in order[1:]), []], strict=True))


def test_every_tab_leads_to_the_guide(made: Made) -> None:
    for name in made.order[1:]:
        links = {note.link for note in made.headings(name) if note.row == TITLE}
        assert "guide" in links


def test_the_legend_names_yours_exactly_where_something_may_be_changed(made: Made) -> None:
    found = set()
    for name, placed in made.layout.items():
        shown = [note for note in made.headings(name) if note.style == "yours"]
        there = placed.sheet.legend and any(part.editable for part in placed.parts.values())
        wanted = [made.words["legend", "yours"]] if there else []
        assert [note.text for note in shown] == wanted, name
        found |= {name} if there else set()
    assert {"input", "draw", "conv1", "loss"} <= found


def test_at_the_right_end_stand_the_legend_and_the_links(made: Made) -> None:
    for name, placed in made.layout.items():
        notes = sorted((note for note in made.headings(name) if note.row == TRY and note.style != "try"), key=lambda n: n.col)
        styles = [note.style for note in notes]
        links = [note.style for note in further(made.pages[name], placed, made.words)]
        colours = [note.style for note in legend(placed, made.words)]
        assert styles == colours + links, name


# ---- links to what the first screen does not show ----


def block_below(placed: PlacedSheet, note: Note) -> Block:
    """The block whose caption a link leads to."""
    row, col = split_cell(note.cell)
    (block,) = [b for b in placed.blocks if (b.row - 1, b.col) == (row, col)]
    return block


def hidden(page: Page, block: Block) -> bool:
    """Whether the end of a block is off the first screen."""
    height = sum(page.rows.heights.get(row, page.cell[1] * 0.75) for row in range(1, block.row + block.rows)) / 0.75
    return page.pixels(1, block.col + block.columns - 1) > SCREEN[0] or height > SCREEN[1]


def each_link(made: Made, check: Callable[[str, PlacedSheet, Note], None]) -> int:
    links = [(name, placed, n) for name, placed in made.layout.items() for n in further(made.pages[name], placed, made.words)]
    for link in links:
        check(*link)
    return len(links)


def test_each_link_leads_to_a_block_that_is_really_off_the_first_screen(made: Made) -> None:
    def check(name: str, placed: PlacedSheet, note: Note) -> None:
        block = block_below(placed, note)
        assert note.link == name
        announced, off = block.part in placed.sheet.announced, hidden(made.pages[name], block)
        assert (announced, off) == (True, True), f"{name}: {note.text}"

    count = each_link(made, check)
    assert count > 5


def test_an_arrow_points_to_where_the_block_is(made: Made) -> None:
    def check(name: str, placed: PlacedSheet, note: Note) -> None:
        block = block_below(placed, note)
        page = made.pages[name]
        assert note.text[-1] in "↓→"
        left, right = page.pixels(1, block.col), page.pixels(1, block.col + block.columns - 1)
        if note.text.endswith("↓"):
            assert left <= SCREEN[0], f"{name}: {note.text}"
        else:
            assert right > SCREEN[0], f"{name}: {note.text}"

    each_link(made, check)


def test_what_is_announced_and_cannot_be_seen_at_all_has_a_link(made: Made) -> None:
    for name, placed in made.layout.items():
        page = made.pages[name]
        linked = {block_below(placed, note).part for note in further(page, placed, made.words)}
        for part in placed.sheet.announced:
            blocks = [b for b in placed.blocks if b.part == part]
            if blocks and all(page.pixels(1, b.col) > SCREEN[0] for b in blocks):
                assert part in linked, f"{name}.{part}"
