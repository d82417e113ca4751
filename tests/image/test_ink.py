"""The steps of finding ink, each by itself."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.digits import draw, photograph
from xlcnn import ImageError
from xlcnn.image import ink


def test_evening_removes_a_shadow_and_keeps_a_thick_stroke() -> None:
    thick = np.zeros((100, 100), np.float32)
    thick[20:80, 40:62] = 1
    shadow = np.zeros_like(thick)
    shadow[:, 70:] = 0.4
    evened = ink.even(thick + shadow)
    assert (evened[20:80, 40:62] == 1).all()
    assert evened[:, 75:].max() < 0.05


@pytest.mark.parametrize("grey", [False, True])
def test_find_on_a_photograph(grey: bool) -> None:
    drawing = draw("4", size=(240, 200), pen=9)
    pixels = np.asarray(photograph(drawing).convert("L" if grey else "RGB")) / 255
    drawn = np.asarray(drawing.convert("L")) < 128
    found = ink.find(pixels, "x")
    assert found.ink.shape == found.contrast.shape == (200, 240)
    assert ((found.ink > 0.5) == drawn).mean() > 0.985
    assert (found.ink.min(), found.ink.max()) == (0, 1)
    (digit,) = found.digits
    assert digit[drawn].mean() > 0.95


def test_a_small_picture_is_enlarged() -> None:
    pixels = np.asarray(draw("4", size=(280, 280), pen=30).resize((16, 16))) / 255
    assert ink.find(pixels, "x").ink.shape == (112, 112)


def test_a_dark_border_does_not_hide_faint_ink() -> None:
    """A bar ten times as dark as the digit: what is ink is judged anew without it."""
    pixels = np.full((120, 120), 0.8)
    pixels[:9] = 0.05
    pixels[40:90, 50:56] = 0.7
    (digit,) = ink.find(pixels, "x").digits
    rows, cols = np.nonzero(digit)
    assert (rows.min(), rows.max()) == pytest.approx((40, 89), abs=1)
    assert (cols.min(), cols.max()) == pytest.approx((50, 55), abs=1)


def test_an_edge_that_is_all_there_is_stays() -> None:
    """A 1 cut out so closely that it touches three sides."""
    pixels = np.full((100, 60), 0.9)
    pixels[:, 20:40] = 0.1
    (digit,) = ink.find(pixels, "x").digits
    assert digit[:, 20:40].all()


def test_nothing_is_found_on_blank_paper() -> None:
    pixels = np.asarray(photograph(Image.new("RGB", (200, 150), (250, 248, 240)), shadow=1.0)) / 255
    with pytest.raises(ImageError, match="x shows no digit"):
        ink.find(pixels, "x")


def test_opencv_is_imported_only_for_pictures_in_which_ink_is_looked_for(tmp_path: Path) -> None:
    mnist = np.zeros((28, 28), np.uint8)
    mnist[4:24, 12:16] = 250
    Image.fromarray(mnist).save(tmp_path / "mnist.png")
    draw("3").save(tmp_path / "drawn.png")
    script = (
        "import sys; from xlcnn import load_image\n"
        "load_image('mnist.png'); load_image('drawn.png', as_is=True); print('cv2' in sys.modules)\n"
        "load_image('drawn.png'); print('cv2' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True).stdout
    assert out.split() == [b"False", b"True"]
