"""Any image of a digit becomes what the network was trained on."""

import os
import re
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from tests.digits import Colour, draw, photograph
from xlcnn import ImageError, Network, load_image
from xlcnn.image.files import ImageFile


def save(image: Image.Image, path: Path, **options: Any) -> Path:
    image.save(path, **options)
    return path


def mnist_like() -> np.ndarray:
    """28×28 grey levels, light ink on black, as MNIST stores a digit."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, 12:15] = 190
    pixels[12:14, 8:20] = 253
    pixels[23, 12] = 1
    return pixels


# ---- what passes through exactly ----


@pytest.mark.parametrize("name", ["d.png", "d.bmp", "d.tiff", "d.gif"])
def test_28_by_28_light_on_black_passes_through_exactly(tmp_path: Path, name: str) -> None:
    path = save(Image.fromarray(mnist_like()), tmp_path / name)
    assert (load_image(path) == mnist_like()[None] / 255).all()


def test_so_it_does_in_colour_palette_alpha_and_16_bit(tmp_path: Path) -> None:
    grey = Image.fromarray(mnist_like())
    expected = mnist_like()[None] / 255
    assert (load_image(save(grey.convert("RGB"), tmp_path / "rgb.png")) == expected).all()
    assert (load_image(save(grey.convert("RGBA"), tmp_path / "rgba.png")) == expected).all()
    assert (load_image(save(grey.convert("P"), tmp_path / "p.png")) == expected).all()
    deep = Image.fromarray(mnist_like().astype(np.uint16) * 257)
    assert (load_image(save(deep, tmp_path / "deep.png")) == expected).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p // 2,
        lambda p: np.roll(p, 3, axis=0),
        lambda p: np.asarray(Image.fromarray(p).resize((14, 14)).resize((28, 28)))[4:18, 4:18],
        lambda p: 255 - p,
    ],
    ids=["too faint", "not in the middle", "too large", "black on white"],
)
def test_what_only_has_the_size_is_prepared(tmp_path: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    pixels = np.ascontiguousarray(change(mnist_like()))
    image = load_image(save(Image.fromarray(pixels).resize((28, 28)), tmp_path / "d.png"))
    rows = np.flatnonzero(image[0].max(axis=1) > 0.1)
    assert np.ptp(rows) + 1 == 20
    assert image.max() == 1


def test_as_is_turns_everything_off(tmp_path: Path) -> None:
    pixels = 255 - mnist_like()
    path = save(Image.fromarray(pixels), tmp_path / "inverted.png")
    assert (load_image(path, as_is=True) == pixels[None] / 255).all()
    assert load_image(save(draw("3"), tmp_path / "big.png"), as_is=True).shape == (1, 28, 28)


# ---- what people really draw ----

WAYS = {
    "a felt pen": lambda d: draw(d),
    "a fine pen": lambda d: draw(d, pen=3),
    "a hair line": lambda d: draw(d, pen=1, size=(800, 800)),
    "a thick marker": lambda d: draw(d, pen=44),
    "small in a corner": lambda d: draw(d, pen=10, box=(0.02, 0.6, 0.2, 0.35)),
    "tilted to the right": lambda d: draw(d, angle=14),
    "tilted to the left": lambda d: draw(d, angle=-14),
    "chalk on a board": lambda d: draw(d, ink=(240, 240, 230), paper=(30, 50, 40)),
    "yellow on white": lambda d: draw(d, ink=(250, 240, 60), paper=(255, 255, 255)),
    "red on green": lambda d: draw(d, ink=(200, 60, 60), paper=(80, 130, 70)),
    "a wide strip": lambda d: draw(d, size=(900, 300), box=(0.4, 0.1, 0.15, 0.8), pen=12),
    "a photograph": lambda d: photograph(draw(d, ink=(40, 50, 110))),
    "a large photograph": lambda d: photograph(draw(d, size=(1000, 750), pen=20, ink=(60, 60, 70))),
    "28×28 black on white": lambda d: draw(d, size=(280, 280), pen=22).resize((28, 28)),
}


def lines_under(drawing: Image.Image, squares: bool = False, colour: Colour = (120, 140, 190)) -> Image.Image:
    """The drawing on ruled or squared paper, a little askew."""
    page = Image.new("RGB", drawing.size, (255, 255, 255))
    canvas, (width, height) = ImageDraw.Draw(page), drawing.size
    for y in range(12, height, 31):
        canvas.line([(0, y), (width, y + 9)], fill=colour, width=2)
    for x in range(12, width if squares else 0, 31):
        canvas.line([(x, 0), (x - 9, height)], fill=colour, width=2)
    return ImageChops.darker(page, drawing)


def in_a_cell(drawing: Image.Image) -> Image.Image:
    """The drawing in a table's cell, cut out with its edges."""
    canvas, (width, height) = ImageDraw.Draw(drawing), drawing.size
    for line in ([(0, 14), (width, 8)], [(0, height - 6), (width, height - 9)], [(9, 0), (12, height)]):
        canvas.line(line, fill=(15, 15, 15), width=5)
    return drawing


def half_in_shadow(drawing: Image.Image, angle: float) -> Image.Image:
    """The drawing crossed by the edge of a hard shadow."""
    height, width = drawing.size[::-1]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    dark = x * np.cos(angle) + y * np.sin(angle) > 0.02
    return Image.fromarray((np.asarray(drawing) * np.where(dark, 0.45, 1.0)[..., None]).astype(np.uint8))


def tight(digit: str) -> Image.Image:
    """Light on black, thick, cut out closely and made very small, as the post's scanners did."""
    drawing = draw(digit, pen=48, ink=(255, 255, 255), paper=(0, 0, 0)).convert("L")
    return drawing.crop(drawing.getbbox()).resize((16, 16), Image.Resampling.BOX)


def boxed(drawing: Image.Image) -> Image.Image:
    """In a box of its own, as on a form."""
    ImageDraw.Draw(drawing).rectangle([70, 50, 335, 345], outline=(20, 20, 20), width=4)
    return drawing


def cut_out(drawing: Image.Image) -> Image.Image:
    """As close as it goes."""
    return drawing.crop(ImageChops.difference(drawing, Image.new("RGB", drawing.size, (250, 248, 240))).getbbox())


WAYS |= {
    "ruled paper": lambda d: lines_under(draw(d, pen=9)),
    "squared paper": lambda d: lines_under(draw(d, pen=9), squares=True),
    "squares as dark as the pen": lambda d: lines_under(draw(d, pen=9), squares=True, colour=(20, 20, 60)),
    "a photograph of ruled paper": lambda d: photograph(lines_under(draw(d, pen=9)), shadow=0.8),
    "a table's cell": lambda d: in_a_cell(draw(d, pen=14, box=(0.2, 0.1, 0.55, 0.75))),
    "an upright hard shadow": lambda d: half_in_shadow(draw(d, pen=12), 0.0),
    "a slanted hard shadow": lambda d: half_in_shadow(draw(d, pen=12), 0.9),
    "a box on a form": lambda d: boxed(draw(d, pen=14)),
    "a ballpoint on a large sheet in shadow": lambda d: photograph(draw(d, size=(1600, 1600), pen=8)),
    "a fine pen, cut out closely": lambda d: cut_out(draw(d, pen=6, box=(0.3, 0.2, 0.5, 0.6))),
    "cut off at the edge": lambda d: draw(d, pen=22, box=(0.25, -0.02, 0.5, 1.04)),
    "16×16, thick, light on black": tight,
    "32×32, a thick pen": lambda d: draw(d, pen=60, box=(0.15, 0.1, 0.7, 0.8)).resize((32, 32)),
    "bleed-through": lambda d: ImageChops.darker(draw(d), draw("8", ink=(225, 222, 214), box=(0.5, 0.1, 0.4, 0.7))),
}


@pytest.mark.parametrize("way", WAYS)
def test_digits_are_read_however_they_are_drawn(tmp_path: Path, network: Network, way: str) -> None:
    answers = [network.predict(load_image(save(WAYS[way](d), tmp_path / "d.png")))[0] for d in "0123456789"]
    right = sum(answer == digit for digit, answer in enumerate(answers))
    assert right >= 9, f"{way}: read as {answers}"


def row(digits: str, size: tuple[int, int] = (600, 250)) -> Image.Image:
    """Several digits side by side."""
    page = Image.new("RGB", size, (250, 248, 240))
    for k, digit in enumerate(digits):
        page = ImageChops.darker(page, draw(digit, size, 12, box=(0.05 + 0.95 * k / len(digits), 0.2, 0.5 / len(digits), 0.6)))
    return page


@pytest.mark.parametrize("digits", ["42", "1709", "3333", "2026"])
@pytest.mark.parametrize("seen", [lambda image: image, photograph], ids=["drawn", "photographed"])
def test_of_several_digits_one_is_picked(
    tmp_path: Path, network: Network, digits: str, seen: Callable[[Image.Image], Image.Image]
) -> None:
    path = save(seen(row(digits)), tmp_path / "row.png")
    count = len(digits)
    says = f"row.png shows {count} digits; cut one out, or choose one from left to right: --pick 1 to --pick {count}"
    with pytest.raises(ImageError, match=re.escape(says)):
        load_image(path)
    assert [network.predict(load_image(path, pick=k + 1))[0] for k in range(len(digits))] == [int(d) for d in digits]
    for wrong in (0, len(digits) + 1, -1):
        with pytest.raises(ImageError, match=f"shows {len(digits)} digits: number {wrong} cannot be picked"):
            load_image(path, pick=wrong)


def test_rows_are_read_one_after_the_other(tmp_path: Path, network: Network) -> None:
    page = Image.new("RGB", (300, 400), (250, 248, 240))
    for k, digit in enumerate("1234"):
        page.paste(draw(digit, (150, 200), 9), (150 * (k % 2), 200 * (k // 2)))
    path = save(page, tmp_path / "page.png")
    assert [network.predict(load_image(path, pick=k))[0] for k in (1, 2, 3, 4)] == [1, 2, 3, 4]


def noise_of(share: float) -> Image.Image:
    return Image.fromarray((255 * (np.random.default_rng(0).random((320, 320)) > share)).astype(np.uint8))


def dots(step: int) -> Image.Image:
    page = Image.new("L", (320, 320), 255)
    for x in range(step, 320, step):
        for y in range(step, 320, step):
            ImageDraw.Draw(page).ellipse([x - 2, y - 2, x + 2, y + 2], fill=0)
    return page


@pytest.mark.parametrize("picture", [noise_of(0.02), noise_of(0.05), dots(10), dots(20)], ids=["2 %", "5 %", "dots", "wider dots"])
def test_patterns_are_no_digits(tmp_path: Path, picture: Image.Image) -> None:
    """Once it took half a minute to find that out: each piece was held against each other one."""
    with pytest.raises(ImageError, match=r"shows no digit"):
        load_image(save(picture, tmp_path / "pattern.png"))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(40))
def test_anything_gets_an_answer_or_a_sentence(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(8, 200, 2)
    levels = random.normal(0, 1, (int(random.integers(2, 12)), int(random.integers(2, 12))))
    smooth = Image.fromarray(levels.astype(np.float32)).resize((int(width), int(height)), Image.Resampling.BICUBIC)
    pixels = np.asarray(smooth) * random.uniform(1, 90) + 128 + random.normal(0, random.uniform(0, 9), (height, width))
    path = save(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), tmp_path / "any.png")
    try:
        image = load_image(path)
    except ImageError:
        return
    assert image.shape == (1, 28, 28)
    assert image.max() == 1


def test_the_only_digit_is_the_first(tmp_path: Path) -> None:
    path = save(draw("3"), tmp_path / "one.png")
    assert (load_image(path, pick=1) == load_image(path)).all()
    with pytest.raises(ImageError, match="shows 1 digit: number 2 cannot be picked"):
        load_image(path, pick=2)
    with pytest.raises(ImageError, match="is taken as it is, as one digit: number 2 cannot be picked"):
        load_image(path, as_is=True, pick=2)


@pytest.mark.parametrize("size", [(6, 28), (7, 40), (6, 60)])
def test_a_1_that_was_cut_out_closely_is_read(size: tuple[int, int], network: Network) -> None:
    paper = np.full(size[::-1], 250, dtype=np.uint8)
    paper[1:-1, 2:4] = 20
    out = BytesIO()
    Image.fromarray(paper).save(out, "PNG")
    assert network.predict(load_image(ImageFile("a 1", out.getvalue())))[0] == 1


def test_the_digit_fills_20_pixels_and_its_mass_is_in_the_middle(tmp_path: Path) -> None:
    x = load_image(save(draw("4", box=(0.6, 0.1, 0.2, 0.3)), tmp_path / "d.png"))[0]
    rows, cols = np.flatnonzero(x.max(axis=1)), np.flatnonzero(x.max(axis=0))
    assert max(np.ptp(rows), np.ptp(cols)) + 1 == 20
    assert (x.sum(axis=1) @ np.arange(28)) / x.sum() == pytest.approx(13.5, abs=0.5)
    assert (x.sum(axis=0) @ np.arange(28)) / x.sum() == pytest.approx(13.5, abs=0.5)
    assert x.max() == 1
    assert x[0, 0] == 0


def test_polarity_and_colour_do_not_matter(tmp_path: Path) -> None:
    dark = load_image(save(draw("5", ink=(0, 0, 0), paper=(255, 255, 255)), tmp_path / "a.png"))
    light = load_image(save(draw("5", ink=(255, 255, 255), paper=(0, 0, 0)), tmp_path / "b.png"))
    assert np.abs(dark - light).mean() < 0.02


def test_a_table_edge_in_the_picture_is_not_the_digit(tmp_path: Path, network: Network) -> None:
    pixels = np.asarray(photograph(draw("3", size=(800, 600), pen=14, ink=(40, 50, 110)))).copy()
    pixels[:, :60] = (60, 40, 30)
    pixels[-40:] = (70, 45, 30)
    assert network.predict(load_image(save(Image.fromarray(pixels), tmp_path / "d.png")))[0] == 3


def test_transparent_paper(tmp_path: Path, network: Network) -> None:
    ink = np.asarray(draw("2", ink=(0, 0, 0), paper=(255, 255, 255)).convert("L"))
    for colour in (0, 255):
        layers = [np.full_like(ink, colour)] * 3 + [255 - ink]
        path = save(Image.fromarray(np.stack(layers, axis=2)), tmp_path / "d.png")
        assert network.predict(load_image(path))[0] == 2


def test_exif_rotation_is_obeyed(tmp_path: Path) -> None:
    upright = draw("7")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    turned = save(upright.rotate(90, expand=True), tmp_path / "turned.jpg", exif=exif, quality=95)
    plain = save(upright, tmp_path / "plain.jpg", quality=95)
    assert np.abs(load_image(turned) - load_image(plain)).mean() < 0.01


def test_one_bit_palette_webp_and_16_bit(tmp_path: Path, network: Network) -> None:
    image = draw("3", ink=(0, 0, 0), paper=(255, 255, 255))
    deep = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 200 + 5000)
    for path in (
        save(image.convert("1"), tmp_path / "one.png"),
        save(image.quantize(8), tmp_path / "palette.gif"),
        save(image, tmp_path / "d.webp"),
        save(deep, tmp_path / "deep.tiff"),
        save(image.convert("CMYK"), tmp_path / "cmyk.jpg"),
    ):
        assert network.predict(load_image(path))[0] == 3, path.name


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tiff"])
def test_of_an_animated_image_the_first_frame_counts(tmp_path: Path, network: Network, name: str) -> None:
    assert network.predict(load_image(animated(tmp_path / name)))[0] == 3


def test_a_link_to_an_image_is_the_image(tmp_path: Path, network: Network) -> None:
    link = tmp_path / "link.png"
    link.symlink_to(save(draw("3"), tmp_path / "three.png"))
    assert network.predict(load_image(link))[0] == 3


# ---- what is refused, in one line ----


def bad(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "bad.png"
    whole = BytesIO()
    draw("7").save(whole, "PNG")
    match kind:
        case "text":
            path.write_text("this is no image", encoding="utf-8")
        case "empty":
            path.write_bytes(b"")
        case "cut short":
            path.write_bytes(whole.getvalue()[:1200])
        case "folder":
            path.mkdir()
        case "blank":
            save(Image.new("RGB", (100, 100), (200, 190, 180)), path)
        case "blank paper":
            save(photograph(Image.new("RGB", (300, 300), (250, 248, 240)), shadow=1.0), path)
        case "noise":
            save(Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200), dtype=np.uint8)), path)
        case "black":
            save(Image.new("L", (28, 28)), path)
        case "too large":
            save(Image.new("1", (10_000, 6_000)), path)
        case "a strip":
            save(Image.new("L", (100_000, 8)), path)
        case "device":
            os.mkfifo(path)
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "link to itself":
            path.symlink_to(path)
        case "a bomb":  # 48 KB that would be 400 million pixels
            save(Image.new("1", (20_000, 20_000)), path)
        case "a lying width":  # the header says 40 million pixels, the data has 400 × 400
            path.write_bytes(with_size(whole.getvalue(), 8_000, 5_000))
    return path


def with_size(png: bytes, width: int, height: int) -> bytes:
    """The PNG with another size in its header, and the right checksum."""
    header = png[12:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]


def animated(path: Path) -> Path:
    """A 3, then a 5, then a 7."""
    frames = [draw(digit).convert("L") for digit in "357"]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, loop=0)
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("text", "is not an image"),
        ("empty", "is empty"),
        ("cut short", "is damaged or cut short"),
        ("folder", "is a folder"),
        ("blank", "is blank"),
        ("blank paper", "shows no digit"),
        ("noise", "shows no digit"),
        ("black", "is blank"),
        ("too large", "is too large: 10000×6000 pixels; the limit is 50 million"),
        ("a strip", "nothing can be seen in that shape"),
        ("device", "is not a regular file"),
        ("link to a device", "is not a regular file"),
        ("link to itself", "cannot be read: Too many levels of symbolic links"),
        ("a bomb", "is too large: more than 50 million pixels"),
        ("a lying width", "is damaged or cut short"),
        ("missing", "cannot be read: No such file"),
    ],
)
def test_what_is_no_digit_is_refused_in_one_line(tmp_path: Path, kind: str, words: str) -> None:
    with pytest.raises(ImageError, match=words) as error:
        load_image(bad(tmp_path, kind))
    assert "bad.png" in str(error.value)
    assert "\n" not in str(error.value)
