"""A model's file becomes a template: a folder written whole or not at all, that makes workbooks in every language."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from PIL import Image

from tests.network.importing.graphs import model, node, saved, weights
from xlcnn import NetworkError, TemplateError, find_template, make_workbook, verify
from xlcnn.cli import main
from xlcnn.lesson.importing import Preparation, apart, check, import_network, read_network
from xlcnn.verifier.report import text_report


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network for photographs: three colours, a batch normalisation, five classes."""
    nodes = [
        node("Conv", "x w", "c"),
        node("BatchNormalization", "c g b m v", "n"),
        node("Relu", "n", "r"),
        node("GlobalAveragePool", "r", "p"),
        node("Flatten", "p", "f"),
        node("Gemm", "f wd", "y", transB=1),
    ]
    four = {name: weights(4) for name in "gbm"}
    constants = {"w": weights(4, 3, 3, 3), **four, "v": abs(weights(4)) + 0.5, "wd": weights(5, 4)}
    return saved(tmp_path_factory.mktemp("model"), model(nodes, constants, ["n", 3, 8, 10], "y"))


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(1).integers(0, 255, (30, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photograph.png")
    return tmp_path / "photograph.png"


FIXTURES = Path(__file__).parents[1] / "network" / "importing" / "fixtures"
IMAGENET = Preparation(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_its_workbook_is_verified_in_every_language(path: Path, photograph: Path, tmp_path: Path, language: str) -> None:
    template = import_network(path, tmp_path / "mine", preparation=IMAGENET)
    label, probability, *_ = make_workbook(photograph, tmp_path / "book.xlsx", template, language=language) or (-1, 0)
    report = verify(tmp_path / "book.xlsx", image=photograph, trials=1)
    assert report.ok, report.problems[:3]
    assert report.prediction is not None
    assert report.prediction["label"] == label
    assert 0.2 < probability <= 1


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("libreoffice", marks=[pytest.mark.libreoffice, pytest.mark.slow]),
        pytest.param("gnumeric", marks=[pytest.mark.gnumeric, pytest.mark.slow]),
        "ironcalc",
    ],
)
@pytest.mark.parametrize("model", ["torch-excited-script.onnx", "torch-residual-dynamo.onnx"])
def test_other_programs_compute_the_same(model: str, engine: str, photograph: Path, tmp_path: Path) -> None:
    template = import_network(FIXTURES / model, tmp_path / "mine")
    make_workbook(photograph, tmp_path / "book.xlsx", template, as_is=True)
    report = verify(tmp_path / "book.xlsx", engine=engine, trials=1)
    assert report.ok, report.problems[:3]


def test_the_image_is_prepared_as_the_network_was_trained(path: Path, tmp_path: Path) -> None:
    how = Preparation(scale=2, mean=(0.1, 0.2, 0.3), std=(0.5,), invert=True)
    template, imported = import_network(path, tmp_path / "mine", preparation=how), read_network(path)
    image = np.random.default_rng(2).uniform(size=(3, 8, 10))
    by_hand = (2 * (1 - image) - np.array([0.1, 0.2, 0.3])[:, None, None]) / 0.5
    values = template.network.forward(image)
    assert np.allclose(values["input"]["output"], by_hand)
    assert np.allclose(values["dense1"]["output"], imported.network.forward(by_hand, prepared=True)["dense1"]["output"])


def test_onnx_runtime_agrees(path: Path) -> None:
    pytest.importorskip("onnxruntime")
    imported = read_network(path, preparation=IMAGENET, fold=True)
    assert check(imported, path) < 1e-5


def test_onnx_runtime_reads_a_batch_of_two_in_doubles(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    found = model([node("Relu", "x", "r"), node("Flatten", "r", "y")], {}, [2, 1, 3, 3], "y")
    found.graph.input[0].type.tensor_type.elem_type = found.graph.output[0].type.tensor_type.elem_type = 11  # doubles
    path = saved(tmp_path, found)
    assert check(read_network(path), path) < 1e-9


def test_onnx_runtime_reads_pixels_of_one_byte(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    found = model([node("Cast", "x", "f", to=1), node("Relu", "f", "r"), node("Flatten", "r", "y")], {}, [1, 1, 3, 3], "y")
    found.graph.input[0].type.tensor_type.elem_type = 2  # bytes
    path = saved(tmp_path, found)
    assert check(read_network(path), path) == 0


@pytest.mark.parametrize(
    ("theirs", "ours", "far"),
    [
        ([1.0, np.nan], [1.5, np.nan], 0.5),
        ([np.inf, 1], [np.inf, 1], 0),
        ([1.0, 2], [1, np.nan], np.inf),
        ([np.nan, 2], [1, 2], np.inf),
    ],
)
def test_where_one_has_no_number_they_are_far_apart(theirs: list[float], ours: list[float], far: float) -> None:
    assert apart(np.array(theirs), np.array(ours)) == far


def test_what_onnx_runtime_refuses_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    found = model([node("Relu", "x", "y"), node("Nonsense", "y", "z")], {}, [1, 4], "y")
    path = saved(tmp_path, found)
    done = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine"), "--check"])
    assert done.exit_code == 2
    assert "ONNX Runtime cannot run it" in done.output
    assert not (tmp_path / "mine").exists()


def test_what_is_there_stays(path: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(TemplateError, match="exists already"):
        import_network(path, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_refused_file_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(NetworkError, match=r"model\.onnx: is no ONNX model"):
        import_network(tmp_path / "model.onnx", tmp_path / "mine")
    with pytest.raises(NetworkError, match=r"none of the files that can be imported: \.onnx"):
        import_network(tmp_path / "model.pt", tmp_path / "mine")
    assert [p.name for p in tmp_path.iterdir()] == ["model.onnx"]


def test_means_must_be_one_or_one_for_each_channel(path: Path, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="one for each of 3 channels, not 2"):
        import_network(path, tmp_path / "mine", preparation=Preparation(mean=(0.5, 0.5)))
    with pytest.raises(NetworkError, match="std must not be 0"):
        import_network(path, tmp_path / "mine", preparation=Preparation(std=(0.0,)))
    assert not (tmp_path / "mine").exists()


CLASSES = ("cat", "dog", "a bird of paradise", "Fisch", "château")


def test_classes_have_names(path: Path, photograph: Path, tmp_path: Path) -> None:
    """Beside their numbers, on the Guide, in the charts, on the command line."""
    template = import_network(path, tmp_path / "mine", preparation=IMAGENET, classes=CLASSES)
    label, *_ = make_workbook(photograph, tmp_path / "book.xlsx", template) or (-1, 0)
    report = verify(tmp_path / "book.xlsx", trials=2)
    assert report.ok, report.problems[:3]
    assert (report.prediction or {})["class"] == CLASSES[label]
    assert f"; it says {CLASSES[label]}, " in text_report(report, "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)
    shown = {cell.value for row in book["Softmax1"] for cell in row}
    assert shown >= set(CLASSES)
    assert CLASSES[label] in {cell.value for row in book["Guide"] for cell in row}
    done = CliRunner().invoke(main, ["predict", str(photograph), "--template", str(tmp_path / "mine")])
    assert done.output.startswith(f"not sure: {CLASSES[label]} (")  # its weights are random
    done = CliRunner().invoke(main, ["predict", str(photograph), "--json", "--template", str(tmp_path / "mine")])
    assert json.loads(done.output)[0]["class"] == CLASSES[label]


@pytest.mark.parametrize(
    ("classes", "says"),
    [
        (["a", "b"], "has 5 classes, not 2"),
        (["a", "b", "c", "d", "A"], "two classes have the same name"),
        (["a", "b", "c", "d", " "], "letters that can be seen"),
        (["a", "b", "c", "d", "e\x07"], "letters that can be seen"),
    ],
)
def test_names_that_do_not_fit_are_refused(path: Path, tmp_path: Path, classes: list[str], says: str) -> None:
    with pytest.raises(NetworkError, match=says):
        import_network(path, tmp_path / "mine", classes=classes)
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(("language", "title"), [("en", "Ma rete reads your image"), ("de", "Ma rete liest dein Bild")])
def test_the_network_has_a_name(path: Path, photograph: Path, tmp_path: Path, language: str, title: str) -> None:
    template = import_network(path, tmp_path / "own", name="Ma rete")
    assert find_template(str(tmp_path / "own")).title == template.title == "Ma rete"
    make_workbook(photograph, tmp_path / "made.xlsx", template, language=language)
    guide = openpyxl.load_workbook(tmp_path / "made.xlsx").worksheets[0]
    assert title in [cell.value for cell in guide[1]]
    assert verify(tmp_path / "made.xlsx", trials=0).ok


@pytest.mark.parametrize("name", [" ", "a\tb", "x" * 61])
def test_what_is_no_name_is_refused_and_nothing_is_written(path: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(NetworkError, match="a network's name has 1 to 60 letters that can be seen"):
        import_network(path, tmp_path / "own", name=name)
    assert not (tmp_path / "own").exists()
    template = import_network(path, tmp_path / "own")
    (tmp_path / "own" / "name.txt").write_text(name, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"name\.txt: a network's name has"):
        _ = template.title


def test_names_in_a_folder_that_do_not_fit_are_named_with_their_file(path: Path, tmp_path: Path) -> None:
    import_network(path, tmp_path / "mine", classes=CLASSES)
    (tmp_path / "mine" / "classes.txt").write_text("cat\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"classes\.txt: the network has 5 classes, not 1"):
        _ = find_template(str(tmp_path / "mine")).classes


def test_the_command(path: Path, photograph: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    folder, book = str(tmp_path / "mine"), str(tmp_path / "book.xlsx")
    done = run(main, ["import", str(path), "-o", folder, "--mean", "0.5", "--std", "0.25,0.5,0.5", "--fold"])
    assert done.exit_code == 0, done.output
    assert "Conv + BatchNormalization" in done.output
    assert "batchnorm" not in done.output
    made = run(main, ["make", str(photograph), "--template", folder, "-o", book])
    assert made.exit_code == 0, made.output
    assert verify(book, trials=1).ok


def test_a_network_that_says_of_each_pixel_what_it_shows(tmp_path: Path, photograph: Path) -> None:
    """It has no classes to choose among; its workbook is made and verified all the same."""
    nodes = [node("Conv", "x w", "c", pads=[1, 1, 1, 1]), node("Softmax", "c", "y", axis=1)]
    path = saved(tmp_path, model(nodes, {"w": weights(2, 3, 3, 3)}, [1, 3, 6, 6], "y"))
    template = import_network(path, tmp_path / "mine")
    assert make_workbook(photograph, tmp_path / "book.xlsx", template) is None
    report = verify(tmp_path / "book.xlsx", trials=1)
    assert report.ok
    assert report.prediction is None
    done = CliRunner().invoke(main, ["predict", str(photograph), "--template", str(tmp_path / "mine")])
    assert done.exit_code == 2
    assert "no classes to choose among" in done.output


@pytest.mark.parametrize("said", [["--mean", "a,b"], ["--std", "nan"], ["--size", "3,8"], ["--size", "0,8,8"], ["--scale", "x"]])
def test_what_is_no_number_is_said(path: Path, tmp_path: Path, said: list[str]) -> None:
    done = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine"), *said])
    assert done.exit_code == 2
    assert said[1] in done.output


def test_what_has_no_sheet_is_said(path: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["import", str(path), "-o", str(tmp_path / "mine")])
    assert result.exit_code == 0, result.output
    assert "left out, as they only move numbers or are constant: Flatten\n" in result.output
