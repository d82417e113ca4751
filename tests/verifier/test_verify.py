"""The verifier as a whole: what is right passes, what an engine cannot do is said, whatever the network and the image."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import SEVEN, at, edited, recalculated, with_formula
from tests.networks import branching, build, coloured, uneven, write_workbook
from tests.verifier.helpers import (
    LAYOUT,
    Failing,
    Wrapped,
    changed,
    problems,
    small_at,
    small_place,
    stored_as,
    values_in,
    without_formula,
)
from xlcnn import EngineError, WorkbookError, load_image, make_workbook, verify
from xlcnn.verifier.report import Problem
from xlcnn.verifier.verify import places
from xlcnn.workbook.make import workbook_of
from xlcnn.xlsx.reader import Limits, WorkbookFile

# ---- what is right ----


def test_a_new_workbook_is_verified(seven: Path) -> None:
    report = verify(seven)
    assert report.ok
    assert all(s.ok and s.max_abs_error < 1e-12 for s in report.sheets)
    assert (report.engine, report.trials) == ("formualizer", 3)
    assert report.prediction is not None
    assert report.prediction["label"] == 7


def test_a_workbook_in_memory_is_verified_as_its_file(tmp_path: Path) -> None:
    made = workbook_of(SEVEN)
    make_workbook(SEVEN, tmp_path / "seven.xlsx")
    assert (tmp_path / "seven.xlsx").read_bytes() == made.data
    assert made.answer is not None
    assert made.answer.label == 7
    assert verify(WorkbookFile("a name", made.data)) == verify(tmp_path / "seven.xlsx")
    with pytest.raises(WorkbookError, match=r"^a name is not a workbook"):
        verify(WorkbookFile("a name", b"no workbook"))


def test_its_image_can_be_checked_too(seven: Path) -> None:
    assert verify(seven, image=SEVEN, trials=0).ok
    report = verify(seven, image=np.zeros((1, 28, 28)), trials=0)
    assert {p.kind for p in report.problems} == {"image"}
    assert not report.ok


def test_an_image_is_brought_to_the_size_that_the_workbook_reads(tmp_path: Path) -> None:
    network = build(
        [{"name": "input", "kind": "input", "shape": [1, 12, 14]}, {"name": "relu", "kind": "relu", "inputs": ["input"]}]
    )
    path = write_workbook(network, tmp_path / "small.xlsx", load_image(SEVEN, size=(12, 14)))
    assert verify(path, image=SEVEN).ok


@pytest.mark.parametrize("make", [coloured, branching, uneven])
def test_other_networks_are_verified_too(make: object, tmp_path: Path) -> None:
    report = verify(write_workbook(make(), tmp_path / "other.xlsx"))  # type: ignore[operator]
    assert report.ok, report.problems[:3]
    assert max(s.max_abs_error for s in report.sheets) < 1e-12


def test_an_honest_edit_passes_once_it_is_recalculated(seven: Path, tmp_path: Path) -> None:
    changes = {("input", "user", (0, 4, 9)): 0.5, ("conv1", "weight", (0, 0, 1, 1)): -1, ("conv1", "bias", (1,)): 2}
    report = verify(recalculated(edited(seven, tmp_path / "edited.xlsx", changes)))
    assert report.ok, report.problems[:3]


def test_saved_by_openpyxl_without_results_it_passes(seven: Path, tmp_path: Path) -> None:
    path = tmp_path / "saved.xlsx"
    openpyxl.load_workbook(seven).save(path)
    assert verify(path).ok


def test_the_maker_and_the_verifier_agree_on_an_array(tmp_path: Path) -> None:
    image = np.random.default_rng(5).uniform(size=(1, 28, 28))
    path = tmp_path / "array.xlsx"
    answer = make_workbook(image, path)
    report = verify(path, image=image, trials=0)
    assert report.ok
    assert answer is not None
    assert report.prediction == {"label": answer.label, "probability": pytest.approx(answer.probability)}


# ---- the runs ----


def test_so_many_random_images_are_tried_as_are_asked_for(small: Path) -> None:
    engine = Wrapped()
    assert verify(small, engine, trials=5).trials == 5
    assert engine.seen[0] == {}, "first the workbook as it stands"
    assert [list(run) for run in engine.seen[1:]] == [[LAYOUT["input"].title]] * 5
    pictures = [tuple(values_in(run, LAYOUT["input"].title).values()) for run in engine.seen[1:]]
    assert len(set(pictures)) == 5


def test_a_seed_gives_the_same_images_again(small: Path) -> None:
    def tried(seed: int) -> list[tuple[object, ...]]:
        engine = Wrapped()
        verify(small, engine, trials=2, seed=seed)
        return [tuple(values_in(run, LAYOUT["input"].title).values()) for run in engine.seen[1:]]

    assert tried(4) == tried(4) != tried(5)


def test_a_formula_that_is_wrong_only_for_other_images_is_found_by_them(small: Path, tmp_path: Path) -> None:
    """As if it were written as it should be: an engine that errs where pixels are large."""
    title, (row, col) = small_place("guide", "thumbnail", (0, 0))
    calls: list[int] = []

    def spoil(raw: dict[str, list[list[object]]]) -> None:
        calls.append(1)
        if len(calls) > 1:
            raw[title][row - 1][col - 1] = 2.0

    assert verify(small, Wrapped(spoil), trials=0).ok
    calls.clear()
    (problem,) = verify(small, Wrapped(spoil), trials=2).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("formula", *small_at("guide", "thumbnail", (0, 0)))


def test_damage_of_three_kinds_is_told_in_order(seven: Path, tmp_path: Path) -> None:
    changes = {
        at("softmax", "exp", (2,)): stored_as(999),
        at("dense", "product", (3, 1)): without_formula,
        at("conv1", "output", (0, 9, 3)): with_formula("5"),
    }
    found = problems(changed(seven, tmp_path / "damaged.xlsx", changes), trials=0)
    assert [kind for kind, _, _ in found][:2] == ["value", "constant"]
    assert found[0][1:] == at("conv1", "output", (0, 9, 3))
    assert found[1][1:] == at("dense", "product", (3, 1))


# ---- an engine that fails ----


def test_an_engine_that_fails_is_reported_if_nothing_else_is(small: Path) -> None:
    with pytest.raises(EngineError, match="it is out of paper"):
        verify(small, Failing())


def test_if_it_fails_wrong_formulas_are_named_without_it(small: Path, tmp_path: Path) -> None:
    """A constant is wrong whatever it computes, and so is a formula that reads other cells."""
    constant, rewritten = small_at("dense", "product", (1, 1)), small_at("pool", "output", (0, 1, 1))
    path = changed(small, tmp_path / "damaged.xlsx", {constant: without_formula, rewritten: with_formula("1+1")})
    report = verify(path, Failing(), trials=2)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("formula", *rewritten), ("constant", *constant)]
    assert report.problems[0].note.endswith("; the engine could not try it: it is out of paper")
    assert (report.ok, report.engine, report.trials, report.prediction, report.sheets) == (False, "failing", 2, None, ())


def test_the_names_of_engines_may_be_given(seven: Path) -> None:
    with pytest.raises(EngineError, match="there is no engine 'abacus'"):
        verify(seven, engine="abacus")


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


def test_limits_are_options(seven: Path) -> None:
    with pytest.raises(WorkbookError, match="more cells"):
        verify(seven, limits=Limits(cells=100))
    with pytest.raises(WorkbookError, match="more than 3 sheets"):
        verify(seven, limits=Limits(sheets=3))


# ---- its pieces ----


def test_the_cells_that_have_been_named() -> None:
    named = [
        Problem("value", "Conv1", "B6", None, None), Problem("missing", "Conv1", "conv1.map1", None, None),
        Problem("hidden", "Conv1", None, None, None),
    ]  # fmt: skip
    assert places(named) == {("Conv1", (6, 2))}


def test_a_sheet_that_is_off_is_named_even_if_no_cell_of_it_could_be(small: Path) -> None:
    """A difference below the tolerance in each cell, that adds up: nothing may be called verified that is not."""
    title, (row, col) = small_place("dense", "output", (0,))
    step = 0.8e-9

    def spoil(raw: dict[str, list[list[object]]]) -> None:
        raw[title][row - 1][col - 1] += step  # type: ignore[operator]
        there, (y, x) = small_place("softmax", "in", (0,))
        raw[there][y - 1][x - 1] += 2 * step  # type: ignore[operator]

    report = verify(small, Wrapped(spoil), trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("value", LAYOUT["softmax"].title, None)]
    assert not report.ok
