"""Sheets that programs read in different ways: each is refused in one line that names the part, the cell and the reason.

What each shows was tried or looked up: ``first`` and ``last`` say which of two things a program takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import small_cell
from xlcnn import WorkbookError, verify
from xlcnn.xlsx.reader import read_book

POOL = "xl/worksheets/sheet5.xml"
CELL = small_cell("pool", "output", (0, 0, 0))  # spelled out: <c r="K6" s="19"><f>MAX(B6:D8)</f><v>0.86…</v></c>
SHARED = small_cell("conv", "output", (0, 0, 0))  # holds the formula of its block
DRAGGED = small_cell("conv", "output", (0, 0, 1))
CONV = "xl/worksheets/sheet4.xml"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Edit = Callable[[str], str]


def refused(parts: dict[str, bytes], tmp_path: Path, words: str, part: str) -> None:
    """The package is refused: exit 2, in one line that names the part and says what to do."""
    path = write_parts(parts, tmp_path / "deceptive.xlsx")
    with pytest.raises(WorkbookError, match=words) as error:
        verify(path, trials=0)
    message = str(error.value)
    assert "\n" not in message
    assert part in message
    assert "save it anew" in message


def with_cell(small: Path, part: str, cell: str, edit: Edit) -> dict[str, bytes]:
    parts = parts_of(small)
    xml = parts[part].decode()
    match = re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
    assert match
    after = xml.replace(match[0], edit(match[0]))
    assert after != xml
    return parts | {part: after.encode()}


def before_end(text: str) -> Edit:
    return lambda xml: xml.replace("</c>", text + "</c>")


def swap(pattern: str, text: str) -> Edit:
    return lambda xml: re.sub(pattern, lambda _: text, xml, count=1, flags=re.DOTALL)


V = "<v>.*</v>"
CELLS: dict[str, tuple[Edit, str]] = {
    "two formulas: openpyxl last, LibreOffice joined": (swap("<f>", "<f>7</f><f>"), f"{CELL} holds two formulas"),
    "two values: Excel repairs, openpyxl last": (before_end("<v>9</v>"), f"{CELL} holds two values"),
    "a formula after the value": (swap("(<f>.*</f>)(<v>.*</v>)", "<v>1</v><f>MAX(B6:D8)</f>"), "one after its value"),
    "a formula of another namespace: by name alone it is one": (
        swap("<f>", '<f xmlns="urn:x">7</f><f>'), "holds an element f where",
    ),
    "a strict value in a transitional sheet": (swap(V, f'<v xmlns="{STRICT}">9</v>'), "holds an element v where"),
    "CDATA: some see the formula, some none": (swap("<f>.*</f>", "<f><![CDATA[9]]></f>"), "holds CDATA"),
    "a comment within a number: 12 or 1": (swap(V, "<v>1<!-- -->2</v>"), "holds a comment"),
    "an instruction within a number": (swap(V, "<v>1<?x y?>2</v>"), "holds an instruction"),
    "a decoy in the cell's extLst": (before_end("<extLst><ext><v>9</v></ext></extLst>"), "holds an element extLst"),
    "a choice: Excel takes one, others both": (
        swap(V, f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><v>9</v></mc:Choice></mc:AlternateContent>'),
        "holds an element AlternateContent",
    ),
    "a second place, in capitals": (swap(' s="', ' R="B2" s="'), "unknown attribute, R"),
    "a second place, with a prefix": (swap(' s="', f' xmlns:m="{MAIN}" m:r="B2" s="'), "unknown attribute, r"),
    "a value with an attribute": (swap("<v>", '<v t="s">'), "a value with attributes"),
    "text between the elements": (swap("<v>", "9<v>"), "holds text between its elements"),
    "a text beside the number": (before_end("<is><t>9</t></is>"), "holds two values"),
    "a text where the type says number": (swap(V, "<is><t>9</t></is>"), "its type says that there is none"),
    "a number where the type says text": (swap(' s="', ' t="inlineStr" s="'), "as if it were a number"),
    "two texts in one": (swap("<c (.*)</c>", f'<c r="{CELL}" t="inlineStr"><is><t>1</t><t>2</t></is></c>'), "holds two texts"),
    "a text and runs": (
        swap("<c (.*)</c>", f'<c r="{CELL}" t="inlineStr"><is><t>1</t><r><t>2</t></r></is></c>'), "a text and runs of text",
    ),
    "Python's 1_000": (swap(V, "<v>1_000</v>"), "'1_000', which is no number"),
    "digits of another script": (swap(V, "<v>１</v>"), "'１', which is no number"),
    "blanks around a number": (swap(V, "<v> 1 </v>"), "which is no number"),
    "infinity": (swap(V, "<v>INF</v>"), "'INF', which is no number"),
    "more than Excel can store": (swap(V, "<v>1e999</v>"), "which is no number"),
    "the last text, counted backwards": (swap("<c (.*)</c>", f'<c r="{CELL}" t="s"><v>-1</v></c>'), "the shared text number '-1'"),
    "a text that there is not": (swap("<c (.*)</c>", f'<c r="{CELL}" t="s"><v>99999</v></c>'), "the shared text number '99999'"),
    "neither true nor false": (swap("<c (.*)</c>", f'<c r="{CELL}" t="b"><v>2</v></c>'), "the truth value '2'"),
    "an unknown type": (swap(' s="', ' t="z" s="'), "of an unknown type, 'z'"),
    "a place with an escaped letter": (swap(f'r="{CELL}"', f'r="&#{ord(CELL[0])};{CELL[1:]}"'), "with escaped letters"),
    "a formula with an escaped letter": (swap("<f>.*</f>", "<f>MAX(B6:D8)*_x0032_</f>"), "holds an escaped letter"),
    "an empty formula": (swap("<f>.*</f>", "<f></f>"), "holds an empty formula"),
    "an unknown kind of formula": (swap("<f>", '<f t="magic">'), "an unknown kind, magic"),
    "a formula that shares and does not": (swap("<f>", '<f si="1">'), "attributes of another kind"),
    "a formula with a range to fill": (swap("<f>", '<f ref="K6:M8">'), "attributes of another kind"),
    "a data table's cells in another formula": (swap("<f>", '<f r1="B6">'), "attributes of another kind"),
    "a macro's formula": (swap("<f>", '<f bx="1">'), "unknown attributes"),
    "a cell there twice: first or last": (lambda xml: xml + f'<c r="{CELL}"><v>9</v></c>', "or there twice"),
    "a cell of another row": (swap(f'r="{CELL}"', f'r="{CELL}9"'), "is not a cell of that row"),
    "a cell in small letters": (swap(f'r="{CELL}"', f'r="{CELL.lower()}"'), "is not a cell of that row"),
    "a cell with dollars": (swap(f'r="{CELL}"', f'r="${CELL}"'), "is not a cell of that row"),
    "a cell with a zero before its row": (swap(f'r="{CELL}"', f'r="{CELL[0]}0{CELL[1:]}"'), "is not a cell of that row"),
    "a cell without a place among others": (swap(f' r="{CELL}"', ""), "is numbered and others are not"),
    "a cell within a cell": (before_end(f'<c r="L{CELL[1:]}"><v>1</v></c>'), "holds an element c where"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "words"), CELLS.values(), ids=CELLS)
def test_a_cell_that_programs_read_differently(small: Path, tmp_path: Path, edit: Edit, words: str) -> None:
    refused(with_cell(small, POOL, CELL, edit), tmp_path, words, POOL)


AT, LATER = small_cell("conv", "output", (0, 0, 0)), small_cell("conv", "output", (0, 5, 5))
SHARES: dict[str, tuple[str, Edit, str]] = {
    "a dependent with a text of its own: LibreOffice reads it, openpyxl does not": (
        DRAGGED, swap("<f ([^>]*)/>", '<f t="shared" si="1">7</f>'), "shares a formula and has one of its own",
    ),
    "a dependent beyond the range": (SHARED, swap(f"ref=\"{AT}:{LATER}", f'ref="{AT}:{DRAGGED}'), "which is dragged over"),
    "a dependent of a formula that does not exist": (DRAGGED, swap('si="1"', 'si="77"'), "that no cell before it holds"),
    "a dependent before the formula": (SHARED, swap('t="shared" ref="[^"]*" si="1"', 't="shared" si="1"'), "has one of its own"),
    "two formulas of one number: first or last": (
        DRAGGED, swap("<f ([^>]*)/>", f'<f t="shared" ref="{DRAGGED}" si="1">7</f>'), "both hold the shared formula 1",
    ),
    "a number and no formula": (SHARED, swap(">SUMPRODUCT[^<]*<", "><"), "is to hold a shared formula and holds none"),
    "a range without its own cell": (SHARED, swap('ref="[^"]*"', f'ref="{DRAGGED}:{LATER}"'), "does not lie"),
    "a range from its other corner": (SHARED, swap('ref="[^"]*"', f'ref="{LATER}:{AT}"'), "has no range of cells in ref"),
    "a range with dollars": (SHARED, swap('ref="[^"]*"', 'ref="$AJ$6:$AO$11"'), "has no range of cells in ref"),
    "a range beyond the last row": (SHARED, swap('ref="[^"]*"', 'ref="AJ6:AO1048577"'), "has no range of cells in ref"),
    "no range": (SHARED, swap(' ref="[^"]*"', ""), "has one of its own"),
    "no number": (SHARED, swap(' si="1"', ""), "attributes of another kind"),
    "dragged to the left of column A: Excel goes on at XFD": (
        SHARED, swap(f'ref="{AT}', 'ref="A6'), "leads beyond the sheet's edge from B6",
    ),
    "dragged above row 1: Excel goes on at the last": (
        SHARED, swap(f'ref="{AT}([^>]*>)SUMPRODUCT.B6', f'ref="AJ1:{LATER}" si="1">SUMPRODUCT(B3'), "sheet's edge from B3",
    ),
    "dragged below the last row": (SHARED, swap('ref="[^"]*"', 'ref="AJ6:AO1048576"'), "beyond the sheet's edge from D8"),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "edit", "words"), SHARES.values(), ids=SHARES)
def test_a_shared_formula_that_programs_read_differently(small: Path, tmp_path: Path, cell: str, edit: Edit, words: str) -> None:
    refused(with_cell(small, CONV, cell, edit), tmp_path, words, CONV)


ROW = int(CELL[1:])
CHOICE = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14">{{}}</mc:Choice></mc:AlternateContent>'
DECOY = f'<sheetData><row r="{ROW}"><c r="{CELL}"><v>9</v></c></row></sheetData>'
SHEETS: dict[str, tuple[Edit, str]] = {
    "a row there twice": (swap("</sheetData>", f'<row r="{ROW}"><c r="{CELL}"><v>9</v></c></row></sheetData>'), "twice"),
    "rows out of order": (swap("</sheetData>", f'<row r="{ROW - 1}"/></sheetData>'), "out of order"),
    "a row beyond the last": (swap("</sheetData>", '<row r="1048577"/></sheetData>'), "beyond the last"),
    "a row without a number among others": (swap("</sheetData>", "<row/></sheetData>"), "is numbered and others are not"),
    "a row numbered 06": (swap(f'<row r="{ROW}"', f'<row r="0{ROW}"'), f"a row numbered '0{ROW}'"),
    "a row with an unknown attribute": (swap(f'<row r="{ROW}"', f'<row n="9" r="{ROW}"'), "unknown attribute, n"),
    "a row neither hidden nor shown": (swap(f'<row r="{ROW}"', f'<row hidden="yes" r="{ROW}"'), "hidden is 'yes'"),
    "a row within a row": (swap("</row>", '<row r="2"/></row>'), "holds an element row"),
    "a cell beside the rows": (swap("<sheetData>", '<sheetData><c r="A1"><v>1</v></c>'), "holds an element c where"),
    "cells twice: first or last": (swap("<sheetData>", DECOY + "<sheetData>"), "holds sheetData twice"),
    "cells in the sheet's extLst": (swap("</worksheet>", f"<extLst><ext>{DECOY}</ext></extLst></worksheet>"), "inside an"),
    "a view in a choice": (
        swap("<sheetViews>", "<sheetViews>" + CHOICE.format("<sheetView/>")), "sheetView inside",
    ),
    "cells in a choice": (swap("<sheetData>", CHOICE.format(DECOY) + "<sheetData>"), "inside an extension or a choice"),
    "cells in a foreign element": (swap("<sheetData>", f'<x:a xmlns:x="urn:x">{DECOY}</x:a><sheetData>'), "inside an extension"),
    "cells of another namespace": (swap("<sheetData>", '<x:sheetData xmlns:x="urn:x"/><sheetData>'), "an element sheetData inside"),
    "cells within the columns": (swap("<cols>", f"<cols>{DECOY}"), "holds sheetData inside cols"),
    "a foreign row": (swap("</sheetData>", '<x:row xmlns:x="urn:x" r="99"/></sheetData>'), "holds an element row"),
    "foreign elements whose content is to be read": (
        swap("<worksheet ", f'<worksheet xmlns:mc="{MC}" xmlns:x="urn:x" mc:ProcessContent="x:a" '), "in another way",
    ),
    "elements that must be understood": (
        swap("<sheetData>", f'<sheetData xmlns:mc="{MC}" xmlns:x="urn:x" mc:MustUnderstand="x">'), "in another way than it stands",
    ),
    "a strict sheet in a transitional workbook": (swap(MAIN, STRICT), "its root is"),
    "a root of another name": (
        lambda xml: xml.replace("<worksheet ", "<chartsheet ").replace("</worksheet>", "</chartsheet>"), "its root is",
    ),
    "another encoding": (lambda xml: '<?xml version="1.0" encoding="windows-1252"?>' + xml, "not XML 1.0 in UTF-8"),
    "hidden columns in an extension": (
        swap("</worksheet>", '<extLst><ext><cols><col min="1" max="9" hidden="1"/></cols></ext></extLst></worksheet>'),
        "an element cols inside",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "words"), SHEETS.values(), ids=SHEETS)
def test_a_sheet_that_programs_read_differently(small: Path, tmp_path: Path, edit: Edit, words: str) -> None:
    parts = parts_of(small)
    xml = parts[POOL].decode()
    assert edit(xml) != xml
    refused(parts | {POOL: edit(xml).encode()}, tmp_path, words, POOL)


def test_a_sheet_in_utf_16_is_refused(small: Path, tmp_path: Path) -> None:
    parts = parts_of(small)
    refused(parts | {POOL: parts[POOL].decode().encode("utf-16")}, tmp_path, "not written in UTF-8", POOL)


STRINGS = "xl/sharedStrings.xml"
TEXTS: dict[str, tuple[Edit, str]] = {
    "a text in an extension": (swap("</sst>", "<extLst><ext><si><t>x</t></si></ext></extLst></sst>"), "in an extension"),
    "a foreign text: one more or not": (swap("<si>", '<x:si xmlns:x="urn:x"><x:t>x</x:t></x:si><si>'), "an element si where"),
    "two texts in one: first, last or both": (swap("</t></si>", "</t><t>x</t></si>"), "holds two texts"),
    "a run with two texts": (swap("<t>[^<]*</t>", "<r><t>a</t><t>b</t></r>"), "holds two texts"),
    "a run within a run": (swap("<t>[^<]*</t>", "<r><r><t>a</t></r></r>"), "holds an element r where"),
    "a text after runs": (swap("<t>[^<]*</t>", "<r><t>a</t></r><t>b</t>"), "runs of text and a text"),
    "text beside the elements": (swap("<si>", "x<si>"), "text between the elements"),
    "text within an element that holds none": (swap("<si>", "<si>x"), "text between its elements"),
    "CDATA": (swap("<t>[^<]*</t>", "<t><![CDATA[x]]></t>"), "holds CDATA"),
    "a comment": (swap("<t>", "<t><!-- x -->"), "holds a comment"),
    "a text with an attribute": (swap("<t>", '<t lang="en">'), "a text with attributes"),
}


@pytest.mark.parametrize(("edit", "words"), TEXTS.values(), ids=TEXTS)
def test_texts_that_programs_read_differently(small: Path, tmp_path: Path, edit: Edit, words: str) -> None:
    parts = parts_of(small)
    xml = parts[STRINGS].decode()
    assert edit(xml) != xml
    refused(parts | {STRINGS: edit(xml).encode()}, tmp_path, words, STRINGS)


def test_an_escaped_letter_is_read_as_excel_shows_it(small: Path, tmp_path: Path) -> None:
    """``_x0041_`` is shown as A; half of a letter stays as it is."""
    parts = parts_of(small)
    xml = re.sub("<si>", "<si><t>_x0041_ _xd800_ _x41_</t></si><si>", parts[STRINGS].decode(), count=1).encode()
    sheet = re.sub(rf'<c r="{CELL}".*?</c>', f'<c r="{CELL}" t="s"><v>0</v></c>', parts[POOL].decode()).encode()
    path = write_parts(parts | {STRINGS: xml, POOL: sheet}, tmp_path / "escaped.xlsx")
    assert read_book(path.read_bytes()).sheets["Pool"].values[ROW, 11] == "A _xd800_ _x41_"
