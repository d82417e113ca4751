"""Whether the cells' own looks, and the conditional formats over them, show what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.overview import SIGNS
from xlcnn.sheets.parts import NOTHING, Menu, Part
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.formats import dishonest, hides_words, shows
from xlcnn.workbook import styles
from xlcnn.xlsx.around import Condition, area_of
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.looks import BLACK, WHITE, Look, Rgb, contrast
from xlcnn.xlsx.number_formats import shown

WITHOUT_NUMBER = (NOTHING, SIGNS)  # formats of cells that show a colour, and a sign
LEAST_CONTRAST = 2.0  # of writing with its ground; what a new workbook has is above 4
MOST = 3  # times as large as in a new workbook
SYMBOLS = re.compile(r"dings|^Symbol$|^Marlett$", re.IGNORECASE)  # fonts that draw pictures
LEAST_POINTS = 4.0  # of writing; what a new workbook has is 7


def look_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """The first cell of each block that is shown as something else than it holds, and why."""
    cells = book.sheets[placed.title]
    for block in placed.blocks:
        part = placed.parts[block.part]
        seen: set[int] = set()
        for row, col in block.cells():
            number = cells.styles.get((row, col), 0)
            if number in seen:
                continue
            seen.add(number)
            look = look_at(book, cells, (row, col))
            wrong = wrong_look(part, look)
            if wrong:
                yield Problem("shown", placed.title, a1(row, col), expected(part), wrong, f"of {placed.defined_name(block)}")
                break
        yield from condition_problems(book, placed, block, cells)
        yield from painted(book, placed, block, cells)


def look_at(book: Book, cells: SheetCells, cell: Cell) -> Look:
    number = cells.styles.get(cell, 0)
    return book.looks.cells[number] if number < len(book.looks.cells) else Look()


def painted(book: Book, placed: PlacedSheet, block: Block, cells: SheetCells) -> Iterator[Problem]:
    """A picture in colours alone that somebody has painted: its cells have grounds of their own, or rules that give them some."""
    if placed.parts[block.part].shown not in WITHOUT_NUMBER:
        return
    grounds = {look_at(book, cells, cell).grounds for cell in block.cells()}
    rules = [c for c in cells.around.conditions if c.kind != "colorScale" and any(area.meets(area_of(block)) for area in c.areas)]
    if len(grounds) > 1 or rules:
        found, note = "cells that are painted, whatever they hold", f"of {placed.defined_name(block)}"
        yield Problem("shown", placed.title, a1(block.row, block.col), "the colours of a heat map", found, note)


def expected(part: Part) -> str:
    """What a new workbook has there."""
    return "words that can be read" if is_words(part) else f"numbers that can be read, as with the format {usual_format(part)}"


def is_words(part: Part) -> bool:
    return part.is_text or isinstance(part, Menu)


def usual_format(part: Part) -> str:
    return part.shown


def in_colours_alone(part: Part, code: str) -> bool:
    """Whether a cell that a new workbook paints without showing its number has such a format."""
    return part.shown in WITHOUT_NUMBER and code in WITHOUT_NUMBER


def wrong_look(part: Part, look: Look) -> str | None:
    """What hides or changes what a cell of this part shows, in words."""
    if getattr(part, "notice", ""):
        return wrong_notice(look.number_format) or unreadable(part, look)
    if in_colours_alone(part, look.number_format):
        return None
    if is_words(part):
        wrong = f"the format {look.number_format}, which shows other words" if hides_words(look.number_format) else None
    else:
        wrong = dishonest(look.number_format, usual_format(part))
    return wrong if wrong or part.shown in WITHOUT_NUMBER else unreadable(part, look)


def wrong_notice(code: str) -> str | None:
    """A notice is 1, and shows nothing or that number, or 0, and shows words."""
    well, said = shown(code, 1), shown(code, 0)
    if not said:
        return f"the format {code}, which hides what is to be noticed"
    return None if well == "" or (well and shows(well, 1)) else f"the format {code}, which shows something where all is well"


def unreadable(part: Part, look: Look) -> str | None:
    """Writing that is too small, too large or too faint, in words."""
    if look.points is not None and not LEAST_POINTS <= look.points <= MOST * usual_points(part):
        return f"writing of {look.points:g} points"
    if look.filled:
        return "writing that is repeated until it fills the cell"
    if SYMBOLS.search(look.font):
        return f"writing in {look.font}, which draws pictures for digits"
    return faint(look.colour, look.grounds)


def usual_points(part: Part) -> float:
    """The size of writing in a new workbook."""
    return float(styles.VALUES[part.look or ("score" if part.span > 1 else "number")].font.sz)


def faint(colour: Rgb | None, grounds: tuple[Rgb, ...]) -> str | None:
    """Writing that is hardly another colour than its ground, in words."""
    ink = colour or BLACK
    paper = min(grounds or (WHITE,), key=lambda ground: contrast(ink, ground))
    if contrast(ink, paper) >= LEAST_CONTRAST:
        return None
    return f"writing in the colour #{hexadecimal(ink)} on #{hexadecimal(paper)}, a contrast below {LEAST_CONTRAST:g} : 1"


def hexadecimal(colour: tuple[int, int, int]) -> str:
    return "".join(f"{channel:02X}" for channel in colour)


def condition_problems(book: Book, placed: PlacedSheet, block: Block, cells: SheetCells) -> Iterator[Problem]:
    """The first conditional format over a block that hides or changes what its cells show."""
    here = area_of(block)
    part = placed.parts[block.part]
    if part.shown in WITHOUT_NUMBER:
        return
    for condition in cells.around.conditions:
        if any(area.meets(here) for area in condition.areas):
            wrong = wrong_condition(book, part, condition, look_at(book, cells, (block.row, block.col)))
            if wrong:
                note = f"a conditional format over {placed.defined_name(block)}"
                yield Problem("shown", placed.title, a1(block.row, block.col), expected(part), wrong, note)
                return


def wrong_condition(book: Book, part: Part, condition: Condition, below: Look) -> str | None:
    """What is wrong with a conditional format over cells of this part, in words."""
    if condition.hides:
        return "bars or icons in place of the numbers"
    if condition.look is None or condition.look >= len(book.looks.conditional):
        return None
    look = book.looks.conditional[condition.look]
    if look.number_format and getattr(part, "notice", ""):
        wrong = wrong_notice(look.number_format)
        if wrong:
            return wrong
    elif look.number_format:
        wrong = (
            f"the format {look.number_format}, which shows other words" if is_words(part) and hides_words(look.number_format)
            else dishonest(look.number_format, usual_format(part)) if not is_words(part) else None
        )  # fmt: skip
        if wrong:
            return wrong
    return faint(look.colour or below.colour, look.grounds or below.grounds) if look.colour or look.grounds else None
