"""The second part of the lesson as a workbook: every engine agrees with NumPy, and a wrong formula is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import recalculated, with_formula
from tests.sheets.learning.lesson import LAYOUT, LEARNING, blurred, write
from tests.verifier.helpers import changed, problems, to_text, to_value
from xlcnn import verify
from xlcnn.grid.references import a1

LARGEST = 700_000  # bytes
LIBREOFFICE, GNUMERIC = pytest.mark.libreoffice, pytest.mark.gnumeric
ENGINES = [
    *(pytest.param(book, "formualizer") for book in ("seven", "misread", "played")),
    pytest.param("misread", "libreoffice", marks=LIBREOFFICE),
    pytest.param("played", "libreoffice", marks=LIBREOFFICE),
    pytest.param("played", "gnumeric", marks=GNUMERIC),
]


def at(sheet: str, part: str, index: tuple[int, ...] = ()) -> tuple[str, str]:
    """Tab and cell of a value."""
    return LAYOUT[sheet].title, a1(*LAYOUT[sheet].references.locate(part, *index))


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("learning") / "seven.xlsx")


@pytest.fixture(scope="module")
def misread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ambiguous image whose true digit is another than the predicted one."""
    folder = tmp_path_factory.mktemp("learning")
    path = write(folder / "made.xlsx", blurred())
    return recalculated(changed(path, folder / "misread.xlsx", {at("loss", "truth"): to_value(4)}))


@pytest.fixture(scope="module")
def played(misread: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with another filter, another nudged weight, and too large a step."""
    changes = {
        at("conv1", "choice", (0,)): to_text("blur"),
        at("nudge", "choice"): to_text("Dense weight"),
        at("nudge", "pickrow"): to_value(7),
        at("nudge", "by"): to_value(-0.1),
        at("step", "eta"): to_value(3),
    }
    return recalculated(changed(misread, tmp_path_factory.mktemp("learning") / "played.xlsx", changes))


@pytest.mark.parametrize(("book", "engine"), ENGINES)
def test_every_engine_agrees_with_numpy(book: str, engine: str, request: pytest.FixtureRequest) -> None:
    report = verify(request.getfixturevalue(book), engine)
    assert report.problems == ()
    assert report.ok


def test_the_file_stays_small(seven: Path) -> None:
    assert seven.stat().st_size <= LARGEST


WRONG = {
    "loss": ("gradient", (4,), "{probability}"),
    "dense_back": ("output", (1, 4, 5), "0"),
    "maxpool_back": ("output", (0, 8, 9), "{arrives}+0.001"),
    "relu2_back": ("output", (0, 8, 9), "{arrives}*1.01+0.001"),
    "conv2_back": ("weight", (1, 0, 1, 1), "0.5"),
    "relu1_back": ("output", (1, 8, 9), "{arrives}+0.001"),
    "conv1_back": ("bias", (1,), "0"),
    "nudge": ("slope", (), "{backprop}"),
    "step": ("conv2_weight", (0, 1, 2, 2), "{conv2_weight_before}"),
    "history": ("conv1_now", (0, 0, 1, 1), "Conv1!A1"),
}


@pytest.mark.parametrize("sheet", LEARNING)
def test_a_wrong_formula_is_named(sheet: str, misread: Path, tmp_path: Path) -> None:
    part, index, formula = WRONG[sheet]
    place = at(sheet, part, index)
    names = {name: at(sheet, name, index)[1] for name in LAYOUT[sheet].parts if f"{{{name}}}" in formula}
    path = changed(misread, tmp_path / "wrong.xlsx", {place: with_formula(formula.format(**names))})
    found = [(tab, cell) for kind, tab, cell in problems(path, trials=0) if kind != "stale"]
    assert found == [place]
