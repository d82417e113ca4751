"""Looking inside one cell: the parts of one activation, worked by hand and against the map itself."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from xlcnn import Network, find_template, load_image, verify
from xlcnn.errors import NetworkError
from xlcnn.layers import Conv2d, MaxPool2d, Part
from xlcnn.layout import arrange, lay_out
from xlcnn.workbook.package import store_results

SEVEN = Path(__file__).parents[2] / "docs" / "seven.png"


def pick(number: int, row: int, col: int) -> dict[str, np.ndarray]:
    return {name: np.array(float(n)) for name, n in zip(("pickmap", "pickrow", "pickcol"), (number, row, col), strict=True)}


def test_one_cell_of_a_convolution_by_hand() -> None:
    layer = Conv2d("c", "C", ("x",), filters=2, kernel=(2, 2), lens=1)
    parts = layer.parts(Part("computed", (1, 3, 3)))
    x = np.array([[[1, 2, 0], [0, 1, 3], [4, 0, 1]]], dtype=float)
    weight = np.array([[[[1, -1], [2, 0.5]]], [[[0, 0], [0, 10]]]])
    v = layer.forward(parts, {"in": x, "weight": weight, "bias": np.array([0.25, 1]), **pick(1, 2, 2)})
    assert v["window"].tolist() == [[[1, 3], [0, 1]]]
    assert v["times"].tolist() == [[[1, -3], [0, 0.5]]]
    assert v["sum"].tolist() == [-1.5]
    assert v["result"] == -1.25 == v["output"][0, 1, 1]
    v = layer.forward(parts, {"in": x, "weight": weight, "bias": np.array([0.25, 1]), **pick(2, 1, 2)})
    assert v["result"] == 31 == v["output"][1, 0, 1]


@pytest.mark.parametrize("stride", [1, 2])
def test_every_cell_is_the_sum_of_its_parts(stride: int) -> None:
    random = np.random.default_rng(0)
    layer = Conv2d("c", "C", ("x",), filters=2, kernel=(3, 2), stride=stride, padding=1, lens=1)
    x = random.normal(size=(3, 5, 6))
    parts = layer.parts(Part("computed", x.shape))
    given = {"in": layer.incoming(x), "weight": random.normal(size=parts["weight"].shape), "bias": random.normal(size=2)}
    for o, y, x_ in np.ndindex(*parts["output"].shape):
        v = layer.forward(parts, given | pick(o + 1, y + 1, x_ + 1))
        assert v["result"] == pytest.approx(v["output"][o, y, x_], abs=1e-12)


def test_one_cell_of_a_pool() -> None:
    layer = MaxPool2d("p", "P", ("x",), lens=1)
    parts = layer.parts(Part("computed", (2, 4, 4)))
    x = np.arange(32.0).reshape(2, 4, 4)
    v = layer.forward(parts, {"in": x, **pick(2, 1, 2)})
    assert v["window"].tolist() == [[18, 19], [22, 23]]
    assert v["result"] == 23 == v["output"][1, 0, 1]


def test_a_cell_that_does_not_exist_is_no_number() -> None:
    layer = MaxPool2d("p", "P", ("x",), lens=1)
    parts = layer.parts(Part("computed", (1, 4, 4)))
    assert np.isnan(layer.forward(parts, {"in": np.zeros((1, 4, 4)), **pick(1, 3, 1)})["result"])


def test_the_formula_looks_up_the_window_that_the_map_uses() -> None:
    layer = Conv2d("c", "C", ("x",), filters=1, kernel=(2, 2), stride=2, lens=1)
    sheet = arrange(layer, layer.parts(Part("computed", (1, 4, 4))))
    row, col = (sheet.references.at(n, (), fixed=True) for n in ("pickrow", "pickcol"))
    assert sheet.formula("window", (0, 0, 1)) == f"=INDEX($B$6:$E$9,({row}-1)*2+1,({col}-1)*2+2)"


def test_a_lens_is_on_or_off() -> None:
    with pytest.raises(NetworkError, match="lens is 0, or 1"):
        Conv2d("c", "C", ("x",), 1, (2, 2), lens=2).parts(Part("computed", (1, 4, 4)))


PICKED = [("conv1", 2, 20, 11), ("conv2", 2, 1, 24), ("maxpool", 2, 12, 3)]


def played(seven: Path, path: Path) -> Path:
    book = openpyxl.load_workbook(seven)
    layout = lay_out(find_template().network)
    for name, *numbers in PICKED:
        sheet = layout.sheets[name]
        for part, number in zip(("pickmap", "pickrow", "pickcol"), numbers, strict=True):
            book[sheet.layer.sheet].cell(*sheet.references.locate(part, ())).value = number
    book.save(path)
    return path


def test_another_cell_picked_in_the_workbook(seven: Path, tmp_path: Path, network: Network) -> None:
    """The results of the looked-into cells, read with openpyxl, are the maps' own cells."""
    path = played(seven, tmp_path / "picked.xlsx")
    path.write_bytes(store_results(path.read_bytes()))
    report = verify(path)
    assert report.ok, report.problems[:3]
    book = openpyxl.load_workbook(path, data_only=True)
    values = network.forward(load_image(SEVEN))
    for name, o, y, x in PICKED:
        sheet = lay_out(network).sheets[name]
        found = book[sheet.layer.sheet].cell(*sheet.references.locate("result", ())).value
        assert found == pytest.approx(values[name]["output"][o - 1, y - 1, x - 1], abs=1e-9)


def test_the_formula_as_text_is_the_formula_of_the_cell(seven: Path, tmp_path: Path, network: Network) -> None:
    path = played(seven, tmp_path / "picked.xlsx")
    path.write_bytes(store_results(path.read_bytes()))
    results, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    for name, o, y, x in PICKED:
        sheet = lay_out(network).sheets[name]
        said = results[sheet.layer.sheet].cell(*sheet.references.locate("celltext", ())).value
        assert said == formulas[sheet.layer.sheet].cell(*sheet.references.locate("output", (o - 1, y - 1, x - 1))).value


def test_a_text_that_names_another_cell_is_caught(seven: Path, tmp_path: Path, network: Network) -> None:
    book = openpyxl.load_workbook(seven)
    sheet = lay_out(network).sheets["maxpool"]
    cell = book["MaxPool"].cell(*sheet.references.locate("celltext", ()))
    cell.value = cell.value.replace("*2", "*1", 1)
    book.save(tmp_path / "lies.xlsx")
    report = verify(tmp_path / "lies.xlsx", trials=0)
    assert [(p.sheet, p.cell) for p in report.problems] == [("MaxPool", cell.coordinate)]


@pytest.mark.libreoffice
@pytest.mark.slow
def test_another_cell_picked_in_libreoffice(seven: Path, tmp_path: Path) -> None:
    report = verify(played(seven, tmp_path / "picked.xlsx"), engine="libreoffice", trials=0)
    assert report.ok, report.problems[:3]
