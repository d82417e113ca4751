"""Templates: what is shipped, what is refused, and the words in them."""

import json
import shutil
import tomllib
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from xlcnn import ImageError, TemplateError, find_template, list_templates, make_workbook, verify
from xlcnn.reading import read_book
from xlcnn.templates import templates_folder
from xlcnn.train import EDGES, similarity


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(templates_folder() / "lesson", tmp_path / "mine"))


def test_the_lesson_is_shipped_with_its_accuracy() -> None:
    (lesson,) = [t for t in list_templates() if t.name == "lesson"]
    assert lesson.training["held_out_accuracy"] >= 0.975
    assert "en" in lesson.languages


def test_its_first_filters_still_find_edges() -> None:
    lesson = find_template("lesson")
    weight = lesson.network.weights["conv1.weight"]
    found = [similarity(weight[k, 0], EDGES[edge]) for k, edge in enumerate(("horizontal", "vertical"))]
    assert min(found) > 0.9
    assert list(lesson.training["edge_similarity"].values()) == pytest.approx(found, abs=1e-3)


def test_weights_can_be_read_in_a_formula_bar() -> None:
    for weight in find_template("lesson").network.weights.values():
        assert (np.round(weight, 4) == weight).all()


def test_a_folder_is_a_template_too(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    assert find_template(str(folder)).network.layers == find_template("lesson").network.layers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("[guide]", "[guides]", 1), r"guide is missing"),
        (lambda t: t.replace('title = "Conv1', 'titel = "Conv1', 1), r"sheets\.conv1\.title is missing"),
        (lambda t: t + '\n[sheets.conv9]\ntitle = "x"\n', r"sheets\.conv9 is not known"),
        (lambda t: t + "\n[extra]\n", r"extra is not known"),
        (lambda t: t.replace('title = "Conv1: first convolution"', "title = 3", 1), r"sheets\.conv1\.title must be a text"),
        (lambda t: t + "\n[", r"cannot be read"),
        (lambda t: t.replace("{height} × {width} numbers", "{hight} numbers", 1), r"sheets\.input\.does: \{hight\} is not known"),
        (
            lambda t: t.replace('sheets = ["dense"]', 'sheets = ["dens"]', 1),
            r"steps\.7\.sheets: 'dens' is not known; known are Network, ",
        ),
        (lambda t: t.replace('sheets = ["dense"]', 'sheets = "dense"', 1), r"steps\.7\.sheets must be a list of one or two names"),
        (lambda t: t.replace("[steps.4]", "[steps.four]", 1), r"steps\.4 is missing"),
        (lambda t: t.replace('blur = "blur"\n', "", 1), r"sheets\.conv1\.options\.blur is missing"),
        (lambda t: t.replace('blur = "blur"', 'blur = "Sharpen"', 1), r"sheets\.conv1\.options: two choices have the same words"),
        (lambda t: t.replace('half = "It is', 'hálf = "It is', 1), r"cannot be read"),
    ],
)
def test_wrong_words_name_the_file_and_the_key(tmp_path: Path, change: object, words: str) -> None:
    folder = copy(tmp_path)
    path = folder / "words.en.toml"
    before = path.read_text(encoding="utf-8")
    after = change(before)  # type: ignore[operator]
    assert after != before
    path.write_text(after, encoding="utf-8")
    with pytest.raises(TemplateError, match=words) as error:
        find_template(str(folder)).words()
    assert "words.en.toml" in str(error.value)


def test_a_teacher_can_rewrite_the_words(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    path = folder / "words.en.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("A neural network reads your digit", "=Our class"), encoding="utf-8")
    make_workbook(np.eye(28)[None], tmp_path / "out.xlsx", str(folder))
    assert tomllib.loads(path.read_text(encoding="utf-8"))["guide"]["title"] == "=Our class"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_lesson_has_ten_steps_and_corrects_its_half_truths(language: str) -> None:
    steps = find_template().words(language).steps
    assert [step.number for step in steps] == list(range(1, 11))
    assert [step.number for step in steps if step.half] == [2, 6, 7]
    assert [step.number for step in steps if step.corrects] == [3, 5, 9, 10]


def test_the_guide_links_each_step_to_its_sheets(tmp_path: Path) -> None:
    make_workbook(np.eye(28)[None], tmp_path / "out.xlsx")
    guide = openpyxl.load_workbook(tmp_path / "out.xlsx")["Guide"]
    layers = {layer.name: layer.sheet for layer in (*find_template().network.layers, *find_template().exhibits)} | {
        "Network": "Network"
    }
    for step in find_template().words().steps:
        row = next(cell.row for cell in guide["D"] if str(cell.value).startswith(f"{step.number}  "))
        links = [guide.cell(row, 2 + k).hyperlink.location.split("!")[0].strip("'") for k in range(len(step.sheets))]
        assert links == [layers[name] for name in step.sheets]


@pytest.mark.parametrize("damage", ["missing", "not an image"])
def test_a_sample_that_cannot_be_read_is_named(tmp_path: Path, damage: str) -> None:
    folder = copy(tmp_path)
    (folder / "samples" / "4.png").unlink()
    if damage == "not an image":
        (folder / "samples" / "4.png").write_bytes(b"rubbish")
    with pytest.raises(ImageError, match=r"4\.png"):
        make_workbook(np.eye(28)[None], tmp_path / "out.xlsx", str(folder))
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("name", ["network.json", "weights.safetensors", "training.json"])
def test_damaged_files_are_named(tmp_path: Path, name: str) -> None:
    folder = copy(tmp_path)
    (folder / name).write_bytes(b"\x80rubbish")
    template = find_template(str(folder))
    with pytest.raises(TemplateError, match=name):
        _ = (template.network, template.training)


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    data = json.loads((folder / "network.json").read_text(encoding="utf-8"))
    next(layer for layer in data["layers"] if layer["name"] == "conv1")["filters"] = 3
    (folder / "network.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TemplateError, match=r"conv1\.weight has the shape"):
        _ = find_template(str(folder)).network


def test_the_lesson_speaks_spanish(tmp_path: Path) -> None:
    """Another language changes words and nothing else."""
    for language in ("en", "es"):
        make_workbook(np.eye(28)[None], tmp_path / f"{language}.xlsx", language=language)
    english, spanish = (read_book((tmp_path / f"{language}.xlsx").read_bytes()) for language in ("en", "es"))
    assert english.names == spanish.names
    differing = set()
    for sheet, cells in english.sheets.items():
        assert cells.formulas == spanish.sheets[sheet].formulas
        for cell, value in cells.values.items():
            if value != spanish.sheets[sheet].values[cell]:
                assert isinstance(value, str)
                differing.add(value)
    assert "What comes in" in differing
    assert len(differing) > 80
    assert verify(tmp_path / "es.xlsx").ok
