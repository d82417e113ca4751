"""The overview: every layer is there, live, each cell its layer's own; and no two names clash."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, reference, tab
from tests.networks import build, coloured, write_workbook
from xlcnn import Network, find_template, load_image, verify
from xlcnn.layout.placed import PlacedSheet, lay_out
from xlcnn.sheets import overview
from xlcnn.sheets.graph import evaluate
from xlcnn.sheets.overview import SIGNS, shown_shape
from xlcnn.sheets.parts import NOTHING, Array, Part
from xlcnn.sheets.plan import plan
from xlcnn.workbook.numbers import given_numbers

TEMPLATE = find_template("lesson")
PLAN = TEMPLATE.plan
OVERVIEW: PlacedSheet = LESSON[overview.NAME]
SHOWN: list[Part] = [part for part in OVERVIEW.parts.values() if part.has_cells]


def values(image: Array) -> dict[str, dict[str, Array]]:
    """Every value of the layers and of the overview by NumPy."""
    given = given_numbers(TEMPLATE.network, image, PLAN, TEMPLATE.pictures, TEMPLATE.records)
    return evaluate(PLAN.parts, given)


def test_all_layers_are_there_in_their_order() -> None:
    assert [part.name for part in SHOWN] == [layer.name for layer in PLAN.layers]
    for part in SHOWN:
        assert part.shape == PLAN.parts[part.name]["output"].shape


@pytest.mark.parametrize("part", SHOWN, ids=lambda part: str(part.name))
def test_each_cell_is_the_cell_of_its_layer(part: Part) -> None:
    """Each formula is a link and nothing else, so the overview is as live as the layers are."""
    for index in np.ndindex(*part.shape):
        assert OVERVIEW.formula(part.name, index) == f"={reference(part.name, 'output', index)}"


@pytest.mark.parametrize("image", [load_image(SEVEN), np.random.default_rng(3).uniform(size=(1, 28, 28))], ids=["seven", "random"])
def test_each_number_is_the_number_of_its_layer(image: Array) -> None:
    found, expected = values(image), TEMPLATE.network.forward(image)
    for part in SHOWN:
        shown = found[overview.NAME][part.name]
        assert (shown == found[part.name]["output"]).all(), part.name
        assert shown == pytest.approx(expected[part.name]["output"], abs=1e-12), part.name


def test_what_the_workbook_stores_is_what_numpy_gives(seven: Path) -> None:
    """Read with openpyxl: every layer's numbers, at the overview's own places."""
    page, found = openpyxl.load_workbook(seven, data_only=True)[tab(overview.NAME)], values(load_image(SEVEN))
    for part in SHOWN:
        cells = [page.cell(row, col).value for row, col in OVERVIEW.positions(part.name).reshape(-1, 2).tolist()]
        assert np.abs(np.array(cells, dtype=float).reshape(part.shape) - found[part.name]["output"]).max() < 1e-9, part.name


def test_no_two_names_clash() -> None:
    """The second map of a layer called relu must not be called as the layer relu2 is: ``overview.relu.2``."""
    names = [OVERVIEW.defined_name(block).casefold() for block in OVERVIEW.blocks]
    assert len(set(names)) == len(names)
    assert {"overview.conv1.1", "overview.conv1.2", "overview.dense", "overview.softmax"} <= set(names)
    everywhere = [placed.defined_name(block).casefold() for placed in LESSON.values() for block in placed.blocks]
    assert len(set(everywhere)) == len(everywhere)


def test_a_layer_whose_name_ends_in_a_number_does_not_clash_with_a_map() -> None:
    """A network with the layers ``relu``, of four maps, and ``relu2``."""
    placed = lay_out(plan(coloured().layers))[overview.NAME]
    names = [placed.defined_name(block) for block in placed.blocks]
    assert len(set(names)) == len(names)
    assert {"overview.relu.1", "overview.relu.2", "overview.relu2"} <= set(names)


def test_no_two_layers_share_a_cell() -> None:
    cells = [tuple(cell) for part in SHOWN for cell in OVERVIEW.positions(part.name).reshape(-1, 2).tolist()]
    assert len(set(cells)) == len(cells) == sum(int(np.prod(part.shape)) for part in SHOWN)


def test_it_shows_colours_alone() -> None:
    """And of scores whether they are negative: shades of grey would not tell."""
    assert {part.name: part.shown for part in SHOWN if part.shown != NOTHING} == {"dense": SIGNS}


def test_each_layer_is_named_with_a_link_to_its_sheet() -> None:
    notes = list(OVERVIEW.sheet.notes(TEMPLATE.words(), PLAN.sheets, PLAN.parts))
    assert [(note.link, note.text) for note in notes if note.link] == [(layer.name, layer.title) for layer in PLAN.layers]
    assert [note.text for note in notes if note.style == "arrow"] == ["→"] * (len(PLAN.layers) - 1)


def wide() -> Network:
    """More maps than one screen shows, and vectors of more values than stand in a column: 120 make a rectangle, 97 none."""
    return build([
        {"name": "input", "kind": "input", "shape": [1, 28, 28]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 9, "kernel": [1, 1]},
        {"name": "pool", "kind": "maxpool2d", "inputs": ["conv"], "kernel": [14, 14], "stride": 14},
        {"name": "hidden", "kind": "dense", "inputs": ["pool"], "units": 120},
        {"name": "prime", "kind": "dense", "inputs": ["hidden"], "units": 97},
        {"name": "dense", "kind": "dense", "inputs": ["prime"], "units": 16},
    ])  # fmt: skip


def test_of_more_maps_than_fit_a_screen_the_first_are_shown_and_the_caption_says_so() -> None:
    layout = lay_out(plan(wide().layers))
    page = layout[overview.NAME]
    shown = {part.name: part.shape for part in page.parts.values() if part.has_cells}
    assert shown == {
        "input": (1, 28, 28), "conv": (6, 28, 28), "pool": (9, 2, 2), "hidden": (10, 12), "prime": (9, 10), "dense": (16,)
    }  # fmt: skip
    notes = page.sheet.notes(TEMPLATE.words(), {n: p.sheet for n, p in layout.items()}, {n: p.parts for n, p in layout.items()})
    captions = [note.text for note in notes if note.style == "caption"]
    assert captions[:6] == ["1 × 28 × 28", "9 × 28 × 28: 1–6", "9 × 2 × 2", "120", "97: 1–90", "16"]
    assert page.extent[0] <= overview.TOP + overview.HEAD + overview.HEIGHT, "one screen, not a scroll"


@pytest.mark.parametrize(
    ("shape", "shown"), [((3, 32, 32), 3), ((3, 66, 66), 3), ((3, 67, 67), 1), ((2, 20, 66), 2), ((4, 32, 32), 2), ((1, 80, 80), 1)]
)
def test_a_photographs_channels_are_all_shown_where_each_has_room(shape: tuple[int, int, int], shown: int) -> None:
    assert shown_shape(shape) == (shown, *shape[1:])


def test_a_long_vector_is_read_like_a_page() -> None:
    layout = lay_out(plan(wide().layers))
    assert layout[overview.NAME].formula("hidden", (1, 0)) == layout["hidden"].references("output", 12).join(("=Hidden!", ""))


def test_a_workbook_that_shows_some_of_the_maps_is_verified(tmp_path: Path) -> None:
    report = verify(write_workbook(wide(), tmp_path / "wide.xlsx", np.random.default_rng(1).uniform(size=(1, 28, 28))))
    assert report.ok, report.problems[:3]


def test_no_words_lie_over_others_or_over_numbers(tmp_path: Path) -> None:
    """The numbers of sixteen classes begin where the shape of their tensor ends."""
    sheet = openpyxl.load_workbook(write_workbook(wide(), tmp_path / "wide.xlsx"))["Overview"]
    cells = [cell for area in sheet.merged_cells.ranges for cell in area.cells]
    assert len(set(cells)) == len(cells)
