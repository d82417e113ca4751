"""How a window shows a sheet: where it is scrolled to, its zoom, its direction (ECMA-376 part 1, 18.3.1.87, .66 and .24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import split_cell
from xlcnn.xlsx.said import Said

VIEW, CUSTOM = "sheetViews/sheetView", "customSheetViews/customSheetView"
NORMAL = "normal"
AUTOMATIC = 0  # a zoom that the program chooses


@dataclass(frozen=True)
class View:
    """One view of a sheet; `corners` are the first cells of its panes that are scrolled.

    A `chosen` view is one that somebody calls by its name: then alone the sheet is shown so.
    """

    zoom: int = 100
    mode: str = NORMAL
    right_to_left: bool = False
    corners: tuple[Cell, ...] = ()
    chosen: bool = False


def views(said: Iterable[Said]) -> Iterator[View]:
    """Every view of a sheet, in the order of the file. Raises `ValueError` where it means nothing."""
    view: Said | None = None
    pane: Said | None = None
    for element in [*said, Said(VIEW, {})]:
        if element.path in (VIEW, CUSTOM):
            if view is not None:
                yield read(view, pane)
            view, pane = element, None
        elif element.path in (f"{VIEW}/pane", f"{CUSTOM}/pane"):
            pane = element


def read(view: Said, pane: Said | None) -> View:
    """A view as its element and that of its panes say."""
    zoom = view.whole("zoomScale", view.whole("scale", 100))
    return View(
        100 if zoom == AUTOMATIC else zoom, view["view"] or NORMAL, view.on("rightToLeft"), tuple(corners(view, pane)),
        view.path == CUSTOM,
    )  # fmt: skip


def corners(view: Said, pane: Said | None) -> Iterator[Cell]:
    """The first cells of the panes that are scrolled."""
    frozen = pane is not None and pane["state"].startswith("frozen")
    texts = [view["topLeftCell"] if not frozen else "", pane["topLeftCell"] if pane is not None else ""]
    start = (int(pane.decimal("ySplit", 0)) + 1, int(pane.decimal("xSplit", 0)) + 1) if pane is not None and frozen else (1, 1)
    for text in filter(None, texts):
        corner = split_cell(text.replace("$", ""))
        if corner != start:
            yield corner
