"""Which tabs an answer reads, told from the text of formulas: rather one too many than one too few."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xlcnn.evaluation.needed import sheets_read, with_only
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.reader import read_book

TABS = ("Answer", "Near", "Far", "By hand", "Bob's", "Idle")


def book(answer: str, near: str = "=1+1", **names: str) -> Book:
    """A workbook whose first tab holds this formula; all others compute something, too."""
    made = openpyxl.Workbook()
    for tab in TABS:
        made.create_sheet(tab)["A1"] = "=1+1"
    made.remove(made.worksheets[0])
    made["Answer"]["A1"], made["Near"]["A1"] = answer, near
    for name, reference in names.items():
        made.defined_names[name] = DefinedName(name, attr_text=reference)
    out = BytesIO()
    made.save(out)
    return read_book(out.getvalue())


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("=1+1", set()),
        ("=A2+B3", set()),
        ("=Near!A1", {"Near"}),
        ("=NEAR!A1", {"Near"}),
        ("=SUM('By hand'!A1:B2)", {"By hand"}),
        ("='Bob''s'!A1", {"Bob's"}),
        ("=SUM(Near!A1:A2)+Far!B1", {"Near", "Far"}),
    ],
)
def test_what_a_formula_reads(formula: str, read: set[str]) -> None:
    assert sheets_read(book(formula), "Answer") == {"Answer"} | read


def test_what_is_read_by_what_is_read() -> None:
    assert sheets_read(book("=Near!A1", "=Far!A1"), "Answer") == {"Answer", "Near", "Far"}
    assert sheets_read(book("=Near!A1", "=Answer!B1"), "Answer") == {"Answer", "Near"}


def test_names_lead_to_tabs_and_to_other_names() -> None:
    assert sheets_read(book("=rate*2", rate="Near!$A$1", other="Far!$A$1"), "Answer") == {"Answer", "Near"}
    assert sheets_read(book("=RATE.ONE*2", **{"rate.one": "two+1", "two": "Far!$A$1"}), "Answer") == {"Answer", "Far"}


@pytest.mark.parametrize(
    "formula", ['=INDIRECT("Ne"&"ar!A1")', "=SUM(Near:Far!A1)", "=SUM('Near:By hand'!A1)", "=SUM(Table1[x])", "=[1]Other!A1"]
)
def test_where_it_cannot_be_told_all_are_read(formula: str) -> None:
    assert sheets_read(book(formula), "Answer") == set(TABS)


def test_a_name_that_means_something_on_one_tab_alone() -> None:
    made = openpyxl.load_workbook(BytesIO(book("=rate*2").data))
    made["Answer"].defined_names["rate"] = DefinedName("rate", attr_text="Far!$A$1")
    out = BytesIO()
    made.save(out)
    assert sheets_read(read_book(out.getvalue()), "Answer") == set(TABS)


def test_names_that_begin_with_a_sign() -> None:
    for name in ("_rate", "\\rate", "größe"):
        assert sheets_read(book(f"={name}*2", **{name: "Far!$A$1"}), "Answer") == {"Answer", "Far"}


def test_a_name_may_hide_that_it_cannot_be_told() -> None:
    assert sheets_read(book("=hidden", hidden='INDIRECT("Near!A1")'), "Answer") == set(TABS)


def test_the_others_keep_what_they_hold_and_lose_their_formulas() -> None:
    whole = book("=Near!A1")
    kept = read_book(with_only(whole, frozenset({"Answer", "Near"})).data)
    assert {tab for tab, sheet in kept.sheets.items() if sheet.formulas} == {"Answer", "Near"}
    assert with_only(whole, frozenset(TABS)) is whole
