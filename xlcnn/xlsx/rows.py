"""The rows of one sheet, written as XML by ourselves: openpyxl's cell objects took more time than everything else.

A dragged block is one *shared formula*, as if a teacher had typed it once and dragged it: SpreadsheetML writes the text in
the block's first cell, ``<f t="shared" ref="K6:AJ31" si="0">…</f>``, and in all others only ``<f t="shared" si="0"/>``
(ECMA-376, 18.3.1.40).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import column
from xlcnn.xlsx.strings import SharedStrings, escaped


class FormulaText(NamedTuple):
    """A formula without ``=``, and its result: a number, or a text.

    With `shared`, a number, it is dragged over the range `ref`; without a `text` it is one of the cells that it was dragged over.
    """

    text: str | None
    result: float | str
    shared: int | None = None
    ref: str = ""

    @property
    def xml(self) -> str:
        if self.shared is None:
            return f"<f>{escaped(self.text or '')}</f>"
        if self.text is None:
            return f'<f t="shared" si="{self.shared}"/>'
        return f'<f t="shared" ref="{self.ref}" si="{self.shared}">{escaped(self.text)}</f>'


Content = float | str | FormulaText | None
NUMBER = "><v>%.15g</v></c>"  # of 15 digits, as many as spreadsheets compute with
FORMULA = f"><f>%s</f{NUMBER}"
DRAGGED = f'><f t="shared" si="@"/{NUMBER}'  # ``@`` is the place for the number of the shared formula


class Rows:
    """The cells of one sheet, as XML by their rows and first columns, and the rows' heights in points."""

    def __init__(self, strings: SharedStrings) -> None:
        self.strings = strings
        self.heights: dict[int, float] = {}
        self.lines: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.merged: list[tuple[int, int, int, int]] = []  # cells made one, which no others overlap: row, column, rows, columns
        self.shared = 0
        self.last_column = 1

    def put(self, row: int, col: int, style: int, value: Content = None) -> None:
        """One cell: what it holds, and the number of its style."""
        self.lines[row][col] = f'<c r="{column(col)}{row}" s="{style}"{content(value, self.strings)}'
        self.last_column = max(self.last_column, col)

    def put_lines(self, row: int, col: int, styles: Iterable[tuple[int, ...]], lines: Iterable[Sequence[Content]]) -> None:
        """Cells side by side, and such lines one under the other, which no others overlap."""
        width = 0
        for y, (numbers, values) in enumerate(zip(styles, lines, strict=True), row):
            what, each = self.alike(values)
            self.lines[y][col] = (empty_cells(col, numbers, what).replace("#", str(y)) % each).replace(">-0<", ">0<")
            width = len(numbers)
        self.last_column = max(self.last_column, col + width - 1)

    def alike(self, values: Sequence[Content]) -> tuple[str, tuple[object, ...]]:
        """How each cell of a line is written, and what is put there: nearly all lines are of one kind, which is the quick way."""
        kinds = set(map(type, values))
        if kinds == {float}:
            return NUMBER, tuple(values)
        if kinds == {FormulaText}:
            texts, results, shared, _ = zip(*values, strict=True)
            if set(map(type, results)) == {float}:
                if shared[0] is None:
                    return FORMULA, tuple(chain.from_iterable(zip(map(escaped, texts), results, strict=True)))
                if not any(texts):
                    return DRAGGED.replace("@", str(shared[0])), results
        return "%s", tuple([content(x, self.strings) for x in values])

    def next_shared(self) -> int:
        """The next free number for a shared formula."""
        self.shared += 1
        return self.shared - 1

    def extent(self) -> Cell:
        """The last row and column that hold anything."""
        return max(self.lines, default=1), self.last_column

    def xml(self) -> bytes:
        """All rows."""
        text: list[str] = []
        for row in sorted(self.lines.keys() | self.heights.keys()):
            height = self.heights.get(row)
            text.append(f'<row r="{row}" ht="{height:g}" customHeight="1">' if height else f'<row r="{row}">')
            line = self.lines.get(row, {})
            text += [line[col] for col in sorted(line)]
            text.append("</row>")
        return "".join(text).encode()


@lru_cache(maxsize=10_000)
def empty_cells(col: int, styles: tuple[int, ...], what: str) -> str:
    """Cells side by side: their row is still ``#``, and `what` is the place for what each holds."""
    return "".join([f'<c r="{column(col + x)}#" s="{style}"{what}' for x, style in enumerate(styles)])


def content(value: Content, strings: SharedStrings) -> str:
    """What a cell holds, and the end of its tag."""
    if value is None:
        return "/>"
    if isinstance(value, FormulaText):
        if isinstance(value.result, str):
            return f' t="str">{value.xml}<v>{escaped(value.result)}</v></c>'
        return f">{value.xml}<v>{number(value.result)}</v></c>"
    if isinstance(value, str):
        return f' t="s"><v>{strings.number(value)}</v></c>'
    return NUMBER % (value + 0.0)


def number(value: float) -> str:
    """A number as the file holds it: of 15 digits, as many as spreadsheets compute with; a zero has no sign."""
    return f"{value + 0.0:.15g}"
