"""Which formula every cell must hold, and which cells hold another one: told by the text alone."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LESSON, recalculated, tab, with_formula
from tests.verifier.helpers import (
    LAYOUT,
    Edit,
    changed,
    described_of,
    emptied,
    small_at,
    small_cell,
    small_place,
    to_text,
    to_value,
    without_formula,
)
from xlcnn import verify
from xlcnn.verifier.formulas import FormulaCheck, check_formulas, expected_formulas
from xlcnn.verifier.judging import judge_formulas, unproven

Check = Callable[[dict[tuple[str, str], Edit]], FormulaCheck]


@pytest.fixture
def check(small: Path, tmp_path: Path) -> Check:
    """The formulas of a copy of the small workbook in which cells were changed."""

    def do(changes: dict[tuple[str, str], Edit]) -> FormulaCheck:
        return check_formulas(described_of(changed(small, tmp_path / "changed.xlsx", changes)))

    return do


def short(check: FormulaCheck) -> list[tuple[str, str, str | None]]:
    return [(p.kind, p.sheet, p.cell) for p in check.problems]


def test_a_new_workbook_holds_every_formula(seven: Path) -> None:
    described = described_of(seven)
    found = check_formulas(described)
    assert found.problems == ()
    assert found.rewritten == {}
    counts = Counter(title for title, _ in found.cells)
    assert counts == {title: len(cells.formulas) for title, cells in described.book.sheets.items() if cells.formulas}
    assert counts[tab("relu1")] == 2 * LESSON["relu1"].parts["output"].shape[0] * 26 * 26


def test_every_cell_is_expected_once(seven: Path) -> None:
    places = [place for place, _, _ in expected_formulas(described_of(seven))]
    assert len(places) == len(set(places))


def test_the_formula_of_a_dragged_block_is_expected_in_each_of_its_cells(small: Path) -> None:
    expected = {place: formula.at(place[1]) for place, formula, _ in expected_formulas(described_of(small))}
    for index in ((0, 0, 0), (0, 2, 3), (1, 5, 5)):
        assert expected[small_place("conv", "output", index)] == LAYOUT["conv"].formula("output", index)


def test_the_same_formula_in_another_hand_is_the_same(check: Check) -> None:
    """Spaces, capitals and needless quotes do not count."""
    place = small_at("pool", "output", (0, 1, 1))
    text = (LAYOUT["pool"].formula("output", (0, 1, 1)) or "")[1:]
    link = (LAYOUT["pool"].formula("in", (0, 1, 1)) or "")[1:]
    changes = {
        place: with_formula(text.lower().replace(":", " : ")),
        small_at("pool", "in", (0, 1, 1)): with_formula(link.replace("Conv!", "'Conv'!")),
    }
    found = check(changes)
    assert found.problems == ()
    assert found.rewritten == {}


def test_a_formula_in_other_words_is_rewritten(check: Check) -> None:
    place = small_at("pool", "output", (0, 1, 1))
    found = check({place: with_formula("1+1")})
    assert found.problems == ()
    assert list(found.rewritten) == [small_place("pool", "output", (0, 1, 1))]
    (expected,) = found.rewritten.values()
    assert expected.at(small_place("pool", "output", (0, 1, 1))[1]) == LAYOUT["pool"].formula("output", (0, 1, 1))


def test_a_dollar_more_is_another_formula_until_it_is_tried(check: Check) -> None:
    text = (LAYOUT["pool"].formula("output", (0, 1, 1)) or "")[1:]
    found = check({small_at("pool", "output", (0, 1, 1)): with_formula(re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", text))})
    assert list(found.rewritten) == [small_place("pool", "output", (0, 1, 1))]


def test_a_constant_in_place_of_a_formula(check: Check) -> None:
    place = small_at("conv", "output", (1, 2, 2))
    found = check({place: without_formula})
    assert short(found) == [("constant", *place)]
    assert found.problems[0].expected == LAYOUT["conv"].formula("output", (1, 2, 2))


def test_a_word_in_place_of_a_formula(check: Check) -> None:
    place = small_at("softmax", "prediction")
    assert short(check({place: to_text("two")})) == [("constant", *place)]


def test_an_emptied_formula_is_missing(check: Check) -> None:
    place = small_at("dense", "product", (1, 1))
    assert short(check({place: emptied})) == [("missing", *place)]


def test_a_constant_in_place_of_a_link(check: Check) -> None:
    place = small_at("dense", "in", (1, 0, 0))
    assert short(check({place: without_formula})) == [("constant", *place)]


def test_links_are_the_cells_that_fetch_from_another_sheet(small: Path) -> None:
    found = check_formulas(described_of(small))
    assert small_place("pool", "in", (0, 1, 1)) in found.links
    assert small_place("pool", "output", (0, 0, 0)) not in found.links
    assert small_place("guide", "thumbnail", (0, 0)) not in found.links, "it computes from what it reads in place"
    assert found.links < set(found.cells)


def test_padding_needs_no_formula(small: Path) -> None:
    found = check_formulas(described_of(small))
    padding = [small_place("pool", "in", (0, 0, 0)), small_place("conv", "in", (0, 0, 0))]
    assert not set(padding) & set(found.cells)


def test_rewritten_formulas_that_cannot_be_tried_are_named_if_they_are_not_proven(small: Path, tmp_path: Path) -> None:
    place, right = small_at("pool", "output", (0, 1, 1)), (LAYOUT["pool"].formula("output", (0, 1, 1)) or "=")[1:]
    for text, kinds in (("1+1", ["formula"]), (f"{right}+ROW()", ["unproven"]), (f"({right})", [])):
        described = described_of(changed(small, tmp_path / "changed.xlsx", {place: with_formula(text)}))
        check = check_formulas(described)
        found = unproven(described, check, judge_formulas(described, check), "no engine")
        assert [(p.kind, p.sheet, p.cell, p.expected, p.found) for p in found] == [
            (kind, *place, f"={right}", f"={text}") for kind in kinds
        ]
        assert all(p.note.endswith("; the engine could not try it: no engine") for p in found)


def test_a_dollar_that_is_lost_in_a_dragged_formula(small: Path, tmp_path: Path) -> None:
    """The bias is 0, and so are the empty cells below it, which the copies read: no number is wrong, as long as nobody learns."""
    bias = small_cell("conv", "bias", (0,))
    lost: Edit = lambda xml: xml.replace(f"${bias[:2]}${bias[2:]}", f"${bias[:2]}{bias[2:]}")  # noqa: E731
    changes = {small_at("conv", "output", (0, 0, 0)): lost, small_at("conv", "bias", (0,)): to_value(0)}
    path = recalculated(changed(small, tmp_path / "dragged.xlsx", changes))
    described = described_of(path)
    check = check_formulas(described)
    wrong = unproven(described, check, judge_formulas(described, check), "no engine")
    assert {(p.sheet, p.cell) for p in wrong} == {small_at("conv", "output", (0, y, x)) for y in range(1, 6) for x in range(6)}
    assert not verify(path, trials=0).ok


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("+{0}", []), ("+({0})", []), ("++{0}", []), ("({0})+0", []), ("{0}*1", []),
        ("({0}+({0}))/2", []), ("SUM({0})", []), ("2*{0}-{0}", []), ("{1}", ["formula"]),
        ("{1}+0", ["formula"]), ("{0}+0*{1}", ["formula"]), ("{0}+1E-9", ["unproven"]), ("-{0}", ["unproven"]),
        ("'Co$nv'!B7", ["unproven"]), ("'$Conv'!B7", ["unproven"]), ("[1]{0}", ["unproven"]),
        ("MAX({0},0)", ["unproven"]), ("IFERROR({0},0)", ["unproven"]), ("IF({0}=0.5,9,{0})", ["unproven"]),
        ("{0}+ROW()", ["unproven"]),
    ],
)  # fmt: skip
def test_a_link_that_is_computed_with_is_proven_like_any_formula(small: Path, tmp_path: Path, text: str, kinds: list[str]) -> None:
    this, other = ((LAYOUT["pool"].formula("in", (0, 1, x)) or "=")[1:] for x in (1, 2))
    place = small_at("pool", "in", (0, 1, 1))
    described = described_of(changed(small, tmp_path / "changed.xlsx", {place: with_formula(text.format(this, other))}))
    check = check_formulas(described)
    assert [p.kind for p in unproven(described, check, judge_formulas(described, check), "no engine")] == kinds


def test_a_weight_may_be_any_number_and_a_formula_there_is_no_concern_of_the_formulas(check: Check) -> None:
    found = check({small_at("conv", "bias", (0,)): to_value(3)})
    assert (found.problems, found.rewritten) == ((), {})
    assert small_cell("conv", "bias", (0,)) not in [cell for _, cell in found.cells]
