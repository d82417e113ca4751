"""What a workbook's file says, as plain data; and what it may cost to read."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import moved
from xlcnn.grid.rules import Rule
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.drawings import Drawing
from xlcnn.xlsx.looks import Looks


@dataclass(frozen=True)
class Limits:
    """What a workbook may cost to read."""

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 256 * 2**20
    parts: int = 5_000
    sheets: int = 256
    cells: int = 2_000_000


USUAL_LIMITS = Limits()


@dataclass(frozen=True)
class Formula:
    """A formula as the file holds it: `text` as written for the cell `origin`, from which it may have been dragged."""

    text: str
    origin: Cell

    def at(self, cell: Cell) -> str:
        return "=" + moved(self.text, cell[0] - self.origin[0], cell[1] - self.origin[1])


@dataclass
class SheetCells:
    """What a sheet's file says of each cell; and which rows and columns it hides, and how it colours cells."""

    values: dict[Cell, float | str | bool | None]
    formulas: dict[Cell, Formula]
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    rules: list[Rule] = field(default_factory=list)
    styles: dict[Cell, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)  # in points
    around: Around = field(default_factory=Around)
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True)
class Book:
    """A workbook; `hidden` sheets are not shown, and if it is `manual`, nothing follows an edit."""

    data: bytes
    sheets: dict[str, SheetCells]
    paths: dict[str, str]
    names: dict[str, str]
    hidden: frozenset[str] = frozenset()
    manual: bool = False
    looks: Looks = field(default_factory=Looks)
