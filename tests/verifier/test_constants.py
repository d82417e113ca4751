"""A cell for a constant may hold arithmetic with numbers alone that gives the same in every program."""

import pytest

from xlcnn.verifier.constants import is_constant


@pytest.mark.parametrize(
    "formula",
    [
        "=1/9", "=-0.9533", "=SQRT(2)/3", "=0.1+0.2", "=EXP(1)", "=PI()/4", "=2^-3", "=SUM(1,2,3)/7", "=1-1", "=0", "=10%",
        "=0.3-0.1", "=0.5-0.5", "=1/4+3/4-1",
        "=1E-5*3", "=28/4-7", "=POWER(2,0.5)", "=LN(2)", "=SQRT(0)", "=PRODUCT(2,3,0.1)", "=ABS(-3)", "=(-2)^3",
    ],
)  # fmt: skip
def test_arithmetic_with_numbers(formula: str) -> None:
    assert is_constant(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "=(0.1+0.2-0.3)*0.9533/5.55E-17", "=(0.3-0.2-0.1)*0.9533/2.77E-17", "=SUM(1E16,1,-1E16)-0.9533", "=0.5+1E16-1E16",
        "=4000000000000001-4000000000000000", "=0.6*(1234567890123456-1234567890123455)",
        "=LN(1.0000000001)/1E-10", "=EXP(PI()*1E9)", "=SQRT(0.3-0.2-0.1)",
    ],
)  # fmt: skip
def test_what_rounding_decides_is_none(formula: str) -> None:
    assert not is_constant(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "=0^0",
        "=POWER(0,0)",
        "=SUM()",
        "=PRODUCT()",
        "=2^2^3",
        "=2^-1^2",
        "=0^-1",
        "=1/0",
        "=(-8)^(1/3)",
        "=1E400",
        "=1E-160*1E-160*1E160*1E160",
        "=1E-310*1E309",
        "=SQRT(-1)",
    ],
)
def test_what_programs_do_not_agree_on_is_none(formula: str) -> None:
    assert not is_constant(formula)


@pytest.mark.parametrize("formula", ["=A1", "=RAND()", '="3"', "=NOW()", "=TRUE", "=1+A1*0", "=SUM(A1:A3)", "=PI(1)", "=", "=1="])
def test_nothing_else_is_one(formula: str) -> None:
    assert not is_constant(formula)
