"""What stands beside the blocks of a sheet, as data: words and charts. No spreadsheet library is known here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Words at a row and column (from 1), over `width` columns and `rise` rows, in a style of the workbook's.

    Where they wrap, the row becomes as high as they need. `link` names a sheet that a click leads to, to its `cell`; `ruled`
    draws a line below.
    """

    row: int
    col: int
    text: str
    style: str = "body"
    width: int = 1
    rise: int = 1
    wrap: bool = False
    ruled: bool = False
    link: str = ""
    cell: str = "A1"


@dataclass(frozen=True)
class Chart:
    """Lines of the parts `lines` against the part `x`, dots of one part against another, or `columns` over `x`.

    `title` and the axes' titles are keys of the sheet's words; `row` and `col` say where it stands below the headings,
    from 0; `height` and `width` count cells. With `percent` the axis goes from
    0 to 100 %; `low` and `high` are other bounds of it; `logarithmic` says how it is divided.
    """

    title: str
    row: int
    col: int
    x: str = ""
    lines: tuple[str, ...] = ()
    columns: str = ""
    dots: tuple[tuple[str, str], ...] = ()
    axes: tuple[str, str] = ("", "")
    height: int = 12
    width: int = 19
    percent: bool = False
    logarithmic: bool = False
    low: float | None = None
    high: float | None = None
