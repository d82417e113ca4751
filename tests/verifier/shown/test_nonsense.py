"""Numbers and references that mean nothing, in what a sheet says of its looks: one line, or a problem; never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.shown.deceptions import changed_part
from xlcnn import WorkbookError, verify

SHEET, STYLES, GUIDE = "xl/worksheets/sheet3.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"
SCALE = '<cfRule type="colorScale" priority="1"><colorScale><cfvo type="num" val="{}"/><cfvo type="max"/>{}</colorScale></cfRule>'
COLOURS = '<color rgb="FF0B1420"/><color rgb="FFFFFFFF"/>'


def scale(low: str, colours: str = COLOURS) -> str:
    rule = SCALE.format(low, colours)
    return f'<conditionalFormatting sqref="B6:E9">{rule}</conditionalFormatting>'


LOST = '<cfRule type="cellIs" dxfId="-9" priority="1"><formula>1</formula></cfRule>'
NEXT = "(<conditionalFormatting|<printOptions)"


@pytest.mark.parametrize(("part", "pattern", "text"), [
    (SHEET, "<cols>", '<cols><col hidden="1" max="3"/>'),
    (SHEET, "<cols>", '<cols><col min="1" max="2000000000" outlineLevel="1"/>'),
    (SHEET, "<cols>", '<cols><col min="-9" max="3" hidden="1"/>'), (SHEET, 'ySplit="4"', 'ySplit="1e999"'),
    (SHEET, "<row r", '<row outlineLevel="9" r'), (SHEET, '<row r="(\\d+)" ht="[^"]*"', r'<row r="\1" ht="nan"'),
    (STYLES, '<color rgb="[^"]*"', '<color theme="-20"'), (STYLES, '(<cellXfs.*?fontId=)"\\d+"', r'\1"-90"'),
    (STYLES, '<color rgb="[^"]*"', '<color rgb="FFZZZZZZ"'),
    (SHEET, NEXT, scale("0", '<color theme="-20"/><color rgb="FF000000"/>') + r"\1"),
    (SHEET, NEXT, scale("0", '<color theme="x"/><color rgb="FF000000"/>') + r"\1"),
    (SHEET, NEXT, rf'<conditionalFormatting sqref="B6:E9">{LOST}</conditionalFormatting>\1'),
])  # fmt: skip
def test_it_is_refused(small: Path, tmp_path: Path, part: str, pattern: str, text: str) -> None:
    path = write_parts(changed_part(parts_of(small), part, (pattern, text)), tmp_path / "nonsense.xlsx")
    with pytest.raises(WorkbookError, match=r"nonsense\.xlsx") as found:
        verify(path, trials=0)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("low", ["nan", "-1e400"])
def test_a_scale_of_ones_own_that_paints_nothing(small: Path, tmp_path: Path, low: str) -> None:
    parts = changed_part(parts_of(small), SHEET, (NEXT, rf"{scale(low)}\1"))
    assert verify(write_parts(parts, tmp_path / "nonsense.xlsx"), trials=0).ok
