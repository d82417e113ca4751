"""The rows of one sheet, written as XML by ourselves: openpyxl's cell objects took more time than everything else.

A dragged block is one *shared formula*, as if a teacher had typed it once and dragged it: SpreadsheetML writes the text in
the block's first cell, ``<f t="shared" ref="K6:AJ31" si="0">…</f>``, and in all others only ``<f t="shared" si="0"/>``
(ECMA-376, 18.3.1.40).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import column
from xlcnn.xlsx.strings import SharedStrings


@dataclass(frozen=True)
class FormulaText:
    """A formula without ``=``; it gives numbers, or words if it `says` something.

    With `shared`, a number, it is dragged over the range `ref`; without a `text` it is one of the cells that it was dragged over.
    """

    text: str | None
    says: bool = False
    shared: int | None = None
    ref: str = ""

    def xml(self) -> str:
        if self.shared is None:
            return f"<f>{escape(self.text or '')}</f>"
        if self.text is None:
            return f'<f t="shared" si="{self.shared}"/>'
        return f'<f t="shared" ref="{self.ref}" si="{self.shared}">{escape(self.text)}</f>'


Content = float | str | FormulaText | None


class Rows:
    """The cells of one sheet by row and column, each with the number of its style, and the rows' heights in points."""

    def __init__(self, strings: SharedStrings) -> None:
        self.strings = strings
        self.heights: dict[int, float] = {}
        self.cells: dict[int, dict[int, tuple[int, Content]]] = {}
        self.shared = 0

    def put(self, row: int, col: int, style: int, value: Content = None) -> None:
        self.cells.setdefault(row, {})[col] = (style, value)

    def next_shared(self) -> int:
        """The next free number for a shared formula."""
        self.shared += 1
        return self.shared - 1

    def extent(self) -> Cell:
        """The last row and column that hold anything."""
        return max(self.cells, default=1), max((max(line) for line in self.cells.values()), default=1)

    def xml(self) -> tuple[list[str], list[Cell]]:
        """The rows in pieces; between each piece and the next belongs the result of one of the formula cells."""
        pieces: list[str] = []
        formulas: list[Cell] = []
        text: list[str] = []
        for row in sorted(self.cells.keys() | self.heights.keys()):
            height = self.heights.get(row)
            text.append(f'<row r="{row}" ht="{height:g}" customHeight="1">' if height else f'<row r="{row}">')
            line = self.cells.get(row, {})
            for col in sorted(line):
                style, value = line[col]
                start = f'<c r="{column(col)}{row}" s="{style}"'
                if value is None:
                    text.append(start + "/>")
                elif isinstance(value, FormulaText):
                    kind = ' t="str"' if value.says else ""
                    text.append(f"{start}{kind}>{value.xml()}<v>")
                    pieces.append("".join(text))
                    formulas.append((row, col))
                    text = ["</v></c>"]
                elif isinstance(value, str):
                    text.append(f'{start} t="s"><v>{self.strings.number(value)}</v></c>')
                else:
                    text.append(f"{start}><v>{written(value)}</v></c>")
            text.append("</row>")
        return [*pieces, "".join(text)], formulas


def written(value: object) -> str:
    """A formula's result as the file holds it: a text, or a number of 15 digits, as many as spreadsheets compute with."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return "" if value is None else escape(str(value))


def with_results(pieces: Sequence[str], formulas: Sequence[Cell], values: Sequence[Sequence[object]]) -> str:
    """The rows with the result of every formula; `values` are a sheet's rows from A1 on."""
    out = [pieces[0]]
    for (row, col), piece in zip(formulas, pieces[1:], strict=True):
        out.append(written(values[row - 1][col - 1]))
        out.append(piece)
    return "".join(out)
