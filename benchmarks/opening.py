"""How much longer LibreOffice takes to open the lesson, without and with its second part, than its layers' sheets alone.

Opening is what somebody waits for: from the start of the program to the workbook, every formula computed anew. The share of
the program itself is measured with an empty workbook and shown beside it. The fastest of several rounds counts.

    python benchmarks/opening.py [--rounds N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import openpyxl

from xlcnn import Network, find_template, load_image
from xlcnn.engines.libreoffice import convert
from xlcnn.sheets.plan import plan
from xlcnn.workbook.make import workbook_bytes
from xlcnn.workbook.picture import picture_of

SEVEN = Path(__file__).parent.parent / "docs" / "seven.png"
ADDITIONS = ("lens", "presets", "evidence", "confusion")  # what the lesson puts on the layers' sheets


def bare(network: Network) -> Network:
    """The same layers without anything to play with."""
    layers = (replace(layer, **{name: False for name in ADDITIONS if hasattr(layer, name)}) for layer in network.layers)
    return Network(tuple(layers), network.weights)


def main() -> None:
    parser = argparse.ArgumentParser(description="LibreOffice's opening time, the lesson against its layers alone")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    template = find_template()
    network, words, image = template.network, template.words(), load_image(SEVEN)
    layers = bare(network)
    plain = replace(words, data={**words.data, "steps": {}, "halves": {}})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, alone, lesson, learning = (folder / f"{n}.xlsx" for n in ("empty", "alone", "lesson", "learning"))
        openpyxl.Workbook().save(empty)
        alone.write_bytes(workbook_bytes(layers, image, {"own": picture_of(image)}, plain, plan(layers.layers)))
        for path, parts in ((lesson, ()), (learning, ("learning",))):
            more = template.plan_with(parts), template.pictures, template.records
            path.write_bytes(workbook_bytes(network, image, {"own": picture_of(image)}, words, *more))
        best = dict.fromkeys((empty, alone, lesson, learning), float("inf"))
        for _ in range(rounds + 1):  # the first round writes LibreOffice's profile
            for path in best:
                start = time.perf_counter()
                convert(folder, [path], "csv", folder / "out", 120)
                best[path] = min(best[path], time.perf_counter() - start)
    for path, seconds in best.items():
        print(f"{path.stem:<8}{seconds:8.2f} s")
    for path, limit in ((lesson, 1.3), (learning, 1.8)):
        ratio, without = best[path] / best[alone], (best[path] - best[empty]) / (best[alone] - best[empty])
        print(f"opening {path.stem:<9}/ the layers alone{ratio:6.2f}   (limit {limit}: {'ok' if ratio <= limit else 'TOO SLOW'})")
        print(f"the same, less an empty workbook's{without:9.2f}")


if __name__ == "__main__":
    main()
