"""Fractions as number formats show them, worked by hand."""

from __future__ import annotations

import pytest

from xlcnn.xlsx.number_formats import shown


@pytest.mark.parametrize(("code", "value", "text"), [
    ("# ?/?", 0.5, "1/2"), ("# ?/?", 1.75, "1 3/4"), ("# ?/?", -1.75, "-1 3/4"), ("# ?/?", 3, "3"), ("# ?/?", 0.01, "0"),
    ("# ?/?", 0.99, "1"), ("?/?", 1.75, "7/4"), ("# ?/8", 0.3, "2/8"), ("# ?/100", 0.126, "13/100"), ("# ??/??", 0.27, "17/63"),
    ('# ?/?" px"', 0.5, "1/2 px"), ('"w = "# ?/?', 2.5, "w = 2 1/2"), ("# ?/0", 0.5, "1/2"), ("#\\ ?/?", 1.5, "1 1/2"),
    ("# ?/?;-# ?/?", -0.5, "-1/2"),
])  # fmt: skip
def test_what_is_shown(code: str, value: float, text: str) -> None:
    assert shown(code, value) == text


@pytest.mark.parametrize("code", ["?/", "/?", "1/?", "# ?/? ?/?", "# ?/?%", "0.0/?", "# ?/?0E+0", "d/m", "# ?/00000000"])
def test_what_is_no_fraction_is_not_judged(code: str) -> None:
    assert shown(code, 0.3) is None
