"""How cells look: colours by RGB, theme, number and tint, as the standard and WCAG say."""

from __future__ import annotations

import pytest

from xlcnn.xlsx.colours import BLACK, WHITE, contrast
from xlcnn.xlsx.looks import read_looks, tinted

DRAWINGML = b"http://schemas.openxmlformats.org/drawingml/2006/main"
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts>
<fonts><font><sz val="7"/>{}</font></fonts><fills><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFFF3BF"/></patternFill></fill></fills>
<cellXfs><xf numFmtId="164" fontId="0" fillId="0"/><xf numFmtId="10" fontId="0" fillId="1"/></cellXfs>
<dxfs><dxf>
<font><color rgb="FF9C0006"/></font>
<fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf></dxfs></styleSheet>"""


@pytest.mark.parametrize(("colour", "rgb"), [
    ('<color rgb="FF1D5FA8"/>', (0x1D, 0x5F, 0xA8)), ('<color theme="0"/>', WHITE), ('<color theme="1"/>', BLACK), ("", None),
    ('<color indexed="9"/>', WHITE), ('<color indexed="64"/>', BLACK), ('<color auto="1"/>', None),
    ('<color theme="1" tint="0.5"/>', (128, 128, 128)),
])  # fmt: skip
def test_the_colour_of_writing(colour: str, rgb: tuple[int, int, int] | None) -> None:
    assert read_looks(STYLES.format(colour).encode()).cells[0].colour == rgb


def test_formats_sizes_grounds_and_what_conditions_make_of_them() -> None:
    looks = read_looks(STYLES.format("").encode())
    assert [(look.number_format, look.points, look.grounds) for look in looks.cells] == [
        ("0.0", 7.0, ()),
        ("0.00%", 7.0, ((0xFF, 0xF3, 0xBF),)),
    ]
    assert (looks.conditional[0].colour, looks.conditional[0].grounds) == ((0x9C, 0, 6), ((0xFF, 0xC7, 0xCE),))


def test_a_theme_of_its_own() -> None:
    scheme = b'<a:clrScheme><a:lt1><a:sysClr lastClr="102030"/></a:lt1></a:clrScheme>'
    theme = b'<a:theme xmlns:a="%b"><a:themeElements>%b</a:themeElements></a:theme>' % (DRAWINGML, scheme)
    assert read_looks(STYLES.format('<color theme="0"/>').encode(), theme).cells[0].colour == (0x10, 0x20, 0x30)


def test_contrast() -> None:
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == 21
    assert contrast(WHITE, WHITE) == 1
    assert contrast((0x77, 0x77, 0x77), WHITE) == pytest.approx(4.48, abs=0.01)  # the grey that just fails WCAG's AA
    assert tinted(BLACK, 1) == WHITE
    assert tinted(WHITE, -1) == BLACK
