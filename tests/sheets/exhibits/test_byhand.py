"""Convolution by hand: all nine sums worked on paper, whichever window is picked, and as formulas."""

from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import LESSON
from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.sheets.exhibits.byhand import FILTER, PICTURE, WINDOWS, ByHand

BYHAND = ByHand("byhand", "By hand", ())
SUMS = [1, 2, 1, -1, 0, 1, 0, 0, 1]  # worked on paper, window by window, row by row


def test_the_picture_and_the_filter_are_those_that_were_worked_by_hand() -> None:
    assert PICTURE.tolist() == [[0, 1, 1, 1, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0]]
    assert FILTER.tolist() == [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
    assert len(SUMS) == WINDOWS


def test_the_map_worked_by_hand() -> None:
    assert run(BYHAND)["map"].ravel().tolist() == SUMS


@pytest.mark.parametrize("step", range(1, WINDOWS + 1))
def test_each_step_worked_by_hand(step: int) -> None:
    """The window under the filter, nine products, one sum: the map's number of that step."""
    v = run(BYHAND, step=step)
    top, left = divmod(step - 1, 3)
    assert v["looking"] == step
    assert v["found"] == 1
    assert v["window"].tolist() == PICTURE[top : top + 3, left : left + 3].tolist()
    assert v["product"].tolist() == [v["window"][0].tolist(), [0, 0, 0], (-v["window"][2]).tolist()]
    assert v["sum"] == SUMS[step - 1] == v["map"][top, left]


@pytest.mark.parametrize(("typed", "looked"), [(0, 1), (-3, 1), (10, 9), (99, 9), (2.7, 2), (np.nan, 1)])
def test_a_step_that_there_is_none_of(typed: float, looked: int) -> None:
    v = run(BYHAND, step=typed)
    assert v["looking"] == looked
    assert v["found"] == 0
    assert v["sum"] == SUMS[looked - 1]


def test_another_picture_and_filter_worked_by_hand() -> None:
    """The filter that has a 1 in its middle alone gives the picture without its rim."""
    picture, middle = np.arange(25.0).reshape(5, 5), np.zeros((3, 3))
    middle[1, 1] = 1
    v = run(BYHAND, picture=picture, filter=middle, step=6)
    assert v["map"].tolist() == [[6, 7, 8], [11, 12, 13], [16, 17, 18]]
    assert v["sum"] == 13


def test_its_formulas() -> None:
    placed = stand(BYHAND)
    at = placed.references
    assert placed.formula("product", (1, 2)) == f"={at('window', 1, 2)}*{at('filter', 1, 2)}"
    assert placed.formula("sum", ()) == f"=SUM({at.whole('product')})"
    window = f"{at('picture', 2, 1)}:{at('picture', 4, 3)}"
    assert placed.formula("map", (2, 1)) == f"=SUMPRODUCT({window},{at.whole('filter')})"


def test_picture_and_map_are_marked() -> None:
    """Where the filter lies, and the cell that it makes; both follow the step."""
    placed = stand(BYHAND)
    marks = list(placed.sheet.marks(placed.parts, placed.blocks, placed.references))
    blocks = {b.part: b for b in placed.blocks}
    assert [mark.cells for mark in marks] == [set(blocks[name].cells()) for name in ("picture", "map")]
    assert all(placed.references.fixed("looking") in formula for mark in marks for formula in mark.formulas)


def test_it_reads_no_layer() -> None:
    with pytest.raises(NetworkError, match="reads no other layer"):
        BYHAND.declare(sources((1, 5, 5)))


def test_the_lesson_begins_with_these_numbers() -> None:
    parts = LESSON["byhand"].parts
    assert (parts["picture"].default == PICTURE).all()  # type: ignore[attr-defined]
    assert (parts["filter"].default == FILTER).all()  # type: ignore[attr-defined]
    assert parts["step"].default == 1  # type: ignore[attr-defined]
