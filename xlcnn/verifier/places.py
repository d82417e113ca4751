"""The cell that a person reads is the cell that is verified: names stand where a new workbook has them.

Rows and columns may have been inserted or deleted: then everything below or to the right of them has moved together. So the
rows of the workbook's blocks must be those of a new workbook in the same order, one for one, and so must the columns. A block
that was cut and pasted elsewhere must have left nothing behind. Whatever has moved must have taken its caption with it, which
stands where it may have come to stand if rows were inserted around it (`may_have_moved`), with nothing below it but the block.
Where something was inserted, no numbers may stand that could be taken for the network's, but for those that a new workbook has.
"""

from __future__ import annotations

import re
from bisect import bisect, insort
from collections import Counter
from collections.abc import Iterable, Iterator

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.letters import alike
from xlcnn.grid.lookalikes import skeleton
from xlcnn.grid.references import a1, a1_range, split_area
from xlcnn.layout.placed import Layout, PlacedSheet, place
from xlcnn.sheets.plan import TITLES
from xlcnn.verifier.description import OLDER, Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.language import language
from xlcnn.xlsx.book import Book, SheetCells

Lines = dict[int, int]
"""Row (or column) of a new workbook → row (or column) of this one."""

FURTHER = 40  # rows and columns beyond the last block, which a person may still take for the sheet's

#: Text that reads as a number.
LIKE_A_NUMBER = re.compile(r"\W*[0-9]+(?:[.,:/][0-9]+)*\W*")


def place_problems(described: Described) -> Iterator[Problem]:
    for placed in described.layout.values():
        if placed.blocks:
            yield from sheet_problems(described.book, placed, described.layout)
    yield from shadowed(described)
    yield from doubles(described)
    yield from unknown_names(described)


def unknown_names(described: Described) -> Iterator[Problem]:
    """Names of cells that are called like a sheet's own parts and are none: somebody took them out of the description."""
    own = {alike(placed.defined_name(block)) for placed in described.layout.values() for block in placed.blocks} | {alike(OLDER)}
    tabs = {alike(name): placed.title for name, placed in described.layout.items()}
    for name, reference in described.book.names.items():
        title = tabs.get(alike(name.partition(".")[0])) if "." in name and alike(name) not in own else None
        if title is not None and leads_to(reference, title):
            do = "delete the name, and what stands there; or write on About what the sheet had"
            yield Problem("name", title, name, "only names of what the sheet computes", reference, do)


def leads_to(reference: str, title: str) -> bool:
    try:
        return split_area(reference)[0] == title
    except ValueError:
        return False


def sheet_problems(book: Book, placed: PlacedSheet, layout: Layout) -> Iterator[Problem]:
    """Names of one sheet that were moved; numbers that stand where rows or columns were inserted."""
    sheet = book.sheets[placed.title]
    fresh = place(placed.sheet, placed.parts, placed.before).blocks
    if fresh == placed.blocks:
        return
    rows, columns, apart = together(placed.blocks, fresh)
    covered = {cell for block in placed.blocks for cell in all_cells(block)}
    steps = Counter((b.row - f.row, b.col - f.col) for b, f in zip(placed.blocks, fresh, strict=True))
    step = steps.most_common(1)[0][0] if len(fresh) > 1 else (0, 0)  # one alone has nobody beside it
    for k, (block, there) in enumerate(zip(placed.blocks, fresh, strict=True)):
        captioned = placed.parts[block.part].captioned
        right = k not in apart or (captioned and not left_behind(sheet, there, covered) and not overlaps(block, there, fresh))
        if not right or (
            captioned
            and (block.row, block.col) != (there.row, there.col)
            and not took_its_caption(sheet, block, covered, {} if k in apart else rows, there)
        ):
            expected = f"a place like {a1(there.row + step[0], there.col + step[1])}, beside the others"
            yield Problem("name", placed.title, placed.defined_name(block), expected, a1_range(block))
    reach = tuple(max(cell[k] for cell in covered) + FURTHER for k in (0, 1))
    near = (cell for cell in sheet.values if cell not in covered and cell[0] <= reach[0] and cell[1] <= reach[1])
    numbers = sorted(cell for cell in near if like_a_number(sheet, cell))
    beside = list(in_bands(numbers, inserted(rows), inserted(columns)))
    own = words_beside(book, placed, layout) if beside else {}
    for cell in beside:
        if any(may_have_moved(rows, r, cell[0]) and may_have_moved(columns, c, cell[1])
               for r, c in own.get(str(sheet.values[cell]), ()) if cell not in sheet.formulas):  # fmt: skip
            continue
        note = "delete it or move it below or beside the network; or undo what moved the names of this sheet"
        yield Problem("name", placed.title, a1(*cell), "nothing that could be taken for the network's", sheet.values[cell], note)
        break


def together(blocks: Iterable[Block], fresh: Iterable[Block]) -> tuple[Lines, Lines, list[int]]:
    """The rows and columns that have moved in one order, and the numbers of the blocks that have not moved with them.

    The step that most blocks have made is believed first.
    """
    pairs = list(zip(blocks, fresh, strict=True))
    steps = Counter((b.row - f.row, b.col - f.col) for b, f in pairs)
    rows, columns, apart = {}, {}, []  # type: Lines, Lines, list[int]
    row_order, column_order = [], []  # type: list[int], list[int]
    order = sorted(range(len(pairs)), key=lambda k: -steps[pairs[k][0].row - pairs[k][1].row, pairs[k][0].col - pairs[k][1].col])
    for k in order:
        block, there = pairs[k]
        down = known_lines(there.row, there.rows, block.row, block.rows, rows, row_order)
        across = known_lines(there.col, there.columns, block.col, block.columns, columns, column_order)
        if down and across:
            learn(rows, row_order, down)
            learn(columns, column_order, across)
        else:
            apart.append(k)
    return rows, columns, sorted(apart)


def known_lines(first: int, count: int, to: int, now: int, known: Lines, order: list[int]) -> Lines | None:
    """The rows (or columns) that a block knows, if they fit; of a value that has grown, where it begins and ends, or begins."""
    same = {first + n: to + n for n in range(count)}
    for lines in [same] if count == now else [{first: to, first + count - 1: to + now - 1}, {first: to}]:
        if fits(known, order, lines):
            return lines
    return None


def learn(known: Lines, lines: list[int], more: Lines) -> None:
    """Know more lines; `lines` are those that are known, in order."""
    for line, there in more.items():
        if line not in known:
            known[line] = there
            insort(lines, line)


def fits(known: Lines, lines: list[int], more: Lines) -> bool:
    """Whether lines follow one another as before, each where it is known to be."""
    if any(known.get(line, there) != there for line, there in more.items()):
        return False
    for line, there in (min(more.items()), max(more.items())):
        k = bisect(lines, line)
        if k < len(lines) and known[lines[k]] <= there and line not in known:
            return False
        before = [n for n in lines[max(0, k - 1) : k] if n != line]
        if before and known[before[0]] >= there:
            return False
    return True


def inserted(lines: Lines) -> list[range]:
    """The rows (or columns) between the blocks, or before them, of which there are more than in a new workbook."""
    found = []
    last, last_there = 0, 0
    for line, there in sorted(lines.items()):
        if there - last_there > line - last:
            found.append(range(last_there + 1, there))
        last, last_there = line, there
    return found


def may_have_moved(lines: Lines, line: int, to: int) -> bool:
    """Whether a row (or column) of a new workbook is now that one, if rows were inserted between those that are known."""
    before = max((n for n in lines if n <= line), default=0)
    after = min((n for n in lines if n >= line), default=None)
    return lines.get(before, 0) + line - before <= to and (after is None or to <= lines[after] - (after - line))


def words_beside(book: Book, placed: PlacedSheet, layout: Layout) -> dict[str, list[Cell]]:
    """The words that a new workbook in this one's language has beside the blocks, and where."""
    words, found = language(book, layout), dict[str, list[Cell]]()
    if words is not None:
        sheets, parts = {name: p.sheet for name, p in layout.items()}, {name: p.parts for name, p in layout.items()}
        for note in placed.sheet.notes(words.only(layout), sheets, parts):
            found.setdefault(note.text, []).append((note.row, note.col))
    return found


def in_bands(cells: Iterable[Cell], rows: list[range], columns: list[range]) -> Iterator[Cell]:
    for row, col in cells:
        if any(row in band for band in rows) or any(col in band for band in columns):
            yield row, col


def all_cells(block: Block) -> Iterator[Cell]:
    """Every cell that the block takes, merged ones too."""
    for row in range(block.row, block.row + block.rows):
        for col in range(block.col, block.col + block.columns):
            yield row, col


def like_a_number(sheet: SheetCells, cell: Cell) -> bool:
    """Whether a person may read a number there."""
    value = sheet.values.get(cell)
    if cell in sheet.formulas:
        return True
    return value is not None and (not isinstance(value, str) or LIKE_A_NUMBER.fullmatch(value) is not None)


def overlaps(block: Block, there: Block, fresh: Iterable[Block]) -> bool:
    """Whether a block stands where another one belongs: it could not be told from that one."""
    return any(
        block.row < o.row + o.rows and o.row < block.row + block.rows
        and block.col < o.col + o.columns and o.col < block.col + block.columns
        for o in fresh if o is not there
    )  # fmt: skip


def took_its_caption(sheet: SheetCells, block: Block, covered: set[Cell], rows: Lines, there: Block) -> bool:
    """Whether words stand above the block, as its caption does: right above it, or where inserted rows have left them."""
    row = block.row - 1
    while row > 0 and sheet.is_empty((row, block.col)) and (row, block.col) not in covered:
        row -= 1
    value = sheet.values.get((row, block.col))
    said = isinstance(value, str) and bool(value.strip()) and (row, block.col) not in sheet.formulas
    below = min((line for line in rows if line >= there.row + there.rows), default=0)
    followed = rows.get(below, 0) - below >= block.row - there.row if below else bool(rows)  # what is below moves, too
    near = row == block.row - 1 or (followed and may_have_moved(rows, there.row - 1, row))
    return said and near and (row, block.col) not in covered


def left_behind(sheet: SheetCells, there: Block, covered: set[Cell]) -> bool:
    """Whether numbers still stand where the block was, which are of no block."""
    return any(cell not in covered and like_a_number(sheet, cell) for cell in all_cells(there))


def shadowed(described: Described) -> Iterator[Problem]:
    """Names that mean something else on one sheet of the network than in the workbook: formulas there read the other one."""
    tabs = {placed.title for placed in described.layout.values()}
    known = {alike(name) for name in described.book.names}
    for title, name in described.book.local:
        if title in tabs and alike(name) in known:
            note = "delete it under Formulas > Name Manager, where its scope is the sheet"
            yield Problem("name", title, name, "one meaning in the whole workbook", "another on this sheet alone", note)


def doubles(described: Described) -> Iterator[Problem]:
    """Tabs that are called as a sheet of the network is, while that sheet is on another tab, or was deleted."""
    own = {placed.title: name for name, placed in described.layout.items()}
    named = {
        *(sheet.name for sheet in described.plan.listed),
        *(name for name, placed in described.layout.items() if placed.blocks),
    }
    words = language(described.book, described.layout)
    titles = ((name, title) for name in named for title in (name, TITLES.get(name, name), words.tab(name) if words else None))
    called: dict[str, list[str]] = {}
    for name, title in titles:
        called.setdefault(skeleton(title or ""), []).append(name)
    for title in described.book.sheets:
        names = called.get(skeleton(title), [])
        if not names or own.get(title) in names or (title not in own and title in described.book.hidden):
            continue
        name = names[0]
        there = described.layout[name].title if name in described.layout else "no tab any more"
        note = f"give that tab another name{'' if title in own else ', or delete it'}; {name} is on {there}"
        found = f"the sheet {own[title]}" if title in own else "a tab of its name beside it"
        yield Problem("name", title, None, f"the sheet {name}", found, note)
