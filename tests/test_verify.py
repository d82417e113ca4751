"""The verifier: what is right passes, and each kind of damage is told apart and named at its cell."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import EXHIBITS, GALLERIES, SEVEN, SHEETS, Damage, parts_of, sheet_part, write_parts
from tests.networks import branching, build, coloured
from tests.test_excel_rules import words_for
from xlcnn import WorkbookError, load_image, make_workbook, verify
from xlcnn.workbook import picture_of, workbook_bytes
from xlcnn.workbook.package import store_results


def problems(path: Path, **options: object) -> list[tuple[str, str, str | None]]:
    report = verify(path, **options)
    assert report.ok == (not report.problems)
    return [(p.kind, p.sheet, p.cell) for p in report.problems]


# ---- what is right ----


def test_a_new_workbook_is_verified(seven: Path) -> None:
    report = verify(seven)
    assert report.ok
    assert [s.sheet for s in report.sheets] == [*GALLERIES, *SHEETS[2:], *EXHIBITS, "Guide", "Network"]
    assert all(s.ok and s.max_abs_error < 1e-12 for s in report.sheets)
    assert sum(s.formulas for s in report.sheets if s.sheet not in EXHIBITS) == 12_641
    assert report.prediction is not None
    assert report.prediction["label"] == 7


def test_its_image_can_be_checked_too(seven: Path, tmp_path: Path) -> None:
    assert verify(seven, image=SEVEN).ok
    other = np.zeros((1, 28, 28))
    report = verify(seven, image=other)
    assert {p.kind for p in report.problems} == {"image"}
    assert not report.ok


def test_an_image_is_brought_to_the_size_that_the_workbook_reads(tmp_path: Path) -> None:
    network = build(
        [{"name": "input", "kind": "input", "shape": [1, 12, 14]}, {"name": "relu", "kind": "relu", "inputs": ["input"]}]
    )
    image = load_image(SEVEN, size=(12, 14))
    path = tmp_path / "small.xlsx"
    path.write_bytes(workbook_bytes(network, image, picture_of(image), words_for(network)))
    assert verify(path, image=SEVEN).ok


@pytest.mark.parametrize("make", [coloured, branching])
def test_other_networks_are_verified_too(make: object, tmp_path: Path) -> None:
    network = make()  # type: ignore[operator]
    image = np.random.default_rng(3).uniform(size=network.input.shape)
    path = tmp_path / "other.xlsx"
    path.write_bytes(workbook_bytes(network, image, picture_of(image), words_for(network)))
    report = verify(path)
    assert report.ok, report.problems[:3]
    assert max(s.max_abs_error for s in report.sheets) < 1e-12


def recalculated(book: openpyxl.Workbook, path: Path) -> Path:
    """Saved with openpyxl, which stores no results, then recalculated by the engine: as a student's program would."""
    out = BytesIO()
    book.save(out)
    path.write_bytes(store_results(out.getvalue()))
    return path


def test_an_honest_edit_passes_once_it_is_recalculated(seven: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(seven)
    book["Input"]["K10"] = 0.5
    book["Conv1"]["AL9"] = -1
    report = verify(recalculated(book, tmp_path / "edited.xlsx"))
    assert report.ok, report.problems[:3]


def test_saved_by_openpyxl_without_results_it_passes(seven: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    openpyxl.load_workbook(seven).save(path)
    assert verify(path).ok


def test_the_same_formula_written_differently_passes(damage: Damage) -> None:
    def rewrite(cell: str) -> str:
        return re.sub(r"<f>MAX\((\w+):(\w+)\)</f>", r"<f>MAX( $\g<1>:\g<2>, -1E9 )</f>".replace("$", ""), cell)

    assert problems(damage("MaxPool", "AC6", rewrite)) == []


# ---- what is wrong ----


def test_a_forged_stored_result(damage: Damage) -> None:
    path = damage("ReLU1", "AF12", lambda cell: re.sub(r"<v>.*?</v>", "<v>999</v>", cell))
    assert problems(path) == [("stale", "ReLU1", "AF12")]


def test_a_forged_answer(damage: Damage) -> None:
    path = damage("Guide", "D6", lambda cell: re.sub(r"<v>.*?</v>", "<v>3</v>", cell))
    assert problems(path) == [("stale", "Guide", "D6")]


def test_a_formula_replaced_by_its_value(damage: Damage) -> None:
    path = damage("Conv2", "AN20", lambda cell: re.sub(r"<f.*?(</f>|/>)", "", cell))
    assert problems(path) == [("constant", "Conv2", "AN20")]


def test_a_link_replaced_by_its_value(damage: Damage) -> None:
    path = damage("Dense", "C8", lambda cell: re.sub(r"<f.*?</f>", "", cell))
    assert problems(path) == [("constant", "Dense", "C8")]


def test_a_window_shifted_by_one_cell(damage: Damage) -> None:
    path = damage("MaxPool", "AF14", lambda cell: re.sub(r"MAX\(\w+:\w+\)", "MAX(I16:J17)", cell))
    assert [p[1:] for p in problems(path)] == [("MaxPool", "AF14")]


def test_a_link_to_the_cell_beside(damage: Damage) -> None:
    path = damage("ReLU2", "H12", lambda cell: re.sub(r"<f>Conv2!\w+</f>", "<f>Conv2!AQ13</f>", cell))
    assert problems(path) == [("value", "ReLU2", "H12")]


def test_a_formula_that_is_right_for_this_picture_only(damage: Damage) -> None:
    """The corner of the picture is empty, so a product with it is 0 whatever stands in the formula."""
    path = damage("Conv1", "AR31", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>0*B6+$AG$14</f>", cell))
    assert problems(path) == [("formula", "Conv1", "AR31")]


def test_a_range_one_short_where_the_largest_is_elsewhere(damage: Damage) -> None:
    """Three random images may all have their largest activation in what is left; the probes look everywhere."""
    path = damage("MaxPool", "AC6", lambda cell: cell.replace("MAX(B6:C7)", "MAX(B6:C6,B7)"))
    assert [p[1:] for p in problems(path, trials=0)] == [("MaxPool", "AC6")]


def test_a_number_stored_as_text(damage: Damage) -> None:
    path = damage("Conv1", "AL9", lambda cell: re.sub(r'(<c r="AL9"[^>]*?)( t="n")?>', r'\1 t="str">', cell))
    assert problems(path) == [("not_a_number", "Conv1", "AL9")]


def test_an_erased_pixel_is_empty_paper(damage: Damage) -> None:
    """So does Excel count it. What was stored for it is then no longer true."""
    path = damage("Input", "M14", lambda cell: '<c r="M14"/>')
    assert {kind for kind, _, _ in problems(path)} == {"stale"}
    path.write_bytes(store_results(path.read_bytes()))
    assert problems(path) == []


def test_an_erased_weight_is_missing(damage: Damage) -> None:
    assert problems(damage("Conv2", "AE6", lambda cell: '<c r="AE6"/>')) == [("missing", "Conv2", "AE6")]


def test_a_formula_that_fails(damage: Damage) -> None:
    path = damage("Softmax", "J8", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>1/0</f>", cell))
    assert problems(path) == [("not_a_number", "Softmax", "J8")]


def test_an_error_in_the_first_layer_is_named_alone(damage: Damage) -> None:
    path = damage("Conv1", "AU15", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>1/0</f>", cell))
    assert problems(path) == [("not_a_number", "Conv1", "AU15")]


def test_a_winner_that_does_not_exist(damage: Damage) -> None:
    path = damage("Dense", "B34", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>99</f>", cell))
    assert problems(path) == [("value", "Dense", "B34")]


def test_the_prediction_reads_another_row(damage: Damage) -> None:
    path = damage("Softmax", "X6", lambda cell: cell.replace("INDEX($B$6:$B$15", "INDEX($B$7:$B$16"))
    found = problems(path)
    assert [p[1:] for p in found][:1] == [("Softmax", "X6")]


def with_part(seven: Path, tmp_path: Path, part: str, pattern: str, text: str) -> Path:
    parts = parts_of(seven)
    before = parts[part].decode()
    after = re.sub(pattern, text, before, count=1)
    assert after != before
    return write_parts(parts | {part: after.encode()}, tmp_path / "changed.xlsx")


BOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"


def test_a_deleted_name(seven: Path, tmp_path: Path) -> None:
    path = with_part(seven, tmp_path, BOOK, r'<definedName name="conv1.filter1.1">.*?</definedName>', "")
    assert problems(path) == [("missing", "Conv1", "conv1.filter1.1")]


def test_a_name_of_another_size(seven: Path, tmp_path: Path) -> None:
    path = with_part(seven, tmp_path, BOOK, r"(name=\"conv1.map1\">Conv1!\$AR\$6:\$BQ\$)31", r"\g<1>30")
    assert problems(path) == [("missing", "Conv1", "conv1.map1")]


def test_a_missing_sheet(seven: Path, tmp_path: Path) -> None:
    path = with_part(seven, tmp_path, BOOK, r'<sheet [^>]*name="ReLU1"[^>]*/>', "")
    assert ("missing", "ReLU1") in {p[:2] for p in problems(path)}


def test_a_layer_table_that_lies(seven: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(seven)
    book["Network"]["E8"] = "filters 2; kernel 3 × 3; stride 2; padding 0"
    path = tmp_path / "lies.xlsx"
    book.save(path)
    assert problems(path) == [("description", "Network", "F8")]


def test_the_first_cause_upstream_leads(damage: Damage) -> None:
    """One wrong cell in the first layer makes thousands of later cells wrong: only the cause is named."""
    path = damage("Conv1", "AU15", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>5</f>", cell))
    report = verify(path)
    assert [(p.sheet, p.cell) for p in report.problems if p.kind != "stale"] == [("Conv1", "AU15")]
    wrong = [s.sheet for s in report.sheets if not s.ok]
    assert wrong[:3] == ["Conv1", "ReLU1", "Conv2"]


# ---- what only misleads ----


MISLEADING = [
    ("a hidden sheet", BOOK, r'(name="ReLU2"[^>]*state=")visible', r"\1veryHidden", ("hidden", "ReLU2", None)),
    ("a hidden row", "ReLU1", r'<row r="40"', r'<row r="40" hidden="1"', ("hidden", "ReLU1", "B40")),
    ("a hidden column", "ReLU1", r'max="(\d+)"/>', r'max="\1" hidden="1"/>', ("hidden", "ReLU1", "B6")),
    ("manual calculation", BOOK, "<calcPr", '<calcPr calcMode="manual"', ("manual", "Guide", None)),
    ("another formula as text", STRINGS, r"AE6:  =MAX\(0,B6\)", "AE6:  =MAX(0,B7)", ("caption", "ReLU1", "B3")),
    ("colours of other cells", "ReLU1", r'sqref="B6:AA31', 'sqref="B6:AA30', ("colours", "ReLU1", "B6")),
    ("colours with another bound", "ReLU1", r'val="-MAX\(MAX\(\$B\$6', 'val="-MAX(MAX($B$7', ("colours", "ReLU1", "B6")),
    ("a mark for another row", "MaxPool", r"ROW\(\)-5", "ROW()-6", ("colours", "MaxPool", "B6")),
]


@pytest.mark.parametrize(("what", "part", "pattern", "text", "expected"), MISLEADING, ids=[m[0] for m in MISLEADING])
def test_what_misleads_is_named(
    seven: Path, tmp_path: Path, what: str, part: str, pattern: str, text: str, expected: tuple[str, str, str | None]
) -> None:
    found = problems(with_part(seven, tmp_path, part if "/" in part else sheet_part(part), pattern, text), trials=0)
    assert found[0] == expected


def test_colours_that_were_removed_are_no_lie(seven: Path, tmp_path: Path) -> None:
    pattern = r"<conditionalFormatting.*</conditionalFormatting>"
    assert problems(with_part(seven, tmp_path, sheet_part("ReLU1"), pattern, ""), trials=0) == []


def test_a_hidden_cell_does_not_hide_that_it_is_wrong(damage: Damage) -> None:
    path = damage("ReLU1", "AE6", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>5</f>", cell))
    parts = parts_of(path)
    name = sheet_part("ReLU1")
    write_parts(parts | {name: parts[name].replace(b'<row r="6"', b'<row r="6" hidden="1"')}, path)
    assert problems(path, trials=0)[0] == ("value", "ReLU1", "AE6")


def test_a_name_that_was_moved_leads(seven: Path, tmp_path: Path) -> None:
    path = with_part(seven, tmp_path, BOOK, r"ReLU1!\$AE\$6:\$BD\$31", "ReLU1!$AE$7:$BD$32")
    assert problems(path, trials=0)[0] == ("name", "ReLU1", "relu1.map1")
    for moved, name in ((r"Draw!\$B\$6:\$AC\$33", "draw.picture0"), (r"Samples!\$B\$6:\$AC\$33", "samples.picture0")):
        path = with_part(seven, tmp_path, BOOK, moved, moved.replace("\\", "").replace("$6", "$7").replace("33", "34"))
        assert problems(path, trials=0)[0] == ("name", name.split(".")[0].capitalize(), name)
    path = with_part(seven, tmp_path, BOOK, r"Network!\$B\$5:\$H\$18", "Network!$B$6:$H$19")
    assert problems(path, trials=0) == [("name", "Network", "network.layers")]


@pytest.mark.parametrize(
    "text", ["MAX(0,C7)+0*RAND()", "IF(NOW()>60000,0,MAX(0,C7))", "MAX(0,OFFSET(C7,0,0))", "MAX(0,INDIRECT(&quot;C7&quot;))"]
)
def test_a_formula_that_may_change_by_itself_is_named(damage: Damage, text: str) -> None:
    path = damage("ReLU1", "AF7", lambda cell: re.sub(r"<f.*?(</f>|/>)", f"<f>{text}</f>", cell))
    report = verify(path, trials=0)
    assert [(p.kind, p.cell) for p in report.problems] == [("formula", "AF7")]
    assert "another result another time" in report.problems[0].note


def test_the_formula_it_should_be_is_said(damage: Damage) -> None:
    path = damage("MaxPool", "AC6", lambda cell: cell.replace("MAX(B6:C7)", "MIN(B6:C7)"))
    (problem,) = verify(path).problems
    assert problem.expected == "=MAX(B6:C7)" or "it should be =MAX(B6:C7)" in problem.note
    assert isinstance(problem.found, float) or "instead of" in problem.note


# ---- what cannot be read ----


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a workbook"),
        (b"PK\x03\x04 rubbish", "is not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "encrypted workbook or an old .xls"),
    ],
)
def test_files_that_are_no_workbooks(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=words) as error:
        verify(path)
    assert "bad.xlsx" in str(error.value)


def test_an_entity_bomb_is_refused(seven: Path, tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    path = write_parts(parts_of(seven) | {sheet_part("Input"): bomb}, tmp_path / "bomb.xlsx")
    with pytest.raises(WorkbookError, match="document type"):
        verify(path)


def test_a_workbook_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    assert problems(path) == [("missing", "Network", "network.layers")]


def test_the_maker_and_the_verifier_agree_on_an_array(tmp_path: Path) -> None:
    image = np.random.default_rng(5).uniform(size=(1, 28, 28))
    path = tmp_path / "array.xlsx"
    answer = make_workbook(image, path)
    report = verify(path, image=image, trials=0)
    assert report.ok
    assert report.prediction == {"label": answer[0], "probability": pytest.approx(answer[1])}
