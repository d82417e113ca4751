"""What a workbook's file says, as plain data; and what it may cost to read."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import moved
from xlcnn.grid.rules import Rule
from xlcnn.xlsx.areas import Area
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.looks import Looks
from xlcnn.xlsx.over import Drawing, Hung


@dataclass(frozen=True)
class Formula:
    """A formula as the file holds it: `text` as written for the cell `origin`, from which it may have been dragged."""

    text: str
    origin: Cell

    def at(self, cell: Cell) -> str:
        return "=" + moved(self.text, cell[0] - self.origin[0], cell[1] - self.origin[1])


@dataclass(frozen=True)
class Region:
    """Cells from `first` to `last` that one cell fills: an ``array`` formula, one that spills (``dynamic``), a ``dataTable``.

    So does a ``pivot`` table.

    A ``rich`` cell shows something else than its value, a picture, a stock, a number in other words: it has value metadata
    (``vm``: ECMA-376 Part 1, 18.9).
    """

    kind: str
    cell: Cell
    first: Cell
    last: Cell


@dataclass(frozen=True)
class Table:
    """A table (18.5.1.2): its cells, and the name of the style in which programs dress them."""

    area: Area
    style: str


@dataclass
class SheetCells:
    """What a sheet's file says of each cell; which rows and columns it hides, how it colours cells, and what lies over them.

    `styles` are numbers of `Book.looks`, where they are not 0; `heights` of rows are in points; `settings` are the names of those
    with which programs compute or colour this sheet otherwise. `levels` are those of rows in groups, `collapsed` the rows that say
    that a group is folded.
    """

    values: dict[Cell, float | str | bool | None]
    formulas: dict[Cell, Formula]
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    rules: list[Rule] = field(default_factory=list)
    styles: dict[Cell, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    around: Around = field(default_factory=Around)
    drawings: tuple[Drawing, ...] = ()
    hung: Hung = field(default_factory=Hung)
    regions: list[Region] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    levels: dict[int, int] = field(default_factory=dict)
    collapsed: list[int] = field(default_factory=list)
    tables: tuple[Table, ...] = ()

    def is_empty(self, cell: Cell) -> bool:
        return self.values.get(cell) is None and cell not in self.formulas


@dataclass(frozen=True)
class Book:
    """A workbook; `hidden` sheets are not shown.

    `settings` are the names of those with which programs compute otherwise; `local` names hold on one tab only (tab, name);
    `outside` says what the workbook fetches from elsewhere; `printed` are the cells of a tab that are printed (tab, cells).
    """

    data: bytes
    sheets: dict[str, SheetCells]
    paths: dict[str, str]
    names: dict[str, str]
    hidden: frozenset[str] = frozenset()
    settings: tuple[str, ...] = ()
    local: tuple[tuple[str, str], ...] = ()
    outside: tuple[str, ...] = ()
    looks: Looks = field(default_factory=Looks)
    printed: tuple[tuple[str, str], ...] = ()

    @property
    def manual(self) -> bool:
        """Whether nothing follows an edit."""
        return "manual" in self.settings

    @property
    def own_names(self) -> frozenset[str]:
        """The names that mean something on one tab alone."""
        return frozenset(name for _, name in self.local)
