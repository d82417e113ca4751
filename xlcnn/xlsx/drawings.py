"""What lies over a sheet's cells: pictures, shapes and charts, where they lie, and which cells a chart reads.

ECMA-376 part 1, 20.5 (SpreadsheetDrawingML) and 21.2 (charts).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element
from zipfile import ZipFile

from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.around import Drawing
from xlcnn.xlsx.relations import relations
from xlcnn.xlsx.tree import tree

LEAST_AXIS = 0.5  # the end of an axis of probabilities, below which small ones look large
EMU = 9525  # of English Metric Units in a pixel


def drawings(archive: ZipFile, sheet: str) -> tuple[Drawing, ...]:
    """What lies over the cells of a sheet, whose part is called `sheet`."""
    found: list[Drawing] = []
    for relation in relations(archive, sheet, needed=False):
        if relation.kind == "drawing" and relation.target in archive.NameToInfo:
            parts = {one.id: one.target for one in relations(archive, relation.target, needed=False)}
            anchors = (anchor for anchor in tree(archive.read(relation.target)).iter() if anchor.tag.endswith("Anchor"))
            found += [drawing(archive, anchor, parts) for anchor in anchors]
    return tuple(found)


def drawing(archive: ZipFile, anchor: Element, parts: dict[str, str]) -> Drawing:
    """What an anchor holds."""
    first, last, size, pos = (anchor.find(name) for name in ("from", "to", "ext", "pos"))
    chart = next(anchor.iter("chart"), None)
    part = parts.get(chart.get("id", ""), "") if chart is not None else ""
    root = tree(archive.read(part)) if part in archive.NameToInfo else None
    kind = "a chart" if chart is not None else "a picture" if next(anchor.iter("pic"), None) is not None else "a shape"
    into = offsets(first) if first is not None else lengths(pos, "x", "y")
    return Drawing(
        kind, place(first) if first is not None else (1, 1), into, place(last) if last is not None else None,
        offsets(last) if last is not None else lengths(size, "cx", "cy"),
        tuple(read_series(root)) if root is not None else (), oddity(root) if root is not None else "",
    )  # fmt: skip


def offsets(corner: Element) -> tuple[float, float]:
    """How many pixels, across and down, a corner lies inside its cell."""
    across, down = (pixels(corner.findtext(name) or "") for name in ("colOff", "rowOff"))
    return across, down


def lengths(element: Element | None, across: str, down: str) -> tuple[float, float]:
    return (0.0, 0.0) if element is None else (pixels(element.get(across, "")), pixels(element.get(down, "")))


def oddity(chart: Element) -> str:
    """What makes a chart of the right cells show something else: an axis turned round, or one that ends before its numbers."""
    for axis in (element for element in chart.iter() if element.tag in ("valAx", "catAx")):
        scaling = axis.find("scaling")
        if scaling is not None:
            turned, most = scaling.find("orientation"), scaling.find("max")
            if turned is not None and turned.get("val") == "maxMin":
                return "an axis that is turned round"
            if axis.tag == "valAx" and most is not None and 0 <= float(most.get("val", "1")) < LEAST_AXIS:
                return "an axis that ends before its numbers"
    return ""


def pixels(length: str) -> float:
    """A length as pixels; none, where it is written in another unit, as in strict files."""
    return int(length) / EMU if length.lstrip("-").isdecimal() else 0.0


def place(corner: Element) -> Cell:
    """The row and column, from 1, in which a corner lies."""
    row, col = (int(corner.findtext(name) or 0) for name in ("row", "col"))
    return row + 1, col + 1


def read_series(chart: Element) -> list[tuple[str, str]]:
    """The references of each series to the cells of x and of y; empty where it has none."""
    found = []
    for one in chart.iter("ser"):
        texts = []
        for names in (("cat", "xVal"), ("val", "yVal")):
            values = next((element for name in names for element in one.iterfind(name)), None)
            texts.append((values.findtext(".//f") or "").strip() if values is not None else "")
        found.append((texts[0], texts[1]))
    return found
