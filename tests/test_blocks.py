"""Geometry: where blocks stand, and how their cells are written."""

import pytest

from xlcnn.blocks import Block, References, a1, a1_range, beside, block, column, grid, sheet_ref, stack


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_count_as_in_a_spreadsheet(number: int, letters: str) -> None:
    assert column(number) == letters


def test_boxes_stack_with_a_caption_row_each() -> None:
    box = stack([block("a", (0,), "a1", 2, 3), block("a", (1,), "a2", 2, 3)])
    assert (box.height, box.width) == (7, 3)
    assert [(b.row, b.col) for b in box.blocks] == [(1, 0), (5, 0)]


def test_a_grid_breaks_after_so_many() -> None:
    box = grid([block("a", (k,), f"a{k}", 1, 2) for k in range(3)], across=2, gap=1)
    assert [(b.row, b.col) for b in box.blocks] == [(1, 0), (1, 3), (4, 0)]


def test_boxes_beside_each_other_share_a_top() -> None:
    box = beside([block("a", (), "a", 5, 1), block("b", (), "b", 2, 2)], gap=2)
    assert (box.height, box.width) == (6, 5)
    assert [(b.row, b.col) for b in box.blocks] == [(1, 0), (1, 3)]


def test_references_fixed_and_relative() -> None:
    ref = References([Block("m", (0,), "m1", 4, 4, row=6, col=2), Block("v", (), "v", 3, 1, row=6, col=10, span=3)])
    assert ref.at("m", (0, 1, 2)) == "D7"
    assert ref.at("m", (0, 1, 2), (2, 2)) == "D7:E8"
    assert ref.at("m", (0, 0, 0), fixed=True) == "$B$6"
    assert ref.whole("m", (0,)) == "$B$6:$E$9"
    assert ref.at("v", (2,)) == "J8"


def test_merged_values_stand_a_span_apart() -> None:
    wide = Block("p", (), "p", 1, 3, row=5, col=2, span=3)
    assert wide.cells() == [(5, 2), (5, 5), (5, 8)]
    assert a1_range(wide) == "$B$5:$H$5"


def test_a_single_cell_is_no_range() -> None:
    assert a1_range(Block("b", (), "b", 1, 1, row=2, col=3)) == "$C$2"
    assert a1(2, 3, fixed=True) == "$C$2"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Conv1", "Conv1"),
        ("MaxPool", "MaxPool"),
        ("A1", "'A1'"),
        ("My sheet", "'My sheet'"),
        ("Größe", "'Größe'"),
        ("2nd", "'2nd'"),
    ],
)
def test_sheet_names_are_quoted_where_excel_needs_it(name: str, written: str) -> None:
    assert sheet_ref(name) == written
