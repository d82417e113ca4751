"""How much a picture looks like the digit that a network takes it for.

A network that has seen digits only calls a face a 0, and is sure of it. So beside it stands a measure that knows how digits are
spread: each digit has some ways to be written, each a Gaussian. Strokes that are no digit (digits on their side, in a mirror, glued
together from halves, strokes by lot) have Gaussians, too. What counts is how much worse a picture fits the digit than
these; it is said as a share: how many of a thousand digits that were never learned from fit as badly or worse.
``benchmarks/likeness.py`` makes the numbers in ``likeness.safetensors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from xlcnn.network.network import Answer, Network
from xlcnn.sheets.parts import Array

SHAPE = (1, 28, 28)  # of the pictures, as MNIST's
DIGITS = 10
NONE = DIGITS  # the kind after the digits: strokes that are none
SIDE = 14  # pixels of a picture in which only its strokes' places are left
WIDE = 1.0  # pixels of 28: how far each of these looks
FILE = Path(__file__).with_suffix(".safetensors")


@dataclass(frozen=True, eq=False)
class Likeness:
    """Eleven kinds, ten digits and none, of some ways each. Pictures are looked at along a few axes, in which they differ most."""

    mean: Array  # (pixels,) of all pictures
    axes: Array  # (pixels, axes)
    scales: Array  # (kinds, axes, axes): what makes a kind's spread the same in every direction
    ways: Array  # (kinds, ways, axes): the middle of each way, in these scales
    costs: Array  # (kinds, ways): the larger, the wider and the rarer a way is
    rest: Array  # (kinds,): the variance of what lies outside the axes
    digits: Array  # how much worse held-out digits fit their kind than none, in order

    def judge(self, answer: Answer, image: Array) -> Answer:
        """`judged` for one picture (1, 28, 28)."""
        return self.judged([answer], image[None])[0]

    def judged(self, answers: Sequence[Answer], images: Array) -> list[Answer]:
        """The answers, each with how much its picture (of n, 1, 28, 28) looks like it."""
        shares = self.shares(images, [answer.label for answer in answers])
        return [answer._replace(likeness=float(share)) for answer, share in zip(answers, shares, strict=True)]

    def shares(self, images: Array, labels: Sequence[int] | Array) -> Array:
        """0 to 1: how many digits look as little like what they are, or less, as each picture like what it is called."""
        return 1 - np.searchsorted(self.digits, self.excess(images, labels)) / len(self.digits)

    def excess(self, images: Array, labels: Sequence[int] | Array) -> Array:
        """How much worse each picture fits its digit than strokes that are none."""
        found = self.misfits(images)
        chosen: Array = found[np.arange(len(found)), labels] - found[:, NONE]
        return chosen

    def misfits(self, images: Array) -> Array:
        """How badly each picture fits each kind, (n, kinds): twice the negative logarithm of a Gaussian, of the nearest way."""
        away = reduced(images) - self.mean
        along = away @ self.axes
        outside = np.maximum((away**2).sum(axis=1) - (along**2).sum(axis=1), 0)
        scaled = np.einsum("na,kab->nkb", along, self.scales, optimize=True)
        squares = (scaled**2).sum(axis=-1)[:, :, None] - 2 * np.einsum("nkb,kwb->nkw", scaled, self.ways, optimize=True)
        squares += (self.ways**2).sum(axis=-1)
        nearest: Array = (squares + self.costs).min(axis=-1) + outside[:, None] / self.rest
        return nearest


def reduced(images: Array) -> Array:
    """Pictures of 28 × 28 as 14 × 14 soft pixels, (n, 196)."""
    height = SHAPE[1]
    centres = (np.arange(SIDE) + 0.5) * height / SIDE - 0.5
    weights = np.exp(-(((centres[:, None] - np.arange(height)) / WIDE) ** 2) / 2)
    weights /= weights.sum(axis=1, keepdims=True)
    small: Array = weights @ np.asarray(images, float).reshape(-1, *SHAPE[1:]) @ weights.T
    return small.reshape(-1, SIDE**2)


def can_tell(network: Network) -> bool:
    """Whether the network has MNIST's pictures and ten classes."""
    return network.input_shape == SHAPE and network.shapes[network.layers[-1].name] == (DIGITS,)


def are_digits(images: Array, labels: Array) -> bool:
    """Whether what a network was trained on are digits, and not something else in MNIST's format."""
    return images.shape[1:] == SHAPE and bool(labels.max() < DIGITS and np.median(shipped().shares(images, labels)) > 0.1)


@cache
def shipped() -> Likeness:
    """What was learned from MNIST."""
    return Likeness(**{name: values.astype(float) for name, values in load_file(FILE).items()})
