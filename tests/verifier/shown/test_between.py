"""A number between very many maps would change the colours of all of them."""

import pytest

from tests.networks import build
from xlcnn.grid.blocks import Cell
from xlcnn.layout.colours import MOST_RANGES, colour_rules
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.plan import plan
from xlcnn.verifier.shown.between import numbers_between
from xlcnn.xlsx.book import SheetCells


def sheet(maps: int) -> PlacedSheet:
    """A ReLU of so many maps of 2 × 2."""
    layers = build([
        {"name": "input", "kind": "input", "shape": [maps, 2, 2]},
        {"name": "relu", "kind": "relu", "inputs": ["input"]},
    ]).layers  # fmt: skip
    return lay_out(plan(layers))["relu"]


def free(placed: PlacedSheet) -> Cell:
    """A cell beside the first map, in no block."""
    block = placed.blocks[0]
    return block.row, block.col + block.columns


@pytest.mark.parametrize("maps", [4, MOST_RANGES + 10])
def test_a_number_in_a_heat_map_that_is_none_of_the_networks_is_named(maps: int) -> None:
    placed = sheet(maps)
    covered = any(free(placed) in rule.cells for rule in colour_rules(placed))
    found = list(numbers_between(placed, SheetCells({free(placed): 1e6}, {})))
    assert len(found) == covered == (maps > MOST_RANGES)
    assert all(problem.kind == "colours" and problem.cell for problem in found)


def test_words_the_networks_numbers_and_numbers_elsewhere_are_not() -> None:
    placed = sheet(MOST_RANGES + 10)
    row, col = placed.extent
    values = {free(placed): "a note", (row + 3, col + 3): 7.0, (1, 2): 5.0, **dict.fromkeys(placed.blocks[0].cells(), 0.5)}
    assert list(numbers_between(placed, SheetCells(values, {}))) == []  # type: ignore[arg-type]
