"""One palette and one type scale for every sheet.

Blue and orange are told apart by colour-blind eyes, and in shades of grey: negative is light, positive is dark. Yellow means
yours to change, violet means looked at, wherever they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from xlcnn.sheets.base import EXHIBIT, GALLERY, LAYER, LEARNING
from xlcnn.xlsx.fonts import OrderedFont

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

CENTRE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
WRAP = Alignment(vertical="top", wrap_text=True)
INDENTED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
NUMBERS = Alignment(horizontal="right", vertical="center", indent=1)
FITTED = Alignment(vertical="center", shrink_to_fit=True)
MIDDLE = Alignment(vertical="center")
LEFT = Alignment(horizontal="left", vertical="center", shrink_to_fit=True)

_hair = Side(style="hair", color="C5CDD8")
_thin = Side(style="thin", color="8A97A8")
_edge = Side(style="thin", color="AEB8C4")
_amber = Side(style="medium", color=AMBER)
NO_BORDER = Border()
YOURS = Border(left=_amber, right=_amber, top=_amber, bottom=_amber)
BOX = Border(left=_hair, right=_hair, top=_hair, bottom=_hair)
RULE = Border(bottom=_thin)
NO_FILL = PatternFill()
EDITABLE = PatternFill("solid", fgColor=YELLOW)
NOTE_FILL = PatternFill("solid", fgColor=MIST)
HEADER_FILL = PatternFill("solid", fgColor=PALE)


def font(size: float, colour: str = INK, bold: bool = False, underline: str | None = None) -> Font:
    return OrderedFont(name="Arial", family=2, sz=size, color=colour, b=bold or None, u=underline)


DEFAULT = OrderedFont(name="Arial", family=2, sz=10, color=INK)
FORMULA = OrderedFont(name="Courier New", family=3, sz=9, color=LINK)
HEADING = font(10, LINK, bold=True)
BACK = font(10, LINK, underline="single")
BODY = font(10)


@dataclass(frozen=True, eq=False)
class Look:
    """How a cell is set: its font, alignment, border and ground. Two looks are the same only if they are one object.

    Cells that are `framed` have a border only where their block ends.
    """

    font: Font
    alignment: Alignment = MIDDLE
    border: Border = NO_BORDER
    fill: PatternFill = NO_FILL
    framed: bool = False


@cache
def yours(look: Look) -> Look:
    """The look of what somebody may change: on yellow ground, and in a yellow frame."""
    return replace(look, fill=EDITABLE, border=look.border if look.framed else YOURS)


@cache
def at_edges(look: Look, top: bool, bottom: bool, left: bool, right: bool) -> Look:
    """The look of a cell of a block that ends on these sides."""
    side = _amber if look.fill is EDITABLE else _edge
    sides = {"top": top, "bottom": bottom, "left": left, "right": right}
    return replace(look, border=Border(**{name: side for name, ends in sides.items() if ends}))


@cache
def as_line(look: Look, ruled: bool, wrapped: bool) -> Look:
    """The look of words beside the blocks: on one line, unless they are `wrapped`; with a line below, if `ruled`."""
    alignment = MIDDLE if look.alignment.wrap_text and not wrapped else look.alignment
    return replace(look, alignment=alignment, border=RULE if ruled else look.border)


#: How values stand in their cells, by the `look` of a part.
VALUES = {
    "number": Look(font(7, BLACK), CENTRE, framed=True),
    "big": Look(font(12, BLACK), CENTRE, framed=True),
    "large": Look(font(14, BLACK, bold=True), CENTRE, BOX),
    "pixel": Look(font(7), CENTRE),
    "small": Look(font(7), CENTRE, framed=True),
    "score": Look(font(9), CENTRE, BOX),
    "wrapped": Look(font(9), WRAP, BOX),
    "told": Look(font(9), WRAP),
    "notice": Look(font(9, "B23C00", bold=True), LEFT),
    "good news": Look(font(9, LINK, bold=True), LEFT),
    "name": Look(font(9, GREY), CENTRE, BOX),
    "answer": Look(font(44, LINK, bold=True), CENTRE),
    "sure": Look(font(16, LINK, bold=True), CENTRE),
    "chosen": Look(font(12, bold=True), FITTED),
    "body": Look(BODY, FITTED, RULE),
    "count": Look(BODY, NUMBERS, RULE),
    "total": Look(font(12, bold=True), NUMBERS),
}

#: How words beside the blocks stand, by the `style` of a note.
WORDS = {
    "title": Look(font(12, bold=True)),
    "subtitle": Look(font(12, bold=True)),
    "text": Look(font(9, INK), WRAP),
    "try": Look(font(9, LINK), WRAP),
    "formula": Look(FORMULA, WRAP),
    "mark": Look(font(9), WRAP, fill=NOTE_FILL),
    "caption": Look(font(9, GREY)),
    "negative": Look(font(9, BLACK), CENTRE, BOX, PatternFill("solid", fgColor=ORANGE)),
    "zero": Look(font(9, BLACK), CENTRE, BOX),
    "positive": Look(font(9, BLACK), CENTRE, BOX, PatternFill("solid", fgColor=BLUE)),
    "yours": Look(font(9, BLACK), CENTRE, YOURS, EDITABLE),
    "looked": Look(font(9, VIOLET, bold=True), CENTRE, Border(*[Side(style="thin", color=VIOLET)] * 4)),
    "inner": Look(font(9, WHITE, bold=True), CENTRE, BOX, PatternFill("solid", fgColor=INNER)),
    "outer": Look(font(9, WHITE, bold=True), CENTRE, BOX, PatternFill("solid", fgColor=OUTER)),
    "arrow": Look(font(16, GREY), CENTRE),
    "nav": Look(font(10, LINK, underline="single"), MIDDLE),
    "heading": Look(HEADING, WRAP),
    "panel": Look(HEADING),
    "head of numbers": Look(HEADING, NUMBERS, RULE, HEADER_FILL),
    "indented head": Look(HEADING, Alignment(horizontal="left", vertical="center", indent=1), RULE, HEADER_FILL),
    "head": Look(HEADING, MIDDLE, RULE, HEADER_FILL),
    "back": Look(BACK, WRAP),
    "body": Look(BODY, WRAP),
    "indented": Look(BODY, INDENTED),
}
