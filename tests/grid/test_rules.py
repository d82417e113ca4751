"""Conditional formats as data: which cells they colour, and by which bounds."""

import pytest

from xlcnn.grid.rules import Rule


def test_a_rule_reaches_every_cell_of_its_ranges() -> None:
    assert Rule("colorScale", "B6:C7 F9", []).cells == {(6, 2), (6, 3), (7, 2), (7, 3), (9, 6)}


@pytest.mark.parametrize("ranges", ["", "#REF!", "Conv1!B6", "B6:nothing"])
def test_what_is_no_range_counts_as_none(ranges: str) -> None:
    assert Rule("colorScale", ranges, []).cells == frozenset()


def test_a_broken_range_does_not_hide_the_others() -> None:
    assert Rule("colorScale", "#REF! B6", []).cells == {(6, 2)}


def test_a_range_of_a_whole_sheet_is_not_unfolded() -> None:
    assert Rule("colorScale", "A1:XFD1048576", []).cells == frozenset()


def test_bounds_are_compared_without_spaces_and_capitals() -> None:
    written = Rule("expression", "B6", ["AND($A$1 = 1, row()-5=$A$2)"])
    assert written.bounds() == Rule("expression", "C9", ["and($a$1 = 1,  ROW()-5=$A$2)"]).bounds()
    assert written.bounds() != Rule("expression", "B6", ["AND($A$1=2,ROW()-5=$A$2)"]).bounds()


def test_a_bounds_kind_and_its_value_stay_apart() -> None:
    assert Rule("colorScale", "B6", ["num 0", "max"]).bounds() == ("NUM 0", "MAX")
    assert Rule("colorScale", "B6", ["formula  -MAX(B6:C7)"]).bounds() == ("FORMULA -MAX(B6:C7)",)


def test_a_rule_says_itself_in_one_line() -> None:
    assert str(Rule("colorScale", "B6:C7", ["num 0", "max"])) == "B6:C7: num 0; max"
