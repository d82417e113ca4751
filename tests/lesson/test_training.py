"""Training: seeded, and it learns. PyTorch is an extra: without it the tests that train are skipped."""

import gzip
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlcnn import Template, TemplateError, XlcnnError, find_template
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.training import EDGES, Settings, read_idx, similarity, train_template, write_template
from xlcnn.network.files import load_network

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed: training is not tested")


def idx(array: np.ndarray) -> bytes:
    """An array as MNIST's files hold it."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def zipped(data: bytes) -> bytes:
    """The same bytes whatever the time, so that every process knows a test by the same name."""
    return gzip.compress(data, compresslevel=1, mtime=0)


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for MNIST: ten kinds of bars, with noise, in MNIST's files."""
    folder = tmp_path_factory.mktemp("mnist")
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 12_000)
    images = random.integers(0, 60, (12_000, 28, 28))
    for k in range(10):
        images[labels == k, 2 * k + 3 : 2 * k + 6, 4 + k : 15 + k] += 190
    (folder / "train-images-idx3-ubyte.gz").write_bytes(zipped(idx(images)))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(zipped(idx(labels)))
    return folder


# ---- MNIST's files ----


def test_an_array_is_read_gzipped_or_not(tmp_path: Path) -> None:
    array = np.arange(24).reshape(2, 3, 4)
    (tmp_path / "zipped.gz").write_bytes(zipped(idx(array)))
    (tmp_path / "plain").write_bytes(idx(array))
    assert (read_idx(tmp_path / "zipped.gz", 3) == array).all()
    assert (read_idx(tmp_path / "plain.gz", 3) == array).all()


GOOD = zipped(idx(np.arange(24).reshape(2, 3, 4)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, r"x\.gz cannot be read"),
        (b"rubbish", r"x\.gz cannot be read"),
        (GOOD[:-9], r"x\.gz cannot be read"),
        (zipped(b"\0\0\x08\x03\0\0\0\x05ab"), "is not a file in MNIST's IDX format"),
        (zipped(idx(np.arange(24).reshape(4, 6))), "is not a file in MNIST's IDX format"),
        (zipped(b""), "is not a file in MNIST's IDX format"),
    ],
    ids=["missing", "rubbish", "cut off", "too short", "other axes", "empty"],
)
def test_missing_or_damaged_data_is_named(tmp_path: Path, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / "x.gz").write_bytes(data)
    with pytest.raises(XlcnnError, match=words):
        read_idx(tmp_path / "x.gz", 3)


def test_data_whose_stream_is_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(GOOD[:10] + b"\xff" * (len(GOOD) - 18) + GOOD[-8:])
    with pytest.raises(XlcnnError, match=r"x\.gz cannot be read"):
        read_idx(tmp_path / "x.gz", 3)


# ---- settings ----


def with_settings(tmp_path: Path, **settings: Any) -> Template:
    folder = Path(shutil.copytree(templates_folder() / "lesson", tmp_path / "mine"))
    (folder / "training.json").write_text(json.dumps({"settings": settings}), encoding="utf-8")
    return find_template(str(folder))


def test_the_lessons_settings_are_those_of_its_report(template: Template) -> None:
    settings = Settings.of(template)
    said = template.training["settings"]
    assert {name: getattr(settings, name) for name in said if name != "start"} == {k: v for k, v in said.items() if k != "start"}
    assert dict(settings.start).keys() == said["start"].keys()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epoch": 3}, r"training\.json: settings\.epoch is not known"),
        ({"start": {"conv1": ["diagonal"]}}, r"training\.json: settings\.start: 'diagonal' is not known"),
    ],
)
def test_settings_that_are_not_known_are_named(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        Settings.of(with_settings(tmp_path, **settings))


def test_what_is_not_set_is_as_usual(tmp_path: Path) -> None:
    assert Settings.of(with_settings(tmp_path, seed=9)) == Settings(seed=9)


def test_filters_are_alike_whatever_their_size() -> None:
    edge = EDGES["horizontal"]
    assert similarity(edge, 7 * edge) == pytest.approx(1)
    assert similarity(edge, -edge) == pytest.approx(-1)
    assert similarity(edge, EDGES["vertical"]) == pytest.approx(0)


# ---- a new template ----


def test_a_new_template_has_the_words_and_the_pictures_of_the_old_one(template: Template, tmp_path: Path) -> None:
    write_template(template, template.network, {"held_out_accuracy": 0.5}, tmp_path / "new" / "mine")
    new = find_template(str(tmp_path / "new" / "mine"))
    assert new.languages == template.languages
    assert new.words().data == template.words().data
    assert (new.pictures["samples"] == template.pictures["samples"]).all()
    assert new.description == template.description
    assert new.training == {"held_out_accuracy": 0.5}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine"], "nothing else is left behind"


def test_an_existing_folder_is_not_touched(template: Template, tmp_path: Path) -> None:
    words = "exists already" if find_spec("torch") else "training needs PyTorch; install it with: pip install"
    with pytest.raises(XlcnnError, match=words):
        train_template(template, tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())


@needs_torch
def test_training_without_data_writes_nothing(template: Template, tmp_path: Path) -> None:
    with pytest.raises(XlcnnError, match=r"train-images-idx3-ubyte\.gz cannot be read"):
        train_template(template, tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@needs_torch
@pytest.mark.slow
def test_the_same_command_gives_the_same_weights_and_it_learns(template: Template, mnist: Path, tmp_path: Path) -> None:
    reports = [train_template(template, mnist, tmp_path / name, epochs=12, seed=3, say=lambda _: None) for name in "ab"]
    a, b = (load_network(tmp_path / name) for name in "ab")
    assert all((a.weights[n] == b.weights[n]).all() for n in a.weights)
    assert reports[0] == reports[1]
    assert reports[0]["held_out_accuracy"] > 0.9
    assert find_template(str(tmp_path / "a")).words()["guide", "answer"]
