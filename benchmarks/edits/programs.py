"""What somebody adds by openpyxl, and workbooks saved by other programs, many in one start."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from benchmarks.edits.structure import strict
from xlcnn.engines.libreoffice import convert

Addition = Callable[[Workbook, Random], None]


def a_comment(book: Workbook, rng: Random) -> None:
    rng.choice(book.worksheets)["A3"].comment = Comment("Look here!", "a teacher")


def an_extra_sheet(book: Workbook, rng: Random) -> None:
    """With formulas of one's own that read the network."""
    place = rng.choice([d.attr_text for n, d in book.defined_names.items() if ":" not in d.attr_text and "#" not in d.attr_text])
    sheet = book.create_sheet(f"Notes {rng.randint(1, 99)}", rng.randint(0, 5))
    sheet["A1"], sheet["A2"], sheet["A3"] = "my notes", f"={place}", f"=SUM({place},1)*2"


def a_chart(book: Workbook, rng: Random) -> None:
    """A chart of one's own on a sheet of one's own."""
    source = rng.choice(book.worksheets)
    chart = BarChart()
    chart.add_data(Reference(source, min_col=2, min_row=6, max_row=9))
    book.create_sheet("Chart").add_chart(chart, "B2")


ADDITIONS: dict[str, Addition] = {"a comment": a_comment, "an extra sheet": an_extra_sheet, "a chart": a_chart}


def added(data: bytes, addition: Addition, rng: Random) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    addition(book, rng)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def by_openpyxl(folder: Path, paths: list[Path]) -> list[Path]:
    for path in paths:
        openpyxl.load_workbook(path).save(path)
    return paths


def by_libreoffice(folder: Path, paths: list[Path]) -> list[Path]:
    return convert(folder, paths, "xlsx:Calc MS Excel 2007 XML", folder / "libreoffice", 60 + 20 * len(paths)) if paths else []


def by_gnumeric(folder: Path, paths: list[Path]) -> list[Path]:
    program = shutil.which("ssconvert")
    assert program
    saved = [path.with_stem(path.stem + "-gnumeric") for path in paths]
    for path, target in zip(paths, saved, strict=True):
        command = [program, "--export-type=Gnumeric_Excel:xlsx2", str(path), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return saved


def as_strict(folder: Path, paths: list[Path]) -> list[Path]:
    for path in paths:
        with ZipFile(path) as archive:
            parts = strict({n: archive.read(n) for n in archive.namelist()})
        with ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    return paths


SAVERS: dict[str, Callable[[Path, list[Path]], list[Path]]] = {
    "openpyxl": by_openpyxl, "libreoffice": by_libreoffice, "gnumeric": by_gnumeric, "strict": as_strict,
}  # fmt: skip
