"""Letters as Excel compares them: capital or small alike, and nothing else."""

import pytest

from xlcnn.grid.formulas import functions, relative
from xlcnn.grid.letters import alike

SAME = [("Input", "INPUT"), ("groß", "GROß"), ("Über", "üBER"), ("Ψ", "ψ"), ("ж", "Ж"), ("ÿ", "Ÿ"), ("x²", "X²")]
OTHER = [
    ("ınput", "Input"), ("İnput", "Input"), ("ſum", "SUM"), ("\u212aernel", "Kernel"), ("\u212bngstrom", "Ångstrom"),
    ("groß", "GROSS"), ("ﬁlter", "filter"), ("µ", "μ"), ("ό", "ο"), ("Ｉnput", "Input"), ("Іnput", "Input"),
    ("In\u00adput", "Input"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_capitals_make_no_difference(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_letters_that_only_look_alike_differ(one: str, other: str) -> None:
    assert alike(one) != alike(other)


@pytest.mark.parametrize("letter", ["ı", "ſ", "\u212a"])
def test_a_formula_is_not_another_because_python_folds_it_so(letter: str) -> None:
    right = {"ı": "Input", "ſ": "Sheet", "\u212a": "Kernel"}[letter]
    assert relative(f"={letter}{right[1:]}!B6", 1, 1) != relative(f"={right}!B6", 1, 1)
    assert relative(f"='{letter}{right[1:]}'!B6", 1, 1) != relative(f"='{right}'!B6", 1, 1)


def test_a_blank_that_is_none_to_excel_counts() -> None:
    assert relative("=MAX(0,\u00a0B6)", 1, 1) != relative("=MAX(0, B6)", 1, 1) == relative("=max(0,B6)", 1, 1)


def test_functions_are_told_by_their_letters() -> None:
    assert functions("=sum(A1)") == {"SUM"}
    assert functions("=ſum(A1)") != {"SUM"}


@pytest.mark.parametrize(
    ("one", "other"), [("1E-9", "0.000000001"), ("0.01", "0.0099999999999999999998"), ("1", "1.0"), (".5", "0.5"), ("1e+3", "1000")]
)
def test_a_number_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert relative(f"=IF(A1<{one},0,1)", 1, 1) == relative(f"=IF(A1<{other},0,1)", 1, 1)


@pytest.mark.parametrize(
    ("one", "other"), [("SUM(1:2)", "SUM(1.0:2)"), ("LOG10(A1)", "LOG1E1(A1)"), ("x1.0", "x1"), ("0.1", "0.10000001")]
)
def test_what_is_no_number_is_left_alone(one: str, other: str) -> None:
    assert relative(f"={one}", 1, 1) != relative(f"={other}", 1, 1)
