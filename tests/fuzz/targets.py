"""What may happen to any bytes at all: a result, or an error of ours in one line. Anything else is a bug.

Each target takes bytes and raises nothing if the promise holds. `seeds` gives it whole files to begin with.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn.errors import ImageError, NetworkError, TemplateError, WorkbookError, XlcnnError
from xlcnn.image import load_image
from xlcnn.lesson.importing import KINDS
from xlcnn.lesson.templates import Template, templates_folder
from xlcnn.verifier.description import describe
from xlcnn.verifier.formulas import check_formulas
from xlcnn.verifier.places import place_problems
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.verifier.regions import region_problems
from xlcnn.verifier.settings import setting_problems
from xlcnn.xlsx.reader import Limits, read_book

ROOT = Path(__file__).parents[2]
SEEDS = Path(__file__).parent / "seeds"
WITHIN = Limits(file_bytes=2**22, unpacked_bytes=2**24, cells=100_000)

#: The files of a template and the parts of a workbook that are fuzzed; the first byte of the data chooses one.
FILES = ("words.en.toml", "network.json", "training.json", "weights.safetensors", "samples/3.png")
MODELS = (".onnx", ".keras")
PARTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
SHEETS = ("Network", "Conv", "About", "Guide")
MORE = ("xl/styles.xml", "xl/charts/chart1.xml")


def one_line(error: XlcnnError) -> None:
    assert "\n" not in str(error), error
    assert len(str(error)) < 2000, error


def image(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "image.png"
        path.write_bytes(data)
        for as_is in (False, True):
            try:
                pixels = load_image(path, as_is=as_is)
            except ImageError as error:
                one_line(error)
            else:
                assert pixels.shape == (1, 28, 28)
                assert np.isfinite(pixels).all()
                assert pixels.min() >= 0
                assert pixels.max() <= 1


@cache
def playground() -> Path:
    """A copy of the lesson, of which one file at a time is replaced."""
    folder = Path(tempfile.mkdtemp(prefix="xlcnn-fuzz-")) / "mine"
    shutil.copytree(templates_folder() / "lesson", folder)
    return folder


def template(data: bytes) -> None:
    name = FILES[data[0] % len(FILES)] if data else FILES[0]
    folder = playground()
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(data[1:])
    try:
        mine = Template("mine", folder)
        _ = (mine.network, mine.description, mine.plan, mine.training, mine.words("en").steps, mine.pictures)
    except (TemplateError, ImageError) as error:
        one_line(error)
    finally:
        path.write_bytes(whole)


@cache
def whole_workbook() -> bytes:
    """That of a small network: a large one takes a second to look through."""
    with tempfile.TemporaryDirectory() as folder:
        return write_workbook(SMALL, Path(folder) / "small.xlsx").read_bytes()


@cache
def package() -> dict[str, bytes]:
    """Its parts."""
    with zipfile.ZipFile(io.BytesIO(whole_workbook())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def fuzzed() -> tuple[str, ...]:
    """The parts of which one is replaced; the first means the whole file."""
    paths = read_book(whole_workbook()).paths
    return ("", *PARTS, *(paths[title] for title in SHEETS), *MORE)


def workbook(data: bytes) -> None:
    part = fuzzed()[data[0] % len(fuzzed())] if data else ""
    whole = data[1:]
    if part:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in package().items():
                archive.writestr(name, data[1:] if name == part else content)
        whole = out.getvalue()
    try:
        described, problems = describe(read_book(whole, WITHIN))
    except WorkbookError as error:
        one_line(error)
        return
    assert (described is None) == bool(problems)
    if described is not None:
        problems = (*check_formulas(described).problems, *presentation_problems(described))
        problems += (*setting_problems(described), *region_problems(described), *place_problems(described))
    for problem in problems:
        assert str(problem).isprintable(), problem


def model(data: bytes) -> None:
    """A network that another program saved; the first byte says which."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{MODELS[data[0] % len(MODELS)] if data else MODELS[0]}"
        path.write_bytes(data[1:])
        try:
            found = KINDS[path.suffix](path, None, False)
        except NetworkError as error:
            one_line(error)
        else:
            assert len(found.network.layers) > 1


TARGETS: dict[str, Callable[[bytes], None]] = {"image": image, "template": template, "workbook": workbook, "model": model}


def seeds(target: str) -> list[bytes]:
    """Whole files to begin with, and what once went wrong."""
    found = [path.read_bytes() for path in sorted((SEEDS / target).glob("*"))]
    if target == "image":
        found += [path.read_bytes() for path in sorted((ROOT / "templates" / "lesson" / "samples").glob("*.png"))]
    if target == "template":
        lesson = templates_folder() / "lesson"
        found += [bytes([k]) + (lesson / name).read_bytes() for k, name in enumerate(FILES)]
    if target == "workbook":
        found += [bytes([k]) + package()[part] for k, part in enumerate(fuzzed()) if part]
        found += [b"\0" + whole_workbook()]
    if target == "model":
        fixtures = ROOT / "tests" / "network" / "importing" / "fixtures"
        found += [bytes([k]) + path.read_bytes() for k, kind in enumerate(MODELS) for path in sorted(fixtures.glob(f"*{kind}"))]
    return found
