"""Draws the pictures of docs/pictures.md anew: ``python docs/draw-pictures.py``. They are the project's own."""

import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from tests.digits import draw, photograph  # noqa: E402
from tests.image.test_pictures import lines_under, row, tight  # noqa: E402
from xlcnn.image.explain import explain  # noqa: E402

PICTURES: dict[str, tuple[Image.Image, int | None]] = {
    "lined": (photograph(lines_under(draw("4", pen=9)), shadow=0.7), None),
    "row": (photograph(row("1709"), shadow=0.9), 2),
    "tiny": (tight("5"), None),
}


def main() -> None:
    for name, (picture, pick) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.png"
            picture.save(path)
            (DOCS / f"pictures-{name}.png").write_bytes(explain(path, pick=pick))
            shown = Image.open(DOCS / f"pictures-{name}.png")
            trimmed(shown).quantize(64).save(DOCS / f"pictures-{name}.png", optimize=True)


def trimmed(image: Image.Image) -> Image.Image:
    """Without the white margin."""
    return image.crop(ImageChops.difference(image, Image.new("RGB", image.size, (255, 255, 255))).getbbox())


if __name__ == "__main__":
    main()
