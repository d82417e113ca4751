"""What is drawn over a sheet in Excel's older way, VML (ECMA-376 part 4, 19): notes that are always shown, controls, objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from xlcnn.errors import WorkbookError
from xlcnn.xlsx.over import Drawing
from xlcnn.xlsx.relations import Relation
from xlcnn.xlsx.tree import tree
from xlcnn.xlsx.values import LENGTH, PIXELS

SHAPES = ("shape", "rect", "roundrect", "oval", "line", "polyline", "arc", "curve", "image", "group")
KINDS = {"Note": "a note that is always shown", "Pict": "an embedded object"}
UNCLOSED = re.compile(rb"<br\s*>", re.IGNORECASE)  # as Excel writes it
EVERYTHING = 1e6, 1e6


def older_drawings(archive: ZipFile, shown: frozenset[str], related: tuple[Relation, ...]) -> Iterator[Drawing]:
    """All that shows over the cells, of the relationships `shown`; what is drawn for the heads of printed pages does not."""
    for part in dict.fromkeys(one.target for one in related if one.kind == "vmlDrawing" and one.id in shown):
        if part in archive.NameToInfo:
            try:
                root = tree(UNCLOSED.sub(b"", archive.read(part)))
            except WorkbookError:
                yield Drawing("a drawing that cannot be read", (1, 1), (0, 0), None, EVERYTHING)
                continue
            yield from (one for shape in root if shape.tag in SHAPES for one in older_drawing(shape))


def older_drawing(shape: Element) -> Iterator[Drawing]:
    """A shape, unless it is hidden, as notes are until somebody points at their cell."""
    looks = dict(style.split(":", 1) for style in shape.get("style", "").replace(" ", "").split(";") if ":" in style)
    data = shape.find("ClientData")
    if looks.get("visibility") == "hidden" and (data is None or data.find("Visible") is None):
        return
    kind = KINDS.get(data.get("ObjectType", ""), "a control") if data is not None else "a shape"
    corners = re.findall(r"-?[0-9]+", data.findtext("Anchor") or "") if data is not None else []
    if len(corners) == 8:
        left, dx, top, dy, right, dx2, bottom, dy2 = (int(text) for text in corners)
        yield Drawing(kind, (top + 1, left + 1), (dx, dy), (bottom + 1, right + 1), (dx2, dy2))
    else:
        x, y = (length(looks, f"margin-{name}") + length(looks, name) for name in ("left", "top"))
        yield Drawing(kind, (1, 1), (x, y), None, (length(looks, "width"), length(looks, "height")))


def length(looks: dict[str, str], name: str) -> float:
    """A length in pixels."""
    found = LENGTH.fullmatch(looks.get(name, ""))
    return float(found[1]) * PIXELS[found[2] or "px"] if found else 0.0
