"""The workbook that is damaged, a damaged copy of it, and the small tools with which XML is damaged."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Part
from xlcnn.verifier.description import describe
from xlcnn.workbook.make import make_workbook
from xlcnn.xlsx.reader import Book, read_book

SEVEN = Path(__file__).parent.parent.parent / "docs" / "seven.png"
WORKBOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
F = re.compile(r"<f\b.*?(</f>|/>)")


@dataclass(frozen=True)
class Mutant:
    """Damaged parts of the package; `where` holds the cells or names at which it may be named, all of them if empty.

    `also` is another sheet where it may be named, at any cell; `more` are entries that are added to the archive; `refusal` is
    what the refusal must name if the workbook may be refused, `harmless` why it deceives nobody.
    """

    kind: str
    parts: dict[str, str]
    sheet: str
    where: frozenset[str | None]
    now: str = ""
    cell: Cell | None = None
    also: str = ""
    more: tuple[tuple[str, bytes], ...] = ()
    refusal: str = ""
    harmless: str = ""


@dataclass(frozen=True)
class Healthy:
    """The workbook that is damaged."""

    book: Book
    layout: Layout
    raw: dict[str, bytes]

    def text(self, part: str) -> str:
        return self.raw[part].decode()

    def sheet(self, title: str) -> str:
        return self.text(self.book.paths[title])


BOOKS = ("seven", "small", "lenet", "residual")
Damage = Callable[[Healthy, Random], Mutant]


@cache
def healthy(name: str = "seven") -> Healthy:
    """The lesson's workbook of the sample 7 (`seven`), another template's, or one of a small network with padding (`small`)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "healthy.xlsx"
        if name == "small":
            write_workbook(SMALL, path)
        else:
            make_workbook(SEVEN, path, "lesson" if name == "seven" else name)
        data = path.read_bytes()
    book = read_book(data)
    described, problems = describe(book)
    assert described, problems
    with ZipFile(BytesIO(data)) as archive:
        return Healthy(book, described.layout, {n: archive.read(n) for n in archive.namelist()})


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_xml(xml: str, cell: str) -> re.Match[str]:
    match = re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
    assert match, cell
    return match


def with_formula(xml: str, cell: str, formula: str) -> str:
    """The sheet with another formula in a cell, its stored result kept."""
    old = cell_xml(xml, cell)
    return xml[: old.start()] + F.sub(lambda _: f"<f>{escape(formula)}</f>", old[0], count=1) + xml[old.end() :]


def unescape(text: str) -> str:
    return text.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def replaced(whole: Healthy, sheet: str, cell: str, new: Callable[[str], str]) -> dict[str, str]:
    """The sheet's part with one cell's XML written anew."""
    xml = whole.sheet(sheet)
    old = cell_xml(xml, cell)
    return {whole.book.paths[sheet]: xml[: old.start()] + new(old[0]) + xml[old.end() :]}


def plain_cells(whole: Healthy, sheet: str) -> list[Cell]:
    """Formula cells whose text is their own: not that from which a block is dragged."""
    masters = set(re.findall(r'<c r="(\w+)"[^>]*><f t="shared" ref', whole.sheet(sheet)))
    return [c for c in whole.book.sheets[sheet].formulas if a1(*c) not in masters]


def a_block(whole: Healthy, rng: Random, *kinds: type[Part], shown: bool = False) -> tuple[PlacedSheet, Block]:
    """A block of parts of these kinds; if `shown`, one whose cells are written out, not only coloured."""
    some = [(p, b) for p in whole.layout.values() for b in p.blocks if isinstance(p.parts[b.part], kinds or Part)]
    return rng.choice([(p, b) for p, b in some if not shown or p.parts[b.part].shown not in WITHOUT_NUMBER])
