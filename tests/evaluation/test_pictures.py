"""Which pictures are tried: MNIST's, or those of a folder; in an order that does not depend on the file system."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.evaluation.data import IMAGES, LABELS, write_idx, write_pictures
from xlcnn import ImageError, XlcnnError
from xlcnn.evaluation import pictures as module
from xlcnn.evaluation.pictures import Pictures, from_folder, from_mnist, sampled

SHAPE, CLASSES = (1, 6, 6), ("0", "1", "2")


def images(found: Pictures) -> np.ndarray:
    return np.stack(found.batch(0, len(found)).inputs(SHAPE, as_is=False))  # type: ignore[arg-type]


def test_the_test_set_where_both_are_there(mnist: Path, tmp_path: Path) -> None:
    write_idx(write_idx(tmp_path), "train", IMAGES[:20], LABELS[:20])
    found = from_mnist(tmp_path, SHAPE, CLASSES)
    assert (found.source, len(found)) == ("MNIST's test set", 60)
    assert list(found.labels) == LABELS.tolist()
    assert np.array_equal(images(found), IMAGES[:, None] / 255)


def test_else_what_training_holds_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_OUT", 20)
    found = from_mnist(write_idx(tmp_path, "train"), SHAPE, CLASSES)
    assert (found.source, len(found)) == ("the last 20 images of MNIST's training set", 20)
    assert (found.names[0], found.names[-1]) == ("image 41", "image 60")
    assert np.array_equal(images(found), IMAGES[40:, None] / 255)


def test_files_that_are_not_gzipped(tmp_path: Path) -> None:
    import gzip

    for path in list(write_idx(tmp_path).iterdir()):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert len(from_mnist(tmp_path, SHAPE, CLASSES)) == 60


@pytest.mark.parametrize(
    ("some", "labels", "said"),
    [
        (IMAGES, LABELS[:5], "holds 60 images and 5 labels"),
        (IMAGES[:0], LABELS[:0], "holds 0 images"),
        (IMAGES[:, :5], LABELS, r"holds images of shape \(1, 5, 6\), but the workbook reads \(1, 6, 6\)"),
        (IMAGES, LABELS + 1, "holds the label 3, which is none of the workbook's classes: 0, 1, 2"),
    ],
    ids=["too few labels", "no images", "another shape", "another class"],
)
def test_mnist_that_does_not_fit(tmp_path: Path, some: np.ndarray, labels: np.ndarray, said: str) -> None:
    with pytest.raises(XlcnnError, match=said):
        from_mnist(write_idx(tmp_path, images=some, labels=labels), SHAPE, CLASSES)


def test_no_mnist(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(XlcnnError, match="does not hold MNIST's files, t10k-images-idx3-ubyte"):
            from_mnist(folder, SHAPE, CLASSES)
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(b"torn")
    with pytest.raises(XlcnnError, match=r"t10k-images-idx3-ubyte\.gz cannot be read"):
        from_mnist(tmp_path, SHAPE, CLASSES)


NAMES = ["2/b.png", "0/a.png", "x/1_c.PNG", "1_d.png"]


def test_a_folder_and_those_in_it_in_order(tmp_path: Path) -> None:
    write_pictures(tmp_path, [*NAMES, ".hidden.png", ".thumbnails/3/a.png", "3/._a.png"])
    (tmp_path / "x" / "notes.txt").write_text("no picture")
    found = from_folder(tmp_path, None, CLASSES)
    assert list(zip(found.names, found.labels, strict=True)) == [("0/a.png", 0), ("1_d.png", 1), ("2/b.png", 2), ("x/1_c.PNG", 1)]


def test_with_a_table(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("b.png,0\n")
    found = from_folder(write_pictures(tmp_path / "p", NAMES), tmp_path / "l.csv", CLASSES)
    assert list(found.labels) == [0, 1, 0, 1]


def test_its_mark_follows_what_is_in_it(tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", NAMES)
    before = from_folder(tmp_path / "p", None, CLASSES).mark
    assert from_folder(tmp_path / "p", None, CLASSES).mark == before
    write_pictures(tmp_path / "p", [*NAMES, "0/more.png"])
    more = from_folder(tmp_path / "p", None, CLASSES).mark
    (tmp_path / "p" / "0" / "more.png").write_bytes(b"something else")
    assert len({before, more, from_folder(tmp_path / "p", None, CLASSES).mark}) == 3


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "is a folder without images"),
        (["0/a.png", "a.png"], r"/a.png has no label: name its class \(0, 1, 2\)"),
        (["a.png", "b.png", "7_c.png"], "/7_c.png has no label, and so have 2 others: name its class"),
    ],
    ids=["no pictures", "one without a label", "several"],
)
def test_a_folder_that_cannot_be_used(tmp_path: Path, names: list[str], said: str) -> None:
    (tmp_path / "p").mkdir()
    with pytest.raises(ImageError, match=said):
        from_folder(write_pictures(tmp_path / "p", names), None, CLASSES)


def test_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    for path in (tmp_path / "a.png", tmp_path / "missing"):
        with pytest.raises(ImageError, match="is no folder"):
            from_folder(path, None, CLASSES)


def test_a_sample_is_drawn_without_doubles_in_order(mnist: Path) -> None:
    found = from_mnist(mnist, SHAPE, CLASSES)
    drawn = sampled(found, 25, seed=3)
    places = [int(name.removeprefix("image ")) - 1 for name in drawn.names]
    assert places == sorted(set(places))
    assert len(places) == 25
    assert np.array_equal(images(drawn), IMAGES[places, None] / 255)
    assert list(drawn.labels) == LABELS[places].tolist()
    assert sampled(found, None, seed=3) is found
    with pytest.raises(ImageError, match="a sample of 61 cannot be drawn from 60 pictures"):
        sampled(found, 61, seed=0)
