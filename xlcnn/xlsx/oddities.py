"""What a style can do to writing so that it is read otherwise, or not at all, and that no new workbook does: in words.

ECMA-376 part 1: fonts (18.8.22), alignment (18.8.1), borders (18.8.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlcnn.xlsx.values import is_on, signed, whole

SYMBOLS = re.compile(
    r"dings|dingbat|barcode|^Symbol$|^Marlett$|^MT Extra$|^Bookshelf Symbol|^(?:Open|Star)Symbol$|MDL2|Monotype Sorts"
    r"|MS Reference Specialty|^MS Outlook$|Awesome|\bIcons?\b|Glyph|Ornaments|Braille",
    re.IGNORECASE,
)
SYMBOL_CHARACTERS = 2  # the set of characters of fonts that draw pictures
FROM_THE_RIGHT = 2
STYLES = "xl/styles.xml"


def odd_font(font: Element, theme_font: str = "") -> Iterator[str]:
    """Oddities of a font; `theme_font` is the one that it takes from the theme."""
    charset = font.find("charset")
    for name in (value(font, "name"), theme_font):
        if SYMBOLS.search(name) or (charset is not None and signed(STYLES, charset.attrib, "val", 0) == SYMBOL_CHARACTERS):
            yield f"writing in {name or 'a font'}, which draws pictures for digits"
    strike = font.find("strike")
    if strike is not None and is_on(STYLES, strike.attrib, "val", True):
        yield "writing that is struck through"
    if value(font, "vertAlign", "baseline") != "baseline":
        yield "writing that is raised or lowered"


def odd_alignment(alignment: Element) -> Iterator[str]:
    """Oddities of how writing stands in its cell."""
    if alignment.get("horizontal") == "fill":
        yield "writing that is repeated until it fills the cell"
    if signed(STYLES, alignment.attrib, "textRotation", 0):
        yield "writing that is turned round"
    if whole(STYLES, alignment.attrib, "readingOrder", 0) == FROM_THE_RIGHT:
        yield "writing that runs from right to left"


def odd_border(border: Element) -> Iterator[str]:
    """Oddities of a cell's border."""
    diagonal = border.find("diagonal")
    drawn = diagonal is not None and diagonal.get("style", "none") != "none"
    if drawn and any(is_on(STYLES, border.attrib, name) for name in ("diagonalUp", "diagonalDown")):
        yield "a line across the cell"


def value(element: Element, name: str, usual: str = "") -> str:
    """The ``val`` of a child."""
    child = element.find(name)
    return usual if child is None else child.get("val", usual)
