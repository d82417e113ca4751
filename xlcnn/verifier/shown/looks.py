"""Whether the cells' own looks show what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import WHOLE, Menu, Notice, Part
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.formats import dishonest, hides_words, shows
from xlcnn.verifier.shown.language import files
from xlcnn.verifier.shown.pixels import height, room
from xlcnn.workbook import styles
from xlcnn.xlsx.areas import Area, area_of
from xlcnn.xlsx.book import Book, SheetCells
from xlcnn.xlsx.colours import BLACK, LEAST_CONTRAST, WHITE, Rgb, contrast, luminance
from xlcnn.xlsx.conditions import Condition
from xlcnn.xlsx.looks import Look
from xlcnn.xlsx.number_formats import Ink, shown

DARK, LEAST_IN_THE_DARK = 0.2, 3.0  # luminance; where both are dark, the eye tells less than the ratio says,
OTHER_HUE = 128  # but for red and blue: a channel that differs by half
LEAST_OF_BARS = 1.5  # bars lie behind a part of the writing only
LEAST_FOR_ICONS = 36  # pixels of a cell that has room for an icon and a number
MOST_POINTS = 3  # times as large as in a new workbook
INDENT = 9  # pixels of a step
DIGITS, WIDE, HIGH = 3, 0.74, 1.0  # of a number, with its point; pixels of a digit across and down, by the points of the writing
LEAST_LETTERS, MOST_LETTERS = 3, 120  # of a warning
DOUBTING = frozenset(
    ("not", "unsure", "uncertain", "maybe", "perhaps", "nicht", "unsicher", "vielleicht", "pas", "non", "forse", "quizás")
)
ASSERTING = frozenset(("definitely", "certainly", "doubt", "zweifel", "zweifellos", "doute", "duda"))  # "without a doubt"
IN_THE_MIDDLE = 0.6  # of a digit's height: writing that is cut off above and below can be read
EXAMPLES = (0.98, 3.14)  # numbers as they are in networks
LEAST_SHRUNK, MOST_DIGITS = 2.5, 16  # points to which writing may be shrunk; digits of a number, of which nobody needs more
LEAST_POINTS = 4.0  # of writing; what a new workbook has is 7


def look_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """The first cell of each block that is shown as something else than it holds, and why."""
    cells = book.sheets[placed.title]
    known: dict[tuple[str, int], str | None] = {}  # a part and a style → what is wrong
    for block in placed.blocks:
        part = placed.parts[block.part]
        seen: set[int] = set()
        for row, col in block.cells():
            number = cells.styles.get((row, col), 0)
            if number in seen:
                continue
            seen.add(number)
            look = look_at(book, cells, (row, col))
            if (part.name, number) not in known:
                known[part.name, number] = wrong_look(part, look)
            wrong = known[part.name, number] or crowded(part, look, cells, block)
            if wrong:
                yield Problem("shown", placed.title, a1(row, col), expected(part), wrong, f"of {placed.defined_name(block)}")
                break
        yield from painted(book, placed, block, cells)


def look_at(book: Book, cells: SheetCells, cell: Cell) -> Look:
    number = cells.styles.get(cell, 0)
    return book.looks.cells[number] if number < len(book.looks.cells) else Look()


def painted(book: Book, placed: PlacedSheet, block: Block, cells: SheetCells) -> Iterator[Problem]:
    """A picture in colours alone that somebody has painted: its cells have grounds of their own, or rules that give them some."""
    if placed.parts[block.part].shown not in WITHOUT_NUMBER:
        return
    grounds = {look_at(book, cells, cell).grounds for cell in block.cells()}
    rules = [c for c in cells.around.conditions if any(area.meets(area_of(block)) for area in c.areas)]
    values = Area((block.row, block.col), block.last)  # of merged cells the first one decides
    if len(grounds) > 1 or any(not follows(rule, values) for rule in rules):
        found, note = "cells that are painted, whatever they hold", f"of {placed.defined_name(block)}"
        yield Problem("shown", placed.title, a1(block.row, block.col), "the colours of a heat map", found, note)


def follows(rule: Condition, block: Area) -> bool:
    """Whether what a rule does to a cell follows from the cell's number alone, in the same way in the whole block."""
    if rule.kind == "colorScale":
        return True
    steady = rule.kind in ("top10", "aboveAverage") or (rule.kind == "cellIs" and all(map(is_number, rule.formulas)))
    return steady and any(area.holds(block) for area in rule.areas)


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None


def expected(part: Part) -> str:
    """What a new workbook has there."""
    if isinstance(part, Notice):
        return "the words of a notice, or nothing where all is well"
    return "words that can be read" if is_words(part) else f"numbers that can be read, as with the format {part.shown}"


def is_words(part: Part) -> bool:
    return part.is_text or isinstance(part, Menu)


def in_colours_alone(part: Part, code: str) -> bool:
    """Whether a cell that a new workbook paints without showing its number has such a format."""
    return part.shown in WITHOUT_NUMBER and code in WITHOUT_NUMBER


def wrong_look(part: Part, look: Look) -> str | None:
    """What hides or changes what a cell of this part shows, in words."""
    if isinstance(part, Notice):
        return wrong_notice(look.number_format, part.notice) or unreadable(part, look)
    if in_colours_alone(part, look.number_format):
        return None
    if is_words(part):
        wrong = f"the format {look.number_format}, which shows other words" if hides_words(look.number_format) else None
    else:
        wrong = dishonest(look.number_format, part.shown)
    return wrong if wrong or part.shown in WITHOUT_NUMBER else unreadable(part, look)


def wrong_notice(code: str, notice: str) -> str | None:
    """A notice is 1, and shows nothing or that number, or 0, and shows words: those of a lesson, or of somebody's own."""
    well, said = shown(code, 1), shown(code, 0)
    if not said or not is_warning(said, notice):
        return f"the format {code}, which hides what is to be noticed"
    return None if well == "" or (well and shows(well, 1)) else f"the format {code}, which shows something where all is well"


def is_warning(said: str, notice: str) -> bool:
    """Whether words may be a notice: that number, those of a lesson, or a few of somebody's own; such words of doubt must doubt."""
    if shows(said, 0) or any(f'{notice} = "{said}"' in content for _, content in files()):
        return True
    if sum(c.isalpha() for c in said) < LEAST_LETTERS or len(said) > MOST_LETTERS:
        return False
    words = set(re.findall(r"\w+", said.casefold()))
    doubts = ("?" in said or words & DOUBTING) and not words & ASSERTING and not any(c.isdigit() or c in "%‰" for c in said)
    return notice not in ("doubt", "unlike") or bool(doubts)


def unreadable(part: Part, look: Look) -> str | None:
    """Writing that is too small, too large or too faint, in words."""
    if look.points is not None and not LEAST_POINTS <= look.points <= MOST_POINTS * usual_points(part):
        return f"writing of {look.points:g} points"
    if look.odd:
        return look.odd
    return faint(look.colour, look.grounds) or faint_inks(look.inks, look.grounds)


def crowded(part: Part, look: Look, cells: SheetCells, block: Block) -> str | None:
    """Writing that is pushed out of its cell, or for which it has no room, in words."""
    if part.shown in WITHOUT_NUMBER:
        return None
    if look.indent > usual(part).alignment.indent and look.indent * INDENT > room(cells.around, block) / 2:
        return f"writing that is indented by {look.indent} steps"
    return no_room(part, look, cells, block)


def no_room(part: Part, look: Look, cells: SheetCells, block: Block) -> str | None:
    """A number for which its cell has no room, in words: programs show hashes in its place, or parts of it."""
    points, ours, code = look.points or usual_points(part), usual(part), look.number_format
    alike = code == part.shown and points <= usual_points(part) and (look.shrinks or not ours.alignment.shrinks)
    if alike:
        return None
    values = {v for cell in block.cells() if isinstance(v := cells.values.get(cell), float)}
    texts = {shown(code, x) or "" for x in (*values, *EXAMPLES)}
    length = max(1 if part.shown == WHOLE else DIGITS, *(sum(1.0 if c.isalnum() else 0.5 for c in text) for text in texts))
    across = room(cells.around, block)
    in_words = is_words(part) or isinstance(part, Notice)
    high = (HIGH * IN_THE_MIDDLE if in_words or look.middle else HIGH) * (
        min(points, across / (WIDE * length)) if look.shrinks else points
    )
    if points > usual_points(part) and high > sum(height(cells, block.row + k) for k in range(block.rise)):
        return f"writing of {points:g} points, higher than its cell"
    if code in ("General", "@") or in_words:  # General is rounded until it fits
        return None
    least = LEAST_SHRUNK if look.shrinks and length <= MOST_DIGITS else points
    if least * WIDE * length <= across:
        return None
    how = "even shrunk" if look.shrinks else "not shrunk to fit"
    return f"the format {code} in writing of {points:g} points, for which it has no room, {how}"


def usual_points(part: Part) -> float:
    """The size of writing in a new workbook."""
    return usual(part).font.size


def usual(part: Part) -> styles.Look:
    """How its values stand in a new workbook."""
    return styles.VALUES[part.look or ("score" if part.span > 1 else "number")]


def faint(colour: Rgb | None, grounds: tuple[Rgb, ...], least: float = LEAST_CONTRAST) -> str | None:
    """Writing that is hardly another colour than its ground, in words."""
    ink = colour or BLACK
    for paper in grounds or (WHITE,):
        alike = max(abs(a - b) for a, b in zip(ink, paper, strict=True)) < OTHER_HUE
        wanted = LEAST_IN_THE_DARK if alike and max(luminance(ink), luminance(paper)) < DARK else least
        if contrast(ink, paper) < wanted:
            return f"writing in the colour #{hexadecimal(ink)} on #{hexadecimal(paper)}, a contrast below {wanted:g} : 1"
    return None


def faint_inks(inks: tuple[Ink, ...], grounds: tuple[Rgb, ...]) -> str | None:
    """Numbers that their own format writes in hardly another colour than their ground, in words."""
    return next((wrong for colour, least in inks if (wrong := faint(colour, grounds, least))), None)


def hexadecimal(colour: tuple[int, int, int]) -> str:
    return "".join(f"{channel:02X}" for channel in colour)
