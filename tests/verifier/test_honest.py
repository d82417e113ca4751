"""What teachers and students do to a workbook without meaning any harm: it stays verified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from tests.verifier.shown.deceptions import cells, first
from xlcnn import verify

Deed = Callable[[Workbook], None]


def own_heat_maps(book: Workbook) -> None:
    for title in ("Conv1", "Dense", "MaxPool"):
        rules = book[title].conditional_formatting = ConditionalFormattingList()
        rules.add("B6:CZ60", ColorScaleRule("min", None, "FFF8696B", "percentile", 50, "FFFFEB84", "max", None, "FF63BE7B"))
        rules.add("B6:CZ60", FormulaRule(formula=["B6>2"], fill=PatternFill(bgColor="FFFFC7CE", fill_type="solid")))


def choices_as_numbers(book: Workbook) -> None:
    for number, cell in enumerate(cells(book, "conv1.options"), start=1):
        cell.value = number
    for name, number in (("conv1.choice1", 1), ("conv1.choice2", 3)):
        first(book, name).value = number


def images_as_numbers(book: Workbook) -> None:
    """The Guide then shows the number of the image that was chosen."""
    some = list(cells(book, "input.options"))
    chosen = [cell.value for cell in some].index(first(book, "input.choice").value)
    for number, cell in enumerate(some, start=1):
        cell.value = number
    first(book, "input.choice").value = chosen + 1


def without(name: str, title: str, broken: bool) -> Deed:
    """A sheet to play with was deleted; programs leave its names behind, broken."""

    def deed(book: Workbook) -> None:
        del book[title]
        for key in [key for key in book.defined_names if key.startswith(f"{name}.")]:
            if broken:
                book.defined_names[key].attr_text = "#REF!"
            else:
                del book.defined_names[key]

    return deed


def deleted(title: str) -> Deed:
    return lambda book: book.remove(book[title])


def written(title: str, cell: str, text: str) -> Deed:
    return lambda book: setattr(book[title][cell], "value", text)


def large_numbers(book: Workbook) -> None:
    first(book, "classes.score").value = 800
    first(book, "functions.at").value = -1000


def remark(book: Workbook) -> None:
    first(book, "conv1.map1").comment = Comment("well done", "teacher")


@pytest.mark.parametrize("deed", [
    own_heat_maps, choices_as_numbers, images_as_numbers, large_numbers, remark, without("linear", "Linear", broken=True),
    without("boundary", "Boundary", broken=False), deleted("Glossary"), written("Conv1", "B1", "On the board, B6:  =SUM(A1:A3)"),
    written("Conv1", "CB2", "Formula in AO7:  =SUMPRODUCT(B7:D9,$AF$11:$AH$13)+$AF$16"),
])  # fmt: skip
def test_it_stays_verified(seven: Path, tmp_path: Path, deed: Deed) -> None:
    book = openpyxl.load_workbook(seven)
    deed(book)
    book.save(tmp_path / "edited.xlsx")
    assert verify(tmp_path / "edited.xlsx", trials=1, timeout=None).problems == ()


def test_a_sheet_that_another_one_reads_cannot_be_deleted(seven: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(seven)
    without("samples", "Samples", broken=True)(book)
    book.save(tmp_path / "edited.xlsx")
    assert {p.kind for p in verify(tmp_path / "edited.xlsx", trials=0, timeout=None).problems} == {"missing"}
