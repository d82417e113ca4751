"""Words that say another thing than what is there: exchanged choices and captions, lists, links, charts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.networks import build, write_workbook
from tests.verifier.helpers import with_cell
from tests.verifier.shown.deceptions import Deed, cells, first, opened, place, told
from tests.verifier.shown.parts import Parts, in_book, on_sheet, part_of, said_of


def exchanged(name: str, one: int, other: int) -> Deed:
    def deed(book: Workbook) -> None:
        some = list(cells(book, name))
        some[one].value, some[other].value = some[other].value, some[one].value

    return deed


def captions(one: str, other: str) -> Deed:
    def deed(book: Workbook) -> None:
        a, b = (first(book, name).offset(-1, 0) for name in (one, other))
        a.value, b.value = b.value, a.value

    return deed


def listed(sheet: str, formula: str) -> Deed:
    def deed(book: Workbook) -> None:
        for rule in book[sheet].data_validations.dataValidation:
            if rule.type == "list":
                rule.formula1 = formula

    return deed


@pytest.mark.parametrize(("name", "one", "other"), [
    ("input.options", 2, 3), ("input.options", 1, 9), ("input.options", 0, 5), ("conv1.options", 1, 2), ("conv1.options", 0, 4),
    ("classes.names", 0, 3),
])  # fmt: skip
def test_choices_that_are_each_others(seven: Path, name: str, one: int, other: int) -> None:
    found = told(seven, exchanged(name, one, other))
    assert [kind for kind, *_ in found] == ["words", "words"]


def test_one_choice_twice(seven: Path) -> None:
    def deed(book: Workbook) -> None:
        some = list(cells(book, "input.options"))
        some[3].value = some[8].value

    assert [kind for kind, *_ in told(seven, deed)] == ["words"] * 3  # it is another's, and both are the same


@pytest.mark.parametrize(("one", "other"), [
    ("conv1.map1", "conv1.map2"), ("dense.weights0.1", "dense.weights7.1"), ("samples.picture4.1", "samples.picture9.1"),
    ("softmax.probability", "softmax.exp"),
])  # fmt: skip
def test_captions_that_are_each_others(seven: Path, one: str, other: str) -> None:
    assert [kind for kind, *_ in told(seven, captions(one, other))] == ["words", "words"]


@pytest.mark.parametrize(("title", "one", "other"), [("Network", "F5", "G5"), ("Network", "B5", "D5"), ("About", "C5", "E5")])
def test_heads_of_columns_that_are_each_others(small: Path, title: str, one: str, other: str) -> None:
    def deed(book: Workbook) -> None:
        a, b = book[title][one], book[title][other]
        a.value, b.value = b.value, a.value

    assert told(small, deed) == [("words", title, one), ("words", title, other)]


def test_links_to_a_tab_that_was_renamed(small: Path) -> None:
    """The Glossary has no names that tell what it is."""

    def deed(book: Workbook) -> None:
        book["Glossary"].title = "Words"
        for page in book:
            for link in page._hyperlinks:
                link.location = (link.location or "").replace("Glossary!", "Words!")

    assert told(small, deed) == []


def test_dead_links_to_a_tab_that_was_deleted(small: Path) -> None:
    """As Gnumeric leaves them."""

    def deed(book: Workbook) -> None:
        del book["Glossary"]
        for page in book:
            for link in page._hyperlinks:
                if (link.location or "").startswith("Glossary!"):
                    link.location, link.target = None, "nowhere.xlsx"

    assert told(small, deed) == []


def test_words_of_ones_own(seven: Path) -> None:
    def deed(book: Workbook) -> None:
        list(cells(book, "input.options"))[3].value = "my favourite two"
        first(book, "conv1.map1").offset(-1, 0).value = "edges"

    assert told(seven, deed) == []


@pytest.mark.parametrize("formula", ['"sample 1,sample 99"', "$B$1:$B$3", "Guide!$B$1", "nowhere", '"Draw,draw"', "$A$300:$A$305"])
def test_a_list_that_offers_what_is_no_choice(seven: Path, formula: str) -> None:
    assert told(seven, listed("Input", formula)) == [("words", *place(seven, "input.choice"))]


@pytest.mark.parametrize("formula", ['"sample 1,Draw"', "input.options", "$AE$24:$AE$39", "Input!$AE$24:$AE$30"])
def test_a_list_of_some_of_the_choices(seven: Path, formula: str) -> None:
    assert told(seven, listed("Input", formula)) == []


def link(book: Workbook, sheet: str, text: str) -> str:
    return next(cell.coordinate for row in book[sheet]["A1:CZ3"] for cell in row if cell.value == text)


@cache
def link_of(path: Path, sheet: str, text: str) -> str:
    return link(opened(path), sheet, text)


@pytest.mark.parametrize("place_", ["Softmax!A1", "'Conv2'!B6", "nowhere"])
def test_a_link_that_leads_elsewhere(seven: Path, place_: str) -> None:
    def deed(book: Workbook) -> None:
        cell = book["Conv1"][link(book, "Conv1", "Guide")]
        cell.hyperlink.location = place_

    where = link_of(seven, "Conv1", "Guide")
    assert told(seven, deed) == [("words", "Conv1", where)]


@pytest.mark.parametrize(
    ("words", "place_", "lies"),
    [
        ("Maps + →", "'Maps +'!A1", False),
        ("Maps + →", "'Maps -'!A1", True),
        ("Maps → ", "'Maps -'!A1", False),
        ("maps_", "Guide!A1", True),
    ],
    ids=["as it was", "the other one", "either of them", "none of them"],
)
def test_links_to_tabs_whose_names_differ_in_signs(tmp_path: Path, words: str, place_: str, lies: bool) -> None:
    layers = [
        {"name": "input", "kind": "input", "sheet": "Maps +", "shape": [1, 5, 5]},
        {"name": "relu", "kind": "relu", "sheet": "Maps -", "inputs": ["input"]},
    ]
    path = write_workbook(build(layers), tmp_path / "signs.xlsx")
    where = link(openpyxl.load_workbook(path), "Maps -", "← Maps +")

    def deed(book: Workbook) -> None:
        cell = book["Maps -"][where]
        cell.value, cell.hyperlink.location = words, place_

    assert told(path, deed) == ([("words", "Maps -", where)] if lies else [])


OWN = "Look inside one cell"  # a heading further right, to which a link above the maps leads


@pytest.mark.parametrize(("words", "place_", "lies"), [
    (f"{OWN} →", "Softmax!A1", True), (f"{OWN} →", "Conv1!B6", False), (f"{OWN} →", "Gone!B6", False),
    ("WHAT FILTER 2 FINDS", "conv2.map2", True), ("what filter 2 finds ↓", "conv1.map2", False),
    ("9–12", "'Conv2'!B6", True), ("9–12", "Conv1!B6", False), ("my notes", "Conv2!B6", False),
])  # fmt: skip
def test_a_link_that_names_what_stands_on_its_own_sheet(seven: Path, words: str, place_: str, lies: bool) -> None:
    where = link_of(seven, "Conv1", f"{OWN} →")

    def deed(book: Workbook) -> None:
        book["Conv1"][where].value, book["Conv1"][where].hyperlink.location = words, place_

    assert told(seven, deed) == [("words", "Conv1", where)] * lies


def test_such_a_link_that_leaves_the_workbook_or_that_a_formula_makes(seven: Path) -> None:
    where = link_of(seven, "Conv1", f"{OWN} →")

    def leaves(book: Workbook) -> None:
        book["Conv1"][where].hyperlink = "https://example.org/"

    assert told(seven, leaves) == [("words", "Conv1", where)]
    for formula, lies in (('=HYPERLINK("#Conv2!B6","filter 1")', True), ('=HYPERLINK("#Conv1!B6","filter 1")', False)):

        def made(book: Workbook) -> None:
            book["Conv1"]["BZ2"].value = formula  # noqa: B023

        assert told(seven, made) == [("words", "Conv1", "BZ2")] * lies


@pytest.mark.parametrize(("meaning", "found"), [
    ("Guide!$A$1", []), ("'Softmax'!$A$1", ["one to Softmax"]), ("OFFSET(Guide!$A$1,0,0)", ["one to Home"]),
    (None, ["one to Home"]),
])  # fmt: skip
def test_a_link_to_a_defined_name(small: Path, meaning: str | None, found: list[str]) -> None:
    def change(parts: Parts) -> None:
        name = f'<definedName name="HOME">{meaning}</definedName>' if meaning else " "
        in_book("</definedNames>", f"{name}</definedNames>")(parts)
        on_sheet("Conv", r'(<hyperlink [^>]*location=")Guide![^"]*"', r'\1Home"')(parts)

    assert [text.partition(": ")[2] for text in said_of(small, change)] == found


def test_a_link_to_a_name_that_means_another_cell_on_its_own_tab(small: Path) -> None:
    def change(parts: Parts) -> None:
        names = '<definedName name="home">Guide!$A$1</definedName><definedName name="home" localSheetId="1">Conv!$A$1</definedName>'
        in_book("</definedNames>", f"{names}</definedNames>")(parts)
        title = re.findall('<sheet [^>]*name="([^"]*)"', parts["xl/workbook.xml"])[1]
        on_sheet(title, r'(<hyperlink [^>]*location=")Guide![^"]*"', r'\1home"')(parts)

    assert any(text.endswith(": one to home") for text in said_of(small, change))


@pytest.mark.parametrize(("cells", "count"), [("{}:{}", 1), ("A1:{}", 1), ("A1:XFD1048576", 1), ("A90:B99", 0)])
def test_a_link_over_several_cells(small: Path, cells: str, count: int) -> None:
    """Each of them leads to where it leads, the last as well as the first."""
    where = link_of(small, "Conv", "Guide")
    alone = f'<hyperlink ref="{cells.format(where, where)}" location="Softmax!A1"/>'
    found = said_of(small, on_sheet("Conv", "<hyperlinks>.*</hyperlinks>", f"<hyperlinks>{alone}</hyperlinks>"))
    assert [text for text in found if text == f"Conv!{where}: one to Softmax"] == [f"Conv!{where}: one to Softmax"] * count


def test_a_link_that_leaves_the_workbook(seven: Path) -> None:
    def deed(book: Workbook) -> None:
        book["Conv1"][link(book, "Conv1", "Guide")].hyperlink = "https://example.org/"

    assert [kind for kind, *_ in told(seven, deed)] == ["words"]


def test_a_link_that_is_made_of_other_cells_leads_nobody_knows_where(small: Path) -> None:
    def change(parts: Parts) -> None:
        link = '<c r="CZ6" t="str"><f>HYPERLINK(CX1,CX2)</f><v>Pool →</v></c>'
        parts[part_of(parts, "Conv")] = with_cell(parts[part_of(parts, "Conv")], "CZ6", link)

    assert said_of(small, change) == ["Conv!CZ6: one over words that a formula makes"]


def test_a_link_over_words_that_a_formula_makes(small: Path) -> None:
    """What is stored may be another text than what programs compute when they open it."""

    def change(parts: Parts) -> None:
        part = part_of(parts, "Conv")
        parts[part] = with_cell(parts[part], "CZ6", '<c r="CZ6" t="str"><f>"Po"&amp;"ol"</f><v>foo</v></c>')
        parts[part] = parts[part].replace("</hyperlinks>", '<hyperlink ref="CZ6" location="Dense!A1"/></hyperlinks>')

    assert said_of(small, change) == ["Conv!CZ6: one over words that a formula makes"]


def test_a_list_that_excel_writes_in_a_choice_is_not_told(small: Path) -> None:
    """So it does where the words hold commas; only programs that know the choice offer the first list."""
    mc, ac = (
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "http://schemas.microsoft.com/office/spreadsheetml/2011/1/ac",
    )
    choice = f'<m:Choice Requires="x12ac"><x12ac:list xmlns:x12ac="{ac}">"other, one"</x12ac:list></m:Choice>'
    both = rf'\1<m:AlternateContent xmlns:m="{mc}">{choice}<m:Fallback>\2</m:Fallback></m:AlternateContent>'
    edit = on_sheet("Conv", r'(<dataValidation [^>]*type="list"[^>]*>.*?)(<formula1>.*?</formula1>)', both)
    (found,) = said_of(small, edit)
    assert found.endswith("a list with words that cannot be told")


def test_links_of_ones_own(seven: Path) -> None:
    def deed(book: Workbook) -> None:
        book["Conv1"]["CA90"].value = "more about this"
        book["Conv1"]["CA90"].hyperlink = "https://example.org/"
        book["Conv1"]["CA91"].value = '=HYPERLINK("https://example.org/"&CA90,"open")'
        book["Conv1"]["CA92"].value = "=CA90"
        book["Conv1"]["CA92"].hyperlink = "https://example.org/"
        book["Conv1"]["CA93"].value = '=HYPERLINK("#Conv1!A1")'

    assert told(seven, deed) == []


@pytest.mark.parametrize(("axis", "reference"), [
    ("val", "'Softmax'!$N$6:$N$15"), ("val", "'Dense'!$N$6:$N$15"), ("cat", "'Softmax'!$B$7:$B$16"),
    ("val", "'Softmax'!$R$6:$R$14"),
])  # fmt: skip
def test_a_chart_of_other_cells(seven: Path, axis: str, reference: str) -> None:
    def deed(book: Workbook) -> None:
        getattr(book["Guide"]._charts[0].series[0], axis).numRef.f = reference

    assert told(seven, deed) == [("shown", "Guide", None)]


def test_a_chart_that_was_removed_is_no_lie(seven: Path) -> None:
    assert told(seven, lambda book: book["Guide"]._charts.clear()) == []
