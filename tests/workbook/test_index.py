"""A sheet with many maps has links to each row of them, in the rows that stay in view; one with few is as ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from tests.networks import build, general_words, write_workbook
from tests.sheets.learning.lesson import WHOLE
from tests.verifier.helpers import problems
from xlcnn.grid.references import split_cell
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.lesson.general import general_languages
from xlcnn.lesson.templates import Template
from xlcnn.network.files import save_network
from xlcnn.sheets.looks import Note
from xlcnn.sheets.plan import plan
from xlcnn.workbook.heading import headings, panels
from xlcnn.workbook.index import BROAD, MANY, PANEL, index, rows_of_maps
from xlcnn.workbook.page import Page, new_page, words_width
from xlcnn.xlsx.strings import SharedStrings

CONV: dict[str, Any] = {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 40, "kernel": 3}
MAPS = build([
    {"name": "input", "kind": "input", "shape": [20, 5, 5]}, CONV, {"name": "relu", "kind": "relu", "inputs": ["conv"]},
    {"name": "dense", "kind": "dense", "inputs": ["relu"], "units": 30},
])  # fmt: skip


def page(placed: PlacedSheet) -> Page:
    return new_page(Workbook(), placed.sheet, SharedStrings(), {})


def heads(placed: PlacedSheet) -> list[Note]:
    return panels(placed, general_words()) if placed.sheet.panels else []


def found(name: str) -> list[Note]:
    placed = lay_out(plan(MAPS.layers))[name]
    return [note for note in index(page(placed), placed, heads(placed), general_words()) if note.link]


def maps_of(note: Note) -> range:
    first, _, last = note.text.partition("–")
    return range(int(first), int(last or first) + 1)


@pytest.mark.parametrize(
    ("name", "part", "count", "start"), [("relu", "in", 40, 1), ("relu", "output", 40, 1), ("dense", "weight", 30, 0)]
)
def test_every_map_is_in_one_link_and_that_leads_to_its_row(name: str, part: str, count: int, start: int) -> None:
    placed = lay_out(plan(MAPS.layers))[name]
    blocks = [b for b in placed.blocks if b.part == part]
    columns = range(min(b.col for b in blocks), max(b.col + b.columns for b in blocks))
    mine = [note for note in found(name) if note.col in columns]
    assert [k for note in mine for k in maps_of(note)] == list(range(start, start + count))
    for note in mine:
        first, last = map(split_cell, note.cell.split(":"))
        block = next(b for b in blocks if b.index[0] == maps_of(note)[0] - start)
        assert (first, last) == ((block.row - 1, block.col), block.last)
        assert {b.row for b in blocks if b.index[0] + start in maps_of(note) and not any(b.index[1:])} == {block.row}


def test_the_index_of_thousands_of_maps_is_in_view() -> None:
    """It stands within one screen of the maps' first column, whatever their number, and leads to every part of them."""
    image, relu = {"name": "input", "kind": "input", "shape": [1, 3, 3]}, {"name": "relu", "kind": "relu", "inputs": ["conv"]}
    many = build([image, CONV | {"filters": 2000}, relu])
    placed = lay_out(plan(many.layers))["relu"]
    notes = [note for note in index(page(placed), placed, heads(placed), general_words()) if note.link]
    for part in ("in", "output"):
        first = min(b.col for b in placed.blocks if b.part == part)
        mine = [note for note in notes if 0 <= note.col - first < BROAD]
        assert len(mine) > 5
        assert [k for note in mine for k in maps_of(note)] == list(range(1, 2001))
        assert all(note.col + note.width <= first + BROAD for note in mine)


def test_filters_and_their_maps_share_an_index() -> None:
    """A filter's map stands beside it."""
    texts = [note.text for note in found("conv")]
    assert len(texts) == len({*texts})
    assert texts[0].startswith("1–")


def test_links_have_room_and_lie_on_nothing() -> None:
    layout = lay_out(plan(MAPS.layers))
    for name, placed in layout.items():
        there = page(placed)
        notes = headings(there, layout, placed, general_words().only(layout), 60)
        taken: set[tuple[int, int]] = set()
        for note in (n for n in notes if n.row == PANEL):
            cells = {(note.row, note.col + x) for x in range(note.width)}
            assert not taken & cells, (name, note.text)
            taken |= cells
            if note.link:
                assert words_width(note.text, note.style) < there.pixels(note.col, note.width)


def test_where_there_is_little_room_a_link_leads_to_several_rows() -> None:
    network = build([{"name": "input", "kind": "input", "shape": [700, 1, 2]}])
    placed = lay_out(plan(network.layers))["input"]
    links = [note for note in index(page(placed), placed, heads(placed), general_words()) if note.link]
    lines = rows_of_maps([b for b in placed.blocks if b.part == "output"])
    assert 2 <= len(links) < len(lines)
    assert [k for note in links for k in maps_of(note)] == list(range(1, 701))


def test_a_few_maps_need_no_index() -> None:
    network = build([{"name": "input", "kind": "input", "shape": [MANY, 5, 5]}])
    placed = lay_out(plan(network.layers))["input"]
    assert [*index(page(placed), placed, heads(placed), general_words())] == []


def test_the_lesson_has_none() -> None:
    for placed in lay_out(WHOLE).values():
        assert [*index(page(placed), placed, heads(placed), general_words())] == [], placed.name


@pytest.mark.parametrize("language", general_languages())
def test_its_workbook_is_verified_and_its_headings_stay_in_view(tmp_path: Path, language: str) -> None:
    save_network(MAPS, tmp_path)
    words = Template("mine", tmp_path).words(language)
    path = write_workbook(MAPS, tmp_path / "maps.xlsx", words=words)
    sheet = openpyxl.load_workbook(path)[lay_out(plan(MAPS.layers).titled(words.tab))["relu"].title]
    links = [cell for cell in sheet[PANEL] if cell.hyperlink]
    assert sheet.freeze_panes == f"A{PANEL + 1}"
    assert {link.hyperlink.location.split("!")[0] for link in links} == {sheet.title}
    assert len(links) >= 4
    assert problems(path, trials=0) == []
