"""The palette is told apart by everybody: in shades of grey, by colour-blind eyes; and what stands on it can be read."""

import numpy as np
import pytest

from xlcnn.workbook.styles import BLACK, BLUE, ORANGE, VALUES, WHITE, WORDS, YELLOW

Array = np.ndarray

#: Machado, Oliveira, Fernandes 2009: what is left of linear RGB to those without one kind of cones.
SEEN = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
#: IEC 61966-2-1: linear sRGB → XYZ, and its white.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
DAYLIGHT = XYZ.sum(axis=1)


def linear(colour: str) -> Array:
    """Linear RGB of ``RRGGBB``."""
    rgb = np.array([int(colour[k : k + 2], 16) for k in (0, 2, 4)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    """CIE L*a*b* of linear RGB."""
    t = XYZ @ rgb / DAYLIGHT
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21."""
    dark, light = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_the_measures_are_right() -> None:
    assert lab(linear(WHITE)) == pytest.approx([100, 0, 0], abs=1e-6)
    assert lab(linear("FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert contrast("000000", WHITE) == pytest.approx(21)
    for matrix in SEEN.values():
        assert np.array(matrix) @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-4), "grey stays grey"


def test_negative_and_positive_differ_in_shades_of_grey() -> None:
    negative, positive = (lab(linear(colour))[0] for colour in (ORANGE, BLUE))
    assert negative - positive >= 15, "and negative is the light one"


@pytest.mark.parametrize("eyes", SEEN)
def test_negative_and_positive_differ_to_colour_blind_eyes(eyes: str) -> None:
    negative, positive = (lab(np.clip(np.array(SEEN[eyes]) @ linear(colour), 0, 1)) for colour in (ORANGE, BLUE))
    assert np.linalg.norm(negative - positive) >= 25


@pytest.mark.parametrize("ground", [BLUE, ORANGE, YELLOW, WHITE])
def test_numbers_can_be_read_on_every_colour(ground: str) -> None:
    assert contrast(BLACK, ground) >= 4.5


@pytest.mark.parametrize("style", WORDS)
def test_words_can_be_read_on_their_ground(style: str) -> None:
    look = WORDS[style]
    assert contrast(look.font.colour, look.ground or WHITE) >= 4.5


@pytest.mark.parametrize("look", VALUES)
def test_values_are_large_enough(look: str) -> None:
    assert VALUES[look].font.size >= 7


@pytest.mark.parametrize("style", WORDS)
def test_words_are_large_enough(style: str) -> None:
    assert WORDS[style].font.size >= 9
