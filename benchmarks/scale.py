"""Speed, memory and size from the lesson to 1.2 million weights, as ratios measured in one run.

Whole processes are timed, in turn; the fastest of several rounds counts, and beside it stands how much slower the slowest was: the
noise of the machine. The floor is what nobody can go below: the same cells formatted as XML and deflated by the standard library,
without starting, loading or computing anything. So `make` stands beside it twice: a whole command, which starts Python first, and
each further workbook of one that makes many, by one process.

    python -m benchmarks.scale [--rounds N] [--networks lesson,lenet,yardstick] [--others] [--libreoffice]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.yardstick import write

HERE = Path(__file__).parent
FURTHER = 5  # workbooks that a command makes after its first
SEVEN = HERE.parent / "docs" / "seven.png"
OPEN = "import openpyxl, sys; [openpyxl.load_workbook(sys.argv[1]) for _ in 'ab']"
OTHERS = {
    "formulas": "import formulas, sys; formulas.ExcelModel().loads(sys.argv[1]).finish().calculate()",
    "pycel": (
        "from pycel import ExcelCompiler; import openpyxl, sys; e = ExcelCompiler(filename=sys.argv[1]); "
        "b = openpyxl.load_workbook(sys.argv[1]); "
        "[e.evaluate(f\"'{s.title}'!{c.coordinate}\") for s in b for r in s.iter_rows() for c in r if c.data_type == 'f']"
    ),
}
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parent), "PYTHONDONTWRITEBYTECODE": ""}  # compiled once, as what is installed is
LIMITS = {  # ratio → its limit for each network
    "make / bare XlsxWriter": (0.7, 0.5, 0.3),
    "make / floor": (2.5, 2.5, 2.5),
    "each further workbook / floor": (2.5, 2.5, 2.5),
    "verify / opening twice with openpyxl": (0.7, 0.6, 0.5),
}
CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)" s="([0-9]+)"([^>]*)>(?:(<f[^>]*/>|<f[^>]*>[^<]*</f>))?(?:<v>([^<]*)</v>)?')


@dataclass
class Times:
    """The seconds of a command in each round, and its peak memory in MB."""

    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0

    @property
    def best(self) -> float:
        return min(self.seconds)

    def __str__(self) -> str:
        return f"{self.best:8.2f} s  +{100 * (max(self.seconds) / self.best - 1):3.0f} %  {self.megabytes:6.0f} MB"


def run(command: list[str], times: Times) -> None:
    """One process, its seconds and its memory with all that it started."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} ended with {process.returncode}")
    times.seconds.append(time.perf_counter() - start)
    times.megabytes = max(times.megabytes, usage.ru_maxrss / 1024)


def floor(book: Path) -> Callable[[], int]:
    """A function that writes the cells of a workbook's sheets once more, and gives the size of what it wrote."""
    sheets: list[list[tuple[str, str, str, str, str, float | str]]] = []
    with zipfile.ZipFile(book) as archive:
        for name in (n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")):
            cells = []
            for letters, row, style, kind, formula, value in CELL.findall(archive.read(name)):
                is_number = value and not kind.strip(b"/ ")
                cells.append(
                    (*(x.decode() for x in (letters, row, style, kind, formula)), float(value) if is_number else value.decode())
                )
            sheets.append(cells)

    def written() -> int:
        size = 0
        for cells in sheets:
            text = "".join([
                f'<c r="{letters}{row}" s="{style}"{kind}>{formula}<v>{value:.15g}</v></c>' if isinstance(value, float)
                else f'<c r="{letters}{row}" s="{style}"{kind}>{formula}<v>{value}</v></c>'
                for letters, row, style, kind, formula, value in cells
            ])  # fmt: skip
            packer = zlib.compressobj(7, zlib.DEFLATED, -15)
            size += len(packer.compress(text.encode()) + packer.flush())
        return size

    return written


def further(one: Times, many: Times) -> float:
    """The seconds of each workbook that one command makes after its first."""
    return (many.best - one.best) / FURTHER


def counts(book: Path) -> tuple[int, int]:
    """How many cells and formulas there are."""
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    return sum(data.count(b"<c ") for data in sheets), sum(data.count(b"<f") for data in sheets)


def measure(name: str, template: str, folder: Path, rounds: int, others: bool, libreoffice: bool) -> None:
    book, cells, bare, out = (folder / f"{name}{end}" for end in (".xlsx", ".json", "-bare.xlsx", "-out"))
    python = [sys.executable]
    make = [*python, "-m", "xlcnn", "make", str(SEVEN), "--output", str(book), "--force", "--template", template]
    run(make, Times())
    run([*python, str(HERE / "bare_xlsxwriter.py"), "--collect", str(book), str(cells)], Times())
    pictures = folder / f"{name}-pictures"
    pictures.mkdir()
    for k in range(1 + FURTHER):
        shutil.copy(SEVEN, pictures / f"{k}.png")
    commands = {
        "make": make,
        f"make {1 + FURTHER}": [
            *python,
            "-m",
            "xlcnn",
            "make",
            str(pictures),
            "--output",
            str(out),
            "--force",
            "--template",
            template,
            "--jobs",
            "1",
        ],
        "bare XlsxWriter": [*python, str(HERE / "bare_xlsxwriter.py"), str(cells), str(bare)],
        "verify": [*python, "-m", "xlcnn", "verify", str(book)],
        "open twice with openpyxl": [*python, "-c", OPEN, str(book)],
    }
    if others and name != "yardstick":
        commands |= {f"recalculate with {other}": [*python, "-c", text, str(book)] for other, text in OTHERS.items()}
    if libreoffice:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        commands["LibreOffice opens"] = ["soffice", "--headless", profile, "--convert-to", "csv", "--outdir", str(out), str(book)]
    times = {key: Times() for key in [*commands, "floor"]}
    for _ in range(rounds):
        for key, command in commands.items():
            run(command, times[key])
        # in a process of its own: what this one holds would count as memory of those that it starts
        own = [*python, "-m", "benchmarks.scale", "--floor", str(book)]
        times["floor"].seconds.append(float(subprocess.check_output(own, env=ENVIRONMENT)))
    many, formulas = counts(book)
    print(f"\n{name}: {many:,} cells, {formulas:,} formulas, {book.stat().st_size / 1e6:.2f} MB")
    times["each further workbook"] = Times([further(times["make"], times[f"make {1 + FURTHER}"])])
    for key, found in times.items():
        print(f"  {key:<28}{found}   {100_000 * found.best / many:6.2f} s per 100,000 cells")
    which = ["lesson", "lenet", "yardstick"].index(name)
    pairs = {
        "make / bare XlsxWriter": ("make", "bare XlsxWriter"),
        "make / floor": ("make", "floor"),
        "each further workbook / floor": ("each further workbook", "floor"),
        "verify / opening twice with openpyxl": ("verify", "open twice with openpyxl"),
    } | {f"verify / recalculating with {other}": ("verify", f"recalculate with {other}") for other in OTHERS}
    for key, (one, other) in pairs.items():
        if one in times and other in times:
            ratio, limit = times[one].best / times[other].best, LIMITS.get(key, (None,) * 3)[which]
            print(f"  {key:<38}{ratio:7.3f}" + (f"   (limit {limit:g}: {'ok' if ratio <= limit else 'TOO SLOW'})" if limit else ""))
    if libreoffice:
        print(f"  LibreOffice, per 10,000 formulas      {10_000 * times['LibreOffice opens'].best / formulas:7.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--networks", default="lesson,lenet,yardstick")
    parser.add_argument("--others", action="store_true", help="also recalculate with formulas and pycel, where installed: minutes")
    parser.add_argument("--libreoffice", action="store_true", help="also time LibreOffice")
    parser.add_argument("--floor", type=Path, help="only the seconds of writing a workbook's cells once more")
    options = parser.parse_args()
    if options.floor:
        again, start = floor(options.floor), time.perf_counter()
        again()
        print(time.perf_counter() - start)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for network in options.networks.split(","):
            template = str(write(folder / "yardstick")) if network == "yardstick" else network
            measure(network, template, folder, options.rounds, options.others, options.libreoffice)


if __name__ == "__main__":
    main()
