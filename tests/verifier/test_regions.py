"""Cells of the network that another cell fills are named, with their sheet; beside the network anybody may have such cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import small_at, small_cell, with_cell
from xlcnn import WorkbookError, verify

POOL, CONV, DENSE = (f"xl/worksheets/sheet{k}.xml" for k in (5, 4, 6))
OUT, FAR = small_cell("pool", "output", (0, 0, 0)), small_cell("pool", "output", (0, 2, 2))
WEIGHT = small_cell("dense", "weight", (0, 0, 0, 0))
BESIDE = "BZ6"  # right of everything


def with_cells(small: Path, tmp_path: Path, part: str, edit: dict[str, str]) -> Path:
    """A copy in which cells are written anew, or a new one put at the end of its row."""
    parts = parts_of(small)
    xml = parts[part].decode()
    for cell, text in edit.items():
        xml = with_cell(xml, cell, text)
    return write_parts(parts | {part: xml.encode()}, tmp_path / "filled.xlsx")


def array(cell: str, ref: str, formula: str, more: str = "") -> str:
    return f'<c r="{cell}"{more}><f t="array" ref="{ref}">{formula}</f><v>0.866259378211683</v></c>'


def table(cell: str, ref: str) -> str:
    return f'<c r="{cell}"><f t="dataTable" ref="{ref}" dt2D="0" dtr="0" r1="B6"/><v>0</v></c>'


FILLED = {
    "an array formula in a cell": (POOL, {OUT: array(OUT, OUT, "MAX(B6:D8)")}, small_at("pool", "output", (0, 0, 0))),
    "one over a block": (POOL, {OUT: array(OUT, f"{OUT}:{FAR}", "MAX(B6:D8)")}, small_at("pool", "output", (0, 0, 0))),
    "one that begins beside the block": (POOL, {"J6": array("J6", "J6:K6", "MAX(B6:D8)")}, ("Pool", "K6")),
    "one over weights": (DENSE, {WEIGHT: array(WEIGHT, f"{WEIGHT}:{WEIGHT}", "1/9")}, small_at("dense", "weight", (0, 0, 0, 0))),
    "one over padding": (POOL, {"B6": array("B6", "B6:D6", "{9,9,9}")}, ("Pool", "B6")),
    "one that spills in a cell": (POOL, {OUT: array(OUT, OUT, "MAX(B6:D8)", ' cm="1"')}, small_at("pool", "output", (0, 0, 0))),
    "one that may spill into padding": (POOL, {"A6": array("A6", "A6", "{9,9,9}", ' cm="1"')}, ("Pool", "B6")),
    "one that may spill from above": (POOL, {"B5": array("B5", "B5", "{9;9;9}", ' cm="1"')}, ("Pool", "B6")),
    "a data table in a cell": (POOL, {OUT: table(OUT, OUT)}, small_at("pool", "output", (0, 0, 0))),
    "a data table over a block": (POOL, {OUT: table(OUT, f"{OUT}:{FAR}")}, small_at("pool", "output", (0, 0, 0))),
    "a data table that begins beside": (POOL, {"J6": table("J6", "J6:K7")}, ("Pool", "K6")),
    "a data table over weights": (DENSE, {WEIGHT: table(WEIGHT, WEIGHT)}, small_at("dense", "weight", (0, 0, 0, 0))),
    "a picture or stock in a cell": (
        POOL, {OUT: f'<c r="{OUT}" vm="1"><f>MAX(B6:D8)</f><v>0.866259378211683</v></c>'}, small_at("pool", "output", (0, 0, 0)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("part", "edit", "place"), FILLED.values(), ids=FILLED)
def test_a_cell_that_another_fills(small: Path, tmp_path: Path, part: str, edit: dict[str, str], place: tuple[str, str]) -> None:
    report = verify(with_cells(small, tmp_path, part, edit), trials=0)
    found = [p for p in report.problems if p.kind == "array"]
    assert [(p.sheet, p.cell) for p in found] == [place]
    assert found[0].note
    assert "\n" not in str(found[0])


def with_pivot(small: Path, tmp_path: Path, ref: str) -> Path:
    """A pivot table that takes these cells of Pool when it is refreshed."""
    parts = parts_of(small)
    office, package = (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://schemas.openxmlformats.org/package",
    )
    books = "xl/_rels/workbook.xml.rels"
    link = f'<Relationship Id="p" Type="{office}/pivotCacheDefinition" Target="pivotCache/d.xml"/></Relationships>'
    parts[books] = parts[books].replace(b"</Relationships>", link.encode())
    sheet = f'<Relationship Id="p" Type="{office}/pivotTable" Target="../pivotTables/p.xml"/>'
    head = f'<Relationships xmlns="{package}/2006/relationships">'
    parts["xl/worksheets/_rels/sheet5.xml.rels"] = f"{head}{sheet}</Relationships>".encode()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = f'<pivotTableDefinition xmlns="{main}" name="p"><location ref="{ref}" firstHeaderRow="1"/></pivotTableDefinition>'
    return write_parts(parts | {"xl/pivotTables/p.xml": table.encode()}, tmp_path / "pivot.xlsx")


@pytest.mark.parametrize(("ref", "place"), [("K6:M8", "K6"), ("J1:K6", "K6"), ("A1:XFD1048576", "B6"), ("CA1:CC9", None)])
def test_a_pivot_table_over_the_network(small: Path, tmp_path: Path, ref: str, place: str | None) -> None:
    report = verify(with_pivot(small, tmp_path, ref), trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == ([("array", "Pool", place)] if place else [])


HARMLESS = {
    "an array formula beside": {BESIDE: array(BESIDE, f"{BESIDE}:CA7", "SUM(B6:D8*B6:D8)")},
    "one that spills beside": {BESIDE: array(BESIDE, BESIDE, "SUM(B6:D8*B6:D8)", ' cm="1"')},
    "a data table beside": {BESIDE: table(BESIDE, f"{BESIDE}:CB9")},
    "a picture beside": {BESIDE: f'<c r="{BESIDE}" vm="1" t="e"><v>#VALUE!</v></c>'},
    "metadata number 0": {OUT: f'<c r="{OUT}" cm="0" vm="0"><f>MAX(B6:D8)</f><v>0.866259378211683</v></c>'},
}  # fmt: skip


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS)
def test_beside_the_network_anybody_may_use_them(small: Path, tmp_path: Path, edit: dict[str, str]) -> None:
    assert verify(with_cells(small, tmp_path, POOL, edit), trials=0).ok


@pytest.mark.parametrize("ref", ["L6:M6", "", "K6:", "k6", "K6:K1048577"])
def test_an_array_formula_without_its_own_range_is_refused(small: Path, tmp_path: Path, ref: str) -> None:
    with pytest.raises(WorkbookError, match=r"in which it does not lie|has no range of cells"):
        verify(with_cells(small, tmp_path, POOL, {OUT: array(OUT, ref, "1")}), trials=0)
