"""How a picture became numbers is drawn side by side."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.digits import draw
from xlcnn import ImageError, load_image
from xlcnn.image.explain import GAP, HEAD, SIDE, explain


def opened(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("L"))


def test_five_stages_and_the_last_is_what_the_network_reads(tmp_path: Path) -> None:
    path = tmp_path / "4.png"
    draw("4").save(path)
    page = opened(explain(path))
    assert page.shape == (SIDE + HEAD + GAP, 5 * (SIDE + GAP) + GAP)
    last = page[HEAD : HEAD + SIDE, 4 * (SIDE + GAP) + GAP :][:, :SIDE]
    assert (last[5::10, 5::10] == (load_image(path)[0] * 255).round()).all()


def test_every_digit_has_its_box_or_the_one_that_is_picked(tmp_path: Path) -> None:
    row = Image.new("RGB", (320, 160), (250, 248, 240))
    for k, digit in enumerate("20"):
        row.paste(draw(digit, (160, 160), 10), (160 * k, 0))
    row.save(tmp_path / "row.png")
    both, left, right = (np.asarray(Image.open(BytesIO(explain(tmp_path / "row.png", pick=k)))) for k in (None, 1, 2))
    ink = np.s_[HEAD : HEAD + SIDE, 3 * (SIDE + GAP) + GAP : 4 * (SIDE + GAP)]
    red = [(page[ink][..., 0] > page[ink][..., 1].astype(int) + 50).any(axis=0) for page in (both, left, right)]
    assert red[1].nonzero()[0].mean() < 0.4 * SIDE < red[2].nonzero()[0].mean()
    assert (red[0] == red[1] | red[2]).all()
    with pytest.raises(ImageError, match="shows 2 digits: number 3 cannot be picked"):
        explain(tmp_path / "row.png", pick=3)


def test_what_is_taken_as_it_is_has_three(tmp_path: Path) -> None:
    path = tmp_path / "4.png"
    draw("4").save(path)
    assert opened(explain(path, as_is=True)).shape[1] == 3 * (SIDE + GAP) + GAP
    assert opened(explain(path, channels=3)).shape[1] == 2 * (SIDE + GAP) + GAP
