"""What number formats show: worked by hand after ECMA-376 part 1, 18.8.31."""

from __future__ import annotations

import pytest

from xlcnn.sheets.parts import GRADIENT, MAP, PROBABILITY
from xlcnn.xlsx.colours import LEAST_CONTRAST
from xlcnn.xlsx.number_formats import LEAST_OF_NAMED, inks, shown


@pytest.mark.parametrize(("code", "value", "text"), [
    ("0.0", 0.26, "0.3"), ("0.00%", 0.6351, "63.51%"), (MAP, -0.3, "-0.3"), (MAP, 0.01, "·"), (MAP, 12.34, "12.3"),
    (GRADIENT, 0.5, ".50"),
    ("#,##0.0", 12345.67, "12345.7"), ("0.00E+00", 0.00123, "1.23E-03"), ("0;-0;;@", 0, ""), ("0,", 7000, "7"), ('"3"', 7, "3"),
    (";;;", 7, ""), ("0_);(0)", -5, "(5)"), ("[Red]0.0", 2, "2.0"), ('0"3"', 7, "73"), ("General", 7.5, "7.5"), ("000", 7, "007"),
    (PROBABILITY, 1e-7, "< 0.0001%"), (PROBABILITY, 0.635, "63.5%"), ("0.0#", 1.5, "1.5"),
    ("dd/mm/yyyy", 7, None), ("# ?/?", 0.5, "1/2"),
    ("[White]0", 7, ""), ("[$3-409]0", 7, "37"), ("0.00;0.00", -2, "2.00"), ("@", -2.5, "-2.5"),
    ("[<5]0;\"many\"", 9, "many"), ("\\0", 5, "0"),
])  # fmt: skip
def test_what_a_format_shows(code: str, value: float, text: str | None) -> None:
    assert shown(code, value) == text


@pytest.mark.parametrize("number", [2, 4, 6, 8, 15, 19, 20, 24, 27, 28, 33, 34, 35, 36, 37, 38, 40, 42, 43, 44])
@pytest.mark.parametrize("code", ["[Color{}]0.0", "[color {}]0.0"])
def test_pale_numbered_colours_show_nothing(code: str, number: int) -> None:
    assert shown(code.format(number), 7) == ""


@pytest.mark.parametrize("colour", ["Color1", "Color10", "Color 53", "COLOR56", "Red", "green", "Cyan"])
def test_colours_that_can_be_seen(colour: str) -> None:
    assert shown(f"[{colour}]0.0", 7) == "7.0"


@pytest.mark.parametrize("colour", ["Color0", "Color57", "Color١"])
def test_colours_that_are_none(colour: str) -> None:
    assert shown(f"[{colour}]0.0", 7) is None


def test_the_palette_of_a_workbook() -> None:
    assert inks("[Color1]0;[Red]-0;[Color 56]0", ["000000"] * 8 + ["FFFFFE"]) == (
        ((255, 255, 254), LEAST_CONTRAST), ((255, 0, 0), LEAST_OF_NAMED), ((51, 51, 51), LEAST_CONTRAST),
    )  # fmt: skip
