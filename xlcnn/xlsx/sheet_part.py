"""One sheet: its cells, and which rows and columns it hides, how it colours cells (ECMA-376 Part 1, 18.3)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from xlcnn.errors import WorkbookError
from xlcnn.grid.references import COLUMNS
from xlcnn.xlsx.around import LIST, around
from xlcnn.xlsx.book import SheetCells
from xlcnn.xlsx.cells import cells
from xlcnn.xlsx.conditions import FORMULA, as_rules
from xlcnn.xlsx.groups import DEEPEST, folded
from xlcnn.xlsx.outline import outline
from xlcnn.xlsx.plain import UnusualError, cut, read_rows
from xlcnn.xlsx.said import Said
from xlcnn.xlsx.values import is_on, whole
from xlcnn.xlsx.xml import MAIN, Attributes, refuse, split

ONCE = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "sheetData", "mergeCells", "dataValidations", "hyperlinks",
    "legacyDrawing", "picture",
})  # fmt: skip
READ = ONCE | {
    "row", "c", "f", "v", "is", "cols", "col", "mergeCell", "conditionalFormatting", "cfRule", "cfvo", "dataValidation",
    "hyperlink", "sheetViews", "sheetView", "pane", "customSheetView", "formula",
}  # fmt: skip
REFERENCE_ESCAPED = re.compile(rb"<(?:[\w.-]+:)?(?:row|c|f)\b[^>]*&")


def plainly(part: str, data: bytes, strings: list[str], budget: list[int]) -> tuple[SheetCells, bytes]:
    """The cells of a sheet whose rows are written as ours are, and the sheet without them; of any other no cells, and all of it."""
    found = SheetCells({}, {})
    try:
        rest, rows = cut(data)
        budget[0] -= read_rows(part, rows, found, strings, budget[0])
        return found, rest
    except (UnusualError, WorkbookError):
        return SheetCells({}, {}), data


def read_sheet(part: str, data: bytes, strings: list[str], budget: list[int], main: str = MAIN) -> SheetCells:
    """The cells of one sheet; `budget` is how many more may be read."""
    if b"&#" in data and REFERENCE_ESCAPED.search(data):
        refuse(part, "writes a row, a cell or a formula's range with escaped letters")
    found, rest = plainly(part, data, strings, budget)
    parsers: list[expat.XMLParserType] = []
    said: list[Said] = []
    heard: list[str] | None = None  # the text of the last one, until it ends
    told = 0  # columns that are described
    extensions = TreeBuilder()
    extensions.start("extensions", {})
    groups: dict[int, int] = {}  # column → level
    signs: list[int] = []  # columns that say that a group is folded

    def start(path: str, a: Attributes) -> None:
        nonlocal heard, told
        said.append(Said(path, a, part=part))
        heard = said[-1].text if path in (LIST, FORMULA) else None
        if path == "sheetData":
            inside()
        elif path == "sheetPr":
            if is_on(part, a, "transitionEvaluation"):
                found.settings.append("transition")
            if not is_on(part, a, "enableFormatConditionsCalculation", True):
                found.settings.append("still colours")
        elif path == "cols/col":
            first, last, level = (whole(part, a, name, 0) for name in ("min", "max", "outlineLevel"))
            if not (1 <= first <= last <= COLUMNS and level <= DEEPEST):
                refuse(part, "has a column that no program writes")
            told += last - first + 1
            if told > COLUMNS:
                refuse(part, "describes more columns than a sheet has")
            if is_on(part, a, "hidden"):
                found.hidden_columns.append((first, last))
            if level:
                groups.update(dict.fromkeys(range(first, last + 1), level))
            if is_on(part, a, "collapsed"):
                signs.append(first)
        elif path == "legacyDrawing":
            found.hung.older = frozenset(value for key, value in a.items() if split(key)[1] == "id")
        elif path == "picture":
            found.hung.background = True

    def end(_: str) -> None:
        nonlocal heard
        heard = None

    def text(data: str) -> None:
        if heard is not None:
            heard.append(data)

    def inside() -> None:
        """The cells have ears of their own, until their end."""
        parser = parsers[0]
        before = parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler

        def leave(tag: str) -> None:
            parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = before
            if before[1] is not None:
                before[1](tag)

        more = [0] if rest is not data else budget  # of rows that were read, nothing may be left
        hear = cells(part, main, found, strings, more, leave)
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = hear

    outline(part, rest, main, "worksheet", ONCE, READ, start, end, text, parsers.append, extensions)
    extensions.end("extensions")
    beside = extensions.close()
    found.around = around(said, beside)
    found.rules = as_rules(found.around.conditions)
    found.hung.anchors = tuple(beside.iter("anchor"))
    found.hidden_rows += sorted(folded(found.levels, found.collapsed) - set(found.hidden_rows)) if found.collapsed else []
    found.hidden_columns += [(col, col) for col in sorted(folded(groups, set(signs)))]
    return found
