"""Networks for which one formula would be too long, as whole workbooks: made, verified, and not verified if one cell is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.network.importing.graphs import model, node, saved, weights
from tests.networks import build, write_workbook
from tests.verifier.helpers import changed
from xlcnn import Network, make_workbook, verify
from xlcnn.cli import main
from xlcnn.grid.references import a1
from xlcnn.layout.placed import lay_out
from xlcnn.lesson.importing import import_network, read_network
from xlcnn.sheets.plan import plan

pytestmark = pytest.mark.slow


def network(shape: list[int], **layer: Any) -> Network:
    layers: list[dict[str, Any]] = [
        {"name": "input", "kind": "input", "shape": shape}, {"name": "layer", "inputs": ["input"], **layer},
    ]  # fmt: skip
    return build([*layers, *([{"name": "softmax", "kind": "softmax", "inputs": ["layer"]}] if layer["kind"] == "dense" else [])])


LARGE = {
    "600 maps, 1×1 filters": lambda: network([600, 4, 4], kind="conv2d", filters=3, kernel=1),
    "300 maps, 3×3 filters": lambda: network([300, 6, 6], kind="conv2d", filters=2, kernel=3, padding=1),
    "300 maps, steps of 2": lambda: network([300, 6, 6], kind="conv2d", filters=2, kernel=3, stride=2),
    "two groups of 200 maps": lambda: network([400, 3, 3], kind="conv2d", filters=2, kernel=2, groups=2),
    "a vector of 2048": lambda: network([512, 2, 2], kind="dense", units=3),
    "softmax across 600 maps": lambda: network([600, 2, 2], kind="softmax2d"),
    "1,000 classes": lambda: network([1, 3, 3], kind="dense", units=1000),
}


@pytest.mark.parametrize("engine", ["formualizer", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_large_layers_are_verified(make: Callable[[], Network], engine: str, tmp_path: Path) -> None:
    report = verify(write_workbook(make(), tmp_path / "large.xlsx"), engine, trials=1)
    assert report.problems == ()
    assert report.ok


def test_a_partial_sum_that_leaves_out_a_map_is_found(tmp_path: Path) -> None:
    net = network([130, 3, 3], kind="conv2d", filters=1, kernel=1)
    placed = lay_out(plan(net.layers))["layer"]
    path = write_workbook(net, tmp_path / "large.xlsx")
    at = placed.references
    last = f"+SUMPRODUCT({at('in', 129, 0, 0)},{at.whole('weight', 0, 129)})"
    where = (placed.title, a1(*at.locate("partial", 0, 1, 0, 0)))
    wrong = changed(path, tmp_path / "wrong.xlsx", {where: lambda xml: xml.replace(last, "+0*" + last[1:])})
    assert {problem.sheet for problem in verify(wrong, trials=1).problems} == {placed.title}


def test_a_network_of_a_thousand_named_classes(tmp_path: Path) -> None:
    """The way of an ImageNet classifier: imported, made, verified; the Guide says the class by its name."""
    nodes = [node("GlobalAveragePool", "x", "p"), node("Flatten", "p", "v"), node("Gemm", "v w", "y", transB=1)]
    path = saved(tmp_path, model(nodes, {"w": weights(1000, 3)}, [1, 3, 6, 6], "y"))
    template = import_network(path, tmp_path / "mine", classes=[f"thing {k}" for k in range(1000)])
    image = weights(3, 6, 6) % 1.0
    assert make_workbook(image, tmp_path / "book.xlsx", template) is not None
    report = verify(tmp_path / "book.xlsx", trials=1)
    assert report.problems == ()


def test_a_network_without_room_is_refused_before_any_work(tmp_path: Path) -> None:
    path = saved(tmp_path, model([node("Relu", "x", "y")], {}, [1, 1, 3, 16_384], "y"))
    done = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine")])
    assert done.exit_code == 2
    assert "layer input (input): needs 16,385 columns; a sheet has 16,384: use smaller images or fewer maps" in done.output
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_network_with_more_cells_than_verify_reads_is_imported_with_a_word_about_it(tmp_path: Path) -> None:
    path = saved(tmp_path, model([node("Relu", "x", "y")], {}, [1, 1, 800, 900], "y"))
    done = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine")])
    assert done.exit_code == 0
    assert "its workbooks have 3,600,738 cells" in done.output
    assert "--max-cells 5000000" in done.output


def test_the_cells_of_each_layer_are_told(tmp_path: Path) -> None:
    path = saved(tmp_path, model([node("Relu", "x", "y")], {}, [1, 1, 2, 3], "y"))
    assert read_network(path).network.shapes["relu1"] == (1, 2, 3)
    done = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine")])
    heads, *rows = (line.split() for line in done.output.splitlines())
    cells = {row[0]: row[heads.index("cells") + 4] for row in rows[:2]}  # a shape is five words
    assert cells == {"input": "29", "relu1": "14"}
    assert "max-cells" not in done.output
