"""Whether words say what is there: choices, captions and titles that are not exchanged, lists and links that lead where they say.

Which words are right depends on the lesson's language. Those of the lessons that come with xlcnn are known; a word that none of
them has is somebody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlcnn.grid.references import a1, split_area
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.parts import Choice, Menu
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.captions import caption_problems
from xlcnn.verifier.shown.claims import claims
from xlcnn.verifier.shown.language import language
from xlcnn.verifier.shown.links import link_problems
from xlcnn.verifier.shown.reading import twin
from xlcnn.xlsx.areas import area_of
from xlcnn.xlsx.book import Book

WILD = re.compile(r"[*?~]")
LONGEST = 255  # that Excel's MATCH looks up
LITERAL = re.compile(r'"(.*)"', re.DOTALL)


def word_problems(described: Described) -> Iterator[Problem]:
    """All of it, on every sheet."""
    book, layout = described.book, described.layout
    words = language(book, layout)
    for placed in (p for p in layout.values() if p.title in book.sheets):
        yield from caption_problems(described, placed, words)
        if words is not None:
            yield from claims(described, placed, words)
        yield from choice_problems(described, placed)
        yield from list_problems(described, placed)
        yield from link_problems(book, layout, placed)


def choice_problems(described: Described, placed: PlacedSheet) -> Iterator[Problem]:
    """Words of a drop-down that programs look up in different ways: with wildcards, too long, or too much alike."""
    for part in placed.parts.values():
        if isinstance(part, Menu):
            words = described.options(placed.name, part)
            looks = [twin(word) for word in words]
            for (row, col), word, look in zip(placed.positions(part.options).tolist(), words, looks, strict=True):
                if WILD.search(word) or len(word) > LONGEST or looks.count(look) > 1:
                    expected = f"a word of at most {LONGEST} letters, like no other, without * ? ~"
                    yield Problem("words", placed.title, a1(row, col), expected, word)


def list_problems(described: Described, placed: PlacedSheet) -> Iterator[Problem]:
    """Drop-down lists that offer what is not among the choices."""
    for block in placed.blocks:
        part = placed.parts[block.part]
        if not isinstance(part, Menu | Choice):
            continue
        here = area_of(block)
        sheet = described.book.sheets[placed.title]
        for areas, formula in sheet.around.lists:
            if any(area.meets(here) for area in areas):
                offered = items(described.book, placed.title, formula)
                if isinstance(part, Menu):
                    right = described.options(placed.name, part)
                else:
                    right = [str(n) for n in range(part.low, part.high + 1)]
                if not offered or not set(offered) <= set(right):
                    unknown = formula or "words that cannot be told"
                    wrong = next(item for item in offered if item not in right) if offered else unknown
                    expected = f"a list of {', '.join(right)}"
                    yield Problem("words", placed.title, a1(block.row, block.col), expected, f"a list with {wrong}")


def items(book: Book, title: str, formula: str) -> list[str] | None:
    """What a list offers: its words, or those in its cells; None where that cannot be told."""
    literal = LITERAL.fullmatch(formula)
    if literal:
        return [item.strip() for item in literal[1].replace('""', '"').split(",")]
    reference = book.names.get(formula.lstrip("="), formula.lstrip("="))
    try:
        sheet, (top, left), (bottom, right) = split_area(reference if "!" in reference else f"'{title}'!{reference}")
    except ValueError:
        return None
    if sheet not in book.sheets or (bottom - top + 1) * (right - left + 1) > 1000:
        return None
    values = book.sheets[sheet].values
    found = (values.get((row, col)) for row in range(top, bottom + 1) for col in range(left, right + 1))
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in found if value is not None]
