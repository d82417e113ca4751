"""How far pixels differ from their paper, whatever the light and the colours."""

import cv2
import numpy as np
import pytest

from tests.digits import draw
from xlcnn.image import paper

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
    assert np.abs(paper.paper(seen) - lit()).max() < 0.01


@pytest.mark.parametrize("factor", [0.3, 1.5])
def test_ink_is_darker_or_lighter_than_its_paper(factor: float) -> None:
    seen = lit()
    seen[:, CROSS] *= factor
    assert paper.darker_than_paper(seen) == (factor < 1)
    amount = paper.against_paper(seen - lit())
    assert amount[CROSS].min() > amount[~CROSS].max(), "ink is positive, whatever it is"


def test_roughness_is_the_standard_deviation_of_noise() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, (320, 240)).astype(np.float32)
    assert paper.roughness(noise) == pytest.approx(0.05, rel=0.05)


def test_quantiles() -> None:
    values = np.arange(101, dtype=np.float32)[::-1].copy()
    assert [paper.quantile(values, share) for share in (0, 0.5, 0.9, 1)] == [0, 50, 90, 100]


@pytest.mark.parametrize("dark_part", ["left", "right"])
def test_a_hard_shadow_does_not_turn_dark_ink_into_light(dark_part: str) -> None:
    seen = np.full((3, 60, 80), 0.8, np.float32)
    seen[:, CROSS] *= 0.3
    seen[:, :, slice(0, 45) if dark_part == "left" else slice(35, 80)] *= 0.4
    assert paper.darker_than_paper(seen)


def test_paper_of_one_colour_needs_no_surface() -> None:
    drawing = np.asarray(draw("0", pen=90, box=(0.15, 0.1, 0.7, 0.8))) / 255  # a third of the picture is ink
    found = paper.contrast(drawing)
    assert found.has_one_colour
    ink = np.asarray(draw("0", pen=90, box=(0.15, 0.1, 0.7, 0.8)).convert("L")) < 128
    assert found.amount[ink].min() > 0.9 * found.amount.max()
    assert np.abs(found.amount[~ink]).max() < 0.01


def test_light_and_shadow_are_not_one_colour() -> None:
    planes = lit()
    planes[:, CROSS] *= 0.3
    assert paper.on_one_colour(planes) is None
    half = np.full((3, 60, 80), 0.9, np.float32)
    half[:, :, 55:] = 0.6  # a hard shadow has one colour, too
    half[:, CROSS] = 0.1
    assert paper.on_one_colour(half) is None


def test_otsu_parts_two_groups() -> None:
    random = np.random.default_rng(0)
    values = np.concatenate([random.normal(1, 0.1, 900), random.normal(3, 0.2, 100)]).reshape(20, 50).astype(np.float32)
    assert ((values > paper.otsu(values)) == (values > 2)).all()
    same = np.full((9, 9), 0.7, np.float32)
    assert not (same > paper.otsu(same)).any()


def test_opencv_starts_no_threads() -> None:
    assert cv2.getNumThreads() == 1
