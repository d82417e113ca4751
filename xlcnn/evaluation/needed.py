"""Which sheets an answer reads, directly or through others: the formulas of all others need no recalculation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.letters import alike
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.patch import without_formulas

WORD = re.compile(r"(?:[^\W\d]|\\)[\w.\\?]*")
#: What may read any sheet: INDIRECT, tables and other workbooks, all sheets between two.
ANYWHERE = re.compile(r"INDIRECT|\[|'[^']*:[^']*'!|\w:[\w.]+!")


def sheets_read(book: Book, title: str) -> frozenset[str]:
    """The tabs that a tab's formulas read, itself among them; all, where that cannot be told from the text of formulas.

    A tab counts as read as soon as its name stands anywhere in a formula: one too many costs time, one too few the answer.
    """
    found, todo = {title}, [title]
    names = {alike(name): reference for name, reference in book.names.items()}
    names |= {alike(name): "INDIRECT" for _, name in book.local}  # what it means depends on the tab
    titles = {tab: alike(tab).replace("'", "''") for tab in book.sheets}
    while todo:
        for text in texts(book, todo.pop(), names):
            if ANYWHERE.search(text):
                return frozenset(book.sheets)
            new = [tab for tab, written in titles.items() if tab not in found and written in text]
            found.update(new)
            todo += new
    return frozenset(found)


def texts(book: Book, title: str, names: dict[str, str]) -> Iterator[str]:
    """All formulas of a tab in capitals, then what the names mean that they use, and the names in these."""
    formulas = book.sheets[title].formulas.values()
    text = alike("\n".join(dict.fromkeys(formula.text for formula in formulas)))
    used: set[str] = set()
    while text:
        yield text
        new = (set(WORD.findall(text)) & names.keys()) - used
        used |= new
        text = alike("\n".join(names[name] for name in sorted(new)))


def with_only(book: Book, titles: frozenset[str]) -> Book:
    """The workbook in whose package all other tabs hold stored results alone."""
    others = {tab for tab, sheet in book.sheets.items() if tab not in titles and sheet.formulas and tab in book.paths}
    return without_formulas(book, others) if others else book
