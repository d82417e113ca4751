"""An engine's values as tensors, and NumPy's beside them, of a small network."""

from pathlib import Path

import numpy as np
import pytest

from tests.verifier.helpers import (
    LAYOUT,
    SMALL,
    Wrapped,
    changed,
    described_of,
    emptied,
    recalculated_as_it_stands,
    small_at,
    small_place,
    to_text,
    to_value,
)
from xlcnn.engines import find_engine
from xlcnn.network.network import Network
from xlcnn.verifier.recalculation import Recalculation, number_of, recalculate


@pytest.fixture(scope="module")
def now(small: Path) -> Recalculation:
    """The small workbook as it stands."""
    return recalculated_as_it_stands(small)


def of_network(now: Recalculation, network: Network = SMALL) -> dict[str, dict[str, np.ndarray]]:
    """The network's own forward pass, with what is played with as it stands in the workbook."""
    picks = {part: now.found["conv"][part] for part in ("pickmap", "pickrow", "pickcol")}
    return network.forward(now.found["input"]["output"], {"conv": picks})


def test_three_ways_agree_on_a_new_workbook(now: Recalculation) -> None:
    """What the engine found, what each part's NumPy makes of that, and NumPy from the image on: and the network itself."""
    expected = of_network(now)
    for name in SMALL.shapes:
        for part, own in now.own[name].items():
            np.testing.assert_allclose(now.found[name][part], own, atol=1e-12, err_msg=f"{name}.{part}")
            np.testing.assert_allclose(now.reference[name][part], own, atol=1e-12, err_msg=f"{name}.{part}")
        np.testing.assert_allclose(now.reference[name]["output"], expected[name]["output"], atol=1e-12)
    assert now.wrong() == {}


def test_weights_and_pixels_are_what_the_cells_hold(now: Recalculation) -> None:
    np.testing.assert_array_equal(now.found["conv"]["weight"], SMALL.weights["conv.weight"])
    np.testing.assert_array_equal(now.found["dense"]["weight"].reshape(3, -1), SMALL.weights["dense.weight"])
    assert now.found["input"]["output"].shape == (1, 6, 6)


def test_padding_that_is_shown_holds_zeros(now: Recalculation) -> None:
    assert now.found["conv"]["in"][0, 0].tolist() == [0.0] * 8


def test_padding_that_is_an_empty_cell_counts_as_minus_infinity(now: Recalculation) -> None:
    """Of max pooling: MAX passes over empty cells."""
    assert now.value(small_place("pool", "in", (0, 0, 0))) is None
    assert np.isneginf(now.found["pool"]["in"][:, 0]).all()
    assert np.isneginf(now.found["pool"]["in"][:, :, 0]).all()
    assert np.isfinite(now.found["pool"]["in"][:, 1:, 1:]).all()
    assert np.isfinite(now.found["pool"]["output"]).all()


def test_a_number_in_the_empty_padding_is_wrong_there(small: Path, tmp_path: Path) -> None:
    """Somebody types into a cell that must stay empty: that cell is named, not the window that now reads it."""
    place = small_place("pool", "in", (1, 0, 3))
    path = changed(small, tmp_path / "padded.xlsx", {small_at("pool", "in", (1, 0, 3)): to_value(50)})
    assert recalculated_as_it_stands(path).wrong() == {place: (50.0, -np.inf)}


def test_a_word_in_the_empty_padding_is_wrong_there_too(small: Path, tmp_path: Path) -> None:
    place = small_place("pool", "in", (1, 0, 3))
    path = changed(small, tmp_path / "padded.xlsx", {small_at("pool", "in", (1, 0, 3)): to_text("x")})
    value, expected = recalculated_as_it_stands(path).wrong()[place]
    assert (value, expected) == ("x", -np.inf)


def test_a_choice_is_the_place_of_its_word(now: Recalculation, small: Path, tmp_path: Path) -> None:
    assert now.found["conv"]["choice"].tolist() == [1, 1]
    words = described_of(small).options("conv", LAYOUT["conv"].parts["choice"])  # type: ignore[arg-type]
    path = changed(small, tmp_path / "chosen.xlsx", {small_at("conv", "choice", (1,)): to_text(words[3])})
    chosen = recalculated_as_it_stands(path)
    assert chosen.found["conv"]["choice"].tolist() == [1, 4]
    assert chosen.found["conv"]["number"].tolist() == [1, 4]
    np.testing.assert_allclose(chosen.reference["conv"]["filter"][1, 0], 1 / 9)
    assert not np.allclose(chosen.reference["softmax"]["output"], now.reference["softmax"]["output"])
    assert chosen.wrong() == {}


def test_a_word_that_is_no_choice_is_none(small: Path, tmp_path: Path) -> None:
    """The sheet falls back to the first, and its notice says so; NumPy expects the same."""
    path = changed(small, tmp_path / "unknown.xlsx", {small_at("conv", "choice", (0,)): to_text("nonsense")})
    unknown = recalculated_as_it_stands(path)
    assert np.isnan(unknown.found["conv"]["choice"][0])
    assert unknown.found["conv"]["number"][0] == 1
    assert unknown.found["conv"]["known"].tolist() == [0, 1]
    assert unknown.wrong() == {}


@pytest.mark.parametrize(
    ("word", "place"), [("one", 1), ("two", 2), ("TWO", 2), ("Three", 3), ("four", None), (None, None), ("", None), (3.0, None)]
)
def test_where_a_word_stands_in_a_list(word: object, place: int | None) -> None:
    found = number_of(word, ["one", "two", "THREE"])
    assert found == place if place else np.isnan(found)


def test_an_erased_pixel_is_0_and_an_erased_weight_is_no_number(small: Path, tmp_path: Path) -> None:
    changes = {small_at("input", "output", (0, 2, 3)): emptied, small_at("conv", "bias", (1,)): emptied}
    erased = recalculated_as_it_stands(changed(small, tmp_path / "erased.xlsx", changes))
    assert erased.found["input"]["output"][0, 2, 3] == 0
    assert np.isnan(erased.found["conv"]["bias"][1])
    assert not np.isnan(erased.found["conv"]["bias"][0])


def test_only_the_cell_at_fault_is_wrong_by_itself(small: Path) -> None:
    """An engine that errs in one cell: everything downstream follows from it, and only `reference` shows how far."""
    title, (row, col) = small_place("conv", "output", (0, 2, 3))

    def spoil(raw: dict[str, list[list[object]]]) -> None:
        raw[title][row - 1][col - 1] = 99.0

    (spoiled,) = recalculate(described_of(small), Wrapped(spoil), [{}])
    wrong = spoiled.wrong()
    assert wrong.pop((title, (row, col)))[0] == 99.0
    # fetched by the sheet after it and by the overview, where the engine still has the old value
    fetched = {small_place("pool", "in", (0, 3, 4)), small_place("overview", "conv", (0, 2, 3))}
    assert fetched <= set(wrong) <= {*fetched, small_place("conv", "result", ())}
    assert spoiled.reference["conv"]["output"][0, 2, 3] != 99.0


def test_a_constant_must_be_what_it_was(small: Path, tmp_path: Path) -> None:
    path = changed(small, tmp_path / "class.xlsx", {small_at("softmax", "class", (1,)): to_value(7)})
    assert recalculated_as_it_stands(path).wrong() == {small_place("softmax", "class", (1,)): (7.0, 1.0)}


def test_words_are_compared_too(small: Path, tmp_path: Path) -> None:
    """The text of the picked cell's formula, and what the Network sheet says of the shapes."""
    changes = {small_at("network", "output", (1,)): to_text("2 × 7 × 6")}
    wrong = recalculated_as_it_stands(changed(small, tmp_path / "words.xlsx", changes)).wrong()
    assert wrong == {small_place("network", "output", (1,)): ("2 × 7 × 6", "2 × 6 × 6")}


def test_the_text_of_the_picked_cell_follows_the_pick(small: Path, tmp_path: Path) -> None:
    changes = {small_at("conv", "pickrow"): to_value(1), small_at("conv", "pickcol"): to_value(1)}
    picked = recalculated_as_it_stands(changed(small, tmp_path / "picked.xlsx", changes))
    said = picked.value(small_place("conv", "celltext"))
    pick = int(picked.found["conv"]["pickmap"])
    assert said == LAYOUT["conv"].formula("output", (pick - 1, 0, 0))
    assert picked.wrong() == {}


def test_only_the_sheets_that_are_asked_for_are_read(small: Path) -> None:
    engine = Wrapped()
    (part,) = recalculate(described_of(small), engine, [{}], frozenset({"dense", "softmax"}))
    assert set(part.found) == {"dense", "softmax"}
    assert set(part.grids) == {LAYOUT["dense"].title, LAYOUT["softmax"].title}
    assert part.wrong() == {}


def test_every_run_has_its_own_values(small: Path) -> None:
    title, (row, col) = small_place("dense", "bias", (0,))
    runs = [{}, *({title: [(row, col, np.array([[bias]]))]} for bias in (5.0, 6.0))]
    first, second, third = recalculate(described_of(small), find_engine(), runs)
    assert first.found["dense"]["bias"][0] == SMALL.weights["dense.bias"][0]
    assert third.found["dense"]["output"][0] - second.found["dense"]["output"][0] == pytest.approx(1)
    assert first.wrong() == second.wrong() == third.wrong() == {}
