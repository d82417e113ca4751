"""One palette and one type scale for every sheet.

Blue and orange are told apart by colour-blind eyes, and in shades of grey: negative is light, positive is dark. Yellow means
yours to change, violet means looked at, wherever they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from xlcnn.sheets.base import EXHIBIT, GALLERY, LAYER, LEARNING

INK, GREY, PALE, LINK = "1F2A37", "5B6777", "EEF2F7", "1D5FA8"
WHITE, BLUE, ORANGE, BLACK = "FFFFFF", "4788CB", "F7B76B", "0B1420"
YELLOW, AMBER, VIOLET, MIST = "FFF3BF", "C79A00", "7A1FA2", "ECECEC"
INNER, OUTER = "123F73", "A65300"  # points that are drawn on a map
TABS = {
    LAYER: BLUE,
    EXHIBIT: ORANGE,
    LEARNING: VIOLET,
    GALLERY: AMBER,
}  # the colours of the tabs by groups of sheets; others are grey
GROUNDS = {"paper": WHITE, "yours": YELLOW}  # of a heat map's zero
HUES = {"": BLUE, "red": "E0685A", "green": "6DB36B", "blue": BLUE}  # of what is largest; those of channels have names


class Font(NamedTuple):
    """Writing of so many points; `family` is 2 for letters without serifs, 3 for those that are all as wide."""

    size: float
    colour: str = INK
    bold: bool = False
    underlined: bool = False
    name: str = "Arial"
    family: int = 2


class Alignment(NamedTuple):
    """Where writing stands in its cell, `indent` steps from the side; whether its lines are broken, or it shrinks to fit."""

    horizontal: str | None = None
    vertical: str | None = None
    wraps: bool = False
    shrinks: bool = False
    indent: int = 0


class Side(NamedTuple):
    """One line of a frame."""

    style: str
    colour: str


class Border(NamedTuple):
    """The lines around a cell."""

    left: Side | None = None
    right: Side | None = None
    top: Side | None = None
    bottom: Side | None = None


CENTRE = Alignment(horizontal="center", vertical="center", shrinks=True)
WRAP = Alignment(vertical="top", wraps=True)
INDENTED = Alignment(horizontal="left", vertical="top", wraps=True, indent=1)
NUMBERS = Alignment(horizontal="right", vertical="center", indent=1)
FITTED = Alignment(vertical="center", shrinks=True)
MIDDLE = Alignment(vertical="center")
LEFT = Alignment(horizontal="left", vertical="center", shrinks=True)

_hair = Side("hair", "C5CDD8")
_thin = Side("thin", "8A97A8")
_edge = Side("thin", "AEB8C4")
_amber = Side("medium", AMBER)
NO_BORDER = Border()
YOURS = Border(_amber, _amber, _amber, _amber)
BOX = Border(_hair, _hair, _hair, _hair)
RULE = Border(bottom=_thin)


DEFAULT = BODY = Font(10)
FORMULA = Font(9, LINK, name="Courier New", family=3)
HEADING = Font(10, LINK, bold=True)
BACK = Font(10, LINK, underlined=True)


@dataclass(frozen=True, eq=False)
class Look:
    """How a cell is set: its font, alignment, border, and ground, a colour. Two looks are the same only if they are one object.

    Cells that are `framed` have a border only where their block ends.
    """

    font: Font
    alignment: Alignment = MIDDLE
    border: Border = NO_BORDER
    ground: str = ""
    framed: bool = False


@cache
def yours(look: Look) -> Look:
    """The look of what somebody may change: on yellow ground, and in a yellow frame."""
    return replace(look, ground=YELLOW, border=look.border if look.framed else YOURS)


@cache
def at_edges(look: Look, top: bool, bottom: bool, left: bool, right: bool) -> Look:
    """The look of a cell of a block that ends on these sides."""
    side = _amber if look.ground == YELLOW else _edge
    sides = {"top": top, "bottom": bottom, "left": left, "right": right}
    return replace(look, border=Border(**{name: side for name, ends in sides.items() if ends}))


@cache
def as_line(look: Look, ruled: bool, wrapped: bool) -> Look:
    """The look of words beside the blocks: on one line, unless they are `wrapped`; with a line below, if `ruled`."""
    alignment = MIDDLE if look.alignment.wraps and not wrapped else look.alignment
    return replace(look, alignment=alignment, border=RULE if ruled else look.border)


#: How values stand in their cells, by the `look` of a part.
VALUES = {
    "number": Look(Font(7, BLACK), CENTRE, framed=True),
    "big": Look(Font(12, BLACK), CENTRE, framed=True),
    "large": Look(Font(14, BLACK, bold=True), CENTRE, BOX),
    "pixel": Look(Font(7), CENTRE),
    "small": Look(Font(7), CENTRE, framed=True),
    "score": Look(Font(9), CENTRE, BOX),
    "wrapped": Look(Font(9), WRAP, BOX),
    "told": Look(Font(9), WRAP),
    "notice": Look(Font(9, "B23C00", bold=True), LEFT),
    "good news": Look(Font(9, LINK, bold=True), LEFT),
    "name": Look(Font(9, GREY), CENTRE, BOX),
    "answer": Look(Font(44, LINK, bold=True), CENTRE),
    "sure": Look(Font(16, LINK, bold=True), CENTRE),
    "chosen": Look(Font(12, bold=True), FITTED),
    "body": Look(BODY, FITTED, RULE),
    "count": Look(BODY, NUMBERS, RULE),
    "total": Look(Font(12, bold=True), NUMBERS),
}

#: How words beside the blocks stand, by the `style` of a note.
WORDS = {
    "title": Look(Font(12, bold=True)),
    "subtitle": Look(Font(12, bold=True)),
    "text": Look(Font(9, INK), WRAP),
    "try": Look(Font(9, LINK), WRAP),
    "formula": Look(FORMULA, WRAP),
    "mark": Look(Font(9), WRAP, ground=MIST),
    "caption": Look(Font(9, GREY)),
    "negative": Look(Font(9, BLACK), CENTRE, BOX, ORANGE),
    "zero": Look(Font(9, BLACK), CENTRE, BOX),
    "positive": Look(Font(9, BLACK), CENTRE, BOX, BLUE),
    "yours": Look(Font(9, BLACK), CENTRE, YOURS, YELLOW),
    "looked": Look(Font(9, VIOLET, bold=True), CENTRE, Border(*[Side("thin", VIOLET)] * 4)),
    "inner": Look(Font(9, WHITE, bold=True), CENTRE, BOX, INNER),
    "outer": Look(Font(9, WHITE, bold=True), CENTRE, BOX, OUTER),
    "arrow": Look(Font(16, GREY), CENTRE),
    "nav": Look(Font(10, LINK, underlined=True), MIDDLE),
    "heading": Look(HEADING, WRAP),
    "panel": Look(HEADING),
    "head of numbers": Look(HEADING, NUMBERS, RULE, PALE),
    "indented head": Look(HEADING, Alignment(horizontal="left", vertical="center", indent=1), RULE, PALE),
    "head": Look(HEADING, MIDDLE, RULE, PALE),
    "back": Look(BACK, WRAP),
    "body": Look(BODY, WRAP),
    "indented": Look(BODY, INDENTED),
}
