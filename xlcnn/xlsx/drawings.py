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

EMU = 9525  # of English Metric Units in a pixel


def drawings(archive: ZipFile, sheet: str) -> tuple[Drawing, ...]:
    """What lies over the cells of a sheet, whose part is called `sheet`."""
    found: list[Drawing] = []
    for relation in relations(archive, sheet, needed=False):
        if relation.kind == "drawing" and relation.target in archive.NameToInfo:
            parts = {one.id: one.target for one in relations(archive, relation.target, needed=False)}
            anchors = (anchor for anchor in tree(archive.read(relation.target)) if anchor.tag.endswith("Anchor"))
            found += [drawing(archive, anchor, parts) for anchor in anchors]
    return tuple(found)


def drawing(archive: ZipFile, anchor: Element, parts: dict[str, str]) -> Drawing:
    """What an anchor holds."""
    first, last, size = anchor.find("from"), anchor.find("to"), anchor.find("ext")
    chart = next(anchor.iter("chart"), None)
    part = parts.get(chart.get("id", ""), "") if chart is not None else ""
    kind = "a chart" if chart is not None else "a picture" if next(anchor.iter("pic"), None) is not None else "a shape"
    return Drawing(
        kind,
        place(first) if first is not None else (1, 1),
        place(last) if last is not None else None,
        (pixels(size.get("cx", "")), pixels(size.get("cy", ""))) if size is not None else (0.0, 0.0),
        tuple(read_series(tree(archive.read(part)))) if part in archive.NameToInfo else (),
    )


def pixels(length: str) -> float:
    """A length as pixels; none, where it is written in another unit, as in strict files."""
    return int(length) / EMU if length.isdecimal() else 0.0


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
