"""A few styles of cells more, behind those that a workbook has: all others keep their numbers."""

from __future__ import annotations

from xlcnn.xlsx.frames import MOST_STYLES
from xlcnn.xlsx.oddities import STYLES
from xlcnn.xlsx.splices import Edit, added, elements, prefix, spliced

#: Name → font (of `FONTS`), number format, how it is aligned. Formats 3 and 10 are every program's own: #,##0 and 0.00%.
NEW = {
    "title": ("large", 0, ""), "head": ("bold", 0, "right"), "name": ("bold", 0, "left"), "text": ("plain", 0, "left"),
    "count": ("plain", 3, "right"), "share": ("plain", 10, "right"), "total": ("bold", 3, "right"), "whole": ("bold", 10, "right"),
}  # fmt: skip
FONTS = {"plain": (10, False), "bold": (10, True), "large": (14, True)}
INK = "FF1F2A37"


def with_styles(styles: bytes) -> tuple[bytes, dict[str, int]]:
    """The part ``xl/styles.xml`` with these styles, and their numbers; none of them where there is no room or no list."""
    found = elements(STYLES, styles)
    lists = {element.path: element for element in found if not element.closed}
    fonts = sum(element.path == "fonts/font" for element in found)
    cells = sum(element.path == "cellXfs/xf" for element in found)
    if not {"fonts", "cellXfs"} <= lists.keys() or cells + len(NEW) > MOST_STYLES:
        return styles, {}
    head = prefix(styles, lists["fonts"].start).decode()
    numbers = {name: fonts + k for k, name in enumerate(FONTS)}
    new_fonts = "".join(font_xml(head, *looks) for looks in FONTS.values())
    new_cells = "".join(style_xml(head, numbers[font], form, aligned) for font, form, aligned in NEW.values())
    edits: list[Edit] = [
        *added(styles, lists["fonts"], new_fonts.encode(), count=fonts + len(FONTS)),
        *added(styles, lists["cellXfs"], new_cells.encode(), count=cells + len(NEW)),
    ]
    return spliced(styles, edits), {name: cells + k for k, name in enumerate(NEW)}


def font_xml(head: str, size: int, bold: bool) -> str:
    thick = f"<{head}b/>" if bold else ""
    looks = f'<{head}sz val="{size}"/><{head}color rgb="{INK}"/><{head}name val="Arial"/><{head}family val="2"/>'
    return f"<{head}font>{thick}{looks}</{head}font>"


def style_xml(head: str, font: int, form: int, aligned: str) -> str:
    side = f' horizontal="{aligned}"' if aligned else ""
    about = (
        f'numFmtId="{form}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"'
    )
    return f'<{head}xf {about}><{head}alignment{side} vertical="center"/></{head}xf>'
