"""What each sheet needs is known before a cell is written, and what Excel has no room for is named with its layer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.conftest import LESSON
from tests.networks import branching, build, coloured, uneven
from xlcnn import Network, NetworkError
from xlcnn.grid.formulas import complexity
from xlcnn.layout.needs import MOST, Need, fitting, need, needs, needs_of
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.parts import Computed, Text
from xlcnn.sheets.plan import plan


@pytest.mark.parametrize("network", [coloured(), branching(), uneven()])
def test_the_longest_formula_is_found_without_writing_all(network: Network) -> None:
    for name, placed in lay_out(plan(network.layers)).items():
        computed = [part for part in placed.parts.values() if isinstance(part, Computed | Text)]
        every = [placed.formula(part.name, index) or "" for part in computed for index in np.ndindex(*part.shape)]
        found = need(placed)
        longest = max(map(len, every), default=0)
        assert 0.95 * longest <= found.longest <= longest, name
        assert found.arguments == max((complexity(text)[0] for text in every), default=0), name
        assert found.levels == max((complexity(text)[1] for text in every), default=0), name


def test_every_cell_of_every_block_and_caption_is_counted() -> None:
    placed = lay_out(plan(coloured().layers))["dense"]
    taken = {
        (row + y, col + x)
        for b in placed.blocks
        for row, col in b.cells()
        for y in range(b.rise)
        for x in range(b.span)
    }  # fmt: skip
    taken |= {(b.row - 1, b.col) for b in placed.blocks if placed.parts[b.part].captioned}
    assert need(placed).cells == len(taken)


def test_a_chart_needs_rows_too() -> None:
    assert need(LESSON["softmax"]).rows > LESSON["softmax"].extent[0]
    assert need(LESSON["relu1"]).rows == LESSON["relu1"].extent[0]


def test_what_fits_is_laid_out_as_it_is() -> None:
    assert fitting(LESSON) is LESSON
    assert needs(plan(branching().layers)).keys() == lay_out(plan(branching().layers)).keys()


def with_output(formula: str) -> dict[str, PlacedSheet]:
    """A layout whose layer `left` computes its output so."""
    layout = lay_out(plan(branching().layers))
    left = layout["left"]
    output = left.parts["output"]
    assert isinstance(output, Computed)
    layout["left"] = replace(left, parts={**left.parts, "output": replace(output, excel=lambda at, *i: formula)})
    return layout


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("+".join(["A1"] * 3000), "needs a formula of 9,000 characters; Excel takes 8,192: use fewer maps"),
        ("SUM(" + ",".join(["A1"] * 300) + ")", "needs a function of 300 arguments; Excel takes 255: use fewer maps"),
        ("ABS(" * 70 + "A1" + ")" * 70, "needs a formula of 70 levels; Excel takes 64: use fewer maps"),
    ],
)
def test_a_formula_that_excel_would_not_take_is_named_with_its_layer(formula: str, says: str) -> None:
    with pytest.raises(NetworkError) as refused:
        fitting(with_output(formula))
    assert str(refused.value) == f"layer left (conv2d): {says}"


def test_what_excel_just_takes_fits() -> None:
    for formula in ("A" * 8191, "SUM(" + ",".join(["A1"] * 255) + ")", "ABS(" * 64 + "A1" + ")" * 64):
        assert fitting(with_output(formula))


def test_filters_to_play_with_may_need_too_long_a_formula() -> None:
    """A drop-down for each of 300 filters: the warning asks whether any of them was changed."""
    conv: dict[str, Any] = {
        "name": "conv",
        "kind": "conv2d",
        "inputs": ["input"],
        "filters": 300,
        "kernel": [3, 3],
        "presets": True,
    }
    with pytest.raises(NetworkError, match=r"layer conv \(conv2d\): needs a function of 300 arguments; Excel takes 255"):
        needs(plan(build([{"name": "input", "kind": "input", "shape": [1, 3, 3]}, conv]).layers))


def test_every_limit_is_one_of_a_need() -> None:
    assert MOST.keys() == Need.__dataclass_fields__.keys() - {"cells"}


def test_nothing_is_needed_of_cells_by_a_sheet_of_words() -> None:
    assert needs_of(LESSON)["glossary"].cells == 0
