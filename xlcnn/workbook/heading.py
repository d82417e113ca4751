"""What stands above the blocks of every sheet: title, ways to go, what it does, what to try, what the colours mean."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.colours import colour_rules
from xlcnn.layout.placed import LEFT, Layout, PlacedSheet
from xlcnn.sheets import guide
from xlcnn.sheets.looks import Note
from xlcnn.sheets.words import Words, name_of
from xlcnn.workbook.index import PANEL, index
from xlcnn.workbook.page import Page, needed_height, words_width

SCREEN = (1240, 520)  # the pixels of a 1366×768 laptop's screen that show cells, in LibreOffice with all its toolbars
PANELS = ("source", "in", "weight", "computed", "choice")
LEAST_WORDS = 300  # pixels for a margin of marks, or for what to try
TITLE, DOES, TRY = 1, 2, 3  # the rows; and PANEL


def reach(page: Page, last: int) -> int:
    """The last column that the words above the blocks may use: all of it on the first screen."""
    col = LEFT
    while col < last and page.pixels(1, col + 1) <= SCREEN[0]:
        col += 1
    return col


def headings(page: Page, layout: Layout, placed: PlacedSheet, words: Words, last: int) -> list[Note]:
    """All of it. `last` is the last column that words may use."""
    sheet = placed.sheet
    steps = [step for step in words.steps if sheet.name in step.sheets]
    tag = f"{words['guide', 'step']} {', '.join(str(step.number) for step in steps)}  ·  " if steps else ""
    marks = "\n".join(words.marks(sheet.name, {name: other.title for name, other in layout.items()}))
    notes = [Note(TITLE, LEFT, tag + words.title(sheet), "title"), *ways(page, layout, placed, words, last)]
    chips = [*reversed([*legend(placed, words), *further(page, placed, words)])]
    col, shown = last + 1, list[Note]()
    for chip in chips:  # from the right end leftwards
        end = col - 1 if shown and shown[-1].link and not chip.link else col  # the legend touches no link
        col, width = before(page, end, chip, spare=20 if chip.link else 8)
        shown.append(Note(TRY, col, chip.text, chip.style, width, link=chip.link, cell=chip.cell))
    heads, formula = panel_row(page, placed, words, last)
    tried = f"{words['guide', 'try']}: {words.try_(sheet)}" if words.try_(sheet) else ""
    does = words.does(sheet, placed.parts)
    if words_width(formula, "try") > page.pixels(LEFT, max(1, col - LEFT - 1)):
        does, formula = f"{does}\n{formula}", ""  # beside several lines, the chips would be as high as these
    notes += [*what_it_does(page, does, marks, last), *shown]
    text = "\n".join(filter(None, (tried, formula)))
    if text:
        notes.append(Note(TRY, LEFT, text, "try", max(1, col - LEFT - 1), wrap=True))
    return notes + heads


def before(page: Page, end: int, note: Note, spare: int = 8) -> tuple[int, int]:
    """The first column and the number of columns that the words of a note need, left of the column `end`."""
    col = max(LEFT, end - 1)
    while col > LEFT and page.pixels(col, end - col) < words_width(note.text, note.style) + spare:
        col -= 1
    return col, max(1, end - col)


def ways(page: Page, layout: Layout, placed: PlacedSheet, words: Words, last: int) -> Iterator[Note]:
    """Back and next in the order of the steps, and the guide between them, at the right end of the first row."""
    order = words.order(layout)
    k = order.index(placed.name)
    found = [("next", order[k + 1])] if k + 1 < len(order) else []
    if k > 0:
        found += [("guide", guide.NAME)] if order[k - 1] != guide.NAME else []
        found += [("back", order[k - 1])]
    col = last + 1
    for key, name in found:
        if name in layout:
            note = Note(TITLE, 1, words["panels", key].format(layout[name].title), "nav", link=name)
            col, width = before(page, col, note, spare=24)
            yield Note(TITLE, col, note.text, note.style, width, link=name)


def what_it_does(page: Page, does: str, marks: str, last: int) -> Iterator[Note]:
    """What the sheet does; beside it, where there are any, the half-truths and corrections: as few lines as possible."""
    width = last - LEFT + 1
    if not marks:
        yield Note(DOES, LEFT, does, "text", width, wrap=True)
        return
    least = ceil(LEAST_WORDS / page.cell[0])
    splits = range(max(1, width - 2 * least), max(2, width - least))

    def height(split: int) -> float:
        left, right = page.pixels(LEFT, split), page.pixels(LEFT + split + 1, width - split - 1)
        return max(
            needed_height(Note(DOES, LEFT, does, "text", wrap=True), left),
            needed_height(Note(DOES, LEFT, marks, "mark", wrap=True), right),
        )

    best = min(splits, key=height)
    yield Note(DOES, LEFT, does, "text", best, wrap=True)
    yield Note(DOES, LEFT + best + 1, marks, "mark", width - best - 1, wrap=True)


def legend(placed: PlacedSheet, words: Words) -> Iterator[Note]:
    """What the colours of this sheet mean."""
    if not placed.sheet.legend:
        return
    rules = colour_rules(placed)
    maps = [rule for rule in rules if rule.kind == "colorScale"]
    shown = {
        "negative": any(len(rule.formulas) == 3 for rule in maps),
        "zero": bool(maps),
        "positive": bool(maps),
        "yours": any(part.editable for part in placed.parts.values()),
        "looked": any(rule.kind == "expression" and not rule.look for rule in rules),
        "inner": any(rule.look == "inner point" for rule in rules),
        "outer": any(rule.look == "outer point" for rule in rules),
    }
    for key, there in shown.items():
        if there:
            yield Note(TRY, 1, words["legend", key], key)


def further(page: Page, placed: PlacedSheet, words: Words) -> Iterator[Note]:
    """Links to what the step is about and the first screen does not show."""
    screen = first_screen(page)
    hidden = {b.part: b for b in reversed(placed.blocks) if not is_seen(b, screen)}  # the first of each part
    for block in hidden.values():
        if block.part in placed.sheet.announced:
            down = middle(block)[1] <= screen[1]
            panel = placed.parts[block.part].panel
            text = words["panels", "choice"] if panel == "choice" else name_of(words.caption(placed.name, block))
            yield Note(TRY, 1, f"{text} {'↓' if down else '→'}", "nav", link=placed.name, cell=a1(block.row - 1, block.col))


def first_screen(page: Page) -> Cell:
    """The last row and column that show when the sheet opens."""
    row = col = 0
    height, width = SCREEN[1] * 0.75, SCREEN[0]
    while (height := height - page.rows.heights.get(row + 1, page.cell[1] * 0.75)) >= 0:
        row += 1
    while (width := width - page.pixels(col + 1)) >= 0:
        col += 1
    return row, col


def middle(block: Block) -> Cell:
    """The row and column up to which a block is looked at: most of it."""
    return block.row + 2 * block.rows // 3 - 1, block.col + 2 * block.columns // 3


def is_seen(block: Block, screen: Cell) -> bool:
    """Whether most of a block shows when the sheet opens."""
    (row, col), (last, right) = middle(block), screen
    return row <= last and col <= right


def panel_row(page: Page, placed: PlacedSheet, words: Words, last: int) -> tuple[list[Note], str]:
    """What comes in, weights with their shape, what goes out, each over its first column; and the formulas as text.

    Formulas for which the row has no room are given back.
    """
    formulas = [f"{words['panels', 'formula']} {a1(*where)}:  {formula}" for where, formula in placed.explained.items()]
    notes = panels(placed, words) if placed.sheet.panels else []
    found = [*index(page, placed, notes, words)]
    notes += found
    text = "     ".join(formulas)
    if found and not placed.sheet.panels:
        return notes, text
    if not notes:
        return [Note(PANEL, LEFT, text, "formula", last - LEFT + 1, wrap=True)] if text else [], ""
    for there in sorted(notes, key=lambda note: note.text != words["panels", "computed"]) if text else ():
        # beside the heading of what it computes, or else where there is room
        col = there.col + ceil(words_width(there.text + "   ", there.style) / page.cell[0])
        beyond = min([last + 1, *(note.col for note in notes if note.col > there.col)])
        if words_width(text, "formula") <= page.pixels(col, beyond - col):
            return [*notes, Note(PANEL, col, text, "formula", beyond - col)], ""
    return notes, text


def panels(placed: PlacedSheet, words: Words) -> list[Note]:
    """The headings over the columns of blocks."""
    notes: dict[int, Note] = {}
    for panel in PANELS:
        names = ["output"] if panel == "computed" else [n for n, p in placed.parts.items() if p.panel == panel]
        columns = [b.col for b in placed.blocks if b.part in names]
        if not columns or min(columns) in notes:
            continue
        weights = [placed.parts[n].shape for n in names if placed.parts[n].is_weight][:1]
        shape = ": " + " × ".join(map(str, weights[0])) if weights else ""
        notes[min(columns)] = Note(PANEL, min(columns), words["panels", panel] + shape, "panel")
    return list(notes.values())
