"""What lies over a sheet's cells, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from xlcnn.grid.blocks import Cell


@dataclass(frozen=True)
class Axis:
    """An axis of a chart: its bounds, where it has any; how its numbers are written; the words beside it."""

    kind: str
    low: float | None = None
    high: float | None = None
    logarithmic: bool = False
    number_format: str = ""
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """What is read from a chart. `odd` is the first thing in it that no lesson's chart has, and no program adds by itself.

    `series` are references to the cells of x and of y, empty where it has none; `labels` are the number formats of labels on its
    bars. A title that is fetched from a cell starts with ``=``.
    """

    kinds: tuple[str, ...] = ()
    series: tuple[tuple[str, str], ...] = ()
    axes: tuple[Axis, ...] = ()  # of x and of y
    title: str = ""
    labels: tuple[str, ...] = ()
    odd: str = ""


@dataclass(frozen=True)
class Drawing:
    """Something that lies over cells: from a corner in the cell `first`, so many pixels (across, down) into it.

    It ends in the cell `last`, `end` pixels into it; where there is none, it is `end` pixels large. It is drawn at least as large
    as `least`, whatever its corners say; if it is `turned`, about its middle. `behind` the cells it shows where they have no
    ground. What is `fetched` is not in the workbook.
    """

    kind: str
    first: Cell
    into: tuple[float, float]
    last: Cell | None
    end: tuple[float, float]
    chart: Chart | None = None
    least: tuple[float, float] = (0.0, 0.0)
    turned: bool = False
    behind: bool = False
    fetched: bool = False


@dataclass
class Hung:
    """What a sheet's own part says of things that lie over it or behind it.

    The names of the relationships to older drawings; whether a picture lies behind; where controls and embedded objects lie, as
    elements without namespaces.
    """

    older: frozenset[str] = frozenset()
    background: bool = False
    anchors: tuple[Element, ...] = field(default=())
