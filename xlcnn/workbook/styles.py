"""One palette and one type scale for every sheet. Blue and orange are told apart by colour-blind eyes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from xlcnn.xlsx.fonts import OrderedFont

INK, GREY, PALE, LINK = "1F2A37", "5B6777", "EEF2F7", "1D5FA8"
WHITE, BLUE, ORANGE = "FFFFFF", "4F94D4", "E8923A"

CENTRE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
WRAP = Alignment(vertical="top", wrap_text=True)
INDENTED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
NUMBERS = Alignment(horizontal="right", vertical="center", indent=1)
FITTED = Alignment(vertical="center", shrink_to_fit=True)
MIDDLE = Alignment(vertical="center")
LEFT = Alignment(horizontal="left", vertical="center", shrink_to_fit=True)

_hair = Side(style="hair", color="C5CDD8")
_thin = Side(style="thin", color="8A97A8")
NO_BORDER = Border()
BOX = Border(left=_hair, right=_hair, top=_hair, bottom=_hair)
RULE = Border(bottom=_thin)
NO_FILL = PatternFill()
EDITABLE = PatternFill("solid", fgColor="FFF6D6")
NOTE_FILL = PatternFill("solid", fgColor="FBE3CC")
HEADER_FILL = PatternFill("solid", fgColor=PALE)


def font(size: float, colour: str = INK, bold: bool = False, underline: str | None = None) -> Font:
    return OrderedFont(name="Arial", family=2, sz=size, color=colour, b=bold or None, u=underline)


DEFAULT = OrderedFont(name="Arial", family=2, sz=10, color=INK)
FORMULA = OrderedFont(name="Courier New", family=3, sz=10, color=LINK)
HEADING = font(10, LINK, bold=True)
BACK = font(10, LINK, underline="single")
BODY = font(10)


@dataclass(frozen=True, eq=False)
class Look:
    """How a cell is set: its font, alignment, border and ground. Two looks are the same only if they are one object."""

    font: Font
    alignment: Alignment = MIDDLE
    border: Border = NO_BORDER
    fill: PatternFill = NO_FILL


@cache
def on_ground(look: Look, fill: PatternFill) -> Look:
    """The same look on another ground."""
    return Look(look.font, look.alignment, look.border, fill)


@cache
def as_line(look: Look, ruled: bool, wrapped: bool) -> Look:
    """The look of words beside the blocks: on one line, unless they are `wrapped`; with a line below, if `ruled`."""
    alignment = MIDDLE if look.alignment.wrap_text and not wrapped else look.alignment
    return Look(look.font, alignment, RULE if ruled else look.border, look.fill)


#: How values stand in their cells, by the `look` of a part.
VALUES = {
    "number": Look(font(7), CENTRE, BOX),
    "pixel": Look(font(7), CENTRE),
    "score": Look(font(9), CENTRE, BOX),
    "fitted": Look(font(9), FITTED, BOX),
    "notice": Look(font(9, "B23C00", bold=True), LEFT),
    "answer": Look(font(44, LINK, bold=True), CENTRE),
    "sure": Look(font(16, LINK, bold=True), CENTRE),
    "subtitle": Look(font(12, bold=True), CENTRE),
    "body": Look(BODY, FITTED, RULE),
    "count": Look(BODY, NUMBERS, RULE),
    "total": Look(font(12, bold=True), NUMBERS),
}

#: How words beside the blocks stand, by the `style` of a note.
WORDS = {
    "title": Look(font(16, bold=True)),
    "subtitle": Look(font(12, bold=True)),
    "text": Look(font(10, GREY), WRAP),
    "formula": Look(FORMULA, WRAP),
    "mark": Look(font(9), WRAP, fill=NOTE_FILL),
    "caption": Look(font(8, GREY)),
    "heading": Look(HEADING, WRAP),
    "panel": Look(HEADING),
    "head of numbers": Look(HEADING, NUMBERS, RULE, HEADER_FILL),
    "indented head": Look(HEADING, Alignment(horizontal="left", vertical="center", indent=1), RULE, HEADER_FILL),
    "head": Look(HEADING, MIDDLE, RULE, HEADER_FILL),
    "back": Look(BACK, WRAP),
    "body": Look(BODY, WRAP),
    "indented": Look(BODY, INDENTED),
}
