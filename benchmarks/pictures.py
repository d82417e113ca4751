"""How well, and how fast, pictures of digits are read.

    python benchmarks/pictures.py FOLDER        a table of the pictures in GROUP/SOURCE/LABEL_*
    python benchmarks/pictures.py --speed N     N simulated photographs, drawn anew, by one process and by all cores

A picture's label is what stands before the first `_` of its file's name. One that is refused counts as read wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.digits import Colour, draw, photograph  # noqa: E402
from xlcnn import ImageError, Network, find_template, load_image  # noqa: E402
from xlcnn.lesson.predict import ENDINGS, Reading, read_all  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--speed", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--template", default="lesson")
    given = parser.parse_args()
    if (given.folder is None) == (given.speed is None):
        parser.error("give either a folder or --speed N")
    network = find_template(given.template).network
    if given.folder:
        accuracy(network, given.folder)
    else:
        speed(network, given.speed, given.seed)


def accuracy(network: Network, folder: Path) -> None:
    """Print how many pictures of each group are read rightly."""
    seen, right, refused = Counter[str](), Counter[str](), Counter[str]()
    for path in sorted(p for p in folder.glob("*/*/*_*") if p.suffix.lower() in ENDINGS):
        group = path.relative_to(folder).parts[0]
        try:
            label, _ = network.predict(load_image(path, size=network.input.shape[1:]))
        except ImageError:
            label, refused[group] = -1, refused[group] + 1
        seen[group] += 1
        right[group] += str(label) == label_of(path)
    print("| group | pictures | read rightly | share | refused |\n|---|---|---|---|---|")
    for group in seen:
        row(group, seen[group], right[group], refused[group])
    row("all", seen.total(), right.total(), refused.total())


def row(group: str, seen: int, right: int, refused: int) -> None:
    print(f"| {group} | {seen} | {right} | {right / max(seen, 1):.1%} | {refused} |".replace("%", " %"))


def label_of(path: Path) -> str:
    return path.name.split("_")[0]


def speed(network: Network, count: int, seed: int) -> None:
    """Print how long simulated photographs take to read, and how many are read rightly."""
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for k, image in enumerate(photographs(count, seed)):
            paths.append(Path(name) / f"{k % 10}_{k:05}.jpg")
            image.save(paths[-1], quality=90)
        print(f"{count} photographs, {sum(p.stat().st_size for p in paths) / 2**20:.0f} MB")
        for jobs, words in ((1, "one process"), (None, "all cores")):
            start = time.perf_counter()
            read = [one for one in read_all(network, paths, jobs=jobs) if isinstance(one, Reading)]
            right = sum(str(one.label) == label_of(Path(one.path)) for one in read)
            seconds = time.perf_counter() - start
            print(f"{words:<12}{seconds:8.2f} s{1000 * seconds / count:8.2f} ms per picture{right:8} read rightly")


def photographs(count: int, seed: int) -> Iterator[Image.Image]:
    """Digits 0, 1, …, 9, 0, … with pens, angles, sizes, places, colours, light and noise that all vary."""
    random = Random(seed)
    for k in range(count):
        width, height = random.randint(300, 1600), random.randint(300, 1600)
        width = min(max(width, height // 2), 2 * height)
        short = min(width, height)
        pen = round(3 * (short / 30) ** random.random())  # from 3 pixels to a tenth of the picture
        across, down = random.uniform(0.2, 0.5) * short, random.uniform(0.35, 0.7) * short
        left, top = random.uniform(0.12 * width, 0.88 * width - across), random.uniform(0.12 * height, 0.88 * height - down)
        box = (left / width, top / height, across / width, down / height)
        ink, paper = colour(random, 0, 110), colour(random, 215, 255)
        if random.random() < 0.15:  # chalk
            ink, paper = colour(random, 215, 255), colour(random, 10, 80)
        drawing = draw(str(k % 10), (width, height), pen, box, random.uniform(-15, 15), ink, paper)
        yield photograph(drawing, seed * 100_000 + k, random.uniform(0.4, 1))


def colour(random: Random, least: int, most: int) -> Colour:
    return random.randint(least, most), random.randint(least, most), random.randint(least, most)


if __name__ == "__main__":
    main()
