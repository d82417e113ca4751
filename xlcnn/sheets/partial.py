"""Sums that are too long for one formula: partial sums stand in cells of their own.

Excel takes 8,192 characters a formula. How many terms that is, is decided for the longest references that there are, so that
the same shape is always laid out in the same way, wherever it stands on a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlcnn.grid.blocks import IN_ONE_COLUMN, Box, stack, tiled
from xlcnn.sheets.part import Part

CAPTION = 6  # columns that the words above a matrix need
PRODUCTS = 128  # SUMPRODUCT(XFD1048576:XFD1048576,$XFD$1048576:$XFD$1048576)+ is 60 characters, so they are 7,680
BLOCKS = 64  # $XFD$1048576:$XFD$1048576, is 26, and the formula names each four times
CELLS = 255  # arguments of a function; a sum of 257 terms is too deep for Formualizer


def portions(terms: range, most: int = PRODUCTS) -> list[range]:
    """The terms in groups of which each fits in a formula; only one, if all of them do."""
    return [terms[k : k + most] for k in range(0, len(terms), most)]


def matrices_of(filters: Part, o: int) -> Box:
    """A filter's matrices: a few one under the other, many in rows, wide enough for what stands above them."""
    blocks = [filters.block(o, i) for i in range(filters.shape[1])]
    return stack(blocks, gap=0) if len(blocks) <= IN_ONE_COLUMN else in_a_square(blocks)


def in_a_square(matrices: Iterable[Box]) -> Box:
    """Very many small matrices with room for the words above each."""
    todo = list(matrices)
    return tiled(todo, gap=max(1, CAPTION - max(box.width for box in todo)))
