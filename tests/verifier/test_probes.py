"""Random numbers that tell a rewritten formula from one that is right by chance: every cell has its turn."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import LESSON, Damage, at, cell, edited, recalculated, tab, with_formula
from tests.verifier.helpers import (
    LAYOUT,
    Wrapped,
    changed,
    described_of,
    problems,
    small_at,
    values_in,
)
from xlcnn import verify
from xlcnn.grid.blocks import Cell
from xlcnn.sheets.parts import Incoming, Menu
from xlcnn.verifier.description import Described
from xlcnn.verifier.formulas import check_formulas
from xlcnn.verifier.probes import PROBES, PROVEN, near, random_images, random_numbers

ALL = frozenset(LAYOUT)
MANY = 16  # runs, in which everything has its turn


@pytest.fixture(scope="module")
def lesson(seven: Path) -> Described:
    return described_of(seven)


@pytest.fixture(scope="module")
def runs(small: Path) -> list[dict[str, dict[Cell, object]]]:
    """What every probe puts into the small workbook: a list of tab → cell → value."""
    described, random = described_of(small), np.random.default_rng(0)
    edits = [random_numbers(described, ALL, random, number) for number in range(MANY)]
    return [{title: values_in(each, title) for title in each} for each in edits]


# ---- images ----


def test_only_the_picture_that_is_read_is_replaced(lesson: Described) -> None:
    edits = random_images(lesson, np.random.default_rng(0))
    (title,) = edits
    assert title == tab("input")
    assert set(values_in(edits, title)) == {tuple(c) for c in lesson.where["input", "user"].reshape(-1, 2).tolist()}
    values = np.array(list(values_in(edits, title).values()), dtype=float)
    assert 0 <= values.min() < 0.1 < 0.9 < values.max() <= 1


@pytest.mark.parametrize("sample", [0, 4])
def test_of_a_gallery_it_is_the_chosen_picture(seven: Path, tmp_path: Path, sample: int) -> None:
    word = described_of(seven).options("input", LESSON["input"].parts["choice"])[1 + sample]  # type: ignore[arg-type]
    described = described_of(edited(seven, tmp_path / "chosen.xlsx", {("input", "choice", ()): word}))
    edits = random_images(described, np.random.default_rng(0))
    where = described.where["samples", "output"][sample]
    assert set(values_in(edits, tab("samples"))) == {tuple(c) for c in where.reshape(-1, 2).tolist()}
    assert tab("draw") not in edits


def test_where_the_choice_is_none_all_are_replaced(seven: Path, tmp_path: Path) -> None:
    described = described_of(edited(seven, tmp_path / "chosen.xlsx", {("input", "choice", ()): "nonsense"}))
    assert set(random_images(described, np.random.default_rng(0))) == {tab("input"), tab("samples"), tab("draw")}


def test_without_galleries_the_input_itself_is_replaced(small: Path) -> None:
    edits = random_images(described_of(small), np.random.default_rng(0))
    assert {title: len(values_in(edits, title)) for title in edits} == {LAYOUT["input"].title: 36}


# ---- probes ----


def test_a_probe_overwrites_all_that_comes_in_and_all_that_is_given(runs: list[dict[str, dict[Cell, object]]]) -> None:
    for name, parts in (("conv", ["weight", "bias", "choice", "own", "pickrow"]), ("dense", ["in", "weight", "bias"])):
        for part in parts:
            where = LAYOUT[name].positions(part).reshape(-1, 2).tolist()
            assert {tuple(c) for c in where} <= runs[0][LAYOUT[name].title].keys(), f"{name}.{part}"


def test_no_formula_but_a_link_is_overwritten(runs: list[dict[str, dict[Cell, object]]]) -> None:
    for name, placed in LAYOUT.items():
        computed = [p.name for p in placed.parts.values() if p.has_cells and p.has_formula and not isinstance(p, Incoming)]
        cells = {tuple(c) for part in computed for c in placed.positions(part).reshape(-1, 2).tolist()}
        assert not cells & runs[0].get(placed.title, {}).keys(), name


@pytest.mark.parametrize("name", ["conv", "pool"])
def test_padding_cells_are_not_overwritten(name: str, runs: list[dict[str, dict[Cell, object]]]) -> None:
    part = LAYOUT[name].parts["in"]
    assert isinstance(part, Incoming)
    for index in np.ndindex(*part.shape):
        padded = part.source_index(index) is None
        assert (LAYOUT[name].references.locate("in", *index) in runs[0][LAYOUT[name].title]) != padded, index


def test_each_cell_of_a_window_is_the_peak_once(runs: list[dict[str, dict[Cell, object]]]) -> None:
    """So a MAX that forgets one of its cells is found. Of a window of up to 4 × 4, the peak is larger than all others."""
    title, window = LAYOUT["pool"].title, [(0, y, x) for y in (1, 2, 3) for x in (3, 4, 5)]
    peaks = set()
    for run in runs:
        values = [run[title][LAYOUT["pool"].references.locate("in", *index)] for index in window]
        ordered = sorted(values)  # type: ignore[type-var]
        if ordered[-1] > ordered[-2] + 0.1:  # type: ignore[operator]
            peaks.add(values.index(ordered[-1]))
    assert peaks == set(range(len(window)))


def test_each_number_of_a_vector_is_the_peak_once(runs: list[dict[str, dict[Cell, object]]]) -> None:
    title = LAYOUT["softmax"].title
    places = [LAYOUT["softmax"].references.locate("in", k) for k in range(3)]
    vectors = np.array([[run[title][place] for place in places] for run in runs], dtype=float)
    assert ((vectors > 1).sum(axis=1) == 1).all(), "one of them stands out"
    assert set(vectors.argmax(axis=1).tolist()) == {0, 1, 2}


def test_each_unit_wins_once(runs: list[dict[str, dict[Cell, object]]]) -> None:
    places = [LAYOUT["dense"].references.locate("bias", k) for k in range(3)]
    biases = np.array([[run[LAYOUT["dense"].title][place] for place in places] for run in runs], dtype=float)
    assert set(biases.argmax(axis=1).tolist()) == {0, 1, 2}
    assert (np.sort(biases, axis=1)[:, -1] > np.sort(biases, axis=1)[:, -2] + 90).all()


def test_words_have_their_turns(runs: list[dict[str, dict[Cell, object]]], small: Path) -> None:
    menu = LAYOUT["conv"].parts["choice"]
    assert isinstance(menu, Menu)
    words = set(described_of(small).options("conv", menu))
    for filter_ in range(2):
        place = LAYOUT["conv"].references.locate("choice", filter_)
        assert {run[LAYOUT["conv"].title][place] for run in runs} == words
    assert (
        len({tuple(run[LAYOUT["conv"].title][LAYOUT["conv"].references.locate("choice", f)] for f in range(2)) for run in runs})
        >= 7
    )


def test_lowest_and_highest_choices_have_their_turns_in_all_combinations(runs: list[dict[str, dict[Cell, object]]]) -> None:
    picks = ("pickmap", "pickrow", "pickcol")
    places = [LAYOUT["conv"].references.locate(name) for name in picks]
    found = {tuple(run[LAYOUT["conv"].title][place] for place in places) for run in runs}
    assert found == {(a, b, c) for a in (1, 2) for b in (1, 6) for c in (1, 6)}


def test_negative_numbers_come_every_second_time(runs: list[dict[str, dict[Cell, object]]]) -> None:
    where = [LAYOUT["conv"].references.locate("in", 0, y, x) for y in range(1, 7) for x in range(1, 7)]
    lowest = [min(run[LAYOUT["conv"].title][place] for place in where) for run in runs]  # type: ignore[type-var]
    assert all(low >= 0 for low in lowest[::2])  # type: ignore[operator]
    assert all(low < 0 for low in lowest[1::2])  # type: ignore[operator]


def test_the_sheets_that_are_read_in_place_are_near(lesson: Described) -> None:
    assert near(lesson, {tab("conv1")}) == {"conv1"}
    assert near(lesson, {tab("input")}) == {"input", "samples", "draw"}


def test_probes_are_reproducible(small: Path) -> None:
    described = described_of(small)
    one, two = (random_numbers(described, ALL, np.random.default_rng(5), 3) for _ in "ab")
    assert all(values_in(one, title) == values_in(two, title) for title in one)


# ---- what they find ----


def formula_of(sheet: str, part: str, *index: int) -> str:
    """The lesson's own, without ``=``."""
    return (LESSON[sheet].formula(part, index) or "=")[1:]


REWRITTEN = [
    ("conv1", "output", (0, 5, 5), "0+({})*1"),
    ("conv1", "filter", (0, 0, 1, 1), "({})"),
    ("conv1", "number", (0,), "({})"),
    ("conv1", "celltext", (), "({})"),
    ("conv1", "window", (0, 1, 1), "({})*1"),
    ("maxpool", "output", (0, 3, 4), "MAX({},{})"),
    ("input", "output", (0, 9, 9), "({})"),
    ("input", "number", (), "0+{}"),
    ("dense", "winner", (), "0+{}"),
    ("dense", "evidence", (1, 3, 3), "({})"),
    ("softmax", "prediction", (), "({})"),
    ("classes", "answer", (2,), "1*{}"),
    ("boundary", "right", (), "({})"),
    ("linear", "largest", (), "({})"),
    ("network", "total", (), "0+{}"),
]
GUIDE = [
    ("guide", "probability", (), "0+{}"),
    ("guide", "prediction", (), "{}*1"),
    ("guide", "thumbnail", (3, 3), "0+{}"),
    ("guide", "image", (), "({})"),
]


@pytest.mark.slow
@pytest.mark.parametrize("cells", [REWRITTEN, GUIDE])
def test_any_formula_may_be_written_in_another_way(
    seven: Path, tmp_path: Path, cells: list[tuple[str, str, tuple[int, ...], str]]
) -> None:
    changes = {
        at(sheet, part, index): with_formula(way.replace("{}", formula_of(sheet, part, *index)))
        for sheet, part, index, way in cells
    }
    path = changed(seven, tmp_path / "rewritten.xlsx", changes)
    assert len(check_formulas(described_of(path)).rewritten) == len(cells)
    assert problems(path, trials=0) == []


@pytest.mark.parametrize(("sheet", "part"), [("samples", "valid"), ("input", "known"), ("maxpool", "found")])
def test_a_cell_that_warns_must_hold_just_its_formula(damage: Damage, sheet: str, part: str) -> None:
    """Nearly any random number makes it warn, so nothing could tell a false one: that it looks one row lower, or never warns."""
    report = verify(damage(sheet, part, (), with_formula(f"MAX(1,{formula_of(sheet, part)})")), trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("formula", *at(sheet, part))]


def test_a_range_one_short_where_the_largest_is_elsewhere(damage: Damage) -> None:
    """Three random images may all have their largest activation in what is left; the probes look everywhere."""
    first, last = formula_of("maxpool", "output", 0, 0, 0).removeprefix("MAX(").removesuffix(")").split(":")
    below = cell("maxpool", "in", (0, 1, 0))
    right = cell("maxpool", "in", (0, 0, 1))
    assert last == cell("maxpool", "in", (0, 1, 1))
    path = damage("maxpool", "output", (0, 0, 0), with_formula(f"MAX({first}:{right},{below})"))
    assert problems(path, trials=0) == [("formula", *at("maxpool", "output", (0, 0, 0)))]


def test_a_formula_that_is_right_for_this_picture_only(damage: Damage) -> None:
    """The corner of the picture is empty, so a product with it is 0 whatever stands in the formula."""
    bias = cell("conv1", "bias", (0,))
    path = damage("conv1", "output", (0, 25, 0), with_formula(f"0*B6+{bias}"))
    report = verify(path, trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("formula", *at("conv1", "output", (0, 25, 0)))]
    assert report.problems[0].note == "it also reads B6, which it may not"


def test_a_formula_that_forgets_one_choice_is_found(damage: Damage) -> None:
    """It is right for the filter that is chosen, and for all others but one."""
    text = formula_of("conv1", "filter", 0, 0, 1, 1)
    blur = cell("conv1", "blur", (1, 1))
    assert blur in text.replace("$", "")
    wrong = re.sub(rf"\b{blur}\b", cell("conv1", "sharpen", (0, 0)), text)
    assert problems(damage("conv1", "filter", (0, 0, 1, 1), with_formula(wrong)), trials=0) == [
        ("formula", *at("conv1", "filter", (0, 0, 1, 1)))
    ]


@pytest.mark.parametrize(
    "text", ["MAX(0,{})+0*RAND()", "IF(NOW()>60000,0,MAX(0,{}))", "MAX(0,OFFSET({},0,0))", 'MAX(0,INDIRECT("{}"))']
)
def test_a_formula_that_may_change_by_itself_is_named(damage: Damage, text: str) -> None:
    path = damage("relu1", "output", (0, 1, 1), with_formula(text.format(cell("relu1", "in", (0, 1, 1)))))
    report = verify(path, trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("formula", *at("relu1", "output", (0, 1, 1)))]
    assert "another result another time" in report.problems[0].note


def test_a_link_that_fetches_an_equal_neighbour_is_named(damage: Damage) -> None:
    """Both cells are empty paper now, so no value tells; the text does."""
    other = f"{tab('input')}!{cell('input', 'output', (0, 0, 1))}"
    path = damage("conv1", "in", (0, 0, 0), with_formula(other))
    assert problems(path, trials=0) == [("formula", *at("conv1", "in", (0, 0, 0)))]


def test_a_link_with_dollars_and_signs_passes(damage: Damage) -> None:
    same = f"+({tab('input')}!${cell('input', 'output', (0, 0, 0))})"
    assert problems(damage("conv1", "in", (0, 0, 0), with_formula(same)), trials=0) == []


def test_what_is_proven_is_tried_less_often(small: Path, tmp_path: Path) -> None:
    place = small_at("pool", "output", (0, 1, 1))
    right = (LAYOUT["pool"].formula("output", (0, 1, 1)) or "=")[1:]

    def asked(text: str) -> int:
        engine = Wrapped()
        verify(changed(small, tmp_path / "tried.xlsx", {place: with_formula(text)}), engine, trials=0)
        return len(engine.seen) - 1  # the workbook as it stands

    assert asked(right.replace(":", " : ")) == 0
    assert asked(f"0+{right}") == PROVEN
    assert asked(f"{right}+0.001*MAX(0,SIGN({right}-2.5))") == PROBES, "right for this picture"
    assert asked(f"{right}+RAND()") == 0


def test_a_probe_names_the_cell_and_what_it_should_be(small: Path, tmp_path: Path) -> None:
    place = small_at("pool", "output", (0, 1, 1))
    text = (LAYOUT["pool"].formula("output", (0, 1, 1)) or "=")[1:]
    wrong = f"{text}+0.001*MAX(0,SIGN({text}-2.5))"
    (problem,) = verify(changed(small, tmp_path / "wrong.xlsx", {place: with_formula(wrong)}), trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("formula", *place)
    assert (problem.expected, problem.found) == (f"={text}", f"={wrong}")
    assert re.fullmatch(r"with random numbers it gives \S+ instead of \S+", problem.note)


def test_a_rewritten_formula_may_be_recalculated_and_saved(damage: Damage) -> None:
    path = damage("maxpool", "output", (0, 3, 4), with_formula(f"0+{formula_of('maxpool', 'output', 0, 3, 4)}"))
    assert problems(recalculated(path), trials=0) == []
