"""The rows of one sheet, written as XML by ourselves: openpyxl's cell objects took more time than everything else.

A dragged block is one *shared formula*, as if a teacher had typed it once and dragged it: SpreadsheetML writes the text in
the block's first cell, ``<f t="shared" ref="K6:AJ31" si="0">…</f>``, and in all others only ``<f t="shared" si="0"/>``
(ECMA-376, 18.3.1.40).

Numbers and the results of formulas can be left blank, to be filled in afterwards, for one picture or for many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

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
NUMBER = "><v>%.15g</v></c>"  # a blank for a number of 15 digits, as many as spreadsheets compute with
FORMULA = "><f>%s</f><v>%%.15g</v></c>"  # a place for a formula, and a blank for its result
DRAGGED = f'><f t="shared" si="@"/{NUMBER}'  # ``@`` is the place for the number of the shared formula


@dataclass(frozen=True)
class SheetForm:
    """The rows of a sheet with blanks, and which of the sheet's numbers each blank is for: row by row, from `first` to `last`."""

    texts: Sequence[str]
    blanks: np.ndarray
    ends: Sequence[int]

    def filled(self, numbers: np.ndarray) -> Iterator[bytes]:
        """The rows with their numbers, and texts that are results (of an array of objects, escaped): a zero has no sign."""
        numbers = (numbers if numbers.dtype == object else numbers + 0.0)[self.blanks]
        for text, first, last in zip(self.texts, [0, *self.ends], self.ends, strict=False):
            yield (text % tuple(numbers[first:last].tolist())).encode()


class Rows:
    """The cells of one sheet, as XML by their rows and first columns, and the rows' heights in points.

    What has a place among the sheet's numbers is left blank.
    """

    def __init__(self, strings: SharedStrings) -> None:
        self.strings = strings
        self.heights: dict[int, float] = {}
        self.lines: defaultdict[int, dict[int, tuple[str, Collection[int]]]] = defaultdict(dict)
        self.merged: list[tuple[int, int, int, int]] = []  # cells made one, which no others overlap: row, column, rows, columns
        self.shared = 0
        self.last_column = 1

    def put(self, row: int, col: int, style: int, value: Content = None, place: int | None = None) -> None:
        """One cell: what it holds, and the number of its style."""
        text = content(value, self.strings)
        places: tuple[int, ...] = ()
        if place is not None and is_blank(value):
            places = (place,)
        elif is_blank(value):
            text = doubled(text % what_fills(value))
        self.lines[row][col] = f'<c r="{column(col)}{row}" s="{style}"{text}', places
        if col > self.last_column:
            self.last_column = col

    def put_lines(
        self, row: int, col: int, styles: Iterable[tuple[int, ...]], lines: Iterable[Sequence[Content]], place: int | None = None
    ) -> None:
        """Cells side by side, and such lines one under the other, which no others overlap; `place` is that of the first one."""
        width = 0
        for y, (numbers, values) in enumerate(zip(styles, lines, strict=True), row):
            width = len(numbers)
            what, texts, all_blank = self.alike(values)
            text = empty_cells(col, numbers, what).replace("#", str(y))
            text = text % texts if texts else text
            if place is None:
                self.lines[y][col] = doubled(text % tuple(chain.from_iterable(map(what_fills, values)))), ()
                continue
            places = range(place, place + width)
            place += width
            self.lines[y][col] = text, places if all_blank else [p for p, x in zip(places, values, strict=True) if is_blank(x)]
        self.last_column = max(self.last_column, col + width - 1)

    def alike(self, values: Sequence[Content]) -> tuple[str, tuple[str, ...], bool]:
        """How each cell of a line is written, what is put there, and whether all are blank: nearly all lines are of one kind,
        which is the quick way."""
        kinds = set(map(type, values))
        if kinds == {float}:
            return NUMBER, (), True
        if kinds == {FormulaText}:
            texts, results, shared, _ = zip(*values, strict=True)
            if set(map(type, results)) == {float}:
                if shared[0] is None:
                    return FORMULA, tuple(doubled(escaped("\0".join(texts))).split("\0")), True  # in one go
                if not any(texts):
                    return DRAGGED.replace("@", str(shared[0])), (), True
        return "%s", tuple([content(x, self.strings) for x in values]), all(map(is_blank, values))

    def next_shared(self) -> int:
        """The next free number for a shared formula."""
        self.shared += 1
        return self.shared - 1

    def extent(self) -> Cell:
        """The last row and column that hold anything."""
        return max(self.lines, default=1), self.last_column

    def form(self) -> SheetForm:
        """All rows, with their blanks; here they are no more (of a million cells there is no room for two copies)."""
        texts: list[str] = []
        places: list[Collection[int]] = []
        ends: list[int] = []
        count = 0
        for row in sorted(self.lines.keys() | self.heights.keys()):
            height = self.heights.get(row)
            begin = f'<row r="{row}" ht="{height:g}" customHeight="1">' if height else f'<row r="{row}">'
            line = self.lines.pop(row, {})
            cells = [line[col] for col in sorted(line)]
            texts.append("".join([begin, *[text for text, _ in cells], "</row>"]))
            places += [some for _, some in cells]
            count += sum([len(some) for _, some in cells])
            ends.append(count)
        return SheetForm(texts, np.fromiter(chain.from_iterable(places), np.int32, count), ends)


@lru_cache(maxsize=10_000)
def empty_cells(col: int, styles: tuple[int, ...], what: str) -> str:
    """Cells side by side: their row is still ``#``, and `what` is the place for what each holds."""
    return "".join([f'<c r="{column(col + x)}#" s="{style}"{what}' for x, style in enumerate(styles)])


def content(value: Content, strings: SharedStrings) -> str:
    """What a cell holds, with a blank for a number or a result, and the end of its tag."""
    if value is None:
        return "/>"
    if isinstance(value, FormulaText):
        if isinstance(value.result, str):
            return f' t="str">{doubled(value.xml)}<v>%s</v></c>'
        return f">{doubled(value.xml)}{NUMBER[1:]}"
    if isinstance(value, str):
        return f' t="s"><v>{strings.number(value)}</v></c>'
    return NUMBER


def is_blank(value: Content) -> bool:
    """Whether it is a number, or a result."""
    return not (value is None or isinstance(value, str))


def what_fills(value: Content) -> tuple[float | str, ...]:
    """What is written into the blank of such a content, where it has one."""
    if value is None or isinstance(value, str):
        return ()
    result = value.result if isinstance(value, FormulaText) else value
    return (escaped(result) if isinstance(result, str) else result + 0.0,)


def doubled(text: str) -> str:
    """A text that is no blank, in which blanks are."""
    return text.replace("%", "%%")
