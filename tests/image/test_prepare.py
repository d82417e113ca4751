"""Ink becomes a digit like MNIST's: cropped, no thinner than theirs, 20 pixels long, its mass in the middle."""

import numpy as np
import pytest

from xlcnn.image import prepare


def bar(width: int, length: int = 100) -> np.ndarray:
    """A straight stroke in a larger picture."""
    amount = np.zeros((length + 60, length + 90), np.float32)
    amount[30 : 30 + length, 50 : 50 + width] = 1
    return amount


@pytest.mark.parametrize("size", [(28, 28), (28, 40), (14, 14)])
def test_the_longer_side_is_20_of_28_and_the_mass_is_in_the_middle(size: tuple[int, int]) -> None:
    image = prepare.centre(bar(20), size)
    assert image.shape == size
    rows, cols = np.flatnonzero(image.max(axis=1)), np.flatnonzero(image.max(axis=0))
    assert np.ptp(rows) + 1 == round(20 / 28 * min(size))
    assert (rows[0] + rows[-1]) / 2 == pytest.approx((size[0] - 1) / 2, abs=0.5)
    assert (cols[0] + cols[-1]) / 2 == pytest.approx((size[1] - 1) / 2, abs=0.5)
    assert image.max() == 1


def test_levels_are_what_8_bits_hold() -> None:
    image = prepare.centre(bar(13) * np.float32(0.7), (28, 28))
    assert (np.round(image * 255) / 255 == image).all()


def test_crop_leaves_what_is_faint() -> None:
    amount = bar(20)
    amount[2, 2] = 0.05
    assert prepare.crop(amount).shape == (100, 20)


@pytest.mark.parametrize(("width", "becomes"), [(1, 9), (4, 9), (20, 20)])
def test_fine_strokes_are_thickened_and_others_are_not(width: int, becomes: int) -> None:
    thick = prepare.thicken(prepare.crop(bar(width)))
    assert (thick > 0.5).any(axis=0).sum() == pytest.approx(becomes, abs=2)


def test_a_digit_in_a_corner_stays_within_the_picture() -> None:
    assert prepare.middle(np.array([9.0, 0, 0, 0, 0, 0, 0, 0]), 10) == 2
    assert prepare.middle(np.array([0.0, 0, 0, 0, 0, 0, 0, 9]), 10) == 0
