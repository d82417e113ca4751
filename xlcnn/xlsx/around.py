"""What a sheet says around its cells: merged cells, panes, sizes, lists, links, conditional formats (ECMA-376 part 1, 18.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import split_cell

LIST = "dataValidations/dataValidation/formula1"  # what a drop-down list offers
TRUE = ("1", "true", "on")


@dataclass(frozen=True)
class Said:
    """An element outside the cells: its path below the root, ``cols/col``, its attributes, and the text in it."""

    path: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def on(self, name: str, usual: bool = False) -> bool:
        return self.attributes[name] in TRUE if name in self.attributes else usual


@dataclass(frozen=True)
class Area:
    """Cells from `first` to `last`."""

    first: Cell
    last: Cell

    def __contains__(self, cell: Cell) -> bool:
        return self.first[0] <= cell[0] <= self.last[0] and self.first[1] <= cell[1] <= self.last[1]

    def meets(self, other: Area) -> bool:
        return all(self.first[k] <= other.last[k] and other.first[k] <= self.last[k] for k in (0, 1))


def area_of(block: Block) -> Area:
    """All cells of a block."""
    return Area((block.row, block.col), (block.row + block.rows - 1, block.col + block.columns - 1))


@dataclass(frozen=True)
class Condition:
    """A conditional format: where it holds, its kind, the number of its look; whether it hides the cell's own number."""

    areas: tuple[Area, ...]
    kind: str
    look: int | None
    hides: bool


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


def areas(text: str) -> tuple[Area, ...]:
    """``B6:D8 F1`` → its areas."""
    found = []
    for one in text.replace("$", "").split():
        first, _, last = one.partition(":")
        found.append(Area(split_cell(first), split_cell(last or first)))
    return tuple(found)


def around(said: Iterable[Said]) -> Around:
    """What the elements mean. Raises `ValueError` where they mean nothing."""
    by: dict[str, list[Said]] = {}
    said = list(said)
    for element in said:
        by.setdefault(element.path, []).append(element)
    views = by.get("sheetViews/sheetView", [])
    panes = [pane for pane in by.get("sheetViews/sheetView/pane", []) if pane["state"].startswith("frozen")]
    sizes = (by.get("sheetFormatPr") or [Said("", {})])[0]
    return Around(
        merged=tuple(area for element in by.get("mergeCells/mergeCell", []) for area in areas(element["ref"])),
        frozen=(
            max((int(float(pane["ySplit"] or 0)) for pane in panes), default=0),
            max((int(float(pane["xSplit"] or 0)) for pane in panes), default=0),
        ),
        scrolled=bool(panes) and any(view["topLeftCell"] not in ("", "A1") for view in views),
        formulas_shown=any(view.on("showFormulas") for view in views),
        zeros_hidden=any(not view.on("showZeros", True) for view in views),
        height=0.0 if sizes.on("zeroHeight") else float(sizes["defaultRowHeight"]) if sizes["defaultRowHeight"] else None,
        width=float(sizes["defaultColWidth"]) if sizes["defaultColWidth"] else None,
        widths=tuple((int(c["min"]), int(c["max"]), float(c["width"])) for c in by.get("cols/col", []) if c["width"]),
        lists=tuple(lists(said)),
        links=tuple(
            (area, link["location"], any(name.endswith(" id") for name in link.attributes))
            for link in by.get("hyperlinks/hyperlink", []) for area in areas(link["ref"])
        ),
        conditions=tuple(conditions(said)),
    )  # fmt: skip


def lists(said: Iterable[Said]) -> Iterator[tuple[tuple[Area, ...], str]]:
    """The drop-down lists: where each stands, and what it offers."""
    current: Said | None = None
    for element in said:
        if element.path == "dataValidations/dataValidation":
            current = element if element["type"] == "list" else None
        elif element.path == LIST and current is not None:
            yield areas(current["sqref"]), "".join(element.text).strip()


def conditions(said: Iterable[Said]) -> Iterator[Condition]:
    """The conditional formats, in the order of the file."""
    where: tuple[Area, ...] = ()
    rule: Said | None = None
    hides = False
    for element in [*said, Said("conditionalFormatting", {})]:
        if rule is not None and element.path in ("conditionalFormatting", "conditionalFormatting/cfRule"):
            yield Condition(where, rule["type"], int(rule["dxfId"]) if rule["dxfId"] else None, hides)
            rule, hides = None, False
        if element.path == "conditionalFormatting":
            where = areas(element["sqref"])
        elif element.path == "conditionalFormatting/cfRule":
            rule = element
        elif element.path in ("conditionalFormatting/cfRule/dataBar", "conditionalFormatting/cfRule/iconSet"):
            hides = not element.on("showValue", True)
