"""What a sheet says around its cells: merged cells, panes, sizes, lists, links, conditional formats (ECMA-376 part 1, 18.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from xlcnn.grid.blocks import Cell
from xlcnn.xlsx.areas import Area, areas
from xlcnn.xlsx.conditions import Condition, conditions, extended
from xlcnn.xlsx.said import Said
from xlcnn.xlsx.views import VIEW, View, views

MARGIN = 5 / 7  # of a column, in characters
RULE = "dataValidations/dataValidation"
LIST = f"{RULE}/formula1"  # what a drop-down list offers


@dataclass(frozen=True)
class Around:
    """What a person sees of a sheet beside its cells. Sizes are in points (rows) and characters (columns)."""

    merged: tuple[Area, ...] = ()
    frozen: Cell = (0, 0)
    scrolled: bool = False
    formulas_shown: bool = False
    zeros_hidden: bool = False
    height: float | None = None
    width: float | None = None
    widths: tuple[tuple[int, int, float], ...] = ()
    lists: tuple[tuple[tuple[Area, ...], str], ...] = ()
    links: tuple[tuple[Area, str, bool], ...] = ()  # where, to what place, whether it leaves the workbook
    conditions: tuple[Condition, ...] = ()
    views: tuple[View, ...] = ()
    sparklines: tuple[Area, ...] = ()

    @cached_property
    def by_column(self) -> dict[int, float]:
        """Column → its characters, the fewest that the file says; of those alone of which it says any."""
        found: dict[int, float] = {}
        for first, last, size in self.widths:
            for col in range(first, last + 1):
                found[col] = min(size, found.get(col, size))
        return found


def around(said: Iterable[Said], extensions: Element) -> Around:
    """What the elements mean, and those of the sheet's `extensions`. Raises `ValueError` where they mean nothing."""
    by: dict[str, list[Said]] = {}
    said = list(said)
    for element in said:
        by.setdefault(element.path, []).append(element)
    shown = by.get(VIEW, [])
    panes = [pane for pane in by.get(f"{VIEW}/pane", []) if pane["state"].startswith("frozen")]
    sizes = (by.get("sheetFormatPr") or [Said("", {})])[0]
    return Around(
        merged=tuple(area for element in by.get("mergeCells/mergeCell", []) for area in areas(element["ref"])),
        frozen=(
            max((int(pane.decimal("ySplit", 0)) for pane in panes), default=0),
            max((int(pane.decimal("xSplit", 0)) for pane in panes), default=0),
        ),
        scrolled=bool(panes) and any(view["topLeftCell"] not in ("", "A1") for view in shown),
        formulas_shown=any(view.on("showFormulas") for view in shown),
        zeros_hidden=any(not view.on("showZeros", True) for view in shown),
        height=0.0 if sizes.on("zeroHeight") else sizes.decimal("defaultRowHeight", None),
        width=usual_width(sizes),
        widths=tuple(
            (c.whole("min", 0), c.whole("max", 0), width) for c in by.get("cols/col", [])
            if (width := c.decimal("width", None)) is not None
        ),
        lists=(*lists(said), *extended_lists(extensions)),
        links=tuple(
            (area, link["location"], any(name.endswith(" id") for name in link.attributes))
            for link in by.get("hyperlinks/hyperlink", []) for area in areas(link["ref"])
        ),
        conditions=(*conditions(said), *extended(extensions)),
        views=tuple(views(said)),
        sparklines=tuple(area for line in extensions.iter("sparkline") for area in areas(line.findtext("sqref") or "")),
    )  # fmt: skip


def usual_width(sizes: Said) -> float | None:
    """The characters of a column that says nothing; the number of characters without their margin may stand there instead."""
    characters = sizes.whole("baseColWidth", None)
    return sizes.decimal("defaultColWidth", characters + MARGIN if characters is not None else None)


def lists(said: Iterable[Said]) -> Iterator[tuple[tuple[Area, ...], str]]:
    """The drop-down lists: where each stands, and what it offers; nothing where Excel writes words with commas in a choice."""
    current: tuple[tuple[Area, ...], str] | None = None
    for element in [*said, Said(RULE, {})]:
        if element.path == RULE:
            if current is not None:
                yield current
            current = (areas(element["sqref"]), "") if element["type"] == "list" else None
        elif element.path == LIST and current is not None:
            current = current[0], "".join(element.text).strip()


def extended_lists(extensions: Element) -> Iterator[tuple[tuple[Area, ...], str]]:
    """Those that Excel keeps in an extension, as they name cells of another sheet."""
    for rule in extensions.iter("dataValidation"):
        if rule.get("type") == "list":
            yield areas(rule.findtext("sqref") or ""), (rule.findtext("formula1/f") or "").strip()
