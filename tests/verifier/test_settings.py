"""Settings with which programs compute otherwise, and what a workbook fetches from elsewhere: each is named, with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import BOOK, LAYOUT, with_part
from xlcnn import verify
from xlcnn.verifier.report import Problem

RELATIONS, POOL = "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet5.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
GUIDE = LAYOUT["guide"].title


def the_problem(path: Path) -> Problem:
    (problem,) = verify(path, trials=0).problems
    assert "\n" not in str(problem)
    assert problem.note, "it says what to do"
    return problem


CALC = "<calcPr "
SETTINGS = {
    "precision as displayed": (BOOK, CALC, '<calcPr fullPrecision="0" ', "setting", GUIDE, "Set precision as displayed"),
    "in words": (BOOK, CALC, '<calcPr fullPrecision="false" ', "setting", GUIDE, "Set precision as displayed"),
    "iteration": (BOOK, CALC, '<calcPr iterate="1" ', "setting", GUIDE, "Enable iterative calculation"),
    "iteration, LibreOffice": (
        BOOK, "<calcPr [^>]*>", '<calcPr iterateCount="100" refMode="A1" iterate="true" iterateDelta="0.001"/>', "setting", GUIDE,
        "Enable iterative calculation",
    ),
    "iteration as Gnumeric never writes it": (
        BOOK, "<calcPr [^>]*>", '<calcPr calcMode="auto" iterate="1" iterateCount="99" iterateDelta="0.001"/>', "setting", GUIDE,
        "Enable iterative calculation",
    ),
    "the 1904 date system": (BOOK, "<workbookPr", '<workbookPr date1904="1"', "setting", GUIDE, "Use 1904 date system"),
    "R1C1": (BOOK, CALC, '<calcPr refMode="R1C1" ', "setting", GUIDE, "R1C1 reference style"),
    "manual": (BOOK, CALC, '<calcPr calcMode="manual" ', "manual", GUIDE, "Calculation Options"),
    "a hidden window": (BOOK, 'visibility="visible"', 'visibility="hidden"', "setting", GUIDE, "View > Unhide"),
    "Lotus's rules": (POOL, "<sheetPr", '<sheetPr transitionEvaluation="1"', "setting", "Pool", "Transition formula evaluation"),
    "colours that stand still": (
        POOL, "<sheetPr", '<sheetPr enableFormatConditionsCalculation="0"', "setting", "Pool", "EnableFormatConditionsCalculation",
    ),
    "another workbook": (
        BOOK, "</sheets>", f'</sheets><externalReferences><externalReference xmlns:r="{OFFICE}" r:id="x"/></externalReferences>',
        "outside", GUIDE, "break the link",
    ),
    "another workbook that only a relationship names": (
        RELATIONS, "</Relationships>", f'<Relationship Id="x" Type="{OFFICE}/externalLink" Target="l.xml"/></Relationships>',
        "outside", GUIDE, "break the link",
    ),
    "a data base": (
        RELATIONS, "</Relationships>", f'<Relationship Id="x" Type="{OFFICE}/connections" Target="c.xml"/></Relationships>',
        "outside", GUIDE, "Queries & Connections",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("part", "pattern", "text", "kind", "sheet", "do"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_is_named(
    small: Path, tmp_path: Path, part: str, pattern: str, text: str, kind: str, sheet: str, do: str
) -> None:
    problem = the_problem(with_part(small, tmp_path / "set.xlsx", part, pattern, text))
    assert (problem.kind, problem.sheet, problem.cell) == (kind, sheet, None)
    assert do in problem.note


HARMLESS = [
    ("<calcPr [^>]*>", '<calcPr calcMode="auto" iterate="1" iterateCount="100" iterateDelta="0.001"/>'),  # Gnumeric's, always
    ("<calcPr [^>]*>", ""),
    ("<calcPr ", '<calcPr iterate="0" iterateCount="7" fullPrecision="1" refMode="A1" '),
    ("<calcPr ", '<calcPr calcMode="autoNoTable" calcOnSave="0" concurrentCalc="0" '),
    ("<workbookPr", '<workbookPr date1904="false" defaultThemeVersion="166925"'),
]


@pytest.mark.parametrize(("pattern", "text"), HARMLESS)
def test_settings_that_change_nothing(small: Path, tmp_path: Path, pattern: str, text: str) -> None:
    assert verify(with_part(small, tmp_path / "set.xlsx", BOOK, pattern, text), trials=0).ok


def test_lotus_rules_on_somebodys_own_sheet_are_nobodys_concern(small: Path, tmp_path: Path) -> None:
    parts = parts_of(small)
    types, relations, book = (parts[n].decode() for n in ("[Content_Types].xml", RELATIONS, BOOK))
    kind = re.search(r'<Override PartName="/xl/worksheets/sheet5.xml"[^>]*>', types)
    listed = re.search(r'<sheet [^>]*name="Pool"[^>]*>', book)
    assert kind
    assert listed
    extra = listed[0].replace('"Pool"', '"Notes"').replace('sheetId="5"', 'sheetId="99"').replace("rId5", "rId99")
    parts["[Content_Types].xml"] = types.replace(kind[0], kind[0] + kind[0].replace("sheet5", "sheet99")).encode()
    link = f'<Relationship Id="rId99" Type="{OFFICE}/worksheet" Target="worksheets/sheet99.xml"/></Relationships>'
    parts[RELATIONS] = relations.replace("</Relationships>", link).encode()
    parts[BOOK] = book.replace("</sheets>", extra + "</sheets>").encode()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    page = f'<worksheet xmlns="{main}"><sheetPr transitionEvaluation="1"/><sheetData/></worksheet>'
    assert verify(write_parts(parts | {"xl/worksheets/sheet99.xml": page.encode()}, tmp_path / "notes.xlsx"), trials=0).ok
