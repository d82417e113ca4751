"""The sheet Evaluation on a copy: the rest of the workbook as it was, verified as before, and its formulas right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import parts_of
from tests.evaluation.made import ALL, BAD, GOOD, TORN
from tests.xlsx.test_round_trip import by_libreoffice
from xlcnn import WorkbookError, evaluate, verify
from xlcnn.engines import find_engine
from xlcnn.evaluation.outcome import Evaluation
from xlcnn.evaluation.sheet import TITLE, appended, evaluation_sheet
from xlcnn.xlsx.reader import read_book


def copy(source: Path, target: Path, found: Evaluation) -> Path:
    target.write_bytes(appended(source, found))
    return target


def values(path: Path, engine: str = "") -> list[list[object]]:
    """What the sheet's cells hold: as stored, or recalculated."""
    if not engine:
        return [list(row) for row in openpyxl.load_workbook(path, data_only=True)[TITLE].iter_rows(values_only=True)]
    book = read_book(path.read_bytes())
    (grids,) = find_engine(engine).recalculate(book, [{}], {TITLE: (12, 14)})
    return grids[TITLE].rows


def test_the_rest_of_the_workbook_stays_byte_for_byte(small: Path, tmp_path: Path) -> None:
    old, new = parts_of(small), parts_of(copy(small, tmp_path / "c.xlsx", GOOD))
    spliced = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert {name for name in old if old[name] != new[name]} == spliced
    assert list(new)[: len(old)] == list(old)
    for name in spliced - {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"}:
        assert len(new[name]) > len(old[name])


@pytest.mark.parametrize("name", ALL)
def test_a_copy_of_an_honest_workbook_is_verified(small: Path, tmp_path: Path, name: str) -> None:
    report = verify(copy(small, tmp_path / "c.xlsx", ALL[name]), trials=1)
    assert report.problems == ()


def test_so_is_the_copy_of_a_copy(small: Path, mnist: Path, tmp_path: Path) -> None:
    once = copy(small, tmp_path / "1.xlsx", GOOD)
    twice = copy(once, tmp_path / "2.xlsx", BAD)
    assert openpyxl.load_workbook(twice).sheetnames[-2:] == [TITLE, f"{TITLE} 2"]
    assert verify(twice, trials=1).ok
    assert evaluate(twice, mnist=mnist).confusion == evaluate(small, mnist=mnist).confusion


@pytest.mark.parametrize("engine", ["formualizer", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
def test_its_formulas_give_what_is_stored(small: Path, tmp_path: Path, engine: str) -> None:
    path = copy(small, tmp_path / "c.xlsx", BAD)
    stored, computed = values(path), values(path, engine)
    for row in (7, 8, 9, 10):
        for col in range(1, 6):
            one, other = stored[row - 1][col], computed[row - 1][col]
            assert (one == pytest.approx(other, abs=1e-12)) if isinstance(other, float) else (not one and not other)
    total = BAD.total
    assert [stored[9][1], stored[9][2], stored[9][3]] == [total.pictures, total.right, total.value]
    assert total.interval == pytest.approx((stored[9][4], stored[9][5]))


def test_it_says_all_that_the_text_says(small: Path, tmp_path: Path) -> None:
    for found in (GOOD, BAD, TORN):
        said = " ".join(str(x) for row in values(copy(small, tmp_path / "c.xlsx", found)) for x in row if x is not None)
        for words in (found.source, "NumPy", "cat, read as <dog>", "3/a.png", "1234"):
            assert words in said
    assert "21 pictures could not be read" in said


def test_the_worst_mistakes_are_pictures_with_words(small: Path, tmp_path: Path) -> None:
    new = parts_of(copy(small, tmp_path / "c.xlsx", GOOD)).keys() - parts_of(small).keys()
    assert len([name for name in new if name.endswith(".png")]) == 1
    (picture,) = evaluation_sheet(GOOD).pictures
    assert picture.text == "A picture of cat, read as <dog> (91.0 %; cat: 8.0 %)"
    assert (picture.width, picture.height) == (56, 56)


def test_a_text_is_never_a_formula(small: Path, tmp_path: Path) -> None:
    evil = replace(GOOD, source="=7+7", mistakes=(replace(GOOD.mistakes[0], picture='=HYPERLINK("x")'),))
    book = read_book(copy(small, tmp_path / "c.xlsx", evil).read_bytes())
    texts = [formula.text for formula in book.sheets[TITLE].formulas.values()]
    assert len(texts) == 4 * 5
    assert [text for text in texts if "7+7" in text or "HYPERLINK" in text] == []


def test_classes_that_are_numbers_are_numbers(small: Path, tmp_path: Path) -> None:
    rows = values(copy(small, tmp_path / "c.xlsx", replace(GOOD, classes=("0", "01", "10"))))
    assert [row[0] for row in rows[6:9]] == [0, "01", 10]


@pytest.mark.libreoffice
def test_libreoffice_keeps_it(small: Path, tmp_path: Path) -> None:
    saved = by_libreoffice(copy(small, tmp_path / "c.xlsx", GOOD), tmp_path)
    assert values(saved)[6][:3] == ["cat", 8, 7]
    assert any(name.endswith(".png") for name in parts_of(saved).keys() - parts_of(small).keys())


def test_what_is_no_workbook_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.xlsx").write_bytes(b"PK")
    for path in (tmp_path / "c.xlsx", tmp_path / "missing.xlsx"):
        with pytest.raises(WorkbookError, match=path.name):
            appended(path, GOOD)
