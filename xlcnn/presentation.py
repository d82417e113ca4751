"""What surrounds the formulas and may mislead: hidden cells, manual calculation, colours and words that no longer fit.

None of it changes a result, all of it changes what somebody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlcnn.blocks import a1, a1_range
from xlcnn.colours import heat_maps, highlights
from xlcnn.expected import Place
from xlcnn.formulas import relative
from xlcnn.layout import SheetLayout
from xlcnn.reading import Book, Cell, Rule, split_cell
from xlcnn.report import Problem
from xlcnn.table import SHEET as NETWORK

#: Words that show a cell's formula: ``Formula in AQ6:  =SUM(B6:B8)``, in any language.
SHOWN = re.compile(r"\b([A-Z]{1,3}[0-9]{1,7}):  (=\S.*?)(?=     |\n|$)")


def presentation_problems(book: Book, sheets: Mapping[str, SheetLayout], summary: Mapping[str, Place]) -> list[Problem]:
    """Everything of that kind, sheet by sheet."""
    problems = list(settings(book, sheets, summary))
    for sheet in sheets.values():
        problems += [*hidden_cells(book, sheet), *colour_problems(book, sheet), *caption_problems(book, sheet)]
    return problems


def settings(book: Book, sheets: Mapping[str, SheetLayout], summary: Mapping[str, Place]) -> Iterator[Problem]:
    if book.manual:
        yield Problem("manual", next(iter(book.sheets)), None, "automatic", "manual")
    needed = [s.layer.sheet for s in sheets.values()] + [sheet for sheet, _ in summary.values()] + [NETWORK]
    for name in dict.fromkeys(needed):
        if name in book.hidden:
            yield Problem("hidden", name, None, "a visible sheet", "a hidden one")


def hidden_cells(book: Book, sheet: SheetLayout) -> Iterator[Problem]:
    """The first cell of each block whose row or column is not shown."""
    name = sheet.layer.sheet
    rows = set(book.sheets[name].hidden_rows)
    columns = book.sheets[name].hidden_columns
    if not rows and not columns:
        return
    for block in sheet.blocks:
        for row, col in block.cells():
            if row in rows or any(first <= col <= last for first, last in columns):
                yield Problem("hidden", name, a1(row, col), "a visible cell", "a hidden row or column", f"of {sheet.name(block)}")
                break


def colour_problems(book: Book, sheet: SheetLayout) -> Iterator[Problem]:
    """Heat maps and marks that are there but no longer fit: other cells, other bounds. One that was removed is no lie."""
    name = sheet.layer.sheet
    rules = [r for r in book.sheets[name].rules if r.kind in ("colorScale", "expression")]
    if not rules:
        return
    found = [(rule, cells_of(rule.ranges), plain(rule)) for rule in rules]
    taken: list[int] = []
    missing: list[tuple[Rule, frozenset[Cell]]] = []
    for rule in (*highlights(sheet), *heat_maps(sheet)):
        cells, bounds = cells_of(rule.ranges), plain(rule)
        same = [k for k, (r, _, b) in enumerate(found) if r.kind == rule.kind and b == bounds and k not in taken]
        exact = [k for k in same if found[k][1] == cells]
        inside = [k for k in same if found[k][1] & cells]
        if exact:
            taken.append(exact[0])
        elif inside and cells <= frozenset().union(*(found[k][1] for k in inside)):
            pass  # in pieces, or over more cells: the same colours
        else:
            missing.append((rule, cells))
    for rule, cells in missing:
        near = [
            k for k, (r, c, b) in enumerate(found)
            if k not in taken and r.kind == rule.kind and (c & cells or (b == plain(rule) and b != ("num 0", "max")))
        ]  # fmt: skip
        if near:
            wrong = found[near[0]][0]
            first = a1(*min(cells))
            yield Problem("colours", name, first, say(rule), say(wrong))


def cells_of(ranges: str) -> frozenset[Cell]:
    """Every cell of ``B6:D8 F9``; what is no range counts as none."""
    cells: set[Cell] = set()
    for part in ranges.split():
        first, _, last = part.partition(":")
        try:
            (top, left), (bottom, right) = split_cell(first), split_cell(last or first)
        except ValueError:
            continue
        if 0 <= (bottom - top) * (right - left) < 1_000_000:
            cells |= {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
    return frozenset(cells)


def plain(rule: Rule) -> tuple[str, ...]:
    """A rule's formulas, without regard to spaces and capitals."""
    return tuple("".join(f.split()).upper() if " " not in f.strip() else " ".join(f.split()).upper() for f in rule.formulas)


def say(rule: Rule) -> str:
    return f"{rule.ranges}: {'; '.join(rule.formulas)}"


def caption_problems(book: Book, sheet: SheetLayout) -> Iterator[Problem]:
    """Words above the blocks that show another formula than the cell's (which may be written in another way)."""
    name = sheet.layer.sheet
    cells = book.sheets[name]
    top = min(b.row for b in sheet.blocks)
    for (row, col), value in cells.values.items():
        if row >= top or not isinstance(value, str) or (row, col) in cells.formulas:
            continue
        for match in SHOWN.finditer(value):
            where = split_cell(match[1])
            right = sheet.explained.get(where)
            if right is None or relative(right, *where) != relative(match[2], *where):
                yield Problem("caption", name, a1(row, col), f"{match[1]}: {right}", match[0])


def moved_names(sheets: Mapping[str, SheetLayout], fresh: Mapping[str, SheetLayout]) -> Iterator[Problem]:
    """Names that point elsewhere than their neighbours do, compared with a new workbook's sheets: were they moved?

    On a sheet in which somebody inserted rows or moved everything, most blocks have moved together.
    """
    for key, sheet in sheets.items():
        steps = [(b.row - f.row, b.col - f.col) for b, f in zip(sheet.blocks, fresh[key].blocks, strict=True)]
        usual = max(set(steps), key=steps.count) if len(steps) > 1 else (0, 0)  # one block alone has no neighbours
        if len(steps) > 1 and steps.count(usual) <= len(steps) / 2:
            continue
        for block, there, step in zip(sheet.blocks, fresh[key].blocks, steps, strict=True):
            if step != usual:
                place = a1_range(block)
                expected = f"a place like {a1(there.row + usual[0], there.col + usual[1])}, beside the others"
                yield Problem("name", sheet.layer.sheet, sheet.name(block), expected, place)
