"""The copy in which wrong cells are marked: it says what should stand there, and verifies to the same findings."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import parts_of, with_formula, write_parts
from tests.verifier.helpers import changed, emptied, small_at, to_value, without_formula
from tests.verifier.test_corpus import corpus
from tests.verifier.test_report import BAD, EVIL, GOOD
from tests.xlsx.test_round_trip import by_libreoffice
from xlcnn import EngineError, Report, WorkbookError, verify
from xlcnn.grid.references import split_cell
from xlcnn.verifier import annotate as annotate_module
from xlcnn.verifier.annotate import Annotated, annotate, beside, notes, place_of
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.note_shapes import size
from xlcnn.xlsx.reader import read_book

TAB, WRONG = small_at("conv", "output", (0, 1, 1))


@pytest.fixture
def damaged(small: Path, tmp_path: Path) -> Path:
    """A workbook with one wrong cell."""
    return changed(small, tmp_path / "damaged.xlsx", {(TAB, WRONG): with_formula("5")})


def annotated(path: Path, *reports: Report) -> Annotated:
    return annotate(path, reports or [verify(path, trials=0)], timeout=None)


def written(copy: Annotated, folder: Path) -> Path:
    (folder / "copy.xlsx").write_bytes(copy.data)
    return folder / "copy.xlsx"


def commented(path: Path) -> dict[tuple[str, str], str]:
    """The notes of a workbook, by tab and cell."""
    book = openpyxl.load_workbook(path)
    return {(sheet.title, c.coordinate): c.comment.text for sheet in book for row in sheet.iter_rows() for c in row if c.comment}


def findings(path: Path) -> list[str]:
    return [str(problem) for problem in verify(path, trials=0).problems]


def test_the_note_says_what_should_stand_there(damaged: Path, tmp_path: Path) -> None:
    path = written(annotated(damaged), tmp_path)
    (text,) = commented(path).values()
    kind, expected, found, note = text.split("\n")
    assert kind == "xlcnn: the recalculated value differs from NumPy"
    assert expected.startswith("Expected: ")
    assert found == "Found: 5"
    assert note.startswith("its formula is =5; it should be =")
    assert list(commented(path)) == [(TAB, WRONG)]
    assert openpyxl.load_workbook(path)[TAB][WRONG].border.top.style == "thick"


def test_a_copy_of_a_copy_has_the_note_once(damaged: Path, tmp_path: Path) -> None:
    copy = written(annotated(damaged), tmp_path)
    first = commented(copy)
    assert commented(written(annotated(copy), tmp_path)) == first


def test_only_the_sheet_the_styles_and_the_notes_change(damaged: Path, tmp_path: Path) -> None:
    old, new = parts_of(damaged), parts_of(written(annotated(damaged), tmp_path))
    sheet = read_book(damaged.read_bytes()).paths[TAB]
    assert {name for name in old if new[name] != old[name]} == {"[Content_Types].xml", "xl/styles.xml", sheet}
    assert len(new) == len(old) + 3, "notes, their shapes, the sheet's relationships"


def test_the_copy_verifies_to_the_same_findings(small: Path, tmp_path: Path) -> None:
    """A missing cell, a constant, a changed weight's neighbour, a hidden row: marks hide none, and add none."""
    places = {
        small_at("conv", "output", (0, 1, 1)): emptied,
        small_at("conv", "output", (1, 2, 2)): without_formula,
        small_at("dense", "output", (0,)): to_value(7),
        small_at("pool", "output", (0, 0, 0)): lambda _: "",
    }
    path = changed(small, tmp_path / "wrong.xlsx", places)
    before = findings(path)
    assert len(before) >= 4
    assert findings(written(annotated(path), tmp_path)) == before


@pytest.mark.slow
def test_so_do_the_copies_of_workbooks_that_deceive(tmp_path: Path) -> None:
    """Some of the adversary's corpus; all of them take minutes."""
    marked = 0
    for case in corpus()[::12]:
        path = tmp_path / "case.xlsx"
        path.write_bytes(case.data)
        try:
            report = verify(path, trials=0)
        except WorkbookError:
            continue
        copy = annotated(path, report)
        marked += copy.cells > 0
        assert findings(written(copy, tmp_path)) == [str(problem) for problem in report.problems], (case.group, case.name)
    assert marked >= 5


def test_a_cell_that_was_deleted_is_marked_in_its_place(small: Path, tmp_path: Path) -> None:
    title, where = small_at("pool", "output", (0, 0, 0))
    path = changed(small, tmp_path / "wrong.xlsx", {(title, where): lambda _: ""})
    copy = written(annotated(path), tmp_path)
    assert "Found: nothing" in commented(copy)[title, where]
    assert openpyxl.load_workbook(copy)[title][where].border.left.style == "thick"


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_shows_the_notes(damaged: Path, tmp_path: Path) -> None:
    before = commented(written(annotated(damaged), tmp_path))
    assert commented(by_libreoffice(tmp_path / "copy.xlsx", tmp_path)) == before


def test_microsofts_validator_finds_nothing_in_the_copy(damaged: Path, tmp_path: Path) -> None:
    validator = pytest.importorskip("openxml_audit")
    result = validator.OpenXmlValidator().validate(str(written(annotated(damaged), tmp_path)))
    assert result.is_valid
    assert not result.errors


def test_of_a_verified_workbook_it_is_the_workbook_itself(small: Path) -> None:
    copy = annotated(small, GOOD)
    assert copy.data == small.read_bytes()
    assert str(copy) == "0 cells are marked"


def with_problems(*problems: Problem) -> Report:
    return replace(BAD, problems=problems)


def problem(where: str | None = "B6", kind: str = "value", sheet: str = TAB, note: str = "") -> Problem:
    return Problem(kind, sheet, where, 1.5, 2.0, note)


def test_problems_that_are_of_no_cell_are_counted(small: Path) -> None:
    """Names, whole sheets, sheets that are not there."""
    copy = annotated(small, with_problems(problem(), problem("conv1.map1", "name"), problem(None, "hidden"), problem(sheet="Gone")))
    assert (copy.cells, copy.elsewhere) == (1, 3)
    assert str(copy) == "1 cell is marked; 3 problems are of no single cell"


def test_thousands_of_wrong_cells_are_marked_and_the_first_have_notes(small: Path, tmp_path: Path) -> None:
    count = annotate_module.NOTES + 20
    copy = annotated(small, with_problems(*(problem(f"B{row}") for row in range(1, count + 1))))
    assert str(copy) == f"{count} cells are marked, the first {annotate_module.NOTES} with a note"
    found = commented(written(copy, tmp_path))
    assert len(found) == annotate_module.NOTES
    assert found[TAB, f"B{annotate_module.NOTES}"].endswith("\n\n20 more cells have a frame, but no note.")
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx")[TAB][f"B{count}"].border.left.style == "thick"


def test_several_problems_of_a_cell_stand_under_each_other() -> None:
    found, _ = notes([with_problems(problem(), problem(kind="stale"), problem())])
    (text,) = found.values()
    assert [part.split("\n")[0] for part in text.split("\n\n")] == [
        "xlcnn: the recalculated value differs from NumPy",
        "xlcnn: the stored result is not what the formula gives: stale or forged",
    ]


def test_several_engines_are_named_where_they_differ() -> None:
    one, two = with_problems(problem(), problem("C7")), replace(with_problems(problem()), engine="gnumeric")
    found, _ = notes([one, two])
    assert [("computed by" in text) for text in found.values()] == [False, True]
    assert found[TAB, (7, 3)].endswith("(computed by formualizer)")


def test_a_note_is_of_bounded_length_and_of_letters_that_can_be_seen() -> None:
    found, _ = notes([with_problems(*(problem(kind=kind, note=EVIL * 500) for kind in ("value", "stale", "label")))])
    (text,) = found.values()
    assert len(text) <= annotate_module.LONGEST
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("B6", (TAB, (6, 2))),
        ("XFD1048576", (TAB, (1_048_576, 16_384))),
        *((none, None) for none in ("B0", "XFE1", "B1048577", "conv1.map1", "B6:C7", None, "")),
    ],
)
def test_where_a_problem_is(where: str | None, place: object) -> None:
    assert place_of(problem(where)) == place


def test_a_note_lies_beside_its_cell_and_is_as_large_as_its_words(small: Path) -> None:
    cells = read_book(small.read_bytes()).sheets[TAB]
    wide, high = size("one\ntwo")
    left, dx, top, dy, right, dx2, bottom, dy2 = beside(cells, split_cell("H9"), wide, high)
    assert (left, top) == (split_cell("I1")[1] - 1, split_cell("A8")[0] - 1), "to the right, a row higher"
    across = sum(7 * cells.around.by_column.get(col + 1, 64 / 7) for col in range(left, right)) + dx2 - dx
    down = sum(4 / 3 * cells.heights.get(row + 1, cells.around.height or 15) for row in range(top, bottom)) + dy2 - dy
    assert across == pytest.approx(wide, abs=1)
    assert down == pytest.approx(high, abs=1)


@pytest.mark.parametrize("where", ["A1", "XFD1048576"])
def test_a_note_at_an_edge_lies_within_the_sheet(small: Path, where: str) -> None:
    found = beside(read_book(small.read_bytes()).sheets[TAB], split_cell(where), 320, 60)
    assert min(found) >= 0
    assert max(found[0], found[4]) < 16_384
    assert max(found[2], found[6]) < 1_048_576


def test_a_workbook_that_cannot_be_read_has_no_copy(tmp_path: Path) -> None:
    (tmp_path / "torn.xlsx").write_bytes(b"PK")
    with pytest.raises(WorkbookError, match=r"torn.xlsx is not a workbook"):
        annotated(tmp_path / "torn.xlsx", GOOD)


def test_nor_has_one_into_which_nothing_can_be_written(damaged: Path, tmp_path: Path) -> None:
    parts = parts_of(damaged)
    del parts["xl/styles.xml"]
    with pytest.raises(WorkbookError, match=r"damaged.xlsx cannot be annotated: its part xl/styles.xml is missing"):
        annotated(write_parts(parts, tmp_path / "damaged.xlsx"), with_problems(problem()))


@pytest.mark.own_process
def test_it_is_made_within_limits(damaged: Path) -> None:
    report = verify(damaged, trials=0)
    assert annotate(damaged, [report]) == annotated(damaged, report)
    with pytest.raises(EngineError, match="a limit of memory is a number of megabytes"):
        annotate(damaged, [report], max_memory_mb=1)
