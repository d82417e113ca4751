"""How cells look: colours by RGB, theme, number and tint, as the standard and WCAG say."""

from __future__ import annotations

import pytest

from xlcnn.errors import WorkbookError
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


@pytest.mark.parametrize(
    "colour",
    [
        '<a:sysClr val="window" lastClr="000000"/>', '<a:prstClr val="white"/>', '<a:scrgbClr r="100000" g="0" b="0"/>',
        '<a:srgbClr val="000000"><a:lumOff val="100000"/></a:srgbClr>', '<a:srgbClr val="000000"/><a:srgbClr val="FFFFFF"/>',
        '<a:sysClr val="menu" lastClr="FFFFFF"/>', '<a:srgbClr val="80102030"/>', "",
    ],
)  # fmt: skip
def test_a_theme_that_programs_show_each_in_its_own_way(colour: str) -> None:
    scheme = f"<a:clrScheme><a:dk1>{colour}</a:dk1></a:clrScheme>".encode()
    theme = b'<a:theme xmlns:a="%b"><a:themeElements>%b</a:themeElements></a:theme>' % (DRAWINGML, scheme)
    with pytest.raises(WorkbookError, match="its theme's colour dk1"):
        read_looks(STYLES.format('<color theme="1"/>').encode(), theme)
    assert read_looks(STYLES.format('<color theme="0"/>').encode(), theme).cells[0].colour == WHITE, "what is not used is no matter"


def test_the_windows_colours_are_black_and_white() -> None:
    dark, light = b'<a:sysClr val="windowText" lastClr="000000"/>', b'<a:sysClr val="window"/>'
    scheme = b"<a:clrScheme><a:dk1>%b</a:dk1><a:lt1>%b</a:lt1></a:clrScheme>" % (dark, light)
    theme = b'<a:theme xmlns:a="%b"><a:themeElements>%b</a:themeElements></a:theme>' % (DRAWINGML, scheme)
    for number, colour in ((0, WHITE), (1, BLACK)):
        assert read_looks(STYLES.format(f'<color theme="{number}"/>').encode(), theme).cells[0].colour == colour


def test_a_theme_of_its_own() -> None:
    scheme = b'<a:clrScheme><a:lt1><a:srgbClr val="102030"/></a:lt1></a:clrScheme>'
    theme = b'<a:theme xmlns:a="%b"><a:themeElements>%b</a:themeElements></a:theme>' % (DRAWINGML, scheme)
    assert read_looks(STYLES.format('<color theme="0"/>').encode(), theme).cells[0].colour == (0x10, 0x20, 0x30)


def test_contrast() -> None:
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == 21
    assert contrast(WHITE, WHITE) == 1
    assert contrast((0x77, 0x77, 0x77), WHITE) == pytest.approx(4.48, abs=0.01)  # the grey that just fails WCAG's AA
    assert tinted(BLACK, 1) == WHITE
    assert tinted(WHITE, -1) == BLACK
