"""A file's bytes become an opened image, upright and no larger than it need be."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from tests.drawing import draw
from xlcnn import ImageError
from xlcnn.image import files


def test_a_large_jpeg_is_decoded_smaller_but_not_too_small(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    draw("3", size=(2000, 1500)).save(path)
    assert files.open_image(path).size == (1000, 750)
    draw("3", size=(1000, 750)).save(path)
    assert files.open_image(path).size == (1000, 750)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    draw("3", size=(40, 30)).save(out, "PNG")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(out.getvalue())))
    assert files.open_image("-").size == (40, 30)
    assert files.name_of("-") == "standard input"


def test_more_bytes_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 2**20)
    path = tmp_path / "large.png"
    path.write_bytes(bytes(2**20 + 1))
    with pytest.raises(ImageError, match=r"large\.png is too large: more than 1 MB"):
        files.open_image(path)


def test_seven_pixels_are_too_few(tmp_path: Path) -> None:
    path = tmp_path / "tiny.png"
    Image.new("L", (7, 20)).save(path)
    with pytest.raises(ImageError, match="is 7×20 pixels: no digit can be seen in that shape"):
        files.open_image(path)
