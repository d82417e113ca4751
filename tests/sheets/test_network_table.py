"""The Network sheet: the layers as a person would read them."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, cell, tab
from tests.networks import coloured, general_words, uneven
from xlcnn import Network, find_template
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets.parts import Labels, compute
from xlcnn.sheets.plan import plan
from xlcnn.sheets.words import Words


def table(layout: dict[str, PlacedSheet], words: Words) -> list[list[str]]:
    """What stands beside the numbers, row by row: layer, kind, what it reads, its options."""
    overview = layout["network"]
    sheets = {name: placed.sheet for name, placed in layout.items()}
    notes = list(overview.sheet.notes(words, sheets, {name: placed.parts for name, placed in layout.items()}))
    rows = sorted({note.row for note in notes})[1:-1]  # without the heads and the total
    return [[note.text for note in sorted(notes, key=lambda n: n.col) if note.row == row] for row in rows]


def test_a_layer_is_told_as_a_person_would_say_it() -> None:
    assert table(lay_out(plan(uneven().layers)), general_words()) == [
        ["Input", "input", "", ""],
        ["Conv", "convolution", "Input", "2 filters, window 3 × 2, stride 1 × 2, padding 2 × 0 × 1 × 1"],
        ["Pool", "max pooling", "Conv", "window 3 × 3, stride 2 × 1, padding 1 × 2 × 0 × 1"],
        ["First", "fully connected", "Pool", "4 units"],
        ["Middle", "softmax", "First", ""],
        ["Second", "fully connected", "Middle", "3 units"],
        ["Last", "softmax", "Second", ""],
    ]


def test_what_is_only_there_to_play_with_is_not_told() -> None:
    """Neither the lens nor the presets, nor the galleries that the input chooses among."""
    rows = {row[0]: row[1:] for row in table(LESSON, find_template("lesson").words())}
    assert rows["Input"] == ["input", "", ""]
    assert rows["Conv1"] == ["convolution", "Input", "2 filters, window 3 × 3"]
    assert rows["Dense"] == ["fully connected", "MaxPool", "10 units"]
    assert list(rows) == [placed.title for placed in LESSON.values() if placed.sheet in find_template("lesson").plan.layers]


def test_a_word_for_a_kind_in_another_language() -> None:
    rows = table(LESSON, find_template("lesson").words("es"))
    assert rows[1][0] == "Conv1"
    assert rows[1][1] != "convolution"


def test_the_shapes_and_the_weights_of_each_layer() -> None:
    network = coloured()
    parts = plan(network.layers).parts["network"]
    assert isinstance(parts["output"], Labels)
    assert parts["output"].texts == ("3 × 12 × 10", "4 × 5 × 5", "4 × 5 × 5", "4 × 4 × 4", "6", "6", "3", "3")
    weights = parts["weights"].default  # type: ignore[attr-defined]
    assert weights.tolist() == [0, 4 * 3 * 5 * 3 + 4, 0, 0, 64 * 6 + 6, 0, 6 * 3 + 3, 0]
    assert compute(parts, {"weights": weights})["total"] == sum(w.size for w in network.weights.values())


@pytest.mark.parametrize("part", ["weights", "total"])
def test_the_workbook_counts_the_lessons_weights(seven: Path, network: Network, part: str) -> None:
    page = openpyxl.load_workbook(seven, data_only=True)[tab("network")]
    cells = [page.cell(row, col).value for row, col in LESSON["network"].positions(part).reshape(-1, 2).tolist()]
    assert np.sum(cells) == sum(w.size for w in network.weights.values()) == 2948
    assert page[cell("network", "total")].value == 2948


def test_the_numbers_stand_under_their_heads() -> None:
    overview, words = LESSON["network"], find_template("lesson").words()
    sheets = {name: placed.sheet for name, placed in LESSON.items()}
    notes = list(overview.sheet.notes(words, sheets, {name: placed.parts for name, placed in LESSON.items()}))
    for part in ("output", "weights"):
        (block,) = (b for b in overview.blocks if b.part == part)
        (head,) = (note for note in notes if note.text == words["network", part] and note.row == block.row - 1)
        assert head.col == block.col
