"""What is wrong with a workbook, at which cell, why, and in which order it is told."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import FORMULAS, LESSON, SEVEN, TABS, Damage, at, cell, edited, recalculated, tab, titles, with_formula
from tests.networks import branching, write_workbook
from tests.verifier.helpers import (
    LAYOUT,
    Wrapped,
    changed,
    described_of,
    emptied,
    problems,
    recalculated_as_it_stands,
    small_at,
    small_cell,
    small_place,
    stored_as,
    to_text,
    to_value,
    without_formula,
)
from xlcnn import Network, load_image, verify
from xlcnn.sheets.base import GUIDE, LAYER
from xlcnn.verifier import findings
from xlcnn.verifier.formulas import check_formulas
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.reader import read_book

# ---- stored results ----


def test_a_forged_stored_result(damage: Damage) -> None:
    path = damage("relu1", "output", (0, 6, 1), stored_as(999))
    (problem,) = verify(path).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("stale", *at("relu1", "output", (0, 6, 1)))
    assert problem.found == 999


def test_a_forged_answer(damage: Damage) -> None:
    (problem,) = verify(damage("guide", "prediction", (), stored_as(3)), trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("stale", *at("guide", "prediction"))
    assert (problem.expected, problem.found) == (7.0, 3.0)


def test_forged_words(damage: Damage) -> None:
    path = damage("guide", "image", (), stored_as("the sample 3"))
    assert problems(path, trials=0) == [("stale", *at("guide", "image"))]


@pytest.mark.parametrize("value", ["TRUE", "seven"])
def test_a_stored_word_where_a_number_must_be(small: Path, tmp_path: Path, value: str) -> None:
    place = small_at("softmax", "prediction")
    path = changed(small, tmp_path / "forged.xlsx", {place: lambda xml: stored_as(value)(xml.replace("<c ", '<c t="str" '))})
    assert problems(path, trials=0) == [("stale", *place)]


def never_stored(xml: str) -> str:
    return re.sub(r"<v>.*?</v>", "", xml).replace(' t="str"', "")


def test_a_result_that_was_never_stored_is_no_false_one(small: Path, tmp_path: Path) -> None:
    places = [small_at("softmax", "prediction"), small_at("conv", "output", (0, 1, 1)), small_at("conv", "celltext")]
    path = changed(small, tmp_path / "bare.xlsx", dict.fromkeys(places, never_stored))
    assert problems(path, trials=0) == []


def test_downstream_of_an_edit_everything_stored_is_stale_until_it_is_recalculated(small: Path, tmp_path: Path) -> None:
    """An erased pixel is empty paper: so does Excel count it. What was stored for it is then no longer true."""
    path = changed(small, tmp_path / "erased.xlsx", {small_at("input", "output", (0, 2, 3)): emptied})
    found = problems(path, trials=0)
    assert {kind for kind, _, _ in found} == {"stale"}
    assert {sheet for _, sheet, _ in found} >= {LAYOUT[name].title for name in ("conv", "pool", "dense", "softmax", "guide")}
    assert problems(recalculated(path), trials=0) == []


def test_downstream_of_a_wrong_formula_nothing_is_said_of_stored_results(damage: Damage) -> None:
    path = damage("conv1", "output", (0, 9, 3), with_formula("5"))
    assert problems(path, trials=0) == [("value", *at("conv1", "output", (0, 9, 3)))]


# ---- what is given ----


def given(small: Path, tmp_path: Path, changes: dict[tuple[str, str], object]) -> list[Problem]:
    """What is said of the numbers and choices of a workbook with these changes."""
    return findings.given_problems(recalculated_as_it_stands(changed(small, tmp_path / "given.xlsx", changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sheet", "part", "index"), [("conv", "weight", (0, 0, 1, 1)), ("dense", "bias", (2,)), ("softmax", "class", (1,))]
)
def test_a_number_stored_as_text(small: Path, tmp_path: Path, sheet: str, part: str, index: tuple[int, ...]) -> None:
    (problem,) = given(small, tmp_path, {small_at(sheet, part, index): to_text("1.5")})
    assert (problem.kind, problem.sheet, problem.cell) == ("not_a_number", *small_at(sheet, part, index))
    assert (problem.expected, problem.found) == ("a number", "1.5")


def test_a_truth_value_is_no_number(small: Path, tmp_path: Path) -> None:
    (problem,) = given(small, tmp_path, {small_at("dense", "bias", (0,)): to_value(1, "b")})
    assert (problem.kind, problem.found) == ("not_a_number", True)


@pytest.mark.parametrize(
    ("sheet", "part", "index"), [("conv", "weight", (1, 0, 0, 0)), ("dense", "bias", (1,)), ("conv", "own", (0, 0, 2, 2))]
)
def test_an_erased_weight_is_missing(small: Path, tmp_path: Path, sheet: str, part: str, index: tuple[int, ...]) -> None:
    (problem,) = given(small, tmp_path, {small_at(sheet, part, index): emptied})
    assert (problem.kind, problem.sheet, problem.cell) == ("missing", *small_at(sheet, part, index))


def test_an_erased_pixel_is_empty_paper(small: Path, tmp_path: Path) -> None:
    assert given(small, tmp_path, {small_at("input", "output", (0, 0, 0)): emptied}) == []


def test_a_pixel_beyond_paper_and_ink_is_honest(small: Path, tmp_path: Path) -> None:
    """The sheet itself says that it is no pixel; the network computes it all the same."""
    path = changed(small, tmp_path / "bright.xlsx", {small_at("input", "output", (0, 0, 0)): to_value(5)})
    now = recalculated_as_it_stands(path)
    assert findings.given_problems(now) == []
    assert now.found["input"]["valid"] == 0
    assert problems(recalculated(path), trials=1) == []


def test_a_word_that_is_no_choice(small: Path, tmp_path: Path) -> None:
    (problem,) = given(small, tmp_path, {small_at("conv", "choice", (1,)): to_text("nonsense")})
    assert (problem.kind, problem.sheet, problem.cell) == ("choice", *small_at("conv", "choice", (1,)))
    words = described_of(small).options("conv", LAYOUT["conv"].parts["choice"])  # type: ignore[arg-type]
    assert problem.expected == f"one of {', '.join(words)}"
    assert problem.found == "nonsense"


@pytest.mark.parametrize("value", [0, 7, -3, 1e9])
def test_a_number_that_is_no_choice(small: Path, tmp_path: Path, value: float) -> None:
    (problem,) = given(small, tmp_path, {small_at("conv", "pickrow"): to_value(value)})
    assert (problem.kind, problem.sheet, problem.cell) == ("choice", *small_at("conv", "pickrow"))
    assert problem.expected == "a whole number from 1 to 6"


def test_a_word_where_a_number_is_to_be_picked(small: Path, tmp_path: Path) -> None:
    (problem,) = given(small, tmp_path, {small_at("conv", "pickrow"): to_text("two")})
    assert (problem.kind, problem.cell) == ("not_a_number", small_cell("conv", "pickrow"))


@pytest.mark.parametrize("part", ["pickrow", "choice"])
def test_an_erased_choice_is_missing(small: Path, tmp_path: Path, part: str) -> None:
    place = small_at("conv", part, (0,) if part == "choice" else ())
    (problem,) = given(small, tmp_path, {place: emptied})
    assert (problem.kind, problem.sheet, problem.cell) == ("missing", *place)


def test_with_a_wrong_choice_nothing_else_is_said(small: Path, tmp_path: Path) -> None:
    """It is not known which network is meant, so no value is compared: the report has no numbers."""
    changes = {small_at("conv", "choice", (0,)): to_text("nonsense"), small_at("pool", "output", (0, 1, 1)): without_formula}
    report = verify(changed(small, tmp_path / "wrong.xlsx", changes), trials=0)
    assert [(p.kind, p.cell) for p in report.problems] == [("choice", small_cell("conv", "choice", (0,)))]
    assert report.prediction is None
    assert report.difference_maps == ()


# ---- values ----


def test_a_window_shifted_by_one_cell_is_named(damage: Damage) -> None:
    first, last = cell("maxpool", "in", (0, 11, 7)), cell("maxpool", "in", (0, 12, 8))
    path = damage("maxpool", "output", (0, 5, 3), with_formula(f"MAX({first}:{last})"))
    assert [p[1:] for p in problems(path)] == [at("maxpool", "output", (0, 5, 3))]


def test_a_link_to_the_cell_beside_is_named(damage: Damage, network: Network) -> None:
    strong = network.forward(load_image(SEVEN))["conv2"]["output"][0]
    y, x = (int(n) for n in np.unravel_index(strong.argmax(), strong.shape))
    path = damage("relu2", "in", (0, y, x), with_formula(f"{tab('conv2')}!{cell('conv2', 'output', (0, y, x - 1))}"))
    assert problems(path) == [("value", *at("relu2", "in", (0, y, x)))]


def test_a_formula_that_fails(damage: Damage) -> None:
    (problem,) = verify(damage("softmax", "shifted", (2,), with_formula("1/0")), trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("not_a_number", *at("softmax", "shifted", (2,)))
    assert problem.found == "#DIV/0!"


def test_an_error_in_the_first_layer_is_named_alone(damage: Damage) -> None:
    path = damage("conv1", "output", (0, 9, 3), with_formula("1/0"))
    assert problems(path) == [("not_a_number", *at("conv1", "output", (0, 9, 3)))]


def test_a_winner_that_does_not_exist(damage: Damage) -> None:
    assert problems(damage("dense", "winner", (), with_formula("99"))) == [("value", *at("dense", "winner"))]


def test_the_prediction_reads_another_row(damage: Damage) -> None:
    first, second = cell("softmax", "class", (0,)), cell("softmax", "class", (1,))
    last = cell("softmax", "class", (9,))
    text = (LESSON["softmax"].formula("prediction", ()) or "=")[1:].replace("$", "")
    assert f"INDEX({first}:{last}" in text
    shifted = text.replace(f"INDEX({first}:{last}", f"INDEX({second}:{last}")
    assert problems(damage("softmax", "prediction", (), with_formula(shifted)))[0][1:] == at("softmax", "prediction")


def test_words_that_a_formula_says_wrongly(damage: Damage) -> None:
    path = damage("conv1", "celltext", (), with_formula('"=SUM(A1)"'))
    (problem,) = verify(path, trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("value", *at("conv1", "celltext"))
    assert str(problem.expected).startswith("=SUMPRODUCT(")


def test_words_that_are_not_what_they_must_be(damage: Damage) -> None:
    path = damage("network", "output", (1,), to_text("3 × 26 × 26"))
    assert problems(path, trials=0) == [("label", *at("network", "output", (1,)))]


def test_the_formula_it_should_be_is_said(damage: Damage) -> None:
    right = LESSON["maxpool"].formula("output", (0, 3, 4)) or ""
    (problem,) = verify(damage("maxpool", "output", (0, 3, 4), with_formula(right[1:].replace("MAX", "MIN"))), trials=1).problems
    assert (problem.sheet, problem.cell) == at("maxpool", "output", (0, 3, 4))
    assert problem.expected == right or f"it should be {right}" in problem.note


def test_a_cell_is_named_once_and_by_its_first_fault(small: Path) -> None:
    title, where = small_place("conv", "output", (0, 2, 3))

    def spoil(raw: dict[str, list[list[object]]]) -> None:
        raw[title][where[0] - 1][where[1] - 1] = 99.0

    report = verify(small, Wrapped(spoil), trials=2)
    named = [(p.kind, p.sheet, p.cell) for p in report.problems]
    assert named.count(("value", *small_at("conv", "output", (0, 2, 3)))) == 1
    assert len(named) == len({n[1:] for n in named})


def test_an_engine_that_errs_only_with_another_image_is_told_with_its_number(small: Path) -> None:
    title, where = small_place("conv", "output", (0, 2, 3))
    calls = []

    def spoil(raw: dict[str, list[list[object]]]) -> None:
        calls.append(1)
        if len(calls) == 3:
            raw[title][where[0] - 1][where[1] - 1] = 99.0

    problem = next(p for p in verify(small, Wrapped(spoil), trials=2).problems if p.cell == small_cell("conv", "output", (0, 2, 3)))
    assert problem.kind == "formula"
    assert problem.note.startswith("with random image 2; its formula is =SUMPRODUCT(")


# ---- the image ----


def test_the_image_can_be_checked_too(seven: Path) -> None:
    now = recalculated_as_it_stands(seven)
    right = load_image(SEVEN)
    assert findings.image_problems(now, right) == []
    other = right.copy()
    other[0, 4, 5] = 1 - other[0, 4, 5]
    (problem,) = findings.image_problems(now, other)
    assert (problem.kind, problem.sheet, problem.cell) == ("image", *at("input", "output", (0, 4, 5)))
    assert (problem.expected, problem.found) == (other[0, 4, 5], right[0, 4, 5])


def test_an_image_of_another_size_is_one_problem(seven: Path) -> None:
    (problem,) = findings.image_problems(recalculated_as_it_stands(seven), np.zeros((3, 5, 5)))
    assert (problem.kind, problem.cell) == ("image", None)
    assert problem.expected == "an image of shape (3, 5, 5)"
    assert problem.found == "one of shape (1, 28, 28)"


# ---- the order ----


def test_the_first_cause_upstream_leads(damage: Damage) -> None:
    """One wrong cell in the first layer makes thousands of later cells wrong: only the cause is named."""
    report = verify(damage("conv1", "output", (0, 9, 3), with_formula("5")), trials=0)
    assert [(p.sheet, p.cell) for p in report.problems if p.kind != "stale"] == [at("conv1", "output", (0, 9, 3))]
    wrong = [s.sheet for s in report.sheets if not s.ok]
    assert [sheet for sheet in wrong if sheet in titles(LAYER)][:3] == [tab("conv1"), tab("relu1"), tab("conv2")]
    assert set(wrong) - set(titles(LAYER)) == {tab("guide"), tab("overview")}, "they show the layers again"


def test_upstream_before_downstream_causes_before_looks_stored_results_last(small: Path) -> None:
    def problem(kind: str, sheet: str) -> Problem:
        return Problem(kind, LAYOUT[sheet].title, "A1", None, None)

    told = [
        problem("name", "conv"), problem("value", "conv"), problem("constant", "softmax"),
        problem("hidden", "input"), problem("caption", "conv"), problem("stale", "input"),
    ]  # fmt: skip
    assert findings.in_order(described_of(small), told[::-1]) == told


def test_a_problem_of_no_known_sheet_comes_last(small: Path) -> None:
    stray, known = Problem("missing", "Nowhere", None, None, None), Problem("value", LAYOUT["guide"].title, "A1", None, None)
    assert findings.in_order(described_of(small), [stray, known]) == [known, stray]


# ---- the report's numbers ----


def test_a_difference_map_shows_how_far_each_cell_is_off(damage: Damage) -> None:
    """Of every sheet from the wrong cell on, and of those that nothing reads of it, none."""
    report = verify(damage("conv1", "output", (0, 9, 3), with_formula("1000")), trials=0)
    maps = {m.sheet: m.differences for m in report.difference_maps}
    row, col = LESSON["conv1"].references.locate("output", 0, 9, 3)
    assert maps[tab("conv1")].shape == LESSON["conv1"].extent
    assert maps[tab("conv1")][row - 1, col - 1] > 900
    assert (maps[tab("conv1")] > 1e-9).sum() == 1
    row, col = LESSON["relu1"].references.locate("output", 0, 9, 3)
    assert maps[tab("relu1")][row - 1, col - 1] > 900
    row, col = LESSON["conv1"].references.locate("weight", 0, 0, 0, 0)
    assert np.isnan(maps[tab("conv1")][row - 1, col - 1]), "a weight is compared with nothing"
    assert not (maps[tab("boundary")] > 1e-9).any()


def test_a_cell_that_is_no_number_is_infinitely_far_off(small: Path, tmp_path: Path) -> None:
    path = changed(small, tmp_path / "error.xlsx", {small_at("softmax", "exp", (1,)): with_formula("1/0")})
    report = verify(path, trials=0)
    softmax = next(s for s in report.sheets if s.sheet == LAYOUT["softmax"].title)
    assert np.isinf(softmax.max_abs_error)
    assert not softmax.ok


def test_the_sheets_are_reported_in_the_order_of_the_tabs(seven: Path) -> None:
    report = verify(seven, trials=0)
    assert [s.sheet for s in report.sheets] == [tab(name) for name in TABS if name != "glossary"], "words alone are no report"
    assert [s.sheet for s in report.sheets] == [t for t in read_book(seven.read_bytes()).sheets if t != tab("glossary")]
    assert set(titles(GUIDE)) == {report.sheets[0].sheet}


def test_cells_and_formulas_are_counted(seven: Path) -> None:
    described = described_of(seven)
    check = check_formulas(described)
    lines = {s.sheet: s for s in findings.sheet_reports(described, check, {}, [], {})}
    assert lines.keys() == {placed.title for placed in LESSON.values() if placed.blocks}
    for placed in (p for p in LESSON.values() if p.blocks):
        values = sum(int(np.prod(part.shape)) for part in placed.parts.values() if part.has_cells)
        assert lines[placed.title].cells == values
        assert lines[placed.title].formulas == len(described.book.sheets[placed.title].formulas)
    assert sum(line.formulas for line in lines.values()) == FORMULAS


def test_a_sheet_is_not_ok_if_it_is_off_or_has_a_problem(small: Path) -> None:
    described = described_of(small)
    check = check_formulas(described)
    off = findings.sheet_reports(described, check, {"conv": (1.0, True)}, [], {})
    assert [s.sheet for s in off if not s.ok] == [LAYOUT["conv"].title]
    named = findings.sheet_reports(described, check, {}, [Problem("hidden", LAYOUT["pool"].title, None, None, None)], {})
    assert [s.sheet for s in named if not s.ok] == [LAYOUT["pool"].title]


# ---- the answer ----


def test_the_answer_is_what_the_guide_shows(seven: Path, tmp_path: Path) -> None:
    """With another image and other filters chosen, too; once it told the answer without those filters."""
    words = described_of(seven).options("conv1", LESSON["conv1"].parts["choice"])  # type: ignore[arg-type]
    blur, sharpen = words[3], words[4]
    sample = described_of(seven).options("input", LESSON["input"].parts["choice"])[4]  # type: ignore[arg-type]
    changes = {("conv1", "choice", (0,)): blur, ("conv1", "choice", (1,)): sharpen, ("input", "choice", ()): sample}
    path = recalculated(edited(seven, tmp_path / "chosen.xlsx", changes))
    shown = read_book(path.read_bytes()).sheets[tab("guide")].values
    report = verify(path, trials=0)
    assert report.ok, report.problems[:3]
    assert report.prediction is not None
    assert report.prediction["label"] == shown[LESSON["guide"].references.locate("prediction")]
    assert report.prediction["probability"] == pytest.approx(shown[LESSON["guide"].references.locate("probability")])
    plain = verify(edited(seven, tmp_path / "plain.xlsx", {("input", "choice", ()): sample}), trials=0).prediction
    assert plain is not None
    assert abs(plain["probability"] - report.prediction["probability"]) > 1e-5, "the filters must matter"


def test_a_network_without_probabilities_has_no_answer(tmp_path: Path) -> None:
    report = verify(write_workbook(branching(), tmp_path / "branching.xlsx"), trials=0)
    assert report.ok, report.problems[:3]
    assert report.prediction is None
