"""References to cells: written, read back, and looked up by what the cells hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import (
    References,
    a1,
    a1_range,
    column,
    column_number,
    sheet_prefix,
    split_area,
    split_cell,
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_count_as_in_a_spreadsheet(number: int, letters: str) -> None:
    assert column(number) == letters
    assert column_number(letters) == column_number(letters.lower()) == number


@given(st.integers(1, 1_048_576), st.integers(1, 16_384), st.booleans())
def test_a_cell_is_read_as_it_was_written(row: int, col: int, fixed: bool) -> None:
    assert split_cell(a1(row, col, fixed)) == (row, col)


@pytest.mark.parametrize("text", ["", "A", "1", "1A", "A1:B2", "Conv1!A1", "ABCD1", "A12345678", "A1 "])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a cell"):
        split_cell(text)


def test_a_single_cell_is_no_range() -> None:
    assert a1_range(Block("b", (), "b", 1, 1, row=2, col=3)) == "$C$2"
    assert a1_range(Block("b", (), "b", 2, 2, row=2, col=3)) == "$C$2:$D$3"


def test_the_range_of_merged_values_ends_at_the_last_value() -> None:
    assert a1_range(Block("p", (), "p", 1, 3, row=5, col=2, span=3)) == "$B$5:$H$5"


# ---- the names of sheets ----


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Conv1", "Conv1!"),
        ("MaxPool", "MaxPool!"),
        ("my_sheet", "my_sheet!"),
        ("A1", "'A1'!"),
        ("xfd99", "'xfd99'!"),
        ("R1C1", "'R1C1'!"),
        ("r2c", "'r2c'!"),
        ("RC", "'RC'!"),
        ("R", "'R'!"),
        ("c", "'c'!"),
        ("RCA", "RCA!"),
        ("ReLU1", "ReLU1!"),
        ("My ReLU", "'My ReLU'!"),
        ("Größe", "'Größe'!"),
        ("2nd", "'2nd'!"),
        ("12", "'12'!"),
        ("don't", "'don''t'!"),
        ("a-b", "'a-b'!"),
    ],
)
def test_sheet_names_are_quoted_where_excel_needs_it(name: str, written: str) -> None:
    assert sheet_prefix(name) == written


@pytest.mark.parametrize("name", ["Conv1", "A1", "R1C1", "My ReLU", "don't", "Größe", "it''s"])
def test_a_range_of_any_sheet_is_read_as_it_was_written(name: str) -> None:
    block = Block("m", (), "m", 3, 3, row=6, col=2)
    assert split_area(sheet_prefix(name) + a1_range(block)) == (name, (6, 2), (8, 4))


def test_one_cell_of_a_sheet_is_its_own_range() -> None:
    assert split_area("Conv1!$B$6") == ("Conv1", (6, 2), (6, 2))


@pytest.mark.parametrize("text", ["#REF!", "Conv1!#REF!", "$B$6", "Conv1!B6,Conv1!B8", "OFFSET(Conv1!B6,0,0)", "Conv1!B:B", ""])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a range of cells"):
        split_area(text)


# ---- what formulas write ----


@pytest.fixture
def at() -> References:
    return References([
        Block("m", (0,), "m1", 4, 4, row=6, col=2),
        Block("m", (1,), "m2", 4, 4, row=11, col=2),
        Block("v", (), "v", 3, 1, row=6, col=10, span=3),
        Block("bias", (0,), "bias1", 1, 1, row=2, col=3),
        Block("across", (), "across", 1, 3, row=20, col=2, span=2),
    ])  # fmt: skip


def test_a_value_is_named_by_its_index(at: References) -> None:
    assert at("m", 0, 1, 2) == "D7"
    assert at("m", 1, 0, 0) == "B11"
    assert at("v", 2) == "J8"
    assert at("across", 2) == "F20"
    assert at("bias", 0) == "C2"


def test_a_fixed_reference_stays_when_the_formula_is_dragged(at: References) -> None:
    assert at.fixed("m", 0, 0, 0) == "$B$6"
    assert at.fixed("bias", 0) == "$C$2"


def test_a_window_starts_at_a_value(at: References) -> None:
    assert at.window("m", 0, 1, 2, size=(2, 2)) == "D7:E8"
    assert at.window("m", 0, 1, 2, size=(1, 1)) == "D7"


def test_a_whole_block_is_a_fixed_range(at: References) -> None:
    assert at.whole("m", 0) == "$B$6:$E$9"
    assert at.whole("v") == "$J$6:$J$8"


def test_an_index_that_stops_at_a_block_means_its_first_value(at: References) -> None:
    assert at.locate("m", 1) == (11, 2)
    assert at.locate("v") == (6, 10)


def test_the_first_axis_may_be_spread_over_blocks(at: References) -> None:
    assert at.slices("m") == 2


def test_a_part_of_another_sheet_is_read_where_it_stands(at: References) -> None:
    here = References([], {"pixels": ("'A1'!", at, "m")})
    assert here("pixels", 0, 1, 2) == "'A1'!D7"
    assert here.fixed("pixels", 0, 0, 0) == "'A1'!$B$6"
    assert here.window("pixels", 0, 1, 2, size=(2, 2)) == "'A1'!D7:E8"
    assert here.whole("pixels", 1) == "'A1'!$B$11:$E$14"
