"""The words of the lesson: what must be there, what is said of a file that is wrong, and two languages of one lesson."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, tab
from xlcnn import Template, TemplateError, find_template, make_workbook, verify
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.words import LONGEST_MESSAGE, LONGEST_TITLE
from xlcnn.xlsx.reader import read_book

LANGUAGES = ["de", "en", "es"]


def folder_with(tmp_path: Path, change: Callable[[str], str]) -> Path:
    """A copy of the lesson's folder in which the words were changed."""
    folder = Path(shutil.copytree(templates_folder() / "lesson", tmp_path / "mine"))
    path = folder / "words.en.toml"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the change changed nothing"
    path.write_text(after, encoding="utf-8")
    return folder


def instead(old: str, new: str) -> Callable[[str], str]:
    """A change: the first `old` becomes `new`."""
    return lambda text: text.replace(old, new, 1)


def and_(more: str) -> Callable[[str], str]:
    """A change: something more at the end."""
    return lambda text: text + "\n" + more


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (instead("[guide]", "[guides]"), "guide is missing"),
        (instead('title = "Conv1', 'titel = "Conv1'), r"sheets\.conv1\.title is missing"),
        (instead("[sheets.conv1]", "[sheets.convolution]"), r"sheets\.convolution is not known"),
        (and_('[sheets.conv9]\ntitle = "x"'), r"sheets\.conv9 is not known"),
        (and_("[extra]"), "extra is not known"),
        (instead('title = "Conv1: first convolution"', "title = 3"), r"sheets\.conv1\.title must be a text of at most 2000"),
        (instead("[sheets.conv1]", "[sheets.conv1]\nwhy = 'x'"), r"sheets\.conv1\.why is not known"),
        (lambda text: "about = 3\n" + text.replace("[about]", "[others]"), "about must be a table of words"),
        (and_("["), "cannot be read"),
        (instead("{height} × {width} numbers", "{hight} numbers"), r"sheets\.input\.does: \{hight\} is not known; known are"),
        (instead("{height} × {width} numbers", "{height.__class__} numbers"), r"\{height\.__class__\} is not known"),
        (instead("{height} × {width} numbers", "{height:>9} numbers"), r"\{height\} is not known"),
        (instead("{height} × {width} numbers", "{height!r} numbers"), r"\{height\} is not known"),
        (instead("{height} × {width} numbers", "{height numbers"), r"sheets\.input\.does: "),
        (instead('sheets = ["dense"]', 'sheets = ["dens"]'), r"steps\.7\.sheets: 'dens' is not known; known are .*dense"),
        (instead('sheets = ["dense"]', 'sheets = "dense"'), r"steps\.7\.sheets must be a list of one or two names"),
        (instead('sheets = ["dense"]', "sheets = []"), r"steps\.7\.sheets must be a list of one or two names"),
        (instead('sheets = ["dense"]', 'sheets = ["input", "conv1", "dense"]'), "must be a list of one or two names"),
        (instead("[steps.4]", "[steps.four]"), r"steps\.4 is missing"),
        (instead('blur = "blur"\n', ""), r"sheets\.conv1\.options\.blur is missing"),
        (instead('blur = "blur"', 'blur = "Sharpen"'), r"sheets\.conv1\.options: two choices have the same words"),
        (instead('half = "It is', 'hálf = "It is'), "cannot be read"),
        (instead('half = "It is', 'halff = "It is'), r"steps\.6\.halff is not known"),
        (instead('pixel_title = "', f'pixel_title = "{"x" * LONGEST_TITLE}'), r"limits\.pixel_title must be a text of at most 32"),
        (instead('word = "', f'word = "{"x" * LONGEST_MESSAGE}'), r"limits\.word must be a text of at most 235"),
        (instead("from {low} (empty", "from {lowest} (empty"), r"limits\.pixel: \{lowest\} is not known; known are high, low"),
        (instead('conv2d = "', "conv2d = 3\n#"), r"kinds\.conv2d must be a text"),
        (instead('kernel = "window {0}"', 'kernel = "window {kernel}"'), r"options\.kernel: \{kernel\} is not known"),
    ],
)
def test_wrong_words_name_the_file_and_the_key(tmp_path: Path, change: Callable[[str], str], words: str) -> None:
    folder = folder_with(tmp_path, change)
    with pytest.raises(TemplateError, match=words) as error:
        find_template(str(folder)).words()
    assert "words.en.toml" in str(error.value)
    assert "\n" not in str(error.value).strip()


@pytest.mark.parametrize(
    "change",
    [
        instead('relu = "ReLU"\n', ""),  # a kind without words is called as in the file
        instead('stride = "stride {0}"\n', ""),
        instead("[kinds]", '[kinds]\nnewest = "a kind of a newer version"'),
        instead("half = ", "corrects = "),
    ],
)
def test_what_need_not_be_said(tmp_path: Path, change: Callable[[str], str]) -> None:
    find_template(str(folder_with(tmp_path, change))).words()


def test_a_teacher_can_rewrite_the_words(tmp_path: Path) -> None:
    """Even such that they look like a formula."""
    title = find_template("lesson").words()["sheets", "guide", "title"]
    folder = folder_with(tmp_path, instead(title, "=Our class"))
    make_workbook(np.eye(28)[None], tmp_path / "out.xlsx", str(folder))
    guide = openpyxl.load_workbook(tmp_path / "out.xlsx")[tab("guide")]
    (cell,) = [cell for row in guide.iter_rows() for cell in row if cell.value == "=Our class"]
    assert cell.data_type == "s" or cell.quotePrefix


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lesson_has_ten_steps_and_corrects_its_half_truths(template: Template, language: str) -> None:
    steps = template.words(language).steps
    assert [step.number for step in steps] == list(range(1, 11))
    assert [step.number for step in steps if step.half] == [2, 6, 7]
    assert [step.number for step in steps if step.corrects] == [3, 5, 9, 10]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_is_told_in_the_lessons_own_words(template: Template, language: str) -> None:
    words = template.words(language)
    for placed in LESSON.values():
        assert words.get("sheets", placed.name, "title")
        assert "{" not in words.does(placed.sheet, placed.parts)


def test_all_languages_say_the_same_things() -> None:
    """Section by section the same keys: nothing was forgotten in any of them."""

    def keys(data: object, where: str = "") -> set[str]:
        if not isinstance(data, dict):
            return {where}
        return {key for name, value in data.items() for key in keys(value, f"{where}.{name}")}

    texts = [(templates_folder() / "lesson" / f"words.{language}.toml").read_text(encoding="utf-8") for language in LANGUAGES]
    assert len({frozenset(keys(tomllib.loads(text))) for text in texts}) == 1


def test_the_guide_links_each_step_to_its_sheets(seven: Path, template: Template) -> None:
    guide = openpyxl.load_workbook(seven)[tab("guide")]
    cells = [cell for row in guide.iter_rows() for cell in row]
    for step in template.words().steps:
        (row,) = [c.row for c in cells if c.value == f"{step.number}  {step.title}"]
        links = [c.hyperlink.location.split("!")[0].strip("'") for c in cells if c.row == row and c.hyperlink]
        assert links == [tab(name) for name in step.sheets]


def test_the_lesson_speaks_spanish(seven: Path, tmp_path: Path) -> None:
    """Another language changes words and nothing else."""
    make_workbook(SEVEN, tmp_path / "es.xlsx", language="es")
    english, spanish = (read_book(path.read_bytes()) for path in (seven, tmp_path / "es.xlsx"))
    assert english.names == spanish.names
    differing = set()
    for sheet, cells in english.sheets.items():
        assert cells.formulas == spanish.sheets[sheet].formulas
        for where, value in cells.values.items():
            if value != spanish.sheets[sheet].values[where]:
                assert isinstance(value, str)
                differing.add(value)
    assert "What comes in" in differing
    assert len(differing) > 80
    assert verify(tmp_path / "es.xlsx", trials=1).ok
