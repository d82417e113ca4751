"""Random numbers for a workbook's cells: images to try, and probes that tell a formula from one that is right by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xlcnn.engines import Edits
from xlcnn.layers import Array
from xlcnn.layout import SheetLayout
from xlcnn.tensors import Tensors

PROBES = 16  # further runs, with random numbers in every layer, where formulas are written in another way
FIRST = 4
SPREAD = 4  # numbers to play with reach further, on both sides of a threshold
PERIOD = 4  # in a probe every fourth cell of every fourth row is far larger than the others


def probe_batches(sheets: Mapping[str, SheetLayout]) -> list[range]:
    """The numbers of all probes: a few first, since most wrong formulas show at once."""
    return [range(FIRST), range(FIRST, probes_needed(sheets))]


def probes_needed(sheets: Mapping[str, SheetLayout]) -> int:
    """Enough that each cell of a window, and each number of a vector, is the largest once."""
    vectors = [b.height for s in sheets.values() for b in s.blocks if s.parts[b.part].role == "in" and b.width == 1]
    menus = [p.high for s in sheets.values() for p in s.parts.values() if p.role == "menu"]
    return max([PROBES, *(min(n, 64) for n in vectors), *menus])


def random_edits(tensors: Tensors, random: np.random.Generator, roles: Sequence[str], low: float, lit: int | None = None) -> Edits:
    """Random numbers for every cell whose part has one of these roles.

    With `lit`, the lit-th cell of each 4×4 tile of incoming maps, or of each vector, is larger than all others: so
    that a maximum depends on each of its cells in turn.
    """
    edits: dict[str, list[tuple[int, int, Array]]] = {}
    for sheet in tensors.sheets.values():
        choices = 0
        for block in (b for b in sheet.blocks if sheet.parts[b.part].role in roles):
            if lit is None and not tensors.is_read(sheet, block):
                continue
            values = random.uniform(low, 1, (block.height, block.width))
            part = sheet.parts[block.part]
            if part.role == "menu":
                words = tensors.words(sheet)
                values = np.array([[words[((lit or 0) + sum(block.index)) % len(words)]]], dtype=object)
            elif part.role == "choice":
                # all combinations of lowest and highest, each with positive and with negative numbers
                values = np.full_like(values, part.high if (lit or 0) >> (choices + 1) & 1 else part.low)
                choices += 1
            elif lit is not None and block.height * block.width == 1:
                alike = sum(b.part == block.part for b in sheet.blocks)
                values += 100.0 * (bool(block.index) and block.index[0] == lit % alike)  # a bias: its unit wins
            elif lit is not None and block.width == 1:
                values *= SPREAD if part.role == "play" else 1
                values[lit % block.height] += 2
            elif lit is not None:
                values[lit // PERIOD % PERIOD :: PERIOD, lit % PERIOD :: PERIOD] += 2
            changes = edits.setdefault(sheet.layer.sheet, [])
            if block.span == 1:
                changes.append((block.row, block.col, values))
            else:  # merged cells: one at a time
                changes += [(*cell, values.reshape(-1)[[k]][None]) for k, cell in enumerate(block.cells())]
    return edits
