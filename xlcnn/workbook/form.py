"""A workbook with blanks for what follows from the picture: made once, filled in for every picture.

Formulas, words, looks and places are the same in the workbooks of all pictures; what differs are numbers, and the pictures
themselves with their sizes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from openpyxl.utils.units import pixels_to_EMU

from xlcnn.grid.references import a1_range, sheet_prefix
from xlcnn.layout.placed import Layout
from xlcnn.sheets.base import Place
from xlcnn.sheets.parts import Array, Values
from xlcnn.sheets.words import Words
from xlcnn.workbook import styles
from xlcnn.workbook.cell_styles import font
from xlcnn.workbook.numbers import in_order, standing
from xlcnn.workbook.page import Page, StyleKey, new_page
from xlcnn.workbook.sheet import add_pictures, write_sheet
from xlcnn.xlsx.package import part_of, parts_without_rows, with_rows
from xlcnn.xlsx.rows import SheetForm
from xlcnn.xlsx.strings import SharedStrings
from xlcnn.xlsx.workarounds import new_book
from xlcnn.xlsx.zipped import zipped

NO_SIZE = re.compile(rb'<ext cx="0" cy="0" ?/>')  # what a picture has as long as its size is blank


@dataclass(frozen=True)
class Pictured:
    """A picture of a sheet: its key, where it stands, the part that holds it, and the part of the drawing in which it is shown."""

    key: str
    place: Place
    media: str
    drawing: str


@dataclass(frozen=True)
class Form:
    """The parts of a package; of each sheet its part and its rows, with blanks; its pictures in order; the keys of all that
    were there; what stands already."""

    layout: Layout
    parts: Mapping[str, bytes]
    sheets: Mapping[str, tuple[str, SheetForm]]
    pictures: tuple[Pictured, ...]
    drawn: frozenset[str]
    standing: Mapping[str, Mapping[str, Array]]

    def fits(self, values: Mapping[str, Values], drawn: Mapping[str, bytes]) -> bool:
        """Whether a workbook with these numbers and pictures differs from the form in nothing but what is filled in."""
        return self.drawn == drawn.keys() and all(
            np.array_equal(stands, found)
            for sheet, parts in self.standing.items()
            for stands, found in zip(parts.values(), standing(self.layout[sheet], values[sheet]).values(), strict=True)
        )

    def filled(self, values: Mapping[str, Values], drawn: Mapping[str, bytes]) -> bytes:
        """The workbook's file: `values` by sheet and part, `drawn` the PNGs by their keys."""
        rows = {part: (form, in_order(self.layout[name], values[name])) for name, (part, form) in self.sheets.items()}
        return zipped(with_rows({**self.parts, **self.pictured(drawn)}, rows))

    def pictured(self, drawn: Mapping[str, bytes]) -> dict[str, bytes]:
        """The parts with the pictures, and the drawings with their sizes."""
        found = {picture.media: drawn[picture.key] for picture in self.pictures}
        for picture in self.pictures:  # the first of those whose size is not yet there
            size, drawing = size_in(picture.place, drawn[picture.key]), found.get(picture.drawing, self.parts[picture.drawing])
            found[picture.drawing] = NO_SIZE.sub(size, drawing, count=1)
        return found


def size_in(place: Place, png: bytes) -> bytes:
    """The size of a picture that fills its place as far as its shape allows (ECMA-376, 20.5.2.10)."""
    width, height = struct.unpack(">II", png[16:24])  # PNG (ISO/IEC 15948), 11.2.2
    scale = min(place.width / width, place.height / height)
    return b'<ext cx="%d" cy="%d"/>' % (pixels_to_EMU(round(width * scale)), pixels_to_EMU(round(height * scale)))


def form_of(
    layout: Layout,
    tabs: list[str],
    words: Words,
    values: Mapping[str, Values],
    drawn: Mapping[str, bytes],
    say: Callable[[str], object],
) -> Form:
    """The form of a workbook with these sheets, `tabs` in the order of their tabs, and with such numbers and pictures."""
    book = new_book(font(styles.DEFAULT))
    strings = SharedStrings()
    numbers: dict[StyleKey, int] = {}
    pages = {name: new_page(book, layout[name].sheet, strings, numbers) for name in tabs}
    shown: dict[str, list[tuple[str, Place]]] = {}
    for name, placed in layout.items():
        say(f"writing {placed.title}")
        write_sheet(pages[name], layout, placed, values[name], words)
        shown[name] = add_pictures(pages[name], placed, drawn)
    book.calculation.fullCalcOnLoad = True
    parts = parts_without_rows(book, {layout[name].title: page.rows for name, page in pages.items()}, names_of(layout))
    pictures = tuple(pictured for name, page in pages.items() for pictured in pictures_of(page, shown[name]))
    return Form(
        layout,
        parts | {picture.media: b"" for picture in pictures},
        {name: (part_of(book, layout[name].title), page.rows.form()) for name, page in pages.items()},
        pictures,
        frozenset(drawn),
        {name: standing(placed, values[name]) for name, placed in layout.items()},
    )


def pictures_of(page: Page, shown: list[tuple[str, Place]]) -> list[Pictured]:
    """The pictures of a sheet that was written, in the order in which they stand in its drawing."""
    images = page.sheet._images
    return [
        Pictured(key, place, image.path[1:], page.sheet._drawing.path[1:])
        for (key, place), image in zip(shown, images, strict=True)
    ]


def names_of(layout: Layout) -> dict[str, str]:
    """A defined name for every block, so that the workbook says itself where everything is."""
    return {
        placed.defined_name(block): sheet_prefix(placed.title) + a1_range(block)
        for placed in layout.values()
        for block in placed.blocks
    }
