"""Formulas as text: the relative form is the same for a formula and its dragged copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcnn.grid.formulas import UNSURE, complexity, functions, moved, relative


@pytest.mark.parametrize(
    ("formula", "form"),
    [
        ("A1+$B$2", "R[-2]C[-2]+R2C2"),
        ("sum( A1 : B2 )", "SUM(R[-2]C[-2]:R[-1]C[-1])"),
        ("Conv1!B7", "CONV1!R[4]C[-1]"),
        ("'Conv1'!B7", "CONV1!R[4]C[-1]"),
        ("'My sheet'!$A1", "'MY SHEET'!R[-2]C1"),
        ("A1!B7", "A1!R[4]C[-1]"),
        ('IF(A1="B2 x",LOG10(C3),0)', 'IF(R[-2]C[-2]="B2 x",LOG10(R[0]C[0]),0)'),
        ("conv1.map1", "CONV1.MAP1"),
    ],
)
def test_relative_form_in_c3(formula: str, form: str) -> None:
    assert relative(formula, 3, 3) == form


@given(st.integers(0, 500), st.integers(0, 500))
def test_dragging_keeps_the_relative_form(rows: int, cols: int) -> None:
    formula = "SUMPRODUCT(B6:D8,$AF$6:$AH$8)+$AF$11+Conv1!A2"
    assert relative(moved(formula, rows, cols), 6 + rows, 40 + cols) == relative(formula, 6, 40)


def test_dragging_moves_only_relative_references() -> None:
    assert moved("A1+$A1+A$1+$A$1+'A1 x'!A1", 2, 1) == "B3+$A3+B$1+$A$1+'A1 x'!B3"


def test_dragging_moves_no_text() -> None:
    assert moved('IF(A1="A1","B2 ""C3""",0)', 1, 1) == 'IF(B2="A1","B2 ""C3""",0)'


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("=SUM(A1:A3)+max(B1,2)", {"SUM", "MAX"}),
        ('=IF(A1="NOW()",1,0)', {"IF"}),
        ("='RAND()'!A1+1", set()),
        ("=_xlfn.SORT(A1:A3)", {"SORT"}),
        ("=A1+B2", set()),
    ],
)
def test_the_functions_of_a_formula_are_those_outside_its_texts(formula: str, names: set[str]) -> None:
    assert functions(formula) == names


@pytest.mark.parametrize("name", ["RAND", "RANDBETWEEN", "NOW", "TODAY", "INDIRECT", "OFFSET", "CELL", "INFO"])
def test_what_may_change_by_itself_or_reach_anywhere_is_unsure(name: str) -> None:
    assert name in UNSURE


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("A1+B2", (0, 0)),
        ("SUM(A1,B2,C3)", (3, 1)),
        ("MAX(MAX(A1,B2),MAX(A3,B3,C3))", (3, 2)),
        ("IF(A1=MAX(A1,A2),0,IF(A2=1,1,2))", (3, 2)),
        ('"SUM("&A1&","&CHOOSE(1,"a,b",2)', (3, 1)),
        ("'a,b(c'!A1*(1+2)", (1, 1)),
    ],
)
def test_complexity_is_the_most_arguments_and_levels(formula: str, found: tuple[int, int]) -> None:
    assert complexity(formula) == found
