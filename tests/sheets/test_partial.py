"""How many terms stand in one formula: as many as Excel takes wherever they stand, by the shape alone."""

import numpy as np
import pytest

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import COLUMNS, ROWS, References, column_number
from xlcnn.layout.placed import LONGEST_FORMULA
from xlcnn.sheets.elementwise import nested
from xlcnn.sheets.partial import BLOCKS, CELLS, PRODUCTS, portions
from xlcnn.sheets.pixels import checked

FAR = Block("far", (), "far", 2, 2, row=ROWS - 1, col=COLUMNS - 1)  # the last cells of a sheet
AT = References([FAR])


def test_the_last_column_is_the_longest() -> None:
    assert column_number("XFD") == COLUMNS
    assert len(AT.whole("far")) == len("$XFC$1048575:$XFD$1048576")


def test_as_many_products_fit_at_the_end_of_a_sheet() -> None:
    window, filter_, bias = AT.window("far", 0, 0, size=(2, 2)), AT.whole("far"), AT.fixed("far", 0, 0)
    formula = "=" + "+".join([*[f"SUMPRODUCT({window},{filter_})"] * PRODUCTS, bias])
    assert len(formula) < LONGEST_FORMULA
    assert len(formula) * 9 / 8 > LONGEST_FORMULA, "more of them would fit, too"


def test_as_many_blocks_and_cells_fit() -> None:
    assert len(checked(",".join([AT.whole("far")] * BLOCKS))) < LONGEST_FORMULA
    assert len(nested("MAX", [AT("far", 1, 1)] * CELLS)) < LONGEST_FORMULA
    assert nested("MAX", ["A1"] * CELLS).count("MAX") == 1


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (128, [128]), (129, [128, 1]), (300, [128, 128, 44])])
def test_portions_hold_every_term_once(count: int, sizes: list[int]) -> None:
    found = portions(range(count))
    assert [len(g) for g in found] == sizes
    assert np.concatenate(found).tolist() == list(range(count))
