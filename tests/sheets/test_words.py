"""The words of a lesson, as sheets ask for them; and what is said of a sheet of which the lesson says nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LESSON
from tests.sheets.alone import sources
from xlcnn.grid.blocks import Block
from xlcnn.layout.placed import place
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.exhibits.classes import Classes
from xlcnn.sheets.glossary import Glossary
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.layers.dense import Dense
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.layers.moved import Reshape
from xlcnn.sheets.layers.relu import ReLU
from xlcnn.sheets.parts import Labels
from xlcnn.sheets.words import Words, brief, facts

CONV = Conv2d("conv1", "Conv1", ("input",), filters=2, kernel=(3, 3))
RELU = ReLU("relu1", "ReLU1", ("conv1",))

SAID: dict[str, Any] = {
    "guide": {"answer": "The network says", "half": "{0} (more at {1})", "truth": "{0} (told at {1}): {2}"},
    "kinds": {"conv2d": "convolution"},
    "options": {"kernel": "window {0}", "filters": "{0} filters", "padding": ""},
    "captions": {"filter": "filter {0} for map {1}", "in": "incoming", "odd": "{0} and {1}"},
    "sheets": {
        "conv1": {
            "title": "Conv1: the first",
            "does": "{channels} × {height} × {width} → {filters} × {out_height} × {out_width}, {kernel}",
            "try": "Play!",
            "captions": {"filter1.1": "the very first", "map": "a map"},
            "options": {"blur": "Blur"},
        },
        "samples": {"tab": "My samples", "options": {"user": "my image", "samples": "sample {0}"}},
    },
    "steps": {
        "10": {"title": "last", "does": "…", "try": "…", "sheets": ["conv1", "relu1"]},
        "0": {"title": "first", "does": "…", "try": "…", "sheets": ["conv1"]},
        "2": {"title": "second", "does": "…", "try": "…", "sheets": ["samples"]},
    },
    "halves": {
        "surely": {"told": "conv1", "half": "a truth", "corrected": "relu1", "truth": "it all"},
        "never": {"told": "relu1", "half": "another", "corrected": "softmax", "truth": "more"},
    },
    "glossary": {
        "weight": {"name": "weight", "meaning": "a number that is learned", "sheet": "conv1", "forms": ["weight", "weights"]},
        "edge": {"name": "Édge", "meaning": "where dark meets light", "sheet": "relu1"},
        "epoch": {"name": "epoch", "meaning": "all images once", "sheet": "history"},
    },
}
WORDS, SILENT = Words(Path("words.en.toml"), SAID), Words(Path("none.toml"), {})


def block(label: str) -> Block:
    return Block("part", (), label, 1, 1)


def test_words_are_found_by_their_keys() -> None:
    assert WORDS["guide", "answer"] == WORDS.get("guide", "answer") == "The network says"
    assert WORDS.get("guide", "question") is None
    assert WORDS.get("nothing", "at", "all") is None
    with pytest.raises(KeyError):
        WORDS["guide", "question"]


# ---- of a sheet ----


def test_a_sheet_is_told_in_the_lessons_words() -> None:
    parts = CONV.declare(sources((1, 28, 20)))
    assert WORDS.title(CONV) == "Conv1: the first"
    assert WORDS.does(CONV, parts) == "1 × 28 × 20 → 2 × 26 × 18, 3 × 3"
    assert WORDS.try_(CONV) == "Play!"


def test_a_sheet_without_words_is_told_in_general() -> None:
    other = Conv2d("other", "Other", ("input",), filters=2, kernel=(3, 3))
    parts = other.declare(sources((1, 5, 5)))
    assert WORDS.title(other) == "Other: convolution"
    assert WORDS.does(other, parts).startswith("Convolution: every filter is laid over every window of the maps;")
    assert "\n" not in WORDS.does(other, parts)
    assert WORDS.try_(other) == ""


def test_a_kind_without_a_name_is_called_as_in_the_file() -> None:
    assert WORDS.kind(CONV) == "convolution"
    assert WORDS.kind(RELU) == "relu"
    assert SILENT.title(RELU) == "ReLU1: relu"


@pytest.mark.parametrize(
    ("sheet", "shape", "expected"),
    [
        (CONV, (3, 28, 20), {"channels": 3, "height": 28, "width": 20, "filters": 2, "out_height": 26, "out_width": 18}),
        (RELU, (2, 5, 6), {"channels": 2, "height": 5, "out_height": 5, "out_width": 6, "filters": 2, "kernel": ""}),
        (Dense("d", "D", ("x",), units=10), (2, 12, 11), {"channels": 2, "height": 12, "width": 11, "units": 10}),
        (ReLU("r", "R", ("x",)), (7,), {"channels": 7, "units": 7, "height": 1, "out_height": 1}),
        (MaxPool2d("p", "P", ("x",)), (2, 9, 8), {"kernel": "2 × 2", "out_height": 4, "out_width": 4}),
        (Classes("c", "C", ()), None, {"channels": 1, "kernel": ""}),
    ],
)
def test_the_facts_that_words_may_mention(sheet: Sheet, shape: tuple[int, ...] | None, expected: dict[str, object]) -> None:
    known = facts(sheet, sheet.declare(sources(shape) if shape else []))
    assert known.items() >= expected.items()


# ---- options ----


def test_options_are_told_in_the_words_and_in_the_order_of_the_lesson() -> None:
    assert WORDS.options(CONV) == "window 3 × 3, 2 filters"
    assert WORDS.options(Dense("d", "D", ("x",), units=10)) == "units 10"


def test_what_is_as_usual_is_left_out() -> None:
    conv = Conv2d("c", "C", ("x",), filters=1, kernel=(2, 2), stride=(1, 2), lens=True, presets=True)
    assert WORDS.options(conv) == "window 2 × 2, 1 filters, stride 1 × 2"
    assert WORDS.options(MaxPool2d("p", "P", ("x",), kernel=(2, 2), stride=(2, 2))) == ""
    assert WORDS.options(RELU) == ""


def test_numbers_that_are_alike_are_told_once() -> None:
    assert brief("padding", (1, 1, 1, 1)) == "1"
    assert brief("padding", (1, 0, 1, 1)) == "1 × 0 × 1 × 1"
    assert brief("stride", (2, 2)) == "2"
    assert brief("kernel", (3, 3)) == "3 × 3"
    assert brief("mean", (0.485, 0.456, 0.406)) == "0.485 / 0.456 / 0.406"
    assert brief("mean", (0.5, 0.5, 0.5)) == "0.5"


def test_an_option_whose_words_are_empty_is_not_told() -> None:
    conv = Conv2d("c", "C", ("x",), filters=1, kernel=(2, 2), padding=(1, 0, 0, 0))
    assert WORDS.options(conv) == "window 2 × 2, 1 filters"
    assert SILENT.options(conv) == "kernel 2 × 2, padding 1 × 0 × 0 × 0, filters 1"


# ---- of a block ----


@pytest.mark.parametrize(
    ("sheet", "label", "caption"),
    [
        ("conv1", "filter1.1", "the very first"),  # this very block
        ("conv1", "map2", "a map"),  # the sheet's blocks of this kind
        ("conv1", "blur", "Blur"),  # a choice of the same name
        ("conv1", "filter2.1", "filter 2 for map 1"),  # all such blocks, with their numbers
        ("conv2", "filter2.1", "filter 2 for map 1"),
        ("conv2", "in", "incoming"),
        ("conv2", "odd", "and"),  # a number that is not there
        ("conv2", "strange3", "strange3"),  # its own label
    ],
)
def test_a_caption_is_the_most_special_one_that_is_said(sheet: str, label: str, caption: str) -> None:
    assert WORDS.caption(sheet, block(label)) == caption


def test_a_chart_without_a_caption_shows_its_key() -> None:
    assert WORDS.own_caption("conv1", "map") == "a map"
    assert WORDS.own_caption("conv1", "chart") == "chart"


def test_labels_are_what_they_must_be_or_the_lessons_words_with_their_numbers() -> None:
    assert WORDS.labels("samples", Labels("output", (2,), texts=("3 × 3", "{0}"))) == ["3 × 3", "{0}"]
    keys = (("user", 0), ("samples", 0), ("samples", 9), ("draw", 0))
    assert WORDS.labels("samples", Labels("options", (4,), keys=keys)) == ["my image", "sample 0", "sample 9", "draw 0"]


# ---- the steps ----


def test_steps_come_in_the_order_of_their_numbers() -> None:
    assert [(step.number, step.title) for step in WORDS.steps] == [(0, "first"), (2, "second"), (10, "last")]
    assert WORDS.steps[2].sheets == ("conv1", "relu1")
    assert SILENT.steps == []


def test_tabs_come_as_the_steps_lead_to_them() -> None:
    """The guide before all; what no step shows behind, in the order in which it came."""
    names = ["about", "relu1", "conv1", "guide", "samples", "network"]
    assert WORDS.order(names) == ["guide", "conv1", "samples", "relu1", "about", "network"]
    assert SILENT.order(names) == ["guide", "about", "relu1", "conv1", "samples", "network"]


def test_a_half_truth_and_its_correction_have_their_marks() -> None:
    titles = {"conv1": "Conv1", "relu1": "ReLU1", "softmax": "Softmax"}
    assert WORDS.marks("conv1", titles) == ["½ a truth (more at ReLU1)"]
    assert WORDS.marks("relu1", titles) == ["½ another (more at Softmax)", "✓ a truth (told at Conv1): it all"]
    assert WORDS.marks("samples", titles) == []
    assert SILENT.marks("conv1", titles) == []


def test_only_what_a_workbook_has_is_told() -> None:
    """Steps without any of their sheets, and half-truths without one of theirs, are left out; the rest stays."""
    few = WORDS.only(["conv1", "relu1"])
    assert [(step.number, step.sheets) for step in few.steps] == [(0, ("conv1",)), (10, ("conv1", "relu1"))]
    assert [half.told for half in few.halves] == ["conv1"]
    assert [(step.number, step.sheets) for step in WORDS.only(["relu1"]).steps] == [(10, ("relu1",))]
    assert WORDS.only(["relu1"]).halves == []
    assert few["guide", "answer"] == "The network says"
    assert [half.told for half in WORDS.halves] == ["conv1", "relu1"], "the words themselves stay as they are"


def test_a_tab_may_have_a_name_of_its_own_in_a_language() -> None:
    assert WORDS.tab("samples") == "My samples"
    assert WORDS.tab("conv1") is None


# ---- the glossary ----


def test_the_glossary_is_in_alphabetical_order_whatever_the_accents() -> None:
    assert [term.name for term in WORDS.glossary] == ["Édge", "epoch", "weight"]
    assert [term.forms for term in WORDS.glossary] == [("Édge",), ("epoch",), ("weight", "weights")]
    assert SILENT.glossary == []


def test_the_glossary_tells_only_what_the_workbook_shows_with_a_link_to_it() -> None:
    said = Words(Path("w.toml"), {**SAID, "glossary_heads": {"term": "Term", "meaning": "Meaning", "where": "Where"}})
    sheet = Glossary("glossary", "Glossary", ())
    assert sheet.declare([]) == {}
    assert place(sheet, {}).blocks == ()
    notes = list(sheet.notes(said, {"conv1": CONV, "relu1": RELU}, {}))
    rows = [[note.text for note in notes if note.row == row] for row in sorted({note.row for note in notes})]
    assert rows == [
        ["Term", "Meaning", "Where"],
        ["Édge", "where dark meets light", "ReLU1"],
        ["weight", "a number that is learned", "Conv1"],
    ]
    assert [note.link for note in notes if note.link] == ["relu1", "conv1"]


def test_the_lessons_glossary_has_no_blocks() -> None:
    assert LESSON["glossary"].blocks == ()


def test_the_facts_of_a_layer_that_makes_a_vector() -> None:
    layer = Reshape("reshape1", "Reshape1", ("input",), shape=(8,), split=(8,), axes=(0,))
    known = facts(layer, {})
    assert (known["channels"], known["height"], known["width"]) == (8, 1, 1)
