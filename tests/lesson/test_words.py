"""The words of the lesson: what must be there, what is said of a file that is wrong, and the languages of one lesson."""

import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import LESSON, SEVEN, tab
from tests.sheets.learning.lesson import LAYOUT
from xlcnn import Template, TemplateError, find_template, make_workbook, verify
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import sheet_prefix
from xlcnn.layout.placed import TOP, lay_out
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.words import LONGEST_MESSAGE, LONGEST_TITLE, MOST_SHEETS
from xlcnn.xlsx.book import Formula, SheetCells
from xlcnn.xlsx.reader import read_book

LANGUAGES = ["de", "en", "es", "fr"]


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
        (instead('sheets = ["dense"]', 'sheets = "dense"'), r"steps\.7\.sheets must be a list of one to 8 names"),
        (instead('sheets = ["dense"]', "sheets = []"), r"steps\.7\.sheets must be a list of one to 8 names"),
        (
            instead('sheets = ["dense"]', f"sheets = {['dense'] * (MOST_SHEETS + 1)}"),
            r"steps\.7\.sheets must be a list of one to 8",
        ),
        (instead("[steps.4]", "[steps.four]"), r"steps\.four is not known"),
        (lambda text: re.sub(r"(?s)\[steps\.0\].*?(?=\[halves)", "", text), "steps is missing"),
        (lambda text: re.sub(r"(?s)\[halves\..*?(?=\[network)", "", text), "halves is missing"),
        (lambda text: re.sub(r"(?s)\[glossary\..*", "", text), "glossary is missing"),
        (instead('blur = "blur"\n', ""), r"sheets\.conv1\.options\.blur is missing"),
        (instead('blur = "blur"', 'blur = "Sharpen"'), r"sheets\.conv1\.options: two choices have the same words"),
        (instead('half = "A filter is', 'hálf = "A filter is'), "cannot be read"),
        (instead('half = "A filter is', 'halff = "A filter is'), r"halves\.matrix\.half is missing"),
        (instead("[halves.matrix]", "[halves.matrix]\nwhy = 'x'"), r"halves\.matrix\.why is not known"),
        (instead("[halves.matrix]", "[steps.6.half]"), r"steps\.6\.half is not known"),
        (instead('told = "conv1"', 'told = "conv9"'), r"halves\.activation\.told: 'conv9' is not known; known are .*conv1"),
        (instead('corrected = "relu1"', 'corrected = "relu"'), r"halves\.activation\.corrected: 'relu' is not known; known are"),
        (instead('corrected = "relu1"', 'corrected = ["relu1"]'), r"halves\.activation\.corrected: \['relu1'\] is not known"),
        (instead('name = "bias"', 'names = "bias"'), r"glossary\.bias\.name is missing"),
        (instead("[glossary.bias]", "[glossary.bias]\nwhy = 'x'"), r"glossary\.bias\.why is not known"),
        (
            instead('meaning = "The piece of a picture', "meaning = 3\n#"),
            r"glossary\.window\.meaning must be a text of at most 2000",
        ),
        (instead('meaning = "The piece of a picture', 'meaning = "{piece}'), r"glossary\.window\.meaning: \{piece\} is not known"),
        (instead('forms = ["window", "windows"]', 'forms = "windows"'), r"glossary\.window\.forms must be a list of words"),
        (instead('forms = ["window", "windows"]', "forms = [3]"), r"glossary\.window\.forms must be a text of at most 2000"),
        (and_('[glossary.last]\nname = "x"\nmeaning = "y"\nsheet = "z"'), r"glossary\.last\.sheet: 'z' is not known; known are"),
        (instead("[glossary_heads]", "[glossary_head]"), "glossary_heads is missing"),
        (instead("[legend]", "[legends]"), "legend is missing"),
        (instead("[legend]", "[legend]\nother = 'x'"), r"legend\.other is not known"),
        (lambda text: re.sub(r"(\[legend\](?:\n.+)*)\nyours = .*", r"\1", text), r"legend\.yours is missing"),
        (instead("[sheets.conv1]", "[sheets.conv1]\ntab = 3"), r"sheets\.conv1\.tab must be a text"),
        (instead("[sheets.conv1]", "[sheets.conv1]\ntab = 'a:b'"), r"'a:b' cannot name a sheet"),
        (instead("[sheets.conv1]", f"[sheets.conv1]\ntab = '{'x' * 32}'"), "cannot name a sheet"),
        (instead("[sheets.conv1]", "[sheets.conv1]\ntab = 'History'"), "the sheet name History is taken"),
        (instead("[sheets.conv1]", "[sheets.conv1]\ntab = 'iNPUT'"), "two layers want the sheet"),
        (instead("[sheets.loss]", "[sheets.lost]"), r"sheets\.lost? is "),
        (lambda text: re.sub(r"(\[sheets\.loss\.captions\])\n\w+ = .*", r"\1", text), r"sheets\.loss\.captions\.\w+ is missing"),
        (instead("[sheets.loss.captions]", "[sheets.loss.captions]\nwhy = 'x'"), r"sheets\.loss\.captions\.why is not known"),
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
        instead('forms = ["window", "windows"]\n', ""),  # then the name itself is looked for
        instead("[sheets.conv1]", '[sheets.conv1]\ntab = "First convolution"'),
        and_('[glossary.last]\nname = "last"\nmeaning = "What comes last."\nsheet = "about"'),
        and_('[steps.17]\ntitle = "Mine"\ndoes = "More."\ntry = ""\nsheets = ["input"]'),
        instead('sheets = ["dense"]', f"sheets = {['dense'] * MOST_SHEETS}"),
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
def test_the_lesson_has_seventeen_steps_and_corrects_its_half_truths(template: Template, language: str) -> None:
    words = template.words(language)
    assert [step.number for step in words.steps] == list(range(17))
    assert all(step.title and step.does and step.try_ for step in words.steps)
    first = {name: step.number for step in reversed(words.steps) for name in step.sheets}
    assert [first[half.told] for half in words.halves] == [2, 2, 3, 6, 7, 8]
    assert [first[half.corrected] for half in words.halves] == [3, 4, 10, 7, 8, 9]
    assert all(half.half and half.truth for half in words.halves)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_is_told_in_the_lessons_own_words(template: Template, language: str) -> None:
    words = template.words(language)
    assert LAYOUT.keys() > LESSON.keys()
    for placed in LAYOUT.values():
        assert words.get("sheets", placed.name, "title")
        assert words.does(placed.sheet, placed.parts)
        assert "{" not in words.does(placed.sheet, placed.parts)


@pytest.mark.parametrize("letter", ["\\u0000", "\\u0007", "\\u001b[31m", "\\u000b", "\\uFFFE", "\\uffff"])
def test_letters_that_no_workbook_can_hold_are_refused(tmp_path: Path, letter: str) -> None:
    """Once such a template gave a workbook that no program opened."""
    folder = folder_with(tmp_path, instead('title = "Conv1', f'title = "{letter}Conv1'))
    with pytest.raises(TemplateError, match=r"sheets\.conv1\.title holds a character that no workbook can hold: '\\"):
        find_template(str(folder)).words()


def test_half_a_letter_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, instead('title = "Conv1', 'title = "\\ud800Conv1'))
    with pytest.raises(TemplateError, match=r"words\.en\.toml cannot be read: .*not a Unicode scalar value"):
        find_template(str(folder)).words()


def keys(data: object, where: str = "") -> set[str]:
    """The dotted keys of all texts."""
    if not isinstance(data, dict):
        return {where}
    return {key for name, value in data.items() for key in keys(value, f"{where}.{name}")}


OPTIONAL = re.compile(r"\.sheets\.\w+\.tab|\.glossary\.\w+\.forms")  # what one language needs and another does not


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_all_languages_say_the_same_things(language: str) -> None:
    """Section by section the same keys: nothing was forgotten in any of them."""
    texts = [(templates_folder() / "lesson" / f"words.{name}.toml").read_text(encoding="utf-8") for name in ("en", language)]
    english, other = ({key for key in keys(tomllib.loads(text)) if not OPTIONAL.fullmatch(key)} for text in texts)
    assert other == english


def test_every_language_is_tested(template: Template) -> None:
    assert template.languages == LANGUAGES


def test_a_term_without_forms_is_looked_for_by_its_name(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, instead('forms = ["window", "windows"]\n', ""))
    (window,) = [term for term in find_template(str(folder)).words().glossary if term.sheet == "byhand" and term.name == "window"]
    assert window.forms == ("window",)


def test_a_tab_is_called_as_the_words_say(tmp_path: Path) -> None:
    """And everything that names it goes along: formulas, links, defined names."""
    folder = folder_with(tmp_path, instead("[sheets.conv1]", '[sheets.conv1]\ntab = "First convolution"'))
    make_workbook(SEVEN, tmp_path / "out.xlsx", str(folder))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert "First convolution" in book.sheetnames
    assert tab("conv1") not in book.sheetnames
    assert book.defined_names["conv1.bias1"].attr_text.startswith("'First convolution'!")
    links = {cell.hyperlink.location.rpartition("!")[0] for s in book for row in s.iter_rows() for cell in row if cell.hyperlink}
    assert "'First convolution'" in links
    assert verify(tmp_path / "out.xlsx", trials=1).ok


def test_the_guide_links_each_step_to_its_sheets(seven: Path, template: Template) -> None:
    guide = openpyxl.load_workbook(seven)[tab("guide")]
    cells = [cell for row in guide.iter_rows() for cell in row]
    for step in template.words().steps:
        found = [c.row for c in cells if c.value == f"{step.number}  {step.title}"]
        shown = [name for name in step.sheets if name in LESSON]
        assert len(found) == bool(shown), "a step without sheets is left out"
        for row in found:
            rows = range(row + 1, row + 1 + (len(shown) + 1) // 2)  # two links in each
            links = [c.hyperlink.location.split("!")[0].strip("'") for c in cells if c.row in rows and c.hyperlink]
            assert links == [tab(name) for name in shown]


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_the_lesson_speaks_other_languages(seven: Path, template: Template, tmp_path: Path, language: str) -> None:
    """Another language changes words, the tabs' names among them, and nothing else."""
    make_workbook(SEVEN, tmp_path / "other.xlsx", language=language)
    english, other = (read_book(path.read_bytes()) for path in (seven, tmp_path / "other.xlsx"))
    translated = lay_out(template.plan.titled(template.words(language).tab))
    tabs = {tab(name): placed.title for name, placed in translated.items()}
    assert list(other.sheets) == [tabs[sheet] for sheet in english.sheets]
    assert sum(one != another for one, another in tabs.items()) > 10

    def renamed(text: str) -> str:
        """A formula of the English workbook with the other's tabs."""
        return TAB.sub(lambda match: sheet_prefix(tabs[match[1] or match[2]]), text)

    assert other.names == {name: renamed(where) for name, where in english.names.items()}
    differing: set[object] = set()
    for sheet, cells in english.sheets.items():
        there = other.sheets[tabs[sheet]]
        assert there.formulas == {c: Formula(renamed(found.text), found.origin) for c, found in cells.formulas.items()}
        blocks, blocks_there = (below_headings(found) for found in (cells, there))
        assert blocks_there.keys() == blocks.keys()
        for where, value in blocks.items():
            if value != blocks_there[where]:
                assert isinstance(value, str)
                differing.add(value)
        heads, heads_there = (found.values.items() - below_headings(found).items() for found in (cells, there))
        assert all(isinstance(value, str | None) for _, value in heads | heads_there)
        differing |= {value for _, value in heads} - {value for _, value in heads_there}
    assert "What comes in" in differing
    assert len(differing) > 80
    assert verify(tmp_path / "other.xlsx", trials=1).ok


def below_headings(cells: SheetCells) -> dict[Cell, object]:
    """What stands in the cells below the headings, which stand where their words have room."""
    return {where: value for where, value in cells.values.items() if where[0] >= TOP and value is not None}


TAB = re.compile(r"(?:'([^']+)'|([\w.]+))!")
