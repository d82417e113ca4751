"""What lies over a sheet's cells: pictures, shapes and charts, where they lie, and which cells a chart reads.

ECMA-376 part 1, 20.5 (SpreadsheetDrawingML) and 21.2 (charts).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell

EMU = 9525  # of English Metric Units in a pixel


@dataclass(frozen=True)
class Drawing:
    """Something that lies over cells from `first` on: to the cell `last`, or so many `pixels` (across, down)."""

    kind: str
    first: Cell
    last: Cell | None
    pixels: tuple[float, float]
    series: tuple[tuple[str, str], ...] = ()  # references to x and y, of a chart


class NoDoctype(TreeBuilder):
    """Elements without namespaces; a document type, which can hold entity bombs, is refused."""

    def doctype(self, *_: object) -> None:
        raise WorkbookError("holds a document type declaration, which no spreadsheet program writes")

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        return super().start(tag.rpartition("}")[2], {name.rpartition("}")[2]: value for name, value in attributes.items()})

    def end(self, tag: str, /) -> Element:
        return super().end(tag.rpartition("}")[2])


def tree(data: bytes) -> Element:
    """The elements of a part. Raises `WorkbookError`, `ElementTree.ParseError`."""
    parser = XMLParser(target=NoDoctype())
    parser.feed(data)
    root: Element = parser.close()
    return root


def drawings(read: Callable[[str], bytes | None], sheet: str) -> tuple[Drawing, ...]:
    """What lies over the cells of a sheet, whose part is called `sheet`; `read` gives a part, or None where there is none."""
    found: list[Drawing] = []
    for kind, part in related(read, sheet):
        data = read(part) if kind == "drawing" else None
        if data is not None:
            parts = by_id(read, part)
            found += [drawing(read, anchor, parts) for anchor in tree(data) if anchor.tag.endswith("Anchor")]
    return tuple(found)


def related(read: Callable[[str], bytes | None], part: str) -> list[tuple[str, str]]:
    """The kinds and names of the parts that a part refers to."""
    return [(kind, target) for _, kind, target in relationships(read, part)]


def by_id(read: Callable[[str], bytes | None], part: str) -> dict[str, str]:
    return {name: target for name, _, target in relationships(read, part)}


def relationships(read: Callable[[str], bytes | None], part: str) -> list[tuple[str, str, str]]:
    """Identifier, kind and target of each relationship of a part, of those inside the package."""
    data = read(f"{dirname(part)}/_rels/{basename(part)}.rels")
    if data is None:
        return []
    found = []
    for one in tree(data):
        if one.get("TargetMode") != "External":
            target = one.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            found.append((one.get("Id", ""), one.get("Type", "").rpartition("/")[2], whole))
    return found


def drawing(read: Callable[[str], bytes | None], anchor: Element, parts: dict[str, str]) -> Drawing:
    """What an anchor holds."""
    first, last, size = anchor.find("from"), anchor.find("to"), anchor.find("ext")
    chart = next(anchor.iter("chart"), None)
    data = read(parts.get(chart.get("id", ""), "")) if chart is not None else None
    kind = "a chart" if chart is not None else "a picture" if next(anchor.iter("pic"), None) is not None else "a shape"
    return Drawing(
        kind,
        place(first) if first is not None else (1, 1),
        place(last) if last is not None else None,
        (int(size.get("cx", "0")) / EMU, int(size.get("cy", "0")) / EMU) if size is not None else (0.0, 0.0),
        tuple(read_series(tree(data))) if data is not None else (),
    )


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
