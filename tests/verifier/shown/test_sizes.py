"""Rows and columns may be narrower as long as numbers have room, folded groups hide, and what lies behind cells is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.verifier.shown.parts import MAIN as SHEETS
from tests.verifier.shown.parts import OFFICE, RELATIONS, TYPES, Parts, in_book, on_sheet, part_of, said_of
from xlcnn.verifier.places import place_problems


@pytest.mark.parametrize(("pixels", "room"), [(5, False), (8, False), (10, True), (15, True), (60, True)])
def test_columns_of_a_map(small: Path, pixels: int, room: bool) -> None:
    columns = f'<cols><col min="1" max="120" width="{pixels / 7}" customWidth="1"/></cols>'
    said = said_of(small, on_sheet("Conv", "<cols>.*?</cols>", columns))
    assert (not said) == room
    assert all(problem.startswith("Conv!") for problem in said)


@pytest.mark.parametrize(("base", "room"), [(0, False), (8, True)])
def test_columns_that_say_how_many_characters_they_hold(small: Path, base: int, room: bool) -> None:
    change = on_sheet("Conv", "<sheetFormatPr .*?</cols>", f'<sheetFormatPr baseColWidth="{base}" defaultRowHeight="15"/>')
    assert (not said_of(small, change)) == room


@pytest.mark.parametrize(("pixels", "room"), [(5, False), (6, False), (8, True), (12, True), (30, True)])
def test_rows_of_a_map(small: Path, pixels: int, room: bool) -> None:
    def change(parts: Parts) -> None:
        part = part_of(parts, "Conv")
        parts[part] = re.sub(r'ht="11\.25"', f'ht="{pixels * 0.75}"', parts[part])

    assert (not said_of(small, change)) == room


@pytest.mark.parametrize(("width", "room"), [(0.8, False), (3, False), (5.6, True), (11.4, True), (80, True)])
def test_the_column_of_the_answer(small: Path, width: float, room: bool) -> None:
    """Its digit is large: it has room in less than half of the column."""
    said = said_of(small, on_sheet("Guide", r'<col width="29\.2[^"]*"', f'<col width="{width}"'))
    assert ("Guide!AJ9" in " ".join(said)) != room


@pytest.mark.parametrize(("row", "sign", "hides"), [(12, 'collapsed="1"', True), (12, "", False), (7, 'collapsed="1"', True)])
def test_a_group_that_is_folded_hides_its_rows(small: Path, row: int, sign: str, hides: bool) -> None:
    """The sign stands in the row after the group, or before it; LibreOffice folds it, also where no row says that it is hidden."""

    def change(parts: Parts) -> None:
        part = part_of(parts, "Conv")
        for inner in range(8, 12):
            parts[part] = parts[part].replace(f'<row r="{inner}" ', f'<row r="{inner}" outlineLevel="1" ')
        parts[part] = parts[part].replace(f'<row r="{row}" ', f'<row r="{row}" {sign} ')

    assert bool(said_of(small, change)) == hides


def test_columns_of_a_folded_group(small: Path) -> None:
    columns = '<cols><col width="3" min="3" max="5" outlineLevel="1"/><col width="3" min="6" max="6" collapsed="1"/></cols>'
    assert said_of(small, on_sheet("Conv", "<cols>.*?</cols>", columns))[0].startswith("Conv!C6")


@pytest.mark.parametrize(("style", "dark"), [("TableStyleDark1", True), ("Own", True), ("TableStyleMedium9", False), ("", False)])
def test_the_colours_of_a_table(small: Path, style: str, dark: bool) -> None:
    def change(parts: Parts) -> None:
        page = part_of(parts, "Dense")
        rels = page.replace("worksheets/", "worksheets/_rels/") + ".rels"
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        link = f'<Relationship Type="{OFFICE}/table" Target="/xl/tables/table1.xml" Id="rId88"/></Relationships>'
        parts[rels] = parts.get(rels, empty).replace("</Relationships>", link)
        parts["xl/tables/table1.xml"] = f'<table xmlns="{SHEETS}" ref="B6:C9"><tableStyleInfo name="{style}"/></table>'
        tables = f'<tableParts><tablePart xmlns:r="{OFFICE}" r:id="rId88"/></tableParts></worksheet>'
        parts[page] = parts[page].replace("</worksheet>", tables)

    assert ["a table" in problem for problem in said_of(small, change)] == [True] * dark


@pytest.mark.parametrize(("tab", "alike"), [
    ("Guіde", True), ("Guide ", True), ("Gui\u200bde", True), ("Gulde", True), ("Ιnput", True), ("Ｇuide", True), ("lnput", True),
    ("Guide (2)", False), ("Guide_2", False), ("Notes", False), ("Sheet1", False), ("Denser", False),
])  # fmt: skip
def test_a_tab_that_looks_like_one_of_the_lesson(small: Path, tab: str, alike: bool) -> None:
    def change(parts: Parts) -> None:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        parts[TYPES] = parts[TYPES].replace(
            "</Types>", f'<Override PartName="/xl/worksheets/own.xml" ContentType="{kind}"/></Types>'
        )
        link = f'<Relationship Id="rId99" Type="{OFFICE}/worksheet" Target="worksheets/own.xml"/></Relationships>'
        parts[RELATIONS] = parts[RELATIONS].replace("</Relationships>", link)
        in_book("</sheets>", f'<sheet xmlns:r="{OFFICE}" name="{tab}" sheetId="99" r:id="rId99"/></sheets>')(parts)
        parts["xl/worksheets/own.xml"] = f'<worksheet xmlns="{SHEETS}"><sheetData/></worksheet>'

    assert said_of(small, change, place_problems) == [f"{tab}: a tab of its name beside it"] * alike
