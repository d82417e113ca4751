"""A workbook's styles with a frame around some of them: everything else of a cell's look stays, and so do its diagonals."""

from __future__ import annotations

from collections.abc import Iterable

from xlcnn.xlsx.oddities import STYLES
from xlcnn.xlsx.splices import Edit, Element, added, elements, prefix, spliced, with_attributes

COLOUR = "FFD6006C"  # magenta: no heat map has it
WEIGHT = "thick"
SIDES = ("left", "right", "top", "bottom")
MOST_STYLES = 65_490  # that Excel takes in a workbook


def framed(styles: bytes, used: Iterable[int]) -> tuple[bytes, dict[int, int]]:
    """The part ``xl/styles.xml``, in which these styles of cells have twins with frames; style → its twin.

    A style that is not there has none, and where there are no lists of borders or no room for more styles, none has.
    """
    found = elements(STYLES, styles)
    lists = {element.path: element for element in found if not element.closed}
    borders = [element for element in found if element.path == "borders/border"]
    cells = [element for element in found if element.path == "cellXfs/xf"]
    wanted = [number for number in dict.fromkeys(used) if number < len(cells)]
    if not ({"borders", "cellXfs"} <= lists.keys() and borders) or len(cells) + len(wanted) > MOST_STYLES:
        return styles, {}
    kept = {number: int(cells[number].attributes.get("borderId", 0)) for number in wanted}
    kept = {number: border if border < len(borders) else 0 for number, border in kept.items()}
    frames = list(dict.fromkeys(kept.values()))
    new_borders = b"".join(frame(styles, found, borders[number]) for number in frames)
    new_cells = b"".join(twin(styles, cells[number], len(borders) + frames.index(kept[number])) for number in wanted)
    edits: list[Edit] = [
        *added(styles, lists["borders"], new_borders, count=len(borders) + len(frames)),
        *added(styles, lists["cellXfs"], new_cells, count=len(cells) + len(wanted)),
    ]
    return spliced(styles, edits), {number: len(cells) + k for k, number in enumerate(wanted)}


def frame(styles: bytes, found: Iterable[Element], border: Element) -> bytes:
    """A border with our lines on its four sides, and its own across the cell."""
    head = prefix(styles, border.start)
    tag = styles[border.start : border.inside].removesuffix(b"/>").removesuffix(b">").rstrip() + b">"
    line = b'<%%s%%s style="%s"><%%scolor rgb="%s"/></%%s%%s>' % (WEIGHT.encode(), COLOUR.encode())
    sides = b"".join(line % (head, side.encode(), head, head, side.encode()) for side in SIDES)
    across = (e for e in found if e.path == "borders/border/diagonal" and border.start < e.start < border.stop)
    return tag + sides + b"".join(styles[e.start : e.stop] for e in across) + b"</" + head + b"border>"


def twin(styles: bytes, cell: Element, border: int) -> bytes:
    """A style of cells with another border."""
    tag = with_attributes(styles[cell.start : cell.inside], borderId=border, applyBorder=1)
    return tag + styles[cell.inside : cell.stop]
