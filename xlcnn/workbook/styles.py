"""One palette and one type scale for every sheet. Blue and orange are told apart by colour-blind eyes."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

INK, GREY, PALE, LINK = "1F2A37", "5B6777", "EEF2F7", "1D5FA8"
WHITE, BLUE, ORANGE = "FFFFFF", "4F94D4", "E8923A"

CELL = 24  # a square cell's side in pixels


class OrderedFont(Font):  # type: ignore[misc]
    """A font whose elements come in the order of the schema; openpyxl's own come in another, which validators refuse."""

    tagname = "font"
    __elements__ = (
        "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign",
        "sz", "color", "name", "family", "charset", "scheme",
    )  # fmt: skip


OrderedFont.__nested__, OrderedFont.__attrs__ = Font.__nested__, Font.__attrs__  # its metaclass looks only at one class


def font(size: float, colour: str = INK, bold: bool = False, underline: str | None = None) -> Font:
    return OrderedFont(name="Arial", family=2, sz=size, color=colour, b=bold or None, u=underline)


DEFAULT = OrderedFont(name="Arial", family=2, sz=10, color=INK)
TITLE = font(16, bold=True)
SUBTITLE = font(12, bold=True)
TEXT = font(10, GREY)
BODY = font(10)
FORMULA = OrderedFont(name="Courier New", family=3, sz=10, color=LINK)
MARK = font(9, INK)
HEADING = font(10, LINK, bold=True)
CAPTION = font(8, GREY)
BACK = font(10, LINK, underline="single")
NUMBER = font(7)
SCORE = font(9)
ANSWER = font(44, LINK, bold=True)
SURE = font(16, LINK, bold=True)

CENTRE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
WRAP = Alignment(vertical="top", wrap_text=True)
INDENTED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
NUMBERS = Alignment(horizontal="right", vertical="center", indent=1)
FITTED = Alignment(vertical="center", shrink_to_fit=True)
MIDDLE = Alignment(vertical="center")

_hair = Side(style="hair", color="C5CDD8")
_thin = Side(style="thin", color="8A97A8")
BOX = Border(left=_hair, right=_hair, top=_hair, bottom=_hair)
RULE = Border(bottom=_thin)
EDITABLE = PatternFill("solid", fgColor="FFF6D6")
NOTE_FILL = PatternFill("solid", fgColor="FBE3CC")
HEADER_FILL = PatternFill("solid", fgColor=PALE)

TWO_DECIMALS = "0.00"
PERCENT = "0.0%"
