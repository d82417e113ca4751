"""Rows and columns inserted in the middle of a block: what to delete is said, and it is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import described_of, with_part
from tests.verifier.test_places import inserted, put
from xlcnn import verify
from xlcnn.grid.references import column_number
from xlcnn.verifier.description import describe
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.reader import read_book

TAKEN_OUT = re.compile(r"delete (row|column)s? (\w+)(?: to (\w+))?, which cut through it")


def told(path: Path) -> tuple[Problem, ...]:
    return describe(read_book(path.read_bytes()))[1]


@pytest.mark.parametrize(("title", "row", "rows", "col", "columns", "cell"), [
    ("Pool", 8, 2, 1, 0, "pool.in1"), ("Pool", 9, 1, 1, 0, "pool.in1"), ("Pool", 1, 0, 4, 3, "pool.in1"),
    ("Conv", 18, 2, 1, 0, "conv.options"), ("Network", 8, 1, 1, 0, "network.output"), ("Dense", 7, 1, 1, 0, "dense.unit"),
    ("Overview", 44, 4, 1, 0, "overview.input.1"),
])  # fmt: skip
def test_what_to_delete_is_said_once_and_puts_it_right(
    small: Path, tmp_path: Path, title: str, row: int, rows: int, col: int, columns: int, cell: str
) -> None:
    path = inserted(small, tmp_path / "torn.xlsx", title, row, rows, col, columns)
    problem = told(path)[0]
    assert (problem.kind, problem.sheet, problem.cell) == ("size", title, cell)
    assert len({p.note for p in told(path)}) == len(told(path)) <= 2
    match = TAKEN_OUT.fullmatch(problem.note)
    assert match, problem.note
    lines = [int(n) if match[1] == "row" else column_number(n) for n in (match[2], match[3] or match[2])]
    assert lines[1] - lines[0] + 1 == rows + columns
    assert lines[0] == (row if rows else col)


@pytest.mark.parametrize("fill", ["D8", "CA9"])
def test_a_note_in_the_inserted_rows_changes_nothing(small: Path, tmp_path: Path, fill: str) -> None:
    path = put(inserted(small, tmp_path / "torn.xlsx", "Pool", 8, 2), "Pool", {fill: "<v>7</v>"})
    assert [p.note for p in told(path)] == ["delete rows 8 to 9, which cut through it"]


def test_where_nobody_can_tell_which_are_new_nothing_is_to_be_deleted(small: Path, tmp_path: Path) -> None:
    problem = told(inserted(small, tmp_path / "torn.xlsx", "Dense", 1, 0, 6, 2))[0]  # through merged cells, not between them
    assert (problem.kind, problem.cell) == ("size", "dense.product")
    assert "Undo that" in problem.note


def test_an_empty_row_in_the_list_of_about(small: Path, tmp_path: Path) -> None:
    (problem,) = told(inserted(small, tmp_path / "torn.xlsx", "About", 8, 1))
    assert (problem.kind, problem.cell, problem.note) == ("size", "B8", "delete row 8")


def test_rows_that_were_deleted_are_no_gap(small: Path, tmp_path: Path) -> None:
    path = with_part(small, tmp_path / "torn.xlsx", "xl/workbook.xml", r"(pool\.map1\">Pool!\$K\$6:\$M\$)8", r"\g<1>7")
    (problem,) = told(path)
    assert (problem.kind, problem.cell, problem.expected) == ("size", "pool.map1", "3 × 3 cells")
    assert "Undo that" in problem.note


# ---- merged cells of one value, which become larger ----


def hidden(path: Path) -> list[str | None]:
    return [p.cell for p in presentation_problems(described_of(path)) if p.kind == "hidden"]


def merged(small: Path, tmp_path: Path, area: str) -> Path:
    """The answer's merged cells on the sheet Softmax are these."""
    path = read_book(small.read_bytes()).paths["Softmax"]
    xml = parts_of(small)[path].decode()
    assert '"V6:Y6"' in xml
    return write_parts(parts_of(small) | {path: xml.replace('"V6:Y6"', f'"{area}"').encode()}, tmp_path / "merged.xlsx")


@pytest.mark.parametrize(("area", "named"), [
    ("V6:Z6", []), ("V6:AB6", []), ("V6:AB7", []), ("V6:V6", []), ("U6:Y6", ["U6", "U6"]), ("V6:CZ6", ["V6"]), ("V5:Y6", ["V5"]),
])  # fmt: skip
def test_merged_cells_may_grow_over_empty_ones(small: Path, tmp_path: Path, area: str, named: list[str]) -> None:
    assert hidden(merged(small, tmp_path, area)) == named


def test_but_over_nothing_that_stands_there(small: Path, tmp_path: Path) -> None:
    path = put(merged(small, tmp_path, "V6:AB6"), "Softmax", {"AA6": "<v>'or not?</v>"})
    assert hidden(path) == ["V6"]


def test_a_column_through_a_number_is_verified(small: Path, tmp_path: Path) -> None:
    assert verify(inserted(small, tmp_path / "through.xlsx", "Softmax", 1, 0, 24, 2), trials=0).ok
