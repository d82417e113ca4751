"""Attributes are read as XML Schema writes them: what Python or LibreOffice reads besides is refused, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import parts_of
from tests.xlsx.test_deceptive_cells import POOL, refused
from xlcnn import WorkbookError
from xlcnn.xlsx.values import colour, decimal, is_on, pixels, share, signed, whole

BOOK, STYLES, CHART, DRAWING = "xl/workbook.xml", "xl/styles.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"
NONE = ("", "1_5", "nan", " nan", "INF", "١", "0x1", "1,5", "t", "1 5", "\u00a01")


@pytest.mark.parametrize(("read", "right", "wrong"), [
    (whole, {"0": 0, "12": 12, " 7\n": 7, "007": 7, "4294967295": 2**32 - 1}, ("-1", "+1", "1.0", "1e2", "4294967296", "9" * 5000)),
    (signed, {"-12": -12, "+3": 3, " 7 ": 7}, ("1.0", "--1", "9" * 5000)),
    (decimal, {"8.67": 8.67, ".5": 0.5, "5.": 5, "-1e2": -100, " 1 ": 1}, ("1e999", "1e", ".", "5%")),
    (share, {"75000": 0.75, "75%": 0.75, "-12.5%": -0.125}, ("75.5", "%", "7_5%")),
    (pixels, {"9525": 1, "1in": 96, "6pi": 96, "-19050": -2, ".5in": 48}, ("1 in", "1em", "in")),
], ids=["whole", "signed", "decimal", "share", "pixels"])  # fmt: skip
def test_numbers(read: Callable[..., float], right: dict[str, float], wrong: tuple[str, ...]) -> None:
    assert {text: read("a part", {"n": text}, "n", None) for text in right} == right
    assert read("a part", {}, "n", 3) == 3
    for text in (*wrong, *NONE):
        with pytest.raises(WorkbookError, match=r"a part: n is .*save it anew"):
            read("a part", {"n": text}, "n", None)


def test_truth_values() -> None:
    assert [is_on("", {"n": text}, "n") for text in ("1", "true", "0", "false")] == [True, True, False, False]
    assert (is_on("", {}, "n"), is_on("", {}, "n", True)) == (False, True)
    for text in ("t", "f", "on", "off", "True", "", "2", " 1", "yes"):
        with pytest.raises(WorkbookError, match="neither 0 nor 1"):
            is_on("", {"n": text}, "n")


def test_colours() -> None:
    assert [colour("", {"rgb": text}, "rgb") for text in ("FF1d5fA8", "1D5FA8")] == ["1d5fA8", "1D5FA8"]
    for text in ("", "+1D5FA", "FF", "1_2_3_", "#1D5FA8", "FF1D5FA"):
        with pytest.raises(WorkbookError, match="no colour"):
            colour("", {"rgb": text}, "rgb")


SIZES, VIEW = "<sheetFormatPr[^>]*/>", "<sheetView "
RULE = '<conditionalFormatting sqref="B6"><cfRule type="expression" {}><formula>1</formula></cfRule></conditionalFormatting>'
SCALE = (
    '<conditionalFormatting sqref="B6"><cfRule type="colorScale" priority="9"><colorScale><cfvo type="min"/><cfvo type="max"/>'
    '<color rgb="+1D5FA"/><color rgb="FF000000"/></colorScale></cfRule></conditionalFormatting>'
)
PLACES = {
    "a row's height": (POOL, '<row r="6"[^>]*>', '<row r="6" ht="1_5">', "ht is '1_5'"),
    "a row's height of none": (POOL, '<row r="6"[^>]*>', '<row r="6" ht=" nan">', "ht is ' nan'"),
    "a row's group": (POOL, '<row r="6"', '<row outlineLevel="1_" r="6"', "outlineLevel is '1_'"),
    "a hidden row": (POOL, '<row r="6"', '<row hidden="t" r="6"', "hidden is 't'"),
    "the metadata of a cell": (POOL, '<c r="K6"', '<c vm="x" r="K6"', "vm is 'x'"),
    "the usual height": (POOL, SIZES, '<sheetFormatPr defaultRowHeight="1_5"/>', "defaultRowHeight is '1_5'"),
    "no height at all": (POOL, SIZES, '<sheetFormatPr defaultRowHeight="15" zeroHeight="t"/>', "zeroHeight is 't'"),
    "the usual width": (POOL, SIZES, '<sheetFormatPr defaultRowHeight="15" defaultColWidth="1_5"/>', "defaultColWidth is '1_5'"),
    "columns": (POOL, "<cols>", '<cols><col min="1" max="1_5" width="9"/>', "max is '1_5'"),
    "a column's width": (POOL, "<cols>", '<cols><col min="1" max="1" width="nan"/>', "width is 'nan'"),
    "formulas instead of numbers": (POOL, VIEW, '<sheetView showFormulas="t" ', "showFormulas is 't'"),
    "zeros": (POOL, VIEW, '<sheetView showZeros="f" ', "showZeros is 'f'"),
    "a direction": (POOL, VIEW, '<sheetView rightToLeft="on" ', "rightToLeft is 'on'"),
    "a zoom": (POOL, VIEW, '<sheetView zoomScale="1_0" ', "zoomScale is '1_0'"),
    "a pane": (POOL, 'ySplit="[^"]*"', 'ySplit="1_0"', "ySplit is '1_0'"),
    "the look of a rule": (POOL, "</sheetData>", "</sheetData>" + RULE.format('dxfId="-1" priority="9"'), "dxfId is '-1'"),
    "the place of a rule": (POOL, "</sheetData>", "</sheetData>" + RULE.format('priority="1_0"'), "priority is '1_0'"),
    "a last rule": (POOL, "</sheetData>", "</sheetData>" + RULE.format('priority="9" stopIfTrue="t"'), "stopIfTrue is 't'"),
    "the colours of a scale": (POOL, "</sheetData>", "</sheetData>" + SCALE, "rgb is '.1D5FA'"),
    "a window": (BOOK, 'visibility="visible"', 'windowWidth="1_0"', "windowWidth is '1_0'"),
    "a window's place": (BOOK, 'visibility="visible"', 'xWindow="5e5"', "xWindow is '5e5'"),
    "the tabs": (BOOK, 'tabRatio="600"', 'tabRatio="٦"', "tabRatio is"),
    "a sheet's name": (BOOK, 'localSheetId="0"', 'localSheetId="-1"', "localSheetId is '-1'"),
    "a size of writing": (STYLES, '<sz val="[^"]*"', '<sz val="1_0"', "val is '1_0'"),
    "a colour of writing": (STYLES, '<color rgb="[^"]*"', '<color theme="-1"', "theme is '-1'"),
    "a tint": (STYLES, '<color rgb="[^"]*"', '<color theme="1" tint="nan"', "tint is 'nan'"),
    "a style's font": (STYLES, '(<cellXfs.*?)fontId="[^"]*"', r'\1fontId="-1"', "fontId is '-1'"),
    "struck through": (STYLES, '<sz val="[^"]*" ?/>', r'<strike val="t"/>\g<0>', "val is 't'"),
    "a text's size": ("xl/sharedStrings.xml", "<t>([^<]*)</t>", r'<r><rPr><sz val="1_0"/></rPr><t>\1</t></r>', "val is '1_0'"),
    "a text's colour": (
        "xl/sharedStrings.xml",
        "<t>([^<]*)</t>",
        r'<r><rPr><color indexed="9_"/></rPr><t>\1</t></r>',
        "indexed is",
    ),
    "an axis": (CHART, "<scaling>", '<scaling><max val="1_0"/>', "val is '1_0'"),
    "a place": (DRAWING, "<row>[^<]*</row>", "<row>1_0</row>", "row is '1_0'"),
    "a distance": (DRAWING, "<colOff>[^<]*</colOff>", "<colOff>1_0</colOff>", "colOff is '1_0'"),
}


@pytest.mark.parametrize(("part", "pattern", "text", "words"), PLACES.values(), ids=PLACES)
def test_a_value_that_programs_read_differently(
    small: Path, tmp_path: Path, part: str, pattern: str, text: str, words: str
) -> None:
    parts = parts_of(small)
    changed, count = re.subn(pattern, text, parts[part].decode(), count=1, flags=re.DOTALL)
    assert count, f"{part} has no {pattern}"
    refused(parts | {part: changed.encode()}, tmp_path, words, "cannot be verified")
