"""The steps of finding ink, each by itself."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.drawing import draw, photograph
from xlcnn import ImageError
from xlcnn.image import ink

CROSS = np.zeros((60, 80), bool)
CROSS[10:50, 38:42] = CROSS[28:32, 20:60] = True


def lit(height: int = 60, width: int = 80) -> np.ndarray:
    """Three channels of bent light without any ink, (3, height, width)."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 0.6 + 0.2 * x - 0.1 * y + 0.05 * x * y - 0.08 * x * x
    return np.stack([light, 0.9 * light, 0.8 * light]).astype(np.float32)


def test_paper_is_fitted_beside_the_ink() -> None:
    seen = lit()
    seen[:, CROSS] *= 0.3
    assert np.abs(ink.paper(seen) - lit()).max() < 0.01


@pytest.mark.parametrize("factor", [0.3, 1.5])
def test_ink_is_darker_or_lighter_than_its_paper(factor: float) -> None:
    seen = lit()
    seen[:, CROSS] *= factor
    assert ink.darker_than_paper(seen) == (factor < 1)
    amount = ink.against_paper(seen - lit())
    assert amount[CROSS].min() > amount[~CROSS].max(), "ink is positive, whatever it is"


def test_roughness_is_the_standard_deviation_of_noise() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, (320, 240)).astype(np.float32)
    assert ink.roughness(noise) == pytest.approx(0.05, rel=0.05)


def test_quantiles() -> None:
    values = np.arange(101, dtype=np.float32)[::-1].copy()
    assert [ink.quantile(values, share) for share in (0, 0.5, 0.9, 1)] == [0, 50, 90, 100]


def test_otsu_parts_two_groups() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(1, 0.1, 900), random.normal(3, 0.2, 100)]).reshape(20, 50).astype(np.float32)
    assert ((values > ink.otsu(values)) == (values > 2)).all()
    same = np.full((9, 9), 0.7, np.float32)
    assert not (same > ink.otsu(same)).any()


def test_evening_removes_a_shadow_and_keeps_a_thick_stroke() -> None:
    thick = np.zeros((100, 100), np.float32)
    thick[20:80, 40:62] = 1
    shadow = np.zeros_like(thick)
    shadow[:, 70:] = 0.4
    evened = ink.even(thick + shadow)
    assert (evened[20:80, 40:62] == 1).all()
    assert evened[:, 75:].max() < 0.05


def test_main_strokes_leave_out_specks_and_the_border() -> None:
    mask = CROSS.copy()
    mask[5, 5] = True  # a speck
    mask[:, :3] = True  # a table's edge
    strokes = ink.main_strokes(mask)
    assert (strokes.mask == CROSS).all()
    assert (strokes.area, strokes.longest) == (int(CROSS.sum()), 40)


def test_a_digit_in_two_pieces_keeps_both() -> None:
    mask = np.zeros((40, 40), bool)
    mask[5:30, 10] = mask[10:20, 20] = True
    assert (ink.main_strokes(mask).mask == mask).all()


def test_a_digit_that_fills_the_picture_may_touch_its_border() -> None:
    mask = np.zeros((20, 20), bool)
    mask[:, 8:12] = True
    assert ink.main_strokes(mask).longest == 20
    nothing = ink.main_strokes(np.zeros((20, 20), bool))
    assert (nothing.mask.any(), nothing.area, nothing.longest) == (False, 0, 0)


@pytest.mark.parametrize("grey", [False, True])
def test_find_on_a_photograph(grey: bool) -> None:
    drawing = draw("4", size=(240, 200), pen=9)
    pixels = np.asarray(photograph(drawing).convert("L" if grey else "RGB")) / 255
    drawn = np.asarray(drawing.convert("L")) < 128
    found = ink.find(pixels, "x")
    assert found.shape == (200, 240)
    assert ((found > 0.5) == drawn).mean() > 0.985
    assert (found.min(), found.max()) == (0, 1)


def test_nothing_is_found_on_blank_paper() -> None:
    pixels = np.asarray(photograph(Image.new("RGB", (200, 150), (250, 248, 240)), shadow=1.0)) / 255
    with pytest.raises(ImageError, match="x shows no digit"):
        ink.find(pixels, "x")


def test_opencv_starts_no_threads() -> None:
    assert cv2.getNumThreads() == 1


def test_opencv_is_imported_only_for_pictures_in_which_ink_is_looked_for(tmp_path: Path) -> None:
    mnist = np.zeros((28, 28), np.uint8)
    mnist[6:20, 13:16] = 250
    Image.fromarray(mnist).save(tmp_path / "mnist.png")
    draw("3").save(tmp_path / "drawn.png")
    script = (
        "import sys; from xlcnn import load_image\n"
        "load_image('mnist.png'); load_image('drawn.png', as_is=True); print('cv2' in sys.modules)\n"
        "load_image('drawn.png'); print('cv2' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, check=True).stdout
    assert out.split() == [b"False", b"True"]
