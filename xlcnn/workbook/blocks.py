"""Writes the blocks of a sheet: values, formulas, captions, and what may be typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import isnan
from typing import TypeVar

import numpy as np
from openpyxl.worksheet.datavalidation import DataValidation

from xlcnn.grid.blocks import Block, Shape
from xlcnn.grid.references import a1_range
from xlcnn.layout.colours import MOST_RANGES
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Incoming, Labels, Limit, Menu, Part, Values
from xlcnn.sheets.words import Words
from xlcnn.workbook import styles
from xlcnn.workbook.numbers import first_places, offset
from xlcnn.workbook.page import LINE, Page, write_note
from xlcnn.workbook.styles import Look
from xlcnn.xlsx.rows import Content, FormulaText
from xlcnn.xlsx.workarounds import Ranges

ANY = "1000000000"  # a bound that no number to play with reaches
T = TypeVar("T")
FEW = 10  # whole numbers that are offered as a list


def write_blocks(page: Page, placed: PlacedSheet, values: Values, words: Words) -> None:
    """Every cell of every part, with blanks for numbers and results; `values` tell which of the cells that are given are empty."""
    first = first_places(placed)
    for block in placed.blocks:
        part = placed.parts[block.part]
        writer = BlockWriter(page, block, part, words)
        place = None if block.part not in first else first[block.part] + offset(block.index, part.shape)
        writer.write(contents(page, placed, block, values, words), place)
        writer.make_room()
    for block in placed.blocks:
        if placed.parts[block.part].captioned:
            write_caption(page, placed, block, words)
    for part in placed.parts.values():
        if part.limit is not None:
            blocks = [b for b in placed.blocks if b.part == part.name]
            for some in [blocks] if len(blocks) > MOST_RANGES else [[block] for block in blocks]:
                add_validation(page, placed, some, words)


def contents(page: Page, placed: PlacedSheet, block: Block, values: Values, words: Words) -> Iterator[Sequence[Content]]:
    """What the cells of a block hold, row by row."""
    part = placed.parts[block.part]
    if isinstance(part, Labels):
        labels = words.labels(placed.name, part)
        yield from batched([labels[index[0]] for _, index in placed.indices(block)], block.width)
        return
    if placed.shares_formula(block):
        shared = page.rows.next_shared()
        text = bare(placed, part, (*block.index, *(0,) * (len(part.shape) - len(block.index))))
        dragged = [FormulaText(None, 0.0, shared)] * block.width
        yield [FormulaText(text, 0.0, shared, a1_range(block, fixed=False)), *dragged[1:]]
        yield from [dragged] * (block.height - 1)
    elif isinstance(part, Incoming):
        padding = part.padding.value if part.padding.shown else None
        for texts in placed.links(block):
            yield [FormulaText(text, 0.0) if text else padding for text in texts]
    elif part.has_formula:
        result = "" if part.is_text else 0.0
        written = [FormulaText(bare(placed, part, index), result) for _, index in placed.indices(block)]
        yield from batched(written, block.width)
    else:
        choices = menu_words(placed, part, words)
        numbers = np.asarray(values[part.name][block.index], dtype=float).reshape(block.height, block.width)
        for line, empty in zip(numbers.tolist(), np.isnan(numbers).any(axis=1).tolist(), strict=True):
            yield [None if isnan(x) else choices[int(x) - 1] if choices else x for x in line] if choices or empty else line


def batched(cells: Sequence[T], width: int) -> Iterator[list[T]]:
    """The cells of a block in its rows."""
    return (list(cells[k : k + width]) for k in range(0, len(cells), width))


def bare(placed: PlacedSheet, part: Part, index: Shape) -> str:
    """The formula of a cell as the file holds it, without ``=``."""
    return (placed.formula(part.name, index) or "=")[1:]


def menu_words(placed: PlacedSheet, part: Part, words: Words) -> list[str]:
    """The words that a drop-down offers; none, if the part is no drop-down."""
    options = placed.parts[part.options] if isinstance(part, Menu) else None
    return words.labels(placed.name, options) if isinstance(options, Labels) else []


class BlockWriter:
    """Writes values into the cells of a block, all with one look."""

    def __init__(self, page: Page, block: Block, part: Part, words: Words) -> None:
        self.page, self.block = page, block
        look = styles.VALUES[part.look or ("score" if block.span > 1 else "number")]
        self.number_format = part.shown
        notice = getattr(part, "notice", "")
        if notice:  # nothing while all is well, and words in place of a 0
            look = styles.VALUES[part.look or "notice"]
            self.number_format = f';;"{words["notices", notice].replace(chr(34), "”")}"'
        self.look = styles.yours(look) if part.editable else look
        self.numbers_alone = block.span * block.rise == 1 and not isinstance(part, Labels | Menu)

    def write(self, lines: Iterable[Sequence[Content]], place: int | None) -> None:
        """The cells of the block, row by row; `place` is that of the first among the sheet's numbers."""
        block = self.block
        if self.numbers_alone:  # nearly all blocks, so the quick way
            self.page.rows.put_lines(block.row, block.col, self.styles(), lines, place)
            return
        for k, (cell, value) in enumerate(zip(block.cells(), chain.from_iterable(lines), strict=True)):
            there = None if place is None else place + k
            self.page.put(*cell, value, self.look, self.number_format, block.span, block.rise, there)

    def make_room(self) -> None:
        """Rows of cells that are small, because they hold pictures, are made as high as words or numbers among them need."""
        points = self.look.font.size
        if self.number_format not in WITHOUT_NUMBER and points > self.page.cell[1] * 0.75 * self.block.rise:
            for row in range(self.block.row, self.block.row + self.block.rows):
                self.page.heighten(row, round(points * LINE / self.block.rise, 1))

    def styles(self) -> list[tuple[int, ...]]:
        """The numbers of the styles of each row's cells: a frame is drawn around the block, nothing within."""
        if self.block.height == 1:
            return [self.line(True, True)]
        return [self.line(True, False), *[self.line(False, False)] * (self.block.height - 2), self.line(False, True)]

    def line(self, top: bool, bottom: bool) -> tuple[int, ...]:
        """Those of a row that begins or ends the block, or lies within."""
        key = (self.look, self.number_format, self.block.width, top, bottom)
        if key not in self.page.lines:
            last = self.block.width - 1
            sides = {(x == 0, x == last) for x in (0, min(1, last), last)}
            number = {side: self.page.style(self.edged(top, bottom, *side), self.number_format) for side in sorted(sides)}
            self.page.lines[key] = tuple([number[x == 0, x == last] for x in range(last + 1)])
        return self.page.lines[key]

    def edged(self, top: bool, bottom: bool, left: bool, right: bool) -> Look:
        return styles.at_edges(self.look, top, bottom, left, right) if self.look.framed else self.look


def write_caption(page: Page, placed: PlacedSheet, block: Block, words: Words) -> None:
    caption = Note(block.row - 1, block.col, words.caption(placed.name, block), "caption")
    write_note(page, caption)


def add_validation(page: Page, placed: PlacedSheet, blocks: Sequence[Block], words: Words) -> None:
    """Only what means something can be typed; anything else is refused, with a title and a sentence."""
    part = placed.parts[blocks[0].part]
    limit = part.limit
    assert limit is not None
    rule = typed(limit, options_name(placed, part.options) if isinstance(part, Menu) else "")
    key = {"decimal": "pixel", "whole": "whole", "list": "word", "number": "number"}[limit.kind]
    rule.showErrorMessage, rule.errorStyle = True, "stop"
    rule.errorTitle = words["limits", f"{key}_title"]
    rule.error = words["limits", key].format(low=limit.low, high=limit.high)
    rule.sqref = Ranges(" ".join(a1_range(b, fixed=False) for b in sorted(blocks, key=lambda b: (b.col, b.row))))
    page.sheet.add_data_validation(rule)


def options_name(placed: PlacedSheet, options: str) -> str:
    """The name of the cells that a drop-down offers: LibreOffice does not move a range in a list when rows are inserted."""
    return placed.defined_name(next(b for b in placed.blocks if b.part == options))


def typed(limit: Limit, options: str) -> DataValidation:
    """What may be typed: numbers between two bounds, or one of a list, offered where it is short."""
    if limit.kind == "list":
        return DataValidation(type="list", formula1=options, allow_blank=False)
    if limit.kind == "whole" and limit.high - limit.low < FEW:
        choices = ",".join(str(n) for n in range(limit.low, limit.high + 1))
        return DataValidation(type="list", formula1=f'"{choices}"', allow_blank=False)
    if limit.kind == "number":
        return DataValidation(type="decimal", operator="between", formula1=f"-{ANY}", formula2=ANY, allow_blank=False)
    low, high = str(limit.low), str(limit.high)
    return DataValidation(type=limit.kind, operator="between", formula1=low, formula2=high, allow_blank=limit.kind == "decimal")
