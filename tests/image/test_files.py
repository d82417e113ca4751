"""A file's bytes become an opened image, upright and no larger than it need be."""

import io
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from struct import pack
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat, features

from tests.digits import draw
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


@pytest.mark.parametrize("size", [(4, 20), (7, 7), (501, 5), (20, 4)])
def test_four_pixels_are_too_few(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "tiny.png"
    Image.new("L", size).save(path)
    with pytest.raises(ImageError, match=f"is {size[0]}×{size[1]} pixels: nothing can be seen in that shape"):
        files.open_image(path)


@pytest.mark.parametrize("size", [(5, 20), (6, 28), (7, 40), (8, 8)])
def test_a_1_that_was_cut_out_closely_is_large_enough(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "one.png"
    Image.new("L", size).save(path)
    assert files.open_image(path).size == size


# ---- pictures of phones ----


def heic(image: Image.Image, **options: Any) -> bytes:
    """A HEIC file of the picture; skips the test where nothing writes one."""
    library = pytest.importorskip("pillow_heif", reason="an extra: pip install '.[heif]'")
    if not library.libheif_info()["HEIF"]:
        pytest.skip("pillow-heif cannot write HEIC here")
    out = io.BytesIO()
    library.encode(image.mode, image.size, image.tobytes(), out, **options)
    return out.getvalue()


def avif(image: Image.Image, **options: Any) -> bytes:
    """An AVIF file of the picture; skips the test where Pillow cannot write one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow before 11.3 does not know the word
        if not features.check("avif"):
            pytest.skip("this Pillow has no AVIF")
    out = io.BytesIO()
    image.save(out, "AVIF", **options)
    return out.getvalue()


PHONES = pytest.mark.parametrize("phone", [heic, avif])
Phone = Callable[..., bytes]


def corner(turned: int = 1) -> tuple[Image.Image, dict[str, bytes]]:
    """A white picture of 96×64 with black at the upper left, and what a camera says of how it was held."""
    image = Image.new("RGB", (96, 64), "white")
    image.paste("black", (0, 0, 32, 32))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned
    return image, {"exif": exif.tobytes()}


@PHONES
def test_a_phones_picture_is_read_whatever_its_name(tmp_path: Path, phone: Phone) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(phone(draw("3", size=(200, 150)).convert("RGB")))
    known = set(Image.OPEN)
    opened = files.open_image(path)
    difference = ImageChops.difference(opened.convert("L"), draw("3", size=(200, 150)).convert("L"))
    assert opened.size == (200, 150)
    assert ImageStat.Stat(difference).mean[0] < 3
    assert "HEIF" not in set(Image.OPEN) - known  # nor is the library made known to whoever uses Pillow beside us


@PHONES
@pytest.mark.parametrize(
    ("turned", "size", "black"),
    [(1, (96, 64), (10, 10)), (3, (96, 64), (86, 54)), (6, (64, 96), (54, 10)), (8, (64, 96), (10, 86))],
)
def test_a_phones_picture_is_turned_once(phone: Phone, turned: int, size: tuple[int, int], black: tuple[int, int]) -> None:
    image, options = corner(turned)
    opened = files.open_image(files.ImageFile("photo", phone(image, **options))).convert("L")
    assert opened.size == size
    corners = [(x, y) for x in (10, size[0] - 10) for y in (10, size[1] - 10)]
    assert [at for at in corners if np.asarray(opened)[at[1], at[0]] < 100] == [black]


@PHONES
def test_a_phones_picture_cut_short_anywhere_says_so(phone: Phone) -> None:
    data = phone(corner()[0])
    for end in (13, 20, 40, 100, len(data) // 2, len(data) - 20, len(data) - 1):
        with pytest.raises(ImageError, match=r"^photo is damaged or cut short \([^\n]*[^\s]\)$") as caught:
            files.open_image(files.ImageFile("photo", data[:end]))
        assert "0x" not in str(caught.value)


@PHONES
def test_a_damaged_picture_of_a_phone_is_answered(phone: Phone) -> None:
    data, rng = phone(corner()[0]), Random(0)
    for _ in range(200):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(data))] = rng.randrange(256)
        with suppress(ImageError):
            assert files.open_image(files.ImageFile("photo", bytes(damaged))).mode


def resized(data: bytes, old: tuple[int, int], new: tuple[int, int]) -> bytes:
    """The same file, which says that its picture has another size."""
    before, after = (b"ispe" + bytes(4) + pack(">II", *size) for size in (old, new))
    assert before in data
    return data.replace(before, after)


@PHONES
def test_too_many_pixels_are_refused_before_they_are_decoded(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_PIXELS", 3 * 10**6)
    data = phone(Image.new("RGB", (2000, 1600), "white"))
    for cut in (data, data[:-3]):  # whose pixels cannot be decoded at all
        with pytest.raises(ImageError, match=r"^photo is too large: 2000×1600 pixels; the limit is 3 million$"):
            files.open_image(files.ImageFile("photo", cut))


def test_a_size_that_is_a_lie_is_no_way_round() -> None:
    data = resized(avif(Image.new("RGB", (2000, 1600), "white")), (2000, 1600), (100, 80))
    assert files.open_image(files.ImageFile("photo", data)).size == (100, 80)


def test_nor_is_it_in_heic() -> None:
    data = resized(heic(Image.new("RGB", (2000, 1600), "white")), (2000, 1600), (100, 80))
    with pytest.raises(ImageError, match=r"^photo is damaged or cut short"):
        files.open_image(files.ImageFile("photo", data))


@PHONES
def test_a_phones_picture_of_four_pixels_is_too_small(phone: Phone) -> None:
    with pytest.raises(ImageError, match="nothing can be seen in that shape"):
        files.open_image(files.ImageFile("photo", phone(Image.new("RGB", (4, 20), "white"))))


def test_the_picture_is_read_and_not_the_smaller_one_inside() -> None:
    image = draw("3", size=(1000, 750)).convert("RGB")
    library = pytest.importorskip("pillow_heif", reason="an extra: pip install '.[heif]'")
    data = heic(image, thumbnails=[700])
    assert library.open_heif(data).info["thumbnails"] == [700]
    assert files.open_image(files.ImageFile("photo", data)).size == (1000, 750)


FTYP = b"\0\0\0\x18ftyp%b\0\0\0\0mif1miaf"


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "photo.jpg"
    path.write_bytes(FTYP % b"heic")
    with pytest.raises(ImageError) as caught:
        files.open_image(path)
    needs = "photo.jpg is a HEIC picture, which needs pillow-heif: pip install 'xlcnn[heif]', or save it as JPEG"
    assert str(caught.value).endswith(needs)


def test_a_pillow_without_avif_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)
    with pytest.raises(ImageError, match=r"^photo is an AVIF picture, which this Pillow cannot read: pip install --upgrade pillow"):
        files.open_image(files.ImageFile("photo", FTYP % b"avif"))


def test_the_library_is_imported_for_such_pictures_only(tmp_path: Path) -> None:
    draw("3", size=(40, 30)).save(tmp_path / "a.png")
    program = f"""
import sys
from xlcnn import load_image
load_image({str(tmp_path / "a.png")!r}, as_is=True)
sys.exit("pillow_heif" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# ---- what is no picture of pixels ----


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<?xml version='1.0'?>\n<svg/>", "x.png is a drawing of lines (SVG), not of pixels; save it as PNG"),
        (b"%PDF-1.4\n", "x.png is a PDF document; save the page as PNG"),
        (b"hello", "x.png is not an image that can be read (PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC)"),
        (
            b"\0\0\0\x14ftypisom\0\0\0\0mp42",
            "x.png is not an image that can be read (PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC)",
        ),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "x.png is not an image that can be read"),
    ],
)
def test_what_is_no_picture_is_told_what_to_do(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(ImageError) as caught:
        files.open_image(path)
    assert said in str(caught.value)
