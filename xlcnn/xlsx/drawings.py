"""What lies over a sheet's cells, or behind them, and where: shapes, charts (ECMA-376 part 1, 20.5), notes, controls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.charts import read_chart
from xlcnn.xlsx.notes import older_drawings
from xlcnn.xlsx.over import Chart, Drawing, Hung
from xlcnn.xlsx.relations import Relation, relations
from xlcnn.xlsx.shapes import members, overflow, own_size
from xlcnn.xlsx.tree import tree
from xlcnn.xlsx.values import pixels, whole

DRAWING = "a drawing"
EMBEDDED = frozenset(("oleObject", "package", "ctrlProp", "control"))


@dataclass(frozen=True)
class Drawings:
    """What the parts of a package draw: each of them is read once, however often it is named."""

    archive: ZipFile
    theme: bytes = b""
    charts: dict[str, Chart] = field(default_factory=dict)
    anchored: dict[str, tuple[Drawing, ...]] = field(default_factory=dict)  # by the part of a drawing

    def chart(self, part: str) -> Chart | None:
        """The chart in a part, if there is such a part."""
        if part in self.archive.NameToInfo and part not in self.charts:
            self.charts[part] = read_chart(self.archive.read(part), self.theme)
        return self.charts.get(part)

    def at_anchors(self, part: str) -> tuple[Drawing, ...]:
        """Everything in the part of a drawing."""
        if part not in self.anchored:
            parts = {one.id: one for one in relations(self.archive, part, needed=False)}
            frames = (anchor for anchor in tree(self.archive.read(part)).iter() if anchor.tag.endswith("Anchor"))
            self.anchored[part] = tuple(drawing(self, anchor, parts) for anchor in frames)
        return self.anchored[part]


def drawings(known: Drawings, sheet: str, hung: Hung) -> tuple[Drawing, ...]:
    """What lies over or behind the cells of a sheet, whose part is called `sheet` and says that they are `hung` there."""
    archive = known.archive
    related = relations(archive, sheet, needed=False)
    if not related:
        return ()
    found: list[Drawing] = []
    for part in dict.fromkeys(relation.target for relation in related if relation.kind == "drawing"):
        found += known.at_anchors(part) if part in archive.NameToInfo else ()
    found += older_drawings(archive, hung.older, related)
    if any(relation.kind in EMBEDDED for relation in related):
        found += [placed("an embedded object or a control", anchor) for anchor in hung.anchors]
    if any(relation.kind == "image" for relation in related) and hung.background:
        found.append(Drawing("a picture behind the cells", (1, 1), (0, 0), None, (0, 0), behind=True))
    return tuple(found)


def drawing(known: Drawings, anchor: Element, parts: dict[str, Relation]) -> Drawing:
    """What an anchor holds."""
    frame = next(anchor.iter("chart"), None)
    alone = [member.tag for member in members(anchor)] == ["graphicFrame"]  # else something may lie over it
    part = parts[frame.get("id", "")].target if frame is not None and frame.get("id", "") in parts else ""
    chart = known.chart(part) if alone else None
    kind = (
        "a chart in a group"
        if frame is not None and not alone
        else "a chart"
        if frame is not None
        else "a picture"
        if next(anchor.iter("pic"), None) is not None
        else "a shape"
    )
    fetched = any(one.kind == "image" and not one.target for one in linked(anchor, parts))
    (width, height), turned = own_size(anchor)
    wide, high = overflow(anchor)
    return placed(kind, anchor, chart=chart, least=(max(width, wide), max(height, high)), turned=turned, fetched=fetched)


def placed(kind: str, anchor: Element, **more: object) -> Drawing:
    """Something where its anchor says that it is."""
    first, last, size, pos = (anchor.find(name) for name in ("from", "to", "ext", "pos"))
    return Drawing(
        kind, place(first) if first is not None else (1, 1), offsets(first) if first is not None else lengths(pos, "x", "y"),
        place(last) if last is not None else None, offsets(last) if last is not None else lengths(size, "cx", "cy"),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def linked(anchor: Element, parts: dict[str, Relation]) -> Iterator[Relation]:
    """The relationships that the elements of an anchor name."""
    for element in anchor.iter():
        yield from (parts[value] for key, value in element.items() if key in ("embed", "link", "id") and value in parts)


def offsets(corner: Element) -> tuple[float, float]:
    """How many pixels, across and down, a corner lies inside its cell."""
    across, down = (pixels(DRAWING, texts(corner, name), name, 0.0) for name in ("colOff", "rowOff"))
    return across, down


def lengths(element: Element | None, across: str, down: str) -> tuple[float, float]:
    return (
        (0.0, 0.0)
        if element is None
        else (pixels(DRAWING, element.attrib, across, 0.0), pixels(DRAWING, element.attrib, down, 0.0))
    )


def texts(corner: Element, name: str) -> dict[str, str]:
    """The text of an element in a corner, as if it were an attribute; nothing where it is empty."""
    text = corner.findtext(name)
    return {name: text} if text else {}


def place(corner: Element) -> Cell:
    """The row and column, from 1, in which a corner lies."""
    row, col = (whole(DRAWING, texts(corner, name), name, 0) for name in ("row", "col"))
    return row + 1, col + 1
