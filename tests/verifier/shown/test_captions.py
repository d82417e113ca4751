"""Captions, labels and headings: another one's words or numbers, letters that cannot be seen, formulas, wrong answers."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest

from tests.conftest import parts_of
from tests.verifier.helpers import small_at
from tests.verifier.shown.deceptions import changed_part, told_of
from xlcnn.grid.references import a1, split_cell
from xlcnn.verifier.shown.reading import likeness, twin
from xlcnn.xlsx.reader import read_book

Cells = dict[tuple[str, str], str]


def words(text: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def in_runs(*runs: tuple[str, str]) -> str:
    return f' t="inlineStr"><is>{"".join(f"<r><rPr>{look}</rPr><t>{text}</t></r>" for text, look in runs)}</is></c>'


def formula(text: str, result: str) -> str:
    return f' t="str"><f>{escape(text)}</f><v>{escape(result)}</v></c>'


def with_cells(path: Path, cells: Cells) -> dict[str, bytes]:
    """The parts of the workbook with other contents in some cells."""
    parts = parts_of(path)
    paths = read_book(path.read_bytes()).paths
    for (title, where), content in cells.items():
        old = rf'<c r="{where}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)'
        parts = changed_part(parts, paths[title], (old, rf'<c r="{where}"\g<1>' + content.replace("\\", r"\\")))
    return parts


def above(part: str, index: tuple[int, ...]) -> tuple[str, str]:
    """Where the caption of a block of the small network stands."""
    title, where = small_at("conv", part, index)
    row, col = split_cell(where)
    return title, a1(row - 1, col)


ONE, TWO = above("output", (0, 0, 0)), above("output", (1, 0, 0))
PALE = ('theme="1" tint="0.99"', 'indexed="43"', 'theme="0"', 'indexed="65"')  # each in another way
TINY, WHITE, RED = '<sz val="1"/>', '<color rgb="FFFFFFFF"/>', '<b/><sz val="12"/><color rgb="FFC00000"/>'


@pytest.mark.parametrize(("one", "two", "wrong"), [
    (words("my map 2"), words("my map 1"), [ONE, TWO]),
    (words("my map: 2"), words("My map 1\u200b"), [ONE, TWO]),
    (words("edges 0°"), words("edges 90°"), []), (words("map no. 0"), words("map no. 1"), []), (words("left"), words("right"), []),
    (words("my map 2"), words("another"), []),
    (formula('"map 2"', "map 1"), words("b"), [ONE]),
    *((in_runs(("map ", RED), ("1", f"<color {pale}/>")), words("b"), [ONE]) for pale in PALE),
    (in_runs(("map ", RED), ("1", TINY)), words("b"), [ONE]), (in_runs(("map ", RED), ("1", WHITE)), words("b"), [ONE]),
    (in_runs(("map ", RED), ("1", "<b/>")), words("b"), []),
], ids=lambda value: "" if isinstance(value, list) else value[20:90])  # fmt: skip
def test_captions_in_ones_own_words(small: Path, one: str, two: str, wrong: list[tuple[str, str]]) -> None:
    assert told_of(with_cells(small, {ONE: one, TWO: two})) == [("words", *where) for where in wrong]


@pytest.mark.parametrize(("text", "like"), [
    ("dіgіt 1", "digit 1"), ("DIGIT\u00a01.", "digit 1"), ("di\u00adgit 1", "digit 1"), ("digit １", "digit 1"),
    ("digit ١", "digit 1"), ("ｄigit 1", "digit 1"),
])  # fmt: skip
def test_words_that_a_person_takes_for_others(text: str, like: str) -> None:
    assert likeness(text) == like


def test_signs_are_told_apart_where_they_mean_something() -> None:
    assert twin("−1") != twin("1")
    assert likeness("−") != likeness("+")


@pytest.mark.parametrize(("title", "lies"), [
    ("The network says: 3", True), ("The network says 7, with a probability of 12 %", True),
    ("Lesson 3: the network says 7", False), ("Ask what the network says", False), ("My answer is 3", False),
])  # fmt: skip
def test_a_title_that_quotes_the_answer(seven: Path, title: str, lies: bool) -> None:
    assert told_of(with_cells(seven, {("Guide", "B1"): words(title)})) == ([("words", "Guide", "B1")] if lies else [])


@pytest.mark.parametrize(("link", "lies"), [
    ('HYPERLINK("#Softmax!A1","{}")', True), ('HYPERLINK("https://example.org","{}")', True),
    ('HYPERLINK("#"&"Guide!A1",B1)', True), ('HYPERLINK("#Guide!A1","{}")', False),
])  # fmt: skip
def test_a_link_that_a_formula_makes(small: Path, link: str, lies: bool) -> None:
    sheet = read_book(small.read_bytes()).sheets["Conv"]
    where = next(a1(*cell) for cell, text in sheet.values.items() if text in ("Guide", "← Guide"))
    text = str(sheet.values[split_cell(where)])
    parts = with_cells(small, {("Conv", where): formula(link.format(text), text)})
    path = read_book(small.read_bytes()).paths["Conv"]
    parts = changed_part(parts, path, (rf'<hyperlink ref="{where}"[^>]*/>', ""))
    assert told_of(parts) == ([("words", "Conv", where)] if lies else [])


def test_a_number_of_the_training_that_was_typed_over(seven: Path) -> None:
    name = re.search(rb'name="softmax.confusion">([^!]*)!\$(\w+)\$(\d+)', parts_of(seven)["xl/workbook.xml"])
    assert name
    title, where = name[1].decode().strip("'"), (name[2] + name[3]).decode()
    assert ("recorded", title, where) in told_of(with_cells(seven, {(title, where): "><v>9999</v></c>"}))


def test_numbers_of_another_training(seven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose weights are others has other records."""
    monkeypatch.setattr("xlcnn.verifier.shown.recorded.is_network_of", lambda *_: False)
    name = re.search(rb'name="softmax.confusion">([^!]*)!\$(\w+)\$(\d+)', parts_of(seven)["xl/workbook.xml"])
    assert name
    where = (name[1].decode().strip("'"), (name[2] + name[3]).decode())
    assert told_of(with_cells(seven, {where: "><v>9999</v></c>"})) == []


def test_tabs_that_are_each_others(small: Path) -> None:
    parts = parts_of(small)
    other = {b"Pool": b"Dense", b"Dense": b"Pool"}
    for name in parts:
        if name.endswith(".xml") and "sharedStrings" not in name:
            parts[name] = re.sub(rb"\b(Pool|Dense)\b(?=!|'!|\")", lambda m: other[m[0]], parts[name])
    assert {("name", "Pool", None), ("name", "Dense", None)} <= set(told_of(parts))


OFFERED = "<x14:formula1><xm:f>{}</xm:f></x14:formula1><xm:sqref>{}</xm:sqref>"
SPACES = ('xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
          'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"')  # fmt: skip


@pytest.mark.parametrize(("formula_", "lies"), [('"a,b"', True), ("Guide!$B$1:$B$3", True), ("conv.options", False)])
def test_a_list_in_an_extension(small: Path, formula_: str, lies: bool) -> None:
    title, where = small_at("conv", "choice", (0,))
    rule = f'<x14:dataValidation type="list">{OFFERED.format(escape(formula_), where)}</x14:dataValidation>'
    extension = f'<extLst><ext uri="x" {SPACES}><x14:dataValidations>{rule}</x14:dataValidations></ext></extLst></worksheet>'
    path = read_book(small.read_bytes()).paths[title]
    assert told_of(changed_part(parts_of(small), path, ("</worksheet>", extension))) == ([("words", title, where)] if lies else [])
