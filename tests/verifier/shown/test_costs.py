"""Workbooks that hold very many of something: what looks at all of them takes seconds, not minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import pytest

from tests.verifier.helpers import BOOK
from tests.verifier.shown.deceptions import described_parts, zipped
from tests.verifier.shown.parts import Change, Parts, added, on_sheet, part_of, ruled, texts
from tests.verifier.shown.test_drawn import DRAWING, anchored
from xlcnn.grid.references import a1
from xlcnn.verifier.description import describe
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.xlsx.reader import read_book

MANY = 20_000
COLUMNS = "".join(f'<col min="{k}" max="{k}" width="9"/>' for k in range(1, 16_385))
SECONDS = 8.0  # before, each of these took from half a minute to many


@contextmanager
def soon() -> Iterator[None]:
    start = process_time()
    yield
    assert process_time() - start < SECONDS


def shapes() -> str:
    """One below and beside the other, none over another."""
    return "".join(anchored((400 + k // 50 * 3, 100 + k % 50 * 2), 9525 * 6, "<sp/>") for k in range(MANY))


def charts(parts: Parts) -> None:
    """The same chart very often: its part is long."""
    frame = re.search(r"<graphicFrame>.*?</graphicFrame>", parts[DRAWING], re.DOTALL)
    assert frame
    more = "".join(anchored((400 + 3 * k, 100), 9525 * 20, frame[0]) for k in range(MANY // 10))
    parts[DRAWING] = parts[DRAWING].replace("</wsDr>", f"{more}</wsDr>")
    name = "xl/charts/chart1.xml"
    parts[name] = parts[name].replace("</chartSpace>", f"<extLst>{'<ext/>' * 2000}</extLst></chartSpace>")


def columns(parts: Parts) -> None:
    on_sheet("Conv", "<cols>.*?</cols>", f"<cols>{COLUMNS}</cols>")(parts)
    on_sheet("Conv", '(<row r="1"(?: [^>]*)?)(/>|>.*?</row>)', r'\1><c r="XFD1"><v>7</v></c></row>')(parts)


def conditions(parts: Parts) -> None:
    """Writing in a colour, and grounds."""
    ground = '<fill><patternFill><bgColor rgb="FFFFFFEE"/></patternFill></fill>'
    looks = [added(parts, "dxfs", f"<dxf>{look}</dxf>") for look in ('<font><color rgb="FF000080"/></font>', ground)]
    rule = '<cfRule type="cellIs" dxfId="{}" operator="equal" priority="{}"><formula>1</formula></cfRule>'
    ruled("conv.map1", *(("", rule.format(look, k)) for look in looks for k in range(1, MANY // 8)))(parts)


def views(parts: Parts) -> None:
    part = part_of(parts, "Conv")
    many = "".join(f'<customSheetView guid="{k}" topLeftCell="A{k + 5}"/>' for k in range(MANY // 10))
    parts[part] = parts[part].replace("</sheetData>", f"</sheetData><customSheetViews>{many}</customSheetViews>")


CHANGES: dict[str, Change] = {
    "drawings": lambda parts: parts.update({DRAWING: parts[DRAWING].replace("</wsDr>", shapes() + "</wsDr>")}),
    "charts": charts,
    "columns": columns, "conditional formats": conditions,
    "views": views,
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_very_many(small: Path, name: str) -> None:
    parts = dict(texts(small))
    CHANGES[name](parts)
    assert parts != dict(texts(small))
    with soon():
        presentation_problems(described_parts(parts))


def test_very_many_merged_cells_in_blocks_that_became_longer(small: Path) -> None:
    parts = dict(texts(small))
    longer = r"(<definedName name=\"conv\.[^<]*:\$[A-Z]+\$)(\d+)<"
    parts[BOOK] = re.sub(longer, lambda m: f"{m[1]}{int(m[2]) + 2}<", parts[BOOK])
    many = "".join(f'<mergeCell ref="{a1(6 + k % 8, 2 + k % 7)}:CC{99 + k}"/>' for k in range(MANY))
    on_sheet("Conv", "</mergeCells>", f"{many}</mergeCells>")(parts)
    with soon():
        assert len(describe(read_book(zipped(parts)))[1]) > 1
