"""What lies over cells, or in the place of a chart, however a file says where it lies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import parts_of
from tests.verifier.helpers import small_place
from tests.verifier.shown.deceptions import changed_part, told_of
from xlcnn import WorkbookError
from xlcnn.verifier.shown.pixels import across, down
from xlcnn.verifier.shown.rectangles import Rectangle, covered, over_others, overlap
from xlcnn.xlsx.around import Around
from xlcnn.xlsx.book import SheetCells

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"'
SHEET, RELATIONS, DRAWING = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/drawings/drawing1.xml"
ROW, COL = (n - 1 for n in small_place("guide", "prediction")[1])
OVER, ABOVE = (ROW, COL), (ROW - 3, COL)


def shape(wide: int, high: int, where: str = "", geometry: str = "", text: str = "") -> str:
    frame = f'<a:xfrm {where}><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    return f"<sp><spPr {A}>{frame}{geometry}</spPr>{text}</sp>"


def anchored(cell: tuple[int, int], size: int, content: str) -> str:
    start = f"<from><col>{cell[1]}</col><colOff>0</colOff><row>{cell[0]}</row><rowOff>0</rowOff></from>"
    return f'<oneCellAnchor>{start}<ext cx="{size}" cy="{size}"/>{content}<clientData/></oneCellAnchor>'


def group(child: str, off: int) -> str:
    """A small group with a member that lies outside it."""
    frame = f'<a:off x="0" y="0"/><a:ext cx="90000" cy="90000"/><a:chOff x="{off}" y="{off}"/><a:chExt cx="90000" cy="90000"/>'
    return f"<grpSp><grpSpPr {A}><a:xfrm>{frame}</a:xfrm></grpSpPr>{child}</grpSp>"


LINE = '<a:custGeom><a:pathLst><a:path w="9" h="9"><a:lnTo><a:pt x="180" y="180"/></a:lnTo></a:path></a:pathLst></a:custGeom>'
TEXT = f'<txBody {A}><a:bodyPr/><a:p><a:r><a:rPr sz="9600"/><a:t>3</a:t></a:r></a:p></txBody>'


@pytest.mark.parametrize("xml", [
    anchored(OVER, 900_000, shape(0, 0)), anchored(OVER, 0, shape(900_000, 900_000)),
    anchored(ABOVE, 9000, shape(900_000, 900_000)).replace('cx="900000" cy="900000"', 'cx="5cm" cy="5cm"'),
    anchored(ABOVE, 9000, shape(900_000, 900_000)),
    anchored(ABOVE, 90_000, group(shape(900_000, 900_000), 0)),
    anchored((ROW + 9, COL + 1), 9000, group(shape(9000, 9000), 900_000)),
    anchored(ABOVE, 90_000, shape(90_000, 90_000, geometry=LINE)), anchored(ABOVE, 90_000, shape(90_000, 90_000, text=TEXT)),
    anchored((2, COL), 9000, shape(4_000_000, 9000, where='rot="5400000"')).replace('cx="9000"', 'cx="4000000"', 1),
    '<absoluteAnchor><pos x="2700000" y="2cm"/><ext cx="5cm" cy="3cm"/><sp/></absoluteAnchor>',
], ids=[
    "plain", "own size", "own size with a unit", "smaller anchor", "group", "left of its group", "line", "text", "turned", "units",
])  # fmt: skip
def test_a_shape_that_is_drawn_over_the_answer(small: Path, xml: str) -> None:
    found = told_of(changed_part(parts_of(small), DRAWING, ("</wsDr>", f"{xml}</wsDr>")))
    assert ("hidden", "Guide") in [(kind, sheet) for kind, sheet, _ in found]


@pytest.mark.parametrize("wrapped", [
    rf"<grpSp><grpSpPr {A}/>\1{shape(9, 9)}</grpSp>",
    r'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x">'
    rf"{shape(9, 9)}</mc:Choice><mc:Fallback>\1</mc:Fallback></mc:AlternateContent>",
], ids=["a group", "a choice"])  # fmt: skip
def test_a_chart_with_something_in_its_own_anchor(small: Path, wrapped: str) -> None:
    """What else is there may lie over it."""
    text = parts_of(small)[DRAWING].decode()
    frame = re.search(r"<graphicFrame>.*?</graphicFrame>", text, re.DOTALL)
    assert frame
    parts = {**parts_of(small), DRAWING: text.replace(frame[0], wrapped.replace(r"\1", frame[0])).encode()}
    assert {kind for kind, *_ in told_of(parts)} == {"shown"}


def test_a_shape_aside(small: Path) -> None:
    xml = anchored((ROW + 300, COL), 900_000, shape(900_000, 900_000, where='rot="2700000"', text=TEXT))
    assert told_of(changed_part(parts_of(small), DRAWING, ("</wsDr>", f"{xml}</wsDr>"))) == []


@pytest.mark.parametrize("content", ["", anchored((10, 37), 900_000, shape(0, 0))])
def test_another_thing_in_the_place_of_a_chart(small: Path, content: str) -> None:
    """The chart itself is far away."""
    away = (r"<col>36</col>(.*?)<row>4</row>(.*)</wsDr>", rf"<col>2</col>\1<row>900</row>\2{content}</wsDr>")
    found = told_of(changed_part(parts_of(small), DRAWING, away))
    assert found == ([("shown", "Guide", "AK5")] if content else [])


ID = 'r:id="rId9"'
SPELLED = (ID, 'r:id="rId&#57;"', 'r:id="&#x72;Id9"', 'title="a>b" r:id="rId9"')  # as programs write it, and otherwise


def related(parts: dict[str, bytes], kind: str, target: str, element: str, named: str = ID) -> dict[str, bytes]:
    """The Guide with one more relationship, and the element that uses it behind its drawing."""
    parts = changed_part(
        parts, RELATIONS, ("</Relationships>", f'<Relationship Id="rId9" Type="{R}/{kind}" Target="/{target}"/></Relationships>')
    )
    return changed_part(parts, SHEET, ("(<drawing[^>]*>)", rf'\1<{element} xmlns:r="{R}" {named}/>'))


NOTE = f'<x:ClientData ObjectType="Note"><x:Anchor>{COL},0,{ROW},0,{COL + 1},9,{ROW + 9},9</x:Anchor>'


@pytest.mark.parametrize(("xml", "seen"), [
    (f'<v:shape style="visibility:hidden">{NOTE}</x:ClientData></v:shape>', False),
    (f'<v:shape style="visibility:hidden">{NOTE}<x:Visible/></x:ClientData></v:shape>', True),
    (f"<v:shape><v:textbox>a<br>b</v:textbox>{NOTE.replace('Note', 'Label')}</x:ClientData></v:shape>", True),
    ('<v:rect style="position:absolute;margin-left:0;margin-top:0;width:9in;height:20cm"/>', True), ("<v:shape>", True),
], ids=["hidden note", "note", "control", "shape", "broken"])  # fmt: skip
def test_notes_and_controls(small: Path, xml: str, seen: bool) -> None:
    parts = related(parts_of(small), "vmlDrawing", "xl/v.vml", "legacyDrawing") | {"xl/v.vml": f"<xml {VML}>{xml}</xml>".encode()}
    assert ("hidden" in [kind for kind, *_ in told_of(parts)]) == seen


@pytest.mark.parametrize("element", ["legacyDrawing", "y:legacyDrawing"])
@pytest.mark.parametrize("named", SPELLED)
def test_a_note_whose_relationship_is_spelled_otherwise(small: Path, named: str, element: str) -> None:
    named = f'xmlns:y="{MAIN}" {named}'
    note = f'<xml {VML}><v:shape style="visibility:visible">{NOTE}</x:ClientData></v:shape></xml>'
    parts = related(parts_of(small), "vmlDrawing", "xl/v.vml", element, named) | {"xl/v.vml": note.encode()}
    assert "hidden" in [kind for kind, *_ in told_of(parts)]


@pytest.mark.parametrize("element", ["picture", "y:picture", "picture\n"])
@pytest.mark.parametrize("named", SPELLED)
def test_a_picture_behind_the_cells(small: Path, named: str, element: str) -> None:
    named = f'xmlns:y="{MAIN}" {named}'
    found = told_of(related(parts_of(small), "image", "xl/media/image1.png", element, named))
    assert found == [("shown", "Guide", None)]


@pytest.mark.parametrize("element", ["legacyDrawing", "picture"])
@pytest.mark.parametrize("namespace", [MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"])
def test_what_lies_over_cells_in_a_choice_is_refused(small: Path, element: str, namespace: str) -> None:
    """LibreOffice reads it there, and takes strict elements for transitional ones."""
    choice = f'<c:AlternateContent xmlns:c="{MC}"><c:Choice Requires="r" xmlns:r="{R}"><y:{element} {ID} xmlns:y="{namespace}"/>'
    change = ("(<drawing[^>]*>)", rf"\1{choice}</c:Choice></c:AlternateContent>")
    with pytest.raises(WorkbookError, match="inside an extension or a choice"):
        told_of(changed_part(parts_of(small), SHEET, change))


AT = "<y:col>{}</y:col><y:colOff>0</y:colOff><y:row>{}</y:row><y:rowOff>0</y:rowOff>"
ANCHOR = f"<anchor><from>{AT.format(COL, ROW)}</from><to>{AT.format(COL + 2, ROW + 2)}</to></anchor>"


@pytest.mark.parametrize("wrapped", [
    "<controls><control><controlPr>{}</controlPr></control></controls>",
    "<oleObjects><oleObject><objectPr>{}</objectPr></oleObject></oleObjects>",
    '<c:AlternateContent xmlns:c="{MC}"><c:Choice Requires="y"><controls>{}</controls></c:Choice></c:AlternateContent>',
    '<m:controls xmlns:m="{MAIN}">{}</m:controls>',
], ids=["controls", "objects", "a choice", "a prefix"])  # fmt: skip
def test_a_control_over_the_answer(small: Path, wrapped: str) -> None:
    parts = changed_part(parts_of(small), RELATIONS, (
        "</Relationships>", f'<Relationship Id="rId9" Type="{R}/control" Target="/xl/c.xml"/></Relationships>',
    ))  # fmt: skip
    xml = wrapped.replace("{MC}", MC).replace("{MAIN}", MAIN).replace("{}", ANCHOR)
    xml = xml.replace(">", ' xmlns:y="urn:y">', 1)
    parts = changed_part(parts, SHEET, ("(<drawing[^>]*>)", rf"\1{xml}"))
    assert "hidden" in [kind for kind, *_ in told_of(parts | {"xl/c.xml": b"<c/>"})]


def test_a_picture_that_is_fetched(small: Path) -> None:
    link = f'<Relationship Id="rId9" Type="{R}/image" Target="https://example.org/3.png" TargetMode="External"/>'
    parts = changed_part(parts_of(small), "xl/drawings/_rels/drawing1.xml.rels", ("</Relationships>", f"{link}</Relationships>"))
    picture = anchored((ROW + 300, COL), 90_000, f'<pic><blipFill><a:blip {A} xmlns:r="{R}" r:link="rId9"/></blipFill></pic>')
    assert [kind for kind, *_ in told_of(changed_part(parts, DRAWING, ("</wsDr>", f"{picture}</wsDr>")))] == ["outside"]


Rectangles = list[Rectangle]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(*(st.integers(0, 60),) * 2, *(st.integers(0, 20),) * 2), max_size=12))
def test_which_lie_over_others(found: list[tuple[int, int, int, int]]) -> None:
    """As found by comparing each pair: something is said if, and only if, two overlap, and only of those that do."""
    rectangles: Rectangles = [(x, y, x + wide, y + high) for x, y, wide, high in found]
    pairs = {(j, k) for k in range(len(rectangles)) for j in range(k) if overlap(rectangles[j], rectangles[k])}
    said = over_others(rectangles)
    assert bool(said) == bool(pairs)
    assert set(said) <= {k for _, k in pairs}


def test_the_first_of_those_below() -> None:
    under: Rectangles = [(0, 0, 9, 9), (20, 0, 40, 9), (30, 0, 50, 9)]
    assert list(covered([(31, 1, 39, 8), (10, 0, 19, 9), (6, 6, 12, 12), (5, 5, 12, 12)], under)) == [1, None, None, 0]
    assert list(covered([(0, 0, 9, 9)], [])) == [None]


def test_far_down_the_sheet() -> None:
    """Rows far beyond what a screen shows have places, too."""
    cells = SheetCells({}, {}, heights={2: 30.0, 5000: 60.0}, around=Around(width=10.0, widths=((3, 4, 20.0), (4, 9, 5.0))))
    assert [down(cells)(row) for row in (1, 2, 3, 5000, 5001, 1_048_576)] == [0, 20, 60, 100_000, 100_080, 20_971_580]
    assert [across(cells.around)(col) for col in (1, 3, 4, 5, 10, 16_384)] == [0, 140, 280, 315, 490, 490 + 16_374 * 70]
