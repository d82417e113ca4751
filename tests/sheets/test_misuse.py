"""What is pasted where it means nothing: no error value anywhere, a fallback that NumPy shares, and words that say so.

Excel refuses such things when they are typed, but not when they are pasted.
"""

import re
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.conftest import LESSON, SEVEN, at, cell, edited, recalculated, tab
from xlcnn import Network, find_template, load_image, verify
from xlcnn.engines.libreoffice import convert
from xlcnn.sheets.parts import Notice

PIXEL = (0, 3, 3)
MISUSES = {
    ("input", "choice", ()): "blurr",
    ("input", "user", PIXEL): 255,
    ("draw", "output", (0, 0, 1, 1)): -1,
    ("conv1", "choice", (0,)): "blurr",
    ("conv1", "choice", (1,)): 3,
    ("conv1", "pickrow", ()): 30,
    ("conv1", "pickcol", ()): -1,
    ("conv2", "pickmap", ()): None,
    ("conv2", "pickrow", ()): "abc",
    ("maxpool", "pickrow", ()): 2.5,
}
#: The cells that say so, each with the key of its words.
NOTICES = {
    ("input", "known", ()): "choice",
    ("input", "valid", ()): "pixel",
    ("draw", "valid", ()): "pixel",
    ("conv1", "known", (0,)): "choice",
    ("conv1", "known", (1,)): "choice",
    ("conv1", "found", ()): "cell",
    ("conv2", "found", ()): "cell",
    ("maxpool", "found", ()): "cell",
}
LOOKED_AT = {"conv1": (1, 26, 1), "conv2": (1, 1, None), "maxpool": (1, 2, None)}
"""Map, row and column that are shown instead; None where the column was not touched."""


@pytest.fixture(scope="module")
def pasted(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook with all of it pasted in; not recalculated."""
    return edited(seven, tmp_path_factory.mktemp("misuse") / "pasted.xlsx", MISUSES)


@pytest.fixture(scope="module")
def misused(pasted: Path) -> Workbook:
    """The same, recalculated."""
    return openpyxl.load_workbook(recalculated(Path(shutil.copy(pasted, pasted.with_name("misused.xlsx")))), data_only=True)


def errors(book: Workbook) -> list[str]:
    """Every cell that shows an error."""
    return [
        f"{page.title}!{c.coordinate}: {c.value}"
        for page in book.worksheets
        for row in page.iter_rows()
        for c in row
        if c.data_type == "e" or (isinstance(c.value, str) and re.fullmatch(r"#[A-Z/0]+[!?A]|Err:\d+", c.value))
    ]


def value(book: Workbook, sheet: str, part: str, index: tuple[int, ...] = ()) -> object:
    return book[tab(sheet)][cell(sheet, part, index)].value


def expected(network: Network) -> dict[str, dict[str, np.ndarray]]:
    """NumPy's values: what was learned and the user's own image, as drop-downs fall back to their first words."""
    image = load_image(SEVEN)
    image[PIXEL] = 255
    return network.forward(image)


def check(book: Workbook, network: Network) -> None:
    """No error anywhere, every notice is 0, and everything else goes on with the fallback."""
    assert errors(book) == []
    assert {notice: value(book, *notice) for notice in NOTICES} == dict.fromkeys(NOTICES, 0)
    values = expected(network)
    where = LESSON["softmax"].positions("output").tolist()
    found = np.array([book[tab("softmax")].cell(row, col).value for row, col in where], dtype=float)
    assert np.abs(found - values["softmax"]["output"]).max() < 1e-9
    for sheet, (number, row, col) in LOOKED_AT.items():
        looking = [value(book, sheet, "looking", (0, k)) for k in range(3)]
        assert looking[:2] == [number, row]
        assert col in (None, looking[2])
        index = tuple(int(n) - 1 for n in looking)  # type: ignore[call-overload]
        assert value(book, sheet, "result") == pytest.approx(values[sheet]["output"][index], abs=1e-9)


def test_no_error_appears_anywhere_and_everything_goes_on_with_the_fallback(misused: Workbook, network: Network) -> None:
    check(misused, network)


@pytest.mark.parametrize(("notice", "words"), NOTICES.items(), ids=lambda x: " ".join(map(str, x)) if isinstance(x, tuple) else x)
def test_the_notice_says_it_in_words(misused: Workbook, notice: tuple[str, str, tuple[int, ...]], words: str) -> None:
    """Its 0 is shown as words, and any other number as nothing."""
    sheet, part, index = notice
    shown = misused[tab(sheet)][cell(sheet, part, index)]
    assert shown.value == 0
    said = find_template("lesson").words()["notices", words]
    assert shown.number_format == f';;"{said}"'


def test_other_notices_stay_silent(misused: Workbook) -> None:
    for placed in LESSON.values():
        for part in placed.parts.values():
            for index in np.ndindex(*part.shape) if isinstance(part, Notice) else ():
                shown = value(misused, placed.name, part.name, index)
                assert shown == ((placed.name, part.name, index) not in NOTICES), (placed.name, part.name)


def test_the_guide_names_the_image_that_is_read_instead(misused: Workbook) -> None:
    assert value(misused, "guide", "image") == value(misused, "input", "options", (0,))


def test_the_verifier_names_what_means_nothing(pasted: Path) -> None:
    report = verify(pasted, trials=0)
    found = {(p.kind, p.sheet, p.cell, p.found) for p in report.problems}
    assert not report.ok
    assert found == {
        ("choice", *at("input", "choice"), "blurr"),
        ("choice", *at("conv1", "choice", (0,)), "blurr"),
        ("choice", *at("conv1", "choice", (1,)), 3),
        ("choice", *at("conv1", "pickrow"), 30),
        ("choice", *at("conv1", "pickcol"), -1),
        ("missing", *at("conv2", "pickmap"), None),
        ("not_a_number", *at("conv2", "pickrow"), "abc"),
        ("choice", *at("maxpool", "pickrow"), 2.5),
    }


@pytest.mark.libreoffice
@pytest.mark.slow
def test_no_error_appears_in_libreoffice_either(pasted: Path, network: Network, tmp_path: Path) -> None:
    (saved,) = convert(tmp_path, [pasted], "xlsx:Calc MS Excel 2007 XML", tmp_path / "out", 120)
    check(openpyxl.load_workbook(saved, data_only=True), network)


def test_a_word_in_a_pixel_is_noticed_and_makes_no_error(seven: Path, tmp_path: Path) -> None:
    path = recalculated(edited(seven, tmp_path / "word.xlsx", {("input", "user", PIXEL): "abc"}))
    book = openpyxl.load_workbook(path, data_only=True)
    assert errors(book) == []
    assert value(book, "input", "valid") == 0
