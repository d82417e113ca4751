"""Writes the sheet of one layer: what comes in on the left, the weights in the middle, what goes out on the right."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlcnn.blocks import Block, a1, a1_range
from xlcnn.exhibits import Exhibit
from xlcnn.layers import OPTIONS, Array, Gallery, Layer
from xlcnn.layers.lens import PICKS
from xlcnn.layout import LEFT, TOP, Layout, SheetLayout
from xlcnn.network import options
from xlcnn.words import Words
from xlcnn.workbook import page, styles
from xlcnn.workbook.heatmap import add_colours
from xlcnn.workbook.shared import SharedFormula

SCREEN = (1290, 520)  # the pixels of a 1366×768 laptop that show cells
NOTE = 20  # columns of a note in the margin
MIN_WIDTH = 46  # columns of a page, so that the words above the maps have room
TEXT_PIXELS, FORMULA_PIXELS = 6.2, 8.1  # a character's width, on the safe side


def write_layer(book: Workbook, layout: Layout, sheet: SheetLayout, given: dict[str, Array], words: Words) -> None:
    """Add the sheet. `given` holds the values of the parts that are not computed: the image, weights, constants."""
    page_ = book.create_sheet(sheet.layer.sheet)
    rows, cols = extent(sheet)
    page.square_cells(page_, rows, cols, cell_size(sheet))
    write_values(page_, layout, sheet, given, words)
    for part in (n for n, p in sheet.parts.items() if p.role in ("computed", "text")):
        write_formulas(page_, sheet, part)
    for block in sheet.blocks:
        write_caption(page_, sheet.layer, block, words)
    add_colours(page_, sheet)
    for block in sheet.blocks:
        add_validation(page_, sheet, block)
    write_heading(page_, sheet, words)
    page.set_up(page_, rows, cols, zoom(sheet), freeze="A5")


def extent(sheet: SheetLayout) -> tuple[int, int]:
    """The last row and column of the page: blocks, charts, and room for the words above them."""
    rows = [b.row + b.height for b in sheet.blocks]
    cols = [MIN_WIDTH, *(b.col + b.width * b.span for b in sheet.blocks)]
    for chart in sheet.layer.charts() if isinstance(sheet.layer, Exhibit) else ():
        rows.append(TOP + chart.row + chart.height)
        cols.append(LEFT + chart.col + chart.width)
    return max(rows), max(cols)


def zoom(sheet: SheetLayout) -> int:
    """Such that the tallest map and, if it can still be read, the whole width fit on one screen."""
    tallest = max(b.height for b in sheet.blocks) + 6
    widest = max(b.col + b.width * b.span for b in sheet.blocks)
    fits = min(SCREEN[0] / widest, SCREEN[1] / tallest) / cell_size(sheet)
    return max(50, min(100, int(fits * 100) // 5 * 5))


def cell_size(sheet: SheetLayout) -> int:
    """The side of a cell in pixels: half as much where many pictures are to be looked at, not read."""
    return styles.CELL // 2 if isinstance(sheet.layer, Gallery) and sheet.layer.pictures > 1 else styles.CELL


def write_values(page_: Worksheet, layout: Layout, sheet: SheetLayout, given: dict[str, Array], words: Words) -> None:
    links = {(part, index): text for part, index, text in layout.links(sheet.layer)}
    for block in sheet.blocks:
        role = sheet.parts[block.part].role
        if role in ("computed", "text"):
            continue
        look = Look(page_, block, editable=sheet.parts[block.part].blank or role in ("play", "choice", "menu"))
        labels = [words["sheets", sheet.layer.name, "options", key].format(k) for key, k in sheet.layer.labels(sheet.parts)]
        for (row, col), index in sheet.indices(block):
            if role == "in":
                look.write(row, col, links[block.part, index] or 0)
            elif role == "label":
                look.write(row, col, labels[index[0]])
            else:
                value = float(given[block.part][index])
                look.write(row, col, None if isnan(value) else labels[int(value) - 1] if role == "menu" else value)


def write_formulas(page_: Worksheet, sheet: SheetLayout, part: str) -> None:
    """One shared formula a block where it can be dragged, else one formula a cell."""
    for block in (b for b in sheet.blocks if b.part == part):
        look = Look(page_, block)
        cells: Iterator[tuple[tuple[int, int], tuple[int, ...]]] = sheet.indices(block)
        if part not in sheet.layer.dragged or block.height * block.width == 1:
            for (row, col), index in cells:
                look.write(row, col, sheet.formula(part, index))
            continue
        number = next_shared(page_)
        (row, col), index = next(cells)
        look.write(row, col, SharedFormula(number, sheet.formula(part, index), a1_range(block).replace("$", "")))
        rest = SharedFormula(number)
        for (row, col), _ in cells:
            look.write(row, col, rest)


def next_shared(page_: Worksheet) -> int:
    """The next free number for a shared formula on this sheet."""
    page_.shared_count = getattr(page_, "shared_count", -1) + 1
    return int(page_.shared_count)


def add_validation(page_: Worksheet, sheet: SheetLayout, block: Block) -> None:
    """Only what means something can be typed: pixels from 0 to 1, whole numbers, words; few of them as a drop-down."""
    part = sheet.parts[block.part]
    if part.blank:
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="1")
        rule.add(a1_range(block).replace("$", ""))
        page_.add_data_validation(rule)
        return
    if part.role not in ("choice", "menu"):
        return
    if part.role == "menu":
        rule = DataValidation(type="list", formula1=sheet.references.whole(OPTIONS), allow_blank=False)
    elif part.high - part.low < 10:
        choices = ",".join(str(n) for n in range(part.low, part.high + 1))
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=False)
    else:
        rule = DataValidation(type="whole", operator="between", formula1=str(part.low), formula2=str(part.high), allow_blank=False)
    rule.add(a1(block.row, block.col))
    page_.add_data_validation(rule)


class Look:
    """Writes values into the cells of a block, all with one style. openpyxl compares styles by value: slow, so once."""

    def __init__(self, page_: Worksheet, block: Block, editable: bool = False) -> None:
        self.page, self.span = page_, block.span
        first = page_.cell(block.row, block.col)
        first.font = styles.SCORE if block.span > 1 else styles.NUMBER
        first.alignment = styles.FITTED if block.key == "celltext" else styles.CENTRE
        first.border = styles.BOX
        if editable:
            first.fill = styles.EDITABLE
        first.number_format = styles.PERCENT if block.key == "probability" else number_format(block)
        self.style = first._style

    def write(self, row: int, col: int, value: float | str | SharedFormula | None) -> None:
        cell = self.page.cell(row, col, value)
        cell._style = self.style
        if self.span > 1:
            for extra in range(1, self.span):
                self.page.cell(row, col + extra)._style = self.style
            page.merge(self.page, row, col, self.span)


def number_format(block: Block) -> str:
    return (
        "0"
        if block.key in ("class", "prediction", "switch", "answer", "right", "winner", "number", *PICKS)
        else "0.0000"
        if block.key == "exp"
        else styles.TWO_DECIMALS
    )


def write_caption(page_: Worksheet, layer: Layer, block: Block, words: Words) -> None:
    if isinstance(layer, Exhibit):
        caption = words["sheets", layer.name, "captions", block.key]
    elif (own := words.get("sheets", layer.name, "captions", block.label)) is not None:
        caption = own
    elif (option := words.get("sheets", layer.name, "options", block.key)) is not None:
        caption = option
    else:
        caption = words["captions", block.key].format(*block.label[len(block.key) :].split("."))
    page.write_text(page_, block.row - 1, block.col, caption, styles.CAPTION, styles.MIDDLE)


def write_heading(page_: Worksheet, sheet: SheetLayout, words: Words) -> None:
    """Title, what the layer does, its formulas as text, the headings over the columns of blocks, the way back."""
    name = sheet.layer.name
    steps = [step for step in words.steps if name in step.sheets]
    tag = f"{words['guide', 'step']} {', '.join(str(step.number) for step in steps)}  ·  " if steps else ""
    page.write_text(page_, 1, LEFT, tag + words["sheets", name, "title"], styles.TITLE, styles.MIDDLE)
    width, cell = extent(sheet)[1] - LEFT, cell_size(sheet)
    marks = [mark for step in steps if step.sheets[0] == name for mark in step.marks]
    text_width = width - (NOTE + 1) * bool(marks)
    does = words["sheets", name, "does"].format(**facts(sheet))
    formulas = formula_texts(sheet, words)
    one_line = "     ".join(formulas)
    shown = one_line if len(one_line) * FORMULA_PIXELS < width * cell else "\n".join(formulas)
    page.write_wrapped(page_, 3, LEFT, width, shown, styles.FORMULA, FORMULA_PIXELS, cell)
    page.write_wrapped(page_, 2, LEFT, text_width, does, styles.TEXT, TEXT_PIXELS, cell)
    if marks:
        high = page_.row_dimensions[2].height
        page.write_wrapped(page_, 2, LEFT + text_width + 1, NOTE, "\n".join(marks), styles.MARK, TEXT_PIXELS)
        page_.cell(2, LEFT + text_width + 1).fill = styles.NOTE_FILL
        page_.row_dimensions[2].height = max(high, page_.row_dimensions[2].height)
    taken: set[int] = set()
    for role in () if isinstance(sheet.layer, Exhibit | Gallery) else ("source", "in", "weight", "computed", "choice"):
        parts = ("output",) if role == "computed" else [n for n, p in sheet.parts.items() if p.role == role]
        columns = [b.col for b in sheet.blocks if b.part in parts]
        if columns and min(columns) not in taken:
            taken.add(min(columns))
            shape = sheet.parts["weight"].shape if role == "weight" and "weight" in sheet.parts else ()
            heading = words["panels", role] + (": " + " × ".join(map(str, shape)) if shape else "")
            page.write_text(page_, 4, min(columns), heading, styles.HEADING, styles.MIDDLE)
    on_screen = int(0.85 * SCREEN[0] / cell * 100 / zoom(sheet))
    last = min(LEFT + width, on_screen) - 3 * styles.CELL // cell
    page.write_text(page_, 1, last, words["panels", "back"], styles.BACK, styles.MIDDLE)
    page.link(page_, 1, last, "Guide", words["guide", "title"])
    page_.row_dimensions[1].height, page_.row_dimensions[4].height = 26, 17


def formula_texts(sheet: SheetLayout, words: Words) -> list[str]:
    """The formula of the first cell of each computed part, as text."""
    return [f"{words['panels', 'formula']} {a1(*cell)}:  {formula}" for cell, formula in sheet.explained.items()]


def facts(sheet: SheetLayout) -> dict[str, object]:
    """What the words of a sheet may mention."""
    incoming = (*next((p.shape for p in sheet.parts.values() if p.role == "in"), (1, 1, 1)), 1, 1)
    out = (*(sheet.parts["output"].shape if "output" in sheet.parts else ()), 1, 1, 1)
    known = options(sheet.layer)
    return {
        "channels": incoming[0],
        "height": known["shape"][1] if "shape" in known else incoming[1],
        "width": known["shape"][2] if "shape" in known else incoming[2],
        "out_height": out[1],
        "out_width": out[2],
        "filters": known.get("filters", out[0]),
        "units": known.get("units", out[0]),
        "kernel": " × ".join(str(n) for n in known.get("kernel", ())),
    }
