"""Number formats: those that people use show the number that is there; every other one is named."""

from __future__ import annotations

import pytest

from xlcnn.verifier.shown.formats import dishonest, shows

USUAL = "0.0"


@pytest.mark.parametrize("code", [
    "# ?/?", "# ??/??", "# ?/2", "# ?/100", "?/?", "0 ?/8", '"digit "0', '"Ziffer "0', '"chiffre "0', '"x = "0.00', '"p ≈ "0.0%',
    '0.0%" sure"', '0.0" px"', '0" Pkt."', "#\\ ##0.00", "#\u00a0##0.00", "#\u202f##0.00", "0.0 %", "0.0\\ %", "#'##0.00",
    '#,##0.00\\ "€"', "[$-407]#,##0.00", "[$€-407]\\ #,##0.00", "0.0;−0.0", "$#,##0.00;-$#,##0.00", '"w = "0.0;"w = "-0.0',
    '_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-;_-@_-', '_($* #,##0.00_);_($* \\(#,##0.00\\);_($* "-"??_);_(@_)',
    '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "#,##0.00_);[Red](#,##0.00)", "##0.0E+0",
])  # fmt: skip
def test_formats_of_ones_own(code: str) -> None:
    assert dishonest(code, USUAL) is None


@pytest.mark.parametrize("code", [
    '"not "0', '"minus "0', '"- digit "0', '0" k"', '0" M"', '0" Mio"', '0" ten"', '0" not"', '"digit3"0', '"digit"0',
    '"digit 3 or "0', '"no "0', '"twenty "0', '"negative "0', '0"/"0', '"1/"0', '# ?/?"0"', '# "1/"0', '"3 1/"0', "-(0)", '"−"0',
    '"-"0', '0" px 3"', '"l = "0', '"O"0', '0" ½"', '"x "0', '"k "0', '"10 "0', "--0", '"digit -"0', '"e"0', '0"e"0', '0"²"',
    '0"⁄"0', '# ?/3 "digit 4"', "# ##0,", '"dіgit "0', '0" рх"', '"answer 7, not "0',
    '0.00"  %"', '0" °%"', '"("0.00") px"', "0" + "%" * 160, "0" + "," * 110, '"1E999"', "0" * 300,
])  # fmt: skip
def test_words_and_signs_that_make_another_number_of_it(code: str) -> None:
    assert dishonest(code, USUAL) is not None


@pytest.mark.parametrize(("text", "number", "right"), [
    ("1 3/4", 1.75, True), ("7/4", 1.75, True), ("1 3/4", 1.25, False), ("-1 3/4", -1.75, True), ("-1 3/4", 1.75, False),
    ("1/3", 0.333, True), ("1/3", 0.6, False), ("3/0", 3, False), ("(1/2)", -0.5, True), ("-(1/2)", 0.5, False),
    ("1 234/567", 1.4127, True), ("- 3.00", -3, True), ("--3", 3, False), ("digit 7", 7, True), ("digit 7", 1, False),
    ("$ -", 0, True), ("-", 1, False), ("-$ 2.50", -2.5, True),
])  # fmt: skip
def test_what_a_person_reads(text: str, number: float, right: bool) -> None:
    assert shows(text, number) is right
