"""Whether words say what is there: choices and captions that are not exchanged, lists and links that lead where they say.

Which words are right depends on the lesson's language. Those of the lessons that come with xlcnn are known; a word that none of
them has is somebody's own. A lie is a word that is right at another place.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile

from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1, split_area, split_cell
from xlcnn.layout.placed import Layout, PlacedSheet, place
from xlcnn.lesson.templates import templates_folder
from xlcnn.sheets.parts import Choice, Labels, Menu
from xlcnn.sheets.words import Words
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.xlsx.around import area_of
from xlcnn.xlsx.book import Book

WILD = re.compile(r"[*?~]")
LONGEST = 255  # that Excel's MATCH looks up
ARROWS = " ←→↑↓"
TABLES = ("about", "network")  # sheets that are a table, with heads above its columns
LITERAL = re.compile(r'"(.*)"', re.DOTALL)


def word_problems(described: Described) -> Iterator[Problem]:
    """All of it, on every sheet."""
    book, layout = described.book, described.layout
    words = language(book, layout)
    for placed in (p for p in layout.values() if p.title in book.sheets):
        if words is not None:
            yield from exchanged_words(book, layout, placed, words)
        yield from choice_problems(described, placed)
        yield from list_problems(described, placed)
        yield from link_problems(book, layout, placed)


@cache
def known_words() -> tuple[Words, ...]:
    """The words of every lesson that comes with xlcnn."""
    paths = sorted(templates_folder().glob("*/words.*.toml"))
    return tuple(Words(path, tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths)


def language(book: Book, layout: Layout) -> Words | None:
    """The words of which the workbook has most; None where it has none of any."""
    sheets = [placed for placed in layout.values() if placed.title in book.sheets]
    scores = [(sum(fits(book, placed, words) for placed in sheets), k) for k, words in enumerate(known_words())]
    most, best = max(scores, default=(0, 0))
    return known_words()[best] if most else None


def fits(book: Book, placed: PlacedSheet, words: Words) -> int:
    """How many captions of a sheet are those of a language."""
    values = book.sheets[placed.title].values
    return sum(values.get(where) == text for text, where in captions(placed, words).values())


def captions(placed: PlacedSheet, words: Words) -> dict[Block, tuple[str, Cell]]:
    """What stands above each block that has a caption, and where."""
    blocks = (b for b in placed.blocks if placed.parts[b.part].captioned)
    return {b: (words.caption(placed.name, b), (b.row - 1, b.col)) for b in blocks}


def heads(layout: Layout, placed: PlacedSheet, words: Words) -> dict[Cell, str]:
    """The heads of the columns of a table, where they are in a new workbook; none where rows or columns were inserted."""
    if placed.sheet.kind not in TABLES or place(placed.sheet, placed.parts).blocks != placed.blocks:
        return {}
    notes = placed.sheet.notes(words, {name: p.sheet for name, p in layout.items()}, {name: p.parts for name, p in layout.items()})
    return {(note.row, note.col): note.text for note in takewhile(lambda note: note.style.startswith("head"), notes)}


def exchanged_words(book: Book, layout: Layout, placed: PlacedSheet, words: Words) -> Iterator[Problem]:
    """Captions, heads and labels of a sheet that are those of another place on it."""
    values = book.sheets[placed.title].values
    yield from exchanged(placed, values, heads(layout, placed, words), "head")
    above = captions(placed, words)
    yield from exchanged(placed, values, {where: text for text, where in above.values()}, "caption")
    for part in placed.parts.values():
        if isinstance(part, Labels) and not part.texts:
            places = map(tuple, placed.positions(part.name).tolist())
            right = dict(zip(places, words.labels(placed.name, part), strict=True))
            yield from exchanged(placed, values, right, "label")


def exchanged(placed: PlacedSheet, values: Mapping[Cell, object], right: Mapping[Cell, str], kind: str) -> Iterator[Problem]:
    """Words that stand where others should, while they are right elsewhere among them."""
    everywhere = {seen(text) for text in right.values()}
    for where, text in right.items():
        found = seen(values.get(where))
        if found != seen(text) and found in everywhere:
            yield Problem("words", placed.title, a1(*where), text, found, f"the {kind} of another one")


def seen(text: object) -> str:
    """A text as a person sees it: without letters that cannot be seen, or that look like others of Unicode."""
    plain = unicodedata.normalize("NFKC", str(text))
    return " ".join("".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Mn")).split())


def choice_problems(described: Described, placed: PlacedSheet) -> Iterator[Problem]:
    """Words of a drop-down that programs look up in different ways: with wildcards, too long, or too much alike."""
    for part in placed.parts.values():
        if isinstance(part, Menu):
            words = described.options(placed.name, part)
            looks = [seen(word).casefold() for word in words]
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
        for areas, formula in described.book.sheets[placed.title].around.lists:
            if any(area.meets(here) for area in areas):
                offered = items(described.book, placed.title, formula)
                if isinstance(part, Menu):
                    right = described.options(placed.name, part)
                else:
                    right = [str(n) for n in range(part.low, part.high + 1)]
                if not offered or not set(offered) <= set(right):
                    wrong = next(item for item in offered if item not in right) if offered else formula
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


def link_problems(book: Book, layout: Layout, placed: PlacedSheet) -> Iterator[Problem]:
    """Links that name one tab and lead to another, or out of the workbook."""
    titles = {other.title for other in layout.values()}
    for area, location, leaves in book.sheets[placed.title].around.links:
        text = book.sheets[placed.title].values.get(area.first)
        named = text.strip(ARROWS) if isinstance(text, str) else ""
        if named in titles:
            there = target(location)
            renamed = named not in book.sheets and there in set(book.sheets) - titles  # a tab without names, such as the Glossary's
            if leaves or (there != named and not renamed):
                yield Problem("words", placed.title, a1(*area.first), f"a link to {named}", f"one to {there or 'another file'}")


def target(location: str) -> str:
    """The tab that a link leads to; empty, where it is none."""
    sheet, _, cell = location.rpartition("!")
    try:
        split_cell(cell.replace("$", "").partition(":")[0])
    except ValueError:
        return ""
    return sheet.strip("'").replace("''", "'")
