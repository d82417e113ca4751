"""Whether the conditional formats over a block's cells, alone and together, still show what the cells hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Notice
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.formats import dishonest, hides_words
from xlcnn.verifier.shown.looks import (
    LEAST_FOR_ICONS,
    LEAST_OF_BARS,
    LEAST_POINTS,
    MOST_POINTS,
    expected,
    faint,
    faint_inks,
    is_words,
    look_at,
    no_room,
    usual_points,
    wrong_look,
    wrong_notice,
)
from xlcnn.verifier.shown.pixels import room
from xlcnn.verifier.shown.scales import colours_of, lost_on, unreadable_on
from xlcnn.xlsx.areas import Areas, area_of
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.conditions import Condition
from xlcnn.xlsx.looks import Look

MOST = 1000  # over one block: each is compared with each other one
TOGETHER = "two conditional formats that together give "


def condition_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """The first conditional format over each block of a sheet that hides or changes what its cells show."""
    cells = book.sheets[placed.title]
    known = [(area, condition) for condition in cells.around.conditions for area in condition.areas]
    everywhere = Areas(area for area, _ in known)
    for block in placed.blocks if known else ():
        part = placed.parts[block.part]
        numbers = everywhere.numbers_meeting(area_of(block))
        over = list({id(known[k][1]): known[k][1] for k in numbers}.values())  # each once, in order
        if not over or part.shown in WITHOUT_NUMBER:
            continue
        below = look_at(book, cells, (block.row, block.col))
        if wrong_look(part, below):
            continue  # it is wrong without them
        wrong = f"{len(over)} conditional formats, of which nobody knows what they do together" if len(over) > MOST else None
        wrong = wrong or next((w for c in over if (w := wrong_condition(book, placed, block, c, below))), None)
        wrong = wrong or wrong_pair(book, placed, block, over)
        if wrong:
            note = f"a conditional format over {placed.defined_name(block)}"
            yield Problem("shown", placed.title, a1(block.row, block.col), expected(part), wrong, note)


def look_of(book: Book, condition: Condition) -> Look:
    """What a conditional format makes of a cell: nothing, where it is a scale, bars or icons."""
    if condition.written is not None:
        return book.looks.palette.conditional(condition.written)
    known = book.looks.conditional
    return known[condition.look] if condition.look is not None and condition.look < len(known) else Look("")


def wrong_condition(book: Book, placed: PlacedSheet, block: Block, condition: Condition, below: Look) -> str | None:
    """What is wrong with a conditional format over cells of a block, in words."""
    part = placed.parts[block.part]
    if condition.hides:
        return "bars or icons in place of the numbers"
    if condition.icons and room(book.sheets[placed.title].around, block) < LEAST_FOR_ICONS:
        return "icons that leave no room for the numbers"
    if condition.kind == "dataBar":
        return lost_on(book, placed, block, below, colours_of(book, condition), LEAST_OF_BARS)
    if condition.kind == "colorScale":
        return unreadable_on(book, placed, block, condition, below)
    look = look_of(book, condition)
    if look.number_format and isinstance(part, Notice):
        wrong = wrong_notice(look.number_format, part.notice)
    elif look.number_format and is_words(part):
        wrong = f"the format {look.number_format}, which shows other words" if hides_words(look.number_format) else None
    else:
        wrong = dishonest(look.number_format, part.shown) if look.number_format else None
    if wrong or look.odd:
        return wrong or look.odd
    if look.points is not None and not LEAST_POINTS <= look.points <= MOST_POINTS * usual_points(part):
        return f"writing of {look.points:g} points"
    if wrong := wrong_room(book, placed, block, look):
        return wrong
    grounds = look.grounds or below.grounds
    wrong = faint(look.colour or below.colour, grounds) if look.colour or look.grounds else None
    return wrong or faint_inks(look.inks if look.number_format else below.inks, grounds)


def wrong_room(book: Book, placed: PlacedSheet, block: Block, look: Look) -> str | None:
    """Numbers that have no room in one of the block's cells, as a conditional format writes them, in words."""
    if not look.number_format and look.points is None:
        return None
    cells = book.sheets[placed.title]
    belows = {look_at(book, cells, cell) for cell in block.cells()}
    dressed = [replace(b, number_format=look.number_format or b.number_format, points=look.points or b.points) for b in belows]
    return next((w for one in dressed if (w := no_room(placed.parts[block.part], one, cells, block))), None)


def wrong_pair(book: Book, placed: PlacedSheet, block: Block, over: list[Condition]) -> str | None:
    """Writing by one conditional format that cannot be read on the ground by another, in words."""
    looks = [(c, look_of(book, c)) for c in over]
    for one, mine in looks:
        if mine.colour is None and not mine.inks:
            continue
        for other, theirs in looks:
            first = other.order < one.order
            if other is one or (other.stops if first else one.stops or mine.grounds):
                continue
            if first and theirs.colour and not mine.inks:  # a format's own colour is stronger
                continue
            wrong = (
                unreadable_on(book, placed, block, other, mine) if other.kind == "colorScale"
                else lost_on(book, placed, block, mine, theirs.grounds) if theirs.grounds else None
            )  # fmt: skip
            if wrong:
                return TOGETHER + wrong
    return None
