"""Training: seeded, and it learns. PyTorch is an extra: without it the tests that train are skipped."""

import gzip
import json
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlcnn import Network, NetworkError, Template, TemplateError, XlcnnError, find_template, make_workbook
from xlcnn.lesson.measuring import (
    BATCH,
    Recorder,
    accuracy,
    confusion,
    cross_entropy,
    probabilities,
    recorded_epochs,
    temperature,
)
from xlcnn.lesson.settings import EDGES, Settings
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.training import (
    HELD_OUT,
    calibrated,
    check_scores,
    read_idx,
    readable,
    similarity,
    train_template,
    with_drawn,
    write_template,
)
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
        ({"start": ["conv1"]}, r"training\.json: settings\.start: a list of edges for each layer is needed"),
        ({"epochs": "many"}, r"training\.json: settings\.epochs must be a whole number from 1 to 1000"),
        ({"drawn": 1}, r"training\.json: settings\.drawn must be a number from 0 to 0\.9"),
        ({"calibrated": 1}, r"training\.json: settings\.calibrated must be true or false"),
        ({"learning_rate": -1}, r"training\.json: settings\.learning_rate must be a number from 0 to 10"),
    ],
)
def test_settings_that_are_not_known_are_named(tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        Settings.of(with_settings(tmp_path, **settings))


def test_what_is_not_set_is_as_usual(tmp_path: Path) -> None:
    assert Settings.of(with_settings(tmp_path, seed=9)) == Settings(seed=9)


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.001, 0), (0.1, 10), (0.25, 30), (0.9, 810)])
def test_as_many_digits_are_drawn_as_make_their_share(share: float, count: int) -> None:
    images, labels = np.zeros((90, 1, 28, 28)), np.full(90, 7)
    found, found_labels = with_drawn(images, labels, Settings(drawn=share, seed=-5))
    assert len(found) == len(found_labels) == 90 + count
    assert not found[:90].any()
    assert (found_labels[:90] == 7).all()
    assert found[90:].any((1, 2, 3)).all()
    again, other = (with_drawn(images, labels, Settings(drawn=share, seed=seed))[0] for seed in (-5, 5))
    assert (again == found).all()
    assert count == 0 or (other != found).any()


def test_filters_are_alike_whatever_their_size() -> None:
    edge = EDGES["horizontal"]
    assert similarity(edge, 7 * edge) == pytest.approx(1)
    assert similarity(edge, -edge) == pytest.approx(-1)
    assert similarity(edge, EDGES["vertical"]) == pytest.approx(0)


# ---- measuring ----

FOUND = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])
LABELS = np.array([0, 1, 2, 2])


def test_the_loss_is_the_mean_of_minus_the_logarithm() -> None:
    assert cross_entropy(FOUND, LABELS) == pytest.approx(-np.log([0.7, 0.8, 0.25, 1.0]).mean())


def test_a_probability_of_nothing_makes_a_great_loss_but_a_number() -> None:
    assert 700 < cross_entropy(np.array([[1.0, 0.0]]), np.array([1])) < 710


def test_a_row_of_the_confusion_is_a_class_and_a_column_an_answer() -> None:
    assert confusion(FOUND, LABELS) == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert accuracy(FOUND, LABELS) == 0.75


def test_images_are_read_in_batches_and_none_is_lost(template: Template) -> None:
    images = np.random.default_rng(0).random((BATCH + 3, *template.network.input_shape))
    found = probabilities(template.network, images)
    assert found.shape == (BATCH + 3, 10)
    assert np.allclose(found[-1], template.network.probabilities(images[-1]))


@pytest.mark.parametrize("epochs", [1, 2, 30, 31, 45, 90, 1000])
def test_a_curve_has_its_start_its_end_and_few_points(epochs: int) -> None:
    points = recorded_epochs(epochs)
    assert points == sorted(set(points))
    assert (points[0], points[1], points[-1]) == (0, 1, epochs)
    assert len(points) == min(epochs, 30) + 1


def test_the_points_of_a_curve_are_closest_where_it_is_steep() -> None:
    gaps = np.diff(recorded_epochs(90))
    assert (gaps[:10] == 1).all()
    assert gaps[-1] == gaps.max()


def test_what_is_recorded_is_what_the_networks_do(template: Template) -> None:
    images, labels = template.pictures["samples"], np.array([template.truth(k) for k in range(14)])
    said: list[str] = []
    recorder = Recorder(images, labels, epochs=90, say=said.append)
    for epoch in range(91):
        recorder(epoch, template.network)
    found = probabilities(template.network, images)
    assert recorder.history["epoch"] == recorded_epochs(90)
    assert set(recorder.history["accuracy"]) == {accuracy(found, labels)}
    assert set(recorder.history["loss"]) == {round(cross_entropy(found, labels), 4)}
    assert {n: np.shape(w) for n, w in recorder.start.items()} == {"conv1.weight": (2, 1, 3, 3), "conv2.weight": (2, 2, 3, 3)}
    assert [line.split()[1] for line in said] == [str(n) for n in range(5, 91, 5)]


def test_a_report_is_read_a_row_at_a_time() -> None:
    report = {"words": ["a", "b"], "said": "[1,  2]", "rows": [[1, 2], [-3e-05, 4.5]], "none": []}
    assert json.loads(readable(report)) == report | {"said": "[1, 2]"}
    assert "    [1, 2],\n    [-3e-05, 4.5]\n" in readable(report)


# ---- a new template ----


def test_a_new_template_has_the_words_and_the_pictures_of_the_old_one(template: Template, tmp_path: Path) -> None:
    write_template(template, template.network, {"held_out_accuracy": 0.5}, tmp_path / "new" / "mine")
    new = find_template(str(tmp_path / "new" / "mine"))
    assert new.languages == template.languages
    assert new.words().data == template.words().data
    assert (new.pictures["samples"] == template.pictures["samples"]).all()
    assert [new.truth(k) for k in range(14)] == [template.truth(k) for k in range(14)]
    assert new.description == template.description
    assert new.training == {"held_out_accuracy": 0.5}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine"], "nothing else is left behind"


def test_an_existing_folder_is_not_touched(template: Template, tmp_path: Path) -> None:
    words = "exists already" if find_spec("torch") else "training needs PyTorch; install it with: pip install"
    with pytest.raises(XlcnnError, match=words):
        train_template(template, tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())


# ---- as sure as it may be ----


def test_the_temperature_of_who_says_nine_of_ten_and_is_right_in_three_of_four() -> None:
    found = np.tile([[0.9, 0.1]], (8, 1))
    labels = np.array([0, 0, 0, 1] * 2)
    assert temperature(found, labels) == pytest.approx(np.log(9) / np.log(3)), "odds of 9 to 1 become odds of 3 to 1: by hand, 2"
    assert temperature(found, np.array([0] * 8)) == pytest.approx(0.1, rel=1e-6), "who is always right may be surer, within bounds"
    assert temperature(found, np.array([1] * 8)) == pytest.approx(10)


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_undoes_what_makes_scores_too_large(factor: float) -> None:
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, (20_000, 10))
    found, said = (np.exp(k * scores) / np.exp(k * scores).sum(axis=1, keepdims=True) for k in (1, factor))
    labels = (random.random((len(found), 1)) < found.cumsum(axis=1)).argmax(axis=1)
    assert temperature(said, labels) == pytest.approx(factor, rel=0.05)


def test_a_calibrated_network_answers_the_same_and_is_as_sure_as_it_may_be(template: Template) -> None:
    random = np.random.default_rng(0)
    images = np.repeat(template.pictures["samples"], 30, axis=0) * random.random((420, 1, 28, 28))
    labels = template.network.probabilities(images).argmax(axis=1)
    labels[::5] = (labels[::5] + 1) % 10  # as if every fifth answer were wrong
    softer = calibrated(template.network, images, labels)
    before, after = (probabilities(network, images) for network in (template.network, softer))
    assert (before.argmax(axis=1) == after.argmax(axis=1)).mean() > 0.95, "but for scores that are nearly the same, rounded"
    assert cross_entropy(after, labels) < cross_entropy(before, labels)
    assert temperature(after, labels) == pytest.approx(1, abs=0.02)
    kept = [name for name in softer.weights if not name.startswith("dense.")]
    assert all(softer.weights[name] is template.network.weights[name] for name in kept)


def test_only_scores_of_a_dense_layer_are_calibrated(template: Template) -> None:
    *layers, dense, softmax = template.network.layers
    check_scores(template.network)
    relu = replace(layers[2], name="last", title="Last", inputs=("dense",))
    with pytest.raises(NetworkError, match=r"settings\.calibrated: the softmax reads last, which is no dense layer"):
        check_scores(Network.blank([*layers, dense, relu, replace(softmax, inputs=("last",))]))


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


@needs_torch
@pytest.mark.slow
def test_the_report_holds_the_curve_the_first_filters_and_the_confusion(template: Template, mnist: Path, tmp_path: Path) -> None:
    report = train_template(template, mnist, tmp_path / "mine", epochs=3, say=lambda _: None)
    assert find_template(str(tmp_path / "mine")).training == json.loads(json.dumps(report)), "what is returned is what is written"
    assert template.training.keys() - report.keys() == {"like_from"}, "bars are no digits"
    history = report["history"]
    assert history["epoch"] == [0, 1, 2, 3]
    assert history["loss"][0] > history["loss"][-1] > 0
    assert history["accuracy"][-1] == report["held_out_accuracy"]
    counts = np.array(report["confusion"])
    assert counts.shape == (10, 10)
    assert counts.sum() == HELD_OUT
    assert counts.trace() / counts.sum() == report["held_out_accuracy"]
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz", 1)[-HELD_OUT:]
    assert (counts.sum(axis=1) == np.bincount(labels)).all()
    start = {name: np.array(weight) for name, weight in report["start"].items()}
    assert {name: weight.shape for name, weight in start.items()} == {"conv1.weight": (2, 1, 3, 3), "conv2.weight": (2, 2, 3, 3)}
    edges = [EDGES[edge] for edge in dict(Settings.of(template).start)["conv1"]]
    assert np.allclose(start["conv1.weight"][:, 0], edges, atol=5e-5), "where the settings say so"


@needs_torch
@pytest.mark.slow
def test_layers_and_settings_are_enough_to_train_a_new_template(mnist: Path, tmp_path: Path) -> None:
    folder = new_template(tmp_path / "new", [{"name": "pool", "kind": "avgpool2d", "inputs": ["input"]}], drawn=0.05)
    report = train_template(find_template(str(folder)), mnist, tmp_path / "mine", say=lambda _: None)
    mine = find_template(str(tmp_path / "mine"))
    assert report["held_out_accuracy"] > 0.5
    assert (report["start"], report["settings"]["epochs"], report["settings"]["batch"]) == ({}, 2, 100)
    assert mine.network.weights["dense.weight"].any()
    assert mine.languages == ["de", "en", "es", "fr"]
    make_workbook(np.eye(28)[None], tmp_path / "mine.xlsx", mine)


@needs_torch
@pytest.mark.parametrize(
    ("layers", "settings", "words"),
    [
        (
            [{"name": "pool", "kind": "tanh", "inputs": ["input"]}],
            {},
            "template new: layer pool: a layer of kind tanh",
        ),
        ([{"name": "pool", "kind": "maxpool", "inputs": ["input"]}], {}, "template new: layer pool: unknown kind 'maxpool'"),
        ([{"name": "pool", "kind": "relu", "inputs": ["in"]}], {}, "template new: layer pool reads in, but no layer before it"),
        (
            [{"name": "pool", "kind": "relu", "inputs": ["input"]}],
            {"start": {"pool": ["vertical"]}},
            "template new: settings.start",
        ),
    ],
)
def test_a_new_template_that_cannot_be_trained_is_named(tmp_path: Path, layers: Any, settings: Any, words: str) -> None:
    folder = new_template(tmp_path / "new", layers, **settings)
    with pytest.raises(TemplateError, match=words):
        train_template(find_template(str(folder)), tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def new_template(folder: Path, layers: list[dict[str, Any]], **settings: Any) -> Path:
    """A template that has learned nothing yet: no weights."""
    ends = [
        {"name": "dense", "kind": "dense", "inputs": ["pool"], "units": 10},
        {"name": "softmax", "kind": "softmax", "inputs": ["dense"]},
    ]
    folder.mkdir()
    first = {"name": "input", "kind": "input", "shape": [1, 28, 28]}
    (folder / "network.json").write_text(json.dumps({"layers": [first, *layers, *ends]}), encoding="utf-8")
    told = {"settings": {"epochs": 2, "batch": 100, **settings}}
    (folder / "training.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@needs_torch
def test_watching_has_no_part_in_training(template: Template) -> None:
    from xlcnn.lesson.fitting import fit

    images = np.random.default_rng(0).random((20, 1, 28, 28))
    labels = np.arange(20) % 10
    settings = Settings(epochs=2, batch=10)
    recorder = Recorder(images, labels, 2, say=lambda _: None)
    watched, alone = (fit(template.network, settings, images, labels, watch) for watch in (recorder, lambda epoch, network: None))
    assert recorder.history["epoch"] == [0, 1, 2]
    assert all((watched.weights[n] == alone.weights[n]).all() for n in alone.weights)
