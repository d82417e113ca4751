"""Makes ``xlcnn/lesson/likeness.safetensors`` from MNIST: how digits are spread, and strokes that are none.

    python -m benchmarks.likeness --mnist FOLDER [--output FILE]

Digits are learned from the first 50,000 images of MNIST's training set, pictures of them as people take them
(`benchmarks/scenes.py`), and digits that xlcnn draws itself; what is none, from pictures made of these digits, and from strokes by
lot. No letter, face, shape or stranger's picture is among them. How other digits fit is measured with MNIST's last 10,000 images,
and scenes of them. Takes some minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from benchmarks.scenes import scenes
from xlcnn import ImageError
from xlcnn.image import to_input
from xlcnn.image.prepare import centre
from xlcnn.lesson.likeness import DIGITS, FILE, NONE, SHAPE, Likeness, reduced
from xlcnn.lesson.pens import along, by_hand, draw_digits, inked, through
from xlcnn.lesson.training import HELD_OUT, read_idx

Array = np.ndarray
Rng = np.random.Generator

AXES, WAYS = 60, 6
FLOOR = 0.01  # added to every variance, so that none is nearly nothing
SCENES, DRAWN, UNLIKE = 1500, 10_000, 6000  # of each kind
QUANTILES = 1001
SIZE = SHAPE[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=FILE)
    given = parser.parse_args()
    rng = np.random.default_rng(1)
    images = read_idx(given.mnist / "train-images-idx3-ubyte.gz", 3)[:, None] / 255
    labels = read_idx(given.mnist / "train-labels-idx1-ubyte.gz", 1).astype(int)
    seen, held = slice(None, -HELD_OUT), slice(-HELD_OUT, None)
    unlike = no_digits(images[seen], labels[seen], rng)
    drawn, drawn_labels = draw_digits(DRAWN, rng)
    taken, taken_labels = prepared(given.mnist, SCENES, 7, seen)
    pictures = np.concatenate([images[seen], drawn, taken, unlike])
    kinds = np.concatenate([labels[seen], drawn_labels, taken_labels, np.full(len(unlike), NONE)])
    found = learned(reduced(pictures), kinds, rng)
    other, other_labels = prepared(given.mnist, SCENES // 2, 8, held)
    excess = Likeness(**found).excess(np.concatenate([images[held], other]), np.concatenate([labels[held], other_labels]))
    found["digits"] = np.quantile(excess, np.linspace(0, 1, QUANTILES))
    small = {name: values.astype(np.float16 if values.size > QUANTILES else np.float32) for name, values in found.items()}
    save_file({name: np.ascontiguousarray(values) for name, values in small.items()}, given.output)
    print(f"{len(pictures)} pictures; {given.output.stat().st_size / 1024:.0f} KB")


def prepared(mnist: Path, count: int, seed: int, part: slice) -> tuple[Array, Array]:
    """Scenes as a network reads them, and their digits."""
    found = []
    for _, picture, label in scenes(mnist, count, seed, part):
        try:
            found.append((to_input(picture, "a scene", False, SIZE), label))
        except ImageError:
            continue
    return np.stack([image for image, _ in found]), np.array([label for _, label in found])


def learned(pictures: Array, kinds: Array, rng: Rng) -> dict[str, Array]:
    """The fields of a `Likeness`, but for what other digits look like."""
    mean = pictures.mean(axis=0)
    away = pictures - mean
    axes = np.linalg.eigh(np.cov(away.T))[1][:, ::-1][:, :AXES]
    points = away @ axes
    outside = (away**2).sum(axis=1) - (points**2).sum(axis=1)
    left = pictures.shape[1] - AXES
    scales, ways, costs, rest = [], [], [], []
    for kind in range(DIGITS + 1):
        mine = points[kinds == kind]
        way = grouped(mine, WAYS, rng)
        middles = np.stack([mine[way == k].mean(axis=0) for k in range(WAYS)])
        spread = np.cov((mine - middles[way]).T) + FLOOR * np.eye(AXES)
        variance = outside[kinds == kind].mean() / left + FLOOR
        scale = np.linalg.cholesky(np.linalg.inv(spread))
        scales.append(scale)
        ways.append(middles @ scale)
        rest.append(variance)
        share = np.bincount(way, minlength=WAYS) / len(mine)
        costs.append(np.linalg.slogdet(spread)[1] + left * np.log(variance) - 2 * np.log(share))
    lists = {"scales": scales, "ways": ways, "costs": costs, "rest": rest}
    return {"mean": mean, "axes": axes, **{name: np.array(values) for name, values in lists.items()}, "digits": np.zeros(1)}


def grouped(points: Array, count: int, rng: Rng) -> Array:
    """Which of so many groups each point belongs to (k-means)."""
    middles = points[rng.choice(len(points), count, replace=False)]
    for _ in range(20):
        nearest = ((middles**2).sum(axis=1) - 2 * points @ middles.T).argmin(axis=1)
        middles = np.stack([points[nearest == k].mean(axis=0) if (nearest == k).any() else middles[k] for k in range(count)])
    return np.asarray(((middles**2).sum(axis=1) - 2 * points @ middles.T).argmin(axis=1))


def no_digits(images: Array, labels: Array, rng: Rng) -> Array:
    """Strokes as a pen makes them that are no digit: not a 0, 1 or 8 on its side, nor a 2 or 5 in a mirror, which might be one."""
    turned = images[rng.choice(np.flatnonzero(~np.isin(labels, (0, 1, 8))), UNLIKE, replace=False)]
    mirrored = images[rng.choice(np.flatnonzero(np.isin(labels, (3, 4, 6, 7, 9))), UNLIKE * 2 // 3, replace=False)]
    return np.concatenate(
        [
            np.rot90(turned[::2], 1, (2, 3)),
            np.rot90(turned[1::2], 3, (2, 3)),
            mirrored[..., ::-1],
            np.stack([glued(images, labels, rng) for _ in range(UNLIKE * 4 // 3)]),
            np.stack([strokes(rng) for _ in range(UNLIKE * 2)]),
        ]
    )


def glued(images: Array, labels: Array, rng: Rng) -> Array:
    """Two different digits: halves of them beside or above each other, or both at one place."""
    first, second = rng.integers(0, len(images), 2)
    while labels[first] == labels[second]:
        second = rng.integers(0, len(images))
    both, other = images[first, 0].copy(), images[second, 0]
    way = rng.integers(3)
    if way == 0:
        both[14:] = other[14:]
    elif way == 1:
        both[:, 14:] = other[:, 14:]
    else:
        both = np.maximum(both, other)
    return np.asarray(centre(both, SIZE)[None])


def strokes(rng: Rng) -> Array:
    """One to four strokes, straight or curved, between points of a grid of four by four."""
    lines = []
    for _ in range(rng.integers(1, 5)):
        corners = int(rng.integers(2, 5))
        points = rng.integers(0, 4, (corners, 2)) / 3 + rng.normal(0, 0.05, (corners, 2))
        points = points[np.r_[True, np.abs(np.diff(points, axis=0)).max(axis=1) > 0.2]]
        if len(points) < 2:
            points = np.array([[0.0, 0.0], [1.0, 1.0]])
        lines.append(through(points) if rng.random() < 0.5 and len(points) > 2 else along(points))
    return np.asarray(centre(inked(by_hand(lines, 3, rng), rng), SIZE)[None])


if __name__ == "__main__":
    main()
