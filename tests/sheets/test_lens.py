"""Looking inside one cell: the parts of one activation, worked by hand and against the map itself. See also `test_misuse`."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, Index, at, cell, edited, recalculated, tab
from tests.sheets.alone import run, sources, stand
from xlcnn import Network, load_image, verify
from xlcnn.errors import NetworkError
from xlcnn.grid.references import a1_range
from xlcnn.sheets import lens
from xlcnn.sheets.layers.conv2d import Conv2d
from xlcnn.sheets.layers.maxpool2d import MaxPool2d
from xlcnn.sheets.parts import Choice


def conv(**options: object) -> Conv2d:
    return Conv2d("c", "C", ("x",), **{"kernel": (2, 2), "filters": 1, "lens": True, **options})  # type: ignore[arg-type]


def pool(**options: object) -> MaxPool2d:
    return MaxPool2d("p", "P", ("x",), **{"lens": True, **options})  # type: ignore[arg-type]


def pick(number: float, row: float, col: float) -> dict[str, float]:
    return dict(zip(lens.PICKS, (number, row, col), strict=True))


# ---- the mathematics ----


def test_one_cell_of_a_convolution_by_hand() -> None:
    x = [[[1, 2, 0], [0, 1, 3], [4, 0, 1]]]
    given = {"weight": [[[[1, -1], [2, 0.5]]], [[[0, 0], [0, 10]]]], "bias": [0.25, 1]}
    v = run(conv(filters=2), x, **given, **pick(1, 2, 2))
    assert v["window"].tolist() == [[[1, 3], [0, 1]]]
    assert v["times"].tolist() == [[[1, -3], [0, 0.5]]]
    assert v["sum"].tolist() == [-1.5]
    assert v["result"] == -1.25 == v["output"][0, 1, 1]
    v = run(conv(filters=2), x, **given, **pick(2, 1, 2))
    assert v["result"] == 31 == v["output"][1, 0, 1]


@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (1, 2), (2, 1)])
def test_every_cell_is_the_sum_of_its_parts(stride: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    layer = conv(filters=2, kernel=(3, 2), stride=stride, padding=(2, 0, 1, 1))
    x = random.normal(size=(3, 5, 6))
    parts = layer.declare(sources(x.shape))
    given = {"weight": random.normal(size=parts["weight"].shape), "bias": random.normal(size=2)}
    for o, y, x_ in np.ndindex(*parts["output"].shape):
        v = run(layer, x, **given, **pick(o + 1, y + 1, x_ + 1))
        assert v["result"] == pytest.approx(v["output"][o, y, x_], abs=1e-12)
        assert v["found"] == 1


def test_one_cell_of_a_pool() -> None:
    v = run(pool(), np.arange(32).reshape(2, 4, 4), **pick(2, 1, 2))
    assert v["window"].tolist() == [[18, 19], [22, 23]]
    assert v["result"] == 23 == v["output"][1, 0, 1]


def test_with_presets_the_chosen_filter_is_seen() -> None:
    x = np.arange(9).reshape(1, 3, 3)
    v = run(conv(kernel=(3, 3), presets=True), x, weight=np.zeros((1, 1, 3, 3)), bias=[0.5], choice=[6], **pick(1, 1, 1))
    assert v["picked"].tolist() == v["filter"][0].tolist()
    assert v["result"] == 4.5 == v["output"][0, 0, 0]


@pytest.mark.parametrize(
    ("typed", "looked_at"),
    [
        (pick(1, 2, 2), [1, 2, 2]),
        (pick(1, 3, 1), [1, 2, 1]),  # beyond the edge: the edge
        (pick(9, 30, 30), [2, 2, 2]),
        (pick(0, -1, 1), [1, 1, 1]),
        (pick(2, 1.9, 2.5), [2, 1, 2]),  # a fraction: the whole number below
        (pick(2, np.nan, 2), [2, 1, 2]),  # no number at all: the first
    ],
)
def test_what_lies_outside_is_brought_back_to_the_edge_and_noticed(typed: dict[str, float], looked_at: list[int]) -> None:
    v = run(pool(), np.arange(32).reshape(2, 4, 4), **typed)
    assert v["looking"].tolist() == [looked_at]
    assert v["found"] == (looked_at == list(typed.values()))
    o, y, x = (n - 1 for n in looked_at)
    assert v["result"] == v["output"][o, y, x]


def test_there_is_nothing_to_see_where_the_spreadsheet_looks_at_no_cell() -> None:
    """Only an engine that computed it wrong can come here."""
    output = np.zeros((1, 2, 2))
    for looking in ([1, 3, 1], [0, 1, 1], [1, 1.5, 1], [1, np.nan, 1]):
        assert lens.looked({"looking": np.array([looking]), "output": output}) is None
        assert np.isnan(lens.look({"looking": np.array([looking]), "output": output}, (2, 2), lambda o, y, x: output[o])).all()


def test_a_new_sheet_looks_at_the_strongest_activation_of_the_first_map() -> None:
    output = np.zeros((2, 3, 4))
    output[0, 1, 2], output[0, 0, 0], output[1, 0, 0] = -5, 3, 99
    assert {name: float(n) for name, n in conv().begin({"c": {"output": output}}).items()} == pick(1, 2, 3)
    assert conv(lens=False).begin({"c": {"output": output}}) == {}


# ---- the sheet ----


@pytest.mark.parametrize("layer", [conv(filters=3), pool()])
def test_only_cells_that_exist_may_be_picked(layer: Conv2d | MaxPool2d) -> None:
    parts = layer.declare(sources((2, 6, 8)))
    picks = [parts[name] for name in lens.PICKS]
    assert [(p.low, p.high) for p in picks if isinstance(p, Choice)] == [(1, n) for n in parts["output"].shape]
    assert all(p.default is not None and p.low <= p.default <= p.high for p in picks if isinstance(p, Choice))


def test_without_a_lens_there_is_nothing_to_pick() -> None:
    assert not {"looking", "window", "celltext"} & set(conv(lens=False).declare(sources((1, 4, 4))))


def test_the_formula_looks_up_the_window_that_the_map_uses() -> None:
    placed = stand(conv(stride=(2, 1)), (1, 5, 4))
    here = placed.references
    _, row, col = lens.picks(here)
    assert placed.formula("window", (0, 0, 1)) == f"=INDEX({here.whole('in', 0)},({row}-1)*2+1,{col}+1)"


def test_the_picked_cell_and_its_window_are_marked() -> None:
    placed = stand(conv(filters=2, stride=(2, 1)), (2, 5, 4))
    marks = list(placed.sheet.marks(placed.parts, placed.blocks, placed.references))
    blocks = [b for b in placed.blocks if b.part in ("in", "output")]
    assert sorted(mark.ranges for mark in marks) == sorted(a1_range(b).replace("$", "") for b in blocks)
    number, row, col = lens.picks(placed.references)
    for mark, block in zip(marks, (b for b in placed.blocks if b.part in ("in", "output")), strict=True):
        (test,) = mark.formulas
        assert (f"{number}={block.index[0] + 1}" in test) == (block.part == "output"), "each new map reads all maps before it"
        assert row in test
        assert col in test


def test_the_window_of_a_pool_is_marked_in_its_own_map_only() -> None:
    placed = stand(pool(), (2, 4, 4))
    tests = [mark.formulas[0] for mark in placed.sheet.marks(placed.parts, placed.blocks, placed.references)]
    number = lens.picks(placed.references)[0]
    assert sorted(test.split(",")[0] for test in tests) == [f"AND({number}={k}" for k in (1, 1, 2, 2)]


def test_a_lens_is_for_as_many_maps_as_a_formula_can_choose_among() -> None:
    conv(filters=29).declare(sources((1, 4, 4)))
    for layer, channels in ((conv(filters=30), 1), (pool(), 30)):
        with pytest.raises(NetworkError, match="lens is for at most 29 maps"):
            layer.declare(sources((channels, 4, 4)))


# ---- the workbook ----

PICKED = [("conv1", 2, 20, 11), ("conv2", 2, 1, 24), ("maxpool", 2, 12, 3)]


def picked(seven: Path, path: Path) -> Path:
    changes: dict[tuple[str, str, Index], object] = {
        (sheet, part, ()): number for sheet, *numbers in PICKED for part, number in zip(lens.PICKS, numbers, strict=True)
    }  # fmt: skip
    return edited(seven, path, changes)


@pytest.fixture(scope="module")
def elsewhere(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook with other cells picked, recalculated."""
    return recalculated(picked(seven, tmp_path_factory.mktemp("lens") / "picked.xlsx"))


def test_another_cell_picked_in_the_workbook(elsewhere: Path, network: Network) -> None:
    """Read with openpyxl: the results are the maps' own cells, and the formulas as text those of these cells."""
    report = verify(elsewhere)
    assert report.ok, report.problems[:3]
    results, formulas = openpyxl.load_workbook(elsewhere, data_only=True), openpyxl.load_workbook(elsewhere)
    values = network.forward(load_image(SEVEN))
    for sheet, o, y, x in PICKED:
        index = (o - 1, y - 1, x - 1)
        page = results[tab(sheet)]
        assert page[cell(sheet, "result")].value == pytest.approx(values[sheet]["output"][index], abs=1e-9)
        assert page[cell(sheet, "celltext")].value == formulas[tab(sheet)][cell(sheet, "output", index)].value
        assert page[cell(sheet, "found")].value == 1


def test_a_text_that_names_another_cell_is_caught(seven: Path, tmp_path: Path) -> None:
    text = LESSON["maxpool"].formula("celltext", ())
    assert text is not None
    lie = text.replace("*2", "*1", 1)
    assert lie != text
    path = edited(seven, tmp_path / "lies.xlsx", {("maxpool", "celltext", ()): lie})
    report = verify(path, trials=0)
    assert [(p.sheet, p.cell) for p in report.problems] == [at("maxpool", "celltext")]


@pytest.mark.libreoffice
@pytest.mark.slow
def test_another_cell_picked_in_libreoffice(seven: Path, tmp_path: Path) -> None:
    report = verify(picked(seven, tmp_path / "picked.xlsx"), engine="libreoffice", trials=0)
    assert report.ok, report.problems[:3]
