"""Training: seeded, and it learns. PyTorch is an extra: without it these tests are skipped."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from xlcnn import Network, XlcnnError, find_template
from xlcnn.train import read_idx, train_template

torch = pytest.importorskip("torch", reason="PyTorch is not installed: training is not tested")


def write_idx(path: Path, array: np.ndarray) -> None:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(gzip.compress(head + array.astype(np.uint8).tobytes()))


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for MNIST: ten kinds of bars, with noise, in MNIST's files."""
    folder = tmp_path_factory.mktemp("mnist")
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 12_000)
    images = random.integers(0, 60, (12_000, 28, 28))
    for k in range(10):
        images[labels == k, 2 * k + 3 : 2 * k + 6, 4 + k : 15 + k] += 190
    write_idx(folder / "train-images-idx3-ubyte.gz", images)
    write_idx(folder / "train-labels-idx1-ubyte.gz", labels)
    return folder


@pytest.mark.slow
def test_the_same_command_gives_the_same_weights_and_it_learns(mnist: Path, tmp_path: Path) -> None:
    reports = [
        train_template(find_template("lesson"), mnist, tmp_path / name, epochs=12, seed=3, say=lambda _: None) for name in "ab"
    ]
    a, b = (Network.load(tmp_path / name) for name in "ab")
    assert all((a.weights[n] == b.weights[n]).all() for n in a.weights)
    assert reports[0] == reports[1]
    assert reports[0]["held_out_accuracy"] > 0.9
    assert find_template(str(tmp_path / "a")).words()["guide", "title"]


def test_an_existing_folder_is_not_touched(mnist: Path, tmp_path: Path) -> None:
    with pytest.raises(XlcnnError, match="exists already"):
        train_template(find_template("lesson"), mnist, tmp_path)


def test_missing_or_damaged_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(XlcnnError, match=r"train-images-idx3-ubyte\.gz cannot be read"):
        train_template(find_template("lesson"), tmp_path, tmp_path / "out")
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"\0\0\x08\x01\0\0\0\x05ab"))
    with pytest.raises(XlcnnError, match="is not a file in MNIST's IDX format"):
        read_idx(tmp_path / "x.gz", 1)
    assert not (tmp_path / "out").exists()
