"""Geometry: where blocks stand, and which value each of their cells shows."""

import numpy as np
import pytest

from xlcnn.grid.blocks import Block, Box, beside, captioned, frame, in_rows, indices, positions, stack


def box(height: int, width: int, index: tuple[int, ...] = ()) -> Box:
    """One block under its caption."""
    return captioned(Block("a", index, "a", height, width))


def corners(box: Box) -> list[tuple[int, int]]:
    return [(b.row, b.col) for b in box.blocks]


def test_boxes_stack_with_a_caption_row_each() -> None:
    both = stack([box(2, 3, (0,)), box(2, 3, (1,))])
    assert (both.height, both.width) == (7, 3)
    assert corners(both) == [(1, 0), (5, 0)]


def test_boxes_beside_each_other_share_a_top() -> None:
    both = beside([box(5, 1), box(2, 2)], gap=2)
    assert (both.height, both.width) == (6, 5)
    assert corners(both) == [(1, 0), (1, 3)]


def test_rows_of_boxes_break_after_so_many() -> None:
    rows = in_rows((box(1, 2, (k,)) for k in range(3)), across=2, gap=1)
    assert corners(rows) == [(1, 0), (1, 3), (4, 0)]
    assert (rows.height, rows.width) == (5, 5)


def test_a_box_without_blocks_takes_no_room_and_no_gap() -> None:
    nothing = Box(0, 0, ())
    assert beside([nothing, box(1, 1), nothing, box(1, 1)], gap=3) == beside([box(1, 1), box(1, 1)], gap=3)
    assert stack([nothing]) == nothing


def test_a_frame_keeps_its_size_and_puts_boxes_where_they_belong() -> None:
    framed = frame(20, 30, [(2, 4, box(1, 1)), (9, 0, box(1, 1))])
    assert (framed.height, framed.width) == (20, 30)
    assert corners(framed) == [(3, 4), (10, 0)]


def test_merged_values_stand_a_span_and_a_rise_apart() -> None:
    wide = Block("p", (), "p", 2, 3, row=5, col=2, span=3, rise=4)
    assert wide.cells() == [(5, 2), (5, 5), (5, 8), (9, 2), (9, 5), (9, 8)]
    assert wide.last == (9, 8)
    assert (wide.rows, wide.columns) == (8, 9)
    assert (captioned(wide).height, captioned(wide).width) == (9, 9)


@pytest.mark.parametrize(
    ("label", "key", "numbers"),
    [("filter1.2", "filter", ["1", "2"]), ("map1", "map", ["1"]), ("weights0.1", "weights", ["0", "1"]), ("bias", "bias", [])],
)
def test_a_label_is_a_kind_and_its_numbers(label: str, key: str, numbers: list[str]) -> None:
    block = Block("w", (), label, 1, 1)
    assert (block.key, block.numbers) == (key, numbers)


def test_every_value_of_a_part_has_its_place() -> None:
    blocks = [Block("m", (k,), f"m{k}", 2, 3, row=10 * k + 1, col=5) for k in range(2)]
    where = positions([*blocks, Block("other", (), "other", 1, 1, row=99, col=99)], "m", (2, 2, 3))
    assert where.shape == (2, 2, 3, 2)
    assert where[1, 0, 2].tolist() == [11, 7]
    assert where.max() < 99


def test_a_vector_runs_down_or_across_as_its_block_does() -> None:
    down, across = Block("v", (), "v", 3, 1, row=4, col=4), Block("v", (), "v", 1, 3, row=4, col=4, span=2)
    assert positions([down], "v", (3,)).tolist() == [[4, 4], [5, 4], [6, 4]]
    assert positions([across], "v", (3,)).tolist() == [[4, 4], [4, 6], [4, 8]]


def test_each_cell_knows_the_index_of_its_value() -> None:
    block = Block("m", (1,), "m1", 2, 2, row=1, col=1)
    shown = np.arange(12).reshape(3, 2, 2)
    assert [(cell, shown[index]) for cell, index in indices(block, (3, 2, 2))] == [
        ((1, 1), 4), ((1, 2), 5), ((2, 1), 6), ((2, 2), 7),
    ]  # fmt: skip
