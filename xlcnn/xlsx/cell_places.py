"""Where cells stand in the bytes of a sheet, or would have to: so that their style alone can be changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1, split_cell
from xlcnn.xlsx.splices import Edit, Element, added, after_tag, element, filled, prefix, with_attributes
from xlcnn.xlsx.xml import Attributes, parse, split

#: The children of a sheet before its notes (CT_Worksheet: ECMA-376 Part 1, 18.3.1.99).
BEFORE_NOTES = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
})  # fmt: skip


@dataclass
class Row:
    """A row of which something is asked: its tag, the style that it gives its cells, and where each of them begins."""

    start: int
    style: int | None
    end: int = 0
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)  # column → first byte, style


@dataclass
class Places:
    """What is known of a sheet: the rows that were asked for, where all of them begin, and what else is needed to write."""

    data: bytes
    rows: dict[int, Row] = field(default_factory=dict)
    begun: list[tuple[int, int]] = field(default_factory=list)  # every row's number and first byte
    columns: list[tuple[int, int, int]] = field(default_factory=list)  # first, last, style
    numbered: bool = True
    cells: Element = field(default_factory=lambda: Element("sheetData", {}, 0, 0, 0, 0))
    notes_at: int = 0
    notes: str = ""  # the relationship of the notes that it has
    root: int = 0

    def style(self, cell: Cell) -> int:
        """The number of a cell's style; of one that is not there, its row's or its column's."""
        row = self.rows.get(cell[0])
        if row is not None and cell[1] in row.cells:
            return row.cells[cell[1]][1]
        if row is not None and row.style is not None:
            return row.style
        return next((style for first, last, style in self.columns if first <= cell[1] <= last), 0)


def places(part: str, data: bytes, cells: Iterable[Cell]) -> Places:
    """Where these cells stand. Raises `WorkbookError`."""
    found = Places(data)
    wanted = {row for row, _ in cells}
    parse(part, data, lambda parser: listen(parser, found, wanted))
    if not found.cells.stop:
        raise WorkbookError(f"cannot be annotated: {part} holds no list of cells")
    return found


def listen(parser: expat.XMLParserType, found: Places, wanted: set[int]) -> None:
    """Hear where the rows and cells of a sheet begin and end."""
    depth = row = col = 0
    current: Row | None = None
    inside = False  # the cells
    begun = 0  # the child of the root, or the row, that is open

    def start(tag: str, a: Attributes) -> None:
        nonlocal depth, row, col, current, inside, begun
        depth += 1
        name = split(tag)[1]
        if depth == 1:
            found.root = parser.CurrentByteIndex
        elif depth == 2:
            begun = parser.CurrentByteIndex
            inside = name == "sheetData"
            if name == "legacyDrawing":
                found.notes = next((value for key, value in a.items() if split(key)[1] == "id"), "")
        elif depth == 3 and inside:
            found.numbered = "r" in a
            row, col = int(a.get("r", row + 1)), 0
            found.begun.append((row, parser.CurrentByteIndex))
            usual = int(a.get("s", 0)) if a.get("customFormat") in ("1", "true") else None
            current = Row(parser.CurrentByteIndex, usual) if row in wanted else None
            if current is not None:
                found.rows[row] = current
        elif depth == 4 and inside and current is not None:
            col = split_cell(a["r"])[1] if "r" in a else col + 1
            current.cells[col] = parser.CurrentByteIndex, int(a.get("s", 0))
        elif depth == 3 and name == "col" and "style" in a:
            found.columns.append((int(a["min"]), int(a["max"]), int(a["style"])))

    def end(tag: str) -> None:
        nonlocal depth
        if depth == 3 and inside and current is not None:
            current.end = parser.CurrentByteIndex
        elif depth == 2 and (name := split(tag)[1]) in BEFORE_NOTES:
            child = element(found.data, name, {}, begun, parser.CurrentByteIndex)
            found.notes_at = child.stop
            if name == "sheetData":
                found.cells = child
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end


def restyled(found: Places, styles: Mapping[Cell, int]) -> Iterator[Edit]:
    """The edits that give cells another style; one that is not there is written, where the sheet says which cell is which."""
    missing: dict[int, list[Cell]] = {}
    for cell, style in sorted(styles.items()):
        row = found.rows.get(cell[0])
        if row is None or cell[1] not in row.cells:
            missing.setdefault(cell[0], []).append(cell)
        else:
            at = row.cells[cell[1]][0]
            stop = after_tag(found.data, at)
            yield at, stop, with_attributes(found.data[at:stop], s=style)
    if not found.numbered:
        return
    head = prefix(found.data, found.cells.start)
    new_rows: list[tuple[int, bytes]] = []
    for number, cells in missing.items():
        written = {cell: b'<%sc r="%s" s="%d"/>' % (head, a1(*cell).encode(), styles[cell]) for cell in cells}
        if number in found.rows:
            yield from into_row(found, found.rows[number], written)
        else:
            new_rows.append((number, b'<%srow r="%d">%s</%srow>' % (head, number, b"".join(written.values()), head)))
    yield from into_sheet(found, new_rows)


def into_row(found: Places, row: Row, written: Mapping[Cell, bytes]) -> Iterator[Edit]:
    """The edits that write cells into a row that is there."""
    stop = after_tag(found.data, row.start)
    tag = with_attributes(found.data[row.start : stop], spans=None)  # they say which columns are used, and need not be said
    if tag.endswith(b"/>"):
        yield row.start, stop, filled(tag, b"".join(written.values()))
        return
    yield row.start, stop, tag
    for (_, col), xml in written.items():
        at = next((start for other, (start, _) in row.cells.items() if other > col), row.end)
        yield at, at, xml


def into_sheet(found: Places, rows: Sequence[tuple[int, bytes]]) -> Iterator[Edit]:
    """The edits that write rows where there are none."""
    if found.cells.closed and rows:
        yield from added(found.data, found.cells, b"".join(xml for _, xml in rows))
        return
    for number, xml in rows:
        k = bisect_left(found.begun, (number, 0))
        at = found.begun[k][1] if k < len(found.begun) else found.cells.end
        yield at, at, xml
