"""Styles with a frame: a twin of each that is asked for, whose look is otherwise the same."""

import pytest

from tests.xlsx.test_reader import MAIN
from xlcnn.xlsx.frames import COLOUR, SIDES, framed
from xlcnn.xlsx.looks import read_looks
from xlcnn.xlsx.splices import elements

BORDERS = (
    '<borders count="2"><border><left style="thin"/></border>'
    '<border diagonalUp="1"><left/><right/><top/><bottom/><diagonal style="thin"><color rgb="FF000000"/></diagonal>'
    "</border></borders>"
)
CELLS = (
    '<cellXfs count="3"><xf/><xf numFmtId="2" borderId="1" applyBorder="0"><alignment horizontal="center"/></xf>'
    '<xf numFmtId="9" borderId="0"/></cellXfs>'
)
NUMBER_FORMATS = '<numFmts count="1"><numFmt numFmtId="200" formatCode="0.0"/></numFmts>'


def styles(borders: str = BORDERS, cells: str = CELLS) -> bytes:
    inside = f"{NUMBER_FORMATS}<fonts/><fills/>{borders}{cells}<dxfs><dxf><border/></dxf></dxfs>"
    return f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'.encode()


def test_each_style_gets_a_twin_with_another_border() -> None:
    after, twins = framed(styles(), [2, 1, 2])
    assert twins == {2: 3, 1: 4}
    cells = [element.attributes for element in elements("s", after) if element.path == "cellXfs/xf"]
    assert cells[3] == {"numFmtId": "9", "borderId": "2", "applyBorder": "1"}
    assert cells[4] == {"numFmtId": "2", "borderId": "3", "applyBorder": "1"}
    assert b'<alignment horizontal="center"/></xf></cellXfs>' in after
    assert b'<borders count="4">' in after
    assert b'<cellXfs count="5">' in after


def test_a_frame_has_four_lines_and_keeps_the_diagonals() -> None:
    """A line across a cell is something that the verifier names: the copy must say the same."""
    after, twins = framed(styles(), [1, 2])
    borders = [element for element in elements("s", after) if element.path == "borders/border"]
    for border in borders[2:]:
        xml = after[border.start : border.stop].decode()
        assert [xml.count(f'<{side} style="thick"><color rgb="{COLOUR}"/></{side}>') for side in SIDES] == [1] * 4
    looks = read_looks(after).cells
    assert [looks[twins[number]].odd for number in (1, 2)] == ["a line across the cell", ""]


def test_what_is_there_stays() -> None:
    after, _ = framed(styles(), [1])
    assert after.decode().replace(' count="4"', "").startswith(styles().decode()[: styles().decode().index("<borders")])
    assert after.endswith(b"<dxfs><dxf><border/></dxf></dxfs></styleSheet>")


@pytest.mark.parametrize(
    ("borders", "cells"),
    [
        (BORDERS.replace("<borders", "<other").replace("</borders", "</other"), CELLS),
        ("<borders/>", CELLS),
        (BORDERS, "<cellXfs/>"),
    ],
)
def test_without_its_lists_there_are_no_frames(borders: str, cells: str) -> None:
    assert framed(styles(borders, cells), [0, 1]) == (styles(borders, cells), {})


def test_a_style_that_is_not_there_has_no_twin() -> None:
    assert framed(styles(), [7, 0])[1] == {0: 3}


def test_where_excel_takes_no_more_styles_there_are_no_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlcnn.xlsx.frames.MOST_STYLES", 4)
    assert framed(styles(), [0])[1] == {0: 3}
    assert framed(styles(), [0, 1]) == (styles(), {})
