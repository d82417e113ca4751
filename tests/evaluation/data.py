"""Small sets of labelled pictures: MNIST's files in the small network's shape, and folders."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from PIL import Image

COUNT, CLASSES = 60, 3
RANDOM = np.random.default_rng(11)
IMAGES = RANDOM.integers(0, 256, (COUNT, 6, 6)).astype(np.uint8)
LABELS = RANDOM.integers(0, CLASSES, COUNT).astype(np.uint8)


def write_idx(folder: Path, kind: str = "t10k", images: np.ndarray = IMAGES, labels: np.ndarray = LABELS) -> Path:
    """A folder with MNIST's two files of that kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((f"{kind}-images-idx3-ubyte.gz", images), (f"{kind}-labels-idx1-ubyte.gz", labels)):
        shape = b"".join(size.to_bytes(4, "big") for size in array.shape)
        (folder / name).write_bytes(gzip.compress(bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()))
    return folder


def write_pictures(folder: Path, names: list[str]) -> Path:
    """Random pictures of these names, which no two share."""
    for k, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.kron(IMAGES[k], np.ones((4, 4), np.uint8))).save(folder / name)
    return folder
