"""What a workbook says that it is: its layers and where their tensors stand, rebuilt from its own cells and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xlcnn.blocks import Block, a1, a1_range
from xlcnn.errors import NetworkError
from xlcnn.exhibits import Exhibit
from xlcnn.layers import Input, Layer
from xlcnn.layout import TOTAL, Layout, SheetLayout, arrange, summary_names
from xlcnn.network import Network, check_layers
from xlcnn.reading import Book, Cell, split_area
from xlcnn.report import Problem
from xlcnn.table import COLUMNS, SHEET, TABLE, facts, read_row


def read_layers(book: Book) -> tuple[tuple[Layer, ...], list[Problem]]:
    """The layers listed on the ``Network`` sheet, and what is wrong with the list."""
    found = area(book, TABLE)
    if isinstance(found, Problem):
        return (), [found]
    sheet, (top, left), (bottom, right) = found
    if right - left + 1 != len(COLUMNS) or not 1 <= bottom - top + 1 <= 256:
        return (), [Problem("missing", sheet, a1(top, left), f"the table of layers, {len(COLUMNS)} columns", book.names[TABLE])]
    values = book.sheets[sheet].values
    layers: list[Layer] = []
    for row in range(top, bottom + 1):
        cells = tuple(values.get((row, col)) for col in range(left, right + 1))
        try:
            layers.append(read_row(cells))
            parts = check_layers(tuple(layers))
        except (NetworkError, ValueError) as error:
            if begins_before(values, top, left):
                return (), [Problem("name", sheet, TABLE, "the whole table of layers", book.names[TABLE])]
            return (), [Problem("description", sheet, a1(row, left), "a layer that can be read", str(error))]
        layer = layers[-1]
        for column, told in facts(layer, parts[layer.name]).items():
            where = left + COLUMNS.index(column)
            if (values.get((row, where)) or 0) != (told or 0):
                return (), [Problem("description", sheet, a1(row, where), told, values.get((row, where)))]
    if not any(isinstance(layer, Input) for layer in layers):
        return (), [Problem("description", sheet, a1(top, left), "a layer of kind input", None)]
    return tuple(layers), []


def begins_before(values: Mapping[Cell, object], top: int, left: int) -> bool:
    """Whether the table of layers has a row or a column before this place, so that its name points beside it."""
    try:
        read_row(tuple(values.get((top - 1, left + k)) for k in range(len(COLUMNS))))
    except (NetworkError, ValueError):
        return values.get((top, left - 1)) is not None
    return True


def area(book: Book, name: str) -> tuple[str, tuple[int, int], tuple[int, int]] | Problem:
    """The sheet and corners that a defined name stands for, or what is wrong with it."""
    reference = book.names.get(name)
    if reference is None:
        return Problem("missing", SHEET, name, f"the defined name {name}", None)
    try:
        sheet, first, last = split_area(reference)
    except ValueError:
        return Problem("missing", SHEET, name, "a range of cells", reference)
    if sheet not in book.sheets:
        return Problem("missing", sheet, name, f"the sheet {sheet}", None)
    return sheet, first, last


def place(book: Book, sheet: SheetLayout) -> tuple[SheetLayout, list[Problem]]:
    """The layer's blocks moved to where the workbook's names say that they are."""
    name = sheet.layer.sheet
    if name not in book.sheets:
        return sheet, [Problem("missing", name, None, f"the sheet {name}", None)]
    blocks: list[Block] = []
    problems: list[Problem] = []
    for block in sheet.blocks:
        found = area(book, sheet.name(block))
        if isinstance(found, Problem):
            problems.append(replace(found, sheet=name))
            continue
        where, (top, left), last = found
        moved = replace(block, row=top, col=left)
        if where != name or last != moved.cell(block.height - 1, block.width - 1):
            expected = f"{name}, {block.height} × {block.width} cells, like {a1_range(moved)}"
            problems.append(Problem("missing", name, sheet.name(block), expected, book.names[sheet.name(block)]))
        blocks.append(moved)
    return replace(sheet, blocks=tuple(blocks)), problems


def describe(book: Book) -> tuple[dict[str, SheetLayout], list[Problem]]:
    """Every layer's sheet as the workbook describes it; no sheets where a problem makes comparing pointless."""
    layers, problems = read_layers(book)
    sheets: dict[str, SheetLayout] = {}
    parts = check_layers(layers) if layers else {}
    for layer in layers:
        sheets[layer.name], wrong = place(book, arrange(layer, parts[layer.name], sheets))
        problems += wrong
    return ({} if problems else sheets), problems


def fresh_layout(sheets: dict[str, SheetLayout]) -> dict[str, SheetLayout]:
    """The same layers as a new workbook would arrange them."""
    fresh: dict[str, SheetLayout] = {}
    for name, sheet in sheets.items():
        fresh[name] = arrange(sheet.layer, sheet.parts, fresh)
    return fresh


def build_layout(sheets: dict[str, SheetLayout], values: dict[str, dict[str, np.ndarray]]) -> Layout:
    """The network with the weights found in the workbook (layer → part → tensor), on its sheets."""
    weights: dict[str, np.ndarray] = {}
    layers = tuple(s.layer for s in sheets.values() if not isinstance(s.layer, Exhibit))
    parts = check_layers(layers)
    for layer in layers:
        incoming = [parts[name]["output"] for name in layer.inputs]
        for part, shape in layer.weight_shapes(*incoming).items():
            weights[f"{layer.name}.{part}"] = values[layer.name][part].reshape(shape)
    return Layout(Network(layers, weights), sheets)


def summary_cells(book: Book, sheets: dict[str, SheetLayout]) -> tuple[dict[str, tuple[str, Cell]], list[Problem]]:
    """Where the Guide's computed cells are: defined name → sheet and cell."""
    cells: dict[str, tuple[str, Cell]] = {}
    problems: list[Problem] = []
    for name in summary_names(s.layer for s in sheets.values()):
        found = area(book, name)
        if isinstance(found, Problem):
            problems.append(replace(found, sheet=SHEET if name == TOTAL else "Guide"))
        else:
            cells[name] = (found[0], found[1])
    return cells, problems
