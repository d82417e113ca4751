"""The deceptive workbooks of an adversary's corpus: the deeds of the tests and of `benchmarks/mutants/`, done to one workbook.

Of another workbook than the small one there are those deeds that find something to change in it: the tests' own know the
small workbook's cells and tabs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from zipfile import ZipFile

from openpyxl import load_workbook

from benchmarks.mutants.model import Damage, Healthy, cell_xml, healthy, plain_cells
from benchmarks.mutants.packages import PACKAGES
from benchmarks.mutants.rewritten import a_rewritten_formula
from benchmarks.mutants.settings import SETTING
from benchmarks.mutants.shown import SHOWN
from benchmarks.mutation import damaged
from tests.verifier.helpers import with_cell
from tests.verifier.test_regions import FILLED
from tests.verifier.test_settings import POOL, SETTINGS
from tests.xlsx import test_deceptive_cells as in_cells
from tests.xlsx import test_deceptive_packages as in_packages
from xlcnn.grid.references import a1, split_cell
from xlcnn.sheets.base import LAYER

SMALL = "small"
OF_EACH, OF_LARGE = 8, 2  # mutants of each kind of damage; in a workbook that takes seconds to verify

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Case:
    """A deceptive workbook, and the cell that is attacked, if it is one."""

    group: str
    name: str
    data: bytes
    sheet: str
    cell: str | None


@dataclass(frozen=True)
class Target:
    """The cell that the tests' deeds attack: its sheet's part and tab."""

    part: str
    title: str
    cell: str


def target(whole: Healthy) -> Target:
    """The first number of the first layer that has a formula of its own there, not a dragged one."""
    for placed in whole.layout.values():
        if placed.sheet.group == LAYER and not placed.sheet.reads_image:
            where = placed.references.locate("output", *[0] * len(placed.parts["output"].shape))
            if where in plain_cells(whole, placed.title) and "<f>" in cell_xml(whole.sheet(placed.title), a1(*where))[0]:
                return Target(whole.book.paths[placed.title], placed.title, a1(*where))
    raise AssertionError("all formulas are dragged")


def deeds(book: str = SMALL) -> Iterator[Case]:
    """All of them, in the same order each time."""
    yield from of_the_tests(book)
    whole = healthy(book)
    seen: set[str] = set()
    for group, some in (
        ("formula", (a_rewritten_formula,) * 5), ("setting", SETTING), ("shown", SHOWN), ("package", PACKAGES),
    ):  # fmt: skip
        for k, damage in enumerate(some):
            yield from of_mutants(group, damage, k, seen, whole, OF_EACH if book == SMALL else OF_LARGE)


def of_mutants(group: str, damage: Damage, turn: int, seen: set[str], whole: Healthy, count: int) -> Iterator[Case]:
    for k in range(count):
        try:
            m = damage(whole, Random(f"corpus.{group}.{turn}.{k}"))
        except (IndexError, StopIteration):
            continue
        name = f"{m.kind}: {m.now[:80]}" if m.now else f"{m.kind} on {m.sheet}"
        if name not in seen:
            seen.add(name)
            cells = sorted(c for c in m.where if c is not None and is_cell(c))
            yield Case(group, name, damaged(whole, m), m.sheet, next(iter(cells), None))


def is_cell(text: str) -> bool:
    try:
        split_cell(text)
    except ValueError:
        return False
    return True


def of_the_tests(book: str) -> Iterator[Case]:
    """Deeds of the tests' modules, done as they do them."""
    whole = healthy(book)
    raw, at = whole.raw, target(whole)

    def made(group: str, name: str, part: str, edit: Edit, sheet: str = at.title, cell: str | None = at.cell) -> Iterator[Case]:
        """One, if it changes anything."""
        old = raw[part].decode() if part in raw else ""
        new = edit(old)
        if new != old:
            yield Case(group, name, in_packages.archive([*(raw | {part: new.encode()}).items()]), sheet, cell)

    def in_cell(cell: str, edit: Edit, called: str) -> Edit:
        """An edit of one cell, which the deed knows under another name."""

        def whole_part(xml: str) -> str:
            old = cell_xml(xml, cell)
            new = edit(old[0].replace(f'r="{cell}"', f'r="{called}"')).replace(f'"{called}', f'"{cell}')
            return xml[: old.start()] + new + xml[old.end() :]

        return whole_part

    for name, (edit, _) in in_cells.CELLS.items():
        yield from made("cell", name, at.part, in_cell(at.cell, edit, in_cells.CELL))
    if book == SMALL:
        for name, (cell, edit, _) in in_cells.SHARES.items():
            yield from made("shared formula", name, in_cells.CONV, in_cell(cell, edit, cell), "Conv", cell)
    for name, (edit, _) in in_cells.SHEETS.items():
        yield from made("sheet", name, at.part, edit)
    title, first = place_of_the_first_text(in_packages.archive([*raw.items()]))
    for name, (edit, _) in in_cells.TEXTS.items():
        yield from made("text", name, in_cells.STRINGS, edit, title, first)
    for name, (make, _) in in_packages.ARCHIVES.items():
        yield Case("archive", name, make(dict(raw)), at.title, at.cell)
    for name, (part, edit, _) in in_packages.LINKED.items():
        yield from made("package", name, part, edit)
    for name, (part, pattern, text, *_) in SETTINGS.items():
        yield from made("setting", name, at.part if part == POOL else part, in_cells.swap(pattern, text))
    for name, (part, cells, (sheet, where)) in FILLED.items() if book == SMALL else ():
        yield from made("array", name, part, filled(cells), sheet, where)


def filled(cells: dict[str, str]) -> Edit:
    """Cells written anew."""

    def edit(xml: str) -> str:
        for cell, text in cells.items():
            xml = with_cell(xml, cell, text)
        return xml

    return edit


def place_of_the_first_text(data: bytes) -> tuple[str, str]:
    """The tab and the cell that show the workbook's first shared string."""
    with ZipFile(BytesIO(data)) as package:
        text = in_cells.re.search("<t[^>]*>([^<]*)</t>", package.read(in_cells.STRINGS).decode())
    assert text
    cells = (cell for sheet in load_workbook(BytesIO(data)) for row in sheet for cell in row if cell.value == text[1])
    first = next(cells)
    return first.parent.title, first.coordinate
