"""What a probability is worth: how often answers of each probability are right, and from which on they are sure.

    python -m benchmarks.doubt --mnist FOLDER [--count N] [--templates lesson,lenet,residual]
    python -m benchmarks.doubt --pictures FOLDER
    python -m benchmarks.doubt --no-digits N [--seed K]

The pictures are those of `benchmarks/scenes.py`, N of each kind, made of digits that no template was trained on, or those of a
folder of GROUP/SOURCE/LABEL_*. An answer is sure from the probability at which as many as `WANTED` of the `WINDOW` answers of that
probability and a little more are right; `xlcnn.lesson.doubt` keeps a round number for all. What does not look like the digit is not
sure either: a second table says what that costs each group. `--no-digits` counts the answers to N pictures that have no digit
(`benchmarks/nodigits.py`).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from benchmarks.nodigits import without_digit
from benchmarks.scenes import scenes
from xlcnn import ImageError, Template, find_template
from xlcnn.image import open_image, to_input
from xlcnn.lesson.doubt import is_sure
from xlcnn.lesson.predict import ENDINGS
from xlcnn.lesson.predict import answered as batch
from xlcnn.lesson.training import HELD_OUT, read_idx
from xlcnn.network.network import Answer

BINS = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0001)
WANTED, WINDOW = 0.9, 200
SIZE = (28, 28)


class Pictures(NamedTuple):
    """What was read of some pictures; `refused` counts by group those that were not."""

    groups: np.ndarray
    images: np.ndarray
    labels: np.ndarray
    refused: Counter[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--no-digits", type=int, metavar="N")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--templates", default="lesson,lenet,residual")
    given = parser.parse_args()
    if (given.mnist, given.pictures, given.no_digits).count(None) != 2:
        parser.error("give one of --mnist, --pictures and --no-digits")
    if given.no_digits:
        some = read((name, picture, -1) for name, picture in without_digit(given.no_digits, given.seed))
    else:
        some = read(of_folder(given.pictures) if given.pictures else of_mnist(given.mnist, given.count, given.seed))
    for template in map(find_template, given.templates.split(",")):
        answers = answered(template, some.images)
        likely = np.array([found.probability for found in answers]) >= template.sure_from
        sure = np.array([is_sure(found, template.sure_from, template.like_from) for found in answers])
        print(f"\n{template.name}: sure from {template.sure_from}, like from {template.like_from}\n")
        if given.no_digits:
            answered_anyway(some, likely, sure)
        else:
            right = np.array([found.label for found in answers]) == some.labels
            reliability(answers, right, sure)
            by_group(some, right, likely, sure)


def reliability(answers: list[Answer], right: np.ndarray, sure: np.ndarray) -> None:
    """How often answers of each probability are right: all of them, and those whose picture looks like the digit."""
    found = np.array([answer.probability for answer in answers])
    print(f"{right.mean():.1%} of {len(right)} right; nine of ten from {sure_from(found, right):.3f}")
    print("| probability | answers | right | look like it | right |\n|---|---|---|---|---|")
    for low, high in pairwise(BINS):
        here = (found >= low) & (found < high)
        print(f"| {low:.1%} to {min(high, 1):.1%} | {share(right, here)} | {share(right, here & sure)} |".replace("%", " %"))


def share(right: np.ndarray, some: np.ndarray) -> str:
    return f"{some.sum()} | {right[some].mean():.0%}" if some.any() else "0 |"


def by_group(some: Pictures, right: np.ndarray, likely: np.ndarray, sure: np.ndarray) -> None:
    """What it costs to ask for likeness, too: right answers that are no longer sure."""
    print("| group | read | right | sure by probability | right | sure | right | right answers lost |")
    print("|---|---|---|---|---|---|---|---|")
    for group in [*dict.fromkeys(some.groups), "all"]:
        here = (some.groups == group) | (group == "all")
        lost = 1 - (right & sure & here).sum() / max((right & likely & here).sum(), 1)
        counts = f"{here.sum()} | {right[here].mean():.1%} | {share(right, here & likely)} | {share(right, here & sure)}"
        print(f"| {group} | {counts} | {lost:.1%} |".replace("%", " %"))


def answered_anyway(some: Pictures, likely: np.ndarray, sure: np.ndarray) -> None:
    print("| kind | pictures | refused | sure by probability | sure |\n|---|---|---|---|---|")
    for group in [*dict.fromkeys([*some.groups, *some.refused]), "all"]:
        here = (some.groups == group) | (group == "all")
        refused = some.refused.total() if group == "all" else some.refused[group]
        print(f"| {group} | {here.sum() + refused} | {refused} | {(likely & here).sum()} | {(sure & here).sum()} |")


def answered(template: Template, images: np.ndarray) -> list[Answer]:
    parts = (images[k : k + 500] for k in range(0, len(images), 500))
    return [found for part in parts for found in batch(template.network, part, template.likeness)]


def read(pictures: Iterable[tuple[str, Image.Image | np.ndarray, int]]) -> Pictures:
    found, refused = [], Counter[str]()
    for group, picture, label in pictures:
        try:
            image = picture if isinstance(picture, np.ndarray) else to_input(picture, "a picture", False, SIZE)
            found.append((group, image, label))
        except ImageError:
            refused[group] += 1
    groups, images, labels = zip(*found, strict=True)
    return Pictures(np.array(groups), np.stack(images), np.array(labels), refused)


def of_mnist(mnist: Path, count: int, seed: int) -> Iterator[tuple[str, Image.Image | np.ndarray, int]]:
    """Scenes of held-out digits, and these digits as they are."""
    yield from scenes(mnist, count, seed)
    images = read_idx(mnist / "train-images-idx3-ubyte.gz", 3)[-HELD_OUT:, None] / 255
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz", 1)[-HELD_OUT:]
    yield from (("MNIST", image, int(label)) for image, label in zip(images, labels, strict=True))


def of_folder(folder: Path) -> Iterator[tuple[str, Image.Image, int]]:
    for path in sorted(p for p in folder.glob("*/*/*_*") if p.suffix.lower() in ENDINGS):
        yield path.relative_to(folder).parts[0], open_image(path), int(path.name[0])


def sure_from(sure: np.ndarray, right: np.ndarray) -> float:
    """The least probability from which on a window of answers is right often enough, and every later one, too."""
    order = np.argsort(sure)
    shares = np.convolve(right[order], np.ones(WINDOW) / WINDOW, "valid")
    doubtful = np.flatnonzero(shares < WANTED)
    return float(sure[order][doubtful[-1] + 1]) if doubtful.size and doubtful[-1] + 1 < len(order) else 0.0


if __name__ == "__main__":
    main()
