"""Finding the ink of a digit on its paper, whatever the colour, the polarity and the lighting of the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from xlcnn.errors import ImageError

BOX = 20 / 28  # MNIST's digits fill 20 of 28 pixels
THIN = 0.09  # of the digit's longer side: MNIST's thinnest strokes; a finer pen is thickened to this


def find(pixels: np.ndarray, name: str) -> np.ndarray:
    """How much ink each pixel holds, 0 to 1, with specks and the picture's borders removed.

    `pixels` is grey (height, width) or RGB (height, width, 3). Raises `ImageError` where there is no ink.
    """
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    is_dark = darker_than_paper(pixels[::2, ::2])
    if is_dark:  # light and shadow multiply what dark ink leaves of the paper's brightness: in logarithms they add
        pixels = np.log(pixels + 0.03)
    amount = against_paper(pixels - paper(pixels))
    noise = roughness(amount)
    if noise > 0.01:
        amount, noise = blur(amount), 0.375 * noise  # √(Σ w²) of the blur's nine weights
    evened = even(amount)
    if is_dark:
        evened = 1 - np.exp(-evened)
    level = otsu(evened)
    strong = evened > level
    if not strong.any() or float(np.percentile(evened[strong], 90)) < max(0.06, 6 * noise):
        raise ImageError(f"{name} shows no digit: nothing stands out from the paper")
    full = float(np.percentile(evened[strong], 75))
    floor = min(0.35 * full, max(3 * noise, 0.1 * full))
    strokes = main_strokes(evened > max(floor, level * 0.6))
    result = np.where(strokes, np.clip((evened - floor) / (full - floor), 0, 1), 0)
    if longest(strokes) < max(5, 0.03 * max(strokes.shape)) or result.max() < 0.5:
        raise ImageError(f"{name} shows no digit: only specks stand out from the paper")
    return np.asarray(result)


def darker_than_paper(pixels: np.ndarray) -> bool:
    """Whether the ink is darker than the paper around it."""
    residual = pixels - paper(pixels)
    return bool((residual.mean(axis=2) * np.maximum(against_paper(residual), 0) ** 2).sum() < 0)


def roughness(amount: np.ndarray) -> float:
    """The standard deviation of a picture's noise, from the differences between neighbours."""
    return 1.05 * float(np.median(np.abs(np.diff(amount, axis=1))))


def blur(amount: np.ndarray) -> np.ndarray:
    """Each pixel mixed with its neighbours, weights 1 2 1 in both directions."""
    p = np.pad(amount, 1, mode="edge")
    rows = (p[:-2] + 2 * p[1:-1] + p[2:]) / 4
    return np.asarray((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4)


def longest(mask: np.ndarray) -> int:
    """The longer side of the largest piece of `mask`."""
    labels, count = components(mask)
    if not count:
        return 0
    piece = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    return int(max(np.ptp(np.flatnonzero(piece.any(axis=axis))) + 1 for axis in (0, 1)))


def paper(pixels: np.ndarray) -> np.ndarray:
    """The paper's colour at each pixel: a smooth surface, second degree, fitted to what is not ink."""
    height, width = pixels.shape[:2]
    every = max(1, round((height * width / 10_000) ** 0.5))  # a smooth surface needs few points
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2)
    some, seen = (a[::every, ::every].reshape(-1, a.shape[2]) for a in (terms, pixels))
    surface = np.median(seen, axis=0) * np.ones_like(seen)
    for _ in range(6):
        distance = np.abs(seen - surface).max(axis=1)
        near = distance <= max(1.5 / 255, 2.5 * float(np.median(distance)))
        fit, *_ = np.linalg.lstsq(some[near], seen[near], rcond=None)
        surface = some @ fit
    return np.asarray(terms @ fit)


def against_paper(residual: np.ndarray) -> np.ndarray:
    """One number a pixel from its difference in colour: along the ink's colour, positive for ink."""
    flat = residual.reshape(-1, residual.shape[2])
    loud = flat * (flat**2).sum(axis=1, keepdims=True)  # ink may be a thousandth of the picture
    values, vectors = np.linalg.eigh(loud.T @ loud)
    direction = vectors[:, values.argmax()]
    amount = residual @ direction / np.abs(direction).sum()
    return np.asarray(amount if (amount**3).sum() >= 0 else -amount)  # ink lies far out on one side


def even(amount: np.ndarray) -> np.ndarray:
    """The ink without shadows: what stands out over its surroundings, for surroundings just wider than the strokes.

    Small surroundings remove more of a shadow but hollow out thick strokes; so the smallest is taken that loses none.
    """
    best, strokes = amount, 0
    for share in (0.1, 0.2, 0.4):
        fit = top_hat(amount, share)
        found = int(main_strokes(fit > 0.65 * np.percentile(fit, 99.9)).sum())
        if strokes and found < 1.25 * strokes:
            break
        best, strokes = fit, found
    return best


def top_hat(amount: np.ndarray, share: float) -> np.ndarray:
    """What stands out over its surroundings, a square of `share` of the picture's side around each pixel."""
    size = max(7, round(max(amount.shape) * share) | 1)
    opened = _slide(_slide(amount, size, np.minimum), size, np.maximum)
    return np.asarray(np.maximum(amount - opened, 0))


def _slide(a: np.ndarray, size: int, best: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """The smallest or largest value in a square of `size` (odd) around each pixel, by doubling windows."""
    for axis in (0, 1):
        a = np.moveaxis(a, axis, 0)
        run = np.pad(a, [(size // 2, size // 2), (0, 0)], mode="edge")
        window = 1
        while window < size:
            step = min(window, size - window)
            run = best(run[:-step], run[step:])
            window += step
        a = np.moveaxis(run, 0, axis)
    return a


def otsu(values: np.ndarray) -> float:
    """The threshold that parts values into two groups as different as possible (Otsu 1979)."""
    counts, edges = np.histogram(values, bins=256)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    mean_below = np.cumsum(counts * middles) / np.maximum(below, 1)
    above = below[-1] - below
    total = float((counts * middles).sum())
    mean_above = (total - mean_below * below) / np.maximum(above, 1)
    return float(middles[(below * above * (mean_below - mean_above) ** 2).argmax()])


def main_strokes(mask: np.ndarray) -> np.ndarray:
    """The part of `mask` that is the digit: its largest piece, and pieces of some size that are not at the border."""
    labels, count = components(mask)
    if count < 2:
        return mask
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    border = np.zeros(count + 1, dtype=bool)
    border[np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))] = True
    inner = np.where(border, 0, sizes)
    # a table's edge or a shadow touches the border; so may a digit that fills the picture
    if inner.max() > 0.04 * sizes.max():
        sizes = inner
    keep = sizes > max(0.04 * sizes.max(), 2)
    keep[0] = False
    return np.asarray(keep[labels])


def components(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """Pieces of `mask` that hang together (8 neighbours), numbered from 1, and how many there are."""
    labels = np.zeros(mask.shape, dtype=np.int64)
    parent = [0]

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    previous: list[tuple[int, int, int]] = []
    for y in range(mask.shape[0]):
        steps = np.flatnonzero(np.diff(np.concatenate([[0], mask[y].astype(np.int8), [0]])))
        runs: list[tuple[int, int, int]] = []
        for start, stop in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
            touching = [root(k) for a, b, k in previous if a <= stop and b >= start]
            label = min(touching, default=len(parent))
            if not touching:
                parent.append(label)
            for k in touching:
                parent[k] = label
            runs.append((start, stop, label))
            labels[y, start:stop] = label
        previous = runs
    roots = np.array([root(k) for k in range(len(parent))])
    names, compact = np.unique(roots, return_inverse=True)
    return compact[labels], len(names) - 1


def centre(amount: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """MNIST's preparation: crop, scale the longer side to 20 of 28 pixels, put the centre of mass in the middle."""
    rows, cols = np.flatnonzero(amount.max(axis=1) > 0.1), np.flatnonzero(amount.max(axis=0) > 0.1)
    digit = amount[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    digit = thicken(digit)
    scale = round(BOX * min(size)) / max(digit.shape)
    height, width = (max(1, round(n * scale)) for n in digit.shape)
    image = Image.fromarray(digit.astype(np.float32))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    small = np.clip(np.asarray(image.resize((width, height), how), dtype=np.float64), 0, 1)
    small = np.clip(small / max(np.percentile(small[small > 0.1], 90), 0.1), 0, 1)
    mass = small.sum()
    top = round((size[0] - 1) / 2 - float((small.sum(axis=1) @ np.arange(height)) / mass))
    left = round((size[1] - 1) / 2 - float((small.sum(axis=0) @ np.arange(width)) / mass))
    top, left = min(max(top, 0), size[0] - height), min(max(left, 0), size[1] - width)
    canvas = np.zeros(size)
    canvas[top : top + height, left : left + width] = small
    return np.round(canvas * 255) / 255


def thicken(digit: np.ndarray) -> np.ndarray:
    """A fine pen's strokes widened to MNIST's thinnest; others as they are."""
    mask = digit > 0.5
    padded = np.pad(mask, 1)
    edges = (padded[1:] ^ padded[:-1]).sum() + (padded[:, 1:] ^ padded[:, :-1]).sum()
    if not mask.any():
        return digit
    stroke = 2.0 * mask.sum() / (0.8 * edges)  # area / length; a slanted outline counts about a quarter too much
    grow = THIN * max(digit.shape) - stroke
    if grow < 1:
        return digit
    radius = max(1, round(grow / 2))
    padded_digit = np.pad(digit, radius)
    image = Image.fromarray((padded_digit * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(2 * radius + 1))
    return np.asarray(image, dtype=np.float64) / 255
