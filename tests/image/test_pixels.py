"""Every mode of an image becomes grey or RGB floats from 0 to 1, at most 320 pixels long."""

import numpy as np
import pytest
from PIL import Image

from xlcnn import ImageError
from xlcnn.image import pixels


def ramp(width: int = 40, height: int = 30) -> np.ndarray:
    """Grey levels that rise from left to right, exact in 8 bits."""
    return np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "LA"])
def test_grey_is_grey_and_exact_in_every_mode(mode: str) -> None:
    found = pixels.to_float(Image.fromarray(ramp()).convert(mode), "x")
    assert (found == ramp() / 255).all()


def test_colours_have_three_channels() -> None:
    found = pixels.to_float(Image.new("RGB", (20, 10), (255, 0, 51)), "x")
    assert found.shape == (10, 20, 3)
    assert found[0, 0].tolist() == [1, 0, 0.2]


def test_16_bits_are_exact() -> None:
    deep = Image.fromarray(ramp().astype(np.uint16) * 257)
    assert (pixels.to_float(deep, "x") == ramp() / 255).all()
    assert (pixels.to_float(Image.fromarray(ramp().astype(np.int32) * 257), "x") == ramp() / 255).all()
    assert (pixels.to_float(Image.fromarray(ramp().astype(np.float32) / 255), "x") == (ramp() / np.float32(255))).all()


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        (
            ramp().astype(np.float32) / 255 - 0.5,
            r"x holds pixels from -0\.5 to 0\.5, where 0 is black and 1 white; save it with",
        ),
        (ramp().astype(np.float32), "x holds pixels from 0 to 255, where 0 is black and 1 white"),
        (ramp().astype(np.int32) - 1, "x holds pixels from -1 to 254, where 0 is black and 65535 white"),
        (ramp().astype(np.int32) * 1000, "x holds pixels from 0 to 255000, where"),
        (np.tile(ramp().astype(np.float32) * -1, (20, 20)), "x holds pixels from -255 to 0"),
    ],
)
def test_levels_that_are_no_grey_are_refused(levels: np.ndarray, says: str) -> None:
    with pytest.raises(ImageError, match=says):
        pixels.to_float(Image.fromarray(levels), "x")


def test_large_pictures_are_reduced_to_means() -> None:
    for image in (Image.fromarray(ramp(640, 320)), Image.fromarray(ramp(640, 320).astype(np.float32) / 255)):
        found = pixels.to_float(image, "x")
        assert found.shape == (160, 320)
        assert np.abs(found - ramp(640, 320).reshape(160, 2, 320, 2).mean(axis=(1, 3)) / 255).max() <= 0.6 / 255


def test_pixels_that_are_no_numbers_are_refused() -> None:
    broken = ramp().astype(np.float32)
    broken[3, 4] = np.nan
    with pytest.raises(ImageError, match="x holds pixels that are not numbers"):
        pixels.to_float(Image.fromarray(broken), "x")


def test_ink_on_nothing_is_laid_on_the_paper_that_shows_it() -> None:
    cover = ramp()
    for colour, paper in ((0, 1), (255, 0)):
        layers = [np.full_like(cover, colour)] * 3 + [cover]
        found = pixels.to_float(Image.fromarray(np.stack(layers, axis=2)), "x")
        assert (found[:, 0] == paper).all()
        assert found[:, -1] == pytest.approx(colour / 255)
    hidden = np.stack([cover, cover, cover, np.zeros_like(cover)], axis=2)
    assert (pixels.to_float(Image.fromarray(hidden), "x") == cover / 255).all(), "all see-through: nothing is"


def test_resize_leaves_the_right_size_alone() -> None:
    grey = ramp() / 255
    assert pixels.resize(grey, (30, 40)) is grey
    assert pixels.resize(grey, (28, 28)).shape == (28, 28)
