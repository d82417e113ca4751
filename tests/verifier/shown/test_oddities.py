"""Styles that make writing read otherwise, or not at all: none of them is in a new workbook. Others are everybody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verifier.shown.parts import dressed, place, said_of

ANSWER, MAP = "guide.prediction", "conv.map1"


def font(more: str = "", name: str = "Arial") -> dict[str, str]:
    return {"font": f'<font>{more}<sz val="7"/><color rgb="FF1D5FA8"/><name val="{name}"/></font>'}


def pattern(kind: str, front: str, back: str) -> dict[str, str]:
    colours = f'<fgColor rgb="FF{front}"/><bgColor rgb="FF{back}"/>'
    return {"fill": f'<fill><patternFill patternType="{kind}">{colours}</patternFill></fill>'}


def gradient(*colours: str) -> dict[str, str]:
    stops = "".join(f'<stop position="{k}"><color rgb="FF{colour}"/></stop>' for k, colour in enumerate(colours))
    return {"fill": f"<fill><gradientFill>{stops}</gradientFill></fill>"}


def diagonal(style: str, up: str = "1") -> dict[str, str]:
    sides = "<left/><right/><top/><bottom/>"
    return {"border": f'<border diagonalUp="{up}">{sides}<diagonal style="{style}"><color auto="1"/></diagonal></border>'}


@pytest.mark.parametrize(("style", "found"), [
    (font("<strike/>"), "struck through"), (font('<vertAlign val="superscript"/>'), "raised or lowered"),
    (font(name="Webdings"), "Webdings, which draws"), (font(name="Libre Barcode 39"), "draws pictures"),
    (font('<charset val="2"/>'), "draws pictures"),
    ({"alignment": 'textRotation="180"'}, "turned round"), ({"alignment": 'textRotation="255"'}, "turned round"),
    ({"alignment": 'horizontal="right" readingOrder="2"'}, "from right to left"), ({"alignment": 'horizontal="fill"'}, "repeated"),
    ({"alignment": 'horizontal="left" indent="250"'}, "indented by 250 steps"), (diagonal("thick"), "a line across"),
    (pattern("darkGray", "000000", "FFFFFF"), "contrast"), (pattern("gray0625", "FFFFFF", "1F2A37"), "contrast"),
    (pattern("lightTrellis", "FFFFFF", "1F2A37"), "contrast"), (gradient("FFFFFF", "1F2A37"), "contrast"),
    (gradient("1F2A37", "1F2A37"), "contrast"), (pattern("darkHorizontal", "FFFFFF", "14203A"), "contrast"),
])  # fmt: skip
@pytest.mark.parametrize("name", [ANSWER, MAP])
def test_writing_that_reads_otherwise(small: Path, name: str, style: dict[str, str], found: str) -> None:
    title, cell = place(name)
    (problem,) = said_of(small, dressed(name, **style))
    assert problem.startswith(f"{title}!{cell}: ")
    assert found in problem


@pytest.mark.parametrize("style", [
    font('<strike val="0"/>'), font("<u/><b/><i/>", name="Comic Sans MS"), font('<charset val="1"/>'), diagonal("none"),
    diagonal("thin", up="0"), pattern("gray125", "000000", "FFFFFF"), pattern("lightUp", "808080", "FFFFFF"),
    gradient("FFFFFF", "D0E0F0"), {"alignment": 'horizontal="left" vertical="top" readingOrder="1" textRotation="0"'},
    {"alignment": 'horizontal="left" indent="1"'},
])  # fmt: skip
@pytest.mark.parametrize("name", [ANSWER, MAP])
def test_a_style_of_ones_own(small: Path, name: str, style: dict[str, str]) -> None:
    assert said_of(small, dressed(name, **style)) == []


@pytest.mark.parametrize(("ink", "ground", "wrong"), [
    ("1D5FA8", "1F2A37", True), ("FFFFFF", "1F4E79", False), ("1F2A37", "C00000", False), ("00B050", "FFFFFF", False),
    ("F79646", "FFFFFF", False), ("BFBFBF", "FFFFFF", True),
])  # fmt: skip
def test_dark_on_dark_is_told_apart_less_well_than_light_on_light(small: Path, ink: str, ground: str, wrong: bool) -> None:
    style = {"font": f'<font><sz val="44"/><color rgb="FF{ink}"/><name val="Arial"/></font>'} | pattern("solid", ground, ground)
    assert bool(said_of(small, dressed(ANSWER, **style))) == wrong
