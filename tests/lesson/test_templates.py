"""Templates: what is shipped, and what is refused of a folder of one's own."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlcnn import ImageError, Template, TemplateError, find_template, list_templates, make_workbook, verify
from xlcnn.lesson.measuring import recorded_epochs
from xlcnn.lesson.settings import EDGES
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.training import similarity


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the lesson's folder, to be changed."""
    return Path(shutil.copytree(templates_folder() / "lesson", tmp_path / "mine"))


def test_the_lesson_is_shipped_with_its_accuracy() -> None:
    (lesson,) = [t for t in list_templates() if t.name == "lesson"]
    assert lesson.training["held_out_accuracy"] >= 0.975
    assert lesson.languages == ["de", "en", "es", "fr"]


def test_its_first_filters_still_find_edges(template: Template) -> None:
    weight = template.network.weights["conv1.weight"]
    found = [similarity(weight[k, 0], EDGES[edge]) for k, edge in enumerate(("horizontal", "vertical"))]
    assert min(found) > 0.9
    assert list(template.training["edge_similarity"].values()) == pytest.approx(found, abs=1e-3)


def test_its_report_agrees_with_itself_and_with_the_network(template: Template) -> None:
    report, counts = template.training, np.array(template.training["confusion"])
    assert counts.trace() / counts.sum() == report["held_out_accuracy"] == report["history"]["accuracy"][-1]
    assert report["history"]["epoch"] == recorded_epochs(report["settings"]["epochs"])
    assert len(report["history"]["loss"]) == len(report["history"]["accuracy"]) == len(report["history"]["epoch"])
    assert {n: np.shape(w) for n, w in report["start"].items()} == {n: template.network.weights[n].shape for n in report["start"]}


def test_weights_can_be_read_in_a_formula_bar(template: Template) -> None:
    for weight in template.network.weights.values():
        assert (np.round(weight, 4) == weight).all()


def test_each_sample_is_a_file_of_its_own(template: Template) -> None:
    assert [template.sample(k).name for k in range(14)] == [f"{k}.png" for k in range(14)]
    with pytest.raises(ImageError, match="template lesson has no sample 14"):
        template.sample(14)


def test_only_galleries_with_a_folder_have_pictures(template: Template) -> None:
    assert [g.name for g in template.description.galleries] == ["samples", "draw"]
    assert {name: x.shape for name, x in template.pictures.items()} == {"samples": (14, 1, 28, 28)}


# ---- a folder of one's own ----


def test_a_folder_is_a_template_too(mine: Path, template: Template) -> None:
    found = find_template(str(mine))
    assert found.name == "mine"
    assert found.network.layers == template.network.layers
    assert list(found.plan.sheets) == list(template.plan.sheets)


def test_a_template_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(
        TemplateError, match=r"there is no template 'lessen'; there are: .*lesson.*; or give the folder of your own"
    ):
        find_template("lessen")


def test_without_a_training_report_there_is_none(mine: Path) -> None:
    (mine / "training.json").unlink()
    assert find_template(str(mine)).training == {}


@pytest.mark.parametrize("damage", ["missing", "not an image"])
def test_a_sample_that_cannot_be_read_is_named(mine: Path, tmp_path: Path, damage: str) -> None:
    (mine / "samples" / "4.png").unlink()
    if damage == "not an image":
        (mine / "samples" / "4.png").write_bytes(b"rubbish")
    with pytest.raises(ImageError, match=r"4\.png"):
        make_workbook(np.eye(28)[None], tmp_path / "out.xlsx", str(mine))
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("name", ["network.json", "weights.safetensors", "training.json"])
def test_damaged_files_are_named(mine: Path, name: str) -> None:
    (mine / name).write_bytes(b"\x80rubbish")
    damaged = find_template(str(mine))
    with pytest.raises(TemplateError, match=name):
        _ = (damaged.network, damaged.training)


def test_a_training_report_is_one_object(mine: Path) -> None:
    (mine / "training.json").write_text("[]", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"training\.json must hold one object"):
        _ = find_template(str(mine)).training


Change = Callable[[dict[str, Any]], object]


def named(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The sheet of that name in a ``network.json``."""
    found: dict[str, Any] = next(sheet for sheets in data.values() for sheet in sheets if sheet["name"] == name)
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: named(d, "conv1").update(filters=3), r"conv1\.weight has the shape"),
        (lambda d: named(d, "samples").update(pictures=28), "can choose among 29 pictures, not 30"),
        (lambda d: named(d, "draw").update(shape=[1, 28, 27]), "can choose only among pictures of shape"),
        (lambda d: named(d, "draw").update(sheet="Input"), "two layers want the sheet Input"),
        (lambda d: named(d, "linear").update(inputs=["conv1"]), "layer linear .linear.: reads one map"),
        (lambda d: named(d, "linear").update(inputs=["nobody"]), "layer linear reads nobody"),
        (lambda d: named(d, "functions").update(name="softmax"), "two layers are called softmax"),
        (lambda d: named(d, "functions").update(name="network"), "no layer can be called network"),
    ],
)
def test_sheets_that_do_not_fit_together_are_refused_with_the_templates_name(mine: Path, change: Change, words: str) -> None:
    path = mine / "network.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TemplateError, match=words) as error:
        _ = find_template(str(mine)).plan
    assert str(error.value).startswith("template mine: ")


def test_a_language_that_it_does_not_speak_is_named_with_those_that_it_does(template: Template) -> None:
    with pytest.raises(TemplateError, match="template lesson has no words in 'eo'; it has: de, en, es, fr"):
        template.words("eo")


@pytest.mark.parametrize("text", ['"\\ud800"', '"Conv\\u001b[31m"', '"\\uffff"', "9" * 5000, "[" * 100_000, "NaN"])
def test_odd_values_in_the_description_are_refused(mine: Path, text: str) -> None:
    path = mine / "network.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"sheet": "Conv1"', f'"sheet": {text}'), encoding="utf-8")
    with pytest.raises(TemplateError, match=r"cannot name a sheet|cannot be read"):
        find_template(str(mine)).network  # noqa: B018


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("name", ["training.json", "weights.safetensors"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(mine: Path, name: str) -> None:
    (mine / name).unlink()
    os.mkfifo(mine / name)
    with pytest.raises(TemplateError, match="cannot be read: it is not a regular file"):
        (find_template(str(mine)).training, find_template(str(mine)).network)


def test_weights_of_16_bits_make_the_same_kind_of_workbook(mine: Path, tmp_path: Path) -> None:
    weights = find_template(str(mine)).network.weights
    tensors, data = {}, b""
    for key, value in weights.items():
        more = (value.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
        tensors[key] = {"dtype": "BF16", "shape": value.shape, "data_offsets": [len(data), len(data) + len(more)]}
        data += more
    head = json.dumps(tensors).encode()
    (mine / "weights.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + data)
    label, *_ = make_workbook(mine / "samples" / "7.png", tmp_path / "x.xlsx", str(mine), as_is=True)
    assert label == 7
    assert verify(tmp_path / "x.xlsx", trials=0).ok
