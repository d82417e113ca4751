"""The sheet Picture shows how the user's picture became numbers: only where it had to be prepared."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import Image

from tests.digits import draw
from xlcnn import NetworkError, make_workbook, verify
from xlcnn.lesson.templates import find_template
from xlcnn.sheets.exhibits.picture import DRAWN, FromPicture
from xlcnn.sheets.parts import Picture


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A picture of a 4 on paper, and the lenet workbook that was made of it."""
    folder = tmp_path_factory.mktemp("made")
    draw("4", (300, 200)).save(folder / "four.png")
    make_workbook(folder / "four.png", folder / "four.xlsx", "lenet")
    return folder / "four.png", folder / "four.xlsx"


def test_its_four_pictures_stand_side_by_side_and_the_last_is_what_the_network_reads(made: tuple[Path, Path]) -> None:
    sheet = load_workbook(made[1])["Picture"]
    assert len(sheet._images) == len(DRAWN)
    rows = {image.anchor._from.row for image in sheet._images}
    cols = sorted(image.anchor._from.col for image in sheet._images)
    assert len(rows) == 1
    assert {b - a for a, b in pairwise(cols)} == {31}
    last = find_template("lenet").plan_with().sheets["picture"]
    assert isinstance(last, FromPicture)
    top, left = rows.pop() + 1, cols[-1] + 1 + 31
    links = {sheet.cell(top + y, left + x).value for y in range(28) for x in range(28)}
    assert len(links) == 28 * 28
    assert all(str(link).startswith("=Input!") for link in links)


def test_the_box_is_drawn_around_the_digit(made: tuple[Path, Path]) -> None:
    sheet = load_workbook(made[1])["Picture"]
    ink = max(sheet._images, key=lambda image: image.anchor._from.col)
    pixels = np.asarray(Image.open(BytesIO(ink._data())).convert("RGB")).astype(int)
    red = pixels[..., 0] > pixels[..., 1] + 50
    assert red.any()
    dark = pixels.max(axis=-1) < 80
    rows, cols = np.nonzero(red)
    assert dark.any()
    inside = dark[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]
    assert inside.sum() == dark.sum()


def test_it_is_verified_and_may_be_deleted_like_any_sheet_to_play_with(made: tuple[Path, Path], tmp_path: Path) -> None:
    assert verify(made[1], image=made[0], trials=0).ok
    book = load_workbook(made[1])
    del book["Picture"]
    for name in [name for name in book.defined_names if name.startswith("picture.")]:
        del book.defined_names[name]
    book.save(tmp_path / "without.xlsx")
    assert verify(tmp_path / "without.xlsx", trials=0).ok
    assert "picture" not in find_template("lenet").plan_with(leave_out=["exhibits"]).sheets


def test_a_picture_that_passes_as_it_is_has_no_such_sheet(tmp_path: Path) -> None:
    template = find_template("lenet")
    make_workbook(template.sample(4), tmp_path / "sample.xlsx", template, as_is=True)
    assert "Picture" not in load_workbook(tmp_path / "sample.xlsx").sheetnames
    assert verify(tmp_path / "sample.xlsx", trials=0).ok


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_it_stands_before_the_input_in_every_language(language: str) -> None:
    for name in ("lesson", "lenet", "residual"):
        template = find_template(name)
        plan = template.plan_with()
        order = template.words(language).order(plan.tabs)
        assert order.index("picture") + 1 == order.index("input")


def test_it_reads_one_image() -> None:
    with pytest.raises(NetworkError, match="reads one layer, not 0"):
        FromPicture("picture", "Picture", ()).declare([])
    with pytest.raises(NetworkError, match="picture"):
        FromPicture("picture", "Picture", ("a",)).declare([Picture("output", (3,))])
