"""Step 1, read: what a workbook says that it is, rebuilt from its own cells and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from xlcnn.errors import NetworkError, WorkbookError
from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.letters import alike
from xlcnn.grid.references import a1, a1_range, split_area
from xlcnn.layout.placed import Layout, PlacedSheet, place, sizes
from xlcnn.network.files import build
from xlcnn.sheets import about
from xlcnn.sheets.about import COLUMNS, read_row
from xlcnn.sheets.base import EXHIBIT, LEARNING, Sheet
from xlcnn.sheets.parts import Array, Labels, Menu
from xlcnn.sheets.plan import KINDS, TITLES, Plan
from xlcnn.verifier.report import Problem
from xlcnn.verifier.torn import Torn, grown, torn_problems
from xlcnn.xlsx.book import Book

MOST_SHEETS = 256
FIXED = re.compile(r"\$[A-Za-z]+\$[0-9]+")  # else a name means another cell from each cell
OLDER = "network.layers"  # a name that workbooks of version 0.1 have


@dataclass(frozen=True, eq=False)
class Described:
    """A workbook and the sheets that it describes, each where its names say that it is."""

    book: Book
    plan: Plan
    layout: Layout

    @cached_property
    def where(self) -> dict[tuple[str, str], Array]:
        """Sheet and part → row and column of every value."""
        return {(name, part): where for name, placed in self.layout.items() for part, where in placed.where.items()}

    @cached_property
    def words(self) -> dict[tuple[str, str], Array]:
        """Sheet and part → the texts in its cells, of the parts that hold words."""
        found = {}
        for (name, part), where in self.where.items():
            if isinstance(self.layout[name].parts[part], Labels):
                values = self.book.sheets[self.layout[name].title].values
                found[name, part] = np.array([as_text(values.get((row, col), "")) for row, col in where.tolist()], dtype=object)
        return found

    def options(self, name: str, part: Menu) -> list[str]:
        """The words that a drop-down offers."""
        return [str(word) for word in self.words[name, part.options]]

    @cached_property
    def sizes(self) -> dict[str, Cell]:
        """How many rows and columns of each tab are read back."""
        return sizes(self.layout)


def describe(book: Book) -> tuple[Described | None, tuple[Problem, ...]]:
    """The workbook as it describes itself; nothing where a problem makes comparing pointless.

    Raises `WorkbookError` for a workbook of an older version, and for one that xlcnn did not make.
    """
    if f"{about.NAME}.name" not in book.names and OLDER in book.names:
        raise WorkbookError(
            "was made by an older version of xlcnn, which described its workbooks in another way; "
            "make it anew with `xlcnn make`, or verify it with the version that made it"
        )
    if not any(name.partition(".")[0] == about.NAME for name in book.names):
        raise WorkbookError("was not made by xlcnn: nothing in it says which network it computes (a sheet About would)")
    sheets, problems = read_sheets(book)
    if problems:
        return None, problems
    kept = without_deleted(book, sheets)
    plan = Plan(kept, listed=sheets, titles={name: tab(book, name) or title for name, title in TITLES.items()})
    try:
        parts = plan.parts
    except NetworkError as error:
        title = tab(book, about.NAME) or TITLES[about.NAME]
        return None, (Problem("description", title, None, "sheets that make a network", str(error)),)
    layout: dict[str, PlacedSheet] = {}
    for name, sheet in plan.sheets.items():
        fresh = place(sheet, parts[name], dict(layout))
        layout[name], wrong = place_by_names(book, fresh)
        problems += wrong
    return (None, problems) if problems else (Described(book, plan, layout), ())


def read_sheets(book: Book) -> tuple[tuple[Sheet, ...], tuple[Problem, ...]]:
    """The sheets that the workbook lists, and what is wrong with the list."""
    columns = [area(book, f"{about.NAME}.{key}") for key in COLUMNS]
    for found in columns:
        if isinstance(found, Problem):
            return (), (found,)
    places = [c for c in columns if not isinstance(c, Problem)]
    title, (top, left), (bottom, _) = places[0]
    same = all(place_[0] == title and (place_[1][0], place_[2][0]) == (top, bottom) for place_ in places)
    if not same or not 1 <= bottom - top + 1 <= MOST_SHEETS:
        return (), (Problem("missing", title, a1(top, left), "a list of sheets, as high in every column", None),)
    values = book.sheets[title].values
    sheets: list[Sheet] = []
    for row in range(top, bottom + 1):
        where = a1(row, left)
        try:
            cells = [values.get((row, place_[1][1])) for place_ in places]
            if values and not any(cells):
                return (), (Problem("size", title, where, "a sheet in every row of the list", "an empty row", f"delete row {row}"),)
            data = read_row(cells)
            sheets.append(build({**data, "sheet": tab(book, str(data["name"])) or nameless(str(data["name"]))}, KINDS))
        except (NetworkError, ValueError) as error:
            return (), (Problem("description", title, where, "a sheet that can be read", str(error)),)
    return tuple(sheets), ()


def without_deleted(book: Book, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The sheets without those to play with that somebody deleted whole, names and all, and that no other one reads."""
    kept = list(sheets)
    for sheet in reversed(sheets):
        read = any(name.partition(".")[0] == sheet.name for other in kept for name in other.inputs)
        if sheet.group in (EXHIBIT, LEARNING) and not read and is_gone(book, sheet.name):
            kept.remove(sheet)
    return tuple(kept)


def is_gone(book: Book, name: str) -> bool:
    """Whether none of a sheet's names leads to a tab that is there."""
    for key, reference in book.names.items():
        if key.partition(".")[0] == name:
            try:
                if split_area(reference)[0] in book.sheets:
                    return False
            except ValueError:
                continue  # #REF!
    return name not in book.sheets and TITLES.get(name, name) not in book.sheets


def nameless(name: str) -> str:
    """What a tab is called to which none of the sheet's names leads; Excel keeps the name History for itself."""
    return f"the sheet {name}"[:31] if alike(name) == "HISTORY" else name


def as_text(value: object) -> str:
    """A word, or a number in its place, as a person reads it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def says(value: object, text: str) -> bool:
    """Whether a cell that holds this says that. A word that is a number, such as a choice called 1, may be linked as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return as_text(float(value)) == text and float(text) == value
    return (value or "") == text


def tab(book: Book, name: str) -> str | None:
    """The tab on which most of a sheet's names are."""
    return tabs(book).get(name)


def tabs(book: Book) -> Mapping[str, str]:
    """The same for every sheet."""
    return _tabs(tuple(book.names.items()))


@lru_cache(maxsize=2)
def _tabs(names: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    found: dict[str, Counter[str]] = {}
    for key, reference in names:
        try:
            title = split_area(reference)[0]
        except ValueError:
            continue
        found.setdefault(key.partition(".")[0], Counter())[title] += 1
    return {name: titles.most_common(1)[0][0] for name, titles in found.items()}


def area(book: Book, name: str) -> tuple[str, Cell, Cell] | Problem:
    """The sheet and corners that a defined name stands for, or what is wrong with it."""
    reference = book.names.get(name)

    def problem(expected: str, found: str | None) -> Problem:
        return Problem("missing", tab(book, name.partition(".")[0]) or TITLES[about.NAME], name, expected, found)

    if reference is None:
        return problem(f"the defined name {name}", None)
    try:
        sheet, first, last = split_area(reference)
    except ValueError:
        return problem("a range of cells", reference)
    if not all(FIXED.fullmatch(corner) for corner in reference.strip().rpartition("!")[2].split(":")):
        return problem("a range of cells with $ before letters and numbers", reference)
    if sheet not in book.sheets:
        return Problem("missing", sheet, name, f"the sheet {sheet}", None)
    return sheet, first, last


def place_by_names(book: Book, fresh: PlacedSheet) -> tuple[PlacedSheet, tuple[Problem, ...]]:
    """The sheet's blocks moved to where the workbook's names say that they are."""
    title = fresh.title
    if title not in book.sheets and fresh.blocks:
        return fresh, (Problem("missing", title, None, f"the sheet {title}", None),)
    blocks: list[Block] = []
    problems: list[Problem] = []
    cut: list[Torn] = []
    merged = {area.first: area.last for area in book.sheets[title].around.merged} if title in book.sheets else {}
    for block in fresh.blocks:
        name = fresh.defined_name(block)
        found = area(book, name)
        if isinstance(found, Problem):
            problems.append(replace(found, sheet=title))
            continue
        where, (top, left), last = found
        moved = replace(block, row=top, col=left)
        if where == title and last != moved.last and last[0] >= top and last[1] >= left:
            cut.append((block, (top, left), last))
        elif where != title or last != moved.last:
            expected = f"{title}, {block.height} × {block.width} cells, like {a1_range(moved)}"
            problems.append(Problem("missing", title, name, expected, book.names[name]))
        blocks.append(grown(book.sheets[title], merged, moved))
    torn = torn_problems(book.sheets[title], fresh, cut) if cut else ()
    return replace(fresh, blocks=tuple(blocks)), (*torn, *problems)
