"""What a probability is worth: how often answers of each probability are right, and from which on they are sure.

    python -m benchmarks.doubt --mnist FOLDER [--count N] [--pictures FOLDER] [--templates lesson,lenet,residual]

The pictures are those of `benchmarks/scenes.py`, N of each kind, made of digits that no template was trained on. `--pictures`
measures with a folder of GROUP/SOURCE/LABEL_* instead. An answer is sure from the probability at which as many as `WANTED`
of the `WINDOW` answers of that probability and a little more are right; `xlcnn.lesson.doubt` keeps a round
number for all.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.scenes import scenes
from xlcnn import ImageError, find_template, load_image
from xlcnn.image import to_input
from xlcnn.lesson.predict import ENDINGS

BINS = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0001)
WANTED, WINDOW = 0.9, 200
SIZE = (28, 28)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--templates", default="lesson,lenet,residual")
    given = parser.parse_args()
    if (given.mnist is None) == (given.pictures is None):
        parser.error("give either --mnist or --pictures")
    some = list(of_folder(given.pictures) if given.pictures else of_scenes(given.mnist, given.count))
    images, labels = np.stack([image for image, _ in some]), np.array([label for _, label in some])
    for name in given.templates.split(","):
        template = find_template(name)
        found = np.concatenate([template.network.probabilities(images[k : k + 500]) for k in range(0, len(images), 500)])
        right, sure = found.argmax(axis=1) == labels, found.max(axis=1)
        least = sure_from(sure, right)
        print(f"{name}: {right.mean():.1%} of {len(right)} right; sure from {least:.3f} (kept: {template.sure_from})")
        print("| probability | answers | right |\n|---|---|---|")
        for low, high in pairwise(BINS):
            here = (sure >= low) & (sure < high)
            share = right[here].mean() if here.any() else 0
            print(f"| {low:.1%} to {min(high, 1):.1%} | {here.sum()} | {share:.0%} |".replace("%", " %"))


def of_scenes(mnist: Path, count: int) -> Iterator[tuple[np.ndarray, int]]:
    for _, picture, label in scenes(mnist, count):
        try:
            yield to_input(picture, "a scene", False, SIZE), label
        except ImageError:
            continue


def of_folder(folder: Path) -> Iterator[tuple[np.ndarray, int]]:
    for path in sorted(p for p in folder.glob("*/*/*_*") if p.suffix.lower() in ENDINGS):
        try:
            yield load_image(path, size=SIZE), int(path.name[0])
        except ImageError:
            continue


def sure_from(sure: np.ndarray, right: np.ndarray) -> float:
    """The least probability from which on a window of answers is right often enough, and every later one, too."""
    order = np.argsort(sure)
    shares = np.convolve(right[order], np.ones(WINDOW) / WINDOW, "valid")
    doubtful = np.flatnonzero(shares < WANTED)
    return float(sure[order][doubtful[-1] + 1]) if doubtful.size and doubtful[-1] + 1 < len(order) else 0.0


if __name__ == "__main__":
    main()
