"""Writes the blocks of a sheet: values, formulas, captions, and what may be typed into them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from openpyxl.worksheet.datavalidation import DataValidation

from xlcnn.grid.blocks import Block, Shape
from xlcnn.grid.references import a1_range
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.looks import Note
from xlcnn.sheets.parts import Incoming, Labels, Limit, Menu, Part, Values
from xlcnn.sheets.words import Words
from xlcnn.workbook import styles
from xlcnn.workbook.page import Page, write_note
from xlcnn.xlsx.rows import Content, FormulaText

ANY = "1000000000"  # a bound that no number to play with reaches
FEW = 10  # whole numbers that are offered as a list


def write_blocks(page: Page, placed: PlacedSheet, given: Values, words: Words) -> None:
    """Every cell of every part. `given` holds the values of the parts that no formula computes."""
    for block in placed.blocks:
        part = placed.parts[block.part]
        writer = BlockWriter(page, block, part, words)
        for (row, col), value in contents(page, placed, block, given, words):
            writer.write(row, col, value)
    for block in placed.blocks:
        if placed.parts[block.part].captioned:
            write_caption(page, placed, block, words)
        if placed.parts[block.part].limit is not None:
            add_validation(page, placed, block, words)


def contents(
    page: Page, placed: PlacedSheet, block: Block, given: Values, words: Words
) -> Iterator[tuple[tuple[int, int], Content]]:
    """What each cell of a block holds."""
    part = placed.parts[block.part]
    cells = placed.indices(block)
    if placed.shares_formula(block):
        number = page.rows.next_shared()
        first, index = next(cells)
        yield first, FormulaText(bare(placed, part, index), shared=number, ref=a1_range(block, fixed=False))
        dragged = FormulaText(None, shared=number)
        yield from ((cell, dragged) for cell, _ in cells)
    elif isinstance(part, Incoming):
        padding = part.padding.value if part.padding.shown else None
        for cell, index in cells:
            text = placed.link(part, index)
            yield cell, FormulaText(text[1:]) if text else padding
    elif part.has_formula:
        yield from ((cell, FormulaText(bare(placed, part, index), says=part.is_text)) for cell, index in cells)
    elif isinstance(part, Labels):
        labels = words.labels(placed.name, part)
        yield from ((cell, labels[index[0]]) for cell, index in cells)
    else:
        choices = menu_words(placed, part, words)
        for cell, index in cells:
            value = float(given[part.name][index])
            yield cell, None if isnan(value) else choices[int(value) - 1] if choices else value


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
        self.single = block.span * block.rise == 1
        self.last = block.last
        self.numbers: dict[tuple[bool, bool, bool, bool], int] = {}

    def write(self, row: int, col: int, value: Content) -> None:
        if self.single and not isinstance(value, str):  # nearly all cells, so the quick way
            self.page.rows.put(row, col, self.style(row, col), value)
            return
        self.page.put(row, col, value, self.look, self.number_format, self.block.span, self.block.rise)

    def style(self, row: int, col: int) -> int:
        """The number of the cell's style: a frame is drawn around the block, nothing within."""
        edges = (row == self.block.row, row == self.last[0], col == self.block.col, col == self.last[1])
        if edges not in self.numbers:
            look = styles.at_edges(self.look, *edges) if self.look.framed else self.look
            self.numbers[edges] = self.page.style(look, self.number_format)
        return self.numbers[edges]


def write_caption(page: Page, placed: PlacedSheet, block: Block, words: Words) -> None:
    caption = Note(block.row - 1, block.col, words.caption(placed.name, block), "caption")
    write_note(page, caption)


def add_validation(page: Page, placed: PlacedSheet, block: Block, words: Words) -> None:
    """Only what means something can be typed; anything else is refused, with a title and a sentence."""
    part = placed.parts[block.part]
    limit = part.limit
    assert limit is not None
    rule = typed(limit, options_name(placed, part.options) if isinstance(part, Menu) else "")
    key = {"decimal": "pixel", "whole": "whole", "list": "word", "number": "number"}[limit.kind]
    rule.showErrorMessage, rule.errorStyle = True, "stop"
    rule.errorTitle = words["limits", f"{key}_title"]
    rule.error = words["limits", key].format(low=limit.low, high=limit.high)
    rule.add(a1_range(block, fixed=False))
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
